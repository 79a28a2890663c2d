"""Many at the same moment, for tests marked `committed`: threads that begin together, each with its own connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import current_app

from planner.base.db import db, unit_of_work


def all_at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each of the calls answers, in their order; the first error of any is raised.

    What the test has begun is committed before, and read anew afterwards.
    """
    db.session.commit()
    app = current_app._get_current_object()
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        with app.app_context():
            start.wait(timeout=20)
            try:
                return call()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(calls)) as pool:
        answers = list(pool.map(run, calls))
    db.session.rollback()
    db.session.expire_all()
    return answers


def units(actions: Sequence[Callable[[], None]]) -> list[Callable[[], None]]:
    """Each of the actions as a unit of work of its own."""

    def unit(action: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            with unit_of_work():
                action()

        return run

    return [unit(action) for action in actions]
