"""Pages of series templates."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("series_templates", __name__)
