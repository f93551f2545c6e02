"""The columns of the further kinds of facts; permits also by the 双公示 codes of 2018 (XK_…)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from credit.importing.column import Column
from credit.models import MajorHazard, PermitChange, Standardisation, TrainingFact

UNIT_HINT: Final = "表头写明（元）或（万元）"
NUMBER: Final = Column(
    "number", "统一社会信用代码", ("CF_XDR_SHXYM", "XK_XDR_SHXYM", "行政相对人代码_1(统一社会信用代码)",
     "行政相对人代码_1", "行政相对人代码1(统一社会信用代码)"),
    True, "91110000600037341L", "18位；没有时填旧登记号",
)  # fmt: skip
NAME: Final = Column(
    "name", "企业名称", ("CF_XDR_MC", "XK_XDR_MC", "行政相对人名称", "单位名称"), True,
    "云溪示例化工有限公司",
)  # fmt: skip


def _labels(choices: Any) -> tuple[str, ...]:
    return tuple(choices.labels)


def _key(heading: str, example: str, *others: str) -> Column:
    return Column("source_key", heading, others, True, example)


def _day(heading: str, *others: str) -> Column:
    return Column("happened_on", heading, others, True, "2026-03-12")


def _end(heading: str, *others: str) -> Column:
    return Column("ended_on", heading, others, example="2027-03-11", hint="没有就留空")


KIND_COLUMNS: Final[Mapping[str, Sequence[Column]]] = {
    "hazards": (
        NAME,
        NUMBER,
        _key("隐患编号", "YH-2026-001"),
        Column("title", "隐患", ("隐患名称", "重大事故隐患"), True, "液氨储罐未设紧急切断阀"),
        _day("认定日期", "发现日期", "隐患认定日期"),
        Column("supervision", "挂牌督办级别", ("督办级别",), hint="从下拉列表中选；未挂牌可留空",
               choices=_labels(MajorHazard.Supervision)),
        Column("authority", "督办单位", ("挂牌督办单位",), example="云溪区安全生产委员会"),
        Column("deadline", "整改期限", ("治理期限",), example="2026-06-30"),
        _end("销号日期", "整改完成日期"),
    ),
    "permits": (
        NAME,
        NUMBER,
        _key("许可决定文书号", "云应急许〔2026〕8号", "XK_WSH", "行政许可决定文书号"),
        Column("action", "变动", ("XK_ZT", "当前状态"), True, "取得", "从下拉列表中选",
               choices=_labels(PermitChange.Action)),
        Column("permit_kind", "许可类别", ("XK_XKLB",), True, "普通"),
        Column("title", "许可证书名称", ("XK_XKZS",), example="危险化学品经营许可证"),
        Column("permit_number", "许可编号", ("XK_XKBH",), example="云危化经〔2026〕008"),
        Column("content", "许可内容", ("XK_NR",)),
        _day("许可决定日期", "XK_JDRQ"),
        Column("valid_from", "有效期自", ("XK_YXQZ",), example="2026-03-12"),
        _end("有效期至", "XK_YXQZI"),
        Column("authority", "许可机关", ("XK_XKJG",), True, "云溪区应急管理局"),
    ),
    "commendations": (
        NAME,
        NUMBER,
        _key("表彰文号", "云安委〔2026〕3号", "表彰决定文号"),
        Column("title", "表彰名称", ("荣誉名称",), True, "安全生产先进单位"),
        Column("authority", "表彰单位", ("授予单位",), True, "云溪区安全生产委员会"),
        _day("表彰日期", "授予日期"),
        _end("有效期至"),
    ),
    "standardisations": (
        NAME,
        NUMBER,
        _key("证书编号", "云AQB-2026-015"),
        Column("level", "标准化等级", ("安全生产标准化等级",), True, "三级", "从下拉列表中选",
               choices=_labels(Standardisation.Level)),
        Column("authority", "评定单位", ("发证单位",), True, "云溪区应急管理局"),
        _day("发证日期", "公告日期"),
        _end("有效期至"),
    ),
    "insurances": (
        NAME,
        NUMBER,
        _key("保单号", "AZX2026000123"),
        Column("insurer", "保险公司", ("承保公司",), True, "云溪财产保险公司（虚构）"),
        _day("保险起期", "起保日期"),
        Column("ended_on", "保险止期", ("终保日期", "有效期至"), True, "2027-03-11"),
        Column("insured", "保险金额（元）", ("保额（万元）", "保险金额（万元）"), example=5000000,
               hint=UNIT_HINT, money=True),
        Column("people", "投保人数", example=120),
    ),
    "duty_reports": (
        NAME,
        NUMBER,
        _key("带班记录编号", "DB-2026-0312-1"),
        Column("leader", "带班领导", ("带班人",), True, "溪守正"),
        _day("带班日期"),
        Column("shift", "班次", example="夜班"),
        Column("content", "带班情况", ("发现问题", "检查情况")),
    ),
    "trainings": (
        NAME,
        NUMBER,
        _key("培训编号", "PX-2026-001", "证书编号"),
        Column("event", "培训事项", (), True, "取得证书", "从下拉列表中选",
               choices=_labels(TrainingFact.Event)),
        Column("title", "课程或培训班", ("培训内容",), True, "主要负责人初训班"),
        _day("日期", "发生日期"),
        Column("people", "人数", example=1),
        _end("终止日期", "补训完成日期", "有效期至"),
    ),
    "external_facts": (
        NAME,
        NUMBER,
        _key("事项编号", "WB-2026-001"),
        Column("category", "类别", (), True, "消防检查"),
        Column("title", "事项", (), True, "消防安全重点单位检查合格"),
        Column("content", "内容"),
        Column("authority", "提供单位", (), True, "云溪区消防救援大队"),
        _day("日期", "发生日期"),
        _end("终止日期", "有效期至"),
    ),
}  # fmt: skip
# The codes of 双公示 for permits that we know and do not keep.
XK_UNUSED: Final = (
    r"XK_(XDR_(LB|GSZC|GSDJ|ZZJG|ZDM|SWDJ|SYDW|SHZZ|ZJLX|ZJHM|SFZ)|FRDB|FR|FR_(ZJLX|ZJHM|SFZ|SFZH)|"
    r"XKWS|XKJGDM|SJLY(DM)?|LYDW(DM)?)"
)
