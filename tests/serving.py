"""The site running in this process, in threads, so that a held clock holds for it too."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    """Says nothing of requests: a failing test has more to tell."""

    def log_request(self, *_args: object) -> None:
        pass


@contextmanager
def free_listener() -> Iterator[socket.socket]:
    """A free port, taken before the site is made: links in mail and calendars carry the site's address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken


def address_of(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def serving(app: Flask, listener: socket.socket) -> Iterator[str]:
    """Run the site at the listener; gives its address, and ends the site in the end."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet, fd=listener.fileno())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield address_of(listener)
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()
