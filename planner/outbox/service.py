"""Writes of the outbox: queueing a message in the transaction of the change it tells of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from planner.base.clock import now
from planner.base.db import db
from planner.outbox.models import Message
from planner.outbox.rules import CalendarPart, Status, split_mail
from planner.web.links import site_link


def queue(
    key: str,
    recipient: str,
    template: str,
    *,
    language: str = "sv",
    calendar: CalendarPart | None = None,
    wait: timedelta = timedelta(0),
    **values: Any,
) -> bool:
    """Queue templates/mail/<template>.txt for `recipient`; whether it was new.

    The same `key` (at most 120 characters) a second time changes nothing, on both databases, also when two
    transactions queue it at once. The template gets `values` and `site_link(endpoint, …)`, is rendered in
    `language` (sv or en), and begins with a line "Subject: …". Writes in the caller's transaction.
    With a `calendar` it is an invitation. It leaves after `wait` at the earliest.
    """
    subject, body = _render(template, language, values)
    moment = now()
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(Message).values(
        key=key, recipient=recipient, subject=subject, body=body, status=Status.queued, attempts=0, error="",
        due_at=moment + wait, created_at=moment,
        calendar=calendar.text if calendar else None, calendar_method=calendar.method if calendar else None,
    )  # fmt: skip
    once = statement.on_conflict_do_nothing(index_elements=["key"]).returning(Message.id)
    return db.session.scalar(once) is not None


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


def _render(template: str, language: str, values: dict[str, Any]) -> tuple[str, str]:
    # Straight from the environment: the pages' context (viewer, navigation) has no place in a letter, and
    # needs a request, which the worker has not.
    with force_locale(language):
        text = current_app.jinja_env.get_template(f"mail/{template}.txt").render(
            site_link=site_link, **values
        )
    return split_mail(text)
