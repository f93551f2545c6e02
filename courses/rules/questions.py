"""What makes a question sound: its kind, its options, and how many of them are right."""

from collections.abc import Collection, Sequence
from typing import Final

SINGLE: Final = "single"
MULTIPLE: Final = "multiple"
TRUE_FALSE: Final = "true_false"
KIND_NAMES: Final = {SINGLE: "单选题", MULTIPLE: "多选题", TRUE_FALSE: "判断题"}
MOST_OPTIONS: Final = 8  # the letters A to H


def question_faults(
    *, kind: str, stem: str, options: Sequence[str], right: Collection[int]
) -> list[str]:
    """Every fault of a question at once, ready to print; none means it is sound.

    ``right`` holds the places (from 0) of the right options.
    """
    if kind not in KIND_NAMES:
        return [f"题型“{kind}”不认识，应为 {'、'.join(KIND_NAMES)} 之一"]
    faults = [] if stem.strip() else ["题干是空的，请填写"]
    return faults + _option_faults(kind, options) + _right_faults(kind, len(options), set(right))


def _option_faults(kind: str, options: Sequence[str]) -> list[str]:
    faults = []
    texts = [text.strip() for text in options]
    if kind == TRUE_FALSE and len(texts) != 2:
        faults.append(f"判断题应正好有 2 个选项，现有 {len(texts)} 个")
    if kind != TRUE_FALSE and not 2 <= len(texts) <= MOST_OPTIONS:
        faults.append(f"选项应有 2 到 {MOST_OPTIONS} 个，现有 {len(texts)} 个")
    if "" in texts:
        faults.append("有选项是空的，请填写或删除")
    twice = dict.fromkeys(text for text in texts if text and texts.count(text) > 1)
    return faults + [f"选项“{text}”出现了两次，请改成不同的" for text in twice]


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
