"""Carries jobs out: claim in one short transaction, make the pieces outside any, keep each in one of its own."""

from __future__ import annotations

import logging

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select, update

from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.errors import PlannerError
from planner.jobs.models import Job, JobPiece
from planner.jobs.rules import KINDS, LEASE, MOST_ATTEMPTS, WAIT, JobStatus, Piece, Task

log = logging.getLogger("planner.jobs")


class LostError(Exception):
    """The lease ran out, or the job's day is over: it is not ours any more."""


class _Claim:
    """A job that is ours for one lease."""

    def __init__(self, job: Job, number: int) -> None:
        self.id, self.kind, self.turn, self.attempts = job.id, KINDS[job.kind], job.turn, job.attempts
        self.number = number  # of the last piece kept
        self.task = Task(job.id, dict(job.values), job.language, job.user_id, job.done)


def carry_due() -> int:
    """Carry out the job that has waited longest, to its end; 1, or 0 when none waits. Call outside a unit of work."""
    claim = claim_due()
    if claim is None:
        return 0
    try:
        with force_locale(claim.task.language):
            for piece in claim.kind.make(claim.task):
                keep(claim, piece)
        _note(claim, status=JobStatus.finished.value, finished_at=now())
    except LostError:
        log.warning("a job is somebody else's now", extra={"data": {"job": claim.id}})
    except PlannerError as refusal:
        _note(claim, status=JobStatus.failed.value, error=refusal.message[:500])
    except Exception as error:
        db.session.rollback()
        log.exception("a job stopped", extra={"data": {"job": claim.id, "attempt": claim.attempts}})
        if claim.attempts >= MOST_ATTEMPTS:
            _note(claim, status=JobStatus.failed.value, error=type(error).__name__)
        else:
            _note(claim, due_at=now() + WAIT)
    return 1


def claim_due() -> _Claim | None:
    """Claim the job that has waited longest, for one lease. Two workers never get the same one."""
    query = (
        select(Job)
        .where(Job.status == JobStatus.waiting.value, Job.due_at <= now(), Job.kind.in_(KINDS))
        .order_by(Job.due_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    with unit_of_work():
        job = db.session.scalar(query)
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:  # workers died of it
            job.status, job.error = JobStatus.failed.value, "MOST_ATTEMPTS"
            return None
        job.attempts, job.turn, job.due_at = job.attempts + 1, job.turn + 1, now() + LEASE
        if not KINDS[job.kind].is_resumed:
            db.session.execute(delete(JobPiece).where(JobPiece.job_id == job.id))
            job.done = 0
        last = db.session.scalar(select(func.max(JobPiece.number)).where(JobPiece.job_id == job.id))
        return _Claim(job, last or 0)


def keep(claim: _Claim, piece: Piece) -> None:
    """Keep a piece together with how far the job has come. Raises LostError when it is not ours any more."""
    with unit_of_work():
        _write(claim, done=piece.done, total=piece.total, attempts=1, due_at=now() + LEASE)
        if piece.data:
            claim.number += 1
            row = {"job_id": claim.id, "number": claim.number, "name": piece.name, "data": piece.data}
            db.session.execute(insert(JobPiece).values(row))  # no object: a long job would hold them all
    claim.attempts = 1


def _note(claim: _Claim, **values: object) -> None:
    """Write the outcome, unless somebody else has the job now."""
    try:
        with unit_of_work():
            _write(claim, **values)
    except LostError:
        log.warning("a job is somebody else's now", extra={"data": {"job": claim.id}})


def _write(claim: _Claim, **values: object) -> None:
    own = (Job.id == claim.id, Job.turn == claim.turn, Job.status == JobStatus.waiting.value)
    written = update(Job).where(*own).values(**values).returning(Job.id)
    if db.session.scalar(written.execution_options(synchronize_session=False)) is None:
        raise LostError


def failure_words(error: str) -> str:
    """What to say of a job that failed: the refusal's own sentence, or that it is our fault."""
    if " " in error:
        return error
    return _("Something went wrong while the file was made. Try again; if it goes wrong once more, tell us.")
