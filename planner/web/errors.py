"""Exceptions become pages in the site's own look that say what to do. No page shows a stack trace."""

from __future__ import annotations

import errno
import sqlite3

from flask import Flask, current_app, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from planner.base.db import SavedMeanwhileError, db
from planner.base.errors import NotAllowedError, NotFoundError, PlannerError
from planner.web.logs import request_id

Answer = tuple[str, int]


def _page(status: int, heading: str, what_to_do: str) -> Answer:
    page = render_template(
        "_layout/error.html",
        status=status,
        heading=heading,
        what_to_do=what_to_do,
        request_id=request_id(),
        back_url=request.path if request.method == "POST" else None,
    )
    return page, status


def _not_found(_error: Exception) -> Answer:
    return _page(
        404,
        _("There is nothing at this address"),
        _("Check the address, or start from the front page. Something that was here may have been moved."),
    )


def _not_allowed(error: NotAllowedError) -> Answer:
    return _page(
        403, _("This page is not open to you"), error.message or _("Ask an owner of your organisation.")
    )


def _refused(error: PlannerError) -> Answer:
    return _page(400, _("That could not be done"), error.message)


def _saved_meanwhile(_error: SavedMeanwhileError) -> Answer:
    return _page(
        409,
        _("Someone saved this at the same moment"),
        _("Go back, look at what they changed, and save yours again. Nothing of theirs was overwritten."),
    )


def _csrf(_error: CSRFError) -> Answer:
    return _page(
        400,
        _("The form had been open too long"),
        _("Go back, copy what you typed if it is long, reload the page and send it again."),
    )


def _database(error: DBAPIError) -> Answer:
    db.session.rollback()
    locked = isinstance(error.orig, sqlite3.OperationalError) and "locked" in str(error.orig)
    full = isinstance(error.orig, sqlite3.OperationalError) and "full" in str(error.orig)
    if full:
        return _disk_full()
    if locked:
        heading = _("The database is busy right now")
    elif error.connection_invalidated or isinstance(error, OperationalError):
        heading = _("The database cannot be reached right now")
    else:
        return _unexpected(error)
    return _page(
        503,
        heading,
        _("Nothing was saved. Wait a moment and send it again; go back to find the form as you typed it."),
    )


def _disk_full() -> Answer:
    return _page(
        507,
        _("The disk is full"),
        _("Nothing was saved. Tell whoever runs the site, with the number below; then send it again."),
    )


def _unexpected(_error: Exception) -> Answer:
    return _page(
        500,
        _("Something went wrong on our side"),
        _(
            "Nothing was saved. Try again; if it happens once more, tell whoever runs the site the number below."
        ),
    )


def _any(error: Exception) -> Answer:
    # Flask has logged nothing yet for a handled exception: the log needs the trace, the page must not show it.
    current_app.logger.error("unexpected error", exc_info=error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return _disk_full()
    if isinstance(error, DBAPIError):
        return _database(error)
    return _unexpected(error)


def _http(error: HTTPException) -> Answer | HTTPException:
    if error.code is None or error.code < 400:
        return error
    if error.code == 404:
        return _not_found(error)
    pages = {
        405: (_("This address does not take that"), _("Go back and use the page's own buttons.")),
        413: (_("The file is too large"), _("Send a file of at most 10 MB.")),
        429: (_("That was many times in a short while"), _("Wait a minute and try again.")),
    }
    heading, what_to_do = pages.get(
        error.code, (_("That could not be understood"), _("Go back and try again from the page before."))
    )
    return _page(error.code, heading, what_to_do)


def init_app(app: Flask) -> None:
    """Turn every exception into a page."""
    app.register_error_handler(NotFoundError, _not_found)
    app.register_error_handler(NotAllowedError, _not_allowed)
    app.register_error_handler(SavedMeanwhileError, _saved_meanwhile)
    app.register_error_handler(PlannerError, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _any)
