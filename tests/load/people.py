"""The simulated people: what they do, and what they remember to compare with the database afterwards."""

from __future__ import annotations

import random
import re
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from planner.cli.demo import content
from tests.load.browser import Browser, Form
from tests.load.filler import Arena

ROSTER_ROW = re.compile(r'data-person="(\d+)"')
SEEN = re.compile(r'name="seen-(\d+)" value="([^"]*)"')
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
EVENT = re.compile(r"\r\nUID:([^\r]+)\r\nSEQUENCE:(\d+)\r\n")
VERDICTS = ("present", "present", "present", "late", "excused", "absent")
# Refusals are part of the day: a clash, a row that somebody else marked meanwhile, a link already pressed.
EXPECTED = frozenset({200, 302, 303, 304, 404, 409, 422})


@dataclass(slots=True)
class Notes:
    """What everybody saw. Filled from many threads; `lock` guards it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    times: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    marks: set[str] = field(default_factory=set)
    sequences: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note one request."""
        with self.lock:
            self.times[method, route].append(seconds)
            self.statuses[status] += 1
            if status not in EXPECTED:
                self.problems.append(f"{method} {route} gave status {status}")

    def problem(self, text: str) -> None:
        """Note what must not happen."""
        with self.lock:
            self.problems.append(text)

    def mark(self, entry_id: str) -> None:
        """Note a mark that the site said is in the ledger."""
        with self.lock:
            self.marks.add(entry_id)

    def saw(self, feed: str) -> dict[str, int]:
        """The feed's SEQUENCE by UID; the highest of each is kept."""
        seen = {uid: int(number) for uid, number in EVENT.findall(feed)}
        with self.lock:
            for uid, number in seen.items():
                self.sequences[uid] = max(number, self.sequences.get(uid, 0))
        return seen


