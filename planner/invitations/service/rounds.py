"""Rounds of mail about a session: reminders before it, follow-up after it. For the worker.

A round is made once, in one transaction with its mails; two workers at once make it once.
"""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from planner.base.clock import now
from planner.base.db import db, upsert
from planner.invitations.models import MailRound, SeriesMail, SeriesReminder
from planner.invitations.queries import (
    Due,
    Reminded,
    find_next_session,
    list_due_follow_ups,
    list_due_reminders,
    list_to_follow_up,
    list_to_remind,
    load_sessions,
)
from planner.invitations.rules import LetterKind, MailTerms, RoundKind, Values, Variable, reminder_due
from planner.invitations.service.writing import Occasion, write
from planner.series.models import Series, TrainingSession
from planner.web.formats import format_when

# A transaction holds the mails of so many sessions at most.
PORTION = 5


def set_series_mail(series: Series, terms: MailTerms) -> None:
    """From now on the series' mail goes by these terms."""
    row = db.session.get(SeriesMail, series.id)
    if row is None:
        row = SeriesMail(series_id=series.id)
        db.session.add(row)
    row.follow_up_days = terms.follow_up_days
    db.session.flush()
    wanted = {days: SeriesReminder(series_id=series.id, days=days) for days in terms.reminder_days}
    for known in db.session.query(SeriesReminder).filter_by(series_id=series.id):
        if wanted.pop(known.days, None) is None:
            db.session.delete(known)
    db.session.add_all(wanted.values())
    db.session.flush()


def make_rounds(secret: str) -> int:
    """Queue one portion of what is due; how many rounds that was. In the caller's transaction."""
    moment = now()
    due = list_due_reminders(moment, PORTION) or list_due_follow_ups(moment, PORTION)
    rounds = [one for one in due if _begin(one)]
    trainings = load_sessions([one.training_id for one in rounds])
    for one in rounds:
        training = trainings[one.training_id]
        if one.kind is RoundKind.reminder:
            _remind(training, one, secret)
        else:
            _follow_up(training, one, secret)
    return len(due)


def _begin(due: Due) -> bool:
    """Whether the round is ours to make: nobody has made it, also not at this very moment."""
    statement = upsert(MailRound).values(
        training_id=due.training_id, kind=due.kind.value, days=due.days, held_on=due.held_on, made_at=now()
    )
    once = statement.on_conflict_do_nothing().returning(MailRound.training_id)
    return db.session.scalar(once) is not None


def _remind(training: TrainingSession, due: Due, secret: str) -> None:
    since = reminder_due(training.starts_at, due.days)
    for one in list_to_remind([training.id]):
        if one.since is not None and one.since < since:  # whoever got the seat later has heard of it by that
            write(
                LetterKind.reminder,
                f"{key_of(one)}:{due.days}:{due.held_on}",
                Occasion(one.person, training, one.language, secret),
                {},
                may_end=True,
            )


def _follow_up(training: TrainingSession, due: Due, secret: str) -> None:
    coming = find_next_session(training, now())
    for one in list_to_follow_up([training.id]):
        write(
            LetterKind.follow_up if one.came else LetterKind.missed,
            f"{key_of(one)}:after:{due.held_on}",
            Occasion(one.person, training, one.language, secret),
            _next(coming, one.language),
            may_end=True,
        )


def _next(coming: TrainingSession | None, language: str) -> Values:
    if coming is None:
        return {}
    with force_locale(language):
        when = format_when(coming.starts_at, coming.ends_at)
        return {
            Variable.next: _("Next in the series: %(title)s, %(when)s.", title=coming.step.title, when=when)
        }


def key_of(one: Reminded) -> str:
    """What the keys of all reminders of one person at one session begin with."""
    return f"reminder:{one.person.id}:{one.training_id}"
