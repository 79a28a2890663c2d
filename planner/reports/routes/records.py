"""Records of training of one company and month: for the organiser, and for the company by its own link."""

from __future__ import annotations

from collections.abc import Sequence

from flask import make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.clock import today
from planner.base.days import local_day
from planner.base.errors import NotFoundError
from planner.directory.models import Company
from planner.directory.queries import find_person_by_token, get_company
from planner.directory.rules import shown_organisation_number
from planner.reports import queries
from planner.reports.queries.records import RecordLine
from planner.reports.routes.blueprint import blueprint
from planner.reports.rules import Month, month_of, read_month
from planner.web.access import current_viewer, requires
from planner.web.downloads import csv_response
from planner.web.formats import page_language
from planner.web.pdf import Column, Paper, pdf_response
from planner.web.settings import current_settings
from planner.web.workbook import Heading, Sheet, workbook_response


@blueprint.get("/companies/<int:company_id>/record")
@requires("organiser")
def company_record(company_id: int) -> Response:
    """What a company's people have taken part in during a month."""
    return _answer(get_company(current_viewer(), company_id), {"company_id": company_id, "token": None})


@blueprint.get("/p/<token>/record")
@requires("link")
def own_record(token: str) -> Response:
    """The same for the company itself, by its contact's link."""
    answer = _answer(_company(token), {"token": token})
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _company(token: str) -> Company:
    person = find_person_by_token(current_settings().secret, token)
    if person is None:
        raise NotFoundError(_("This link has stopped working. Ask whoever sent it for a new one."))
    if not person.is_contact or person.company is None:
        raise NotFoundError(_("This link does not speak for a company."))
    return person.company


def _answer(company: Company, way: dict[str, object]) -> Response:
    """The page, or the file that `as` asks for."""
    months = queries.list_record_months(company)
    month = read_month(request.args.get("month")) or (months[0] if months else month_of(today()))
    lines = queries.list_record(company, month)
    make = {"csv": _csv, "xlsx": _xlsx, "pdf": _pdf}.get(request.args.get("as", ""))
    if make is not None:
        return make(company, month, lines)
    return make_response(
        render_template(
            "reports/record.html",
            company=company,
            month=month,
            months=months,
            lines=lines,
            way=way,
            minutes=sum(line.minutes for line in lines),
            price=sum(line.price for line in lines),
            number=shown_organisation_number(company.organisation_number),
        )
    )


def _headings() -> list[Heading]:
    return [
        Heading(_("Person")), Heading(_("Session")), Heading(_("Series")), Heading(_("Date"), "date"),
        Heading(_("Minutes"), "number"), Heading(_("Provider")), Heading(_("Price, kronor"), "number"),
        Heading(_("Internal or external")),
    ]  # fmt: skip


def _rows(lines: Sequence[RecordLine]) -> list[list[object]]:
    return [
        [line.person, line.step, line.series, local_day(line.starts_at), line.minutes, line.provider, line.price,
         _("external") if line.is_external else _("internal")]
        for line in lines
    ]  # fmt: skip


def _file(company: Company, month: Month, ending: str) -> str:
    return f"{_('training')}-{company.id}-{month}.{ending}"


def _csv(company: Company, month: Month, lines: Sequence[RecordLine]) -> Response:
    return csv_response(_file(company, month, "csv"), [h.label for h in _headings()], _rows(lines))


def _xlsx(company: Company, month: Month, lines: Sequence[RecordLine]) -> Response:
    sheet = Sheet(str(month), _headings(), _rows(lines))  # type: ignore[arg-type]  # rows of plain values
    return workbook_response(_file(company, month, "xlsx"), [sheet])


def _pdf(company: Company, month: Month, lines: Sequence[RecordLine]) -> Response:
    paper = Paper(_("Record of training"), language=page_language(), footer=company.name, landscape=True)
    paper.heading(_("Record of training"))
    facts = [
        (_("Company"), company.name),
        (_("Organisation number"), shown_organisation_number(company.organisation_number) or "–"),
        (_("Month"), str(month)),
        (_("Time"), _("%(n)s minutes", n=sum(line.minutes for line in lines))),
        (_("Price"), _("%(n)s kronor", n=sum(line.price for line in lines))),
    ]
    paper.facts(facts)
    paper.gap(4)
    shares = (3, 3, 3, 1.6, 1.3, 3, 1.4, 1.6)
    columns = [
        Column(heading.label, share, "right" if heading.kind == "number" else "left")
        for heading, share in zip(_headings(), shares, strict=True)
    ]
    paper.table(columns, _rows(lines))
    return pdf_response(_file(company, month, "pdf"), paper.done())
