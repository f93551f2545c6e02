"""``manage.py verify_open_data DIR``: check a download of the open data, offline."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from credit.opendata.signing import read_keys
from credit.opendata.verifying import check


class Command(BaseCommand):
    """Signatures, hashes, both chains, rows and deltas. Exit code 1 on any fault."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, and where the public key comes from."""
        parser.add_argument(
            "folder", type=Path, help="下载的文件夹，里面是 keys.json 和各天的文件夹"
        )
        parser.add_argument("--key", type=Path, help="从别处得到的 keys.json 或 base64 公钥文件")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what is in order, what is missing, what is wrong."""
        folder, key = options["folder"], options["key"]
        if not folder.is_dir():
            raise CommandError(f"没有这个文件夹：{folder}")
        if key is None:
            self.stdout.write("注意：公钥取自下载的文件夹，只能证明文件之间一致。")
            self.stdout.write("要证明来源，请用 --key 给出从官方网站另行取得的公钥。")
        found = check(folder, _keys(key or folder / "keys.json"))
        for line in found.checked:
            self.stdout.write(f"✓ {line}")
        for line in dict.fromkeys(found.missing):
            self.stdout.write(f"… {line}")
        for line in found.faults:
            self.stderr.write(f"✗ {line}")
        if found.faults:
            raise CommandError(f"核验不通过：{len(found.faults)} 处不符")
        partly = f"，缺少 {len(set(found.missing))} 项未能核验" if found.missing else ""
        self.stdout.write(f"核验通过：{len(found.checked)} 项相符{partly}")


def _keys(path: Path) -> dict[str, bytes]:
    try:
        return read_keys(path.read_bytes())
    except OSError as fault:
        raise CommandError(f"读不到公钥文件 {path}，请用 --key 给出") from fault
    except ValueError as fault:
        raise CommandError(f"公钥文件 {path} 读不懂：应为 keys.json 或 base64 公钥") from fault
