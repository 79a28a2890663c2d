"""Letters from the reply mailbox, read by the standard library: who wrote, and which calendar is in it."""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses
from typing import Final

from planner.calendars.itip import read_answer
from planner.calendars.rules.itip import Answer, Problem, UnreadableAnswerError
from planner.invitations.rules import Outcome

# An answer is a few kilobytes. What is larger is not read at all.
MOST_BYTES: Final = 1_000_000
_MOST_CALENDAR_BYTES: Final = 100_000
_ADDRESS: Final = re.compile(r"[\x21-\x7e]{1,200}@[A-Za-z0-9.-]{1,250}")
_PROBLEMS: Final = {Problem.BROKEN: Outcome.broken, Problem.OTHER_METHOD: Outcome.other_method}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a letter says. `sender` in lower case, "" when there is none or more than one.

    Either `answer` is there or `problem` says why not. `is_automatic`: a machine's own letter without any calendar.
    """

    digest: str
    sender: str
    answer: Answer | None = None
    problem: Outcome | None = None
    is_automatic: bool = False


def read_letter(content: bytes) -> Reading:
    """The reading of a letter's bytes, whatever they are: never raises."""
    digest = hashlib.sha256(content).hexdigest()
    if not content or len(content) > MOST_BYTES:
        return Reading(digest, "", problem=Outcome.broken)
    try:
        return _read(content, digest)
    except (
        Exception
    ):  # bytes from anywhere: whatever the parser makes of them, the letter is listed as broken
        return Reading(digest, "", problem=Outcome.broken)


def _read(content: bytes, digest: str) -> Reading:
    message = email.message_from_bytes(content)
    if identity := str(message.get("Message-ID", "")).strip():
        digest = hashlib.sha256(identity.encode(errors="replace")).hexdigest()
    sender = _sender(message)
    text = _calendar(message)
    if text is None:
        automatic = str(message.get("Auto-Submitted", "no")).strip().lower() != "no"
        return Reading(digest, sender, problem=Outcome.no_answer, is_automatic=automatic)
    try:
        return Reading(digest, sender, answer=read_answer(text))
    except UnreadableAnswerError as error:
        return Reading(digest, sender, problem=_PROBLEMS[error.problem])


def _sender(message: Message) -> str:
    found = getaddresses([str(header) for header in message.get_all("From", [])])
    address = found[0][1].lower() if len(found) == 1 else ""
    return address if _ADDRESS.fullmatch(address) else ""


def _calendar(message: Message) -> str | None:
    """The first text/calendar part, else an attached calendar file; None when there is neither."""
    parts = list(_own_parts(message))
    for kinds in ({"text/calendar"}, {"application/ics"}):
        for part in parts:
            if part.get_content_type() in kinds:
                return _text(part)
    return None


def _own_parts(message: Message) -> Iterator[Message]:
    """The leaves of a letter; not those of a letter enclosed in it, such as our own that bounced."""
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _own_parts(part)
    else:
        yield message


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if len(data) > _MOST_CALENDAR_BYTES:
        raise ValueError("no answer is that long")
    charset = part.get_content_charset() or "utf-8"
    try:
        return data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return data.decode("utf-8", errors="replace")
