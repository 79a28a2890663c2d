from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.errors import RefusedError
from planner.directory.rules import clean_position, clean_website
from planner.directory.rules.import_columns import HEADINGS, TEMPLATE_COLUMNS, Column, recognise_columns
from planner.directory.rules.import_fates import (
    Change,
    FateKind,
    KnownCompany,
    KnownPerson,
    Ref,
    fingerprint,
    judge,
)
from planner.directory.rules.import_rows import ImportRow, Refusal, read_row

NUMBER = "5560360793"


@pytest.mark.parametrize(
    ("headings", "held"),
    [
        (
            ["Företag", "Org.nr", "Namn", "E-post"],
            ["company", "organisation_number", "name", "email"],
        ),
        (
            ["company name", "FIRST NAME", "Last_name", "E-Mail"],
            ["company", "first_name", "last_name", "email"],
        ),
        (["Förnamn", "Favoritfärg", "Mobil-nr"], ["first_name", None, None]),
        (["Kontaktperson", "Telefon", "SNI-kod", "Antal anställda"], ["name", "phone", "sni", "size"]),
    ],
)
def test_headings_are_recognised_in_two_languages(headings: list[str], held: list[str | None]) -> None:
    assert list(recognise_columns(headings).held) == held


def test_unknown_headings_are_named_and_names_are_needed() -> None:
    assert recognise_columns(["Namn", "Favoritfärg", ""]).left_out == ("Favoritfärg",)
    with pytest.raises(RefusedError) as refused:
        recognise_columns(["E-post", "Telefon"])
    assert refused.value.field == "file"


def test_no_heading_means_two_things() -> None:
    every = [heading for names in HEADINGS.values() for heading in names.split()]
    assert len(every) == len(set(every))
    assert set(TEMPLATE_COLUMNS) <= set(Column)


def row(number: int = 2, **cells: str) -> ImportRow:
    columns = recognise_columns(
        ["name", *[HEADINGS[Column(key)].split()[0] for key in cells if key != "name"]]
    )
    values = [cells.get("name", ""), *[value for key, value in cells.items() if key != "name"]]
    return read_row(number, values, columns, "Lindesberg")


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ({"name": " Bo   Ek "}, {"name": "Bo Ek"}),
        ({"first_name": "Bo", "last_name": "Ek"}, {"name": "Bo Ek"}),
        ({"name": "Bo", "email": "Bo.Ek@Example.Test"}, {"name": "Bo", "email": "bo.ek@example.test"}),
        ({"name": "Bo", "phone": "'+46 70 1"}, {"name": "Bo", "phone": "+46 70 1"}),
        ({"name": "Bo", "kind": "Deltagare"}, {"name": "Bo", "is_contact": "no"}),
        (
            {"name": "Bo", "email": "b@e.se", "kind": "kontakt"},
            {"name": "Bo", "email": "b@e.se", "is_contact": "yes"},
        ),
        (
            {"company": "AB", "organisation_number": "16556036-0793", "sni": "25.110", "size": "12"},
            {
                "company": "AB",
                "organisation_number": NUMBER,
                "sni_version": "SNI2025",
                "sni_division": "25",
                "size_class": "small",
            },
        ),
        ({"company": "AB", "size": "Mikro"}, {"company": "AB", "size_class": "micro"}),
        ({"company": "AB", "website": "www.ab.se"}, {"company": "AB", "website": "https://www.ab.se"}),
        ({"name": "Bo", "municipality": "Lindesbergs kommun"}, {"name": "Bo"}),
        ({"name": "Bo", "municipality": "LINDESBERG"}, {"name": "Bo"}),
        ({"name": "Bo", "phone": "0112289871"}, {"name": "Bo", "phone": "0112289871"}),
    ],
)
def test_cells_become_checked_values(cells: dict[str, str], values: dict[str, str]) -> None:
    assert row(**cells) == ImportRow(2, values)


