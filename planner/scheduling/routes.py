"""Pages of scheduling."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("scheduling", __name__)
