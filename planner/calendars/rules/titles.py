"""What a feed is called, in its own language: feeds are written where no request has one."""

from collections.abc import Mapping

from planner.calendars.rules.entry import Language, Narrowing, ScopeKind
from planner.series_templates.rules import Mode

_TITLES: dict[Language, dict[ScopeKind, str]] = {
    "sv": {
        ScopeKind.MUNICIPALITY: "Träffar i {name}",
        ScopeKind.COORDINATED: "Träffar i {name} med grannkommuner",
        ScopeKind.COUNTY: "Träffar i {name}",
        ScopeKind.ORGANISATION: "Träffar från {name}",
        ScopeKind.COMPANY: "Träffar för {name}",
        ScopeKind.FACILITATOR: "Träffar som {name} leder",
        ScopeKind.PARTICIPANT: "Mina träffar",
        ScopeKind.SUPPORT_ACTOR: "Träffar med {name}",
        ScopeKind.COMPETENCE_AREA: "Träffar om {name}",
    },
    "en": {
        ScopeKind.MUNICIPALITY: "Sessions in {name}",
        ScopeKind.COORDINATED: "Sessions in {name} and its neighbours",
        ScopeKind.COUNTY: "Sessions in {name}",
        ScopeKind.ORGANISATION: "Sessions by {name}",
        ScopeKind.COMPANY: "Sessions for {name}",
        ScopeKind.FACILITATOR: "Sessions led by {name}",
        ScopeKind.PARTICIPANT: "My sessions",
        ScopeKind.SUPPORT_ACTOR: "Sessions with {name}",
        ScopeKind.COMPETENCE_AREA: "Sessions about {name}",
    },
}


def feed_title(scope: ScopeKind, name: str, language: Language) -> str:
    """The feed's title, "Träffar i Lindesberg"; a series, a session or a cohort goes by its own name."""
    return _TITLES[language].get(scope, "{name}").replace("{name}", name)


def as_language(text: str | None) -> Language:
    """The language a feed is written in when this one is asked for: Swedish unless it is English."""
    return "en" if text == "en" else "sv"


def as_narrowing(asked: Mapping[str, str]) -> Narrowing:
    """What `mode` and `open` of an address narrow a feed to; what is not understood narrows nothing."""
    mode = asked.get("mode", "")
    return Narrowing(mode=Mode(mode) if mode in set(Mode) else None, open_seats=asked.get("open") == "1")


def kept_choices(asked: Mapping[str, str]) -> dict[str, str]:
    """What is understood of an address's choices, to be said again in another one: as_narrowing reads it back."""
    narrowing = as_narrowing(asked)
    mode = {"mode": narrowing.mode.value} if narrowing.mode else {}
    seats = {"open": "1"} if narrowing.open_seats else {}
    language = {"lang": as_language(asked["lang"])} if "lang" in asked else {}
    return {**mode, **seats, **language}


def place_words(room: str, venue: str, address: str) -> str:
    """Room, venue and address on one line, each said once: what is nearest to the door comes first."""
    return ", ".join(dict.fromkeys(part.strip() for part in (room, venue, address) if part.strip()))
