"""Rows against the register: which enterprise, place and sector; what an officer must settle first."""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from credit.importing.reading import Reader, Row
from credit.importing.register import CHUNK, Known, holders, linked, resolved, unresolved
from credit.importing.spool import repeated
from credit.models.rulesets import in_force
from credit.rules.accidents import classify
from credit.rules.documents import document_key
from credit.rules.names import alike, fold
from credit.rules.uscc import Kind, read_uscc

SOURCES: Final = {
    "violations": "行政处罚",
    "accidents": "事故台账",
    "hazards": "重大事故隐患台账",
    "permits": "行政许可",
    "commendations": "守信表彰",
    "standardisations": "标准化台账",
    "insurances": "安责险台账",
    "duty_reports": "领导带班",
    "trainings": "培训台账",
    "external_facts": "其他系统",
}
# Their keys are numbers of official papers: the same number from two sides is one fact, never counted twice.
BY_PAPER: Final = frozenset({"violations", "permits"})
_OUT_OF_REACH: Final = "这家企业不在您的辖区，请由属地导入"


def resolve(reader: Reader, number: int, values: dict[str, Any]) -> None:
    """Replace the number, place and sector by keys; derive what the law derives."""
    found = reader.headings.columns["number"]
    reading = read_uscc(values.pop("number"))
    if reader.kind == "enterprises":
        if reading.kind is Kind.INVALID:
            reader.blame(number, found, reading.number, reading.reason)
            return
        _resolve_enterprise(reader, number, values, reading.number, reading.kind is Kind.VALID)
        return
    known = reader.register.enterprises.get(reading.number)
    if known is None and reading.kind is not Kind.VALID:
        known = _by_name(reader, number, values, reading.number)
    if known is None and reading.kind is Kind.INVALID:
        advice = reading.reason if reading.number else "必填，这一格是空的"
        reader.blame(number, found, reading.number, advice)
    elif known is None:
        advice = "登记库里没有这家企业：请先导入企业登记，或核对代码"
        reader.blame(number, found, reading.number, advice)
    elif not known.in_reach:
        reader.blame(number, found, reading.number, _OUT_OF_REACH)
    else:
        _take_fact(reader, number, values, known)


def _by_name(reader: Reader, number: int, values: dict[str, Any], said: str) -> Known | None:
    """The enterprise that a person once decided this name and number to be; otherwise a person is asked."""
    if reader.linked is None:
        reader.linked = linked(reader.register)
    known = reader.linked.get((fold(values["name"])[:200], said[:60]))
    if known is None:
        reader.unknown[values["name"], said] = None
        return None
    reader.note(
        number, reader.headings.columns["number"], said, f"按已核对的名称记到“{known.name}”名下"
    )
    values["name"] = known.name
    return known


# -- Facts ---------------------------------------------------------------------------------------------


def _take_fact(reader: Reader, number: int, values: dict[str, Any], known: Known) -> None:
    _compare_names(reader, number, values.pop("name"), known.name)
    key = document_key(values["source_key"])
    values |= {"enterprise_id": known.pk, "source": source_of(reader), "identity": key}
    if reader.kind == "accidents":
        loss = values.get("direct_loss", 0)
        people = {key: values[key] for key in ("deaths", "serious_injuries")}
        values["grade"] = classify(**people, direct_loss=loss).value
    elif reader.kind == "violations":
        _take_old_standard(reader, number, values)
        _refuse_impossible_fine(reader, number, values)
    else:
        _refuse_early_end(reader, number, values)


def source_of(reader: Reader) -> str:
    """Whose numbers the keys are: the papers' own, else those of the file or system that tells."""
    plain = SOURCES[reader.kind]
    return plain if reader.kind in BY_PAPER else reader.source or plain


_ENDED: Final = {
    "1": "撤销",
    "撤销": "撤销",
    "2": "异议",
    "异议": "异议",
    "3": "其他",
    "其他": "其他",
}


