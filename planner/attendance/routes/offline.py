"""What the roster and the screen need to go on without a network."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app

from planner.attendance.routes.blueprint import blueprint
from planner.web.access import public


@blueprint.get("/offline.js")
@public
def offline_worker() -> Response:
    """The service worker, at an address from which it may serve those pages. It is another one with every deploy."""
    folder = Path(str(current_app.static_folder))
    script = (folder / "attendance" / "offline.js").read_text(encoding="utf-8")
    answer = Response(f"// {_version(folder)}\n{script}", mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@lru_cache(maxsize=1)
def _version(folder: Path) -> str:
    """A mark of all scripts and styles as they are now."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".js", ".css"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
