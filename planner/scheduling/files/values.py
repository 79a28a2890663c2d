"""Reads values out of JSON, and says in words where one is not what it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time
from typing import Any, TypeVar

from flask_babel import gettext as _

from planner.base.errors import RefusedError

MOST_NUMBER = 1_000_000
LONGEST_TEXT = 500
MOST_ITEMS = 20_000
T = TypeVar("T")


class Value:
    """One value of a file and the way to it, such as `needs[2].steps[0].gap`."""

    def __init__(self, value: Any, way: str = "") -> None:
        self.value = value
        self.way = way

    def refuse(self, what: str) -> RefusedError:
        """The refusal to raise: where, and what is wrong there."""
        return RefusedError(f"{self.way}: {what}" if self.way else what)

    def get(self, name: str) -> Value:
        """A field that must be there."""
        found = self.find(name)
        if found is None:
            raise self.refuse(_("“%(name)s” is missing.", name=name))
        return found

    def find(self, name: str) -> Value | None:
        """A field, or None where it is left out or null."""
        if not isinstance(self.value, dict):
            raise self.refuse(_("Fields in braces are expected here."))
        inner = self.value.get(name)
        return None if inner is None else Value(inner, f"{self.way}.{name}" if self.way else name)

    def only(self, *names: str) -> Value:
        """The value itself, if it has no fields but these."""
        if not isinstance(self.value, dict):
            raise self.refuse(_("Fields in braces are expected here."))
        unknown = sorted(map(str, set(self.value) - set(names)))
        if unknown:
            raise self.refuse(_("“%(name)s” is no field here.", name=unknown[0][:LONGEST_TEXT]))
        return self

    def items(self) -> Iterator[Value]:
        """The values of a list."""
        if not isinstance(self.value, list):
            raise self.refuse(_("A list in brackets is expected here."))
        if len(self.value) > MOST_ITEMS:
            raise self.refuse(_("The list is too long: at most %(most)s.", most=MOST_ITEMS))
        yield from (Value(inner, f"{self.way}[{number}]") for number, inner in enumerate(self.value))

    def each(self, name: str, read: Callable[[Value], T]) -> tuple[T, ...]:
        """A field's list, each value read; a field left out is an empty list."""
        found = self.find(name)
        return () if found is None else tuple(read(item) for item in found.items())

    def text(self) -> str:
        """A text of a reasonable length."""
        if not isinstance(self.value, str) or len(self.value) > LONGEST_TEXT:
            raise self.refuse(_("A text of at most %(most)s characters is expected here.", most=LONGEST_TEXT))
        return self.value

    def number(self, least: int = 0, most: int = MOST_NUMBER) -> int:
        """A whole number from `least` to `most`."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or not least <= self.value <= most:
            raise self.refuse(
                _("A whole number from %(least)s to %(most)s is expected here.", least=least, most=most)
            )
        return self.value

    def number_or(self, name: str, otherwise: int, least: int = 0, most: int = MOST_NUMBER) -> int:
        """A field's whole number, or another where it is left out."""
        found = self.find(name)
        return otherwise if found is None else found.number(least, most)

    def flag(self, name: str) -> bool:
        """A field that is true or false; left out it is false."""
        found = self.find(name)
        if found is not None and not isinstance(found.value, bool):
            raise found.refuse(_("true or false is expected here."))
        return found is not None and bool(found.value)

    def day(self) -> date:
        """A date such as 2027-01-11."""
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            raise self.refuse(_("A date such as 2027-01-11 is expected here.")) from None

    def half_hour(self) -> int:
        """A time such as 08:30, in half-hours after midnight; 24:00 is the day's end."""
        if self.text() == "24:00":
            return 48
        try:
            clock = time.fromisoformat(self.text())
        except ValueError:
            clock = time(0, 1)
        if clock.minute % 30 or clock.second or clock.microsecond or clock.tzinfo:
            raise self.refuse(_("A half-hour such as 08:30 is expected here."))
        return clock.hour * 2 + clock.minute // 30
