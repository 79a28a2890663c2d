"""What becomes of every line of an uploaded list, judged against what is already known, before anything is written.

The lines are judged in order and each sees what the ones before it would have made, so that a company named by five
lines is made once. Judging is pure: the same lines and the same directory give the same fates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from planner.directory.rules.import_rows import ImportRow, Refusal


class FateKind(StrEnum):
    """What becomes of a line."""

    new_company = "new_company"
    new_person = "new_person"
    update = "update"
    unchanged = "unchanged"
    duplicate = "duplicate"
    refused = "refused"

    @property
    def label(self) -> LazyString:
        """The fate in the page's language."""
        return _KINDS[self]


_KINDS = {
    FateKind.new_company: _l("New company"),
    FateKind.new_person: _l("New person"),
    FateKind.update: _l("Update"),
    FateKind.unchanged: _l("Unchanged"),
    FateKind.duplicate: _l("Twice in the list"),
    FateKind.refused: _l("Refused"),
}


@dataclass(frozen=True, slots=True)
class Ref:
    """A company or person: one that exists (`id`) or one that the line `row` would make."""

    id: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class KnownCompany:
    """A company as the directory has it, or as an earlier line would leave it."""

    ref: Ref
    name: str
    organisation_number: str | None = None
    sni_version: str | None = None
    sni_division: str | None = None
    size_class: str | None = None
    website: str = ""
    is_archived: bool = False
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person as the directory has them."""

    id: int
    name: str
    email: str | None = None
    phone: str = ""
    work_title: str = ""
    is_contact: bool = False
    company: Ref | None = None
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One value that a line would change; both as stored, companies by name."""

    of: str  # "company" or "person"
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of the line `row`.

    `company` and `person` point at what is made or changed, None when the line has no such thing. `duplicate_of` is
    the number of the line that already says the same.
    """

    row: ImportRow
    kind: FateKind
    company: Ref | None = None
    person: Ref | None = None
    changes: tuple[Change, ...] = ()
    refusal: Refusal | None = None
    duplicate_of: int | None = None

    @property
    def makes_company(self) -> bool:
        """Whether this very line makes the company."""
        return self.company is not None and self.company.row == self.row.number

    @property
    def makes_person(self) -> bool:
        """Whether this line makes a person."""
        return self.person is not None and self.person.id is None


def judge(
    rows: Iterable[ImportRow], companies: Sequence[KnownCompany], people: Sequence[KnownPerson]
) -> tuple[Fate, ...]:
    """The fate of every line, in order."""
    bench = _Bench(companies, people)
    return tuple(bench.judge(row) for row in rows)


def fingerprint(fates: Iterable[Fate]) -> str:
    """A digest that differs when any line's fate does: what was seen on the preview is what is written."""
    seen = hashlib.sha256()
    for fate in fates:
        seen.update(repr(fate).encode())
    return seen.hexdigest()


