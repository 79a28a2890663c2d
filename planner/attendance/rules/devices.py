"""On what a mark was made: a short kind of browser and device, from what the browser says of itself.

No more than a colleague beside it would see: versions, models and what else tells one device from another are left out.
"""

from __future__ import annotations

from typing import Final

# The first that fits: newer browsers name older ones too.
_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_DEVICES: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(user_agent: str) -> str:
    """Browser and device as in "Safari, iPhone"; what is not known is left out, and "" when nothing is."""
    found = (_first(_BROWSERS, user_agent), _first(_DEVICES, user_agent))
    return ", ".join(word for word in found if word)


def _first(table: tuple[tuple[str, str], ...], text: str) -> str:
    return next((word for sign, word in table if sign in text), "")
