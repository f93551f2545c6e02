"""Which addresses may be called, how a call is signed, when it is tried again."""

from datetime import timedelta

import pytest

from credit.rules.pushes import fault_in_address, is_public, signature, wait_after


@pytest.mark.parametrize(
    "address",
    ["https://a.example.cn/x?y=1", "https://8.8.8.8:8443/", "https://[2001:4860:4860::8888]/"],
)
def test_a_public_https_address_may_be_called(address: str) -> None:
    assert fault_in_address(address) == ""


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://a.example.cn/", "https"),
        ("ftp://a.example.cn/", "https"),
        ("https://127.0.0.1/", "内部"),
        ("https://10.0.0.8/", "内部"),
        ("https://[::1]/", "内部"),
        ("https://[::ffff:10.0.0.1]/", "内部"),
        ("https://169.254.169.254/latest", "内部"),
        ("https://localhost/", "内部"),
        ("https://db.internal/", "内部"),
        ("https://user:pass@a.example.cn/", "用户名"),
        ("https://a.example.cn/#x", "#"),
        ("https://征信.cn/", "汉字"),
        ("https://a.example.cn/ x", "空格"),
        ("https://a.example.cn:99999/", "写法不对"),
        ("https://[::1/", "写法不对"),
        ("https:///x", "写法不对"),
        ("", "写法不对"),
    ],
)
def test_other_addresses_are_refused_in_words(address: str, said: str) -> None:
    assert said in fault_in_address(address)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True), ("0.0.0.0", False),  # noqa: S104
        ("100.64.0.1", False), ("192.168.1.1", False), ("224.0.0.1", False), ("fe80::1%eth0", False),
        ("::ffff:127.0.0.1", False), ("64:ff9b::a00:1", False), ("2002:7f00:1::", False),
        ("fd00::1", False), ("nonsense", False),
    ],
)  # fmt: skip
def test_only_the_open_internet_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_the_signature_covers_time_and_body() -> None:
    assert signature("secret", 1_700_000_000, b"{}") == (
        "v1=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163"
    )


def test_an_add_is_given_up_a_removal_never() -> None:
    assert [wait_after(attempts, "ADD") for attempts in (1, 2, 10, 11)] == [
        timedelta(minutes=1), timedelta(minutes=5), timedelta(days=1), None,
    ]  # fmt: skip
    assert wait_after(1000, "DEL") == timedelta(days=1)
