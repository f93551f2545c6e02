"""Numbers are sealed, found by fingerprint, masked, and survive a change of keys."""

import stat
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts import checks, sealing
from accounts.models import User

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
NUMBER = "360426199101010071"


@pytest.fixture
def keys(settings: Any) -> Any:
    settings.SEALING_KEYS = [OLD]
    return settings


def test_what_was_sealed_is_opened_and_reads_like_nothing(keys: Any):
    token = sealing.seal(NUMBER)
    assert sealing.unseal(token) == NUMBER
    assert NUMBER not in token
    assert sealing.seal(NUMBER) != token


def test_a_foreign_token_is_an_error(keys: Any):
    with pytest.raises(ValueError, match="SEALING_KEYS"):
        sealing.unseal(Fernet(NEW).encrypt(b"x").decode())


def test_a_new_key_in_front_opens_the_old_and_finds_the_old(keys: Any):
    token, mark = sealing.seal(NUMBER), sealing.fingerprint(NUMBER)
    keys.SEALING_KEYS = [NEW, OLD]
    assert sealing.unseal(token) == NUMBER
    assert sealing.fingerprint(NUMBER) != mark
    assert sealing.fingerprints(NUMBER) == [sealing.fingerprint(NUMBER), mark]


def test_a_fingerprint_is_keyed_and_the_same_for_the_same_text(keys: Any):
    assert sealing.fingerprint(NUMBER) == sealing.fingerprint(NUMBER)
    assert len(sealing.fingerprint(NUMBER)) == 64
    assert sealing.fingerprint(NUMBER) != sealing.fingerprint(NUMBER[:-1] + "X")


def test_the_embedded_size_draws_one_key_and_keeps_it_to_itself(settings: Any, tmp_path: Path):
    settings.SEALING_KEYS, settings.VAR_DIR = [], tmp_path / "own"
    settings.VAR_DIR.mkdir()
    token = sealing.seal(NUMBER)
    assert sealing.unseal(token) == NUMBER
    assert [path.name for path in settings.VAR_DIR.iterdir()] == ["sealing_key"]
    assert stat.S_IMODE((settings.VAR_DIR / "sealing_key").stat().st_mode) == 0o600


def test_several_machines_must_be_given_keys(settings: Any, monkeypatch: pytest.MonkeyPatch):
    settings.SEALING_KEYS = []
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert checks.sealing_keys_given() == []
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    assert [fault.id for fault in checks.sealing_keys_given()] == ["accounts.E001"]
    settings.SEALING_KEYS = [OLD]
    assert checks.sealing_keys_given() == []


def test_keys_are_rotated_with_one_command(keys: Any, db: None, capsys: pytest.CaptureFixture[str]):
    worker = User.objects.create_user("13800000000", id_number=NUMBER)
    secret = generate_totp_secret()
    TOTP.activate(worker, secret)
    keys.SEALING_KEYS = [NEW, OLD]
    assert User.objects.with_id_number(NUMBER).get() == worker
    call_command("reseal")
    assert (
        capsys.readouterr().out
        == "resealed: 1 people, 1 second factors, 0 of credit, 0 pictures, 0 codes\n"
    )
    keys.SEALING_KEYS = [NEW]
    worker = User.objects.with_id_number(NUMBER).get()
    assert worker.id_number == NUMBER
    factor = worker.authenticator_set.get()
    assert sealing.unseal(factor.data["secret"]) == secret


def test_the_second_factor_lies_sealed(keys: Any, db: None):
    secret = generate_totp_secret()
    TOTP.activate(User.objects.create_user("13800000000"), secret)
    assert secret not in str(User.objects.get().authenticator_set.get().data)


def test_a_number_belongs_to_one_person(keys: Any, db: None):
    User.objects.create_user("13800000000", id_number=NUMBER)
    User.objects.create_user("13800000001")
    User.objects.create_user("13800000002")
    with pytest.raises(IntegrityError, match="id_number"), transaction.atomic():
        User.objects.create_user("13800000003", id_number=NUMBER)


def test_a_number_without_fingerprint_is_refused(db: None):
    with pytest.raises(IntegrityError, match="id_number_sealed_and_findable"), transaction.atomic():
        User.objects.create_user("13800000003", id_number_sealed="x")


@pytest.mark.parametrize(
    ("name", "masked"), [("张三", "张*"), ("欧阳小明", "欧***"), ("张", "张"), ("", "")]
)
def test_names_are_masked(name: str, masked: str):
    assert sealing.mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [(NUMBER, "360***********0071"), ("", ""), ("1234567", "*******"), ("12345678", "123*5678")],
)
def test_numbers_are_masked(number: str, masked: str):
    assert sealing.mask_id(number) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("+8613800001234", "138****1234"), ("13800001234", "138****1234"), ("12350", "*****")],
)
def test_phones_are_masked(phone: str, masked: str):
    assert sealing.mask_phone(phone) == masked


@given(st.text())
def test_a_mask_keeps_the_length_and_at_most_seven_characters(text: str):
    masked = sealing.mask_id(text)
    assert len(masked) == len(text)
    assert sum(a == b != "*" for a, b in zip(text, masked, strict=True)) <= 7
