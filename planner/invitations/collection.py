"""Collects answers: takes each unread letter in a unit of work of its own, then marks it as read.

A letter that is marked after a crash is met again and known by its name in the mailbox, so it counts once; two
workers may read the same mailbox. Nothing that stands in a letter can stop the worker.
"""

from __future__ import annotations

import logging
from email.utils import parseaddr

from sqlalchemy.exc import DBAPIError

from planner.base.config import Settings
from planner.base.db import SavedMeanwhileError, unit_of_work
from planner.base.errors import RefusedError
from planner.calendars.rules.itip import Party
from planner.invitations.letters import read_letter
from planner.invitations.mailbox import Arrival, Mailbox, mailbox_for
from planner.invitations.rules import Outcome
from planner.invitations.service import Sender, note_letter, take_in

log = logging.getLogger("planner.invitations")
PORTION = 100


def sender_of(settings: Settings) -> Sender:
    """Who invites, by these settings: the name in MAIL_SENDER, the address that is read."""
    name = parseaddr(settings.mail_sender)[0]
    organiser = Party(name or settings.reply_address, settings.reply_address)
    return Sender(organiser, settings.secret, reads_answers=mailbox_for(settings) is not None)


def collect(mailbox: Mailbox, sender: Sender, limit: int = PORTION) -> int:
    """Take in at most `limit` unread letters; how many there were. Raises MailboxError.

    Commits by itself; call it outside any unit of work.
    """
    count = 0
    try:
        for arrival in mailbox.unread(limit):
            handle(arrival, sender)
            mailbox.mark_read(arrival)
            count += 1
    finally:
        mailbox.close()
    return count


def handle(arrival: Arrival, sender: Sender) -> Outcome | None:
    """Take one letter in, or note why not; None when there was nothing to note."""
    reading = read_letter(arrival.content)
    if reading.is_automatic:
        return None
    try:
        with unit_of_work():
            return take_in(arrival.name, reading, sender)
    except RefusedError:
        outcome = Outcome.refused
    except (DBAPIError, SavedMeanwhileError):
        raise  # the database is away, or somebody was faster: the letter stays unread until the next round
    except Exception:
        log.exception("a letter could not be taken in")
        outcome = Outcome.broken
    with unit_of_work():
        note_letter(arrival.name, reading, outcome)
    return outcome
