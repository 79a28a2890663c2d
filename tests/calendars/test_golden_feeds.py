"""Every scope's feed and every situation as a programme fetches them, kept as files and read back by all readers.

`REWRITE_GOLDEN=1 python -m pytest tests/calendars/test_golden_feeds.py` rewrites tests/golden/feeds; read the diff.
"""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from planner.base.config import UID_DOMAIN
from planner.series.models import TrainingSession
from tests.calendars.readers import READERS, Told, assert_well_folded, read_icalendar
from tests.calendars.world import build_world
from tests.conftest import NOW, new_client

GOLDEN = Path(__file__).parents[1] / "golden" / "feeds"


def meant(training: TrainingSession, language: str) -> tuple[object, ...]:
    """What every reader is to find of a session, but for its description."""
    marks = {"sv": "INSTÄLLT: ", "en": "CANCELLED: "}
    title = f"{training.step.title} · {training.series.title}"
    return (
        f"{training.uid}@{UID_DOMAIN}",
        training.starts_at,
        training.ends_at,
        "CANCELLED" if training.cancelled_at else "CONFIRMED",
        (marks[language] if training.cancelled_at else "") + " ".join(title.split()),
    )


def test_every_feed_is_as_kept_and_as_planned(app: Flask, at: Callable[[datetime], Any]) -> None:
    world = build_world(app, at)
    client = new_client(app)
    fetched = {}
    with at(NOW + timedelta(days=2)):
        for name, path in world.paths.items():
            answer = client.get(path)
            assert (name, answer.status_code, answer.content_type) == (
                name, 200, "text/calendar; charset=utf-8",
            )  # fmt: skip
            fetched[name] = answer.data
    if os.environ.get("REWRITE_GOLDEN"):
        for file in GOLDEN.glob("*.ics"):
            file.unlink()
        for name, body in fetched.items():
            (GOLDEN / f"{name}.ics").write_bytes(body)
    trainings = world.trainings()
    for name, body in fetched.items():
        language = "en" if "english" in name else "sv"
        assert [told[:5] for told in read_icalendar(body)] == sorted(
            meant(trainings[training_id], language) for training_id in world.told[name]
        ), name
        assert body == (GOLDEN / f"{name}.ics").read_bytes(), name
    assert sorted(fetched) == sorted(file.stem for file in GOLDEN.glob("*.ics"))


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.ics")), ids=lambda file: file.stem)
def test_all_readers_agree_on_every_word(file: Path) -> None:
    body = file.read_bytes()
    assert_well_folded(body)
    first, *others = (read(body) for read in READERS)
    assert [other == first for other in others] == [True] * len(others)


def test_texts_come_through_whole() -> None:
    """The words that are hardest to write, as each reader gives them back."""
    found: dict[str, list[Told]] = {
        name: [told for read in READERS for told in read((GOLDEN / f"series_{name}.ics").read_bytes())]
        for name in ("punctuation", "emoji", "fold")
    }
    title = 'Pris, kvalitet; C:\\Nya\\ny\\;mapp: "a" = b och nästa rad\\'
    assert {told.summary for told in found["punctuation"]} == {f"Step 1 · {title}"}
    lines = ["b\noch nästa rad\\\nNästa rad\n\nC:\\Nya\n"]
    assert all(line in told.description for line in lines for told in found["punctuation"])
    assert all("🎯 Mål 1\n🎯 Mål 2" in told.description for told in found["emoji"])
    assert all("👩🏽‍💻 om robotar 🤖 👨‍👩‍👧‍👦" in told.summary for told in found["emoji"])
    assert all("åäöÅÄÖéü" * 12 in told.description for told in found["fold"])
