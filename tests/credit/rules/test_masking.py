"""No identity or telephone number of a person is printed in public; other numbers stay readable."""

import pytest

from credit.rules.masking import mask_name, mask_numbers


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王某11010519491231002X伪造", "王某110105************伪造"),
        ("身份证110105194912310021", "身份证110105************"),
        ("旧证110105491231002。", "旧证110105*********。"),
        ("电话13800001234", "电话138****1234"),
        ("电话138 0000 1234，139-0000-1234", "电话138****1234，139****1234"),
        (
            "罚款20000元，文号云应急罚〔2026〕12345678901号",
            "罚款20000元，文号云应急罚〔2026〕12345678901号",
        ),
        ("代码91110000600037341L", "代码91110000600037341L"),
        ("代码913203820000000000", "代码913203820000000000"),
        ("320321000000117", "320321000000117"),
        ("", ""),
    ],
)
def test_numbers_of_persons_are_masked(text: str, shown: str):
    assert mask_numbers(text) == shown


@pytest.mark.parametrize(("name", "shown"), [("王小明", "王**"), ("王", "王"), ("", "")])
def test_a_name_keeps_its_first_character(name: str, shown: str):
    assert mask_name(name) == shown
