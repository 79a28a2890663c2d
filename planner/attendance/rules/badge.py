"""A participant's own code, to be held before a camera or read out: it says who they are at the door and nothing else.

It opens no page, and carries no name. A new personal link makes a new code.
"""

from __future__ import annotations

import re
from typing import Final

from planner.base.tokens import derived_token

_BADGE: Final = re.compile(r"(\d{1,9})[-\s]+([A-Z2-7]{5})[-\s]*([A-Z2-7]{5})", re.ASCII)
_MISREAD: Final = str.maketrans("018", "OIB")  # not among the letters, and easily taken for these


def badge_of(secret: str, person_id: int, generation: int) -> str:
    """The code of this person: "27-KX4PQ-M2ZRT"."""
    proof = derived_token(secret, "badge", person_id, generation)[:10].upper()
    return f"{person_id}-{proof[:5]}-{proof[5:]}"


def read_badge(text: str) -> tuple[int, str] | None:
    """The person's id and the code in its one spelling, not yet proven; None when the text is no such code."""
    head, gap, rest = text.strip().upper().replace("–", "-").partition("-")
    if not gap:
        head, gap, rest = text.strip().upper().partition(" ")
    found = _BADGE.fullmatch(f"{head.strip()}-{rest.strip().translate(_MISREAD)}")
    return (int(found[1]), f"{int(found[1])}-{found[2]}-{found[3]}") if found else None
