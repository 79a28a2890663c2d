"""What the planner answered to a review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.exchange.rules.reviews import Fate, keeping
from planner.scheduling.rules import NO_OVERRIDE, Override
from planner.series_templates.merge import Decision


@dataclass(frozen=True, slots=True)
class Answers:
    """What the planner decided. `fates` by the key of a step that goes: what, and the step to move to.

    `lengthened` are the sessions that are to last as long as their step now does.
    """

    decisions: Mapping[str, Decision]
    fates: Mapping[str, tuple[Fate, str]]
    lengthened: frozenset[int] = frozenset()
    cancel_reason: str = ""
    override: Override = NO_OVERRIDE

    @property
    def whole(self) -> dict[str, Decision]:
        """The decisions, with the steps that are kept for their sessions' sake."""
        return keeping(self.decisions, (key for key, (fate, _to) in self.fates.items() if fate is Fate.KEEP))
