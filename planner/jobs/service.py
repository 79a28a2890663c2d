"""Writes of jobs, for those who ask for files. Carrying them out is the worker's, in `work`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotAllowedError
from planner.base.tokens import random_token
from planner.base.viewer import Viewer
from planner.jobs.models import Job
from planner.jobs.rules import KINDS, LIFE, JobStatus


def start_job(
    kind: str, title: str, filename: str, values: dict[str, Any], *, language: str, by: Viewer
) -> Job:
    """Ask for a file of a registered kind; `values` is what its maker needs, as JSON. Flushes.

    `title` is what its page is called, `filename` plain letters. Send whoever asked to `jobs.job` with its key.
    """
    if by.user_id is None:
        raise NotAllowedError
    job = Job(
        key=random_token(), kind=KINDS[kind].name, title=title[:250], filename=filename[:120], values=values,
        language=language, user_id=by.user_id, created_at=now(), due_at=now(),
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()
    return job


def try_again(job: Job) -> None:
    """Let a job that failed go on where it stopped; any other is left alone. Flushes."""
    if job.status == JobStatus.failed:
        job.status, job.error, job.attempts, job.due_at = JobStatus.waiting.value, "", 0, now()
        db.session.flush()


def remove_old_jobs() -> int:
    """Remove files whose day is over, and what never became one; how many."""
    gone = delete(Job).where(Job.created_at < now() - LIFE).returning(Job.id)
    return len(db.session.scalars(gone.execution_options(synchronize_session=False)).all())
