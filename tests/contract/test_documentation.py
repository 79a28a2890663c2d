"""What the documentation must not forget: settings, commands, rooms, the staircase, libraries, its own links."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from planner.base.config import ROOT, Settings
from tests.conftest import make_app

README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
DEPENDENCIES = (ROOT / "docs/decisions/012-dependencies.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def section(text: str, heading: str) -> str:
    """The text under a `##` heading, up to the next one."""
    _, found, rest = text.partition(f"\n## {heading}\n")
    assert found, f"there is no heading {heading!r}"
    return rest.split("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of each row of a table, without its head."""
    lines = [line.strip().strip("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split("|")] for line in lines[2:]]


def shown_default(name: str, default: object) -> str:
    if name == "DATABASE_URL":
        return "`sqlite:///…/var/planner.db`"
    if isinstance(default, bool):
        default = int(default)
    return f"`{default}`" if default != "" else "none"


def test_readme_lists_every_setting_with_its_default() -> None:
    told = [(name.strip("`"), default) for name, default, _meaning in rows(section(README, "Settings"))]
    names = [(field.metadata.get("env", field.name.upper()), field.default) for field in fields(Settings)]
    assert told == [(name, shown_default(name, default)) for name, default in names]


def test_readme_lists_every_command() -> None:
    told = {row[0].strip("`") for row in rows(section(README, "Commands"))} - {"db upgrade"}
    group = make_app("sqlite://").cli.commands["planner"]
    assert set(commands(group, "planner")) == told


def commands(command: click.Command, name: str) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield name
        return
    for inner, child in command.commands.items():
        yield from commands(child, f"{name} {inner}")


def test_architecture_names_every_room_and_no_other() -> None:
    tree = section(ARCHITECTURE, "The tree").partition("planner/")[2].partition("\ntemplates/")[0]
    told = set(re.findall(r"^  (\w+)/ ", tree, re.MULTILINE))
    assert told == {file.parent.name for file in (ROOT / "planner").glob("*/__init__.py")}


def test_architecture_draws_the_staircase_that_is_checked() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = contracts["contracts"][0]["layers"]
    drawn = section(ARCHITECTURE, "The staircase").split("```")[1].strip()
    assert drawn == " > ".join(layers).replace("planner.", "")


@pytest.mark.parametrize(
    ("file", "heading"),
    [
        ("requirements.in", "The application (requirements.in)"),
        ("requirements-dev.in", "Its checks (requirements-dev.in)"),
    ],
)
def test_every_library_has_its_reason(file: str, heading: str) -> None:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    wanted = [found[0] for line in lines if (found := re.match(r"[A-Za-z][\w.-]*", line))]
    assert [row[0] for row in rows(section(DEPENDENCIES, heading))] == wanted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"(?<!!)\[[^\]]+\]\(([^)#\s]+)", text)
    inside = [target for target in targets if "://" not in target]
    named = re.findall(r"\bdocs/[\w/-]+\.md\b", text)
    missing = [target for target in inside if not (page.parent / target).exists()]
    assert missing + [name for name in named if not (ROOT / name).exists()] == []


def test_decisions_are_numbered_without_holes() -> None:
    numbers = [int(file.name[:3]) for file in sorted((ROOT / "docs/decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
