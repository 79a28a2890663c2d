"""Feeds as bytes: kept golden files, read back by four readers, and held to their format for any input.

`REWRITE_GOLDEN=1 python -m pytest tests/calendars/test_ical.py` rewrites tests/golden/*.ics; read the diff.
"""

# ruff: noqa: DTZ001 - hypothesis and dateutil want their bounds without a zone.

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.rrule import rrulestr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner.calendars.ical import calendar_bytes, event_bytes
from planner.calendars.rules import (
    CalendarHead,
    Colour,
    Detail,
    Entry,
    Position,
    Variant,
    description,
    location,
    place,
    summary,
)
from planner.series_templates.rules import Mode
from tests.calendars.readers import READERS, Told, assert_well_folded, unfolded

GOLDEN = Path(__file__).parents[1] / "golden"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
PUBLIC = Variant()
PRIVATE = Variant(private=True)
HEAD = CalendarHead(
    name="Digital kompetens i flera steg, Lindesberg",
    description="Träffar i serien; öppna för alla företag",
    colour=Colour.SEA_GREEN,
)


def local(year: int, month: int, day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, fold=fold, tzinfo=STOCKHOLM).astimezone(UTC)


NEW = Entry(
    uid="7f3c2a90-session@planner.example",
    sequence=0,
    revised_at=datetime(2026, 8, 17, 9, 30, 12, 345678, tzinfo=UTC),
    starts_at=local(2026, 10, 6, 13),
    ends_at=local(2026, 10, 6, 15),
    summary="Nulägesanalys",
    series_title="Digital kompetens i flera steg",
    step="Steg 1: Var står vi?",
    goals="Ni vet var ni står.\nNi har valt två områden.",
    preparation="Ta med en dator.",
    facilitators=("Handledare Ett", "Handledare Två"),
    place="Masugnen, Kristinavägen 1, Lindesberg",
    position=Position(59.593812, 15.228349),
    page_url="https://planner.example/series/1/sessions/1",
    categories=("Digital kompetens", "Industri, små företag"),
)
MOVED = replace(
    NEW,
    sequence=1,
    revised_at=datetime(2026, 9, 1, 7, tzinfo=UTC),
    starts_at=local(2026, 10, 13, 9),
    ends_at=local(2026, 10, 13, 11, 30),
)
CANCELLED = replace(
    MOVED,
    sequence=2,
    revised_at=datetime(2026, 10, 9, 14, 5, tzinfo=UTC),
    cancelled=True,
    cancel_reason="Handledaren är sjuk",
)
HYBRID = replace(
    NEW,
    uid="1b6d77e4-session@planner.example",
    mode=Mode.HYBRID,
    join_url="https://möte.example/rum/åtta?kod=a;b,c&lösen=1",
)
DIGITAL = replace(HYBRID, uid="55aa0c1d-session@planner.example", mode=Mode.DIGITAL, place="")
CLOCK_CHANGE = [
    replace(NEW, uid=f"change-{n}@planner.example", starts_at=start, ends_at=end, summary=title)
    for n, (title, start, end) in enumerate(
        [
            ("Sista veckan med sommartid", local(2026, 10, 20, 13), local(2026, 10, 20, 15)),
            ("Över natten då klockan ställs om", local(2026, 10, 24, 22), local(2026, 10, 25, 6)),
            ("Slut i timmen som kommer igen", local(2026, 10, 25, 2, 30), local(2026, 10, 25, 2, 15, fold=1)),
            ("Första veckan med vintertid", local(2026, 10, 27, 13), local(2026, 10, 27, 15)),
            ("Natten då sommartid börjar", local(2027, 3, 28, 1, 30), local(2027, 3, 28, 3, 30)),
        ]
    )
]
# One letter more each time: whichever octet the fold comes at, some letter lies across it.
SWEDISH = [
    replace(NEW, uid=f"swedish-{n}@planner.example", summary="x" * n + "åäöÅÄÖéü" * 12) for n in range(4)
]
EMOJI = replace(NEW, summary="Träff 👩🏽‍💻 om robotar 🤖 " + "👨‍👩‍👧‍👦" * 12, goals="🎯 Mål 1\n🎯 Mål 2")
PUNCTUATION = replace(
    NEW,
    summary='Pris, kvalitet; C:\\Nya\\ny\\;mapp: "a" = b\noch nästa rad\\',
    goals="Första raden, andra; tredje\\n är inte slut\r\nNästa rad\n\n\n\nC:\\Nya",
    place='Sal "Ett"; plan 2, rum A:1\\B',
    categories=("a,b", "c;d", "e\\n"),
)
ENGLISH = Variant(language="en", private=True, reminder_minutes=30, detail=Detail.BRIEF)

