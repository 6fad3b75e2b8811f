"""The solution of a form's challenge is good for that form and for no other."""

import base64
import json

import pytest
from altcha.v1 import Payload, solve_challenge

from api.form_key import FormKey, new_form_key, purpose_of
from api.proof_of_work import LARGEST_NUMBER, WorkNotDone, work_done, work_for
from eventstore.keys import MemoryKeyStore
from tests.domain.refusals import assert_whole
from tests.examples import at

KEYS, NOW = MemoryKeyStore(), at("2026-10-06")


def form(notice: str = "k3v0d8s1m2qa") -> FormKey:
    return new_form_key(purpose_of("objection", notice), NOW)


def solution(of: FormKey) -> str:
    """What altcha's own solver sends back."""
    work = work_for(of, KEYS)
    found = solve_challenge(
        challenge=work.challenge, salt=work.salt, algorithm=work.algorithm, max_number=work.maxNumber, start=0
    )
    assert found is not None
    return Payload(work.algorithm, work.challenge, found.number, work.salt, work.signature).to_base64()


def test_the_solution_of_altchas_own_solver_is_taken() -> None:
    asked = form()
    assert work_done(solution(asked), asked, KEYS)
    assert work_for(asked, KEYS) == work_for(asked, KEYS) and work_for(asked, KEYS).maxNumber == LARGEST_NUMBER


def test_nothing_sent_means_that_no_work_was_done() -> None:
    assert not work_done("", form(), KEYS)


def test_a_solution_of_another_form_is_refused() -> None:
    asked = form()
    for other in (form(), form("another00000")):
        with pytest.raises(WorkNotDone) as refused:
            work_done(solution(other), asked, KEYS)
        assert_whole(refused.value)


def test_a_solution_is_signed_by_this_installation() -> None:
    asked = form()
    with pytest.raises(WorkNotDone):
        work_done(solution(asked), asked, MemoryKeyStore())


@pytest.mark.parametrize("change", [{"number": 1}, {"salt": "x"}, {"signature": "00"}, {"algorithm": "SHA-1"}])
def test_a_forged_solution_is_refused(change: dict[str, object]) -> None:
    asked = form()
    said = json.loads(base64.b64decode(solution(asked))) | change
    with pytest.raises(WorkNotDone):
        work_done(base64.b64encode(json.dumps(said).encode()).decode(), asked, KEYS)


@pytest.mark.parametrize(
    "sent", ["x", "e30=", "W10=", "bnVsbA==", "A" * 10_000, "é", base64.b64encode(b"\xff").decode()]
)
def test_what_is_no_solution_is_refused(sent: str) -> None:
    with pytest.raises(WorkNotDone):
        work_done(sent, form(), KEYS)
