"""Importing the attendance report of a meeting by video: shown first, then written as marks in one go."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from planner.attendance.queries import PeopleScope, ReportLine, ReportView, judge_report, report_place
from planner.attendance.rules import MOST_PEOPLE, Attendee, MarkInput, Report, Verdict, Via, read_report
from planner.attendance.service.ledger import mark
from planner.attendance.service.people import NewPerson, find_or_add_person
from planner.attendance.service.seats import lock_session
from planner.base.days import local_day
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.directory.models import Person
from planner.directory.sheets import read_rows
from planner.series.models import TrainingSession

NEW = "new"


class MarkedSinceError(RefusedError):
    """Somebody was marked after the preview was shown, so that it has to be looked at again."""


def read_report_file(training: TrainingSession, data: bytes) -> Report:
    """Who a file from Teams or Zoom says was there. Raises RefusedError with what to do instead."""
    report = read_report(read_rows(data), local_day(training.starts_at))
    if report is None or not report.attendees:
        raise RefusedError(
            _("This is no attendance report from Teams or Zoom: no table with names and times was found."),
            field="file",
        )
    if len(report.attendees) > MOST_PEOPLE:
        raise RefusedError(_("The report has more than %(most)s people.", most=MOST_PEOPLE), field="file")
    return report


def import_report(
    training: TrainingSession,
    scope: PeopleScope,
    attendees: Sequence[Attendee],
    chosen: Mapping[int, str],
    seen: str,
    *,
    replace: bool,
    by: Viewer,
) -> int:
    """Mark everyone of the report; how many marks were written.

    `chosen` says who an unmatched attendee is: a person's id among the roster's, or `NEW`. What somebody else has
    noted stands unless `replace`. Raises MarkedSinceError, with nothing written, when not what was `seen` is marked.
    """
    lock_session(training)
    view = judge_report(training, scope, attendees)
    if view.seen != seen:
        raise MarkedSinceError(
            _("Somebody has been marked since this was shown. Look through the rows again.")
        )
    picked = _picked(training, view, chosen, scope)
    view = judge_report(training, scope, attendees, picked)
    lines = view.of("mark", "update", *(["noted"] if replace else []))
    for line in lines:
        if line.person is not None:  # these fates have one
            _write(training, line, line.person, by)
    return len(lines)


def _write(training: TrainingSession, line: ReportLine, person: Person, by: Viewer) -> None:
    standing = line.entry.id if line.entry else ""
    said = f"report:{training.id}:{person.id}:{line.minutes}:{standing}"
    wanted = MarkInput(
        Verdict.present, line.minutes, report_place(training), str(uuid.uuid5(uuid.NAMESPACE_OID, said)),
        reason=_("from the attendance report") if standing else "", guard=False,
    )  # fmt: skip
    mark(training, person, wanted, by=by, via=Via.report)


def _picked(
    training: TrainingSession, view: ReportView, chosen: Mapping[int, str], scope: PeopleScope
) -> dict[int, Person]:
    """Who the unmatched are, as chosen on the page; a choice that is not offered is none."""
    offered = {str(person.id): person for person in view.missing}
    code = min(scope.codes) if scope.codes else training.series.municipality_code
    picked = {}
    for line in view.of("several", "unknown"):
        choice = chosen.get(line.index, "")
        if choice in offered:
            picked[line.index] = offered[choice]
        elif choice == NEW and line.attendee.email and line.minutes:
            new = NewPerson(line.attendee.names[-1], code, line.attendee.email)
            picked[line.index] = find_or_add_person(new)
    return picked
