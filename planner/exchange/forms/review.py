"""The review of a newer version as it is sent: what is taken, what was chosen or written, what becomes of sessions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from planner.base.errors import RefusedError
from planner.directory.rules import COMPETENCES
from planner.exchange.rules.answers import Answers
from planner.exchange.rules.reviews import Fate, Review, lacking
from planner.scheduling.rules import Clash, Override
from planner.series_templates.merge import Decision, FieldMerge, Outcome, Side, Value, Written
from planner.series_templates.rules import (
    LEAST_MINUTES,
    MOST_CHARACTERS,
    MOST_GAP_DAYS,
    MOST_MINUTES,
    Mode,
)
from planner.web.forms import BaseForm, one_line, plain

_ONE_LINE = frozenset(("title", "audience"))


class NamedField(Field):
    """Every input whose name begins with the field's own and a hyphen, by what follows: a list of values each."""

    widget = None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take all of them as they came."""
        self.process_errors: list[str] = []
        start = f"{self.short_name}-"
        self.data = {
            name.removeprefix(start): formdata.getlist(name)
            for name in formdata or ()
            if name.startswith(start)
        }


class ReviewForm(BaseForm):
    """The answers. `opened` and `decided` say which review and which decision before it they answer."""

    opened = HiddenField()
    decided = HiddenField()
    take = NamedField()
    own = NamedField()
    place = NamedField()
    fate = NamedField()
    longer = NamedField()
    cancel_reason = StringField(_l("Why the sessions are cancelled"), [Length(max=500)])
    clash_reason = TextAreaField(
        _l("Reason to save it all the same"),
        [Length(max=500)],
        description=_l("Kept with the session, for colleagues."),
        render_kw={"rows": 2},
    )
    seen = HiddenField()

    wrong: dict[str, str]

    def __init__(self, found: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        self.wrong = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Also whether everything asked about has been answered, and fits."""
        is_valid = super().validate(extra_validators)
        decisions = self.decisions()
        for field in lacking(self.found, decisions):
            self.wrong.setdefault(field.path, _("Choose one of these, or write your own."))
        self._look_for_forged()
        if self.wrong:
            self.form_errors.append(_("Something is not decided yet, or does not fit. It is marked below."))
        return bool(is_valid) and not self.wrong and not self.form_errors

    def decisions(self) -> dict[str, Decision]:
        """What was ticked, chosen or written; what was not ticked stays ours."""
        found: dict[str, Decision] = {
            field.path: field.default if field.path in self.take.data else Side.OURS
            for field in self.found.taken
        }
        for field in self.found.asked:
            decision = self._chosen(field)
            if decision is not None:
                found[field.path] = decision
        return found

    def _chosen(self, field: FieldMerge) -> Decision | None:
        (asked, *_rest) = self.take.data.get(field.path) or [""]
        if asked in {Side.OURS, Side.THEIRS}:
            return Side(asked)
        if asked != "own" or field.name == "step":
            return None
        try:
            return Written(self._written(field))
        except RefusedError as error:
            self.wrong[field.path] = error.message
            return None

    def _written(self, field: FieldMerge) -> Value:
        typed = self.own.data.get(field.path) or [""]
        if field.name == "steps":
            return self._order(field)
        if field.name == "competences":
            return tuple(sorted({one.id for one in COMPETENCES} & set(typed)))
        if field.name == "mode":
            return _mode(typed[0])
        if field.name in {"minutes", "gap_days"}:
            return _number(typed[0], field.name)
        return _text(typed[0], field.name)

    def _order(self, field: FieldMerge) -> tuple[str, ...]:
        keys = field.ours if isinstance(field.ours, tuple) else ()
        places = {key: (self.place.data.get(key) or [""])[0].strip() for key in keys}
        numbers = [int(text) for text in places.values() if re.fullmatch(r"[0-9]{1,3}", text)]
        if len(set(numbers)) < len(keys):
            raise RefusedError(_("Give each step a number of its own."))
        return tuple(sorted(keys, key=lambda key: int(places[key])))

    def _look_for_forged(self) -> None:
        paths = {field.path for field in (*self.found.taken, *self.found.asked)}
        keys = {field.key for field in self.found.may_go}
        ids = {str(one.id) for _field, sessions in self.found.lengths for one in sessions}
        sent = ((self.take, paths), (self.own, paths), (self.fate, keys), (self.longer, ids))
        if any(set(field.data) - known for field, known in sent):
            self.form_errors.append(
                _(
                    "The page you sent does not fit the series as it is now. Look through it again, then send it."
                )
            )

    def answers(self) -> Answers:
        """All of it, as the service takes it; only after validation."""
        return Answers(
            self.decisions(),
            {
                key: fate
                for key, (text, *_more) in self.fate.data.items()
                if (fate := _fate(text)) is not None
            },
            frozenset(int(one) for one in self.longer.data),
            self.cancel_reason.data or "",
            Override(self.clash_reason.data or "", frozenset((self.seen.data or "").split())),
        )

    def show(self, found: Iterable[Clash]) -> None:
        """Remember on the page which clashes it shows."""
        self.seen.data = " ".join(clash.mark_id for clash in found)

    # --- what the page shows again ---

    def is_ticked(self, field: FieldMerge) -> bool:
        """Whether an offer is taken: yes until someone says no."""
        return field.path in self.take.data if self.is_submitted() else True

    def is_chosen(self, field: FieldMerge, choice: str) -> bool:
        """Whether this is what was chosen where both changed."""
        return choice in self.take.data.get(field.path, [])

    def typed(self, field: FieldMerge) -> list[str]:
        """What was written as an own value; ours to begin with."""
        if field.path in self.own.data:
            return list(self.own.data[field.path])
        return list(field.ours) if isinstance(field.ours, tuple) else [str(field.ours)]

    def place_of(self, key: str, number: int) -> str:
        """The number typed for a step in an own order."""
        return str((self.place.data.get(key) or [number])[0])


def _text(typed: str, name: str) -> str:
    text = str((one_line if name in _ONE_LINE else plain)(typed))
    if name == "title" and not text:
        raise RefusedError(_("Write a title."))
    if len(text) > MOST_CHARACTERS[name]:
        raise RefusedError(
            _(
                "This is %(length)s characters. Shorten it to at most %(most)s.",
                length=len(text),
                most=MOST_CHARACTERS[name],
            )
        )
    return text


def _number(typed: str, name: str) -> int:
    least, most = (LEAST_MINUTES, MOST_MINUTES) if name == "minutes" else (0, MOST_GAP_DAYS)
    if not re.fullmatch(r"[0-9]{1,4}", typed.strip()) or not least <= int(typed) <= most:
        raise RefusedError(_("Write a whole number from %(least)s to %(most)s.", least=least, most=most))
    return int(typed)


def _mode(typed: str) -> Mode:
    try:
        return Mode(typed)
    except ValueError:
        raise RefusedError(_("Choose a mode.")) from None


def _fate(text: str) -> tuple[Fate, str] | None:
    word, _colon, target = text.partition(":")
    return (Fate(word), target) if word in set(Fate) else None


def own_kind(field: FieldMerge) -> str:
    """How an own value is written: text, line, number, mode, topics, order; empty for a whole step."""
    if field.outcome is not Outcome.CONFLICT or field.name == "step":
        return ""
    kinds: Mapping[str, str] = {
        "title": "line", "audience": "line", "minutes": "number", "gap_days": "number", "mode": "mode",
        "competences": "topics", "steps": "order",
    }  # fmt: skip
    return kinds.get(field.name, "text")
