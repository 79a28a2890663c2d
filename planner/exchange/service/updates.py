"""Taking an update over, skipping it, and undoing what was taken. The series' row is locked by the caller."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.exchange.models import TemplateUpdate
from planner.exchange.queries.series import fingerprint, list_dated, map_trainings
from planner.exchange.rules.answers import Answers
from planner.exchange.rules.reviews import Dated, Decided, Fate, Review
from planner.scheduling import service as scheduling
from planner.scheduling.rules import Override, Proposal
from planner.series import service as series_service
from planner.series.models import Series, Step, TrainingSession
from planner.series.queries import document_of
from planner.series.service.sessions import details_of
from planner.series_templates.merge import Written
from planner.series_templates.models import TemplateVersion
from planner.series_templates.rules import TemplateDocument, from_document, to_document


def accept(
    series: Series, version: TemplateVersion, found: Review, answers: Answers, *, by: Viewer
) -> TemplateUpdate:
    """Make the series what was decided, as made from `version`: everything or nothing. Flushes.

    Raises RefusedError for sessions that nothing was decided about, ClashesFoundError where longer ones clash.
    """
    document = found.merge.resolved(answers.whole)
    _check_fates(found, document, answers)
    touched = _touched(found, document, answers)
    trainings = map_trainings(series, {one.id for one in touched})
    before = _snapshot(series, trainings.values())
    from_version_id = series.template_version_id
    series_service.write_document(series, document, with_sessions=found.with_sessions, by=by)
    _settle_gone(series, found, document, answers, trainings, by)
    _lengthen(series, _to_lengthen(found, document, answers), trainings, answers.override, by)
    series.template_version = version
    db.session.flush()
    entry = TemplateUpdate(
        series_id=series.id, from_version_id=from_version_id, to_version_id=version.id,
        outcome=Decided.ACCEPTED.value, decisions=_told(found, answers), before=before,
        after={"document": to_document(document), "fingerprint": fingerprint(series)},
        by_user_id=by.user_id, by_name=by.name, at=now(),
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    return entry


def skip(series: Series, version: TemplateVersion, *, by: Viewer) -> TemplateUpdate:
    """Leave this version out: it is offered no more, and can still be taken. Flushes."""
    entry = TemplateUpdate(
        series_id=series.id, from_version_id=series.template_version_id, to_version_id=version.id,
        outcome=Decided.SKIPPED.value, decisions={}, before={}, after={},
        by_user_id=by.user_id, by_name=by.name, at=now(),
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    return entry


def undo(series: Series, entry: TemplateUpdate, *, by: Viewer) -> None:
    """Put the series and its sessions back to before an update that was taken. Flushes.

    Raises RefusedError when something was changed since, or a session's time was given away.
    """
    _check_undoable(series, entry)
    before = from_document(entry.before["document"])
    dated = list_dated(series)
    _check_not_held(dated, from_document(entry.after["document"]), before)
    series_service.write_document(series, before, with_sessions={one.step_key for one in dated}, by=by)
    told: Mapping[str, Mapping[str, Any]] = entry.before["sessions"]
    trainings = map_trainings(series, {int(key) for key in told})
    steps = {step.key: step for step in series.steps}
    try:
        for key, was in told.items():
            _put_back(trainings[int(key)], was, steps, by)
    except scheduling.ClashesFoundError as error:
        raise RefusedError(
            _("It cannot be undone as it was: the time of a session has been given to something else.")
        ) from error
    series.template_version_id, series.template_version = entry.from_version_id, entry.from_version
    entry.outcome, entry.undone_at = Decided.UNDONE.value, now()
    db.session.flush()


def may_undo(series: Series, entry: TemplateUpdate) -> bool:
    """Whether the update was taken and nothing has been changed in the series since."""
    return entry.outcome == Decided.ACCEPTED and entry.after["fingerprint"] == fingerprint(series)


def _check_undoable(series: Series, entry: TemplateUpdate) -> None:
    if not may_undo(series, entry):
        raise RefusedError(
            _("Something has been changed in the series since. Change back by hand what should be otherwise.")
        )


def _check_not_held(dated: Iterable[Dated], after: TemplateDocument, before: TemplateDocument) -> None:
    held = {one.step_key for one in dated if not one.is_cancelled and one.starts_at <= now()}
    was = {step.key: step for step in before.steps}
    if any(step.key in held and was.get(step.key) != step for step in after.steps):
        raise RefusedError(_("A session of a step that the update changed has been held since."))


def _check_fates(found: Review, document: TemplateDocument, answers: Answers) -> None:
    for key in found.gone(document):
        if not found.ahead_of(key):
            continue
        fate, target = answers.fates.get(key, (None, ""))
        if fate is None:
            raise RefusedError(_("Say what is to happen with the sessions of each step that goes."))
        if fate is Fate.MOVE and target not in document.step_keys:
            raise RefusedError(_("Choose a step that stays to move the sessions to."))
        if fate is Fate.CANCEL and not answers.cancel_reason:
            raise RefusedError(
                _("Say why it is cancelled; those who planned to come will read it."), field="cancel_reason"
            )


def _touched(found: Review, document: TemplateDocument, answers: Answers) -> list[Dated]:
    going = [one for key in found.gone(document) for one in found.ahead_of(key)]
    return [*going, *(one for one, _minutes in _to_lengthen(found, document, answers))]


def _to_lengthen(found: Review, document: TemplateDocument, answers: Answers) -> list[tuple[Dated, int]]:
    minutes = {step.key: step.minutes for step in document.steps}
    changed = {
        step.key for step in found.merge.ours.steps if minutes.get(step.key, step.minutes) != step.minutes
    }
    return [
        (one, minutes[one.step_key])
        for one in found.ahead
        if one.id in answers.lengthened and one.step_key in changed and one.minutes != minutes[one.step_key]
    ]


def _settle_gone(
    series: Series,
    found: Review,
    document: TemplateDocument,
    answers: Answers,
    trainings: Mapping[int, TrainingSession],
    by: Viewer,
) -> None:
    steps = {step.key: step for step in series.steps}
    for key in found.gone(document):
        for one in found.ahead_of(key):
            fate, target = answers.fates[key]
            if fate is Fate.CANCEL:
                series_service.cancel_session(trainings[one.id], answers.cancel_reason, by=by)
            else:
                _move_to(trainings[one.id], steps[target], by)


def _move_to(training: TrainingSession, step: Step, by: Viewer) -> None:
    # At the same time, in the same place: nothing new can be in its way.
    series_service.edit_session(
        training, details_of(training), by=by, step=step, cohort=training.cohort,
        clash_reason=training.clash_reason,
    )  # fmt: skip


def lengthened(series: Series, training: TrainingSession, one: Dated, minutes: int) -> Proposal:
    """The session with its new end, for the check for clashes."""
    details = replace(details_of(training), ends_at=one.ending(minutes))
    return scheduling.proposal(series, training.step, training.cohort, details, training.uid)


def _lengthen(
    series: Series,
    wanted: Sequence[tuple[Dated, int]],
    trainings: Mapping[int, TrainingSession],
    override: Override,
    by: Viewer,
) -> None:
    proposals = [lengthened(series, trainings[one.id], one, minutes) for one, minutes in wanted]
    reasons = scheduling.settle(proposals, override, by=by) if proposals else {}
    for (one, _minutes), proposed in zip(wanted, proposals, strict=True):
        training = trainings[one.id]
        series_service.edit_session(
            training, proposed.details, by=by, cohort=training.cohort,
            clash_reason=reasons.get(training.uid, ""),
        )  # fmt: skip


def _snapshot(series: Series, trainings: Iterable[TrainingSession]) -> dict[str, Any]:
    return {
        "document": to_document(document_of(series)),
        "sessions": {
            str(training.id): {
                "step": training.step.key,
                "minutes": training.minutes,
                "clash_reason": training.clash_reason,
            }
            for training in trainings
        },
    }


def _put_back(
    training: TrainingSession, was: Mapping[str, Any], steps: Mapping[str, Step], by: Viewer
) -> None:
    override = Override(was["clash_reason"])
    if training.cancelled_at is not None:
        scheduling.restore(training, by=by, override=override)
    ends_at = Dated(training.id, "", training.starts_at, training.ends_at, False).ending(was["minutes"])
    details = replace(details_of(training), ends_at=ends_at)
    if training.step.key != was["step"] or training.ends_at != ends_at:
        scheduling.change(training, steps[was["step"]], training.cohort, details, by=by, override=override)


def _told(found: Review, answers: Answers) -> dict[str, Any]:
    """What was decided, for the history: each path that was offered or asked about."""
    fields: Collection[Any] = (*found.taken, *found.asked)
    chosen = {field.path: answers.whole.get(field.path, field.default) for field in fields}
    return {
        "fields": {
            path: "written" if isinstance(choice, Written) else choice.value
            for path, choice in chosen.items()
        },
        "sessions": {key: fate.value for key, (fate, _to) in answers.fates.items()},
        "lengthened": sorted(answers.lengthened),
    }
