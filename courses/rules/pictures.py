"""What a picture's bytes are: its format, its size. Its name is never believed."""

import hashlib
import warnings
from io import BytesIO
from typing import Final

from PIL import Image, UnidentifiedImageError

from courses.rules.items import Picture

LARGEST: Final = 5 * 1024 * 1024  # bytes
LONGEST: Final = 6000  # pixels of a side
SMALLEST: Final = 20
KINDS: Final = ("png", "jpeg", "webp", "gif")
ENDINGS: Final = {"png": "png", "jpeg": "jpg", "webp": "webp", "gif": "gif"}


class PictureError(ValueError):
    """Bytes that are no picture of ours; the message says what to do."""


def look_at(content: bytes) -> Picture:
    """The picture in ``content``. Raises PictureError."""
    if len(content) > LARGEST:
        raise PictureError(f"图片超过 {LARGEST // 1024 // 1024} MB，请压缩后再用")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=[kind.upper() for kind in KINDS]) as image:
                kind, (width, height) = (image.format or "").lower(), image.size
                image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise PictureError(f"图片太大，每边最多 {LONGEST} 像素") from fault
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as fault:
        raise PictureError("不是图片或者已损坏，只收 PNG、JPG、WEBP、GIF 图片") from fault
    if max(width, height) > LONGEST:
        raise PictureError(f"图片太大，每边最多 {LONGEST} 像素")
    if min(width, height) < SMALLEST:
        raise PictureError(f"图片太小，每边至少 {SMALLEST} 像素")
    return Picture(hashlib.sha256(content).hexdigest(), kind, width, height)
