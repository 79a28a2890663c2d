"""Makes an uploaded picture a logo. The only importer of Pillow here: nothing of the upload is kept but its dots."""

from __future__ import annotations

import io
import warnings

from flask_babel import gettext as _

from planner.base.errors import RefusedError

MAX_BYTES = 2 * 1024 * 1024
MAX_DOTS = 16_000_000
KEPT = (900, 400)  # dots, at most: enough for seven centimetres on paper


def logo_png(upload: bytes) -> bytes:
    """The picture as PNG, no larger than a document needs. Raises RefusedError for what is no picture, or too large."""
    # Slow to import, and only an upload needs it.
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    if len(upload) > MAX_BYTES:
        raise _refused(_("The picture is larger than 2 MB."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = Image.open(io.BytesIO(upload), formats=("PNG", "JPEG"))
            if picture.width * picture.height > MAX_DOTS:
                raise _refused(_("The picture has too many dots. Make it at most 4000 wide and 4000 high."))
            kept = picture.convert("RGBA")
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Warning,
        Image.DecompressionBombError,
    ) as error:
        raise _refused(_("The picture could not be read. Save it as PNG or JPEG.")) from error
    kept.thumbnail(KEPT)
    out = io.BytesIO()
    kept.save(out, "PNG", optimize=True)
    return out.getvalue()


def _refused(message: str) -> RefusedError:
    return RefusedError(message, field="picture")
