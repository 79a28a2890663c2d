"""A whole series in one go: the rhythm, every date before anything is written, then all of them at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from planner.base.days import local_day
from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.scheduling import queries, service
from planner.scheduling.forms import PlanForm, PreviewLine
from planner.scheduling.forms.plan import note_gaps
from planner.scheduling.queries import Placed
from planner.scheduling.routes.blueprint import blueprint, choices_for, editable_series
from planner.scheduling.rules import Clash
from planner.series.models import Series
from planner.series.queries import get_cohort, get_series, get_step
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page


@dataclass
class Preview:
    """Every date of the plan, and what is in the way of which step (by step id)."""

    lines: list[PreviewLine]
    is_readable: bool
    clashes: dict[int, list[Clash]] = field(default_factory=dict)

    @property
    def placements(self) -> list[service.Placement]:
        """The sessions to write."""
        return [
            service.Placement(line.step, line.details)
            for line in self.lines
            if line.step is not None and line.details is not None
        ]


@blueprint.route("/series/<int:series_id>/sessions/plan", methods=["GET", "POST"])
@requires("organiser")
def plan_series(series_id: int) -> Answer:
    """Set the whole series in one go; `?cohort=` chooses the cohort beforehand."""
    series = editable_series(series_id)
    placed = queries.list_placed(series)
    form = _plan_form(series, placed)
    preview = _preview(form, series, placed) if form.validate_rhythm() else None
    if preview is not None and _wants_to_place(form, preview):
        try:
            count = _place_all(form, series_id, preview)
        except RefusedError as error:
            form.refuse(error)
            series = editable_series(series_id)  # the rollback let go of what was loaded
            preview = _preview(form, series, placed)
        else:
            flash(ngettext("%(num)s session is set.", "%(num)s sessions are set.", count), "success")
            return redirect(url_for("series.series", series_id=series_id))
    return form_page(
        "scheduling/plan_series.html",
        form=form,
        series=series,
        preview=preview,
        placed=_placed_notes(series, placed),
    )


def _plan_form(series: Series, placed: list[Placed]) -> PlanForm:
    asked = request.args.get("cohort", type=int)
    own = [cohort.id for cohort in series.cohorts]
    cohort_id = asked if asked in own else next(iter(own), None)
    has = _placed_on(placed, cohort_id)
    form = PlanForm(
        data={"cohort_id": cohort_id, "step_ids": [step.id for step in series.steps if step.id not in has]}
    )
    form.offer(choices_for(series))
    form.exclude(skip=request.form.get("skip"), use=request.form.get("use"))
    return form


def _placed_on(placed: list[Placed], cohort_id: int | None) -> dict[int, date]:
    """The first date of each step that the cohort already has one for."""
    mine = [one for one in placed if one.cohort_id == cohort_id]
    return {one.step_id: local_day(one.interval.starts_at) for one in reversed(mine)}


def _placed_notes(series: Series, placed: list[Placed]) -> dict[str, list[int]]:
    """Cohort id as text ("" for open to all) -> the steps it has sessions of; read by the page's script."""
    cohorts: list[int | None] = [None, *(cohort.id for cohort in series.cohorts)]
    return {str(cohort or ""): sorted(_placed_on(placed, cohort)) for cohort in cohorts}


def _preview(form: PlanForm, series: Series, placed: list[Placed]) -> Preview | None:
    """Every date with its clashes; None, with the sentence in the form, when the rhythm is not possible."""
    chosen = [step for step in series.steps if step.id in (form.step_ids.data or ())]
    try:
        lines = form.lay_out(chosen)
    except RefusedError as error:
        form.refuse(error)
        return None
    preview = Preview(lines, form.read_rows(lines))
    note_gaps(lines, series.steps, _placed_on(placed, form.cohort_id.data))
    _find_clashes(form, series, preview)
    return preview


def _find_clashes(form: PlanForm, series: Series, preview: Preview) -> None:
    cohort = get_cohort(series, form.cohort_id.data) if form.cohort_id.data else None
    placements = preview.placements
    found = service.check(service.proposals_of(series, cohort, placements), by=current_viewer())
    form.show(found)
    steps = {one.key: one.step.id for one in placements}
    for clash in found:
        preview.clashes.setdefault(steps[clash.key], []).append(clash)


def _wants_to_place(form: PlanForm, preview: Preview) -> bool:
    if request.form.get("action") != "place" or not preview.is_readable:
        return False
    if form.is_stale:
        form.form_errors.append(
            _("The dates below follow what you changed above. Look at them, then place them.")
        )
        return False
    return True


def _place_all(form: PlanForm, series_id: int, preview: Preview) -> int:
    with unit_of_work():
        viewer = current_viewer()
        series = get_series(viewer, series_id, to_edit=True)
        cohort = get_cohort(series, form.cohort_id.data) if form.cohort_id.data else None
        placements = [
            service.Placement(get_step(series, one.step.id), one.details) for one in preview.placements
        ]
        return len(service.place_all(series, cohort, placements, by=viewer, override=form.override()))
