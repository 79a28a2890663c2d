"""The blueprint that the pages of home share."""

from flask import Blueprint

blueprint = Blueprint("home", __name__)
