"""``manage.py verify_certificate FILE_OR_TEXT``: check a certificate or report of ours, offline."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from credit.acts.signing import public_keys
from credit.opendata.signing import read_keys
from credit.opendata.statement import KINDS, Statement, StatementError, read


class Command(BaseCommand):
    """From the PDF itself, or from the text of its QR code. Exit code 1 when it is not ours."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What to check, and with which key."""
        parser.add_argument("what", help="PDF 文件，或二维码里的文字（也可以是含有它的文本文件）")
        parser.add_argument("--key", type=Path, help="keys.json 或 base64 公钥文件；不给则用本机的")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was signed, to compare with the paper."""
        try:
            found = read(_bytes(options["what"]), _keys(options["key"]))
        except StatementError as fault:
            raise CommandError(f"核验不通过：{fault}") from fault
        for line in _printed(found):
            self.stdout.write(line)


def _bytes(what: str) -> bytes:
    try:
        if Path(what).is_file():
            return Path(what).read_bytes()
    except (OSError, ValueError):
        pass  # too long for a name: it is the text
    return what.encode(errors="replace")


def _keys(path: Path | None) -> dict[str, bytes]:
    if path is None:
        return public_keys()
    try:
        return read_keys(path.read_bytes())
    except (OSError, ValueError) as fault:
        raise CommandError(f"公钥文件 {path} 读不懂") from fault


def _printed(found: Statement) -> list[str]:
    lines = [
        f"核验通过：{KINDS.get(found.kind, found.kind)}",
        f"编号 {found.number}",
        f"企业 {found.name}（{found.code}）",
        f"截至 {found.as_of}，之后的情况可能变化",
    ]
    if found.content is None:
        return [*lines, "只核对了二维码；纸面上的明细请用 PDF 文件核对"]
    listed = [f"  {one['what']} {one['on']} {one['words']}" for one in found.content["found"]]
    return [*lines, f"查到 {len(listed)} 条记录", *listed]
