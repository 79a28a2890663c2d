"""`flask planner worker`: does what waits, again and again, until it is told to stop.

The work runs in threads of its own and the main thread only watches for a signal, so that the worker ends within
a second even while a mail server keeps it waiting. Nothing is lost by that: what was claimed falls due again.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

import click
from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError

from planner.attendance.queries import list_waiting_after_offer
from planner.attendance.service import remove_old_diets, settle_seats
from planner.base.config import Settings
from planner.base.db import unit_of_work
from planner.cli.disposal import dispose
from planner.cli.group import group
from planner.directory.service import remove_old_imports
from planner.exchange.service.telling import tell_of_offers
from planner.invitations.collection import collect, sender_of
from planner.invitations.mailbox import Mailbox, MailboxError, mailbox_for
from planner.invitations.service import Sender, make_rounds, remove_old_replies
from planner.jobs.service import remove_old_jobs
from planner.jobs.work import carry_due
from planner.outbox.delivery import deliver_due, erase_given_up
from planner.outbox.sender import sender_for
from planner.reports.service import keep_grid, settle_held
from planner.web.settings import current_settings

IDLE_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 60.0
ANSWER_SECONDS = 60.0
GRACE_SECONDS = 0.5
TIDY_SECONDS = 600.0
DISPOSAL_SECONDS = 6 * 3600.0
OFFER_SECONDS = 600.0
SEAT_SECONDS = 30.0
ROUND_SECONDS = 60.0
SUM_SECONDS = 60.0

# A job does one portion of what is due and gives how much that was; 0: nothing more for now.
Job = Callable[[], int]

log = logging.getLogger("planner.worker")


@group.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
def run(*, once: bool) -> None:
    """Send mail and do other work that waits, until stopped."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    jobs = jobs_for(current_settings())
    if once:
        while sum(job() for job in (*jobs, carry_due)):
            pass
        return
    stop = threading.Event()
    # Files have a thread of their own: one that takes minutes keeps no mail waiting.
    threads = [
        threading.Thread(target=work, args=(app, jobs, stop), name="work", daemon=True),
        threading.Thread(target=work, args=(app, (carry_due,), stop), name="files", daemon=True),
    ]
    asked = _Asked()
    for thread in threads:
        thread.start()
    while all(thread.is_alive() for thread in threads) and not asked.to_stop:
        threads[0].join(timeout=0.2)
    stop.set()
    for thread in threads:
        thread.join(timeout=GRACE_SECONDS)
    if not asked.to_stop:
        raise SystemExit(1)  # the work ended by itself: whoever watches over us should start it again


class _Asked:
    """Becomes `to_stop` at SIGTERM or SIGINT. A plain flag: a handler must not wait for any lock."""

    def __init__(self) -> None:
        self.to_stop = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.to_stop = True


def jobs_for(settings: Settings) -> Sequence[Job]:
    """The jobs that these settings allow; says in the log when mail has to wait."""
    jobs: list[Job] = []
    sender = sender_for(settings)
    if sender is None:
        log.warning("MAIL_SERVER is not set: mail stays in the outbox until it is.")
    else:
        jobs.append(lambda: deliver_due(sender, keep_body=settings.demo))
    mailbox = mailbox_for(settings)
    if mailbox is not None:
        jobs.append(_now_and_then(ANSWER_SECONDS, lambda: _read_answers(mailbox, sender_of(settings))))
    jobs.append(_now_and_then(SEAT_SECONDS, _pass_on_seats))
    jobs.append(_now_and_then(ROUND_SECONDS, lambda: _make_rounds(settings.secret)))
    jobs.append(_now_and_then(SUM_SECONDS, _settle_sums))
    jobs += [_now_and_then(TIDY_SECONDS, _tidy), _now_and_then(DISPOSAL_SECONDS, _dispose)]
    return (*jobs, _now_and_then(OFFER_SECONDS, _tell_of_offers))


def _now_and_then(seconds: float, job: Job) -> Job:
    """The job, done at most once in so many seconds: it looks for what nobody waits for."""
    due = 0.0

    def when_due() -> int:
        nonlocal due
        if time.monotonic() < due:
            return 0
        due = time.monotonic() + seconds
        return job()

    return when_due


def _read_answers(mailbox: Mailbox, sender: Sender) -> int:
    """One portion of the answers to invitations. A mailbox that is away does not keep mail from being sent."""
    try:
        return collect(mailbox, sender)
    except MailboxError as error:
        log.warning("answers could not be read; trying again", extra={"data": {"error": str(error)}})
        return 0


def _tell_of_offers() -> int:
    with unit_of_work():
        return tell_of_offers()


def _pass_on_seats() -> int:
    """Seats that were offered and not answered in time go to the next in line."""
    with unit_of_work():
        waiting = list_waiting_after_offer()
        for training in waiting:
            settle_seats(training)
        return len(waiting)


def _make_rounds(secret: str) -> int:
    """All reminders and follow-up mail that are due, a few sessions in each transaction."""
    total, made = 0, 1
    while made:
        with unit_of_work():
            made = make_rounds(secret)
        total += made
    return total


def _settle_sums() -> int:
    """Sessions that are over are summed, so that the figures need not count everybody again."""
    with unit_of_work():
        settled = settle_held()
    with unit_of_work():
        keep_grid()
    return settled


def _tidy() -> int:
    with unit_of_work():
        return (
            remove_old_imports()
            + erase_given_up()
            + remove_old_replies()
            + remove_old_jobs()
            + remove_old_diets()
        )


def _dispose() -> int:
    """People who have been inactive for long, and old traces; gives 0, since nobody waits for more of it."""
    for _is_person, _count in dispose():
        pass
    return 0


def work(app: Flask, jobs: Sequence[Job], stop: threading.Event, idle: float = IDLE_SECONDS) -> None:
    """Do the jobs until `stop` is set, resting `idle` seconds when there was nothing.

    A database that cannot be reached, or a job that fails, is logged and tried again after a growing wait.
    """
    failures = 0
    while not stop.is_set():
        try:
            with app.app_context():
                done = sum(job() for job in jobs)
            failures, wait = 0, 0.0 if done else idle
        except Exception as error:
            failures += 1
            wait = min(idle * 2**failures, LONGEST_WAIT_SECONDS)
            _say(error, wait)
        stop.wait(wait)


def _say(error: Exception, wait: float) -> None:
    data = {"error": type(error).__name__, "wait_seconds": wait}
    if isinstance(error, DBAPIError):
        log.warning("the database did not answer; trying again", extra={"data": data})
    else:
        log.error("a job failed; trying again", exc_info=error, extra={"data": data})
