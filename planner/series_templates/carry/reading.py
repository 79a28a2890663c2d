"""A file as a template: every name, kind, length and number is looked at, and each fault told with its line."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from flask_babel import gettext as _

from planner.directory.rules import COMPETENCES
from planner.series_templates.carry.faults import FORMAT, FORMAT_VERSION, MAX_BYTES, Fault, FileRefusedError
from planner.series_templates.carry.yaml_text import Node, parsed
from planner.series_templates.rules import (
    MOST_CHARACTERS,
    MOST_GAP_DAYS,
    MOST_MINUTES,
    Mode,
    StepDocument,
    TemplateDocument,
)
from planner.web.forms import one_line, plain

MOST_FAULTS: Final = 20
MOST_STEPS: Final = 40
TEXTS: Final = {name: MOST_CHARACTERS[name] for name in ("title", "summary", "audience")}
STEP_TEXTS: Final = {
    name: MOST_CHARACTERS[name] for name in ("title", "goals", "preparation", "materials", "follow_up")
}
NUMBERS: Final = {"minutes": (120, MOST_MINUTES), "gap_days": (7, MOST_GAP_DAYS)}  # if not said, and at most
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")


def decode_file(data: bytes) -> str:
    """The text of a file. Raises FileRefusedError when it is too large or no text."""
    if len(data) > MAX_BYTES:
        raise FileRefusedError(Fault(None, _("The file is larger than 1 MB, which no template is.")))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileRefusedError(Fault(line, _("This is not UTF-8 text. Save the file as UTF-8."))) from None


def read_file(text: str) -> TemplateDocument:
    """The template that a file holds. Raises FileRefusedError with every fault found."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise FileRefusedError(Fault(None, _("The file is larger than 1 MB, which no template is.")))
    top = parsed(text)
    reader = _Reader()
    document = reader.document(top)
    if reader.faults or document is None:
        raise FileRefusedError(*sorted(reader.faults, key=lambda fault: fault.line or 0)[:MOST_FAULTS])
    return document


class _Reader:
    """Turns the file's values into a template, and notes each fault with its line."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, node: Node, sentence: str) -> None:
        """Note what is wrong."""
        self.faults.append(Fault(node.line, sentence))

    def document(self, top: Node) -> TemplateDocument | None:
        """The whole template; None when it is none at all."""
        values = self._names(top, {FORMAT, "title", "summary", "audience", "competences", "steps"})
        if values is None or not self._has_format(top, values):
            return None
        steps = self._steps(values.get("steps"))
        return TemplateDocument(
            **{name: self._text(values.get(name), name, most) for name, most in TEXTS.items()},
            competences=tuple(self._competences(values.get("competences"))),
            steps=tuple(steps),
        )

    def _has_format(self, top: Node, values: Mapping[str, Node]) -> bool:
        node = values.get(FORMAT)
        if node is None or not isinstance(node.value, str) or not re.fullmatch(r"[0-9]{1,4}", node.value):
            said = _("This is no template file: it lacks “%(name)s: 1”.", name=FORMAT)
            self.faults = [Fault(top.line, said)]
            return False
        if int(node.value) > FORMAT_VERSION:
            # What else is unknown there may well be right in that format.
            said = _(
                "The file is of format %(theirs)s; here up to %(ours)s is read. Update this site first.",
                theirs=node.value,
                ours=FORMAT_VERSION,
            )
            self.faults = [Fault(node.line, said)]
            return False
        return True

    def _names(self, node: Node, known: set[str]) -> dict[str, Node] | None:
        if not isinstance(node.value, dict):
            self.fault(node, _("Names with values are expected here, such as “title: …”."))
            return None
        for name, value in node.value.items():
            if name not in known:
                self.fault(value, _("“%(name)s” is not known here.", name=name[:40]))
        return node.value

    def _text(self, node: Node | None, name: str, most: int) -> str:
        if node is None:
            return ""
        if not isinstance(node.value, str):
            self.fault(node, _("“%(name)s” is a text.", name=name))
            return ""
        text = str(one_line(node.value) if name == "title" else plain(node.value))
        if len(text) > most:
            said = _(
                "This is %(length)s characters. Shorten it to at most %(most)s.", length=len(text), most=most
            )
            self.fault(node, said)
        return text

    def _list(self, node: Node | None, name: str) -> list[Node]:
        if node is None or node.value == "":
            return []
        if not isinstance(node.value, list):
            self.fault(node, _("“%(name)s” is a list.", name=name))
            return []
        return node.value

    def _competences(self, node: Node | None) -> Iterator[str]:
        known = {one.id for one in COMPETENCES}
        wanted = set()
        for item in self._list(node, "competences"):
            if isinstance(item.value, str) and item.value in known:
                wanted.add(item.value)
            else:
                text = item.value if isinstance(item.value, str) else "…"
                self.fault(item, _("There is no competence “%(id)s” in DigComp.", id=text[:40]))
        yield from sorted(wanted)

    def _steps(self, node: Node | None) -> list[StepDocument]:
        items = self._list(node, "steps")
        if node is not None and len(items) > MOST_STEPS:
            said = _("A template has at most %(most)s steps. Take some away.", most=MOST_STEPS)
            self.fault(items[MOST_STEPS], said)
            return []
        taken: set[str] = set()
        return [step for item in items if (step := self._step(item, taken)) is not None]

    def _step(self, node: Node, taken: set[str]) -> StepDocument | None:
        values = self._names(node, {one.name for one in fields(StepDocument)})
        if values is None:
            return None
        texts: dict[str, Any] = {
            name: self._text(values.get(name), name, most) for name, most in STEP_TEXTS.items()
        }
        numbers: dict[str, Any] = {name: self._number(values.get(name), name) for name in NUMBERS}
        mode = self._mode(values.get("mode"))
        return StepDocument(key=self._key(values.get("key"), taken), mode=mode, **texts, **numbers)

    def _key(self, node: Node | None, taken: set[str]) -> str:
        key = secrets.token_hex(5)
        if node is None or node.value == "":
            pass
        elif not isinstance(node.value, str) or not _KEY.fullmatch(node.value):
            self.fault(node, _("A key has at most 32 letters a-z, digits, hyphens and underscores."))
        elif node.value in taken:
            self.fault(node, _("Another step has the same key."))
        else:
            key = node.value
        taken.add(key)
        return key

    def _number(self, node: Node | None, name: str) -> int:
        usual, most = NUMBERS[name]
        if node is None:
            return usual
        if (
            isinstance(node.value, str)
            and re.fullmatch(r"[0-9]{1,4}", node.value)
            and int(node.value) <= most
        ):
            return int(node.value)
        self.fault(node, _("“%(name)s” is a whole number up to %(most)s.", name=name, most=most))
        return usual

    def _mode(self, node: Node | None) -> Mode:
        if node is None:
            return Mode.ON_SITE
        if isinstance(node.value, str) and node.value in {mode.value for mode in Mode}:
            return Mode(node.value)
        self.fault(node, _("“mode” is on_site, digital or hybrid."))
        return Mode.ON_SITE
