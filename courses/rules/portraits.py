"""Pictures that go on certificates: a holder's portrait, a bureau's seal. Known by their bytes and made anew.

What was hidden in the file (place, device, comments) does not come along. Figures: ``files-2026.toml``.
"""

from base64 import b64encode
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from courses.rules.files import figure
from courses.rules.pictures import PictureError, look_at

QUALITY: Final = 88
PORTRAITS: Final = ("jpeg", "png", "webp")


def portrait(content: bytes) -> bytes:
    """A one-inch JPEG from a photo: turned upright, cut in the middle, nothing else in it. Raises PictureError."""
    found = look_at(content)
    if found.kind not in PORTRAITS:
        raise PictureError("照片只收 JPG、PNG、WEBP")
    size = figure("photo_width"), figure("photo_height")
    if min(found.width, found.height) < size[0]:
        raise PictureError(f"照片太小，短边至少 {size[0]} 像素，请重新拍一张")
    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
            cut = ImageOps.fit(upright, size, centering=(0.5, 0.4))
    except (OSError, ValueError, SyntaxError, EOFError) as fault:
        raise PictureError("照片已损坏，请重新拍一张") from fault
    out = BytesIO()
    cut.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def seal(content: bytes) -> tuple[bytes, int, int]:
    """A PNG with its transparency, and its size in pixels. Raises PictureError."""
    found = look_at(content)
    least, most = figure("seal_smallest"), figure("seal_largest")
    if found.kind != "png":
        raise PictureError("印章只收 PNG 图片，背景要透明")
    if min(found.width, found.height) < least or max(found.width, found.height) > most:
        raise PictureError(f"印章图片每边 {least} 到 {most} 像素")
    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as image:
            plain = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, EOFError) as fault:
        raise PictureError("图片已损坏，请重新导出") from fault
    if plain.getchannel("A").getextrema()[0] > 0:  # type: ignore[operator]  # one channel: two numbers
        raise PictureError("印章的背景要透明，不然会盖住证书上的字")
    out = BytesIO()
    plain.save(out, "PNG", optimize=True)
    return out.getvalue(), *plain.size


def data_address(content: bytes, kind: str) -> str:
    """The bytes as an address that needs no network; ``kind`` is jpeg or png."""
    return f"data:image/{kind};base64,{b64encode(content).decode()}"


def as_svg(content: bytes, kind: str, width: int, height: int) -> str:
    """The picture within an SVG: a paper's template takes texts only."""
    address = data_address(content, kind)
    box = f'width="{width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} viewBox="0 0 {width} {height}">'
        f'<image {box} href="{address}"/></svg>'
    )