@pytest.mark.parametrize(
    ("cells", "refusal"),
    [
        ({"name": "Bo", "email": "bo@"}, Refusal.email),
        ({"email": "bo@example.test"}, Refusal.name_missing),
        ({"phone": "1"}, Refusal.name_missing),
        ({"company": "AB", "organisation_number": "5560360794"}, Refusal.organisation_number),
        ({"company": "AB", "sni": "00"}, Refusal.sni),
        ({"company": "AB", "size": "många"}, Refusal.size),
        ({"company": "AB", "website": "javascript:alert(1)"}, Refusal.website),
        ({"name": "Bo", "kind": "chef"}, Refusal.kind),
        ({"name": "Bo", "kind": "kontakt"}, Refusal.contact_email),
        ({"name": "Bo", "municipality": "Nora"}, Refusal.other_municipality),
        ({"name": "x" * 201}, Refusal.too_long),
        ({"name": "Bo", "phone": "1" * 41}, Refusal.too_long),
    ],
)
def test_a_row_with_a_slip_is_refused_and_still_named(cells: dict[str, str], refusal: Refusal) -> None:
    read = row(**cells)
    assert read.refusal == refusal
    assert set(read.values) <= {"name", "email", "company", "phone", "work_title", "is_contact"}


@pytest.mark.parametrize(
    ("cells", "refusal"),
    [
        ({"name": "Bo", "organisation_number": "811228-9874", "company": "Bo Ek"}, Refusal.sole_trader),
        ({"name": "Bo", "organisation_number": "19811228-9875", "company": "Bo Ek"}, Refusal.sole_trader),
        ({"name": "Bo 811228-9874"}, Refusal.personal_number),
        ({"name": "Bo", "phone": "198112289874"}, Refusal.personal_number),
        ({"name": "Bo", "email": "=HYPERLINK(1)"}, Refusal.formula),
    ],
)
def test_a_row_that_must_not_be_kept_leaves_nothing(cells: dict[str, str], refusal: Refusal) -> None:
    assert row(**cells) == ImportRow(2, {}, refusal)


def test_a_personal_number_in_a_column_left_out_refuses_the_row() -> None:
    columns = recognise_columns(["Namn", "Pnr"])
    assert read_row(2, ["Bo", "811228-9874"], columns, "Nora") == ImportRow(2, {}, Refusal.personal_number)
    assert read_row(2, ["Bo", "", "8112289874"], columns, "Nora").refusal == Refusal.personal_number


def test_every_refusal_and_fate_has_its_words() -> None:
    assert all(str(refusal.sentence) for refusal in Refusal)
    assert all(str(kind.label) for kind in FateKind)


VERKSTAD = KnownCompany(Ref(1), "Verkstaden AB", NUMBER, size_class="small")
SMEDJAN = KnownCompany(Ref(2), "Smedjan", website="https://smedjan.se")
BO = KnownPerson(10, "Bo Ek", "bo@example.test", phone="1", company=Ref(1))
CIA = KnownPerson(11, "Cia Al", None, company=Ref(2))


def fates(*rows: dict[str, Any], companies: Any = (VERKSTAD, SMEDJAN), people: Any = (BO, CIA)) -> Any:
    return judge([ImportRow(number, values) for number, values in enumerate(rows, 2)], companies, people)


@pytest.mark.parametrize(
    ("values", "kind", "company", "person", "changes"),
    [
        ({"company": "Nya", "name": "Eva"}, "new_company", Ref(row=2), Ref(row=2), ()),
        ({"company": "Nya"}, "new_company", Ref(row=2), None, ()),
        ({"company": "smedjan ", "name": "Eva"}, "new_person", Ref(2), Ref(row=2), ()),
        ({"name": "Eva"}, "new_person", None, Ref(row=2), ()),
        ({"company": "Smedjan"}, "unchanged", Ref(2), None, ()),
        ({"name": "Bo Ek", "email": "bo@example.test"}, "unchanged", None, Ref(10), ()),
        ({"company": "Verkstan", "organisation_number": NUMBER}, "unchanged", Ref(1), None, ()),
        (
            {"company": "Smedjan", "name": "cia al"},
            "update",
            Ref(2),
            Ref(11),
            (("name", "Cia Al", "cia al"),),
        ),
        (
            {"company": "Smedjan", "name": "Cia Al", "email": "c@example.test"},
            "update",
            Ref(2),
            Ref(11),
            (("email", "", "c@example.test"),),
        ),
        (
            {"company": "Smedjan", "organisation_number": "5566778899"},
            "update",
            Ref(2),
            None,
            (("organisation_number", "", "5566778899"),),
        ),
        (
            {"company": "Verkstaden AB", "organisation_number": "5566778899"},
            "new_company",
            Ref(row=2),
            None,
            (),
        ),
        (
            {"company": "Smedjan", "name": "Bo Ek", "email": "bo@example.test", "phone": "2"},
            "update",
            Ref(2),
            Ref(10),
            (("phone", "1", "2"), ("company", "Verkstaden AB", "Smedjan")),
        ),
        (
            {"company": "Verkstaden AB", "name": "Bo Ek", "email": "other@example.test"},
            "new_person",
            Ref(1),
            Ref(row=2),
            (),
        ),
        (
            {"name": "Bo Ek", "email": "bo@example.test", "is_contact": "yes"},
            "update",
            None,
            Ref(10),
            (("is_contact", "no", "yes"),),
        ),
        (
            {"company": "Verkstaden AB", "size_class": "large"},
            "update",
            Ref(1),
            None,
            (("size_class", "small", "large"),),
        ),
    ],
)
def test_one_row_is_judged(
    values: dict[str, str], kind: str, company: Ref, person: Ref, changes: tuple[tuple[str, str, str], ...]
) -> None:
    (fate,) = fates(values)
    assert fate.kind == kind
    assert (fate.company, fate.person) == (company, person)
    assert tuple((change.field, change.before, change.after) for change in fate.changes) == changes


