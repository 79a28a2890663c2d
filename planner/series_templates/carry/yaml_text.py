"""YAML text to values with their lines, and back. The only importer of PyYAML.

A text is read event by event: no Python object is ever made from a tag, nothing is repeated by an alias, and nothing
nests deeper than a template does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from flask_babel import gettext as _

from planner.series_templates.carry.faults import Fault, FileRefusedError

MAX_DEPTH: Final = 4
MAX_EVENTS: Final = 5_000
# The C parser where there is one: a file of the greatest size takes a second less.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A value of the file with its line: text, a list, or names with values."""

    line: int
    value: str | list[Node] | dict[str, Node]
    waiting: Node | None = field(default=None)  # a name whose value has not come yet


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as they are read, not as one quoted line."""


def _text(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def dumped(data: dict[str, Any]) -> str:
    """The data as YAML, in its own order."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def parsed(text: str) -> Node:
    """The text's one value. Raises FileRefusedError."""
    try:
        return _built(text)
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1 if isinstance(error.position, int) else None
        raise FileRefusedError(
            Fault(line, _("There is a character here that no text file should hold."))
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = _("This cannot be read as YAML (%(problem)s).", problem=error.problem or "")
        raise FileRefusedError(Fault(mark.line + 1 if mark else None, said)) from None
    except (yaml.YAMLError, ValueError) as error:
        said = _("This cannot be read as YAML (%(problem)s).", problem=str(error)[:80])
        raise FileRefusedError(Fault(None, said)) from None


def _built(text: str) -> Node:
    """The file's one value, made without recursion."""
    top: Node | None = None
    open_nodes: list[Node] = []
    for number, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        line = event.start_mark.line + 1
        if number > MAX_EVENTS:
            raise FileRefusedError(Fault(line, _("There is far more here than a template holds.")))
        _refuse_tricks(event, line)
        if isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
            continue
        if isinstance(event, yaml.DocumentStartEvent) and top is not None:
            raise FileRefusedError(
                Fault(line, _("A second document begins here. A file holds one template."))
            )
        if not isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            continue
        node = Node(line, _empty(event))
        if open_nodes:
            _put(open_nodes[-1], node)
        else:
            top = node
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append(node)
            if len(open_nodes) > MAX_DEPTH:
                raise FileRefusedError(Fault(line, _("This is nested deeper than a template is.")))
    if top is None:
        raise FileRefusedError(Fault(None, _("The file is empty.")))
    return top


def _refuse_tricks(event: Any, line: int) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise FileRefusedError(Fault(line, _("Anchors and aliases (& and *) are not read. Write it out.")))
    if getattr(event, "tag", None) not in (None, "!"):
        raise FileRefusedError(Fault(line, _("Tags (such as !name) are not read. Take it away.")))


def _empty(event: Any) -> Any:
    if isinstance(event, yaml.ScalarEvent):
        # A bare ~ or null means nothing here; in quotes it is text.
        return "" if event.implicit[0] and event.value in ("~", "null", "Null", "NULL") else event.value
    return {} if isinstance(event, yaml.MappingStartEvent) else []


def _put(parent: Node, node: Node) -> None:
    if isinstance(parent.value, list):
        parent.value.append(node)
    elif isinstance(parent.value, dict):
        if parent.waiting is not None:
            name, parent.waiting = str(parent.waiting.value), None
            parent.value[name] = node
            return
        if not isinstance(node.value, str):
            raise FileRefusedError(Fault(node.line, _("A name is expected here.")))
        if node.value in parent.value:
            raise FileRefusedError(Fault(node.line, _("“%(name)s” stands here twice.", name=node.value[:40])))
        parent.waiting = node
