"""A form's key is good for one purpose, for a day, and gives one code."""

from datetime import timedelta

import pytest

from api.form_key import FormNotOurs, FormTooOld, new_form_key, purpose_of, read_form_key
from domain.receipt_code import read_receipt_code
from eventstore.keys import MemoryKeyStore
from tests.domain.refusals import assert_whole
from tests.examples import at

KEYS, NOW = MemoryKeyStore(), at("2026-10-06")
OBJECTION = purpose_of("objection", "k3v0d8s1m2qa")


def test_a_form_that_comes_back_is_the_one_that_went_out() -> None:
    form = new_form_key(OBJECTION, NOW)
    back = read_form_key(form.written(KEYS), OBJECTION, NOW + timedelta(hours=24), KEYS)
    assert back == form
    assert back.command_id(KEYS) == form.command_id(KEYS)
    assert back.receipt_code(KEYS) == form.receipt_code(KEYS) == read_receipt_code(form.receipt_code(KEYS))


def test_no_two_forms_have_a_code_or_a_command_id_in_common() -> None:
    forms = [new_form_key(OBJECTION, NOW) for _ in range(100)]
    assert len({form.receipt_code(KEYS) for form in forms}) == len({form.command_id(KEYS) for form in forms}) == 100


def test_the_code_cannot_be_worked_out_from_the_form_without_the_master_key() -> None:
    form = new_form_key(OBJECTION, NOW)
    assert form.receipt_code(KEYS) != form.receipt_code(MemoryKeyStore())


def test_a_form_is_for_one_notice_and_one_purpose() -> None:
    written = new_form_key(OBJECTION, NOW).written(KEYS)
    for purpose in (purpose_of("objection", "another00000"), purpose_of("comment", "k3v0d8s1m2qa")):
        with pytest.raises(FormNotOurs) as refused:
            read_form_key(written, purpose, NOW, KEYS)
        assert_whole(refused.value)


def test_a_form_is_signed() -> None:
    number, asked_at, signature = new_form_key(OBJECTION, NOW).written(KEYS).split(".")
    later = f"{number}.{int(asked_at) + 1}.{signature}"
    for forged in (later, f"{'A' * 22}.{asked_at}.{signature}", f"{number}.{asked_at}.{'A' * 43}", "", "1.2.3", "é"):
        with pytest.raises(FormNotOurs):
            read_form_key(forged, OBJECTION, NOW, KEYS)


def test_a_form_lasts_a_day() -> None:
    written = new_form_key(OBJECTION, NOW).written(KEYS)
    with pytest.raises(FormTooOld) as refused:
        read_form_key(written, OBJECTION, NOW + timedelta(hours=24, seconds=1), KEYS)
    assert_whole(refused.value)
