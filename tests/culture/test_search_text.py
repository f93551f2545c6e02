"""How text becomes tokens, and how hits are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culture.search import snippets
from culture.search.text import MAX_QUESTION, Term, fold, index_text, terms


def test_a_chinese_run_becomes_pairs_and_its_last_character():
    assert index_text("危险化学品") == "危险 险化 化学 学品 品"


def test_words_digits_and_chinese_are_apart():
    assert index_text("按GB30871、2022年版") == "按 gb 30871 2022 年版 版"


def test_full_width_is_half_width():
    assert index_text("ＧＢ　３０８７１") == index_text("gb 30871")


def test_a_rare_character_is_spelt_by_its_code():
    assert index_text("李𬍛") == "李u2c35b u2c35b"


def test_a_question_is_the_same_pairs_without_the_last_character():
    assert terms("化学品 GB30871") == [Term(("化学", "学品")), Term(("gb", "30871"))]


def test_one_chinese_character_asks_for_a_beginning():
    assert terms("安") == [Term(("安",), beginning=True)]


@pytest.mark.parametrize("signs", ["", '"', "*", "%_", "\x00", "（）", "：", "'; --"])
def test_signs_alone_ask_for_nothing(signs: str):
    assert terms(signs) == []


def test_a_long_question_is_cut():
    assert len(terms("安" * 500)[0].tokens) == MAX_QUESTION - 1


@given(st.text())
def test_folding_never_moves_a_character(text: str):
    assert len(fold(text)) == len(text)


@given(st.text())
def test_tokens_hold_nothing_that_a_database_could_take_for_its_own_language(text: str):
    assert not set("\"'*&|!()<>:\\\x00") & set(index_text(text))


@given(st.text(min_size=1, max_size=60))
def test_every_question_finds_its_own_text(text: str):
    tokens = index_text(text).split()
    for term in terms(text):
        assert any(t.startswith(term.tokens[0]) for t in tokens)


def test_the_snippet_stands_around_the_first_hit():
    text = "甲" * 100 + "有限空间" + "乙" * 100
    shown = snippets.snippet(text, snippets.hits("有限空间"))
    assert shown == "…" + "甲" * 40 + "<mark>有限空间</mark>" + "乙" * 40 + "…"


def test_the_snippet_is_escaped():
    shown = snippets.snippet("<script>事故</script>", snippets.hits("事故"))
    assert shown == "&lt;script&gt;<mark>事故</mark>&lt;/script&gt;"


def test_without_a_hit_the_snippet_is_the_beginning():
    assert snippets.snippet("甲" * 100, snippets.hits("事故")) == "甲" * 80 + "…"


def test_pairs_are_marked_where_the_whole_is_not_there():
    shown = snippets.snippet("学品检查", snippets.hits("化学品"))
    assert shown == "<mark>学品</mark>检查"


def test_a_word_is_marked_in_any_writing():
    shown = snippets.highlight("ＧＢ 30871 和 rgb", snippets.hits("gb30871 gb"))
    assert shown == "<mark>ＧＢ 30871</mark> 和 rgb"
