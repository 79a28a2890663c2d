"""The WSGI entry: `gunicorn wsgi:app`, `flask --app wsgi …`."""

from planner.app import create_app
from planner.base.config import Settings

app = create_app(Settings.from_environment())
