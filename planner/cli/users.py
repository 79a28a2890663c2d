"""`flask planner users`: how a real installation gets its first owner."""

from __future__ import annotations

import click
from flask_babel import force_locale
from sqlalchemy import or_, select

from planner.accounts import queries, service
from planner.accounts.models import User
from planner.accounts.rules import Purpose, clean_email
from planner.base.db import db, unit_of_work
from planner.base.errors import PlannerError
from planner.base.types import swedish_sort_key
from planner.base.viewer import Role
from planner.cli.group import group
from planner.directory.models import Municipality, Organisation
from planner.directory.rules import OrganisationKind
from planner.web.links import site_link


@group.group("users")
def users() -> None:
    """Accounts and their roles."""


@users.command("add")
@click.argument("email")
@click.argument("name")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.owner.value, show_default=True
)
@click.option("--organisation", "organisation_name", required=True, help="Its name; made when there is none.")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in OrganisationKind]),
    default=OrganisationKind.science_park.value,
    show_default=True,
    help="Of a new organisation.",
)
@click.option(
    "--municipality",
    "places",
    multiple=True,
    help="Code or name that a new organisation serves; may be repeated.",
)
def add(
    *, email: str, name: str, role: str, organisation_name: str, kind: str, places: tuple[str, ...]
) -> None:
    """Give EMAIL, called NAME, a role, and print a link that signs in once within 7 days."""
    try:
        with force_locale("en"), unit_of_work():  # the command line speaks English
            user = _user(clean_email(email), name)
            organisation = _organisation(organisation_name, kind, places)
            held = {Role(role), *_roles(organisation, user)}
            if Role.owner in held or queries.list_members(organisation):
                service.set_roles(organisation, user, held)
            else:
                raise click.ClickException(
                    "The first one in an organisation must be its owner: --role owner."
                )
            _link, token = service.make_link(user, Purpose.invite, organisation=organisation, role=Role(role))
    except PlannerError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{user.name} is {role} in {organisation.name}. This link signs in once, within 7 days:")
    click.echo(site_link("accounts.use_link", token=token))


def _user(email: str, name: str) -> User:
    user = queries.find_user_by_email(email)
    if user is None:
        user = User(email=email, name=name)
        db.session.add(user)
        db.session.flush()
    return user


def _organisation(name: str, kind: str, places: tuple[str, ...]) -> Organisation:
    found = db.session.scalar(select(Organisation).where(Organisation.name == name))
    if found is not None:
        return found
    if not places:
        raise click.ClickException(
            f"There is no organisation called {name}. To make it, add the municipalities it serves:"
            " --municipality Lindesberg --municipality Nora."
        )
    served = [_municipality(place) for place in places]
    organisation = Organisation(name=name, kind=kind, home_code=served[0].code, municipalities=served)
    db.session.add(organisation)
    db.session.flush()
    return organisation


def _municipality(place: str) -> Municipality:
    # By the sort key, which has no capitals: lower() of SQLite leaves Å, Ä and Ö as they are.
    wanted = or_(Municipality.code == place, Municipality.sort_key == swedish_sort_key(place))
    found = db.session.scalar(select(Municipality).where(wanted))
    if found is None:
        raise click.ClickException(f"There is no municipality with the code or name {place}.")
    return found


def _roles(organisation: Organisation, user: User) -> tuple[Role, ...]:
    members = queries.list_members(organisation)
    return next((member.roles for member in members if member.user.id == user.id), ())
