"""The kinds of questions, and what makes one with options sound: how many, and how many are right."""

from collections.abc import Collection, Sequence
from typing import Final

SINGLE: Final = "single"
MULTIPLE: Final = "multiple"
TRUE_FALSE: Final = "true_false"
FILL: Final = "fill"
NUMERIC: Final = "numeric"
ORDERING: Final = "ordering"
MATCHING: Final = "matching"
HOTSPOT: Final = "hotspot"
CASE: Final = "case"
SHORT: Final = "short"
KIND_NAMES: Final = {
    SINGLE: "单选题",
    MULTIPLE: "多选题",
    TRUE_FALSE: "判断题",
    FILL: "填空题",
    NUMERIC: "计算题",
    ORDERING: "排序题",
    MATCHING: "连线题",
    HOTSPOT: "找隐患题",
    CASE: "案例题",
    SHORT: "简答题",
}
CHOICES: Final = frozenset({SINGLE, MULTIPLE, TRUE_FALSE})  # answered by ticking options
PARTS_OF_CASE: Final = frozenset({*CHOICES, FILL, NUMERIC, ORDERING, MATCHING})
LEVEL_NAMES: Final = {0: "未定", 1: "易", 2: "中", 3: "难"}
TRUE_FALSE_OPTIONS: Final = ("正确", "错误")
MOST_OPTIONS: Final = 8  # the letters A to H
LETTERS: Final = "ABCDEFGH"


def question_faults(
    *, kind: str, stem: str, options: Sequence[str], right: Collection[int]
) -> list[str]:
    """Every fault of a question with options at once, ready to print; none means it is sound.

    ``right`` holds the places (from 0) of the right options. Other kinds have a body of their own
    (``courses.rules.bodies``); here only their stem is looked at.
    """
    if kind not in KIND_NAMES:
        return [f"题型“{kind}”不认识，应为 {'、'.join(KIND_NAMES)} 之一"]
    faults = [] if stem.strip() else ["题干是空的，请填写"]
    if kind not in CHOICES:
        return faults + ([f"{KIND_NAMES[kind]}没有选项，请删去选项"] if options else [])
    return faults + _option_faults(kind, options) + _right_faults(kind, len(options), set(right))


def text_faults(what: str, texts: Sequence[str]) -> list[str]:
    """Empty texts and texts that come twice, where all must differ."""
    bare = [text.strip() for text in texts]
    faults = [f"有{what}是空的，请填写或删除"] if "" in bare else []
    twice = dict.fromkeys(text for text in bare if text and bare.count(text) > 1)
    return faults + [f"{what}“{text}”出现了两次，请改成不同的" for text in twice]


def _option_faults(kind: str, options: Sequence[str]) -> list[str]:
    faults = []
    if kind == TRUE_FALSE and len(options) != 2:
        faults.append(f"判断题应正好有 2 个选项，现有 {len(options)} 个")
    if kind != TRUE_FALSE and not 2 <= len(options) <= MOST_OPTIONS:
        faults.append(f"选项应有 2 到 {MOST_OPTIONS} 个，现有 {len(options)} 个")
    return faults + text_faults("选项", options)


def _right_faults(kind: str, options: int, right: set[int]) -> list[str]:
    strange = sorted(place for place in right if not 0 <= place < options)
    if strange:
        places = "、".join(str(place) for place in strange)
        return [f"正确答案的序号 {places} 不存在，序号从 0 开始，应小于 {options}"]
    if kind == MULTIPLE and len(right) < 2:
        return [f"多选题至少要有 2 个正确选项，现有 {len(right)} 个"]
    if kind != MULTIPLE and len(right) != 1:
        return [f"{KIND_NAMES[kind]}应正好有 1 个正确选项，现有 {len(right)} 个"]
    return []
