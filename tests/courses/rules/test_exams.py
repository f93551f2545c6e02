"""Papers are drawn fairly and repeatably; the clock and the number of attempts decide the rest."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.rules.exams import (
    Candidate,
    FiguresError,
    Line,
    NotEnoughError,
    blueprint_faults,
    draw,
    figures_in_force,
    may_answer,
    may_start,
    parse_figures,
    shortfalls,
)
from courses.rules.questions import KIND_NAMES

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
candidates = st.lists(
    st.builds(
        Candidate,
        key=st.integers(1, 500),
        kind=st.sampled_from(list(KIND_NAMES)),
        topic=st.sampled_from(["", "有限空间", "动火"]),
        options=st.integers(2, 8),
    ),
    unique_by=lambda candidate: candidate.key,
    max_size=40,
)
blueprints = st.lists(
    st.builds(
        Line,
        kind=st.sampled_from(list(KIND_NAMES)),
        topic=st.sampled_from(["", "有限空间", "动火"]),
        count=st.integers(1, 6),
        points=st.integers(1, 10),
    ),
    unique_by=lambda line: (line.kind, line.topic),
    min_size=1,
    max_size=5,
)


@given(candidates, blueprints, st.integers(0, 2**63 - 1), st.randoms())
def test_the_same_seed_draws_the_same_paper_from_a_pool_in_any_order(pool, blueprint, seed, chance):
    shuffled = sorted(pool, key=lambda _: chance.random())
    if shortfalls(pool, blueprint):
        with pytest.raises(NotEnoughError):
            draw(pool, blueprint, seed)
        return
    assert draw(pool, blueprint, seed) == draw(shuffled, blueprint, seed)


@given(candidates, blueprints, st.integers(0, 2**63 - 1))
def test_a_paper_keeps_to_its_blueprint_and_repeats_nothing(pool, blueprint, seed):
    if shortfalls(pool, blueprint):
        return
    by_key = {candidate.key: candidate for candidate in pool}
    paper = draw(pool, blueprint, seed)
    kinds = [by_key[place.key].kind for place in paper]
    assert (
        len({place.key for place in paper}) == len(paper) == sum(line.count for line in blueprint)
    )
    assert sum(place.points for place in paper) == sum(
        line.count * line.points for line in blueprint
    )
    assert kinds == sorted(kinds, key=list(KIND_NAMES).index)
    wanted: Counter[str] = Counter()
    for line in blueprint:
        wanted[line.kind] += line.count
    assert Counter(kinds) == wanted
    for place in paper:
        assert sorted(place.options) == list(range(by_key[place.key].options))


def test_different_seeds_draw_different_papers():
    pool = [Candidate(key, "single", "", 4) for key in range(200)]
    papers = {tuple(draw(pool, [Line("single", "", 10, 10)], seed)) for seed in range(50)}
    assert len(papers) == 50


def test_true_and_false_keep_their_order():
    pool = [Candidate(key, "true_false", "", 2) for key in range(20)]
    paper = draw(pool, [Line("true_false", "", 20, 5)], 7)
    assert {place.options for place in paper} == {(0, 1)}


def test_a_line_for_any_topic_leaves_the_named_topic_enough():
    pool = [Candidate(1, "single", "动火", 2), Candidate(2, "single", "高处", 2)]
    blueprint = [Line("single", "", 1, 60), Line("single", "动火", 1, 40)]
    for seed in range(20):
        points = {place.key: place.points for place in draw(pool, blueprint, seed)}
        assert points == {1: 40, 2: 60}


def test_a_short_bank_names_everything_that_is_missing():
    pool = [Candidate(1, "single", "动火", 4), Candidate(2, "multiple", "", 4)]
    blueprint = [
        Line("single", "动火", 3, 10),
        Line("multiple", "", 2, 20),
        Line("true_false", "高处", 1, 30),
    ]
    with pytest.raises(NotEnoughError) as caught:
        draw(pool, blueprint, 1)
    assert caught.value.missing == [
        "单选题“动火”需要 3 道，题库只有 1 道，还缺 2 道",
        "多选题需要 2 道，题库只有 1 道，还缺 1 道",
        "判断题“高处”需要 1 道，题库只有 0 道，还缺 1 道",
    ]


def test_enough_for_each_line_but_not_for_all_is_named_too():
    pool = [Candidate(1, "single", "动火", 4)]
    blueprint = [Line("single", "动火", 1, 50), Line("single", "", 1, 50)]
    assert shortfalls(pool, blueprint) == ["单选题需要 2 道，题库只有 1 道，还缺 1 道"]


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        ([], ["还没有组卷规则，请至少添加一行"]),
        ([Line("single", "", 10, 10)], []),
        (
            [Line("single", "", 10, 9)],
            ["各行合计 90 分，应为 100 分，请调整题数或每题分值"],
        ),
        (
            [Line("single", "动火", 5, 10), Line("single", "动火", 10, 5)],
            ["单选题“动火”出现了两行，请合并成一行"],
        ),
    ],
)
def test_a_blueprint_sums_to_a_hundred(lines, faults):
    assert blueprint_faults(lines, 100) == faults


def asked(**changes):
    terms = {
        "taken": 0,
        "allowed": 2,
        "passed": False,
        "last_ended_at": None,
        "wait": timedelta(hours=24),
        "now": NOON,
        "article": "安监总培训〔2013〕104号",
    }
    return may_start(**{**terms, **changes})


def test_the_first_attempt_may_start():
    ruling = asked()
    assert (ruling.allowed, ruling.reason) == (True, "这是第1次考试，共有2次机会")


def test_who_has_passed_does_not_sit_again():
    assert asked(taken=1, passed=True).reason == "已经考试合格，不用再考"


def test_one_resit_and_no_more():
    ruling = asked(taken=2, last_ended_at=NOON - timedelta(days=9))
    assert not ruling
    assert ruling.reason == "2次考试机会已用完，请联系培训单位重新安排学习"


@given(st.integers(0, 72))
def test_the_resit_waits(hours):
    ruling = asked(taken=1, last_ended_at=NOON - timedelta(hours=hours))
    assert ruling.allowed is (hours >= 24)
    if not ruling:
        assert "离上次考试时间太短" in ruling.reason


@pytest.mark.parametrize(
    ("late", "ended", "allowed"),
    [(-1, False, True), (10, False, True), (11, False, False), (-1, True, False)],
)
def test_answers_count_until_the_deadline_and_a_small_grace(late, ended, allowed):
    ruling = may_answer(
        deadline=NOON,
        ended=ended,
        now=NOON + timedelta(seconds=late),
        grace=timedelta(seconds=10),
        article="",
    )
    assert ruling.allowed is allowed


def test_the_figures_are_the_law_s_with_articles():
    figures = figures_in_force(date(2026, 11, 24))
    assert {code: figures.amount(code) for code in ("minutes", "pass_mark", "attempts")} == {
        "minutes": 120,
        "pass_mark": 80,
        "attempts": 2,
    }
    assert all(figure.article for figure in figures.figures.values())
    assert "wait" in {figure.code for figure in figures.unconfirmed()}
    assert figures_in_force(date(2020, 1, 1)) == figures


HEAD = 'code = "x"\nversion = "1"\nname = "x"\neffective_from = 2026-01-01\n'
ROW = (
    '[[figure]]\ncode = "a"\namount = 1\nunit = "x"\nname = "x"\narticle = "x"\nconfirmed = true\n'
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("=", "t.toml: not TOML"),
        (ROW, "t.toml: the head must be"),
        (HEAD + ROW + ROW, "t.toml: 'a' comes twice"),
        (HEAD + ROW.replace("= 1", "= 1.5"), r"\[\[figure\]\] 1: .*amount"),
        (HEAD + ROW.replace("= 1", "= -1"), "amount -1 is below zero"),
        (HEAD + ROW.replace("article", "artikel"), "article, artikel"),
    ],
)
def test_a_bad_figures_file_is_refused_with_the_place(text, message):
    with pytest.raises(FiguresError, match=message):
        parse_figures(text, source="t.toml")
