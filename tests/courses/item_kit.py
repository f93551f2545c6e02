"""Questions of every kind, one sound one of each, and a strategy for many."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from courses.rules.bodies import Area, Blanks, Model, Number, Pairs, Spots, Steps, same_words
from courses.rules.items import Item, Parts, Picture

PICTURE = Picture("f" * 64, "png", 400, 300)

SOUND: dict[str, Item] = {
    "single": Item(
        kind="single", stem="先做什么？", options=("通风", "下井"), right=frozenset({0})
    ),
    "multiple": Item(
        kind="multiple", stem="带什么？", options=("绳", "灯", "酒"), right=frozenset({0, 1})
    ),
    "true_false": Item(
        kind="true_false", stem="可以单独下井。", options=("正确", "错误"), right=frozenset({1})
    ),
    "fill": Item(
        kind="fill", stem="先____，再____，后作业。", body=Blanks((("通风", "先通风"), ("检测",)))
    ),
    "numeric": Item(
        kind="numeric", stem="氧含量下限？", body=Number(Decimal("19.5"), Decimal("0.1"), "%")
    ),
    "ordering": Item(
        kind="ordering", stem="排好次序", body=Steps(("断电", "验电", "挂牌", "作业"))
    ),
    "matching": Item(
        kind="matching",
        stem="连一连",
        body=Pairs((("安全帽", "头"), ("护目镜", "眼"), ("面屏", "眼")), ("脚",)),
    ),
    "hotspot": Item(
        kind="hotspot",
        stem="找出两处隐患",
        body=Spots(
            (Area("rect", (10, 10, 90, 90), "没戴帽"), Area("circle", (200, 150, 40), "裸线"))
        ),
        picture=PICTURE,
        picture_alt="工地一角，两名工人在作业",
    ),
    "short": Item(kind="short", stem="为什么要先通风？", body=Model("因为缺氧会死人。")),
}
SOUND["case"] = Item(
    kind="case",
    stem="某厂发生事故，请回答。",
    body=Parts((SOUND["multiple"], SOUND["fill"], SOUND["ordering"])),
)

words = st.text(
    alphabet=st.characters(
        categories=["Lo", "Lu", "Nd"], include_characters="，。（）%=#~{}:\\/|;；"
    ),
    min_size=1,
    max_size=12,
).filter(same_words)


def distinct(low: int, high: int) -> st.SearchStrategy[Any]:
    """Texts that differ."""
    return st.lists(words, min_size=low, max_size=high, unique=True).map(tuple)


def right_answer(shown: dict[str, Any], right: Any) -> list[Any]:
    """The answer that earns everything."""
    kind = shown["kind"]
    if kind == "fill":
        return [texts[0] for texts in right]
    if kind == "numeric":
        return [right["value"]]
    if kind == "hotspot":
        return [[sum(pair) // 2 for pair in _box(area)] for area in right]
    if kind == "case":
        parts = zip(shown["parts"], right, strict=True)
        return [right_answer(part, sealed["right"]) for part, sealed in parts]
    return [right] if kind == "short" else list(right)


def _box(area: dict[str, Any]) -> list[tuple[int, int]]:
    left, top, right, bottom = Area(area["shape"], tuple(area["numbers"]), "").box()
    return [(left, right), (top, bottom)]
