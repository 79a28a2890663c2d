"""A client that costs so little that the server is what is measured: raw sockets, a new connection per request."""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

TIMEOUT_SECONDS = 60
CHUNK = 1 << 18


def request_bytes(path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """A GET request, finished, so that nothing is put together while the clock runs."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode()


def post_bytes(path: str, headers: Mapping[str, str] | None = None, data: Any = None) -> bytes:
    """A POST request of this data as JSON, finished in the same way."""
    body = json.dumps(data).encode()
    about = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    return b"POST" + request_bytes(path, about).removeprefix(b"GET") + body


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, and the seconds from opening the connection to its last byte."""

    status: int
    head: str
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        """The header's value; empty when it is not there."""
        for line in self.head.split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return ""


def fetch(port: int, request: bytes) -> Answer:
    """Send one request and read the answer to its end."""
    chunks: list[bytes] = []
    started = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall(request)
        while chunk := connection.recv(CHUNK):
            chunks.append(chunk)
    took = time.perf_counter() - started
    head, _, body = b"".join(chunks).partition(b"\r\n\r\n")
    return Answer(_status(head), head.decode("latin-1"), body, took)


@dataclass(slots=True)
class Burst:
    """What came of many requests side by side: how many, in how many seconds, with which statuses."""

    done: int = 0
    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)


def burst(port: int, requests: Iterable[bytes], *, clients: int, seconds: float) -> Burst:
    """Keep `clients` connections busy until the requests run out or the time is up; those begun are finished."""
    waiting, result = iter(requests), Burst()
    with selectors.DefaultSelector() as selector:
        started = time.perf_counter()
        for request in islice(waiting, clients):
            _begin(selector, port, request)
        while selector.get_map():
            ready = selector.select(TIMEOUT_SECONDS)
            if not ready:
                _close_all(selector)
                raise TimeoutError(f"no answer within {TIMEOUT_SECONDS} s")
            for key, _mask in ready:
                if _read(selector, key, result) and time.perf_counter() - started < seconds:
                    for request in islice(waiting, 1):
                        _begin(selector, port, request)
        result.seconds = time.perf_counter() - started
    return result


def _begin(selector: selectors.BaseSelector, port: int, request: bytes) -> None:
    # On this machine the kernel takes a connection and a short request at once, so neither has to wait.
    connection = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS)
    connection.sendall(request)
    connection.setblocking(False)
    selector.register(connection, selectors.EVENT_READ, [])


def _read(selector: selectors.BaseSelector, key: selectors.SelectorKey, result: Burst) -> bool:
    """Read what has come; whether the answer is complete."""
    connection: socket.socket = key.fileobj  # type: ignore[assignment]
    try:
        chunk = connection.recv(CHUNK)
    except ConnectionResetError:
        chunk = b""
    if chunk:
        if not key.data:
            key.data.append(chunk[:32])
        return False
    selector.unregister(connection)
    connection.close()
    result.done += 1
    result.statuses[_status(key.data[0] if key.data else b"")] += 1
    return True


def _close_all(selector: selectors.BaseSelector) -> None:
    for key in list(selector.get_map().values()):
        selector.unregister(key.fileobj)
        key.fileobj.close()  # type: ignore[union-attr]


def _status(head: bytes) -> int:
    """The answer's status; 0 when there was none."""
    parts = head.split(b" ", 2)
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0
