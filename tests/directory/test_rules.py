from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from planner.base.errors import RefusedError
from planner.directory import rules


def test_competences_are_the_21_in_five_areas() -> None:
    assert len(rules.COMPETENCES) == 21
    assert len({item.area_sv for item in rules.COMPETENCES}) == 5
    assert rules.competence("2.5").name_sv == "Nätetikett"
    with pytest.raises(KeyError):
        rules.competence("9.9")


@pytest.mark.parametrize(
    ("version", "division", "letter"),
    [
        ("SNI2007", "25", "C"),
        ("SNI2025", "25", "C"),
        ("SNI2007", "62", "J"),
        ("SNI2025", "62", "K"),
        ("SNI2007", "45", "G"),
        ("SNI2025", "45", None),
        ("SNI2007", "35", "D"),
        ("SNI2025", "04", None),
        ("SNI2030", "25", None),
        (None, None, None),
    ],
)
def test_sni_section_depends_on_the_version(version: str, division: str, letter: str | None) -> None:
    section = rules.sni_section(version, division)
    # 04 lies between two sections' divisions and belongs to none.
    assert (section.letter if section else None) == letter


@pytest.mark.parametrize(
    ("typed", "version", "expected"),
    [
        ("25", None, ("SNI2025", "25")),
        ("25.110", None, ("SNI2025", "25")),
        (" 25 110 ", None, ("SNI2025", "25")),
        ("45", None, ("SNI2007", "45")),
        ("45200", "SNI2007", ("SNI2007", "45")),
        ("62", "SNI2007", ("SNI2007", "62")),
    ],
)
def test_clean_sni_division_reads_codes_as_typed(
    typed: str, version: str | None, expected: tuple[str, str]
) -> None:
    assert rules.clean_sni_division(typed, version) == expected


@pytest.mark.parametrize(
    ("typed", "version"), [("00", None), ("45", "SNI2025"), ("steel", None), ("2", None)]
)
def test_clean_sni_division_refuses_what_is_no_division(typed: str, version: str | None) -> None:
    with pytest.raises(RefusedError) as refused:
        rules.clean_sni_division(typed, version)
    assert refused.value.field == "sni_division"


def test_sector_filter_takes_in_every_division_of_both_versions() -> None:
    everything = [d for section in rules.sectors() for d in rules.sector_divisions(section.letter)]
    of_all = {d for section in rules.SNI_SECTIONS for d in section.divisions}
    assert sorted(everything) == sorted(of_all)
    assert rules.sector_divisions("?") == ()


@pytest.mark.parametrize(
    ("employees", "size"),
    [
        (0, "micro"),
        (9, "micro"),
        (10, "small"),
        (49, "small"),
        (50, "medium"),
        (249, "medium"),
        (250, "large"),
    ],
)
def test_size_class_of_has_its_limits_at_10_50_and_250(employees: int, size: str) -> None:
    assert rules.size_class_of(employees) == rules.SizeClass(size)


@pytest.mark.parametrize(
    "typed",
    [
        "5560360793",
        "556036-0793",
        " 556036 0793 ",
        "16556036-0793",
        "165560360793",
        "556036\u20130793",
        "556036.0793",
    ],
)
def test_clean_organisation_number_gives_ten_digits(typed: str) -> None:
    assert rules.clean_organisation_number(typed) == "5560360793"


PERSONAL = "personal identity number"
TEN = "has ten digits"
SLIP = "does not fit"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("811228-9874", PERSONAL),
        ("8112289874", PERSONAL),
        ("811228+9874", PERSONAL),
        ("198112289874", PERSONAL),
        ("19811228-9874", PERSONAL),
        ("200001019879", PERSONAL),
        ("16811228-9874", PERSONAL),
        ("8119289874", PERSONAL),
        ("556036-0794", SLIP),
        ("556036079", TEN),
        ("17556036-0793", TEN),
        ("", TEN),
        ("SE556036079301", TEN),
        ("٥٥٦٠٣٦٠٧٩٣", TEN),
    ],
)
def test_clean_organisation_number_refuses_with_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(RefusedError) as refused:
        rules.clean_organisation_number(typed)
    assert sentence in refused.value.message
    assert refused.value.field == "organisation_number"
    assert "9874" not in refused.value.message


@given(st.integers(min_value=0, max_value=999_999_999))
def test_clean_organisation_number_never_lets_a_month_through(nine: int) -> None:
    digits = f"{nine:09}"
    number = digits + luhn.calc_check_digit(digits)
    try:
        accepted = rules.clean_organisation_number(number)
    except RefusedError:
        assert number[2] in "01"
    else:
        assert accepted == number
        assert number[2] not in "01"


def test_shown_organisation_number_has_its_hyphen() -> None:
    assert rules.shown_organisation_number("5560360793") == "556036-0793"
    assert rules.shown_organisation_number(None) == ""


@pytest.mark.parametrize(
    ("text", "is_phone", "found"),
    [
        ("811228-9874", False, True),
        ("19811228-9874", False, True),
        ("19811228 9874", False, True),
        ("811228\u20139874", False, True),
        ("Anna (8112289874), chef", False, True),
        ("811228+9874", False, True),
        ("811288-9871", False, True),  # a coordination number: 60 is added to the day
        ("811228-9875", False, False),
        ("556036-0793", False, False),
        ("070-123 45 67", False, False),
        ("0701010123", False, luhn.is_valid("0701010123")),
        ("0112289871", False, luhn.is_valid("0112289871")),
        ("0112289871", True, False),
        ("011228-9871", True, luhn.is_valid("0112289871")),
        ("8112289874", True, True),
        ("", False, False),
    ],
)
def test_has_personal_number(text: str, is_phone: bool, found: bool) -> None:
    assert rules.has_personal_number(text, is_phone=is_phone) is found


@dataclass(frozen=True)
class Holder:
    id: int
    link_generation: int = 0


def test_person_token_begins_with_the_id_and_dies_with_its_generation() -> None:
    token = rules.person_token("secret", Holder(12))
    assert rules.person_id_in(token) == 12
    assert token == rules.person_token("secret", Holder(12))
    others = [Holder(12, 1), Holder(13)]
    assert token not in [rules.person_token("secret", other) for other in others]
    assert token != rules.person_token("another", Holder(12))


@pytest.mark.parametrize("token", ["", "-abc", "x-abc", "١-abc", "9999999999999-abc", "-1-abc"])
def test_person_id_in_gives_none_for_what_is_no_token(token: str) -> None:
    assert rules.person_id_in(token) is None
