"""The blueprint that the pages of invitations hang on."""

from flask import Blueprint

blueprint = Blueprint("invitations", __name__)
