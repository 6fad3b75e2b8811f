"""A school's file is taken in when a key of that school has signed it as it is."""

from dataclasses import replace
from typing import Any

import pytest

from domain.identity import Actor
from domain.refusal import Refusal, WrongOrgan
from domain.school_key import KeyRevoked, KeyUnknown, RevocationReason, SchoolKey, SchoolKeys
from domain.training_import import (
    ImportTraining,
    SignatureMissing,
    SignatureWrong,
    TrainingImportReceived,
    import_training,
)
from tests.domain.refusals import assert_whole
from tests.examples import PERSONNEL, SCHOOL

KEY = SchoolKey("0f1e2d3c4b5a6978", bytes(32))
KEYS = SchoolKeys(SCHOOL.organ, {KEY.id: KEY})


def wish(**changed: Any) -> ImportTraining:
    said = {"pack": "standard", "lines": 3, "sha256": "5e" * 32, "key_id": KEY.id, "signature": "c2lnbmVk"}
    return ImportTraining(**{**said, **changed})


def refused(
    command: ImportTraining,
    kind: type[Refusal],
    *,
    keys: SchoolKeys = KEYS,
    actor: Actor = SCHOOL,
    genuine: bool = True,
) -> None:
    with pytest.raises(kind) as caught:
        import_training("i1", keys, command, actor=actor, genuine=lambda _: genuine)
    assert_whole(caught.value)


def test_a_signed_file_is_received_and_its_digest_is_not_for_everybody() -> None:
    (event,) = import_training("i1", KEYS, wish(), actor=SCHOOL, genuine=lambda key: key == KEY)
    assert isinstance(event, TrainingImportReceived)
    assert (event.organ, event.lines, event.key_id, event.sha256) == (SCHOOL.organ, 3, KEY.id, "5e" * 32)
    public = event.without_sealed()
    assert (public.sha256, public.signature) == (None, None)


def test_nobody_else_sends_one() -> None:
    refused(wish(), WrongOrgan, actor=PERSONNEL)


@pytest.mark.parametrize("unsigned", [{"key_id": None}, {"signature": None}])
def test_a_file_that_nobody_vouches_for_is_refused(unsigned: dict[str, None]) -> None:
    refused(wish(**unsigned), SignatureMissing)


def test_another_key_a_revoked_key_and_another_file_are_refused() -> None:
    refused(wish(key_id="0" * 16), KeyUnknown)
    refused(
        wish(), KeyRevoked, keys=SchoolKeys(SCHOOL.organ, {KEY.id: replace(KEY, revoked=RevocationReason.DISCLOSED)})
    )
    refused(wish(), SignatureWrong, genuine=False)
