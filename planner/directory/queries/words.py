"""Searching by words as people type them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement

from planner.base.types import like_pattern, swedish_sort_key


def name_has(model: Any, words: str) -> list[ColumnElement[bool]]:
    """A condition per word: each stands somewhere in the name, in any case, accents apart.

    The stored sort key is compared, since SQLite's own lower() knows only a to z.
    """
    keys = [swedish_sort_key(word) for word in words.split()[:8]]
    return [model.sort_key.like(like_pattern(key), escape="\\") for key in keys if key]
