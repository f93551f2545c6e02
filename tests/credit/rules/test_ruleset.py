"""Rule-sets load whole or say what is wrong."""

from datetime import date

import pytest

from credit.rules.ruleset import (
    FOLDER,
    Problem,
    RulesetError,
    load_ruleset,
    parse_ruleset,
    problems_of,
)

TEXT = (FOLDER / "anxin-2026.toml").read_text(encoding="utf-8")


def test_the_first_ruleset_loads_with_its_version():
    ruleset = load_ruleset()
    assert (ruleset.label, ruleset.effective_from) == ("anxin-2026@1", date(2026, 1, 1))
    assert {level: base.points for level, base in ruleset.bases.items()} == {
        1: 90,
        2: 80,
        3: 70,
        0: 60,
    }
    assert ruleset.months("black.term") == 36


def test_the_bounds_of_accidents_and_the_switch_of_regimes_are_data():
    ruleset = load_ruleset()
    assert [
        (b.grade, b.deaths, b.serious_injuries, b.direct_loss) for b in ruleset.accident_bounds
    ] == [
        ("larger", 3, 10, 10_000_000),
        ("major", 10, 50, 50_000_000),
        ("extraordinary", 30, 100, 100_000_000),
    ]
    assert ruleset.switches["repair.new"].day == date(2026, 4, 1)


def test_every_entry_names_a_source_and_unchecked_ones_are_found():
    unconfirmed = {entry.name for entry in load_ruleset().unconfirmed()}
    assert "黑名单管理期限" in unconfirmed
    assert "红名单有效期" not in unconfirmed
    assert TEXT.count("article = ") == TEXT.count("confirmed = ") - 1  # one in the heading comment


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('version = "1"\n', "", "开头 version：缺少这一项，请写上文字（加引号）"),
        ('version = "1"\n', 'version = "1"\nmood = 1\n', "mood：不认识这一项"),
        ("lowest = 0", "lowest = ", "第9行第10列：写法不是 TOML"),
        ("lowest = 0", "lowest = nan", "开头 lowest：应为普通的数字，现在是 nan"),
        ("level = 1\n", "", "[[base]] 第1条“标准化一级” level：缺少这一项"),
        ("level = 1\n", "level = 1\ncolour = 1\n", "第1条“标准化一级” colour：不认识这一项"),
        ("level = 1\n", "level = true\n", "level：应为整数，现在是 'True'"),
        ("points = 90\n", 'points = "90"\n', "points：应为数字，现在是 '90'"),
        ("points = 90\n", "points = 90.001\n", "points：应在 -1000 到 1000 之间，最多两位小数"),
        ("points = 90\n", "points = 9000000000000\n", "points：数字太大，请核对"),
        ("months = [6, 12, 24]", "months = 6", "months：应为方括号里的几项，现在是 6"),
        ("level = 2\n", "level = 1\n", "第2条“标准化二级” level：1 重复"),
        ("months = [6, 12, 24]", "months = [12, 6, 24]", "months 要从小到大"),
        ("months = [6, 12, 24]", "months = [6, 12, 99999]", "months 要从小到大"),
        (
            'decay = "standard"',
            'decay = "odd"',
            "“一般事故” decay：'odd' 没有定义，可用：long、open、standard",
        ),
        ('kinds = ["accident.general"]', 'kinds = ["x"]', "kinds：'x' 没有定义"),
        ('kinds = ["accident.general"]', "kinds = []", "kinds：'' 没有定义"),
        ("at_least = 1", "at_least = 0", "at_least、months：至少 1 次"),
        ("lowest = 70", "lowest = 90", "应从 A 到 D 依次降低"),
        ('circumstance = "normal"', 'circumstance = "odd"', "必须有一般情形（normal）"),
        ('grade = "larger"', 'grade = "small"', "应依次写 larger、major、extraordinary"),
        ("deaths = 10\n", "deaths = 3\n", "死亡、重伤、损失的起点应逐级升高"),
        ("day = 2026-04-01", 'day = "2026-04-01"', "day：应为日期，如 2027-01-01"),
        ("day = 2026-04-01", "day = 2026-04-01T00:00:00", "day：应为日期，如 2027-01-01"),
        ('name = "标准化一级"', 'name = "标准化\\u0000"', "name：含有不能显示的字符"),
        ('name = "标准化一级"', 'name = ""', "name：应为 1 到 60 个字，现在有 0 个"),
        ('list = "black"', 'list = "grey"', "list：'grey' 没有定义，可用：black、red"),
        ("amount = 36\n", "amount = 999999\n", "amount：应在 0 到 1200 之间"),
    ],
)
def test_a_broken_ruleset_says_where_and_what_to_do(old, new, message):
    assert old in TEXT
    with pytest.raises(RulesetError) as error:
        parse_ruleset(TEXT.replace(old, new, 1), source="broken.toml")
    assert str(error.value).startswith("broken.toml: ")
    assert message in str(error.value)


def test_every_problem_is_named_at_once():
    text = TEXT.replace("points = 90\n", "").replace('decay = "standard"', 'decay = "odd"', 1)
    text = text.replace('code = "anxin-2026"', "code = 5")
    assert problems_of(text) == [
        Problem("开头", "code", "应为文字（加引号），现在是 '5'"),
        Problem("[[base]] 第1条“标准化一级”", "points", "缺少这一项，请写上数字"),
        Problem("[[deduction]] “一般事故”", "decay", "'odd' 没有定义，可用：long、open、standard"),
    ]


def test_a_draft_must_know_what_the_program_reads_and_nothing_that_it_cannot_judge():
    assert problems_of(TEXT) == []
    text = TEXT.replace('code = "black.term"', 'code = "black.time"')
    text = text.replace('code = "unlicensed"', 'code = "unfriendly"')
    text = text.replace(
        'amount = 36\nunit = "months"\nname = "红', 'amount = 36\nunit = "days"\nname = "红'
    )
    assert [str(problem) for problem in problems_of(text)] == [
        "[[term]] code：缺少 'black.term'（黑名单管理期限），系统要用，请从现行规则集复制",
        "[[term]] “红名单有效期” unit：系统按 months 计算，请写 'months'",
        "[[ground]] “未取得许可或许可被暂扣、吊销期间从事生产经营” code："
        "系统不会判断 'unfriendly'，列入情形只能从现有的里面选",
    ]


@pytest.mark.parametrize("text", ["base = 3", "[[base]]\n", "base = [1]", "a=" + "[" * 4000, "\0"])
def test_no_text_whatever_breaks_the_checks(text):
    assert problems_of(text)


def test_an_older_text_takes_what_it_lacks_from_the_program():
    older = TEXT.replace('code = "black.within"', 'code = "black.since"')
    older = older[: older.index("[[switch]]")]
    with pytest.raises(RulesetError, match=r"\[\[switch\]\]：缺少这一类条目"):
        parse_ruleset(older)
    filled = parse_ruleset(older, since=TEXT)
    assert filled.terms["black.within"] == load_ruleset().terms["black.within"]
    assert filled.switches == load_ruleset().switches


def test_an_unknown_ruleset_is_refused():
    with pytest.raises(RulesetError, match="no rule-set 'none'"):
        load_ruleset("none")


def test_penalties_law_64_no_ruleset_gives_the_party_fewer_than_five_working_days():
    text = TEXT.replace('code = "case.hearing"\namount = 5', 'code = "case.hearing"\namount = 4')
    assert [str(problem) for problem in problems_of(text)] == [
        "[[term]] “陈述申辩和听证申请期限” amount：不得少于 5（行政处罚法第六十四条）"
    ]
