"""When a certificate is earned, and what it says. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another
CODE_LENGTH: Final = 12  # 59 bits: nobody meets another one's by trying
MOST_MINUTES: Final = 100_000


class RuleKind(StrEnum):
    """What a certificate asks for."""

    all_steps = "all"
    some_steps = "steps"
    minutes = "minutes"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a certificate of a series asks for. `least` is a number of steps, or of minutes; 0 for all steps."""

    kind: RuleKind
    least: int = 0


@dataclass(frozen=True, slots=True)
class Attended:
    """One session that a person was at: its step, and what counted."""

    step_key: str
    title: str
    on: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody is. `missing` are the titles of the steps not attended, in order."""

    is_met: bool
    steps: int
    minutes: int
    missing: tuple[str, ...]
    steps_left: int = 0
    minutes_left: int = 0


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step on a certificate: the day of its last session attended, and the minutes of all of them."""

    title: str
    on: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Content:
    """All that a certificate says, whatever becomes of the rows it was made from."""

    name: str
    series: str
    organisation: str
    steps: tuple[StepLine, ...]
    competences: tuple[str, ...]
    logo_id: int | None = None

    @property
    def minutes(self) -> int:
        """The minutes in all."""
        return sum(step.minutes for step in self.steps)

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        steps = [
            {"title": step.title, "on": step.on.isoformat(), "minutes": step.minutes} for step in self.steps
        ]
        return {
            "name": self.name, "series": self.series, "organisation": self.organisation, "steps": steps,
            "competences": list(self.competences), "logo_id": self.logo_id,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Content:
        """As it was stored."""
        steps = tuple(
            StepLine(step["title"], date.fromisoformat(step["on"]), step["minutes"]) for step in data["steps"]
        )
        return cls(
            data["name"],
            data["series"],
            data["organisation"],
            steps,
            tuple(data["competences"]),
            data["logo_id"],
        )

    def says_the_same(self, other: Content) -> bool:
        """Whether the two attest the same. A logo changed since is no reason for a new certificate."""
        return _attested(self) == _attested(other)


def _attested(content: Content) -> tuple[object, ...]:
    return content.name, content.series, content.organisation, content.steps, content.competences


def judge(rule: Rule, steps: Sequence[tuple[str, str]], attended: Iterable[Attended]) -> Standing:
    """How far somebody is who was at these sessions. `steps` are (key, title) of the series' steps, in order.

    A step attended twice counts once, its minutes both times. Steps that the series no longer has give minutes only.
    """
    been = list(attended)
    keys = {one.step_key for one in been}
    missing = tuple(title for key, title in steps if key not in keys)
    done, minutes = len(steps) - len(missing), sum(one.minutes for one in been)
    steps_left = minutes_left = 0
    if rule.kind is RuleKind.minutes:
        minutes_left = max(0, rule.least - minutes)
    else:
        wanted = len(steps) if rule.kind is RuleKind.all_steps else min(rule.least, len(steps))
        steps_left = max(0, wanted - done)
    is_met = bool(been) and not steps_left and not minutes_left
    return Standing(is_met, done, minutes, missing, steps_left, minutes_left)


def step_lines(attended: Iterable[Attended]) -> tuple[StepLine, ...]:
    """The steps that a certificate lists, in the order in which they were first attended."""
    found: dict[str, StepLine] = {}
    for one in sorted(attended, key=lambda one: (one.on, one.step_key)):
        before = found.get(one.step_key)
        minutes = one.minutes + (before.minutes if before else 0)
        found[one.step_key] = StepLine(one.title, one.on, minutes)
    return tuple(found.values())


def shown_code(letters: str) -> str:
    """The code as it is printed: "K7QF-2M9D-XH4T"."""
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def code_in(text: str) -> str | None:
    """The letters of a code as somebody typed it, in any case and with any dashes; None when it is none."""
    letters = "".join(char for char in text.upper() if char.isalnum())
    return letters if len(letters) == CODE_LENGTH and set(letters) <= set(LETTERS) else None


def file_name(name: str, code: str) -> str:
    """What a certificate is called inside a zip: no letter that a file system refuses."""
    plain = "".join(char if char.isalnum() or char in " -." else "_" for char in name).strip(" .")
    return f"{plain[:80] or code} {code}.pdf"
