"""What a feed says, in which window, order and words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.calendars import rules
from planner.calendars.rules import Detail, Entry, Position, ScopeKind, Variant
from planner.calendars.rules.text import WORDS
from planner.series_templates.rules import Mode

STOCKHOLM = ZoneInfo("Europe/Stockholm")
PUBLIC = Variant()
PRIVATE = Variant(private=True)
ENGLISH = Variant(language="en", private=True)
LINK = "https://meet.example/room"
ENTRY = Entry(
    uid="0a1b2c3d@planner.example",
    sequence=0,
    revised_at=datetime(2026, 8, 17, 9, 30, tzinfo=UTC),
    starts_at=datetime(2026, 10, 6, 11, tzinfo=UTC),
    ends_at=datetime(2026, 10, 6, 13, tzinfo=UTC),
    summary="Nulägesanalys",
)


def starting(at: datetime, **changes) -> Entry:
    return replace(ENTRY, starts_at=at, ends_at=at + timedelta(hours=2), **changes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"uid": "short"}, "A UID is"),
        ({"uid": "åäöåäöåäö@x"}, "A UID is"),
        ({"uid": "with space@x"}, "A UID is"),
        ({"uid": "x" * 256}, "A UID is"),
        ({"sequence": -1}, "SEQUENCE"),
        ({"sequence": 2**31}, "SEQUENCE"),
        ({"starts_at": datetime(2026, 10, 6, 11)}, "aware"),  # noqa: DTZ001 - naive on purpose
        ({"ends_at": ENTRY.starts_at}, "ends after"),
        ({"ends_at": ENTRY.starts_at + timedelta(microseconds=999_999)}, "ends after"),
        ({"zone": "Europe/Helsinki"}, "Europe/Stockholm only"),
        ({"position": Position(90.5, 0)}, "No place"),
        ({"position": Position(0, float("nan"))}, "No place"),
    ],
)
def test_entry_refuses_what_no_calendar_holds(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        replace(ENTRY, **changes)


@pytest.mark.parametrize("minutes", [-1, 40_321])
def test_variant_refuses_reminders_out_of_reach(minutes: int) -> None:
    with pytest.raises(ValueError, match="reminder"):
        Variant(reminder_minutes=minutes)


def test_variant_keys_differ_as_variants_do() -> None:
    all_variants = [
        Variant(language=language, private=private, reminder_minutes=minutes, detail=detail)
        for language in ("sv", "en")
        for private in (False, True)
        for minutes in (None, 0, 30)
        for detail in Detail
    ]
    assert len({variant.key for variant in all_variants}) == len(all_variants)
    assert Variant(private=True, reminder_minutes=30).key == "sv-private-full-30"


def test_uid_is_the_key_at_one_domain() -> None:
    key = "0b0f6f6a-3a55-4e1c-9d43-1f7f7a0f1f10"
    assert rules.uid_for(key) == f"{key}@stegvis.example"
    assert replace(ENTRY, uid=rules.uid_for(key)).uid == rules.uid_for(key)


def test_scopes_of_people_and_companies_are_not_public() -> None:
    assert {kind for kind in ScopeKind if not kind.is_public} == {
        ScopeKind.COHORT,
        ScopeKind.COMPANY,
        ScopeKind.FACILITATOR,
        ScopeKind.PARTICIPANT,
    }


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "written"),
    [
        # Winter and summer: the wall clock.
        (
            "2026-12-01T12:00Z",
            "2026-12-01T14:00Z",
            ("2026-12-01T13:00:00+01:00", "2026-12-01T15:00:00+01:00"),
        ),
        (
            "2026-06-02T11:00Z",
            "2026-06-02T13:00Z",
            ("2026-06-02T13:00:00+02:00", "2026-06-02T15:00:00+02:00"),
        ),
        # Over the change, but not inside the repeated hour.
        (
            "2026-10-24T23:59Z",
            "2026-10-25T02:00Z",
            ("2026-10-25T01:59:00+02:00", "2026-10-25T03:00:00+01:00"),
        ),
        (
            "2027-03-28T00:30Z",
            "2027-03-28T01:30Z",
            ("2027-03-28T01:30:00+01:00", "2027-03-28T03:30:00+02:00"),
        ),
        # Starting or ending inside it: UTC for both.
        (
            "2026-10-25T00:30Z",
            "2026-10-25T01:15Z",
            ("2026-10-25T00:30:00+00:00", "2026-10-25T01:15:00+00:00"),
        ),
        (
            "2026-10-24T20:00Z",
            "2026-10-25T00:00Z",
            ("2026-10-24T20:00:00+00:00", "2026-10-25T00:00:00+00:00"),
        ),
        (
            "2026-10-25T01:59Z",
            "2026-10-25T05:00Z",
            ("2026-10-25T01:59:00+00:00", "2026-10-25T05:00:00+00:00"),
        ),
        # Before the rule of 1996: UTC.
        (
            "1995-10-10T11:00Z",
            "1995-10-10T13:00Z",
            ("1995-10-10T11:00:00+00:00", "1995-10-10T13:00:00+00:00"),
        ),
        # Far ahead the rule still holds.
        (
            "2060-07-01T11:00Z",
            "2060-07-01T13:00Z",
            ("2060-07-01T13:00:00+02:00", "2060-07-01T15:00:00+02:00"),
        ),
    ],
)
def test_written_times(starts_at: str, ends_at: str, written: tuple[str, str]) -> None:
    entry = replace(
        ENTRY, starts_at=datetime.fromisoformat(starts_at), ends_at=datetime.fromisoformat(ends_at)
    )
    start, end = rules.written_times(entry)
    assert (start.isoformat(), end.isoformat()) == written


def midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(
    ("starts_at", "cancelled", "told"),
    [
        (midnight(2026, 9, 2), False, True),  # 90 days before 1 December
        (midnight(2026, 9, 2) - timedelta(seconds=1), False, False),
        (midnight(2026, 11, 1), True, True),  # 30 days before
        (midnight(2026, 11, 1) - timedelta(seconds=1), True, False),
        (midnight(2039, 1, 1), False, True),
        (midnight(2039, 1, 1), True, True),
    ],
)
def test_in_window(starts_at: datetime, cancelled: bool, told: bool) -> None:
    assert rules.in_window(starting(starts_at, cancelled=cancelled), date(2026, 12, 1)) is told


def test_places_sort_by_time_then_uid() -> None:
    early = starting(ENTRY.starts_at - timedelta(days=1), uid="zzzzzzzz")
    same_time = replace(ENTRY, uid="00000000")
    listed = sorted([ENTRY, same_time, early], key=rules.place)
    assert [entry.uid for entry in listed] == ["zzzzzzzz", "00000000", ENTRY.uid]


def test_left_scope_is_told_as_cancelled_for_thirty_days() -> None:
    left = rules.left_scope(replace(ENTRY, cancel_reason="Ny grupp", join_url=LINK))
    assert (left.cancelled, left.cancel_reason, left.uid) == (True, "", ENTRY.uid)
    assert rules.first_left_on(date(2026, 10, 31)) == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("typed", "block", "line"),
    [
        ("  a \t b  ", "a b", "a b"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd", "a b c d"),
        ("a\n\n\n\n\nb", "a\n\nb", "a b"),
        ("a\x00b\x07c\x1bd\x7f\x9f", "abcd", "abcd"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf", "a b c d e f"),
        ("\ufeffa\ud83db\uffff", "ab", "ab"),
        ("A\u030angstro\u0308m", "Ångström", "Ångström"),
        ("👩🏽‍💻 ok", "👩🏽‍💻 ok", "👩🏽‍💻 ok"),
        ("", "", ""),
    ],
)
def test_clean_typed_text(typed: str, block: str, line: str) -> None:
    assert (rules.clean_block(typed), rules.clean_line(typed)) == (block, line)


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("kort", 4, "kort"),
        ("ett två tre", 10, "ett två…"),
        ("ett två, tre", 10, "ett två…"),
        ("ett två tre", 8, "ett två…"),
        ("donaudampfschiff", 6, "donau…"),
        ("a donaudampfschiff", 8, "a donau…"),
        ("🤖🤖🤖", 6, "🤖🤖🤖"),
        ("🤖🤖🤖🤖", 6, "🤖🤖…"),
        ("xxxx👩🏽‍💻yyyyyyy", 9, "xxxx…"),
        ("ee\u0301xx", 3, "e…"),
    ],
)
def test_shorten(text: str, limit: int, short: str) -> None:
    assert rules.shorten(text, limit) == short


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.integers(2, 60))
def test_shorten_never_exceeds_the_limit_nor_invents(text: str, limit: int) -> None:
    short = rules.shorten(text, limit)
    assert len(short.encode("utf-16-le", "surrogatepass")) // 2 <= limit
    assert short == text or text.startswith(short.removesuffix("…"))


@pytest.mark.parametrize(
    ("typed", "uri"),
    [
        (" https://meet.example/a ", "https://meet.example/a"),
        ("HTTP://Meet.Example:8443/A?b=c,d;e#f", "http://meet.example:8443/A?b=c,d;e#f"),
        ("https://möte.example/å b?q=ö%20x", "https://xn--mte-sna.example/%C3%A5%20b?q=%C3%B6%20x"),
        ("https://user:secret@meet.example/", "https://meet.example/"),
        ("https://meet.example/a\r\nATTENDEE:x", "https://meet.example/a%20ATTENDEE:x"),
        ("meet.example/a", ""),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("https://a..b/", ""),
        ("https://x.example:99999/", ""),
        ("https://x.example/" + "a" * 2000, ""),
        ("", ""),
        (None, ""),
    ],
)
def test_as_uri(typed: str | None, uri: str) -> None:
    assert rules.as_uri(typed) == uri


@pytest.mark.parametrize(
    ("variant", "changes", "said"),
    [
        (PUBLIC, {}, "Nulägesanalys"),
        (PUBLIC, {"cancelled": True}, "INSTÄLLT: Nulägesanalys"),
        (ENGLISH, {"cancelled": True}, "CANCELLED: Nulägesanalys"),
        (PUBLIC, {"summary": "  "}, "Träff"),
        (ENGLISH, {"summary": "\n"}, "Session"),
        (PUBLIC, {"summary": "a\nb"}, "a b"),
        (PUBLIC, {"summary": "ord " * 100}, "ord " * 62 + "ord…"),
        (PUBLIC, {"summary": "x" * 300, "cancelled": True}, "INSTÄLLT: " + "x" * 244 + "…"),
    ],
)
def test_summary(variant: Variant, changes: dict[str, object], said: str) -> None:
    assert rules.summary(replace(ENTRY, **changes), variant) == said
    assert len(said) <= 255


@pytest.mark.parametrize(
    ("variant", "changes", "said"),
    [
        (PUBLIC, {"place": "Sal 1,\nMasugnen"}, "Sal 1, Masugnen"),
        (PRIVATE, {"place": "Sal 1", "mode": Mode.HYBRID, "join_url": LINK}, "Sal 1"),
        (PUBLIC, {"mode": Mode.DIGITAL, "join_url": LINK}, "Digitalt"),
        (ENGLISH, {"mode": Mode.DIGITAL, "join_url": LINK}, LINK),
        (ENGLISH, {"mode": Mode.DIGITAL, "join_url": LINK, "cancelled": True}, "Online"),
        (ENGLISH, {"mode": Mode.DIGITAL}, "Online"),
        (PRIVATE, {"mode": Mode.DIGITAL, "join_url": LINK + "x" * 300}, "Digitalt"),
        (PUBLIC, {"place": f"Sal 1 {LINK}", "join_url": LINK}, "Sal 1"),
        (PUBLIC, {"place": "x" * 256}, "x" * 254 + "…"),
    ],
)
def test_location(variant: Variant, changes: dict[str, object], said: str) -> None:
    assert rules.location(replace(ENTRY, **changes), variant) == said


RICH = replace(
    ENTRY,
    mode=Mode.HYBRID,
    series_title="Digital kompetens",
    step="Steg 1",
    goals="Ett\nTvå",
    preparation=f"Läs. Prova {LINK} innan.",
    facilitators=("Handledare Ett", "Handledare Två"),
    place="Sal 1",
    join_url=LINK,
    page_url="https://planner.example/1",
)


def test_description_private_swedish() -> None:
    assert rules.description(RICH, PRIVATE).split("\n\n") == [
        f"På plats och digitalt\nAnslut: {LINK}",
        "Digital kompetens\nSteg 1",
        "Mål:\nEtt\nTvå",
        f"Förberedelser:\nLäs. Prova {LINK} innan.",
        "Handledare: Handledare Ett, Handledare Två",
        "Läs mer: https://planner.example/1",
    ]


def test_description_public_tells_no_link_and_no_names() -> None:
    assert rules.description(RICH, PUBLIC).split("\n\n") == [
        "På plats och digitalt",
        "Digital kompetens\nSteg 1",
        "Mål:\nEtt\nTvå",
        "Förberedelser:\nLäs. Prova innan.",
        "Läs mer: https://planner.example/1",
    ]


def test_description_brief_and_cancelled_in_english() -> None:
    brief = replace(ENGLISH, detail=Detail.BRIEF)
    assert rules.description(RICH, brief) == (
        f"On site and online\nJoin: {LINK}\n\nRead more: https://planner.example/1"
    )
    cancelled = replace(RICH, cancelled=True, cancel_reason="Illness", page_url=None)
    assert rules.description(cancelled, brief) == "Reason: Illness\nOn site and online"


def test_description_long_text_is_cut_and_links_are_kept() -> None:
    long = replace(RICH, goals="ord " * 4000, cancelled=True, cancel_reason="så " * 1000)
    told = rules.description(long, PRIVATE)
    assert 7900 < len(told) < 8000
    assert told.endswith("ord…\n\nLäs mer: https://planner.example/1")
    assert f"Anslut: {LINK}" in rules.description(replace(long, cancelled=False), PRIVATE)


def test_categories_are_clean_and_once_each() -> None:
    entry = replace(ENTRY, categories=("b", "a\n1", " ", "b "))
    assert rules.categories(entry) == ("b", "a 1")


def test_words_are_there_for_every_language_and_mode() -> None:
    for words in WORDS.values():
        assert set(words.modes) == set(Mode)
        texts = [getattr(words, name) for name in words.__slots__ if name != "modes"]
        assert all(texts)


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=400),
    st.builds(Variant, language=st.sampled_from(["sv", "en"]), private=st.booleans()),
    st.booleans(),
)
def test_texts_keep_their_lengths(text: str, variant: Variant, cancelled: bool) -> None:
    entry = replace(
        RICH, summary=text, place=text, goals=text * 30, cancelled=cancelled, cancel_reason=text * 9
    )
    assert len(rules.summary(entry, variant)) <= 255
    assert len(rules.location(entry, variant)) <= 255
    assert len(rules.description(entry, variant)) < 8000


def test_validator_is_weak_and_of_head_and_marks_in_their_order() -> None:
    tag = rules.validator(b"head", [b"one", b"two"])
    others = {rules.validator(b"head", [b"two", b"one"]), rules.validator(b"Head", [b"one", b"two"])}
    assert tag == rules.validator(b"head", [b"one", b"two"])
    assert len({tag, *others}) == 3
    assert tag.startswith('W/"')
    assert tag.endswith('"')


@pytest.mark.parametrize(
    ("header", "known"),
    [
        ('W/"abc"', True),
        ('"abc"', True),
        ('"x", W/"abc" , "y"', True),
        ('"x","a,b","abc"', True),
        ("*", True),
        (" * ", True),
        ('"abcd"', False),
        ('"x", W/"ab"', False),
        ("abc", False),
        ('w/"', False),
        ("", False),
    ],
)
def test_is_known_etag(header: str, known: bool) -> None:
    assert rules.is_known_etag(header, 'W/"abc"') is known
