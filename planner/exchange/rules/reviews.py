"""The review of a newer version: the merge, with what has been held kept out of it, and what it means for dates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Any

from planner.series_templates.merge import Decision, FieldMerge, Merge, Outcome, Side, merge3
from planner.series_templates.merge.order import woven
from planner.series_templates.rules import TemplateDocument, to_document


class Decided(StrEnum):
    """What a series decided about a version."""

    ACCEPTED = "accepted"
    SKIPPED = "skipped"
    UNDONE = "undone"


class Fate(StrEnum):
    """What becomes of the sessions ahead of a step that goes."""

    KEEP = "keep"  # the step stays, and they with it
    CANCEL = "cancel"
    MOVE = "move"  # to another step


@dataclass(frozen=True, slots=True)
class Dated:
    """A session of the series, as far as it matters to a review."""

    id: int
    step_key: str
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool

    @property
    def minutes(self) -> int:
        """Its length in whole minutes."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    def ending(self, minutes: int) -> datetime:
        """When it ends if it lasts this long."""
        return self.starts_at + timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True)
class Review:
    """A series beside a newer version of its template. `held` are the keys of steps that sessions have begun of."""

    merge: Merge
    held: frozenset[str]
    sessions: tuple[Dated, ...]
    at: datetime
    is_order_held: bool = False  # the newer version moved a held step, which stays where it was

    @property
    def taken(self) -> tuple[FieldMerge, ...]:
        """What is taken unless someone says no."""
        return self.merge.offers

    @property
    def asked(self) -> tuple[FieldMerge, ...]:
        """What someone has to choose about."""
        return self.merge.conflicts

    @property
    def kept(self) -> tuple[FieldMerge, ...]:
        """What only the series changed."""
        return self.merge.having(Outcome.KEEP_OURS)

    @property
    def left_alone(self) -> tuple[FieldMerge, ...]:
        """What the newer version changed and the series does not take: locked, or held already."""
        return self.merge.having(Outcome.LOCKED)

    @property
    def ahead(self) -> tuple[Dated, ...]:
        """The sessions that are still to come."""
        return tuple(one for one in self.sessions if not one.is_cancelled and one.starts_at > self.at)

    def ahead_of(self, key: str) -> tuple[Dated, ...]:
        """The sessions still to come of one step."""
        return tuple(one for one in self.ahead if one.step_key == key)

    @property
    def may_go(self) -> tuple[FieldMerge, ...]:
        """Steps that the newer version has no more, with sessions still to come."""
        return tuple(
            field
            for field in (*self.taken, *self.asked)
            if field.name == "step" and field.theirs is None and self.ahead_of(field.key)
        )

    @property
    def lengths(self) -> tuple[tuple[FieldMerge, tuple[Dated, ...]], ...]:
        """Steps whose length may change, each with the sessions to come that last otherwise."""
        found = []
        for field in (*self.taken, *self.asked):
            if field.name == "minutes" and isinstance(field.theirs, int):
                others = tuple(one for one in self.ahead_of(field.key) if one.minutes != field.theirs)
                found.append((field, others))
        return tuple((field, others) for field, others in found if others)

    def gone(self, document: TemplateDocument) -> tuple[str, ...]:
        """The keys of steps here that `document` has no more."""
        return tuple(key for key in self.merge.ours.step_keys if key not in document.step_keys)

    @property
    def with_sessions(self) -> frozenset[str]:
        """The keys of steps that sessions stand on, cancelled ones too."""
        return frozenset(one.step_key for one in self.sessions)

    @property
    def digest(self) -> str:
        """A short text that is equal for an equal review, so that an answer can say what it answers."""
        ahead = sorted((one.id, one.step_key, one.ends_at.isoformat()) for one in self.ahead)
        locked = [field.path for field in self.left_alone]
        return digest_of(
            [
                *(to_document(one) for one in (self.merge.base, self.merge.ours, self.merge.theirs)),
                ahead,
                locked,
            ]
        )


def review(
    base: TemplateDocument,
    ours: TemplateDocument,
    theirs: TemplateDocument,
    *,
    locked: Collection[str],
    sessions: Sequence[Dated],
    at: datetime,
) -> Review:
    """What a series is asked about `theirs`. Steps that sessions have begun of are left as they are, where they are."""
    begun = {one.step_key for one in sessions if not one.is_cancelled and one.starts_at <= at}
    held = frozenset(begun & set(ours.step_keys))
    apart = frozenset(locked) | {f"steps.{key}" for key in held}
    as_held = _held_in_place(ours, theirs, held)
    merge = merge3(base, ours, as_held, locked=apart)
    return Review(merge, held, tuple(sessions), at, is_order_held=as_held != theirs)


def _held_in_place(
    ours: TemplateDocument, theirs: TemplateDocument, held: Collection[str]
) -> TemplateDocument:
    """`theirs`; where it moved a step past a held one, the held ones stand after what they follow in `ours`."""
    place = {key: number for number, key in enumerate(theirs.step_keys)}
    shared = [key for key in ours.step_keys if key in place]
    pairs = combinations(shared, 2)
    if not any({one, other} & set(held) and place[one] > place[other] for one, other in pairs):
        return theirs
    rest = [key for key in theirs.step_keys if key not in held]
    order = woven(rest, ours.step_keys, set(theirs.step_keys))
    return replace(theirs, steps=tuple(theirs.step(key) for key in order))


def lacking(found: Review, decisions: Mapping[str, Decision]) -> tuple[FieldMerge, ...]:
    """What both changed and nobody has chosen about."""
    return tuple(field for field in found.asked if field.path not in decisions)


def keeping(decisions: Mapping[str, Decision], keys: Iterable[str]) -> dict[str, Decision]:
    """The decisions, with these steps kept after all."""
    return {**decisions, **{f"steps.{key}": Side.OURS for key in keys}}


def lockable(document: TemplateDocument) -> tuple[str, ...]:
    """Every path of the document that may be locked, in the order of the page."""
    fields = ("title", "goals", "preparation", "materials", "follow_up", "minutes", "mode", "gap_days")
    steps = (
        path
        for key in document.step_keys
        for path in (f"steps.{key}", *(f"steps.{key}.{name}" for name in fields))
    )
    return ("title", "summary", "audience", "competences", "steps", *steps)


def digest_of(values: Any) -> str:
    """A short text that is equal for equal values."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
