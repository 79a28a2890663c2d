"""Who is looking: an immutable value that every read and write of people's data takes first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What someone is in an organisation."""

    owner = "owner"
    organiser = "organiser"
    facilitator = "facilitator"
    guide = "guide"
    reader = "reader"


OWNERS = frozenset({Role.owner})
EDITORS = frozenset({Role.owner, Role.organiser})
LEADERS = frozenset({Role.owner, Role.organiser, Role.facilitator})  # of sessions
PEOPLE_SEERS = frozenset({Role.owner, Role.organiser, Role.guide})
EVERYONE = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held in an organisation, with the codes of the municipalities that organisation serves."""

    role: Role
    organisation_id: int
    municipality_codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Viewer:
    """The signed-in user's identity and grants, read once per request.

    `user_id` is None for somebody who acts without an account: the command line, or a person with a link.
    """

    user_id: int | None
    name: str
    email: str = ""
    grants: tuple[Grant, ...] = ()
    session_ids: frozenset[int] = frozenset()  # sessions that the address of this request opens by itself

    @property
    def is_signed_in(self) -> bool:
        """Whether an account stands behind this viewer."""
        return self.user_id is not None

    def has_role(self, roles: frozenset[Role]) -> bool:
        """Whether the viewer holds any of `roles` anywhere."""
        return any(grant.role in roles for grant in self.grants)

    def municipalities(self, roles: frozenset[Role]) -> frozenset[str]:
        """Codes of the municipalities in which the viewer holds any of `roles`."""
        return frozenset().union(*(g.municipality_codes for g in self.grants if g.role in roles))

    def organisations(self, roles: frozenset[Role] = EVERYONE) -> frozenset[int]:
        """Ids of the organisations in which the viewer holds any of `roles`."""
        return frozenset(g.organisation_id for g in self.grants if g.role in roles)

    def may_edit_in(self, municipality_code: str) -> bool:
        """Whether the viewer plans in this municipality (owner or organiser of one that serves it)."""
        return municipality_code in self.municipalities(EDITORS)

    def may_edit_for(self, organisation_id: int) -> bool:
        """Whether the viewer is owner or organiser in this very organisation."""
        return organisation_id in self.organisations(EDITORS)


ANONYMOUS = Viewer(None, "")


def system(name: str = "system") -> Viewer:
    """A viewer for work that no person asked for (the worker, the demo loader)."""
    return Viewer(None, name)
