"""Absolute addresses of the site's pages, for mail, feeds and the command line, where there is no request."""

from __future__ import annotations

from typing import Any

from flask import current_app

from planner.web.settings import current_settings


def site_link(endpoint: str, **values: Any) -> str:
    """The address of a view on the public site (SITE_URL), whatever host the present request came by."""
    path = current_app.url_map.bind("site.invalid").build(endpoint, values)
    return f"{current_settings().site_url}{path}"
