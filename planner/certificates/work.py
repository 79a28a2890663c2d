"""What the worker makes: all certificates of a series in one zip."""

from __future__ import annotations

from collections.abc import Iterator

from planner.base.db import db
from planner.certificates.models import Certificate
from planner.certificates.rules import Content, file_name
from planner.certificates.service import draw
from planner.jobs.rules import Piece, Task, job_kind

KIND = "certificates"


@job_kind(KIND, is_zip=True)
def make_certificates(task: Task) -> Iterator[Piece]:
    """One PDF after the other, of the certificates `values["ids"]` in order; one withdrawn since is left out."""
    ids: list[int] = task.values["ids"]
    for number, id_ in enumerate(ids[task.done :], task.done + 1):
        certificate = db.session.get(Certificate, id_)
        if certificate is None or certificate.withdrawn_at is not None:
            yield Piece(number, len(ids))
            continue
        name = file_name(Content.from_json(certificate.content).name, certificate.code)
        yield Piece(number, len(ids), draw(certificate, task.language), name)
