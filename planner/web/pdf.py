"""Documents on paper, as PDF. The only importer of fpdf.

    paper = Paper(_("Attendance"), language="sv", footer=organisation.name)
    paper.heading(_("Attendance"))
    paper.facts([(_("Session"), training.step.title)])
    paper.table([Column(_("Name"), 3), Column(_("Minutes"), 1, "right")], rows)
    return paper.done()

Everything flows from top to bottom and breaks over pages by itself; lengths are millimetres, sizes points. The same
content written at the same instant gives the same bytes. What the typeface lacks is left out, letters as "?".
"""

from __future__ import annotations

import importlib.resources
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from flask import Response
from flask_babel import force_locale
from flask_babel import gettext as _

from planner.base.clock import now
from planner.web.qr import qr_squares

if TYPE_CHECKING:
    from fpdf import FPDF

Align = Literal["left", "center", "right"]
Ink = tuple[int, int, int]

MARGIN: Final = 18.0
FOOT: Final = 18.0
LINE: Final = 1.35  # a line's height, in its letters' own
POINT: Final = 25.4 / 72

INK: Final[Ink] = (28, 32, 30)
MUTED: Final[Ink] = (92, 99, 95)
ACCENT: Final[Ink] = (28, 84, 64)
HAIRLINE: Final[Ink] = (200, 204, 200)