def _take_old_standard(reader: Reader, number: int, values: dict[str, Any]) -> None:
    """What only the 双公示 columns of 2016 have: a second kind of penalty, and how the penalty stands."""
    second = values.pop("penalty_kind_2", "")
    if second:
        values["penalty_kind"] = f"{values['penalty_kind']}、{second}"[:100]
    said = values.pop("state", "")
    if said in _ENDED:
        reader.blame(
            number, reader.headings.columns["state"], said,
            f"状态是“{_ENDED[said]}”，不能当作有效的处罚记录：已经记录的，请专员在记录页办理撤销；"
            "没有记录的，不用导入；其实有效的，请把状态改成0",
        )  # fmt: skip
    elif said not in {"", "0", "正常"}:
        reader.blame(number, reader.headings.columns["state"], said, "请填0、1、2或3")


def _refuse_early_end(reader: Reader, number: int, values: dict[str, Any]) -> None:
    ended = values.get("ended_on")
    if ended is not None and ended < values["happened_on"]:
        found = reader.headings.columns["ended_on"]
        first = reader.headings.columns["happened_on"].column.heading
        reader.blame(
            number, found, ended, f"早于{first}（{values['happened_on']}），请核对两个日期"
        )


def _compare_names(reader: Reader, number: int, name: str, registered: str) -> None:
    if name == registered:
        return
    found = reader.headings.columns["name"]
    if not alike(name, registered):
        reader.blame(
            number, found, name,
            f"代码与名称不是同一家企业，请核对：这个代码登记的是“{registered}”。"
            "企业改过名的，请先导入企业登记更新名称",
        )  # fmt: skip
    elif fold(name) != fold(registered):
        reader.note(number, found, name, f"与登记名称“{registered}”不同，按代码记到该企业名下")


def _refuse_impossible_fine(reader: Reader, number: int, values: dict[str, Any]) -> None:
    highest = in_force(reader.today).terms["violation.highest_fine"]
    if values.get("fine", 0) > highest.amount:
        found = reader.headings.columns["fine"]
        advice = (
            f"合{values['fine']:.0f}元，超过法定最高罚款{highest.amount}元（{highest.article}），"
            f"请核对单位：这一列按{found.unit}读取"
        )
        reader.blame(number, found, reader.cell(number, found), advice)


def note_shared_numbers(reader: Reader) -> None:
    """One decision has one party: say where the same number stands under another enterprise."""
    spoken_of = [*reader.register.enterprises.values(), *(reader.linked or {}).values()]
    names = {known.pk: known.name for known in spoken_of}
    # An enterprise has a number once by now, so one that comes again has several.
    twice = repeated(hash(row.values["identity"]) for row in reader.rows)
    within: dict[str, dict[int, str]] = defaultdict(dict)
    for row in reader.rows if twice else ():
        key, firm = row.values["identity"], row.values["enterprise_id"]
        if hash(key) in twice:
            within[key][firm] = names[firm]
    for start in range(0, len(reader.rows), CHUNK):
        _note_shared(reader, reader.rows[start : start + CHUNK], within)


def _note_shared(reader: Reader, rows: list[Row], within: Mapping[str, dict[int, str]]) -> None:
    """``within``: the parties of the numbers that the file itself names more than once."""
    parties = {key: dict(within.get(key, {})) for key in (row.values["identity"] for row in rows)}
    for key, firm, name in holders(parties, SOURCES[reader.kind]):
        parties[key][firm] = name
    found = reader.headings.columns["source_key"]
    for row in rows:
        others = [
            name
            for firm, name in parties[row.values["identity"]].items()
            if firm != row.values["enterprise_id"]
        ]
        if others:
            advice = f"这个文号也记在“{'、'.join(others[:3])}”名下，请核对是不是记错了企业"
            reader.note(row.number, found, row.values["source_key"], advice)


# -- The register --------------------------------------------------------------------------------------


def _resolve_enterprise(
    reader: Reader, number: int, values: dict[str, Any], code: str, valid: bool
) -> None:
    found = reader.headings.columns["number"]
    known = reader.register.enterprises.get(code)
    if known is not None and not known.in_reach:
        reader.blame(number, found, code, _OUT_OF_REACH)
    if valid:
        values["uscc"] = code
        _take_old_number(reader, number, values, known)
    else:
        if values.get("legacy_number") == "":
            reader.distinct.add(number)
        values["legacy_number"] = code
        reader.note(number, found, code, read_uscc(code).reason)
    place = values.pop("place")
    if place in reader.register.places_out_of_reach:
        reader.blame(number, reader.headings.columns["place"], place, "这个属地不在您的辖区")
    else:
        values["place_id"] = _key(reader, number, "place", place, reader.register.places)
    sector = values.pop("sector")
    values["sector_id"] = _key(reader, number, "sector", sector, reader.register.sectors)


