"""Filling a wording in, and refusing one that could not be: no code, only names between two braces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from flask_babel import gettext as _

from planner.base.errors import RefusedError
from planner.invitations.rules.variables import NOT_IN_SUBJECT, Variable, called, variable_called
from planner.invitations.rules.wordings import Standard, Wording
from planner.outbox.rules import Block, Facts, Link, Paragraph, Part, one_line, parts_of

Value = str | Link | Facts
Values = Mapping[Variable, Value]

_OPEN: Final = re.compile(r"\{\{\s*(\w{1,40})\s*\}\}")
_STRAY: Final = re.compile(r"\{\{|\}\}|\{%|%\}")
LONGEST_SUBJECT: Final = 200
LONGEST_BODY: Final = 4000


def check(wording: Wording, standard: Standard, language: str) -> None:
    """Raise RefusedError, naming subject or body, for words that this mail could not be written with."""
    in_subject = [variable for variable in standard.variables if variable not in NOT_IN_SUBJECT]
    _check_part(wording.subject, in_subject, language, "subject", LONGEST_SUBJECT)
    used = _check_part(wording.body, list(standard.variables), language, "body", LONGEST_BODY)
    missing = [variable for variable in standard.needed if variable not in used]
    if missing:
        raise RefusedError(
            _("Keep %(variable)s somewhere: the mail is of no use without it.", variable=called(missing[0], language)),
            field="body",
        )  # fmt: skip


def _check_part(text: str, allowed: list[Variable], language: str, field: str, longest: int) -> set[Variable]:
    if not text.strip():
        raise RefusedError(_("Write something here, or go back to the standard text."), field=field)
    if len(text) > longest:
        raise RefusedError(_("At most %(most)s characters.", most=longest), field=field)
    used = set()
    for name in _OPEN.findall(text):
        variable = variable_called(name)
        if variable not in allowed:
            raise RefusedError(
                _("There is no {{ %(name)s }} here. There is: %(known)s.", name=name,
                  known=", ".join(called(each, language) for each in allowed)),
                field=field,
            )  # fmt: skip
        used.add(variable)
    stray = _STRAY.search(_OPEN.sub("", text))
    if stray:
        raise RefusedError(
            _(
                "Two braces begin and end a variable, as in %(example)s. Something is amiss at %(braces)s.",
                example=called(Variable.name, language),
                braces=stray[0],
            ),
            field=field,
        )
    return used


def fill_subject(text: str, values: Values) -> str:
    """The subject with its variables filled in; one line."""
    return one_line("".join(_plain(piece) for piece in _pieces(text, values)))


def fill_body(text: str, values: Values) -> tuple[Block, ...]:
    """The body as blocks. A paragraph of which only empty variables remain is left out."""
    paragraphs = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))
    filled = (_paragraph(paragraph.strip(), values) for paragraph in paragraphs)
    return tuple(block for block in filled if block is not None)


def _paragraph(text: str, values: Values) -> Block | None:
    pieces = [piece for piece in _pieces(text, values) if piece not in ("", Facts(()))]
    if len(pieces) == 1 and isinstance(pieces[0], Facts):
        return pieces[0]
    if not any(not isinstance(piece, str) or piece.strip() for piece in pieces):
        return None
    return Paragraph(tuple(_parts(pieces)))


def _parts(pieces: list[Value]) -> Iterator[Part]:
    run = ""
    for piece in pieces:
        if isinstance(piece, Link):
            yield from parts_of(run)
            yield piece
            run = ""
        else:
            run += _plain(piece)
    yield from parts_of(run)


def _plain(piece: Value) -> str:
    if isinstance(piece, Facts):
        return ", ".join(piece.lines)
    return piece.url if isinstance(piece, Link) else piece


def _pieces(text: str, values: Values) -> Iterator[Value]:
    """Words and values, in turn. What nobody gave a value is left out; `check` has seen to it that there is none."""
    end = 0
    for found in _OPEN.finditer(text):
        yield text[end : found.start()]
        variable = variable_called(found[1])
        yield values.get(variable, "") if variable is not None else ""
        end = found.end()
    yield text[end:]
