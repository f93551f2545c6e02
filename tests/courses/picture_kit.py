"""Pictures as phones and scanners make them."""

from io import BytesIO
from typing import Any

from PIL import Image


def photo_bytes(size: tuple[int, int] = (900, 1200), kind: str = "JPEG", **options: Any) -> bytes:
    """A face-coloured picture; with ``exif`` whatever a phone hides in it."""
    out = BytesIO()
    Image.new("RGB", size, (200, 170, 150)).save(out, kind, **options)
    return out.getvalue()


def phone_photo() -> bytes:
    """With a make, and turned on its side."""
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif[0x0112] = 6
    return photo_bytes((1200, 900), exif=exif.tobytes())


def seal_bytes(colour: int = 200, size: int = 400) -> bytes:
    """A red square upon nothing."""
    out = BytesIO()
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    image.paste((colour, 20, 20, 255), (size // 4, size // 4, size // 2, size // 2))
    image.save(out, "PNG")
    return out.getvalue()