FILES: dict[str, tuple[CalendarHead, list[Entry], Variant]] = {
    "new": (HEAD, [NEW], PUBLIC),
    "moved": (HEAD, [MOVED], PUBLIC),
    "cancelled": (HEAD, [CANCELLED], PUBLIC),
    "hybrid_public": (HEAD, [HYBRID, DIGITAL], PUBLIC),
    "hybrid_private": (HEAD, [HYBRID, DIGITAL], PRIVATE),
    "private_english_reminder": (
        replace(HEAD, language="en"),
        [HYBRID, replace(CANCELLED, mode=Mode.HYBRID)],
        ENGLISH,
    ),
    "clock_change": (HEAD, CLOCK_CHANGE, PUBLIC),
    "swedish_fold": (HEAD, SWEDISH, PUBLIC),
    "emoji": (HEAD, [EMOJI], PUBLIC),
    "punctuation": (HEAD, [PUNCTUATION], PUBLIC),
    "empty": (HEAD, [], PUBLIC),
}


def feed(head: CalendarHead, entries: list[Entry], variant: Variant) -> bytes:
    return calendar_bytes(head, [event_bytes(entry, variant) for entry in entries])


def meant(entries: list[Entry], variant: Variant) -> list[Told]:
    return sorted(
        Told(
            entry.uid,
            entry.starts_at.replace(microsecond=0),
            entry.ends_at.replace(microsecond=0),
            "CANCELLED" if entry.cancelled else "CONFIRMED",
            summary(entry, variant),
            location(entry, variant),
            description(entry, variant),
        )
        for entry in entries
    )


@pytest.mark.parametrize("name", FILES)
def test_feed_golden_bytes(name: str) -> None:
    path = GOLDEN / f"{name}.ics"
    body = feed(*FILES[name])
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_bytes(body)
    assert body == path.read_bytes()
    assert_well_folded(body)


def test_golden_folder_holds_these_files_only() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.ics")) == sorted(FILES)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("name", FILES)
def test_feed_readers_agree(name: str, read) -> None:
    _, entries, variant = FILES[name]
    assert read((GOLDEN / f"{name}.ics").read_bytes()) == meant(entries, variant)


def test_feed_zone_comes_before_first_event_and_in_empty_feed() -> None:
    for name in ("new", "empty"):
        lines = unfolded(feed(*FILES[name]))
        zone = lines.index("BEGIN:VTIMEZONE")
        first = lines.index("BEGIN:VEVENT") if name == "new" else len(lines)
        assert zone < first
        assert [line for line in lines if line.startswith("BEGIN:")][:4] == [
            "BEGIN:VCALENDAR",
            "BEGIN:VTIMEZONE",
            "BEGIN:STANDARD",
            "BEGIN:DAYLIGHT",
        ]
        assert lines.count("BEGIN:STANDARD") == lines.count("BEGIN:DAYLIGHT") == 1


@pytest.mark.parametrize("name", FILES)
def test_feed_leaves_out_what_breaks_clients(name: str) -> None:
    calendar = icalendar.Calendar.from_ical(feed(*FILES[name]))
    assert not {"METHOD", "UID"} & set(calendar)
    for event in calendar.walk("VEVENT"):
        unwanted = {"RRULE", "RDATE", "DURATION", "ATTENDEE", "ORGANIZER", "CREATED", "STYLED-DESCRIPTION"}
        assert not unwanted & set(event)
        assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt
    assert not calendar.walk("VLOCATION")


