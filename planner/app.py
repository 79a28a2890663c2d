"""Builds the application. The only file that knows every feature."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, request, url_for
from flask_babel import Babel
from flask_babel import gettext as _
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

import planner.accounts.models
import planner.accounts.routes
import planner.accounts.subscribers
import planner.attendance.models
import planner.attendance.routes
import planner.attendance.subscribers
import planner.calendars.models
import planner.calendars.routes
import planner.calendars.subscribers
import planner.certificates.models
import planner.certificates.routes
import planner.certificates.subscribers
import planner.certificates.work
import planner.directory.models
import planner.directory.routes
import planner.exchange.models
import planner.exchange.routes
import planner.exchange.subscribers
import planner.home.routes
import planner.invitations.models
import planner.invitations.routes
import planner.invitations.subscribers
import planner.jobs.models
import planner.jobs.routes
import planner.needs.models
import planner.needs.routes
import planner.outbox.models
import planner.outbox.routes
import planner.plan.routes
import planner.reports.models
import planner.reports.routes
import planner.reports.subscribers
import planner.reports.work
import planner.scheduling.routes
import planner.series.models
import planner.series.routes
import planner.series.subscribers
import planner.series_templates.models
import planner.series_templates.routes
import planner.web.routes
from planner.accounts import sign_in
from planner.base.config import ROOT, Settings
from planner.base.db import READING, db
from planner.base.viewer import EVERYONE, PEOPLE_SEERS, Viewer
from planner.cli import commands
from planner.web import access, addresses, errors, formats, icons, logs, security

PRODUCT_NAME = "Stegvis"

FEATURES = (
    planner.web, planner.accounts, planner.jobs, planner.outbox, planner.directory, planner.series_templates,
    planner.series, planner.needs, planner.scheduling, planner.attendance, planner.calendars,
    planner.invitations, planner.exchange, planner.plan, planner.reports, planner.certificates, planner.home,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the main navigation."""

    label: str
    url: str
    icon: str
    active: bool


def create_app(settings: Settings) -> Flask:
    """The application for `settings`."""
    app = Flask("planner", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(_flask_config(settings))
    app.extensions["settings"] = settings
    app.url_map.converters["int"] = addresses.RowNumber
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _connect(app, settings)
    logs.init_app(app, settings.log_level)
    addresses.init_app(app)
    Babel(app, locale_selector=planner.web.routes.language)
    Bootstrap5(app)
    security.init_app(app)
    sign_in.init_app(app)
    access.init_app(app)
    errors.init_app(app)
    formats.init_app(app)
    icons.init_app(app)
    _serve_static(app)
    app.context_processor(lambda: _shared_context(settings))
    for feature in FEATURES:
        app.register_blueprint(feature.routes.blueprint)
    commands.init_app(app)
    _believe_proxies(app, settings.trusted_proxies)
    return app


def _believe_proxies(app: Flask, count: int) -> None:
    """Take address and scheme from what so many proxies in front say; outermost, so that all else sees them."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, count, count, count)  # type: ignore[method-assign]


def _flask_config(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings.database_url),
        "SQLALCHEMY_BINDS": {READING: _reading_engine(settings.database_url)},
        "SESSION_COOKIE_NAME": "stegvis",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "WTF_CSRF_SSL_STRICT": False,  # pages behind a personal link send no Referer, on purpose; the token decides
        "WTF_CSRF_TIME_LIMIT": None,  # a form left open over lunch must still be accepted
        "MAX_CONTENT_LENGTH": 10 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 6 * 1024 * 1024,  # the longest template, twice, with each å as %C3%A5
        "BABEL_DEFAULT_LOCALE": "sv",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Stockholm",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "planner" / "translations"),
        "BOOTSTRAP_SERVE_LOCAL": True,
        "RATELIMIT_STORAGE_URI": settings.limits_storage,
        "RATELIMIT_ENABLED": settings.rate_limits,
    }


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 5}, "hide_parameters": True}
    # Hidden: a failing statement is logged, and its values may be tokens, addresses or whole letters.
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": 8,
        "max_overflow": 8,
        "pool_recycle": 1800,
    }


def _reading_engine(url: str) -> dict[str, Any]:
    """A second engine over the same database, for `base.db.reading`: what it reads is gone when it is answered.

    No connection is tried beforehand: a feed that meets a dead one is asked for again, by the view behind the gate.
    """
    options = {**_engine_options(url), "url": url, "isolation_level": "AUTOCOMMIT", "pool_pre_ping": False}
    return {**options, "execution_options": {READING: True}}


def _connect(app: Flask, settings: Settings) -> None:
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)


def _serve_static(app: Flask) -> None:
    """Give static addresses a content hash, so that they may be kept for a year and never be stale."""

    @lru_cache(maxsize=512)
    def fingerprint(filename: str) -> str:
        path = Path(str(app.static_folder)) / filename
        return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else ""

    @app.url_defaults
    def add_fingerprint(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values and (mark := fingerprint(values["filename"])):
            values["v"] = mark

    def max_age(filename: str | None) -> int | None:
        return 31_536_000 if "v" in request.args or request.endpoint != "static" else None

    app.get_send_file_max_age = max_age  # type: ignore[method-assign]


def _shared_context(settings: Settings) -> dict[str, Any]:
    viewer = access.current_viewer()
    return {
        "viewer": viewer,
        "navigation": _navigation(viewer),
        "product_name": PRODUCT_NAME,
        "locale": formats.page_language(),
        "theme": planner.web.routes.theme(),
        "demo": settings.demo,
    }


def _navigation(viewer: Viewer) -> list[NavigationItem]:
    """What the viewer may open, in the order of a working day."""
    if not viewer.is_signed_in:
        entries = [
            (_("Series"), "home.start", "calendar3"),
            (_("Templates"), "exchange.gallery", "collection"),
        ]
    else:
        entries = [(_("Start"), "home.start", "house")]
        if viewer.has_role(EVERYONE):
            entries.append((_("Plan"), "plan.board", "kanban"))
            entries.append((_("Series"), "series.index", "calendar3"))
        entries.append((_("Templates"), "exchange.gallery", "collection"))
        if viewer.has_role(PEOPLE_SEERS):
            entries.append((_("Directory"), "directory.companies", "buildings"))
        if viewer.has_role(EVERYONE):
            entries.append((_("Figures"), "reports.figures", "bar-chart"))
    here = _room_shown()
    return [
        NavigationItem(label, url_for(endpoint), icon, active=endpoint.split(".")[0] == here)
        for label, endpoint, icon in entries
    ]


def _room_shown() -> str:
    """The room whose entry is marked: what passes between templates and series belongs to the one its address names."""
    room = request.blueprint or ""
    if room in ("series_templates", "exchange"):
        return "series" if request.path.startswith("/series/") else "exchange"
    return room