@pytest.mark.parametrize(
    ("known", "values", "refusal"),
    [
        ({"is_archived": True}, {"company": "X"}, Refusal.company_archived),
        (
            {"is_archived": True},
            {"company": "Y", "organisation_number": NUMBER},
            Refusal.company_archived,
        ),
        ({"is_elsewhere": True}, {"company": "Y", "organisation_number": NUMBER}, Refusal.company_elsewhere),
    ],
)
def test_a_company_that_cannot_be_used_refuses_the_row(
    known: dict[str, bool], values: dict[str, str], refusal: Refusal
) -> None:
    (fate,) = fates(values, companies=[KnownCompany(Ref(1), "X", NUMBER, **known)], people=[])
    assert (fate.kind, fate.refusal) == (FateKind.refused, refusal)


def test_a_company_elsewhere_does_not_count_by_name() -> None:
    elsewhere = KnownCompany(Ref(1), "X", NUMBER, is_elsewhere=True)
    assert fates({"company": "X"}, companies=[elsewhere], people=[])[0].kind == FateKind.new_company


def test_two_companies_of_one_name_need_the_number() -> None:
    twins = [KnownCompany(Ref(1), "X", NUMBER), KnownCompany(Ref(2), "X", "5566778899")]
    without, with_number = fates(
        {"company": "X"}, {"company": "X", "organisation_number": NUMBER}, companies=twins, people=[]
    )
    assert without.refusal == Refusal.company_unclear
    assert with_number.company == Ref(1)


def test_an_archived_person_refuses_the_row() -> None:
    gone = KnownPerson(1, "Bo", "bo@example.test", is_archived=True)
    (fate,) = fates({"name": "Bo", "email": "bo@example.test"}, people=[gone])
    assert fate.refusal == Refusal.person_archived


def test_later_rows_see_what_earlier_ones_would_make() -> None:
    found = fates(
        {"company": "Nya", "name": "Eva", "email": "e@example.test"},
        {"company": "NYA", "name": "Pia"},
        {"company": "Nya", "name": "Eva Olika", "email": "e@example.test"},
        {"company": "Nya", "name": "pia"},
        {"company": "Nya"},
        {"company": "Nya", "name": "Eva"},
        {"name": "Bo Ek", "email": "bo@example.test"},
        {"company": "Verkstaden AB", "name": "Bo Ek"},
    )
    assert [fate.kind for fate in found] == [
        "new_company", "new_person", "duplicate", "duplicate", "duplicate", "duplicate", "unchanged", "duplicate",
    ]  # fmt: skip
    assert found[1].company == Ref(row=2)
    assert [fate.duplicate_of for fate in found] == [None, None, 2, 3, 2, 2, None, 8]


def test_a_company_changed_twice_shows_both_changes() -> None:
    first, second, third = fates(
        {"company": "Smedjan", "size_class": "small"},
        {"company": "Smedjan", "size_class": "large", "name": "Eva"},
        {"company": "Smedjan", "size_class": "large", "name": "Pia"},
    )
    assert first.changes == (Change("company", "size_class", "", "small"),)
    assert second.changes == (Change("company", "size_class", "small", "large"),)
    assert third.changes == ()


