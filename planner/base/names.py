"""Names: sorted as a Swede expects, and found by words as people type them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from planner.base.types import SortKey, like_pattern, swedish_sort_key


class Named:
    """Mixin: a name with its stored Swedish sort key."""

    name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(SortKey, index=True)

    @validates("name")
    def _sort_with_name(self, _key: str, name: str) -> str:
        self.sort_key = swedish_sort_key(name)
        return name


def name_has(model: Any, words: str) -> list[ColumnElement[bool]]:
    """A condition per word: each stands somewhere in the name, in any case, accents apart.

    The stored sort key of the model is compared, since SQLite's own lower() knows only a to z.
    """
    keys = [swedish_sort_key(word) for word in words.split()[:8]]
    return [model.sort_key.like(like_pattern(key), escape="\\") for key in keys if key]
