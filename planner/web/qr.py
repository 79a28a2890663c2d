"""QR codes, as SVG for pages and as squares for paper. The only importer of segno."""

from __future__ import annotations

import base64
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


def qr_packed(text: str) -> tuple[int, str]:
    """The same code for a script: the squares of a side without the quiet zone, and the bits row by row in base64.

    The mask is not chosen for the best look, which readers do not need: many are made at once, in a fifth of the time.
    """
    code = segno.make(text, error="m", micro=False, boost_error=False, mask=3)
    rows = list(code.matrix_iter(border=0))
    bits = "".join("1" if square else "0" for row in rows for square in row)
    packed = int(bits, 2) << (-len(bits) % 8)
    return len(rows), base64.b64encode(packed.to_bytes((len(bits) + 7) // 8, "big")).decode()


def _code(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False)
