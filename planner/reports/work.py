"""What the worker makes: every presence in one file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from flask_babel import gettext as _

from planner.attendance.rules import Place, Verdict
from planner.base.days import local
from planner.jobs.rules import Piece, Task, job_kind
from planner.reports.queries.presences import count_presences, list_presences
from planner.web.downloads import csv_bytes

KIND: Final = "presences"


@job_kind(KIND, mimetype="text/csv")
def make_presences(task: Task) -> Iterator[Piece]:
    """The file of those of `values["codes"]`, a portion at a time."""
    codes: list[str] = task.values["codes"]
    total = count_presences(codes)
    if not task.done:
        yield Piece(0, total, head())
    done = task.done
    for rows in list_presences(codes, task.done):
        done += len(rows)
        yield Piece(done, max(total, done), lines(rows))


def head() -> bytes:
    """The first line of the file."""
    headings = [
        _("Date"), _("Series"), _("Session"), _("Municipality"), _("Company"), _("Organisation number"), _("Person"),
        _("Attendance"), _("Place"), _("Minutes"),
    ]  # fmt: skip
    return csv_bytes(headings, [])


def lines(rows: list[Any]) -> bytes:
    """More lines of it."""
    verdicts = {
        Verdict.present.value: _("Present"), Verdict.late.value: _("Late"), Verdict.excused.value: _("Excused"),
        Verdict.absent.value: _("Absent"),
    }  # fmt: skip
    places = {Place.on_site.value: _("On site"), Place.remote.value: _("By video")}
    told = [
        [f"{local(at):%Y-%m-%d}", series, step, home, company or "", number or "", person,
         verdicts[verdict], places[place], minutes]
        for at, series, step, home, company, number, person, verdict, place, minutes in rows
    ]  # fmt: skip
    # The mark of UTF-8 stands at the head of the file only.
    return csv_bytes([], told).split(b"\n", 1)[1]
