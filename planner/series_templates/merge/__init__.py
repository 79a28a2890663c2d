"""Three-way merge of template documents: what a new version offers a series that has its own changes.

`base` is the version the series came from, `ours` the series as it is now, `theirs` the new version. Steps are matched
by key, never by place or title; texts by paragraph. How it decides: docs/decisions/015-how-the-merge-decides.md.
"""

from planner.series_templates.merge.documents import Merge, merge3
from planner.series_templates.merge.fields import (
    Decision,
    FieldMerge,
    Outcome,
    Side,
    UnfitDecisionError,
    Value,
    Written,
)
from planner.series_templates.merge.texts import merge_lines, merge_paragraphs

__all__ = [
    "Decision",
    "FieldMerge",
    "Merge",
    "Outcome",
    "Side",
    "UnfitDecisionError",
    "Value",
    "Written",
    "merge3",
    "merge_lines",
    "merge_paragraphs",
]
