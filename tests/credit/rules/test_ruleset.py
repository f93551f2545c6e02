"""Rule-sets load whole or say what is wrong."""

from datetime import date

import pytest

from credit.rules.ruleset import FOLDER, RulesetError, load_ruleset, parse_ruleset

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
        ('version = "1"\n', "", "version is missing"),
        ("lowest = 0", "lowest = ", "not TOML"),
        ("level = 1\n", "", "[[base]] 1: missing level"),
        ("level = 1\n", "level = 1\ncolour = 1\n", "[[base]] 1: unknown colour"),
        ("level = 1\n", "level = true\n", "[[base]] 1: True is not"),
        ("points = 90\n", 'points = "90"\n', "[[base]] 1: '90' is not"),
        ("months = [6, 12, 24]", "months = 6", "[[decay]] 1: 6 is not"),
        ("level = 2\n", "level = 1\n", "1 comes twice"),
        ("months = [6, 12, 24]", "months = [12, 6, 24]", "decay standard: months must rise"),
        ('decay = "standard"', 'decay = "odd"', "decay of accident.general: 'odd' is not defined"),
        ('kinds = ["accident.general"]', 'kinds = ["x"]', "'x' is not defined"),
        ("lowest = 70", "lowest = 90", "bounds must fall from A to D"),
        ('circumstance = "normal"', 'circumstance = "odd"', "weights must be at least 0"),
        ('grade = "larger"', 'grade = "small"', "accident classes must be larger, major, extra"),
        ("deaths = 10\n", "deaths = 3\n", "the bounds of accident classes must rise"),
        ("day = 2026-04-01", 'day = "2026-04-01"', "[[switch]] 1: '2026-04-01' is not"),
    ],
)
def test_a_broken_ruleset_says_where(old, new, message):
    assert old in TEXT
    with pytest.raises(RulesetError) as error:
        parse_ruleset(TEXT.replace(old, new, 1), source="broken.toml")
    assert str(error.value).startswith("broken.toml: ")
    assert message in str(error.value)


def test_an_unknown_ruleset_is_refused():
    with pytest.raises(RulesetError, match="no rule-set 'none'"):
        load_ruleset("none")
