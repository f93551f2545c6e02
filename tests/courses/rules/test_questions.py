"""Unsound questions are told with every fault at once."""

import pytest

from courses.rules.questions import question_faults


@pytest.mark.parametrize(
    ("kind", "options", "right", "faults"),
    [
        ("single", ["甲", "乙", "丙"], {1}, []),
        ("multiple", ["甲", "乙", "丙"], {0, 2}, []),
        ("true_false", ["正确", "错误"], {0}, []),
        ("single", ["甲", "乙"], {0, 1}, ["单选题应正好有 1 个正确选项，现有 2 个"]),
        ("single", ["甲", "乙"], set(), ["单选题应正好有 1 个正确选项，现有 0 个"]),
        ("multiple", ["甲", "乙"], {0}, ["多选题至少要有 2 个正确选项，现有 1 个"]),
        ("true_false", ["对", "错", "不知道"], {0}, ["判断题应正好有 2 个选项，现有 3 个"]),
        ("single", ["甲"], {0}, ["选项应有 2 到 8 个，现有 1 个"]),
        (
            "single",
            ["甲", "甲 ", ""],
            {5},
            [
                "有选项是空的，请填写或删除",
                "选项“甲”出现了两次，请改成不同的",
                "正确答案的序号 5 不存在，序号从 0 开始，应小于 3",
            ],
        ),
        ("fill", [], set(), []),
        ("fill", ["甲"], set(), ["填空题没有选项，请删去选项"]),
    ],
)
def test_faults_are_named(kind, options, right, faults):
    assert question_faults(kind=kind, stem="题", options=options, right=right) == faults


def test_an_empty_stem_is_a_fault():
    faults = question_faults(kind="single", stem=" ", options=["甲", "乙"], right={0})
    assert faults == ["题干是空的，请填写"]


def test_an_unknown_kind_is_told_with_those_that_are_known():
    faults = question_faults(kind="essay", stem="题", options=[], right=())
    assert faults == [
        "题型“essay”不认识，应为 single、multiple、true_false、fill、numeric、ordering、matching、"
        "hotspot、case、short 之一"
    ]
