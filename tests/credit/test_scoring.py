"""One function scores one enterprise or all of them, with every line explained."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.rules.grading import final_grade, grade_by_points
from credit.rules.ruleset import load_ruleset, parse_ruleset, shipped_text
from credit.rules.timeline import Timeline
from credit.scoring import ENTERPRISE_COLUMNS, LINE_COLUMNS, score

RULESET = load_ruleset()
TODAY = date(2026, 11, 23)
RECORD_COLUMNS = ["record", "enterprise", "kind", "happened_on", "circumstance"]


def enterprises(*levels):
    return pd.DataFrame(
        {"enterprise": range(1, len(levels) + 1), "standardisation_level": list(levels)}
    )


def records(*rows):
    return pd.DataFrame(list(rows), columns=RECORD_COLUMNS)


def test_without_records_the_base_by_standardisation_decides():
    frames = score(enterprises(1, 2, 3, 0), records(), RULESET, TODAY)
    assert tuple(frames.enterprises.columns) == ENTERPRISE_COLUMNS
    assert tuple(frames.lines.columns) == LINE_COLUMNS
    assert frames.lines.empty
    columns = ["base", "deducted", "points", "grade_by_points", "grade", "veto"]
    assert frames.enterprises[columns].to_numpy().tolist() == [
        [90, 0, 90, "A", "A", ""],
        [80, 0, 80, "B", "B", ""],
        [70, 0, 70, "B", "B", ""],
        [60, 0, 60, "C", "C", ""],
    ]


def test_a_line_tells_record_article_weight_decay_and_drop_off():
    frames = score(
        enterprises(1),
        records(("p-1", 1, "violation.large_fine", date(2026, 1, 31), "aggravated")),
        RULESET,
        TODAY,
    )
    line = frames.lines.iloc[0].to_dict()
    assert line == {
        "record": "p-1",
        "enterprise": 1,
        "kind": "violation.large_fine",
        "name": "罚款（10万元及以上）",
        "article": "局规则集，待局里核定",
        "confirmed": False,
        "happened_on": pd.Timestamp(2026, 1, 31),
        "circumstance": "aggravated",
        "points": 10.0,
        "weight": 1.5,
        "decay": pytest.approx(2 / 3),
        "deducted": 10.0,
        "drop_off": pd.Timestamp(2028, 1, 31),
    }
    assert frames.enterprises.loc[0, "points"] == 80


@pytest.mark.parametrize(
    ("today", "deducted"),
    [
        (date(2026, 1, 30), []),
        (date(2026, 1, 31), [5.0]),
        (date(2026, 7, 30), [5.0]),
        (date(2026, 7, 31), [3.33]),
        (date(2027, 1, 31), [1.67]),
        (date(2028, 1, 30), [1.67]),
        (date(2028, 1, 31), []),
    ],
)
def test_a_record_fades_and_drops_off_on_its_day(today, deducted):
    rows = records(("p-1", 1, "violation.fine", date(2026, 1, 31), "normal"))
    assert score(enterprises(1), rows, RULESET, today).lines["deducted"].tolist() == deducted


def test_a_group_is_capped_and_newer_lines_come_first():
    rows = records(
        ("old", 1, "violation.licence_revoked", date(2026, 10, 1), "normal"),
        ("new", 1, "violation.suspension", date(2026, 11, 1), "normal"),
    )
    frames = score(enterprises(1), rows, RULESET, TODAY)
    assert frames.lines[["record", "deducted"]].to_numpy().tolist() == [["new", 15], ["old", 25]]
    assert frames.enterprises.loc[0, "points"] == 50


def test_merits_grant_points_up_to_their_cap():
    rows = records(
        *[(f"m-{n}", 1, "merit.commendation", date(2026, 11, 1), "normal") for n in range(3)]
    )
    frames = score(enterprises(2), rows, RULESET, TODAY)
    assert frames.enterprises[["deducted", "points", "grade"]].to_numpy().tolist() == [
        [-10, 90, "A"]
    ]


def test_the_strictest_veto_decides_the_grade_and_gives_its_reason():
    rows = records(
        ("a-1", 1, "accident.general", date(2026, 11, 1), "lenient"),
        ("a-1", 2, "accident.general", date(2026, 11, 1), "lenient"),
        ("a-2", 2, "accident.general", date(2026, 10, 1), "lenient"),
        ("a-3", 3, "accident.general", date(2025, 11, 23), "lenient"),
    )
    columns = ["points", "grade_by_points", "grade", "veto", "veto_reason"]
    found = score(enterprises(1, 1, 1), rows, RULESET, TODAY).enterprises[columns]
    assert found.to_numpy().tolist() == [
        [80, "B", "C", "general_accident", "12个月内发生1起一般事故"],
        [70, "B", "D", "two_general_accidents", "12个月内发生2起及以上一般事故"],
        [86.67, "A", "A", "", ""],
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("r", 9, "violation.fine", TODAY, "normal"), "unknown enterprises in records: 9"),
        (("r", 1, "nonsense", TODAY, "normal"), "unknown kinds: nonsense"),
        (("r", 1, "violation.fine", TODAY, "odd"), "unknown circumstances: odd"),
        (("r", 1, "violation.fine", None, "normal"), "happened_on is missing"),
    ],
)
def test_input_is_never_guessed_at(row, message):
    with pytest.raises(ValueError, match=message):
        score(enterprises(1), records(row), RULESET, TODAY)


def test_wrong_enterprises_and_missing_columns_are_refused():
    with pytest.raises(ValueError, match="unknown standardisation levels: 7"):
        score(enterprises(7), records(), RULESET, TODAY)
    with pytest.raises(ValueError, match="a key comes twice"):
        score(enterprises(1).iloc[[0, 0]], records(), RULESET, TODAY)
    with pytest.raises(ValueError, match="records: missing columns kind"):
        score(enterprises(1), records().drop(columns="kind"), RULESET, TODAY)


def test_circumstance_may_be_left_out():
    rows = records(("r", 1, "violation.fine", TODAY, "normal")).drop(columns="circumstance")
    lines = score(enterprises(1), rows, RULESET, TODAY).lines
    assert lines[["circumstance", "weight", "deducted"]].to_numpy().tolist() == [["normal", 1, 5]]


some_records = st.lists(
    st.tuples(
        st.integers(0, 10_000).map(str),
        st.integers(1, 3),
        st.sampled_from(sorted(RULESET.deductions)),
        st.integers(-100, 1500).map(lambda days: TODAY - timedelta(days=days)),
        st.sampled_from(sorted(RULESET.weights)),
    ),
    max_size=30,
)
some_levels = st.lists(st.sampled_from([0, 1, 2, 3]), min_size=3, max_size=3)


@settings(max_examples=50, deadline=None)
@given(some_levels, some_records)
def test_points_stay_in_bounds_and_grades_agree_with_the_rules(levels, rows):
    frames = score(enterprises(*levels), records(*rows), RULESET, TODAY)
    vetoes = {veto.code: veto for veto in RULESET.vetoes}
    for row in frames.enterprises.itertuples():
        assert 0 <= row.points <= 100
        assert row.grade_by_points == grade_by_points(row.points, RULESET).grade
        deciding = [vetoes[row.veto]] if row.veto else []
        assert row.grade == final_grade(row.points, deciding, RULESET)
    groups = frames.lines.groupby([frames.lines["enterprise"], frames.lines["kind"]])
    for (_, kind), total in groups["deducted"].sum().items():
        assert abs(total) <= RULESET.caps[RULESET.deductions[kind].cap].points + 1e-9


@settings(max_examples=50, deadline=None)
@given(some_levels, some_records)
def test_scoring_one_alone_equals_scoring_it_in_the_whole(levels, rows):
    whole, facts = enterprises(*levels), records(*rows)
    together = score(whole, facts, RULESET, TODAY)
    for key in whole["enterprise"]:
        alone = score(
            whole[whole["enterprise"] == key], facts[facts["enterprise"] == key], RULESET, TODAY
        )
        for one, all_ in (
            (alone.enterprises, together.enterprises),
            (alone.lines, together.lines),
        ):
            same = all_[all_["enterprise"] == key].reset_index(drop=True)
            pd.testing.assert_frame_equal(one, same, check_dtype=False)


# -- Rule-sets in time -----------------------------------------------------------------------------------

NEWER = parse_ruleset(
    shipped_text()
    .replace("effective_from = 2026-01-01", "effective_from = 2026-07-01")
    .replace('version = "1"', 'version = "2"')
    .replace('kind = "violation.fine"\npoints = 5', 'kind = "violation.fine"\npoints = 8')
    .replace('code = "violation"\npoints = 40', 'code = "violation"\npoints = 10')
    .replace("level = 1\npoints = 90", "level = 1\npoints = 95")
    .replace('kind = "merit.insurance"', 'kind = "merit.policy"')
)
IN_TIME = Timeline.of([NEWER, RULESET])


def test_a_record_is_judged_by_the_rule_of_its_day():
    rows = records(
        ("old", 1, "violation.fine", date(2026, 6, 30), "normal"),
        ("new", 1, "violation.fine", date(2026, 7, 1), "normal"),
    )
    lines = score(enterprises(1), rows, IN_TIME, date(2026, 7, 1)).lines
    assert lines[["record", "points"]].to_numpy().tolist() == [["new", 8], ["old", 5]]


def test_base_points_and_caps_are_those_of_the_day_of_the_question():
    rows = records(
        ("old", 1, "violation.fine", date(2026, 6, 30), "normal"),
        ("new", 1, "violation.fine", date(2026, 7, 1), "normal"),
    )
    before = score(enterprises(1), rows, IN_TIME, date(2026, 6, 30)).enterprises
    after = score(enterprises(1), rows, IN_TIME, date(2026, 7, 1)).enterprises
    assert before[["base", "deducted", "points"]].to_numpy().tolist() == [[90, 5, 85]]
    assert after[["base", "deducted", "points"]].to_numpy().tolist() == [[95, 10, 85]]


def test_before_the_first_ruleset_the_first_one_judges():
    rows = records(("r", 1, "violation.fine", date(2025, 12, 1), "normal"))
    lines = score(enterprises(1), rows, IN_TIME, date(2026, 1, 1)).lines
    assert lines["points"].tolist() == [5]


def test_a_kind_that_the_rule_of_the_day_does_not_know_does_not_count():
    rows = records(
        ("unknown yet", 1, "merit.policy", date(2026, 6, 30), "normal"),
        ("known", 1, "merit.policy", date(2026, 7, 1), "normal"),
        ("known then", 1, "merit.insurance", date(2026, 6, 30), "normal"),
        ("no more", 1, "merit.insurance", date(2026, 7, 1), "normal"),
    )
    lines = score(enterprises(1), rows, IN_TIME, date(2026, 7, 1)).lines
    assert lines["record"].tolist() == ["known", "known then"]


@settings(max_examples=50, deadline=None)
@given(some_levels, some_records)
def test_two_rulesets_that_say_the_same_score_as_one(levels, rows):
    twin = parse_ruleset(
        shipped_text().replace("effective_from = 2026-01-01", "effective_from = 2026-08-01")
    )
    one = score(enterprises(*levels), records(*rows), RULESET, TODAY)
    two = score(enterprises(*levels), records(*rows), Timeline.of([RULESET, twin]), TODAY)
    pd.testing.assert_frame_equal(one.enterprises, two.enterprises)
    pd.testing.assert_frame_equal(one.lines, two.lines)
