"""Importing a list: stored as checked rows, judged for the preview, judged again and written in one go."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.tokens import random_token
from planner.base.viewer import Viewer
from planner.directory.models import Company, ImportBatch, Municipality, Person
from planner.directory.queries import known_companies, known_people, list_companies_by_id, map_people
from planner.directory.rules.import_columns import recognise_columns
from planner.directory.rules.import_fates import Fate, FateKind, Ref, fingerprint, judge
from planner.directory.rules.import_rows import ImportRow, Refusal, read_row
from planner.directory.service.checks import check_may_edit
from planner.directory.sheets import read_rows

KEPT_FOR = timedelta(days=1)


class ChangedMeanwhileError(RefusedError):
    """The directory changed after the preview was shown, so that it has to be looked at again."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many were made and how many changed."""

    companies: int
    people: int
    updated: int


def start_import(filename: str, data: bytes, municipality: Municipality, *, by: Viewer) -> ImportBatch:
    """Read an uploaded list and keep its rows for a day. Raises RefusedError for what is no list; flushes."""
    check_may_edit(by, municipality.code)
    (_number, headings), *lines = read_rows(data)
    columns = recognise_columns(headings)
    rows = [read_row(number, cells, columns, municipality.name) for number, cells in lines]
    batch = ImportBatch(
        key=random_token(),
        user_id=by.user_id,
        municipality_code=municipality.code,
        filename=filename[:255],
        left_out=list(columns.left_out),
        rows=[asdict(row) for row in rows],
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def judge_import(batch: ImportBatch) -> tuple[Fate, ...]:
    """What becomes of every row, as the directory is now (two statements)."""
    rows = [
        ImportRow(row["number"], row["values"], Refusal(row["refusal"]) if row["refusal"] else None)
        for row in batch.rows
    ]
    numbers = [row.values["organisation_number"] for row in rows if "organisation_number" in row.values]
    companies = known_companies(batch.municipality_code, numbers)
    return judge(rows, companies, known_people(batch.municipality_code))


def run_import(batch: ImportBatch, seen: str, *, by: Viewer) -> ImportResult:
    """Write what the preview with the fingerprint `seen` showed, and drop the batch. Flushes.

    Raises ChangedMeanwhileError, with nothing written, when some row's fate is no longer what was shown.
    """
    check_may_edit(by, batch.municipality_code)
    fates = judge_import(batch)
    if fingerprint(fates) != seen:
        raise ChangedMeanwhileError(_changed())
    try:
        result = _write(fates, batch.municipality_code)
        db.session.delete(batch)
        db.session.flush()
    except IntegrityError as error:
        raise ChangedMeanwhileError(_changed()) from error
    return result


def discard_import(batch: ImportBatch, *, by: Viewer) -> None:
    """Throw the list away unwritten. Flushes."""
    check_may_edit(by, batch.municipality_code)
    db.session.delete(batch)
    db.session.flush()


def remove_old_imports() -> int:
    """Throw away lists that nobody accepted within a day; how many. For the worker."""
    old = delete(ImportBatch).where(ImportBatch.created_at < now() - KEPT_FOR)
    removed = db.session.execute(old)
    return removed.rowcount if isinstance(removed, CursorResult) else 0


def _changed() -> str:
    return _("The directory has changed since this was shown. Look through the rows again.")


def _write(fates: tuple[Fate, ...], code: str) -> ImportResult:
    """Make and change what the fates say: companies first, so that people find their ids."""
    taken = [fate for fate in fates if fate.kind not in (FateKind.refused, FateKind.duplicate)]
    companies = _write_companies(taken, code)
    people = map_people({f.person.id for f in taken if f.person and f.person.id and f.changes})
    for fate in taken:
        company = companies.get(fate.company)
        if fate.makes_person:
            person = Person(municipality_code=code, name=fate.row.values["name"])
            _set_person(person, fate.row.values)
            person.company_id = company.id if company else None
            db.session.add(person)
        elif fate.person and fate.person.id in people:
            _change_person(people[fate.person.id], fate, company)
    db.session.flush()
    return ImportResult(
        companies=sum(fate.makes_company for fate in taken),
        people=sum(fate.makes_person for fate in taken),
        updated=sum(bool(fate.changes) for fate in taken),
    )


def _write_companies(taken: list[Fate], code: str) -> dict[Ref | None, Company]:
    """Every company that the fates name, made, changed or as it was, all with ids."""
    ids = {fate.company.id for fate in taken if fate.company and fate.company.id}
    companies: dict[Ref | None, Company] = {Ref(company.id): company for company in list_companies_by_id(ids)}
    for fate in taken:
        if fate.makes_company:
            company = Company(municipality_code=code, name=fate.row.values["company"])
            for key in ("organisation_number", "sni_version", "sni_division", "size_class", "website"):
                setattr(company, key, fate.row.values.get(key, "" if key == "website" else None))
            companies[fate.company] = company
            db.session.add(company)
        for change in fate.changes:
            if change.of == "company":
                setattr(companies[fate.company], change.field, change.after)
    db.session.flush()
    return companies


def _set_person(person: Person, values: dict[str, str]) -> None:
    person.email = values.get("email")
    person.phone, person.work_title = values.get("phone", ""), values.get("work_title", "")
    person.is_contact = values.get("is_contact") == "yes"


def _change_person(person: Person, fate: Fate, company: Company | None) -> None:
    for change in fate.changes:
        if change.of != "person":
            continue
        if change.field == "company":
            person.company_id = company.id if company else None
        elif change.field == "is_contact":
            person.is_contact = change.after == "yes"
        else:
            setattr(person, change.field, change.after)
