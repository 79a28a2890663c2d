"""The words of calendar feeds: entry, variant, calendar head and scope."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from planner.base.clock import ZONE
from planner.base.config import UID_DOMAIN
from planner.series_templates.rules import Mode

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")

# Since 1996 Swedish summer time ends on October's last Sunday, as the feeds' VTIMEZONE says for all years.
_RULE_SINCE = datetime(1996, 1, 1, tzinfo=UTC)
# ASCII that needs no escaping in any calendar format; 8-255 is what clients accept.
_UID = re.compile(r"[A-Za-z0-9._@+-]{8,255}")


class Detail(StrEnum):
    """How much of the description a feed carries."""

    FULL = "full"
    BRIEF = "brief"  # mode and links only: time and place are always there


class Colour(StrEnum):
    """The colours a feed may ask for: names from CSS Color 3, as RFC 7986 section 5.9 wants them."""

    TEAL = "teal"
    STEEL_BLUE = "steelblue"
    SEA_GREEN = "seagreen"
    SLATE_BLUE = "slateblue"
    GOLDENROD = "goldenrod"
    CHOCOLATE = "chocolate"
    CRIMSON = "crimson"
    SLATE_GREY = "slategray"


class ScopeKind(StrEnum):
    """What a feed is the calendar of."""

    SERIES = "series"
    COHORT = "cohort"
    SESSION = "session"
    MUNICIPALITY = "municipality"
    COORDINATED = "coordinated"  # a municipality and the neighbours it coordinates
    COUNTY = "county"
    ORGANISATION = "organisation"
    COMPANY = "company"
    FACILITATOR = "facilitator"
    PARTICIPANT = "participant"
    SUPPORT_ACTOR = "support_actor"
    COMPETENCE_AREA = "competence_area"

    @property
    def is_public(self) -> bool:
        """Whether anyone may see it: its feeds may have a readable address, and never a joining link."""
        return self in PUBLIC_SCOPES


PUBLIC_SCOPES = frozenset(
    {
        ScopeKind.SERIES,
        ScopeKind.SESSION,
        ScopeKind.MUNICIPALITY,
        ScopeKind.COORDINATED,
        ScopeKind.COUNTY,
        ScopeKind.ORGANISATION,
        ScopeKind.SUPPORT_ACTOR,
        ScopeKind.COMPETENCE_AREA,
    }
)


class SubjectKey(NamedTuple):
    """Which calendar: a ScopeKind's value, or one of the scopes that only narrow others, and the key in it."""

    scope: str
    key: str


# Calendars without an address: every session of a mode, every session with a free seat. Feeds are narrowed by them.
MODE_SCOPE = "mode"
OPEN_SUBJECT = SubjectKey("open", "1")
NARROWING_SCOPES = frozenset({MODE_SCOPE, OPEN_SUBJECT.scope})


