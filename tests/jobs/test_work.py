from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import gettext

from planner.accounts.models import User
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.errors import RefusedError
from planner.jobs import service, work
from planner.jobs.models import Job, JobPiece
from planner.jobs.rules import KINDS, LEASE, MOST_ATTEMPTS, WAIT, Piece, Task, job_kind
from tests import factories as make
from tests.conftest import NOW

SignIn = Callable[[User], FlaskClient]
At = Callable[[datetime], Any]


@pytest.fixture
def kind() -> Iterator[Callable[..., None]]:
    """Register a kind for this test alone."""
    before = dict(KINDS)

    def register(make_pieces: Callable[[Task], Iterator[Piece]], **how: Any) -> None:
        job_kind("numbers", mimetype="text/plain", **how)(make_pieces)

    yield register
    KINDS.clear()
    KINDS.update(before)


@pytest.fixture
def who(app: Flask) -> User:
    return make.organiser()


def asked(who: User, **values: Any) -> Job:
    with unit_of_work():
        return service.start_job("numbers", "Numbers", "n.txt", values, language="en", by=make.viewer_of(who))


def numbers(task: Task) -> Iterator[Piece]:
    for number in range(task.done, 5):
        yield Piece(number + 1, 5, f"{number};".encode())


class Breaking:
    """Gives numbers, and breaks once before each of these."""

    def __init__(self, *before: int, error: Exception | None = None) -> None:
        self.before, self.error = list(before), error or OSError("gone")

    def __call__(self, task: Task) -> Iterator[Piece]:
        for number in range(task.done, 5):
            if number in self.before:
                self.before.remove(number)
                raise self.error
            yield Piece(number + 1, 5, f"{number};".encode())


def carry(at: At, rounds: int = 1) -> int:
    """Carry out what is due, a while apart; how often there was something."""
    done = 0
    for number in range(rounds):
        with at(NOW + number * (WAIT + timedelta(seconds=1))):
            done += work.carry_due()
    return done


def standing(job: Job) -> tuple[str, int, int]:
    db.session.refresh(job)
    return job.status, job.done, job.total


def test_a_file_is_made_piece_by_piece_and_fetched(at: At, who: User, kind: Any, sign_in: SignIn) -> None:
    kind(numbers)
    job, client = asked(who), sign_in(who)
    page = f"/jobs/{job.key}"
    assert client.get(page + "/state").json == {
        "status": "waiting", "done": 0, "total": 0, "words": "Waiting for its turn",
    }  # fmt: skip
    assert client.get(page + "/file").status_code == 404
    assert (carry(at), standing(job)) == (1, ("finished", 5, 5))
    answer = client.get(page + "/file")
    assert (answer.data, answer.mimetype) == (b"0;1;2;3;4;", "text/plain")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="n.txt"'
    assert "The file is ready. It is kept until Wed 7 Oct 10:00." in client.get(page).text
    assert work.carry_due() == 0


def test_pieces_are_made_in_the_language_of_who_asked(at: At, who: User, kind: Any) -> None:
    kind(lambda _task: iter([Piece(1, 1, gettext("Download").encode())]))
    asked(who)
    carry(at)
    assert db.session.query(JobPiece).one().data == b"Download"


def test_a_page_says_how_far_it_is(who: User, kind: Any, sign_in: SignIn) -> None:
    kind(numbers)
    job = asked(who)
    claim = work.claim_due()
    work.keep(claim, Piece(2, 5, b"x"))
    client = sign_in(who)
    assert client.get(f"/jobs/{job.key}/state").json["words"] == "2 of 5"
    assert '<progress aria-label="Making the file" value="2" max="5">' in client.get(f"/jobs/{job.key}").text


def test_what_stopped_goes_on_where_it_stopped(at: At, who: User, kind: Any) -> None:
    kind(Breaking(0, 2, 4))
    job = asked(who)
    assert (carry(at), standing(job)) == (1, ("waiting", 0, 0))
    assert work.carry_due() == 0  # not at once
    assert (carry(at, 4), standing(job)) == (3, ("finished", 5, 5))
    assert [piece.data for piece in db.session.query(JobPiece).order_by(JobPiece.number)] == [
        b"0;", b"1;", b"2;", b"3;", b"4;",
    ]  # fmt: skip


def test_what_cannot_be_continued_begins_anew(at: At, who: User, kind: Any) -> None:
    kind(Breaking(3), is_resumed=False)
    job = asked(who)
    carry(at)
    assert standing(job) == ("waiting", 3, 5)
    carry(at, 2)
    assert standing(job) == ("finished", 5, 5)
    assert b"".join(piece.data for piece in db.session.query(JobPiece)) == b"0;1;2;3;4;"


