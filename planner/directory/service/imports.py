"""Importing a list: stored as checked rows, judged for the preview, judged again and written in one go."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.tokens import random_token
from planner.base.types import swedish_sort_key
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
    companies = {**_make_companies(taken, code), **_change_companies(taken)}
    people = map_people({f.person.id for f in taken if f.person and f.person.id and f.changes})
    made = []
    for fate in taken:
        company_id = companies.get(fate.company)
        if fate.makes_person:
            made.append(_person_row(fate.row.values, code, company_id))
        elif fate.person and fate.person.id in people:
            _change_person(people[fate.person.id], fate, company_id)
    if made:
        db.session.execute(insert(Person), made)
    return ImportResult(
        companies=sum(fate.makes_company for fate in taken),
        people=len(made),
        updated=sum(bool(fate.changes) for fate in taken),
    )


def _make_companies(taken: list[Fate], code: str) -> dict[Ref | None, int]:
    """The ids of the companies that the fates make, inserted in one statement."""
    making = [fate for fate in taken if fate.makes_company]
    if not making:
        return {}
    rows = [_company_row(fate.row.values, code) for fate in making]
    # Name and number tell the new ones apart (else they had been judged the same): no order need be asked for.
    returned = insert(Company).returning(Company.id, Company.name, Company.organisation_number)
    ids = {(row.name, row.organisation_number): row.id for row in db.session.execute(returned, rows)}
    return {
        fate.company: ids[row["name"], row["organisation_number"]]
        for fate, row in zip(making, rows, strict=True)
    }


def _change_companies(taken: list[Fate]) -> dict[Ref | None, int]:
    """The ids of the companies that the fates only name or change; those that change are changed."""
    named = {fate.company.id for fate in taken if fate.company and fate.company.id}
    changes = [(f.company.id, c) for f in taken if f.company for c in f.changes if c.of == "company"]
    companies = {company.id: company for company in list_companies_by_id(id_ for id_, _c in changes if id_)}
    for id_, change in changes:
        if id_ in companies:
            setattr(companies[id_], change.field, change.after)
    return {Ref(id_): id_ for id_ in named}


# Rows for bulk inserts, which pass by the models' own hooks: the sort key and the first revision are given here.


def _company_row(values: dict[str, str], code: str) -> dict[str, Any]:
    return {
        "name": values["company"],
        "sort_key": swedish_sort_key(values["company"]),
        "revision": 1,
        "municipality_code": code,
        "organisation_number": values.get("organisation_number"),
        "sni_version": values.get("sni_version"),
        "sni_division": values.get("sni_division"),
        "size_class": values.get("size_class"),
        "website": values.get("website", ""),
    }


def _person_row(values: dict[str, str], code: str, company_id: int | None) -> dict[str, Any]:
    return {
        "name": values["name"],
        "sort_key": swedish_sort_key(values["name"]),
        "revision": 1,
        "municipality_code": code,
        "company_id": company_id,
        "email": values.get("email"),
        "phone": values.get("phone", ""),
        "work_title": values.get("work_title", ""),
        "is_contact": values.get("is_contact") == "yes",
    }


def _change_person(person: Person, fate: Fate, company_id: int | None) -> None:
    for change in fate.changes:
        if change.of != "person":
            continue
        if change.field == "company":
            person.company_id = company_id
        elif change.field == "is_contact":
            person.is_contact = change.after == "yes"
        else:
            setattr(person, change.field, change.after)
