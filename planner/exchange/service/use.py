"""Taking a template into use, in one or several municipalities at once, with dates or without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.base.interval import Interval
from planner.base.viewer import Viewer
from planner.directory.models import Municipality, Organisation
from planner.scheduling import service as scheduling
from planner.series import service as series_service
from planner.series.models import Series
from planner.series.rules import SessionDetails
from planner.series_templates.models import TemplateVersion
from planner.series_templates.rules import Mode


def use_in(
    version: TemplateVersion,
    organisation: Organisation,
    municipalities: Iterable[Municipality],
    dates: Sequence[Interval | None] = (),
    *,
    by: Viewer,
) -> list[Series]:
    """A draft series in each municipality; `dates` has one for each step, or is empty. Flushes.

    Sessions are open to all of the series until it has cohorts. Raises ClashesFoundError.
    """
    made = [series_service.adopt(version, organisation, place, by=by) for place in municipalities]
    for series in made if any(dates) else ():
        placements = [
            scheduling.Placement(step, SessionDetails(interval.starts_at, interval.ends_at, Mode(step.mode)))
            for step, interval in zip(series.steps, dates, strict=True)
            if interval is not None
        ]
        scheduling.place_all(series, None, placements, by=by)
    return made
