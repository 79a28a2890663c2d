"""What a mail's wording may leave open: the variables, each by its name in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from flask_babel import lazy_gettext as _l


class Variable(StrEnum):
    """What stands between two braces. The value is its English name."""

    name = "name"
    session = "session"
    series = "series"
    day = "day"
    time = "time"
    place = "place"
    organiser = "organiser"
    facts = "facts"
    link = "link"
    page = "page"
    news = "news"
    answer = "answer"
    reason = "reason"
    until = "until"
    next = "next"


@dataclass(frozen=True, slots=True)
class Explained:
    """A variable's Swedish name, and what it stands for (a lazy sentence)."""

    swedish: str
    meaning: Any


EXPLAINED: Final = {
    Variable.name: Explained("namn", _l("The name of whoever gets the mail.")),
    Variable.session: Explained("träff", _l("What the session is called.")),
    Variable.series: Explained("serie", _l("What the series is called.")),
    Variable.day: Explained("dag", _l("The day of the session, with its week.")),
    Variable.time: Explained("tid", _l("From when to when the session lasts.")),
    Variable.place: Explained("plats", _l("The room and the venue, or that it is by video.")),
    Variable.organiser: Explained("arrangör", _l("Your organisation.")),
    Variable.facts: Explained(
        "fakta", _l("Series, time, place and joining link, each on a line of its own.")
    ),
    Variable.link: Explained("länk", _l("The button that leads to their seat.")),
    Variable.page: Explained("sida", _l("The button that leads to all their sessions.")),
    Variable.news: Explained("besked", _l("What has happened, in one or two sentences.")),
    Variable.answer: Explained("svar", _l("How to say that one cannot come, in a sentence.")),
    Variable.reason: Explained(
        "skäl", _l("The reason that was given; the paragraph is left out when there is none.")
    ),
    Variable.until: Explained("till", _l("Until when the seat is kept.")),
    Variable.next: Explained(
        "nästa", _l("The next session of the series; the paragraph is left out when there is none.")
    ),
}

COMMON: Final = (
    Variable.name, Variable.session, Variable.series, Variable.day, Variable.time, Variable.place, Variable.organiser,
    Variable.facts, Variable.link, Variable.page,
)  # fmt: skip
# They take lines of their own, which a subject has not; and a name in it would be told by the list of mail sent.
NOT_IN_SUBJECT: Final = frozenset(
    {
        Variable.name,
        Variable.facts,
        Variable.link,
        Variable.page,
        Variable.answer,
        Variable.news,
        Variable.next,
        Variable.reason,
    }
)

_BY_NAME: Final = {
    **{variable.value: variable for variable in Variable},
    **{explained.swedish: variable for variable, explained in EXPLAINED.items()},
}


def variable_called(name: str) -> Variable | None:
    """The variable of this name, Swedish or English, whatever the case."""
    return _BY_NAME.get(name.lower())


def called(variable: Variable, language: str) -> str:
    """How the variable is written: "{{ name }}" or "{{ namn }}"."""
    name = EXPLAINED[variable].swedish if language == "sv" else variable.value
    return f"{{{{ {name} }}}}"
