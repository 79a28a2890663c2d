"""Reads of jobs: everyone sees their own only."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from flask_babel import gettext as _
from sqlalchemy import select

from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.viewer import Viewer
from planner.jobs.models import Job, JobPiece

AT_A_TIME = 16


def get_job(viewer: Viewer, key: str) -> Job:
    """The viewer's own job. Raises NotFoundError, also when its day is over."""
    query = select(Job).where(Job.key == key, Job.user_id == viewer.user_id)
    job = db.session.scalar(query.execution_options(populate_existing=True))
    if job is None:
        raise NotFoundError(_("This file is no longer here. Files are kept for a day; ask for it again."))
    return job


def read_file(job: Job) -> Iterator[bytes]:
    """The bytes of a job's file, a few pieces in memory at a time."""
    return (data for _name, data in _pieces(job.id))


def read_members(job: Job) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files that a zip is to hold, by name; each has to be read before the next."""
    for name, pieces in groupby(_pieces(job.id), key=lambda piece: piece[0]):
        yield name, (data for _name, data in pieces)


def _pieces(job_id: int) -> Iterator[tuple[str, bytes]]:
    last = 0
    while True:
        query = select(JobPiece.number, JobPiece.name, JobPiece.data).where(
            JobPiece.job_id == job_id, JobPiece.number > last
        )
        found = db.session.execute(query.order_by(JobPiece.number).limit(AT_A_TIME)).all()
        yield from ((name, data) for _number, name, data in found)
        if len(found) < AT_A_TIME:
            return
        last = found[-1].number
