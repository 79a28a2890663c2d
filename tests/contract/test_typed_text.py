"""Whatever is typed into any field of any form: it is refused in words or kept as text, never run and never fatal.

Every page is opened and every form on it is sent with the text in all its text fields at once; markup also in each by
itself, so that a field whose neighbours would have been refused is reached too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from tests.contract.test_access_table import rules
from tests.contract.test_whose import addresses
from tests.world import World

SignIn = Callable[[User], FlaskClient]
TYPED = ("text", "search", "email", "url", "tel", "textarea", "number", "date", "time", "hidden")
LEFT_ALONE = ("/sign-out", "/sign-ins/", "/language/", "/theme/", "/remove", "/archive", "/discard")

# Ends attributes and elements, asks the template engine, begins a header, and holds what PostgreSQL refuses.
MARKUP = "\"><zqx onzqx=1>'{{7*7}}</script><!--"
TEXTS = {
    "markup": f"=a {MARKUP} \0\x1b\ufffe\r\nBcc: two@example.test\r\n\r\n😀",
    "address": "javascript:zqx(1)",
    "long": "å" * 6_000,
    "digits": "9" * 40,
}


@dataclass
class Form:
    """A form as a browser would send it: `typed` names its text fields."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    typed: set[str] = field(default_factory=set)


class Page(HTMLParser):
    """The forms of a page, its addresses, and whether the marker came out as markup."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.ran: list[str] = []
        self._area: str | None = None
        self._select: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "zqx" or any("zqx" in name or name.startswith("on") for name in given):
            self.ran.append(f"<{tag} {given}>")
        self.links += [given[name] for name in ("href", "src", "action", "formaction") if name in given]
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif self.forms and given.get("name"):
            self._field(tag, given)
        if tag == "option" and self._select and "selected" in given and self.forms:
            self.forms[-1].values.append((self._select, given.get("value", "")))

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form, name, kind = self.forms[-1], given["name"], given.get("type", "text").lower()
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            form.typed.add(name)
            form.values.append((name, ""))
        elif tag == "input" and kind in TYPED:
            form.typed.add(name)
            form.values.append((name, given.get("value", "")))
        elif tag == "input" and kind in ("radio", "checkbox") and "checked" in given:
            form.values.append((name, given.get("value", "on")))

    def handle_data(self, data: str) -> None:
        if self._area and self.forms:
            before = dict(self.forms[-1].values)[self._area]
            self.forms[-1].values.remove((self._area, before))
            self.forms[-1].values.append((self._area, before + data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None


def pages(app: Flask, ours: World) -> list[str]:
    """The address of every page, with our objects in it."""
    found = [f"/subscribe/company/{ours.companies[0].id}"]
    for rule, method in rules(app):
        if method != "GET" or "scope" in rule.arguments or any(part in rule.rule for part in LEFT_ALONE):
            continue
        found += [rule.rule] if not rule.arguments else [next(addresses(rule, ours, ours))]
    return found


def sendings(form: Form) -> Iterator[list[tuple[str, str]]]:
    """The form with each text in every text field, and with the markup in one field at a time."""
    kept = {"csrf_token", "revision", "opened_with", "seen", "entry_id"}
    for text in TEXTS.values():
        yield [(name, text if name in form.typed - kept else value) for name, value in form.values]
    if len(form.typed - kept) > 1:
        for one in sorted(form.typed - kept):
            yield [(name, TEXTS["markup"] if name == one else value) for name, value in form.values]


def send(client: FlaskClient, page: str, form: Form, values: list[tuple[str, str]]) -> Any:
    data: dict[str, list[str]] = {}
    for name, value in values:
        data.setdefault(name, []).append(value)
    target = form.action or page
    if form.method == "get":
        return client.get(target.split("?")[0], query_string=data)
    return client.post(target, data=data)


@pytest.mark.thorough
def test_any_text_in_any_field(app: Flask, ours: World, client: FlaskClient) -> None:
    failed, listed, known = [], pages(app, ours), set()
    for address in listed:
        answer = client.get(address)
        for form in Page(answer.text).forms if answer.mimetype == "text/html" else ():
            target = (form.method, form.action or address, tuple(sorted(form.typed)))
            if target in known or any(part in target[1] for part in LEFT_ALONE):
                continue
            known.add(target)
            for values in sendings(form):
                sent = send(client, address, form, values)
                if sent.status_code >= 500:
                    failed.append(f"{target[:2]} {values}"[:300])
                elif sent.mimetype == "text/html":
                    failed += dangers(target[1], sent.text)
    for address in listed:
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.mimetype == "text/html":
            failed += dangers(address, answer.text)
    assert failed == []
    assert client.get("/account").status_code == 200  # signed in to the end


def dangers(address: str, text: str) -> list[str]:
    """What in a page would run or lead to where text was typed as an address."""
    if "zqx" not in text:
        return []
    page = Page(text)
    bad = [
        link for link in page.links if link.lower().strip().startswith(("javascript:", "data:", "vbscript:"))
    ]
    return [f"{address}: {what}" for what in page.ran + bad]
