"""The sheet that lies on the table: names, a box each to sign in, and a code that leads to where it is typed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from planner.web.formats import format_when, page_language
from planner.web.pdf import Column, Paper

FREE_LINES = 6  # for those who walk in
ROW = 11.0  # millimetres: room for a signature


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands above the names. `address` is where the marks are typed in afterwards."""

    series: str
    step: str
    organisation: str
    starts_at: datetime
    ends_at: datetime
    place: str
    leaders: str
    address: str


def sheet_paper(sheet: Sheet, people: Sequence[tuple[str, str]]) -> bytes:
    """The sheet in the page's language; `people` are (name, company) in the order of the roll."""
    title = _("Attendance sheet")
    paper = Paper(
        f"{title}, {sheet.step}", language=page_language(), footer=f"{sheet.organisation} · {sheet.series}"
    )
    top, room = paper.y, paper.width - 36
    paper.qr(sheet.address, size=30, x=paper.right - 30, y=top)
    paper.heading(title)
    paper.text(sheet.step, size=14, bold=True, most_width=room)
    paper.text(sheet.series, size=11, most_width=room)
    paper.text(format_when(sheet.starts_at, sheet.ends_at), size=11, most_width=room)
    for line in (sheet.place, sheet.leaders):
        if line:
            paper.text(line, size=11, most_width=room)
    paper.gap(max(2.0, top + 32 - paper.y))
    paper.muted(_("The square opens the list where the marks are typed in afterwards."), align="right")
    paper.gap(2)
    columns = [
        Column("", 0.5, "right"),
        Column(_("Name"), 3),
        Column(_("Company"), 3),
        Column(_("Signature"), 4),
    ]
    rows = [(number, name, company, "") for number, (name, company) in enumerate(people, 1)]
    free = FREE_LINES if rows else 2 * FREE_LINES
    paper.table(columns, [*rows, *[("", "", "", "")] * free], size=10.5, least_height=ROW)
    return paper.done()
