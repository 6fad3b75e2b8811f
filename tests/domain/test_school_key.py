"""A school registers the public half of its keys, and a revoked one never signs again."""

from collections.abc import Callable

import pytest

from domain.refusal import Refusal, WrongOrgan
from domain.school_key import (
    KeyRevoked,
    KeyUnknown,
    NotAPublicKey,
    RegisterSchoolKey,
    RevocationReason,
    RevokeSchoolKey,
    SchoolKeyRegistered,
    SchoolKeyRevoked,
    SchoolKeys,
    fold_school_keys,
    key_id_of,
    pem_of,
    public_key_of,
    register_school_key,
    revoke_school_key,
)
from tests.domain.refusals import assert_whole
from tests.examples import PERSONNEL, SCHOOL

PUBLIC = bytes(range(32))
REGISTER = RegisterSchoolKey(public_key=pem_of(PUBLIC))
REVOKE = RevokeSchoolKey(key_id=key_id_of(PUBLIC), reason=RevocationReason.LOST)
NONE = SchoolKeys(SCHOOL.organ)


def registered() -> SchoolKeys:
    return fold_school_keys(SCHOOL.organ, register_school_key(NONE, REGISTER, actor=SCHOOL))


def revoked() -> SchoolKeys:
    events = register_school_key(NONE, REGISTER, actor=SCHOOL)
    return fold_school_keys(SCHOOL.organ, [*events, *revoke_school_key(registered(), REVOKE, actor=SCHOOL)])


def test_a_registered_key_is_in_force_under_an_id_that_anybody_can_work_out() -> None:
    (event,) = register_school_key(NONE, REGISTER, actor=SCHOOL)
    assert isinstance(event, SchoolKeyRegistered)
    assert (event.organ, event.key_id) == (SCHOOL.organ, key_id_of(PUBLIC))
    assert registered().in_force(event.key_id).public_key == PUBLIC
    assert register_school_key(registered(), REGISTER, actor=SCHOOL) == []


def refused(act: Callable[[], object], kind: type[Refusal]) -> None:
    with pytest.raises(kind) as caught:
        act()
    assert type(caught.value) is kind
    assert_whole(caught.value)


def test_a_revoked_key_signs_nothing_and_never_comes_back() -> None:
    (event,) = revoke_school_key(registered(), REVOKE, actor=SCHOOL)
    assert isinstance(event, SchoolKeyRevoked) and event.reason is RevocationReason.LOST
    refused(lambda: revoked().in_force(REVOKE.key_id), KeyRevoked)
    refused(lambda: register_school_key(revoked(), REGISTER, actor=SCHOOL), KeyRevoked)
    refused(lambda: revoke_school_key(revoked(), REVOKE, actor=SCHOOL), KeyRevoked)


def test_a_key_that_was_never_registered_is_unknown() -> None:
    refused(lambda: revoke_school_key(NONE, REVOKE, actor=SCHOOL), KeyUnknown)


def test_only_the_school_keeps_its_keys() -> None:
    refused(lambda: register_school_key(NONE, REGISTER, actor=PERSONNEL), WrongOrgan)
    refused(lambda: revoke_school_key(registered(), REVOKE, actor=PERSONNEL), WrongOrgan)


@pytest.mark.parametrize(
    "text",
    [
        "school.pub",
        pem_of(PUBLIC).replace("MC", "??"),
        pem_of(PUBLIC[:31]),
        pem_of(PUBLIC).replace("PUBLIC", "PRIVATE"),
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----",
    ],
)
def test_what_is_no_ed25519_public_key_is_refused(text: str) -> None:
    refused(lambda: public_key_of(text), NotAPublicKey)


def test_a_key_is_read_as_it_was_written() -> None:
    assert public_key_of(f"\n{pem_of(PUBLIC)}\n") == PUBLIC
