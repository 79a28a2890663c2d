"""Pure decisions of accounts: what a password must be, how long links live, what a browser is called."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.base.errors import RefusedError
from planner.base.viewer import Role


class Purpose(StrEnum):
    """What a one-time link is for."""

    sign_in = "sign_in"
    reset = "reset"
    invite = "invite"


LIFETIMES = {
    Purpose.sign_in: timedelta(minutes=20),
    Purpose.reset: timedelta(minutes=20),
    Purpose.invite: timedelta(days=7),
}

# A browser that has not been here for this long has to sign in again.
STAY = timedelta(days=30)
# The last visit is noted this often at most, so that reading pages seldom writes.
SEEN_EVERY = timedelta(minutes=10)

MIN_LENGTH, MAX_LENGTH = 10, 200

ROLE_NAMES: dict[Role, LazyString] = {
    Role.owner: _l("Owner"),
    Role.organiser: _l("Organiser"),
    Role.facilitator: _l("Facilitator"),
    Role.guide: _l("Guide"),
    Role.reader: _l("Reader"),
}
ROLE_MEANINGS: dict[Role, LazyString] = {
    Role.owner: _l("Does everything an organiser does, and decides who the colleagues are."),
    Role.organiser: _l("Plans series and sessions, keeps companies and people, publishes."),
    Role.facilitator: _l("Leads sessions and takes attendance."),
    Role.guide: _l("Receives needs from companies and answers them."),
    Role.reader: _l("Sees sums and figures, changes nothing."),
}

# Words that most guessed passwords are made of, once digits, signs and letter play are taken away.
_GUESSED_FIRST = frozenset(
    (Path(__file__).parent / "data" / "guessed_words.txt").read_text(encoding="utf-8").split()
)
_ROWS = ("abcdefghijklmnopqrstuvwxyzåäö", "01234567890123456789", "qwertyuiopå", "asdfghjklöä", "zxcvbnm")
_PLAY = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})


def check_password(password: str, *, email: str = "", name: str = "") -> None:
    """Raise RefusedError beside `password` when it is too short, too long or among the first to be guessed.

    There are no rules on which characters to use (NIST SP 800-63B, 5.1.1.2).
    """
    if len(password) < MIN_LENGTH:
        words = _("Use at least %(n)s characters. A few words in a row are easy to remember.", n=MIN_LENGTH)
    elif len(password) > MAX_LENGTH:
        words = _("Use at most %(n)s characters.", n=MAX_LENGTH)
    elif is_easily_guessed(password, email=email, name=name):
        words = _("This is among the first that someone would guess. A few words in a row are safer.")
    else:
        return
    raise RefusedError(words, field="password")


def is_easily_guessed(password: str, *, email: str = "", name: str = "") -> bool:
    """Whether the password is one much-used word, a run of keys, a repetition, or the person's own name."""
    text = password.casefold()
    if len(set(text)) < 5 or _is_repeated(text) or _is_run(text):
        return True
    plain = _letters(text)
    played = _letters(re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text).translate(_PLAY))
    own = {_letters(part.casefold()) for part in [*re.split(r"[@.\s_+-]+", email), *name.split(), name]}
    guessed = _GUESSED_FIRST | {word for word in own if len(word) > 2}
    return (not plain and len(text) < 16) or plain in guessed or played in guessed


def _letters(text: str) -> str:
    """Only the letters, without rings and dots."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalpha())


def _is_repeated(text: str) -> bool:
    """Whether it is one piece of at most half its length, over and over."""
    return any(
        (text[:size] * (len(text) // size + 1))[: len(text)] == text for size in range(1, len(text) // 2 + 1)
    )


def _is_run(text: str) -> bool:
    """Whether it follows a row of keys, forwards or backwards."""
    return any(text in row or text in row[::-1] for row in _ROWS)


_ADDRESS = re.compile(r"[^@\s<>()\[\],:;\\\"]+@[^@\s<>()\[\],:;\\\"]+\.[^@\s<>()\[\],:;\\\".]+")


def clean_email(text: str) -> str:
    """The address in lower case without spaces around it. Raises RefusedError beside `email`."""
    address = text.strip().lower()
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise RefusedError(_("Write an e-mail address, such as name@example.se."), field="email")
    return address


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def client_name(user_agent: str) -> str:
    """What to call a browser in the list of sign-ins: "Firefox, Windows"; empty when it says nothing known."""
    parts = [
        next((name for mark, name in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(part for part in parts if part)
