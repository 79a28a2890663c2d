"""The icons of Bootstrap-Flask's own sprite, written into the page.

The sprite is a megabyte and a page needs a dozen shapes. Inline, they need no request and follow the text.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import flask_bootstrap
from flask import Flask
from markupsafe import Markup

SPRITE: Final = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/icons/bootstrap-icons.svg"
SYMBOL: Final = re.compile(r'<symbol [^>]*viewBox="([^"]+)" id="([^"]+)">(.*?)</symbol>', re.DOTALL)


@cache
def _shapes() -> dict[str, tuple[str, str]]:
    """Icon name -> its view box and the markup of its shape."""
    sprite = SPRITE.read_text(encoding="utf-8")
    return {name: (view_box, shape) for view_box, name, shape in SYMBOL.findall(sprite)}


@cache
def icon_svg(name: str) -> Markup:
    """The icon as inline SVG, hidden from screen readers: words beside it carry the meaning.

    Raises KeyError for a name that the sprite does not have.
    """
    view_box, shape = _shapes()[name]
    markup = f'<svg class="icon" viewBox="{view_box}" aria-hidden="true" focusable="false">{shape}</svg>'
    return Markup(markup)  # noqa: S704 - the package's own file, no input from anyone


def init_app(app: Flask) -> None:
    """Give templates `icon_svg`; they use it through the macro `icon` in _macros/ui.html."""
    app.jinja_env.globals["icon_svg"] = icon_svg
