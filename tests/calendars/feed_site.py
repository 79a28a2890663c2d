"""The world's feeds as a programme asks for them, and the rows that are to hold of the answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from planner.base.config import UID_DOMAIN
from tests.calendars.readers import unfolded
from tests.calendars.world import World

# Asked in every way there is; the others answer by the same code.
ASKED = ("series_hybrid", "municipality_english", "company")
PRIVATE = ("company", "company_brief", "company_english_reminder", "facilitator", "cohort", "participant")
Event = dict[str, str]


@dataclass
class Site:
    """The world's feeds as a programme asks for them, two days after NOW."""

    world: World
    client: FlaskClient
    kept: dict[str, bytes] = field(default_factory=dict)

    def ask(self, name: str, method: str = "GET", path: str = "", **headers: str) -> TestResponse:
        """The answer to a request with these headers (`_` for `-`), and no others of a browser's."""
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.client.open(path or self.world.paths[name], method=method, headers=sent)

    def body(self, name: str) -> bytes:
        """The feed's bytes as they were when first asked for."""
        if name not in self.kept:
            self.kept[name] = self.ask(name).data
        return self.kept[name]

    def lines(self, name: str) -> list[str]:
        return unfolded(self.body(name))

    def events(self, name: str, *, anew: bool = False) -> dict[str, Event]:
        """Each event's lines by property name with parameters, by UID; names must not repeat."""
        if anew:
            self.kept.pop(name, None)
        found = {}
        for block in "\n".join(self.lines(name)).split("BEGIN:VEVENT\n")[1:]:
            pairs = [
                line.split(":", 1)
                for line in block.split("\nEND:VEVENT")[0].split("\nBEGIN:VALARM")[0].split("\n")
            ]
            names = [re.split("[;:]", name)[0] for name, _ in pairs]
            assert len(names) == len(set(names)), names
            found[dict(pairs)["UID"]] = dict(pairs)
        return found

    def event(self, name: str, session: str, number: int = 0, *, anew: bool = False) -> Event:
        return self.events(name, anew=anew)[f"golden-{session}-{number}@{UID_DOMAIN}"]


Row = Callable[[Site], None]


def rows_in(rows: dict[str, Row]) -> Callable[[Row], Row]:
    """A decorator that puts a check among these rows of the table, by its function's name."""

    def row(check: Row) -> Row:
        rows[check.__name__.replace("_", " ").strip()] = check
        return check

    return row
