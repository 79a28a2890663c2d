"""Reads the QR code in a photo. The only importer of Pillow and zxing-cpp in this room."""

from __future__ import annotations

import warnings
from typing import IO, Final

import zxingcpp
from flask_babel import gettext as _
from PIL import Image

from planner.base.errors import RefusedError

KINDS: Final = ("JPEG", "PNG", "WEBP")
MOST_PIXELS: Final = 50_000_000
QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
LONGEST_SIDE: Final = 2000  # a code that fills a fifth of the picture is read at this size


def read_photo(stream: IO[bytes]) -> str:
    """The text of the one QR code in the picture. Raises RefusedError, in words, for anything else."""
    try:
        codes = zxingcpp.read_barcodes(_grey(stream), formats=QR)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise RefusedError(
            _("This picture cannot be read. Take a photo as JPEG or PNG."), field="photo"
        ) from error
    texts = {code.text for code in codes if code.valid}
    if not texts:
        raise RefusedError(_("There is no code in this picture. Go closer, and hold still."), field="photo")
    if len(texts) > 1:
        raise RefusedError(_("There are several codes in this picture. Take one at a time."), field="photo")
    return texts.pop()


def _grey(stream: IO[bytes]) -> Image.Image:
    """The picture in shades of grey, no larger than needed. Its size is looked at before its pixels are."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        warnings.simplefilter(
            "ignore", UserWarning
        )  # what a picture says of itself beside its pixels may be wrong
        try:
            picture = Image.open(stream, formats=KINDS)
        except Image.DecompressionBombWarning as warning:
            raise ValueError from warning
        if picture.width * picture.height > MOST_PIXELS:
            raise RefusedError(
                _("This picture is too large. Take one of at most 50 megapixels."), field="photo"
            )
        picture.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
        grey = picture.convert("L")
    grey.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return grey