def test_the_same_division_leaves_the_stored_version() -> None:
    coded = KnownCompany(Ref(1), "X", sni_version="SNI2007", sni_division="25")
    same, other = fates(
        {"company": "X", "sni_version": "SNI2025", "sni_division": "25"},
        {"company": "X", "sni_version": "SNI2025", "sni_division": "26", "name": "Eva"},
        companies=[coded],
        people=[],
    )
    assert same.kind == FateKind.unchanged
    assert [change.after for change in other.changes] == ["SNI2025", "26"]


def test_the_fingerprint_follows_every_fate() -> None:
    rows = ({"company": "Smedjan", "name": "Eva"},)
    seen = fingerprint(fates(*rows))
    assert seen == fingerprint(fates(*rows))
    assert seen != fingerprint(fates(*rows, companies=[VERKSTAD]))
    assert seen != fingerprint(fates({"company": "Smedjan", "name": "Pia"}))


_names = st.sampled_from(["Eva", "Bo Ek", "Cia Al", "Pia"])
_companies = st.sampled_from(["Nya", "Smedjan", "Verkstaden AB", "Andra"])
_emails = st.sampled_from(["e@example.test", "bo@example.test", "c@example.test"])
_lines = st.lists(
    st.fixed_dictionaries({"name": _names}, optional={"company": _companies, "email": _emails}), max_size=12
)


@given(_lines)
def test_no_two_rows_make_or_change_the_same(lines: list[dict[str, str]]) -> None:
    found = fates(*lines)
    assert [fate.row.number for fate in found] == list(range(2, len(lines) + 2))
    people = [fate.person for fate in found if fate.person]
    assert len(people) == len(set(people))
    made = [fate.row.values["company"] for fate in found if fate.makes_company]
    assert len(made) == len(set(made))
    emails = [fate.row.values["email"] for fate in found if fate.makes_person and "email" in fate.row.values]
    assert len(emails) == len(set(emails))
    assert all(fate.duplicate_of < fate.row.number for fate in found if fate.duplicate_of)


def test_5_000_rows_are_read_and_judged() -> None:
    columns = recognise_columns(["Företag", "Namn", "E-post", "Telefon"])
    rows = [
        read_row(
            n, [f"Företag {n % 700}", f"Person {n}", f"p{n}@example.test", "070-123 45 67"], columns, "Nora"
        )
        for n in range(2, 5002)
    ]
    known = [KnownCompany(Ref(n), f"Företag {n}") for n in range(350)]
    found = judge(rows, known, [])
    assert sum(fate.makes_person for fate in found) == 5000
    assert sum(fate.makes_company for fate in found) == 350


@pytest.mark.parametrize(
    ("typed", "position"),
    [
        ("59.5926, 15.2312", (59.5926, 15.2312)),
        ("59,5926; 15,2312", (59.5926, 15.2312)),
        ("59.5926 15.2312", (59.5926, 15.2312)),
        ("59.5926,15.2312", (59.5926, 15.2312)),
        ("-33.9, 18", (-33.9, 18.0)),
        (" ", None),
    ],
)
def test_clean_position(typed: str, position: tuple[float, float] | None) -> None:
    assert clean_position(typed) == position


@pytest.mark.parametrize("typed", ["59.5926", "north, east", "91, 15", "59, 181"])
def test_clean_position_refuses(typed: str) -> None:
    with pytest.raises(RefusedError) as refused:
        clean_position(typed)
    assert refused.value.field == "position"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("", ""),
        ("www.example.se", "https://www.example.se"),
        ("http://example.se/x", "http://example.se/x"),
        ("HTTPS://example.se", "HTTPS://example.se"),
        ("åkeri.se", "https://åkeri.se"),
    ],
)
def test_clean_website(typed: str, address: str) -> None:
    assert clean_website(typed) == address


@pytest.mark.parametrize("typed", ["javascript:alert(1)", "example", "data:text/html,x", "http://", "a b.se"])
def test_clean_website_refuses(typed: str) -> None:
    with pytest.raises(RefusedError):
        clean_website(typed)
