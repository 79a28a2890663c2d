from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, get_template_attribute
from wtforms import BooleanField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired

from planner.base.config import ROOT
from planner.web.forms import BaseForm
from planner.web.icons import icon_svg

BASE = ROOT / "static" / "_base"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TEXT, CONTROL = 4.5, 3.0
GROUNDS = (
    "paper", "surface", "sunken", "accent-soft", "rowan-soft", "honey-soft", "success-soft", "info-soft",
    "warning-soft", "danger-soft",
)  # fmt: skip
PAIRS = (
    [(ink, ground, TEXT) for ink in ("ink", "ink-soft", "accent") for ground in GROUNDS]
    + [("focus", ground, CONTROL) for ground in GROUNDS]
    + [("edge", ground, CONTROL) for ground in ("paper", "surface", "sunken")]
    + [
        (tone, ground, TEXT)
        for tone in ("success", "info", "warning", "danger")
        for ground in ("paper", "surface", "sunken", f"{tone}-soft")
    ]
    + [("rowan", ground, TEXT) for ground in ("paper", "surface", "rowan-soft")]
    + [("on-rowan", "rowan", TEXT)]
    + [
        ("on-accent", "accent", TEXT),
        ("on-accent", "accent-strong", TEXT),
        ("accent-strong", "accent-soft", TEXT),
    ]
    + [("paper", "ink-soft", TEXT), ("surface", "danger", TEXT), ("surface", "info", TEXT)]
)


def _tokens() -> dict[str, tuple[str, str]]:
    found = re.findall(r"--([a-z-]+): light-dark\(#(\w{6}), #(\w{6})\)", (BASE / "theme.css").read_text())
    return {name: (light, dark) for name, light, dark in found}


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_every_ink_is_readable_on_its_grounds(mode: int) -> None:
    tokens = _tokens()
    low = []
    for ink, ground, needed in PAIRS:
        dark, light = sorted(_luminance(tokens[name][mode]) for name in (ink, ground))
        contrast = (light + 0.05) / (dark + 0.05)
        if contrast < needed:
            low.append((ink, ground, round(contrast, 2)))
    assert low == []


def test_every_icon_named_in_a_template_exists() -> None:
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r"\bicon\('([a-z0-9-]+)'\)", path.read_text(encoding="utf-8"))
    }
    assert named
    assert [name for name in sorted(named) if "<path" not in icon_svg(name)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_has_inline_style_or_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"|<style", text)
    # A letter has no style sheet that it could link to.
    assert found == (["<style"] if path.name == "frame.html" else [])


def test_colours_are_written_in_the_theme_only() -> None:
    # On paper the ground is white, whatever the theme says.
    others = [
        path for path in (ROOT / "static").rglob("*.css") if path.name not in ("theme.css", "print.css")
    ]
    found = {path.name: re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", path.read_text()) for path in others}
    assert {name: colours for name, colours in found.items() if colours} == {}


class ExampleForm(BaseForm):
    title = StringField("Title", [InputRequired("Give a title.")], description="A few words.")
    mode = RadioField("Mode", choices=[SelectChoice("digital", "Digital")])
    is_open = BooleanField("Open to others")


def test_field_ties_help_and_error_to_the_control(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        form = ExampleForm()
        form.validate()
        html = get_template_attribute("_macros/forms.html", "field")(form.title)
    assert '<label for="title">Title<span class="field-word">' in html
    assert 'aria-describedby="title-help title-error"' in html
    assert 'aria-invalid="true"' in html
    assert '<p class="field-help" id="title-help">A few words.</p>' in html
    assert "Give a title." in html


def test_field_draws_choices_as_a_group_and_a_checkbox_as_one_target(app: Flask) -> None:
    with app.test_request_context():
        form = ExampleForm()
        field = get_template_attribute("_macros/forms.html", "field")
        assert "<fieldset" in field(form.mode)
        assert "<legend>Mode</legend>" in field(form.mode)
        assert '<label class="option" for="is_open">' in field(form.is_open)


def test_error_summary_links_to_the_field_and_is_silent_without_errors(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        form = ExampleForm()
        summary = get_template_attribute("_macros/forms.html", "form_errors")
        assert summary(form).strip() == ""
        form.validate()
        form.form_errors.append("Someone saved this.")
        html = summary(form)
    assert '<a href="#title">Title: Give a title.</a>' in html
    assert "<li>Someone saved this.</li>" in html


def test_both_versions_are_shown_when_two_people_edit(app: Flask) -> None:
    conflict = SimpleNamespace(label="Title", theirs="Theirs", yours="")
    with app.test_request_context():
        html = get_template_attribute("_macros/forms.html", "conflicts")(
            SimpleNamespace(conflicts=[conflict])
        )
    assert "<dd>Theirs</dd>" in html
    assert html.count("<dd>") == 2


def _week(label: str, month: str, now: bool = False) -> SimpleNamespace:
    return SimpleNamespace(label=label, month=month, is_now=now, marks=[])


def test_board_draws_a_session_once_and_a_mark_for_each_company(app: Flask) -> None:
    chip = SimpleNamespace(
        url="/s/1",
        step=1,
        when="tis 13:00",
        title="Start",
        mode="digital",
        fill="3/8",
        status="held",
        proposed=False,
    )
    quiet = SimpleNamespace(quiet=True, quiet_note="stop", takes_part=False)
    there = SimpleNamespace(quiet=False, quiet_note="", takes_part=True)
    rows = [SimpleNamespace(name=name, url="/c", cells=[quiet, there, quiet]) for name in ("A", "B")]
    board = SimpleNamespace(
        weeks=[_week("v. 40", "October"), _week("v. 41", "October", now=True), _week("v. 45", "November")],
        groups=[SimpleNamespace(name="Industry", chips_by_week=[[], [chip], []], rows=rows)],
    )
    with app.test_request_context():
        html = get_template_attribute("_macros/plan.html", "board")(board, "Plan")
    table = html[: html.index("</table>")]
    assert table.count('href="/s/1"') == 1
    assert table.count('class="takes-part"') == 2
    assert table.count("is-quiet") == 4
    assert re.findall(r'colspan="(\d)"><span>(\w+)', table) == [("2", "October"), ("1", "November")]
