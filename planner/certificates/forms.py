"""Forms of certificates."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from planner.certificates.rules import Rule, RuleKind
from planner.web.forms import BaseForm

NONE = "none"


class RuleForm(BaseForm):
    """What a certificate asks for."""

    kind = RadioField(
        _l("A certificate is earned by"),
        choices=[
            SelectChoice(RuleKind.all_steps.value, _l("taking part in every step")),
            SelectChoice(RuleKind.some_steps.value, _l("taking part in some of the steps")),
            SelectChoice(RuleKind.minutes.value, _l("a number of minutes")),
            SelectChoice(NONE, _l("nothing: the series gives no certificates")),
        ],
    )
    steps = IntegerField(_l("Number of steps"), [Optional(), NumberRange(1, 1000)])
    minutes = IntegerField(_l("Number of minutes"), [Optional(), NumberRange(1, 100_000)])

    @classmethod
    def of(cls, rule: Rule | None) -> RuleForm:
        """The form as the rule would fill it."""
        filled = cls()
        if not filled.is_submitted():
            filled.kind.data = rule.kind.value if rule else NONE
            filled.steps.data = rule.least if rule and rule.kind is RuleKind.some_steps else None
            filled.minutes.data = rule.least if rule and rule.kind is RuleKind.minutes else None
        return filled

    def rule(self) -> Rule | None:
        """The rule as chosen; None for no certificates."""
        if self.kind.data == NONE:
            return None
        kind = RuleKind(self.kind.data)
        least = {RuleKind.some_steps: self.steps.data, RuleKind.minutes: self.minutes.data}.get(kind)
        return Rule(kind, least or 0)


class WithdrawForm(BaseForm):
    """Why a certificate no longer holds."""

    reason = StringField(
        _l("Reason"),
        [InputRequired(_l("Say why: whoever looks the certificate up will read it.")), Length(max=300)],
        description=_l("Shown to everyone who looks the certificate up."),
    )


class CodeForm(BaseForm):
    """The code on a certificate."""

    code = StringField(
        _l("Code on the certificate"),
        [InputRequired(_l("Type the code that is printed on the certificate.")), Length(max=40)],
        description=_l("Twelve letters and digits, such as K7QF-2M9D-XH4T."),
    )
