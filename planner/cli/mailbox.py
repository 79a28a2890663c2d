"""`flask planner mailbox`: the answers to invitations, read by hand."""

from __future__ import annotations

import click
from flask import current_app

from planner.cli.group import group
from planner.invitations.collection import collect, sender_of
from planner.invitations.mailbox import MailboxError, mailbox_for


@group.group("mailbox")
def mailbox() -> None:
    """The mailbox that answers to invitations come to."""


@mailbox.command("read")
def read() -> None:
    """Take in all unread answers, as the worker does every minute."""
    settings = current_app.extensions["settings"]
    box = mailbox_for(settings)
    if box is None:
        raise click.ClickException(
            "Neither IMAP_SERVER nor REPLY_MAILDIR is set: there is no mailbox to read."
        )
    total = 0
    try:
        while count := collect(box, sender_of(settings)):
            total += count
    except MailboxError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{total} letters read.")
