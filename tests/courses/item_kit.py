"""Questions of every kind, one sound one of each, and a strategy for many."""

from decimal import Decimal
from io import BytesIO
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from PIL import Image

from courses.rules.bodies import (
    Area,
    Blanks,
    Model,
    Number,
    Pairs,
    Spots,
    Steps,
    blanks_in,
    same_words,
)
from courses.rules.items import Item, Parts
from courses.rules.pictures import look_at
from courses.rules.questions import KIND_NAMES, PARTS_OF_CASE

steady = settings(suppress_health_check=list(HealthCheck), deadline=None)  # a busy machine is slow


def png(width: int, height: int) -> bytes:
    """A picture: grey, with nothing on it."""
    out = BytesIO()
    Image.new("RGB", (width, height), "#dddddd").save(out, "PNG")
    return out.getvalue()


PICTURE_BYTES = png(400, 300)
PICTURE = look_at(PICTURE_BYTES)

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


def _sound(text: str) -> bool:
    """No blanks around it, something in it, and no place to fill."""
    return bool(same_words(text)) and text == text.strip() and not blanks_in(text)


words = st.text(
    alphabet=st.characters(
        categories=["Lo", "Lu", "Nd"], include_characters="，。（）%=#~{}:\\/|;；"
    ),
    min_size=1,
    max_size=12,
).filter(_sound)


def distinct(low: int, high: int) -> st.SearchStrategy[Any]:
    """Texts that differ."""
    return st.lists(words, min_size=low, max_size=high, unique=True).map(tuple)


numbers = st.decimals(min_value=-10_000, max_value=10_000, places=2, allow_nan=False).map(
    lambda number: Decimal(f"{number:f}")
)
texts_of_blanks = st.lists(words, min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def choices(draw: Any, kind: str) -> dict[str, Any]:
    """Options and which are right."""
    options = draw(distinct(2, 8 if kind != "true_false" else 2))
    least = 2 if kind == "multiple" else 1
    most = len(options) if kind == "multiple" else 1
    places = st.sets(st.integers(0, len(options) - 1), min_size=least, max_size=most)
    return {"options": options, "right": frozenset(draw(places))}


@st.composite
def pairs(draw: Any) -> Pairs:
    """Lefts and rights; two lefts may share a right, a right may be spare."""
    rights = draw(distinct(3, 4))
    lefts = draw(distinct(2, 4))
    given = [rights[0], rights[1], *[draw(st.sampled_from(rights[:2])) for _ in lefts[2:]]]
    return Pairs(tuple(zip(lefts, given[: len(lefts)], strict=True)), rights[2:])


@st.composite
def areas(draw: Any) -> Area:
    """An area in a picture of 400 by 300."""
    x, y, size = draw(st.integers(0, 200)), draw(st.integers(0, 150)), draw(st.integers(30, 100))
    shape = draw(st.sampled_from(["rect", "circle", "poly"]))
    numbers = {
        "rect": (x, y, x + size, y + size),
        "circle": (x + size, y + size, size // 2),
        "poly": (x, y, x + size, y, x, y + size),
    }[shape]
    return Area(shape, numbers, draw(words))


@st.composite
def contents(draw: Any, kind: str) -> dict[str, Any]:
    """What is special to a kind."""
    if kind in ("single", "multiple", "true_false"):
        return dict(draw(choices(kind)))
    if kind == "fill":
        blanks = draw(st.lists(texts_of_blanks, min_size=1, max_size=3).map(tuple))
        return {"body": Blanks(blanks), "stem": draw(words) + "，".join(["____"] * len(blanks))}
    if kind == "numeric":
        unit = draw(st.sampled_from(["", "%", "℃", "米/秒", "mg/m³"]))
        return {"body": Number(draw(numbers), abs(draw(numbers)), unit)}
    if kind == "ordering":
        return {"body": Steps(draw(distinct(2, 8)))}
    if kind == "matching":
        return {"body": draw(pairs())}
    if kind == "hotspot":
        found = draw(st.lists(areas(), min_size=1, max_size=3).map(tuple))
        return {"body": Spots(found), "picture": PICTURE, "picture_alt": draw(words)}
    if kind == "short":
        return {"body": Model(draw(words))}
    parts = draw(st.lists(parts_of_case(), min_size=1, max_size=3).map(tuple))
    return {"body": Parts(parts)}


@st.composite
def parts_of_case(draw: Any) -> Item:
    """A question of a case: no topic, no level of its own."""
    kind = draw(st.sampled_from(sorted(PARTS_OF_CASE)))
    facts = {"stem": draw(words), "explanation": draw(words | st.just(""))}
    return Item(kind=kind, **{**facts, **draw(contents(kind))})


@st.composite
def items(draw: Any, kinds: Any = KIND_NAMES) -> Item:
    """A sound question of any of ``kinds``, with tags."""
    kind = draw(st.sampled_from(sorted(kinds)))
    facts = {
        "stem": draw(words),
        "topic": draw(words | st.just("")),
        "explanation": draw(words | st.just("")),
        "basis": draw(words | st.just("")),
        "level": draw(st.integers(0, 3)),
        "sector": draw(st.sampled_from(["", "metal"])),
        "active": draw(st.booleans()),
    }
    if draw(st.integers(0, 3)) == 0:
        facts |= {"picture": PICTURE, "picture_alt": draw(words)}
    return Item(kind=kind, **{**facts, **draw(contents(kind))})


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