_FAMILY: Final = "SourceSansPro"
_FACES: Final = {"": "Regular", "B": "Semibold", "I": "It"}
_ALIGN: Final = {"left": "L", "center": "C", "right": "R"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, its share of the width, and how its cells are set."""

    heading: str
    share: float = 1.0
    align: Align = "left"


class Paper:
    """A document of A4 pages being written. `footer` stands on every page, with the page's number.

    `at` is the instant it was made, as it says of itself; now unless given.
    """

    def __init__(
        self,
        title: str,
        *,
        language: str,
        footer: str = "",
        landscape: bool = False,
        at: datetime | None = None,
    ) -> None:
        # Slow to import, and only those who make a document need it.
        from fpdf import FPDF  # noqa: PLC0415

        pdf = FPDF(orientation="landscape" if landscape else "portrait", unit="mm", format="A4")
        for style, face in _FACES.items():
            pdf.add_font(_FAMILY, style, _font_file(face))
        self._pdf: FPDF = pdf
        self._letters = frozenset(pdf.fonts[_FAMILY.lower()].cmap)  # type: ignore[union-attr]  # a TTFFont
        self._language, self._footer = language, footer
        pdf.set_title(title)
        pdf.set_lang(language)
        pdf.set_creator("planner")
        pdf.set_producer("planner")
        pdf.set_creation_date(at or now())
        pdf.set_margins(MARGIN, MARGIN, MARGIN)
        pdf.set_auto_page_break(True, FOOT + 4)
        pdf.set_draw_color(*HAIRLINE)
        pdf.set_line_width(0.2)
        pdf.add_page()

    @property
    def width(self) -> float:
        """The millimetres between the margins."""
        return self._pdf.epw

    @property
    def right(self) -> float:
        """Where the right margin is, from the left edge."""
        return self._pdf.l_margin + self._pdf.epw

    @property
    def y(self) -> float:
        """Where the next thing will stand, from the top edge."""
        return self._pdf.y

    @property
    def pages(self) -> int:
        """How many pages there are so far."""
        return self._pdf.pages_count

    def text(
        self,
        text: str,
        *,
        size: float = 11,
        bold: bool = False,
        italic: bool = False,
        align: Align = "left",
        ink: Ink = INK,
        most_width: float = 0.0,
    ) -> None:
        """A paragraph; it wraps (at `most_width`, else at the margin), and its own line breaks are kept."""
        pdf = self._pdf
        pdf.set_font(_FAMILY, "B" if bold else "I" if italic else "", size)
        pdf.set_text_color(*ink)
        height = size * POINT * LINE
        words = self._drawn(text)
        pdf.multi_cell(most_width, height, words, align=_ALIGN[align], new_x="LMARGIN", new_y="NEXT")

    def heading(self, text: str) -> None:
        """What the document is."""
        self.text(text, size=22, bold=True, ink=ACCENT)
        self.gap(1)

    def section(self, text: str) -> None:
        """The heading of a part; it is not left alone at the foot of a page."""
        self.gap(5)
        self.keep_together(24)
        self.text(text, size=14, bold=True)
        self.gap(1)

    def muted(self, text: str, *, align: Align = "left") -> None:
        """A quiet paragraph beside the matter."""
        self.text(text, size=9.5, ink=MUTED, align=align)

    def gap(self, height: float) -> None:
        """Empty space of so many millimetres."""
        self._pdf.ln(height)

    def rule(self) -> None:
        """A hairline from margin to margin."""
        pdf = self._pdf
        pdf.line(pdf.l_margin, pdf.y, pdf.w - pdf.r_margin, pdf.y)

    def keep_together(self, height: float) -> None:
        """Begin a new page unless so many millimetres are left on this one."""
        if self._pdf.will_page_break(height):
            self.new_page()

    def new_page(self) -> None:
        """Begin a new page."""
        self._pdf.add_page()

    def facts(self, rows: Iterable[tuple[str, str]], *, term_width: float = 42) -> None:
        """Terms with what they are, one under the other."""
        pdf = self._pdf
        height = 10.5 * POINT * LINE
        for term, description in rows:
            self.keep_together(height)
            top, page = pdf.y, pdf.page
            pdf.set_font(_FAMILY, "", 10.5)
            pdf.set_text_color(*MUTED)
            pdf.multi_cell(term_width, height, self._drawn(term), align="L", new_x="RIGHT", new_y="TOP")
            pdf.set_text_color(*INK)
            pdf.set_xy(pdf.l_margin + term_width, top if pdf.page == page else pdf.y)
            told = self._drawn(description)
            pdf.multi_cell(0, height, told, align="L", new_x="LMARGIN", new_y="NEXT")

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[object]],
        *,
        size: float = 9.5,
        least_height: float = 0.0,
    ) -> None:
        """A table with hairlines; its headings are repeated on every page. `least_height` is that of a row."""
        # Slow to import, like the above.
        from fpdf.enums import TableBordersLayout  # noqa: PLC0415
        from fpdf.fonts import FontFace  # noqa: PLC0415

        pdf = self._pdf
        pdf.set_font(_FAMILY, "", size)
        pdf.set_text_color(*INK)
        heading = FontFace(family=_FAMILY, emphasis="BOLD", size_pt=size, color=MUTED)
        with pdf.table(
            width=self.width,
            col_widths=tuple(column.share for column in columns),
            text_align=tuple(_ALIGN[column.align] for column in columns),
            line_height=size * POINT * LINE,
            padding=(1.1, 1.2),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=heading,
            v_align="MIDDLE" if least_height else "TOP",
        ) as table:
            table.row([self._drawn(column.heading) for column in columns])
            for row in rows:
                cells = [self._drawn("" if value is None else str(value)) for value in row]
                table.row(cells, min_height=least_height or None)
        pdf.set_x(pdf.l_margin)

    def qr(self, text: str, *, size: float = 30, x: float | None = None, y: float | None = None) -> None:
        """A QR code of so many millimetres: at the margin where the text stands, or at a place of the page."""
        pdf = self._pdf
        if y is None:
            self.keep_together(size)
        left, top = pdf.l_margin if x is None else x, pdf.y if y is None else y
        squares = qr_squares(text)
        side = size / len(squares)
        pdf.set_fill_color(0, 0, 0)
        for line, row in enumerate(squares):
            for start, length in _runs(row):
                pdf.rect(left + start * side, top + line * side, length * side, side, style="F")
        if y is None:
            pdf.set_xy(pdf.l_margin, top + size)

    def picture(self, data: bytes, *, height: float, most_width: float = 60, align: Align = "left") -> None:
        """A PNG or JPEG in a box so high and at most so wide, in its own proportions."""
        pdf = self._pdf
        self.keep_together(height)
        spare = {"left": 0.0, "center": (self.width - most_width) / 2, "right": self.width - most_width}
        pdf.image(
            io.BytesIO(data),
            x=pdf.l_margin + spare[align],
            y=pdf.y,
            w=most_width,
            h=height,
            keep_aspect_ratio=True,
        )
        pdf.set_xy(pdf.l_margin, pdf.y + height)

    def _drawn(self, text: str) -> str:
        known = self._letters
        if all(ord(char) in known or char == "\n" for char in text):
            return text
        kept = (
            char if ord(char) in known or char == "\n" else "?" if char.isalpha() else "" for char in text
        )
        return "".join(kept).strip()

    def done(self) -> bytes:
        """The finished document."""
        pdf = self._pdf
        pdf.set_auto_page_break(False)
        pdf.set_text_color(*MUTED)
        total = self.pages
        for number in range(1, total + 1):
            pdf.page = number
            pdf.set_font(_FAMILY, "", 1)  # a font that is set already would not be written on this page
            pdf.set_font(_FAMILY, "", 8.5)
            with force_locale(self._language):
                words = _("Page %(number)s of %(total)s", number=number, total=total)
            pdf.set_xy(pdf.l_margin, pdf.h - FOOT)
            pdf.cell(self.width * 0.75, 5, self._drawn(self._footer)[:120])
            pdf.cell(self.width * 0.25, 5, words, align="R")
        return bytes(pdf.output())


def pdf_response(filename: str, data: bytes, *, shown: bool = False) -> Response:
    """The document as a download, or (`shown`) to be looked at in the browser; `filename` in plain letters."""
    answer = Response(data, mimetype="application/pdf")
    way = "inline" if shown else "attachment"
    answer.headers["Content-Disposition"] = f'{way}; filename="{filename}"'
    return answer


def _runs(row: Sequence[bool]) -> Iterable[tuple[int, int]]:
    """Where the black stretches of a row begin, and how long they are."""
    start = 0
    while start < len(row):
        end = start
        while end < len(row) and row[end] == row[start]:
            end += 1
        if row[start]:
            yield start, end - start
        start = end


def _font_file(face: str) -> str:
    folder = importlib.resources.files("font_source_sans_pro") / "files"
    return str(folder / f"SourceSansPro-{face}.ttf")
