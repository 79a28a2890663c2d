"""A browser as a simulated person needs one: cookies, forms, a new connection per request."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from tests.load.client import TIMEOUT_SECONDS

Values = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """One answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def forms(self) -> list[Form]:
        """The page's forms in order."""
        reader = _FormReader()
        reader.feed(self.text)
        return reader.forms

    def form_with(self, name: str) -> Form | None:
        """The first form that has a field of this name."""
        return next((form for form in self.forms() if name in form.names()), None)


@dataclass(slots=True)
class Form:
    """A form's address, the values it would send as it stands, and what could be ticked or pressed."""

    action: str
    values: Values = field(default_factory=list)
    offers: Values = field(default_factory=list)

    def names(self) -> set[str]:
        """The names of all its fields and buttons."""
        return {name for name, _value in [*self.values, *self.offers]}

    def offered(self, name: str) -> list[str]:
        """The values of the boxes and buttons with this name that are not set."""
        return [value for key, value in self.offers if key == name]

    def filled(self, **changes: str) -> Values:
        """What is sent after these fields are filled in otherwise."""
        kept = [(name, value) for name, value in self.values if name not in changes]
        return [*kept, *changes.items()]


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self._area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(found.get("action", ""))
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag in ("input", "button"):
            self._add_field(self._form, tag, found)
        elif tag == "select":
            self._select = found.get("name", "")
        elif tag == "option" and self._select and "selected" in found:
            self._form.values.append((self._select, found.get("value", "")))
        elif tag == "textarea":
            self._area = (found.get("name", ""), [])

    def _add_field(self, form: Form, tag: str, found: dict[str, str]) -> None:
        name, value, kind = found.get("name", ""), found.get("value", ""), found.get("type", "text")
        if not name:
            return
        is_choice = tag == "button" or kind in ("checkbox", "radio", "submit")
        if is_choice and "checked" not in found:
            form.offers.append((name, value))
        else:
            form.values.append((name, value))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area and self._form:
            self._form.values.append((self._area[0], "".join(self._area[1])))
            self._area = None


class Browser:
    """Keeps cookies; tells `note(method, route, status, seconds)` of each request. Follows no redirect."""

    def __init__(self, port: int, note: Callable[[str, str, int, float], None] | None = None) -> None:
        self.port, self.note = port, note
        self.cookies: dict[str, str] = {"language": "sv"}

    @property
    def cookie(self) -> str:
        """The Cookie header."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, path: str, route: str = "", headers: Mapping[str, str] | None = None) -> Page:
        """The page at this path; `route` is the name it is counted under."""
        return self._ask("GET", path, route, None, headers or {})

    def send(self, path: str, values: Sequence[tuple[str, str]], route: str = "") -> Page:
        """Send a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, route, urlencode(values).encode(), kind)

    def send_json(self, path: str, data: Any, token: str, route: str = "") -> Page:
        """Send JSON as the pages' scripts do."""
        kind = {"Content-Type": "application/json", "X-CSRFToken": token}
        return self._ask("POST", path, route, json.dumps(data).encode(), kind)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by password, as a person does."""
        form = self.get("/sign-in", "/sign-in").form_with("password")
        if form is None:
            raise RuntimeError("the sign-in page has no form")
        answer = self.send("/sign-in", form.filled(email=email, password=password), "/sign-in")
        if answer.status != 302:
            raise RuntimeError(f"signing in as {email} gave status {answer.status}")

    def _ask(
        self, method: str, path: str, route: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Page:
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body, {"Cookie": self.cookie, "Connection": "close", **headers})
            answer = connection.getresponse()
            page = Page(answer.status, dict(answer.getheaders()), answer.read())
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = line.split(";", 1)[0].partition("=")
                self.cookies[name] = value
        finally:
            connection.close()
        if self.note:
            self.note(method, route or path, page.status, time.perf_counter() - started)
        return page
