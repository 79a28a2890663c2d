"""Reviewing a newer version of the template: take it, some of it, or skip it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.exchange.forms import words
from planner.exchange.forms.review import ReviewForm, own_kind
from planner.exchange.models import TemplateUpdate
from planner.exchange.queries.offers import find_newest_version
from planner.exchange.queries.series import find_latest_update, get_adopted, map_trainings, review_of
from planner.exchange.routes.blueprint import blueprint
from planner.exchange.routes.updates import update_page
from planner.exchange.rules.reviews import Review
from planner.exchange.service import updates as service
from planner.scheduling import service as scheduling
from planner.scheduling.rules import Clash
from planner.series.models import Series
from planner.series_templates.models import TemplateVersion
from planner.series_templates.rules import Mode
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is being reviewed, as it now is."""

    series: Series
    version: TemplateVersion
    found: Review
    latest: TemplateUpdate | None

    @property
    def decided(self) -> str:
        """The decision before this one, as the page remembers it."""
        return str(self.latest.id if self.latest else 0)


def _asked(viewer: Viewer, series_id: int) -> _Asked | None:
    series = get_adopted(viewer, series_id, to_edit=True)
    version = find_newest_version(series)
    if version is None:
        return None
    return _Asked(series, version, review_of(series, version), find_latest_update(series_id))


@blueprint.route("/series/<int:series_id>/update", methods=["GET", "POST"])
@requires("organiser")
def review(series_id: int) -> Answer:
    """What a newer version would change here, and deciding about it."""
    viewer = current_viewer()
    asked = _asked(viewer, series_id)
    if asked is None:
        return _nothing(viewer, series_id)
    form = ReviewForm(asked.found)
    if not form.is_submitted():
        form.opened.data, form.decided.data = asked.found.digest, asked.decided
        return _page(asked, form, _expected_clashes(asked, viewer))
    if form.decided.data != asked.decided:
        return _decided_meanwhile(asked)
    return _decide(asked, form, viewer)


def _decide(asked: _Asked, form: ReviewForm, viewer: Viewer) -> Answer:
    if request.form.get("action") == "all":
        form.take.data = {**{field.path: ["on"] for field in asked.found.taken}, **form.take.data}
    clashes: Sequence[Clash] = ()
    if form.validate() and form.opened.data == asked.found.digest:
        try:
            entry = _accept(asked, form, viewer)
        except scheduling.ClashesFoundError as error:
            clashes = error.clashes
            form.refuse(error)
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("The update is taken over. You can undo it until something else is changed."), "success")
            return redirect(url_for(".update", series_id=asked.series.id, update_id=entry.id))
    elif form.opened.data != asked.found.digest:
        form.form_errors.append(
            _(
                "Something here has changed since you opened the page. What you chose is kept; look through it again."
            )
        )
    now_asked = _asked(viewer, asked.series.id)
    if now_asked is None:
        return _nothing(viewer, asked.series.id)
    if now_asked.decided != form.decided.data:
        return _decided_meanwhile(now_asked)
    form.opened.data = now_asked.found.digest
    return _page(now_asked, form, clashes or _expected_clashes(now_asked, viewer))


def _accept(asked: _Asked, form: ReviewForm, viewer: Viewer) -> TemplateUpdate:
    with unit_of_work():
        series_id = asked.series.id
        current = _asked(viewer, series_id)
        if current is None or (current.decided, current.found.digest) != (asked.decided, asked.found.digest):
            raise RefusedError(_("Something here was changed at the same moment. Look through it again."))
        return service.accept(current.series, current.version, current.found, form.answers(), by=viewer)


@blueprint.post("/series/<int:series_id>/update/skip")
@requires("organiser")
def skip(series_id: int) -> Response:
    """Leave this version out; it can still be taken later."""
    with unit_of_work():
        asked = _asked(current_viewer(), series_id)
        is_open = asked is not None and request.form.get("version") == str(asked.version.id)
        if asked is not None and is_open and request.form.get("decided") == asked.decided:
            service.skip(asked.series, asked.version, by=current_viewer())
            flash(
                _("Version %(number)s is skipped. You can still take it later.", number=asked.version.number)
            )
            return redirect(url_for("series.series", series_id=series_id))
    flash(_("Something was decided about it meanwhile. This is how it stands now."), "warning")
    return redirect(url_for(".differences", series_id=series_id))


def _nothing(viewer: Viewer, series_id: int) -> Answer:
    """No newer version: taken already, archived meanwhile, or no longer meant for here."""
    series = get_adopted(viewer, series_id, to_edit=True)
    if request.method == "GET":
        return render_template("exchange/nothing.html", series=series, written=[])
    latest = find_latest_update(series_id)
    if latest is not None and request.form.get("decided") != str(latest.id):
        return update_page(series, latest, written=_written()), 409
    return render_template("exchange/nothing.html", series=series, written=_written()), 409


def _decided_meanwhile(asked: _Asked) -> Answer:
    """What the other one decided, and what this one had written, so that it is not lost."""
    if asked.latest is None:  # undone again meanwhile
        return redirect(url_for(".review", series_id=asked.series.id))
    return update_page(asked.series, asked.latest, written=_written()), 409


def _written() -> list[str]:
    """The own values that were chosen and the reasons, as they were typed."""
    sent = request.form
    chosen = [name.removeprefix("take-") for name, value in sent.items() if value == "own"]
    texts = [
        *(sent.get(f"own-{path}", "") for path in chosen),
        *map(sent.get, ("cancel_reason", "clash_reason")),
    ]
    return [text for text in texts if text and text.strip()]


def _expected_clashes(asked: _Asked, viewer: Viewer) -> list[Clash]:
    """What the sessions ahead would run into if they were made as long as the newer version has them."""
    wanted = [
        (one, field.theirs)
        for field, sessions in asked.found.lengths
        for one in sessions
        if isinstance(field.theirs, int)
    ]
    trainings = map_trainings(asked.series, {one.id for one, _minutes in wanted})
    proposals = [service.lengthened(asked.series, trainings[one.id], one, minutes) for one, minutes in wanted]
    return scheduling.check(proposals, by=viewer) if proposals else []


def _page(asked: _Asked, form: ReviewForm, clashes: Sequence[Clash]) -> Answer:
    by_session: dict[str, list[Clash]] = defaultdict(list)
    for clash in clashes:
        by_session[clash.key].append(clash)
    ids = {one.id for _field, sessions in asked.found.lengths for one in sessions}
    ids |= {one.id for field in asked.found.may_go for one in asked.found.ahead_of(field.key)}
    form.show(clashes)
    return form_page(
        "exchange/review.html",
        form=form,
        series=asked.series,
        version=asked.version,
        found=asked.found,
        latest=asked.latest,
        trainings=map_trainings(asked.series, ids),
        clashes=by_session,
        words=words,
        own_kind=own_kind,
        modes=[(mode.value, mode.label) for mode in Mode],
    )