def test_feed_head_properties() -> None:
    calendar = icalendar.Calendar.from_ical(feed(*FILES["empty"]))
    assert {name: value.to_ical().decode() for name, value in calendar.items()} == {
        "VERSION": "2.0",
        "PRODID": "-//Planner//Calendar feed//SV",
        "CALSCALE": "GREGORIAN",
        "NAME": r"Digital kompetens i flera steg\, Lindesberg",
        "X-WR-CALNAME": r"Digital kompetens i flera steg\, Lindesberg",
        "DESCRIPTION": r"Träffar i serien\; öppna för alla företag",
        "X-WR-CALDESC": r"Träffar i serien\; öppna för alla företag",
        "X-WR-TIMEZONE": "Europe/Stockholm",
        "REFRESH-INTERVAL": "PT1H",
        "X-PUBLISHED-TTL": "PT1H",
        "COLOR": "seagreen",
    }
    assert calendar["REFRESH-INTERVAL"].params == {"VALUE": "DURATION"}


def test_event_cancelled_is_free_time_without_alarm_or_joining_link() -> None:
    lines = unfolded(
        event_bytes(replace(CANCELLED, mode=Mode.HYBRID, join_url="https://x.example/1"), ENGLISH)
    )
    assert "STATUS:CANCELLED" in lines
    assert "TRANSP:TRANSPARENT" in lines
    assert "SUMMARY:CANCELLED: Nulägesanalys" in lines
    assert "BEGIN:VALARM" not in lines
    assert not any("x.example" in line for line in lines)


@pytest.mark.parametrize("entry", [HYBRID, DIGITAL])
def test_event_joining_link_in_private_variant_only(entry: Entry) -> None:
    link = "https://xn--mte-sna.example/rum/%C3%A5tta?kod=a;b,c&l%C3%B6sen=1"
    private, public = (unfolded(event_bytes(entry, variant)) for variant in (PRIVATE, PUBLIC))
    assert f"CONFERENCE;VALUE=URI;FEATURE=VIDEO:{link}" in private
    assert "CLASS:PRIVATE" in private
    assert "CLASS:PUBLIC" in public
    assert not any("rum/" in line or line.startswith("CONFERENCE") for line in public)


def test_event_position_is_told_twice_with_the_location_as_title() -> None:
    event = icalendar.Event.from_ical(event_bytes(NEW, PUBLIC))
    assert event["GEO"].to_ical() == "59.593812;15.228349"
    apple = event["X-APPLE-STRUCTURED-LOCATION"]
    assert str(apple) == "geo:59.593812,15.228349"
    assert apple.params["X-TITLE"] == str(event["LOCATION"])


@pytest.mark.parametrize(
    "entry",
    [DIGITAL, replace(NEW, place=""), replace(NEW, position=None), replace(DIGITAL, position=NEW.position)],
)
def test_event_without_place_or_position_has_no_geo(entry: Entry) -> None:
    event = icalendar.Event.from_ical(event_bytes(entry, PUBLIC))
    assert not {"GEO", "X-APPLE-STRUCTURED-LOCATION"} & set(event)


def test_event_position_near_zero_has_no_exponent() -> None:
    lines = unfolded(event_bytes(replace(NEW, position=Position(-1e-9, 1e-6)), PUBLIC))
    assert "GEO:0.000000;0.000001" in lines


def test_event_alarm_only_when_asked() -> None:
    assert b"VALARM" not in event_bytes(NEW, PRIVATE)
    event = icalendar.Event.from_ical(event_bytes(NEW, replace(PRIVATE, reminder_minutes=90)))
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(minutes=-90)
    assert alarm["ACTION"] == "DISPLAY"
    assert alarm["DESCRIPTION"] == "Nulägesanalys"


def test_event_repeated_hour_is_written_in_utc() -> None:
    lines = unfolded(event_bytes(CLOCK_CHANGE[2], PUBLIC))
    assert "DTSTART:20261025T003000Z" in lines
    assert "DTEND:20261025T011500Z" in lines
    assert "DTSTART;TZID=Europe/Stockholm:20261024T220000" in unfolded(event_bytes(CLOCK_CHANGE[1], PUBLIC))


