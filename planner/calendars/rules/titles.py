"""What a feed is called, in its own language: feeds are written where no request has one."""

from planner.calendars.rules.entry import Language, ScopeKind

_TITLES: dict[Language, dict[ScopeKind, str]] = {
    "sv": {
        ScopeKind.MUNICIPALITY: "Träffar i {name}",
        ScopeKind.COORDINATED: "Träffar i {name} med grannkommuner",
        ScopeKind.COUNTY: "Träffar i {name}",
        ScopeKind.ORGANISATION: "Träffar från {name}",
        ScopeKind.COMPANY: "Träffar för {name}",
        ScopeKind.FACILITATOR: "Träffar som {name} leder",
        ScopeKind.COMPETENCE_AREA: "Träffar om {name}",
    },
    "en": {
        ScopeKind.MUNICIPALITY: "Sessions in {name}",
        ScopeKind.COORDINATED: "Sessions in {name} and its neighbours",
        ScopeKind.COUNTY: "Sessions in {name}",
        ScopeKind.ORGANISATION: "Sessions by {name}",
        ScopeKind.COMPANY: "Sessions for {name}",
        ScopeKind.FACILITATOR: "Sessions led by {name}",
        ScopeKind.COMPETENCE_AREA: "Sessions about {name}",
    },
}


def feed_title(scope: ScopeKind, name: str, language: Language) -> str:
    """The feed's title, "Träffar i Lindesberg"; a series or a cohort goes by its own name."""
    return _TITLES[language].get(scope, "{name}").replace("{name}", name)


def as_language(text: str | None) -> Language:
    """The language a feed is written in when this one is asked for: Swedish unless it is English."""
    return "en" if text == "en" else "sv"


def place_words(room: str, venue: str, address: str) -> str:
    """Room, venue and address on one line, each said once: what is nearest to the door comes first."""
    return ", ".join(dict.fromkeys(part.strip() for part in (room, venue, address) if part.strip()))
