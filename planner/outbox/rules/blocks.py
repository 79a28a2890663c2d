"""A letter's words as blocks. Text and HTML are made from the same ones, so that they never say different things."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# An address in running text; the mark that ends the sentence is not part of it.
_ADDRESS: Final = re.compile(r"""https?://[^\s<>"']*[^\s<>"'.,;:!?)\]]""")


@dataclass(frozen=True, slots=True)
class Link:
    """An address; `label` is what HTML shows of it, "" for the address itself."""

    url: str
    label: str = ""


Part = str | Link


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words and links, one after the other. Line breaks in the words are kept."""

    parts: tuple[Part, ...]

    @property
    def button(self) -> Link | None:
        """The link when it has words and stands alone: then it is what the letter is about."""
        only = self.parts[0] if len(self.parts) == 1 else None
        return only if isinstance(only, Link) and only.label else None


@dataclass(frozen=True, slots=True)
class Facts:
    """Lines that belong together, such as what is held when and where. The first one names it."""

    lines: tuple[str, ...]


Block = Paragraph | Facts


@dataclass(frozen=True, slots=True)
class Content:
    """What a letter says. `signed` is who it is from, `closing` small words after that; "" and () for none."""

    subject: str
    blocks: tuple[Block, ...]
    signed: str = ""
    closing: tuple[Part, ...] = ()


def as_text(content: Content) -> str:
    """The letter as plain text, with a line break at its end."""
    paragraphs = [_block_text(block) for block in content.blocks]
    end = "\n".join(text for text in (content.signed, _parts_text(content.closing)) if text)
    return "\n\n".join([*paragraphs, *([f"-- \n{end}"] if end else [])]) + "\n"


def _block_text(block: Block) -> str:
    return "\n".join(block.lines) if isinstance(block, Facts) else _parts_text(block.parts)


def _parts_text(parts: tuple[Part, ...]) -> str:
    return "".join(part.url if isinstance(part, Link) else part for part in parts)


def parts_of(text: str) -> tuple[Part, ...]:
    """The text with each address in it as a link."""
    parts: list[Part] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        parts += [text[end : found.start()], Link(found[0])]
        end = found.end()
    return tuple(part for part in (*parts, text[end:]) if part)


def blocks_of(text: str) -> tuple[Block, ...]:
    """Plain text as paragraphs, parted at empty lines."""
    paragraphs = (paragraph.strip() for paragraph in re.split(r"\n[ \t]*\n", text))
    return tuple(Paragraph(parts_of(paragraph)) for paragraph in paragraphs if paragraph)


def one_line(text: str) -> str:
    """A subject: one line, as long as a header should be at most."""
    return " ".join(text.split())[:255]


def split_mail(text: str) -> tuple[str, str]:
    """Subject and body of a rendered mail, whose first line is "Subject: …".

    Raises ValueError when it is not, so that a template without one is found by its first test.
    """
    head, _, body = text.lstrip().partition("\n")
    word, _, subject = head.partition(":")
    if word != "Subject" or not subject.strip():
        raise ValueError("the first line of a mail must be its subject")
    return one_line(subject), body.strip() + "\n"
