"""Whether a text cites an article of a law."""

import pytest

from courses.rules.articles import bare_name, cites, printed


@pytest.mark.parametrize(
    ("text", "article", "found"),
    [
        ("按《安全生产法》第二十八条，先培训再上岗。", 28, True),
        ("按《安全生产法》第二十八条，先培训再上岗。", 97, False),
        ("《中华人民共和国安全生产法》（2021年修正）第二十八条第一款、第九十七条", 97, True),
        ("安全生产法第28条和第30条", 30, True),
        ("安全生产法第28条。消防法第30条", 30, False),
        ("《安全生产法》要求先培训", 28, True),  # the law as a whole
        ("《安全生产法》第二十八条", 0, True),
        ("《消防法》第二十八条", 28, False),
        ("消防法；安全生产法第三条；安全生产法第二十八条", 28, True),
        ("", 0, False),
    ],
)
def test_a_text_cites_an_article(text: str, article: int, found: bool):
    assert cites(text, "安全生产法", article) is found


def test_a_name_is_bare():
    assert bare_name(" 《中华人民共和国安全生产法》 ") == "安全生产法"
    assert [printed("安全生产法", n) for n in (28, 0)] == ["《安全生产法》第28条", "《安全生产法》"]
