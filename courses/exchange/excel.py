"""Our Excel template: read by a child process with limits, written as text cells that no program runs."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import xlsxwriter

from courses.exchange.archive import zipped
from courses.exchange.batch import Batch, UnreadableError, Written
from courses.exchange.sheet import COLUMNS, picture_name, read_rows, rows_of
from courses.rules.items import Item
from courses.rules.questions import KIND_NAMES, LEVEL_NAMES
from credit.importing import cells
from credit.importing.files import read_table
from credit.importing.tables import GUIDE_SHEET, FileError

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFFERED_ROWS: Final = 2000
_EXAMPLES: Final[tuple[dict[str, str], ...]] = (
    {"题型": "单选题", "题干": "进入有限空间前，先做什么？", "A": "通风", "B": "直接下井", "C": "点火照明",
     "D": "喊一声", "答案": "A", "解析": "先通风，再检测，后作业。", "难度": "易"},
    {"题型": "多选题", "题干": "有限空间作业要带哪些？", "A": "检测仪", "B": "安全绳", "C": "打火机",
     "D": "呼吸器", "答案": "ABD"},
    {"题型": "判断题", "题干": "可以一个人下井作业。", "答案": "错"},
    {"题型": "填空题", "题干": "先____，再____，后作业。", "答案": "通风；检测"},
    {"题型": "计算题", "题干": "氧含量不低于多少才能进入？", "答案": "19.5±0.1 %"},
    {"题型": "排序题", "题干": "排好停电检修的次序。", "A": "断电", "B": "验电", "C": "挂牌", "D": "作业"},
    {"题型": "连线题", "题干": "把用品和保护的部位连起来。", "A": "安全帽|头", "B": "护目镜|眼", "C": "|脚"},
    {"题型": "简答题", "题干": "为什么要先通风？", "答案": "井下可能缺氧或有毒气，会死人。"},
    {"题型": "案例题", "题干": "某厂三名工人下井清污，先后晕倒。"},
    {"题型": "小题·判断题", "题干": "看见有人晕倒，要马上下去救。", "答案": "错"},
)  # fmt: skip
_GUIDE: Final = (
    ("题型", f"{'、'.join(KIND_NAMES.values())}；案例题的小题另起一行，题型写 小题·单选题"),
    ("题干", "填空题用 ____ 表示空"),
    ("A 到 H", "选择题写选项；排序题写步骤；连线题写 左边|右边"),
    ("A 到 H", "找隐患题写 矩形 左 上 右 下 名称，或 圆 横 纵 半径 名称，数字是图片的像素"),
    ("答案", "选择题写字母；判断题写 对 或 错；计算题写 19.5±0.5 %；简答题写参考答案"),
    ("答案", "填空题各空用分号隔开，都算对的用 | 隔开；排序题写字母次序，已经排好的留空"),
    ("难度", "易、中、难，可以留空"),
    ("行业", "系统里行业领域的名称或代码，可以留空"),
    ("图片", "图片文件名；表格和图片打成一个 zip 压缩包上传"),
    ("图片说明", "有图片必填，看不见图的人靠它听懂题目"),
    ("启用", "否 表示暂不用于组卷"),
    ("说明", "分号、竖线要当普通字用时，前面加反斜杠 \\"),
)


def read(content: bytes, batch: Batch, *, files: Mapping[str, bytes]) -> Batch:
    """The questions of a workbook or CSV. Raises UnreadableError."""
    try:
        table = read_table(content)
    except FileError as fault:
        raise UnreadableError(str(fault)) from fault
    kept = bool(
        table.sheet
    )  # a CSV may bear our mark against formulas; a workbook's text is as it is
    rows = [
        [_text(batch, number, cell, kept) for cell in row]
        for number, row in enumerate(table.rows, 1)
    ]
    return read_rows(rows, batch, files=files, embedded={})


def _text(batch: Batch, row: int, cell: Any, kept: bool) -> str:
    try:
        said = cells.text(cell)
    except ValueError as fault:
        batch.blame(str(fault), row=row, value=str(cell))
        return ""
    return cell.strip() if kept and isinstance(cell, str) else said


def write(items: Sequence[Item], media: Mapping[str, bytes], name: str) -> Written:
    """A workbook; with pictures a zip of it and them."""
    book = workbook(rows_of(items))
    pictures = {item.picture.key: item.picture for item in items if item.picture}
    if not pictures:
        return Written(book, f"{name}.xlsx", XLSX)
    files = {f"{name}.xlsx": book}
    files |= {picture_name(picture): media[key] for key, picture in pictures.items()}
    return Written(zipped(files), f"{name}.zip", "application/zip")


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """The table with a sheet that explains it."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    bold = book.add_format({"bold": True, "bg_color": "#fbe9c6"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("试题")
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            if value:
                sheet.write_string(line, column, cells.printable(value), wrapped if line else bold)
    sheet.set_column(1, 1, 48)
    sheet.freeze_panes(1, 0)
    head = list(rows[0])
    for title, choices in (
        ("题型", list(KIND_NAMES.values())),
        ("难度", [*LEVEL_NAMES.values()][1:]),
    ):
        at = head.index(title)
        offered = {
            "validate": "list",
            "source": choices,
            "ignore_blank": True,
            "error_type": "warning",
        }
        sheet.data_validation(1, at, OFFERED_ROWS, at, offered)
    guide = book.add_worksheet(GUIDE_SHEET)
    for line, pair in enumerate(_GUIDE):
        for column, value in enumerate(pair):
            guide.write_string(line, column, value, wrapped)
    guide.set_column(1, 1, 90)
    book.close()
    return out.getvalue()


def template() -> bytes:
    """The empty template with one example of each kind."""
    head = [column for column in COLUMNS if column not in "EFGHIJKL"]
    row = dict.fromkeys(head, "")
    return workbook([head] + [list((row | example).values()) for example in _EXAMPLES])
