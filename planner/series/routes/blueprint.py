"""The blueprint that the pages of series share."""

from flask import Blueprint

blueprint = Blueprint("series", __name__)