def test_a_job_is_given_up_after_so_many_tries_without_a_piece_and_can_be_tried_again(
    at: At, who: User, kind: Any, sign_in: SignIn
) -> None:
    kind(Breaking(*[1] * MOST_ATTEMPTS))
    job, client = asked(who), sign_in(who)
    carry(at, MOST_ATTEMPTS + 3)
    assert standing(job) == ("failed", 1, 5)
    page = client.get(f"/jobs/{job.key}").text
    assert "Something went wrong while the file was made." in page
    assert "OSError" not in page
    assert client.post(f"/jobs/{job.key}/again").status_code == 302
    assert (carry(at), standing(job)) == (1, ("finished", 5, 5))


def test_a_refusal_is_told_in_its_own_words_and_not_tried_again(
    at: At, who: User, kind: Any, sign_in: SignIn
) -> None:
    kind(Breaking(0, error=RefusedError("There is nothing to put in it.")))
    job = asked(who)
    assert (carry(at, 2), standing(job)[0]) == (1, "failed")
    assert "There is nothing to put in it." in sign_in(who).get(f"/jobs/{job.key}").text


def test_whoever_dies_loses_the_job_and_cannot_write_to_it_any_more(at: At, who: User, kind: Any) -> None:
    kind(numbers)
    job = asked(who)
    first = work.claim_due()
    assert work.claim_due() is None
    work.keep(first, Piece(1, 5, b"0;"))
    with at(NOW + LEASE + timedelta(seconds=1)):
        second = work.claim_due()
        assert (second.task.done, second.number) == (1, 1)
        with pytest.raises(work.LostError):
            work.keep(first, Piece(2, 5, b"wrong"))
        work.keep(second, Piece(2, 5, b"1;"))
    assert [piece.data for piece in db.session.query(JobPiece)] == [b"0;", b"1;"]
    assert standing(job) == ("waiting", 2, 5)


def test_a_job_that_workers_die_of_is_given_up(at: At, who: User, kind: Any) -> None:
    kind(numbers)
    job = asked(who)
    for number in range(MOST_ATTEMPTS + 1):
        with at(NOW + number * (LEASE + timedelta(seconds=1))):
            work.claim_due()
    assert standing(job) == ("failed", 0, 0)


def test_the_oldest_is_carried_out_first(at: At, who: User, kind: Any) -> None:
    kind(numbers)
    with at(NOW - timedelta(minutes=1)):
        older = asked(who)
    newer = asked(who)
    carry(at)
    assert (standing(older)[0], standing(newer)[0]) == ("finished", "waiting")


def test_a_job_is_its_owners_alone(who: User, kind: Any, sign_in: SignIn) -> None:
    kind(numbers)
    job = asked(who)
    stranger = sign_in(make.user((make.Role.owner, who.roles[0].organisation)))
    codes = [stranger.get(f"/jobs/{job.key}{rest}").status_code for rest in ("", "/state", "/file")]
    assert (codes, stranger.post(f"/jobs/{job.key}/again").status_code) == ([404] * 3, 404)


def test_files_are_removed_after_a_day(at: At, who: User, kind: Any) -> None:
    kind(numbers)
    asked(who)
    carry(at)
    with at(NOW + timedelta(hours=24)):
        assert service.remove_old_jobs() == 0
    with at(NOW + timedelta(hours=24, seconds=1)):
        assert service.remove_old_jobs() == 1
    assert (db.session.query(Job).count(), db.session.query(JobPiece).count()) == (0, 0)


def test_a_zip_holds_each_file_once_however_many_pieces_it_came_in(
    at: At, who: User, kind: Any, sign_in: SignIn
) -> None:
    names = ["Åsa.txt", "Åsa.txt", "Bo.txt"]
    kind(
        lambda _task: iter([Piece(n, 3, str(n).encode() * 40, name) for n, name in enumerate(names, 1)]),
        is_zip=True,
    )
    job = asked(who)
    carry(at)
    with zipfile.ZipFile(io.BytesIO(sign_in(who).get(f"/jobs/{job.key}/file").data)) as package:
        assert package.testzip() is None
        assert {name: package.read(name) for name in package.namelist()} == {
            "Åsa.txt": b"1" * 40 + b"2" * 40, "Bo.txt": b"3" * 40,
        }  # fmt: skip


def test_more_pieces_than_are_read_at_a_time_come_whole(
    at: At, who: User, kind: Any, sign_in: SignIn
) -> None:
    kind(lambda _task: iter([Piece(n, 100, f"{n};".encode()) for n in range(1, 101)]))
    job = asked(who)
    carry(at)
    expected = "".join(f"{n};" for n in range(1, 101))
    assert sign_in(who).get(f"/jobs/{job.key}/file").text == expected
    assert now() == NOW