def test_zone_rules_are_those_of_the_zone_data() -> None:
    """Fails the day Sweden's clock follows other rules than the feeds say."""
    zone = icalendar.Calendar.from_ical(feed(*FILES["empty"])).walk("VTIMEZONE")[0]
    ruled = {}
    for part in zone.subcomponents:
        rule = rrulestr(part["RRULE"].to_ical().decode(), dtstart=part["DTSTART"].dt)
        before, after = part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
        for wall in rule.between(datetime(1996, 1, 1), datetime(2061, 1, 1)):
            ruled[(wall - before).replace(tzinfo=UTC)] = (before, after)
    assert len(ruled) == 2 * 65
    hour = timedelta(hours=1)
    at = datetime(1996, 1, 1, tzinfo=UTC)
    changes = {}
    while at.year < 2061:
        before, after = ((at - hour).astimezone(STOCKHOLM).utcoffset(), at.astimezone(STOCKHOLM).utcoffset())
        if before != after:
            changes[at] = (before, after)
        at += hour
    assert changes == ruled


# Characters that calendar formats and line splitters stumble over, among any others.
texts = st.text(
    st.sampled_from('aå😀👩🏽‍💻\\Nn;,:"^\r\n\t\x00\x0b\x1c\x85\u2028\ufeff\xa0 ') | st.characters(),
    max_size=120,
)
uids = st.from_regex(r"[A-Za-z0-9._@+-]{8,60}", fullmatch=True)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC))
# The hours around each end of summer time, where clocks are hardest to read.
autumns = st.builds(
    lambda year, minutes: (
        datetime(year, 10, 25, tzinfo=UTC)
        + timedelta(days=(6 - datetime(year, 10, 25).weekday()), minutes=minutes - 240)
    ),
    st.integers(2000, 2060),
    st.integers(0, 600),
)
lengths = st.timedeltas(timedelta(seconds=1), timedelta(days=3)) | st.sampled_from(
    [timedelta(minutes=45), timedelta(hours=2)]
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    start = draw(moments | autumns)
    return Entry(
        uid=draw(uids),
        sequence=draw(st.integers(0, 2**31 - 1)),
        revised_at=draw(moments),
        starts_at=start,
        ends_at=start + draw(lengths),
        summary=draw(texts),
        mode=draw(st.sampled_from(Mode)),
        goals=draw(texts),
        preparation=draw(texts),
        series_title=draw(texts),
        facilitators=tuple(draw(st.lists(texts, max_size=2))),
        place=draw(texts),
        position=draw(st.none() | st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))),
        join_url=draw(st.none() | texts.map(lambda text: f"https://meet.example/{text}") | texts),
        cancelled=draw(st.booleans()),
        cancel_reason=draw(texts),
        categories=tuple(draw(st.lists(texts, max_size=2))),
    )


variants = st.builds(
    Variant,
    language=st.sampled_from(["sv", "en"]),
    private=st.booleans(),
    reminder_minutes=st.none() | st.integers(0, 40000),
    detail=st.sampled_from(Detail),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(entries(), max_size=2, unique_by=lambda entry: entry.uid), variants, texts)
@example([PUNCTUATION], PRIVATE, "")
def test_feed_any_entry_survives_the_way_there_and_back(
    given_entries: list[Entry], variant: Variant, name: str
) -> None:
    head = CalendarHead(name=name, description=name)
    body = feed(head, given_entries, variant)
    assert body == feed(head, [replace(entry) for entry in given_entries], variant)
    assert_well_folded(body)
    for read in READERS:
        assert read(body) == meant(given_entries, variant)


@settings(max_examples=60, deadline=None)
@given(moments | autumns, lengths)
def test_feed_any_instant_survives_every_reader(start: datetime, length: timedelta) -> None:
    entry = replace(NEW, starts_at=start, ends_at=start + length)
    body = feed(HEAD, [entry], PUBLIC)
    for read in READERS:
        (told,) = read(body)
        assert (told.starts_at, told.ends_at) == (
            entry.starts_at.replace(microsecond=0),
            entry.ends_at.replace(microsecond=0),
        )


def test_feed_order_and_bytes_do_not_depend_on_the_order_given() -> None:
    orders = ([NEW, *CLOCK_CHANGE], [*CLOCK_CHANGE[::-1], NEW])
    one, other = (sorted(order, key=place) for order in orders)
    assert feed(HEAD, one, PUBLIC) == feed(HEAD, other, PUBLIC)
