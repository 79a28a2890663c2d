"""What reads typed text takes no longer for a hostile text than a person waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from flask import Flask

from planner.accounts.rules import clean_email
from planner.base.days import is_whole_week, parse_day, parse_week
from planner.base.errors import PlannerError
from planner.directory import rules as directory
from planner.directory.rules.details import clean_position, clean_website
from planner.needs.rules import parse_stretch
from planner.plan.rules import read_period

TODAY = date(2026, 10, 6)
READERS: dict[str, Callable[[str], Any]] = {
    "day": lambda text: parse_day(text, TODAY),
    "week": lambda text: parse_week(text, TODAY),
    "whole week": is_whole_week,
    "stretch": lambda text: parse_stretch(text, TODAY),
    "period": lambda text: read_period(text, text, TODAY),
    "personal number": directory.has_personal_number,
    "organisation number": directory.clean_organisation_number,
    "website": clean_website,
    "position": clean_position,
    "account's address": clean_email,
    "person's address": directory.clean_email,
}
PIECES = ("1 ,", "-", "v. 4 - ", "1", "811228-", "a@.", "a.", "ab ", "till ", "1/", "5 okt ", " ", "å", "(")


@pytest.mark.parametrize("reader", READERS)
def test_no_text_takes_long_to_read(app: Flask, reader: str) -> None:
    for piece in PIECES:
        text = piece * (50_000 // len(piece))
        started = time.process_time()
        with app.test_request_context(), suppress(PlannerError, ValueError):
            READERS[reader](text)
        assert time.process_time() - started < 0.5, piece
