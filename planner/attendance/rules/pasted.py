"""People as they are pasted: one a line, an address, a name, or both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MOST_LINES: Final = 300
_ADDRESS: Final = re.compile(r"[^\s<>;,\"]+@[^\s<>;,\"]+")


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One line: its number, and the name and the address (lower case) in it, each empty when there is none."""

    number: int
    name: str
    email: str


def pasted_lines(text: str) -> list[PastedLine]:
    """The lines with something on them, each person once: "Asta Berg <asta@x.se>", "Asta Berg; asta@x.se", a tab."""
    found: dict[tuple[str, str], PastedLine] = {}
    for number, line in enumerate(text.splitlines(), 1):
        one = _read(number, line)
        if one.name or one.email:
            found.setdefault(("", one.email) if one.email else (one.name.casefold(), ""), one)
    return list(found.values())


def _read(number: int, line: str) -> PastedLine:
    match = _ADDRESS.search(line)
    email = match[0].lower() if match else ""
    rest = line.replace(match[0], " ") if match else line
    # Of several columns the first with something in it is the name: a company often comes after.
    columns = (" ".join(re.sub(r"[<>,\"]", " ", part).split()) for part in re.split(r"[;\t]", rest))
    name = next((column for column in columns if column), "")
    return PastedLine(number, name[:200], email[:254])
