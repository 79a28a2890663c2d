"""python -m tests.load.reviews: how long offering an update, reviewing it and taking it over take, on this machine.

    --postgresql      on a PostgreSQL that the run starts itself, instead of SQLite

A template of 30 steps with long texts, where both sides changed every step and each has two sessions ahead; and 200
series made from one template. The application is asked in this process, signed in, without a network in between.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from rich.console import Console

from planner.accounts.service import start_sign_in
from planner.app import create_app
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.viewer import Role
from planner.exchange.queries.offers import list_new_offers, list_offers
from planner.exchange.service.telling import tell_of_offers
from planner.series import service as series_service
from planner.series_templates.rules import TemplateDocument
from tests import factories as make
from tests.exchange.common import Scene, fields_of, ordered, publish, scene, with_step
from tests.load.numbers import median, percentile, short, table
from tests.load.servers import settings_for, temporary_database

STEPS, SERIES, ORGANISERS, TIMES = 30, 200, 40, 15
LONG = "\n\n".join(f"Paragraph {n} says what people learn and why it matters to them." for n in range(6))


def main() -> None:
    """Make the data, measure, print a Markdown table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--postgresql", action="store_true")
    with temporary_database(postgresql=parser.parse_args().postgresql) as url:
        app = create_app(settings_for(url))
        app.config["WTF_CSRF_ENABLED"] = False
        logging.disable(logging.INFO)
        with app.app_context():
            upgrade()
            Console().print(table(["what", "median ms", "p95 ms", "CPU ms"], _rows(app)), markup=False)
            db.engine.dispose()


def _rows(app: Flask) -> list[list[str]]:
    here = _both_changed()
    browser, address = _signed_in(app, here), f"/series/{here.series_id}"
    rows = [
        _row(f"review of {STEPS} steps, both changed all", lambda: browser.get(f"{address}/update")),
        _row("how the series differs from its version", lambda: browser.get(f"{address}/differences")),
    ]
    fields = fields_of(browser.get(f"{address}/update").text)
    fields |= {f"take-{field.path}": "theirs" for field in here.review.asked}
    rows.append(_row("taking it over", lambda: browser.post(f"{address}/update", data=fields), times=1))
    _adopted(here)
    rows.append(_row(f"{SERIES} series asked for their offers", lambda: list_offers(here.viewer)))
    rows.append(
        _row("the same, of a week, wherever they are", lambda: list_new_offers(now() - timedelta(days=7)))
    )
    rows.append(_row(f"one pass of mail about them to {ORGANISERS} organisers", _tell, times=1))
    return rows


def _row(what: str, done: Callable[[], object], times: int = TIMES) -> list[str]:
    taken, worked = [], []
    for _ in range(times):
        began, at_work = time.perf_counter(), time.process_time()
        done()
        taken.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - at_work) * 1000)
        db.session.commit()
    return [what, *(short(value) for value in (median(taken), percentile(taken, 0.95), median(worked)))]


def _tell() -> None:
    with unit_of_work():
        tell_of_offers()


def _both_changed() -> Scene:
    texts = {"goals": LONG, "preparation": LONG, "materials": "\n".join(f"Book {n}" for n in range(6))}
    base = make.template_document(steps=tuple(make.step_document(n, **texts) for n in range(1, STEPS + 1)))
    here = scene(make.LINDESBERG, document=base)
    ours = theirs = base
    for n in range(1, STEPS + 1):
        ours = with_step(ours, f"s{n}", goals=LONG.replace("Paragraph 1", "Our own"), title=f"Ours {n}")
        theirs = with_step(
            theirs, f"s{n}", goals=LONG.replace("Paragraph 4", "Their new"), title=f"Theirs {n}", minutes=150
        )
        for cohort in (0, 1):
            here.session(f"s{n}", 7 * n + cohort)
    series_service.write_document(here.series, ours, with_sessions=(), by=here.viewer)
    db.session.commit()
    publish(here, _one_moved(theirs))
    return here


def _one_moved(document: TemplateDocument) -> TemplateDocument:
    keys = list(document.step_keys)
    keys.insert(3, keys.pop(STEPS // 2))
    return ordered(document, *keys)


def _adopted(here: Scene) -> None:
    (place,) = make.municipalities(make.LINDESBERG)
    for _ in range(SERIES):
        series_service.adopt(here.first, here.organisation, place, by=here.viewer)
    for _ in range(ORGANISERS - 1):
        make.user((Role.organiser, here.organisation))
    db.session.commit()


def _signed_in(app: Flask, here: Scene) -> FlaskClient:
    browser = app.test_client()
    token = start_sign_in(here.account, client="load")
    db.session.commit()
    with browser.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return browser


if __name__ == "__main__":
    main()
