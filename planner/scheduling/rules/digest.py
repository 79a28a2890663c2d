"""A short text that is equal for equal problems, so that a plan over changed facts can be told."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from planner.scheduling.rules.problem import Problem


def digest(problem: Problem) -> str:
    """The problem's digest: the same on every machine and in every version of Python."""
    text = json.dumps(_plain(problem), ensure_ascii=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
