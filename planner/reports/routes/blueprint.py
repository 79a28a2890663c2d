"""The blueprint that every file of these pages adds to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("reports", __name__)
