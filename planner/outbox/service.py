"""Writes of the outbox: queueing a message in the transaction of the change it tells of."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete

from planner.base.clock import now
from planner.base.db import db, upsert
from planner.base.errors import RefusedError
from planner.outbox.models import Message
from planner.outbox.rules import CalendarPart, Content, Status, as_text, blocks_of, parts_of, split_mail
from planner.web.links import site_link
from planner.web.settings import current_settings

LIFE = timedelta(days=180)  # of the trace of a mail; its text goes when it is sent


def queue(
    key: str,
    recipient: str,
    template: str,
    *,
    language: str = "sv",
    **values: Any,
) -> bool:
    """Queue templates/mail/<template>.txt for `recipient`; whether it was new.

    The template gets `values` and `site_link(endpoint, …)`, is rendered in `language` (sv or en), and begins with a
    line "Subject: …". All else as `queue_letter`.
    """
    with force_locale(language):
        subject, body = split_mail(
            # Straight from the environment: the pages' context (viewer, navigation) has no place in a letter, and
            # needs a request, which the worker has not.
            current_app.jinja_env.get_template(f"mail/{template}.txt").render(site_link=site_link, **values)
        )
    content = Content(subject, blocks_of(body))
    return queue_letter(key, recipient, content, language=language)


def queue_letter(
    key: str,
    recipient: str,
    content: Content,
    *,
    language: str = "sv",
    organisation_id: int | None = None,
    calendar: CalendarPart | None = None,
    unsubscribe: str | None = None,
    wait: timedelta = timedelta(0),
) -> bool:
    """Queue a letter for `recipient`, as text and as HTML; whether it was new.

    The same `key` (at most 120 characters) a second time changes nothing, on both databases, also when two
    transactions queue it at once. Writes in the caller's transaction. With a `calendar` it is an invitation. It leaves
    after `wait` at the earliest. `organisation_id` is whose letter it is, `unsubscribe` the address that ends its kind.
    """
    moment = now()
    statement = upsert(Message).values(
        key=key, recipient=recipient, subject=content.subject, body=as_text(content), html=as_html(content, language),
        status=Status.queued, attempts=0, error="", due_at=moment + wait, created_at=moment,
        organisation_id=organisation_id, unsubscribe=unsubscribe,
        calendar=calendar.text if calendar else None, calendar_method=calendar.method if calendar else None,
    )  # fmt: skip
    once = statement.on_conflict_do_nothing(index_elements=["key"]).returning(Message.id)
    return db.session.scalar(once) is not None


def as_html(content: Content, language: str, *, with_subject: bool = False) -> str:
    """The letter as an HTML document in the site's one frame, which loads nothing from anywhere.

    `with_subject` shows the subject above it, for a page that shows the letter.
    """
    return current_app.jinja_env.get_template("mail/frame.html").render(
        content=content,
        language=language,
        signed=content.signed or parseaddr(current_settings().mail_sender)[0],
        parts_of=parts_of,
        with_subject=with_subject,
    )


def withdraw(key: str) -> bool:
    """Take back the message with this key; whether it had not yet been on its way.

    A worker that claims it at the same moment wins: then it stays.
    """
    taken = (
        delete(Message)
        .where(Message.key == key, Message.status == Status.queued, Message.attempts == 0)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(taken) is not None


def withdraw_all(beginning: str) -> None:
    """Take back every message whose key begins so and that has not been on its way."""
    db.session.execute(
        delete(Message)
        .where(
            Message.key.startswith(beginning, autoescape=True),
            Message.status == Status.queued,
            Message.attempts == 0,
        )
        .execution_options(synchronize_session=False)
    )


def forget(recipient: str) -> None:
    """Delete every mail to this address, also those that have not left."""
    db.session.execute(delete(Message).where(Message.recipient == recipient))


def remove_old_messages() -> int:
    """Delete what is left of mail that went, or never will, half a year ago; how many."""
    old = delete(Message).where(Message.status != Status.queued, Message.created_at < now() - LIFE)
    return len(db.session.scalars(old.returning(Message.id)).all())


def try_again(message: Message) -> None:
    """Send what was given up once more, under the same Message-ID. Raises RefusedError when it cannot be."""
    if message.status != Status.failed:
        raise RefusedError(_("This mail has been taken up again already."))
    if message.body is None:
        raise RefusedError(_("The text of this mail has been erased, so it cannot be sent again."))
    message.status, message.attempts, message.due_at, message.error = Status.queued, 0, now(), ""
    db.session.flush()
