"""What a view answers with."""

from __future__ import annotations

from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from planner.web.forms import BaseForm

Answer = str | tuple[str, int] | Response


def form_page(template: str, /, *, form: BaseForm, **values: Any) -> tuple[str, int]:
    """The page with its form; status 422 when something in the form was refused."""
    return render_template(template, form=form, **values), 422 if form.errors else 200
