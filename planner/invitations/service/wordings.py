"""An organisation's own words: saved, tried, and given up for the standard ones."""

from __future__ import annotations

import uuid
from datetime import time, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _

from planner.base.clock import now, today
from planner.base.days import at_wall_clock
from planner.base.db import db
from planner.base.errors import NotAllowedError, RefusedError
from planner.base.viewer import Viewer
from planner.calendars.rules import Language
from planner.directory.models import Organisation
from planner.invitations.models import MailWording
from planner.invitations.queries import find_wording
from planner.invitations.rules import STANDARD, LetterKind, Values, Variable, Wording, check
from planner.invitations.service.writing import fill
from planner.outbox.rules import Content, Facts, Link
from planner.outbox.service import queue_letter
from planner.web.formats import format_day, format_instant, format_span, format_when
from planner.web.links import site_link

ENDED_BY = frozenset({LetterKind.reminder, LetterKind.follow_up, LetterKind.missed})


def save_wording(
    organisation: Organisation, kind: LetterKind, language: Language, wording: Wording, *, by: Viewer
) -> None:
    """From now on the organisation's mail of this kind says this. The standard words are kept as none of their own."""
    _check_right(organisation, by)
    check(wording, STANDARD[kind], language)
    if wording == standard_words(kind, language):
        reset_wording(organisation, kind, language, by=by)
        return
    row = find_wording(organisation.id, kind, language)
    if row is None:
        row = MailWording(organisation_id=organisation.id, kind=kind.value, language=language)
        db.session.add(row)
    row.subject, row.body, row.by_name, row.saved_at = wording.subject, wording.body, by.name, now()
    db.session.flush()


def reset_wording(organisation: Organisation, kind: LetterKind, language: Language, *, by: Viewer) -> None:
    """Back to the standard words."""
    _check_right(organisation, by)
    row = find_wording(organisation.id, kind, language)
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def standard_words(kind: LetterKind, language: Language) -> Wording:
    """The words of those who have none of their own."""
    with force_locale(language):
        return STANDARD[kind].wording()


def try_wording(
    organisation: Organisation, kind: LetterKind, language: Language, wording: Wording
) -> Content:
    """The mail with an example in it. Raises RefusedError for words that could not be saved."""
    check(wording, STANDARD[kind], language)
    with force_locale(language):
        ending = site_link("home.start") if kind in ENDED_BY else None
        return fill(wording, _example(organisation), organisation.name, ending)


def send_test(
    organisation: Organisation, kind: LetterKind, language: Language, wording: Wording, *, by: Viewer
) -> None:
    """Send the example to whoever asks for it. Raises RefusedError as `try_wording` does."""
    _check_right(organisation, by)
    if not by.email:
        raise RefusedError(_("There is no address to send it to."))
    content = try_wording(organisation, kind, language, wording)
    key = f"test:{uuid.uuid4()}"
    queue_letter(key, by.email, content, language=language, organisation_id=organisation.id)


def _check_right(organisation: Organisation, by: Viewer) -> None:
    if not by.may_edit_for(organisation.id):
        raise NotAllowedError(_("Only an owner or organiser of this organisation may change its mail."))


def _example(organisation: Organisation) -> Values:
    """A session in a week's time, in the language in force."""
    day = today() + timedelta(days=7)
    starts_at, ends_at = at_wall_clock(day, time(13)), at_wall_clock(day, time(15))
    place, title = _("The large hall, Masugnen"), _("Digital in steps")
    later = format_when(starts_at + timedelta(days=7), ends_at + timedelta(days=7))
    link = site_link("home.start")
    return {
        Variable.name: _("Kim Example"),
        Variable.session: _("Seeing the flow"),
        Variable.series: title,
        Variable.day: format_day(starts_at),
        Variable.time: format_span(starts_at, ends_at),
        Variable.place: place,
        Variable.organiser: organisation.name,
        Variable.facts: Facts((title, format_when(starts_at, ends_at), place)),
        Variable.link: Link(link, _("Your seat")),
        Variable.page: Link(link, _("Your page")),
        Variable.news: _("You have a seat on site at %(title)s.", title=_("Seeing the flow")),
        Variable.answer: _("If you cannot come, give up your seat here, so that somebody else gets it:"),
        Variable.reason: _("The course leader is ill."),
        Variable.until: format_instant(starts_at - timedelta(days=2)),
        Variable.next: _(
            "Next in the series: %(title)s, %(when)s.", title=_("Planning the change"), when=later
        ),
    }
