"""Forms of accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from planner.accounts.rules import MIN_LENGTH, ROLE_NAMES
from planner.base.viewer import Role
from planner.web.fields import CheckboxesField
from planner.web.forms import BaseForm, EditForm

_ROLE_CHOICES = [SelectChoice(role.value, name) for role, name in ROLE_NAMES.items()]
_NEW_PASSWORD = _l(
    "At least %(n)s characters. A few words in a row are easy to remember and hard to guess.", n=MIN_LENGTH
)


def _email(label: object = _l("E-mail address")) -> EmailField:
    needed = DataRequired(_l("Write your e-mail address."))
    return EmailField(label, validators=[needed, Length(max=254)])


def _name() -> StringField:
    return StringField(
        _l("Name"),
        validators=[DataRequired(_l("Write a name.")), Length(max=200)],
        render_kw={"maxlength": 200},
    )


class SignInForm(BaseForm):
    """E-mail and password."""

    email = _email()
    password = PasswordField(_l("Password"), validators=[DataRequired(_l("Write your password."))])


class EmailForm(BaseForm):
    """An address to send a link to."""

    email = _email()


class NewPasswordForm(BaseForm):
    """A password to choose."""

    password = PasswordField(
        _l("New password"), description=_NEW_PASSWORD, validators=[DataRequired(_l("Choose a password."))]
    )


class OptionalPasswordForm(BaseForm):
    """A password to choose, or not."""

    password = PasswordField(_l("Password"), description=_NEW_PASSWORD, validators=[Optional()])


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one; without a present one that field is taken away."""

    current = PasswordField(
        _l("Present password"), validators=[DataRequired(_l("Write your present password."))]
    )


class NameForm(BaseForm):
    """What the user is called."""

    name = _name()


class InviteForm(BaseForm):
    """Whom to invite to what."""

    name = _name()
    email = EmailField(
        _l("E-mail address"), validators=[DataRequired(_l("Write an e-mail address.")), Length(max=254)]
    )
    role = SelectField(_l("Role"), choices=_ROLE_CHOICES, default=Role.organiser.value)


class RolesForm(EditForm):
    """The roles a colleague holds."""

    roles = CheckboxesField(_l("Roles"), choices=_ROLE_CHOICES)