@dataclass(slots=True)
class Person:
    """One simulated person in a thread of their own; `number` decides what they do and their luck."""

    number: int
    port: int
    arenas: Sequence[Arena]
    notes: Notes
    pages: Sequence[tuple[str, str]]
    feeds: Sequence[str]
    luck: random.Random = field(init=False)
    browser: Browser = field(init=False)
    tags: dict[str, str] = field(init=False, default_factory=dict)
    last_seen: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.luck = random.Random(self.number)
        self.browser = Browser(self.port, self.notes.request)

    def live(self, stop: threading.Event) -> None:
        """Sign in if this person has an account, and act until `stop` is set."""
        account, acts = self._role()
        try:
            if account:
                self.browser.sign_in(account, content.PASSWORD)
            while not stop.is_set():
                self.luck.choice(acts)()
        except Exception as error:
            self.notes.problem(f"person {self.number}: {error!r}")

    def _role(self) -> tuple[str, list[Callable[[], None]]]:
        organiser = [self.read, self.book, self.book, self.plan, self.poll]
        facilitator = [self.read_roster, self.take_attendance, self.take_attendance]
        return [
            (content.ACCOUNTS[0].email, organiser),
            (content.ACCOUNTS[2].email, facilitator),
            (content.ACCOUNTS[1].email, organiser),
            ("", [self.poll, self.poll, self.poll, self.visit]),
        ][self.number % 4]

    # --- reading ---

    def read(self) -> None:
        """Open one of the main pages."""
        name, path = self.luck.choice(self.pages)
        self.browser.get(path, name)

    def visit(self) -> None:
        """Open a series' public page."""
        self.browser.get(f"/s/{self._arena().key}", "/s/…")

    def read_roster(self) -> None:
        """Open the list of a session."""
        self.browser.get(
            f"/sessions/{self.luck.choice(self._arena().past)}/attendance", "/sessions/…/attendance"
        )

    def poll(self) -> None:
        """Fetch a feed as a calendar programme does; no SEQUENCE may be lower than the last time."""
        path = self.luck.choice([*self.feeds, f"/calendars/series/{self._arena().key}.ics"])
        headers = {"If-None-Match": self.tags[path]} if path in self.tags else {}
        answer = self.browser.get(path, "feed", headers)
        if answer.status != 200:
            return
        self.tags[path] = answer.headers.get("ETag", "")
        for uid, number in self.notes.saw(answer.text).items():
            if number < self.last_seen.get(uid, 0):
                self.notes.problem(f"SEQUENCE of {uid} fell from {self.last_seen[uid]} to {number}")
            self.last_seen[uid] = number

    # --- writing ---

    def book(self) -> None:
        """Enrol people, which books seats while there are any, or end one's place, which frees them."""
        path = f"/series/{self._arena().series_id}/people"
        page = self.browser.get(path, "/series/…/people")
        enrolling, ending = page.form_with("pick"), page.form_with("enrolment")
        if enrolling and (ending is None or self.luck.random() < 0.6):
            offered = enrolling.offered("pick")
            chosen = self.luck.sample(offered, min(len(offered), self.luck.randint(1, 6)))
            values = [*enrolling.values, *(("pick", key) for key in chosen)]
            self.browser.send(path, values, "/series/…/people")
        elif ending:
            gone = self.luck.choice(ending.offered("enrolment"))
            self.browser.send(f"{path}/end", ending.filled(enrolment=gone), "/series/…/people/end")

    def plan(self) -> None:
        """Move a coming session, cancel it, or restore it."""
        training = self.luck.choice(self._arena().coming)
        page = self.browser.get(f"/sessions/{training}", "/sessions/…")
        if f"/sessions/{training}/restore" in page.text:
            self._send(training, "restore", "csrf_token", {})
        elif self.luck.random() < 0.3:
            self._send(training, "cancel", "reason", {"reason": "Sjukdom"})
        else:
            day = f"{self.luck.choice(('mån', 'tis', 'ons', 'tors'))} v. {self.luck.randint(1, 20)}"
            self._send(
                training,
                "move",
                "day",
                {"day": day, "starts": f"{self.luck.randint(7, 18):02}:00", "ends": ""},
            )

    def _send(self, training: int, verb: str, named: str, changes: dict[str, str]) -> None:
        path, route = f"/sessions/{training}/{verb}", f"/sessions/…/{verb}"
        page = self.browser.get(path, route)
        form = _last(page.forms(), named)
        if page.status == 200 and form is not None:
            self.browser.send(path, form.filled(**changes), route)

    def take_attendance(self) -> None:
        """Tap some rows of a roster, one request a tap; now and then a tap is sent twice."""
        training = self.luck.choice(self._arena().past)
        page = self.browser.get(f"/sessions/{training}/attendance", "/sessions/…/attendance")
        people, token = ROSTER_ROW.findall(page.text), CSRF.search(page.text)
        seen = dict(SEEN.findall(page.text))
        if not people or token is None:
            return
        for person in self.luck.sample(people, min(len(people), self.luck.randint(2, 6))):
            self._tap(training, person, seen.get(person, ""), token[1])

    def _tap(self, training: int, person: str, seen: str, token: str) -> None:
        tap = {
            "person": int(person), "verdict": self.luck.choice(VERDICTS), "minutes": "", "seen": seen,
            "place": self.luck.choice(("on_site", "remote")), "id": str(uuid.UUID(int=self.luck.getrandbits(128))),
        }  # fmt: skip
        path, route = f"/sessions/{training}/attendance/marks", "/sessions/…/attendance/marks"
        for _time in range(1 + (self.luck.random() < 0.2)):
            answer = self.browser.send_json(path, tap, token, route)
            if answer.status == 200 and (b'"kept"' in answer.body or str(tap["id"]).encode() in answer.body):
                self.notes.mark(str(tap["id"]))

    def _arena(self) -> Arena:
        return self.luck.choice(self.arenas)


def _last(forms: list[Form], named: str) -> Form | None:
    """The last form with a field of this name: the page's own comes after those of the page's frame."""
    return next((form for form in reversed(forms) if named in form.names()), None)
