"""QR codes, as SVG for pages and as squares for paper. The only importer of segno."""

from __future__ import annotations

import io

import segno

BORDER = 4  # the quiet zone that readers need, in squares


def qr_svg(text: str) -> bytes:
    """The text as a QR code: an SVG element without size of its own, black on white in any theme."""
    out = io.BytesIO()
    _code(text).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=BORDER, light="#fff", nl=False
    )
    return out.getvalue()


def qr_squares(text: str) -> list[list[bool]]:
    """The same code as rows of squares with its quiet zone; True is black."""
    return [[bool(square) for square in row] for row in _code(text).matrix_iter(border=BORDER)]


def _code(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False)
