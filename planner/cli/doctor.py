"""`flask planner doctor`: says in sentences what is well and what is not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from planner.attendance.queries import list_differences
from planner.base.config import ROOT, Settings
from planner.base.db import db
from planner.calendars.service import is_rebuild_due
from planner.cli.group import group
from planner.invitations.mailbox import MailboxError, mailbox_for
from planner.outbox import queries
from planner.outbox.rules import DeliveryError, Status
from planner.outbox.sender import SmtpSender
from planner.web.settings import current_settings

LEAST_FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, as a sentence."""

    is_well: bool
    sentence: str


@group.command("doctor")
def doctor() -> None:
    """Look at settings, database, mail and disk. The exit code is 1 when something needs attention."""
    findings = list(examine(current_settings()))
    for finding in findings:
        click.echo(f"{'ok  ' if finding.is_well else 'LOOK'}  {finding.sentence}")
    if not all(finding.is_well for finding in findings):
        raise SystemExit(1)


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything looked at, in order."""
    yield from look_at_settings(settings)
    database = look_at_database()
    yield database
    if database.is_well:
        yield look_at_outbox()
        yield look_at_calendars(settings)
        yield look_at_attendance()
    yield look_at_mail(settings)
    yield from look_at_answers(settings)
    yield look_at_disk(_folder(settings))


def look_at_calendars(settings: Settings) -> Finding:
    """Whether what calendars read was made by this version, for this address."""
    if is_rebuild_due(settings.site_url):
        return Finding(
            False, "Calendars are to be made anew. Run: flask --app wsgi planner calendars rebuild"
        )
    return Finding(True, "What calendars read was made by this version.")


def look_at_attendance() -> Finding:
    """Whether the rows that figures are made of are what the ledger says."""
    count = sum(1 for _difference in list_differences())
    if count:
        return Finding(
            False,
            f"{count} rows of presence differ from the ledger: flask --app wsgi planner attendance prove",
        )
    return Finding(True, "Every row of presence is what the ledger says.")


def look_at_settings(settings: Settings) -> Iterator[Finding]:
    """Settings that a real installation should not have."""
    if settings.demo:
        yield Finding(
            True, "This is a demo (PLANNER_DEMO=1): anyone can read its mailbox. Enter no real data."
        )
        return
    yield Finding(True, "The settings can be read, and the secret key is set.")
    if not settings.is_https:
        yield Finding(False, f"SITE_URL is {settings.site_url}: people should reach the site over https.")
    if settings.mail_server and "stegvis.example" in settings.mail_sender:
        yield Finding(False, "MAIL_SENDER is not set: mail leaves under an address that nobody owns.")


def look_at_database() -> Finding:
    """Whether it answers and has every migration."""
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    try:
        present = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    except SQLAlchemyError as error:
        return Finding(False, f"The database does not answer ({type(error).__name__}). Check DATABASE_URL.")
    if present != set(scripts.get_heads()):
        return Finding(False, "The database lacks migrations. Run: flask --app wsgi db upgrade")
    return Finding(True, f"The database ({db.engine.dialect.name}) answers and has every migration.")


def look_at_outbox() -> Finding:
    """Whether mail gets away."""
    count = queries.count_by_status()
    failed, late = count.get(Status.failed, 0), queries.count_late()
    if late:
        return Finding(False, f"{late} messages have waited for over ten minutes. Is the worker running?")
    if failed:
        return Finding(False, f"{failed} messages could not be delivered; the table message says why.")
    return Finding(True, f"The outbox is in order; {count.get(Status.queued, 0)} messages wait.")


def look_at_mail(settings: Settings) -> Finding:
    """Whether the mail server takes us."""
    if not settings.mail_server:
        words = "is kept in the demo's mailbox" if settings.demo else "stays in the outbox"
        return Finding(settings.demo, f"MAIL_SERVER is not set: mail {words}.")
    try:
        SmtpSender(settings).check()
    except DeliveryError as error:
        return Finding(
            False, f"The mail server {settings.mail_server}:{settings.mail_port} did not take us: {error}."
        )
    return Finding(True, f"The mail server {settings.mail_server} answers.")


def look_at_answers(settings: Settings) -> Iterator[Finding]:
    """Whether the mailbox with the answers to invitations can be read; nothing when mail does not leave."""
    mailbox = mailbox_for(settings)
    if mailbox is None:
        if settings.mail_server:
            yield Finding(
                True, "Answers to invitations are not asked for: IMAP_SERVER and REPLY_MAILDIR are not set."
            )
        return
    try:
        mailbox.check()
    except MailboxError as error:
        yield Finding(False, f"Answers to invitations are not read: {error}.")
    else:
        yield Finding(True, f"Answers to invitations, sent to {settings.reply_address}, are read.")


def look_at_disk(folder: Path) -> Finding:
    """Whether there is room to write."""
    free = shutil.disk_usage(folder).free
    return Finding(free >= LEAST_FREE_BYTES, f"{free / 1_000_000_000:.1f} GB are free in {folder}.")


def _folder(settings: Settings) -> Path:
    """Where the data grows: the database's folder, or the checkout's when the database is elsewhere."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).resolve().parent
    return ROOT
