"""What is wrong in a file, with the line, and the bounds of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _

from planner.base.errors import RefusedError

FORMAT: Final = "stegvis-template"
FORMAT_VERSION: Final = 1
MAX_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file, and on which line, from 1 (None: the whole file)."""

    line: int | None
    sentence: str

    def __str__(self) -> str:
        if self.line is None:
            return self.sentence
        return _("Line %(line)s: %(sentence)s", line=self.line, sentence=self.sentence)


class FileRefusedError(RefusedError):
    """A file that is no template; `faults` says why, line by line."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(str(faults[0]), field="text")
        self.faults = faults
