"""Parts of files for players of video, which go on where the learner stopped (RFC 9110, 14)."""

import re
from collections.abc import Iterator
from typing import IO, cast

from django.http import FileResponse


def take_part(response: FileResponse, asked: str) -> None:
    """Turn a whole file into the one part that was asked for; other questions get it whole."""
    response.headers["Accept-Ranges"] = "bytes"
    match = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", asked)
    size = int(response.headers["Content-Length"])
    if match is None or match[1] == match[2] == "":
        return
    first = int(match[1]) if match[1] else max(size - int(match[2]), 0)
    last = min(int(match[2]), size - 1) if match[1] and match[2] else size - 1
    if first > last:
        response.status_code = 416
        response.headers["Content-Range"] = f"bytes */{size}"
        response.headers["Content-Length"] = "0"
        response.streaming_content = iter(())
        return
    file = cast("IO[bytes]", response.file_to_stream)
    file.seek(first)
    response.status_code = 206
    response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    response.headers["Content-Length"] = str(last - first + 1)
    response.streaming_content = _pieces(file, last - first + 1)


def _pieces(file: IO[bytes], left: int) -> Iterator[bytes]:
    while left > 0 and (piece := file.read(min(left, 64 * 1024))):
        left -= len(piece)
        yield piece
