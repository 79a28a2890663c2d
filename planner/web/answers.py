"""What a view answers with."""

from __future__ import annotations

from typing import Any, Final

from flask import make_response, render_template
from werkzeug.wrappers import Response

from planner.web.forms import BaseForm

# A letter brings its style with it, and nothing else: no script, no picture from anywhere.
LETTER_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}

Answer = str | tuple[str, int] | Response


def form_page(template: str, /, *, form: BaseForm, **values: Any) -> tuple[str, int]:
    """The page with its form; status 422 when something in the form was refused."""
    return render_template(template, form=form, **values), 422 if form.errors else 200


def as_letter(html: str) -> Response:
    """A mail's HTML as a document of its own, which a page of ours may show in a frame."""
    answer = make_response(html)
    answer.headers.update(LETTER_HEADERS)
    return answer