class _RefusedLineError(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class _Bench:
    """What is known while the lines are judged, one after the other."""

    def __init__(self, companies: Sequence[KnownCompany], people: Sequence[KnownPerson]) -> None:
        self.companies: dict[Ref, KnownCompany] = {}
        self.by_number: dict[str, Ref] = {}
        self.by_name: dict[str, list[Ref]] = {}
        for company in companies:
            self._learn(company)
        self.by_email = {person.email: person for person in people if person.email}
        self.by_place: dict[tuple[str, Ref | None], KnownPerson] = {}
        for person in people:
            self.by_place.setdefault((_key(person.name), person.company), person)
        self.seen_companies: dict[Ref, int] = {}
        self.seen_people: dict[object, int] = {}

    def judge(self, row: ImportRow) -> Fate:
        if row.refusal:
            return Fate(row, FateKind.refused, refusal=row.refusal)
        try:
            company = self._find_company(row)
            person = self._find_person(row, company)
        except _RefusedLineError as refused:
            return Fate(row, FateKind.refused, refusal=refused.refusal)
        if (before := self._already(row, company, person)) is not None:
            return Fate(row, FateKind.duplicate, duplicate_of=before)
        return self._decide(row, company, person)

    def _find_company(self, row: ImportRow) -> KnownCompany | None:
        """The known company that the line means; None when it names none or a new one."""
        number = row.values.get("organisation_number")
        if "company" not in row.values:
            return None
        if number and number in self.by_number:
            return self._usable(self.companies[self.by_number[number]])
        named = [self.companies[ref] for ref in self.by_name.get(_key(row.values["company"]), ())]
        if number:
            named = [company for company in named if company.organisation_number is None]
        in_use = [company for company in named if not company.is_archived]
        if len(in_use) > 1:
            raise _RefusedLineError(Refusal.company_unclear)
        if named and not in_use:
            raise _RefusedLineError(Refusal.company_archived)
        return in_use[0] if in_use else None

    def _usable(self, company: KnownCompany) -> KnownCompany:
        if company.is_elsewhere:
            raise _RefusedLineError(Refusal.company_elsewhere)
        if company.is_archived:
            raise _RefusedLineError(Refusal.company_archived)
        return company

    def _find_person(self, row: ImportRow, company: KnownCompany | None) -> KnownPerson | None:
        """The known person that the line means: by address, else by name within the company."""
        name, email = row.values.get("name"), row.values.get("email")
        if not name:
            return None
        person = self.by_email.get(email or "")
        is_new_company = "company" in row.values and company is None
        if person is None and not is_new_company:
            person = self.by_place.get((_key(name), company.ref if company else None))
            if person is not None and email and person.email:
                person = None  # the same name with another address: another person
        if person is not None and person.is_archived:
            raise _RefusedLineError(Refusal.person_archived)
        return person

    def _already(
        self, row: ImportRow, company: KnownCompany | None, person: KnownPerson | None
    ) -> int | None:
        """The number of an earlier line that said the same, None (and remembered) when this is the first."""
        values = row.values
        if not values.get("name"):
            return self.seen_companies.get(company.ref) if company else None
        where = company.ref if company else _key(values.get("company", ""))
        marks: list[object] = [("name", _key(values["name"]), where)]
        own: list[object] = [("id", person.id)] if person else []
        if values.get("email"):
            own.append(("email", values["email"]))
        before = next((self.seen_people[mark] for mark in own or marks if mark in self.seen_people), None)
        if before is None:
            self.seen_people |= {mark: row.number for mark in [*own, *marks] if mark not in self.seen_people}
        return before

    def _decide(self, row: ImportRow, company: KnownCompany | None, person: KnownPerson | None) -> Fate:
        changes: list[Change] = []
        made = company is None and "company" in row.values
        if made:
            company = self._learn(_new_company(row))
            self._move_marks(row, company)
        elif company:
            changes += self._company_changes(row, company)
        if company:
            self.seen_companies.setdefault(company.ref, row.number)
        who = Ref(person.id) if person else Ref(row=row.number) if row.values.get("name") else None
        if person:
            changes += self._person_changes(row, person, company)
        if made:
            kind = FateKind.new_company
        elif who and not person:
            kind = FateKind.new_person
        else:
            kind = FateKind.update if changes else FateKind.unchanged
        return Fate(row, kind, company.ref if company else None, who, tuple(changes))

    def _move_marks(self, row: ImportRow, company: KnownCompany) -> None:
        """A person seen at a company that had no ref yet is from now on looked for under it."""
        if name := row.values.get("name"):
            self.seen_people.setdefault(("name", _key(name), company.ref), row.number)

    def _company_changes(self, row: ImportRow, company: KnownCompany) -> list[Change]:
        keys = ("organisation_number", "sni_version", "sni_division", "size_class", "website")
        given = {key: row.values[key] for key in keys if key in row.values}
        if given.get("sni_division") == company.sni_division:
            # A list gives no version: the same division leaves the one that is stored.
            given = {key: value for key, value in given.items() if not key.startswith("sni_")}
        changes = [
            Change("company", key, getattr(company, key) or "", value)
            for key, value in given.items()
            if value != (getattr(company, key) or "")
        ]
        self._learn(replace(company, **given), again=True)  # type: ignore[arg-type]  # keys are its own text fields
        return changes

    def _person_changes(
        self, row: ImportRow, person: KnownPerson, company: KnownCompany | None
    ) -> list[Change]:
        before = {
            "name": person.name,
            "email": person.email or "",
            "phone": person.phone,
            "work_title": person.work_title,
            "is_contact": "yes" if person.is_contact else "no",
        }
        changes = [
            Change("person", key, was, row.values[key])
            for key, was in before.items()
            if row.values.get(key) and row.values[key] != was
        ]
        if company and company.ref != person.company:
            was_at = self.companies.get(person.company) if person.company else None
            changes.append(Change("person", "company", was_at.name if was_at else "", company.name))
        return changes

    def _learn(self, company: KnownCompany, *, again: bool = False) -> KnownCompany:
        self.companies[company.ref] = company
        if company.organisation_number:
            self.by_number[company.organisation_number] = company.ref
        if not again and not company.is_elsewhere:
            self.by_name.setdefault(_key(company.name), []).append(company.ref)
        return company


def _new_company(row: ImportRow) -> KnownCompany:
    values = row.values
    return KnownCompany(
        Ref(row=row.number),
        values["company"],
        values.get("organisation_number"),
        values.get("sni_version"),
        values.get("sni_division"),
        values.get("size_class"),
        values.get("website", ""),
    )


def _key(name: str) -> str:
    return " ".join(name.casefold().split())
