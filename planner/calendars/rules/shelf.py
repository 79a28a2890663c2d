"""Finished feeds kept in the memory of one process: never more bytes than allowed, the longest unused first out."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from threading import Lock


@dataclass(slots=True)
class KeptFeed:
    """A feed as it was for this version and Stockholm day; gzipped once, when it is first asked for so."""

    version: int
    on: date
    tag: str
    body: bytes
    zipped: bytes = b""

    @property
    def size(self) -> int:
        """Its bytes in memory, as far as they count."""
        return len(self.body) + len(self.zipped)

    def gzip(self) -> bytes:
        """The body, gzipped; the same bytes in every process."""
        if not self.zipped:
            self.zipped = gzip.compress(self.body, 6, mtime=0)
        return self.zipped


class Shelf:
    """Feeds by key, at most `limit` bytes of them once one is put there. Safe to use from several threads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0  # bytes, as far as they count
        self._kept: OrderedDict[Hashable, KeptFeed] = OrderedDict()
        self._sizes: dict[Hashable, int] = {}
        self._lock = Lock()

    def find(self, key: Hashable, version: int, on: date) -> KeptFeed | None:
        """The feed, if it is kept as it is for this version and day."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.version != version or kept.on != on:
                return None
            self._kept.move_to_end(key)
            self._weigh(key, kept.size)  # it may have been gzipped since
            return kept

    def put(self, key: Hashable, feed: KeptFeed) -> None:
        """Keep the feed; what was not asked for longest makes room."""
        with self._lock:
            self._kept[key] = feed
            self._kept.move_to_end(key)
            self._weigh(key, feed.size)
            while self._kept and self.size > self.limit:
                oldest, _ = self._kept.popitem(last=False)
                self._weigh(oldest, 0)
                del self._sizes[oldest]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._sizes.clear()
            self.size = 0

    def _weigh(self, key: Hashable, size: int) -> None:
        self.size += size - self._sizes.get(key, 0)
        self._sizes[key] = size