class Position(NamedTuple):
    """A place on Earth, in degrees of WGS 84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Everything a feed may say of one session.

    `uid` never changes. `sequence` and `revised_at` (aware, UTC) are stored with the session and move
    together at every change that shows here. `starts_at` and `ends_at` are aware, half-open, and told to
    the second. Text is as it was typed; `place` is the venue and room in words. Raises ValueError for what
    no calendar could hold.
    """

    uid: str
    sequence: int
    revised_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    zone: str = ZONE.key
    mode: Mode = Mode.ON_SITE
    series_title: str = ""
    step: str = ""
    goals: str = ""
    preparation: str = ""
    note: str = ""
    facilitators: tuple[str, ...] = ()
    place: str = ""
    position: Position | None = None
    join_url: str | None = None
    page_url: str | None = None
    cancelled: bool = False
    cancel_reason: str = ""
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what would make a calendar lie or break."""
        if not _UID.fullmatch(self.uid):
            raise ValueError(f"A UID is 8-255 letters, digits or . _ @ + -, not {self.uid!r}")
        if not 0 <= self.sequence < 2**31:
            raise ValueError(f"SEQUENCE is a 31-bit number, not {self.sequence}")
        if any(at.utcoffset() is None for at in (self.revised_at, self.starts_at, self.ends_at)):
            raise ValueError("Times of an entry are aware")
        if self.ends_at.replace(microsecond=0) <= self.starts_at.replace(microsecond=0):
            raise ValueError("An entry ends after it starts")
        if self.zone != ZONE.key:
            raise ValueError(f"Feeds carry the rules of {ZONE.key} only, not {self.zone}")
        if self.position and not (
            -90 <= self.position.latitude <= 90 and -180 <= self.position.longitude <= 180
        ):
            raise ValueError(f"No place on Earth: {self.position}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """How entries are said in one kind of feed. `reminder_minutes` None asks for no alarm."""

    language: Language = "sv"
    private: bool = False
    reminder_minutes: int | None = None
    detail: Detail = Detail.FULL

    def __post_init__(self) -> None:
        """Refuse a reminder after the start or more than four weeks before."""
        if self.reminder_minutes is not None and not 0 <= self.reminder_minutes <= 4 * 7 * 24 * 60:
            raise ValueError("A reminder comes 0 minutes to 4 weeks before the start")

    @property
    def number(self) -> int:
        """Its place in STORED_VARIANTS: what the bytes of events are stored under, whatever the reminder."""
        return STORED_VARIANTS.index(replace(self, reminder_minutes=None))

    @property
    def key(self) -> str:
        """A short name for stored bytes, such as `sv-private-full-30`: equal variants, equal keys."""
        reminder = "none" if self.reminder_minutes is None else str(self.reminder_minutes)
        return "-".join([self.language, "private" if self.private else "public", self.detail, reminder])


# Every way in which an event is made beforehand. Only the end of the list may grow: numbers are stored.
STORED_VARIANTS: tuple[Variant, ...] = tuple(
    Variant(private=private, language=language, detail=detail)
    for private in (False, True)
    for language in LANGUAGES
    for detail in Detail
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Which of a subject's sessions a feed keeps: those of one mode, those with a free seat."""

    mode: Mode | None = None
    open_seats: bool = False

    @property
    def subjects(self) -> tuple[SubjectKey, ...]:
        """The narrowing as calendars of their own: a session is kept if it stands in each of them."""
        mode = (SubjectKey(MODE_SCOPE, self.mode.value),) if self.mode else ()
        return (*mode, OPEN_SUBJECT) if self.open_seats else mode


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWish:
    """What the holder of a feed chooses: its name, how it says things, which sessions it keeps."""

    name: str
    variant: Variant = field(default_factory=Variant)
    narrowing: Narrowing = field(default_factory=Narrowing)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarHead:
    """What a feed says of itself, above its sessions."""

    name: str
    description: str = ""
    colour: Colour = Colour.TEAL
    language: Language = "sv"


def uid_for(key: str) -> str:
    """The UID of the session with this immutable key, the same in every feed, invitation and installation."""
    return f"{key}@{UID_DOMAIN}"


def written_times(entry: Entry) -> tuple[datetime, datetime]:
    """Start and end as they are written: both on Stockholm's wall clock, or both in UTC.

    UTC is for the two cases where the wall clock would not name the same instant to every reader. First,
    the hour that comes twice when summer time ends: RFC 5545 section 3.3.5 lets 02:30 mean only the first,
    so that an end in the second could lie before its start. Second, dates before 1996, when summer time
    ended in September. Readers show the right time for both; Outlook adds the words "Coordinated Universal
    Time". The hour that the clock skips in spring belongs to no instant, so it never has to be written.
    """
    start, end = (at.astimezone(ZONE).replace(microsecond=0) for at in (entry.starts_at, entry.ends_at))
    if start < _RULE_SINCE or _comes_twice(start) or _comes_twice(end):
        return start.astimezone(UTC), end.astimezone(UTC)
    return start, end


def _comes_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
