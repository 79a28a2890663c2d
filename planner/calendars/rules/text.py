"""The sentences of a feed: plain text, cleaned, short enough, and silent about what must not be told."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from planner.calendars.rules.entry import Detail, Entry, Language, Variant
from planner.series_templates.rules import Mode

# What Outlook keeps of SUMMARY and LOCATION (MS-OXCICAL, VEVENT), and a little less than of DESCRIPTION.
LINE_LIMIT = 255
BLOCK_LIMIT = 7999
_REASON_LIMIT = 1000
_URI_LIMIT = 2000

_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, half characters that UTF-8 cannot hold, byte order marks and non-characters.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed words of one language. Kept here, since feeds are written where no request has a language."""

    session: str
    cancelled: str
    reason: str
    join: str
    online: str
    goals: str
    preparation: str
    facilitators: str
    page: str
    modes: dict[Mode, str]


WORDS: dict[Language, Words] = {
    "sv": Words(
        session="Träff",
        cancelled="INSTÄLLT",
        reason="Orsak",
        join="Anslut",
        online="Digitalt",
        goals="Mål",
        preparation="Förberedelser",
        facilitators="Handledare",
        page="Läs mer",
        modes={Mode.ON_SITE: "På plats", Mode.DIGITAL: "Digitalt", Mode.HYBRID: "På plats och digitalt"},
    ),
    "en": Words(
        session="Session",
        cancelled="CANCELLED",
        reason="Reason",
        join="Join",
        online="Online",
        goals="Goals",
        preparation="Preparation",
        facilitators="Facilitators",
        page="Read more",
        modes={Mode.ON_SITE: "On site", Mode.DIGITAL: "Online", Mode.HYBRID: "On site and online"},
    ),
}


def clean_block(text: str) -> str:
    """Typed text without control characters, its lines parted by newlines, no two empty ones in a row."""
    text = _UNSEEN.sub("", _LINE_BREAK.sub("\n", text))
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
    text = "\n".join(line.strip() for line in text.split("\n"))
    return re.sub("\n{3,}", "\n\n", text).strip()


def clean_line(text: str) -> str:
    """Typed text on one line."""
    return " ".join(clean_block(text).split())


def shorten(text: str, limit: int) -> str:
    """The text if it is at most `limit` long, else cut at a word and ended by an ellipsis.

    Length is counted in UTF-16 units, as Outlook does: never less than the number of characters.
    """
    if _length(text) <= limit:
        return text
    cut = limit - 1
    while (over := _length(text[:cut]) - (limit - 1)) > 0:
        cut -= (over + 1) // 2
    kept = text[: _word_end(text, cut)].rstrip(" \n,;:.-–")
    return f"{kept}…"


def as_uri(text: str | None) -> str:
    """A typed web address as an ASCII URI, or "" if there is none that a client could open."""
    typed = clean_line(text or "")
    try:
        parts = urlsplit(typed)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # also UnicodeError: a host no name server could know
        return ""
    if parts.scheme not in {"http", "https"} or not host or re.search(r"[^\w.-]", host):
        return ""
    path, query, fragment = (
        quote(part, safe="/?:@!$&'()*+,;=%~-._") for part in (parts.path, parts.query, parts.fragment)
    )
    uri = urlunsplit((parts.scheme, host + port, path, query, fragment))
    return uri if len(uri) <= _URI_LIMIT else ""


def join_uri(entry: Entry, variant: Variant) -> str:
    """Where the meeting is joined, or "": told in private feeds only, and not of a cancelled session."""
    if not variant.private or entry.cancelled or entry.mode is Mode.ON_SITE:
        return ""
    return as_uri(entry.join_url)


def summary(entry: Entry, variant: Variant) -> str:
    """The session's title, with "INSTÄLLT: " before it when cancelled, at most 255 long."""
    words = WORDS[variant.language]
    prefix = f"{words.cancelled}: " if entry.cancelled else ""
    title = clean_line(_tellable(entry.summary, entry, variant)) or words.session
    return prefix + shorten(title, LINE_LIMIT - len(prefix))


def location(entry: Entry, variant: Variant) -> str:
    """Where to go, at most 255 long: the place, for digital sessions the joining link or "Digitalt"."""
    if entry.mode is Mode.DIGITAL:
        joining = join_uri(entry, variant)
        # A cut link opens nothing: a long one is in the description only.
        return joining if 0 < len(joining) <= LINE_LIMIT else WORDS[variant.language].online
    return shorten(clean_line(_tellable(entry.place, entry, variant)), LINE_LIMIT)


def categories(entry: Entry) -> tuple[str, ...]:
    """The entry's categories on one line each, in their order, each once."""
    cleaned = (shorten(clean_line(category), LINE_LIMIT) for category in entry.categories)
    return tuple(dict.fromkeys(category for category in cleaned if category))


def description(entry: Entry, variant: Variant) -> str:
    """What the session is about, under 8000 characters. Links are kept whole; typed text is cut."""
    words = WORDS[variant.language]
    reason = shorten(clean_line(_tellable(entry.cancel_reason, entry, variant)), _REASON_LIMIT)
    above = [
        _labelled(words.reason, reason if entry.cancelled else ""),
        words.modes[entry.mode],
        _labelled(words.join, join_uri(entry, variant)),
    ]
    first = "\n".join(line for line in above if line)
    last = _labelled(words.page, as_uri(entry.page_url))
    room = BLOCK_LIMIT - _length(first) - _length(last) - 4
    body = shorten(_body(entry, variant, words), room) if variant.detail is Detail.FULL else ""
    return "\n\n".join(block for block in (first, body, last) if block)


def _body(entry: Entry, variant: Variant, words: Words) -> str:
    def typed(text: str) -> str:
        return clean_block(_tellable(text, entry, variant))

    titles = [clean_line(typed(title)) for title in (entry.series_title, entry.step)]
    # A person's name is for those who hold a link of their own, not for search engines.
    names = [clean_line(name) for name in entry.facilitators] if variant.private else []
    blocks = [
        "\n".join(title for title in titles if title),
        typed(entry.note),
        _titled(words.goals, typed(entry.goals)),
        _titled(words.preparation, typed(entry.preparation)),
        _labelled(words.facilitators, ", ".join(name for name in names if name)),
    ]
    return "\n\n".join(block for block in blocks if block)


def _tellable(text: str, entry: Entry, variant: Variant) -> str:
    """The text without the joining link, where someone pasted it into a place or a title of a public feed."""
    if variant.private or not entry.join_url or not entry.join_url.strip():
        return text
    return text.replace(entry.join_url.strip(), "")


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text}" if text else ""


def _titled(label: str, text: str) -> str:
    return f"{label}:\n{text}" if text else ""


def _length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _word_end(text: str, cut: int) -> int:
    """The last place at or before `cut` where a word ends, or a character, in a text with very long words."""
    for at in range(cut, cut // 2, -1):
        if text[at].isspace():
            return at
    while cut > 1 and (_continues(text[cut]) or text[cut - 1] == _JOINER):
        cut -= 1
    return cut


def _continues(character: str) -> bool:
    """Whether it belongs to the sign before it: an accent, a skin tone, a joiner, a flag's letters."""
    return (
        unicodedata.category(character).startswith("M")
        or character == _JOINER
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )
