"""Three-way merge of the steps' order: moved by one side is taken, moved by both differently is asked about."""

from __future__ import annotations

from collections.abc import Collection, Iterable

Keys = tuple[str, ...]


def only(keys: Iterable[str], wanted: Collection[str]) -> Keys:
    """Those of the keys that are wanted, in their order."""
    return tuple(key for key in keys if key in wanted)


def woven(order: Iterable[str], other: Iterable[str], present: Collection[str]) -> Keys:
    """The present keys of `order`, with each one only in `other` put right after the one it follows there.

    What `other` has before all that both have comes first; what it has after all of it, after all of it here too.
    """
    result, new = list(only(order, present)), only(other, present)
    shared = set(result) & set(new)
    left = len(shared)
    before = -1
    for key in new:
        if key in shared:
            left -= 1
            before = result.index(key) if left else max(result.index(each) for each in shared)
        else:
            before += 1
            result.insert(before, key)
    return tuple(result)


def is_certain(order: Keys, other: Keys, present: Collection[str]) -> bool:
    """Whether the keys only in `other` have one place: seen from the end they would be put where they are now."""
    backwards = woven(order[::-1], other[::-1], present)[::-1]
    return woven(order, other, present) == backwards