def _take_old_number(
    reader: Reader, number: int, values: dict[str, Any], known: Known | None
) -> None:
    """A row with both numbers says that the enterprise of the old one has this code."""
    said = values.pop("legacy_number", None)
    if said is None:
        return
    if said == "":
        reader.distinct.add(number)
        return
    found = reader.headings.columns["legacy_number"]
    old = read_uscc(said)
    holder = reader.register.enterprises.get(old.number)
    if old.kind is not Kind.LEGACY:
        reader.blame(number, found, said, "应为旧登记号（例如15位工商注册号）；没有就填“无”")
    elif holder is None or (known is not None and holder.pk == known.pk):
        values["legacy_number"] = old.number
    elif not holder.in_reach:
        reader.blame(number, found, said, _OUT_OF_REACH)
    elif known is not None or holder.uscc:
        advice = (
            f"旧登记号和这个代码在登记库里是两家企业（旧号：{holder.name}），不能自动合并，"
            "请核对号码；确是同一家，请告诉管理员"
        )
        reader.blame(number, found, said, advice)
    else:
        values["legacy_number"] = old.number
        reader.note(number, found, said, f"“{holder.name}”的旧登记号已核实为{values['uscc']}")


def refuse_twins(reader: Reader) -> None:
    """A new number for a name that the same place already has: the same enterprise, or two of them?

    An old number never meets the new code by itself; without this a second enterprise would begin.
    """
    with_code = (row for row in _new(reader) if row.values.get("uscc"))  # most of a file: not held
    with_old = [row for row in _new(reader) if not row.values.get("uscc")]
    twins = unresolved()
    twins |= {_name_and_place(row): row.values["legacy_number"] for row in with_old}
    _refuse_twins_of(reader, with_code, twins, _GIVE_OLD_NUMBER)
    _refuse_twins_of(reader, with_old, resolved(row.values["name"] for row in with_old), _GIVE_CODE)


def _new(reader: Reader) -> Iterator[Row]:
    """Rows that would begin an enterprise and do not say: not the firm of the same name."""
    for row in reader.rows:
        if _is_new(reader, row) and row.number not in reader.distinct:
            yield row


_GIVE_OLD_NUMBER: Final = (
    "同一属地已有同名企业，旧登记号是{}。是同一家：请在“原登记号”列填这个旧号；"
    "不是同一家：请在“原登记号”列填“无”"
)
_GIVE_CODE: Final = (
    "同一属地已有同名企业，统一社会信用代码是{}。是同一家：请改填这个代码；"
    "不是同一家：请在“原登记号”列填“无”"
)


def _refuse_twins_of(
    reader: Reader, rows: Iterable[Row], twins: Mapping[tuple[str, int], str], advice: str
) -> None:
    found = reader.headings.columns["number"]
    refused = set()
    for row in rows:
        twin = twins.get(_name_and_place(row))
        if twin and twin != row.values.get("legacy_number"):
            said = row.values.get("uscc") or row.values["legacy_number"]
            reader.blame(row.number, found, said, advice.format(twin))
            refused.add(row.number)
    reader.drop(refused)


def _is_new(reader: Reader, row: Row) -> bool:
    numbers = (row.values.get("uscc"), row.values.get("legacy_number"))
    return not any(number in reader.register.enterprises for number in numbers if number)


def _name_and_place(row: Row) -> tuple[str, int]:
    return fold(row.values["name"]), row.values["place_id"]


def _key(reader: Reader, number: int, name: str, said: str, known: Mapping[str, int]) -> int | None:
    if said in known:
        return known[said]
    near = difflib.get_close_matches(said, known, n=3, cutoff=0.4)
    names = near or [label for label in known if not label.isascii()][:12]
    found = reader.headings.columns[name]
    reader.blame(number, found, said, f"没有这个{found.column.heading}，可选：{'、'.join(names)}")
    return None
