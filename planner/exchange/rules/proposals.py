"""A series' own changes, offered to the template it was made from."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from planner.series_templates.merge import Outcome, Side, merge3
from planner.series_templates.rules import TemplateDocument


class ProposalOutcome(StrEnum):
    """What the template's owner has answered."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"

    @property
    def label(self) -> LazyString:
        """The outcome in the page's language."""
        return _OUTCOMES[self]


_OUTCOMES = {
    ProposalOutcome.OPEN: _l("Waits for an answer"),
    ProposalOutcome.ACCEPTED: _l("Accepted"),
    ProposalOutcome.DECLINED: _l("Declined"),
}


def proposed(base: TemplateDocument, own: TemplateDocument, paths: Collection[str]) -> TemplateDocument:
    """The version `base` with only these of the changes that `own` has."""
    merge = merge3(base, base, own)
    return merge.resolved({field.path: Side.OURS for field in merge.offers if field.path not in paths})


def against_newest(
    base: TemplateDocument, newest: TemplateDocument, wanted: TemplateDocument
) -> TemplateDocument:
    """The newest version with what `wanted` changed since `base`, also where the newest says otherwise."""
    merge = merge3(base, newest, wanted)
    return merge.resolved({field.path: Side.THEIRS for field in merge.having(Outcome.CONFLICT)})
