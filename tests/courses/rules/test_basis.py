"""Articles are found in the basis as authors write it."""

import pytest

from courses.rules.basis import Cited, articles_of, number_in


@pytest.mark.parametrize(
    ("basis", "cited"),
    [
        ("", []),
        ("安全生产法第28条", [("安全生产法", 28)]),
        ("《安全生产法》 第二十八条、第九十七条第一款", [("安全生产法", 28), ("安全生产法", 97)]),
        ("依据消防法第十六条；第二十一条", [("消防法", 16), ("消防法", 21)]),
        ("《消防法》第十六条、《安全生产法》第一百一十三条", [("消防法", 16), ("安全生产法", 113)]),
        ("GB 30871-2022", [("GB 30871-2022", 0)]),
        ("《工贸企业有限空间作业安全规定》", [("工贸企业有限空间作业安全规定", 0)]),
        ("第三条", []),
        ("消防法第16条；消防法第十六条", [("消防法", 16)]),
    ],
)
def test_articles_are_found(basis: str, cited: list[tuple[str, int]]):
    assert articles_of(basis) == [Cited(*one) for one in cited]


@pytest.mark.parametrize(
    ("text", "number"),
    [("十", 10), ("二十", 20), ("一百零三", 103), ("一千二百", 1200), ("97", 97)],
)
def test_chinese_numbers(text: str, number: int):
    assert number_in(text) == number
