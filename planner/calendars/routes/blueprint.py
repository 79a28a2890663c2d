"""The blueprint that the pages and feeds of calendars share."""

from flask import Blueprint

blueprint = Blueprint("calendars", __name__)
