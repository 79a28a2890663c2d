"""A certificate on paper, from its content alone: the same content gives the same bytes."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from planner.base.days import local_day
from planner.certificates.rules import Content, shown_code
from planner.directory.rules import competence
from planner.web.formats import format_minutes
from planner.web.pdf import MUTED, Column, Paper


def certificate_paper(
    content: Content,
    code: str,
    issued_at: datetime,
    address: str,
    *,
    language: str,
    logo: bytes | None = None,
) -> bytes:
    """One page of A4 in Swedish (sv) or English (en); more when there are many steps."""
    with force_locale(language):
        title = _("Certificate")
        paper = Paper(
            f"{title}, {content.name}", language=language, footer=content.organisation, at=issued_at
        )
        if logo is not None:
            paper.picture(logo, height=20, most_width=70)
            paper.gap(8)
        else:
            paper.text(content.organisation, size=13, bold=True)
            paper.gap(14)
        paper.text(title, size=13, ink=MUTED)
        paper.text(content.name, size=30, bold=True)
        paper.gap(3)
        paper.text(_("has taken part in"), size=13, ink=MUTED)
        paper.text(content.series, size=19, bold=True)
        paper.gap(2)
        paper.text(_period(content), size=12)
        _steps(paper, content)
        _competences(paper, content, language)
        _foot(paper, content, code, issued_at, address)
        return paper.done()


def _period(content: Content) -> str:
    days = [_day(step.on) for step in (content.steps[0], content.steps[-1])]
    when = days[0] if days[0] == days[1] else f"{days[0]} – {days[1]}"
    in_all = _("%(time)s in all", time=format_minutes(content.minutes))
    return f"{when} · {in_all}"


def _steps(paper: Paper, content: Content) -> None:
    paper.section(_("Steps"))
    columns = [Column(_("Step"), 5), Column(_("Day"), 2), Column(_("Time"), 1.4, "right")]
    rows = [(step.title, _day(step.on), format_minutes(step.minutes)) for step in content.steps]
    paper.table(columns, rows, size=10.5)


def _competences(paper: Paper, content: Content, language: str) -> None:
    """The areas, each with its competences."""
    areas: dict[str, list[str]] = {}
    for id_ in content.competences:
        found = competence(id_)
        area, name = (found.area_en, found.name_en) if language == "en" else (found.area_sv, found.name_sv)
        areas.setdefault(area, []).append(name)
    if areas:
        paper.section(_("Competence areas"))
        paper.facts([(area, ", ".join(names)) for area, names in areas.items()], term_width=62)


def _foot(paper: Paper, content: Content, code: str, issued_at: datetime, address: str) -> None:
    paper.gap(8)
    paper.keep_together(40)
    paper.rule()
    paper.gap(4)
    top = paper.y
    paper.qr(address, size=28, x=paper.right - 28, y=top)
    issued = _("Issued by %(name)s on %(day)s.", name=content.organisation, day=_day(local_day(issued_at)))
    paper.text(issued, size=11, most_width=paper.width - 36)
    paper.gap(2)
    paper.text(_("See that it holds at"), size=9.5, ink=MUTED)
    paper.text(address, size=10.5, most_width=paper.width - 36)
    paper.text(_("Code %(code)s", code=shown_code(code)), size=9.5, ink=MUTED)


def _day(on: object) -> str:
    return str(format_date(on, "d MMMM y", rebase=False))
