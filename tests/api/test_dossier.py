"""A dossier over HTTP: who is given one, what it opens for whom, that its export is a fact, and its proof."""

import hashlib
from collections.abc import AsyncIterator

import httpx2
import pytest

from domain.access import SealedPartsRead, TrainingFileRead, access_stream
from domain.audit_trail import AuditTrailExported
from domain.identity import OfficerId, Role
from domain.law import Language
from eventstore.codec import decode
from eventstore.transparency.checkpoint import Policy
from eventstore.transparency.proof_file import Proof
from pages import tagged_pdf
from pages.dossier_bundle import read_bundle
from runtime.publisher import LogPublishing
from tests.conftest import FreshDatabase, connected
from tests.desk import NOMINEE, D, Desk, P, S, V

GROUNDS = "In March 2025 a delivery was signed for that never came."
PDF = "application/pdf"


@pytest.fixture
async def case_id(desk: Desk) -> AsyncIterator[str]:
    """A case with an objection, as far as the decision."""
    case, candidates, _ = await desk.noticed(NOMINEE)
    objection = await desk.objected(case, grounds=GROUNDS)
    await desk.run_out(case, "public_notice")
    await desk.disposed(case, objection, "dismissed")
    await desk.reviewed(case)
    await desk.done(f"/cases/{case}/decision-meetings", desk.meeting(candidates), D)
    await desk.project()
    yield case


async def asked(desk: Desk, case_id: str, role: Role = V, *, accept: str = PDF, query: str = "") -> httpx2.Response:
    headers = desk.headers(role) | {"Accept": accept}
    return await desk.http.get(f"/api/v1/cases/{case_id}/dossier{query}", headers=headers)


async def read(desk: Desk, case_id: str, role: Role, language: Language = "en") -> str:
    """The text of the dossier as data."""
    answer = await asked(desk, case_id, role, query=f"?format=json&language={language}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_the_same_case_on_the_same_day_gives_the_same_bytes(desk: Desk, case_id: str) -> None:
    first, second = await asked(desk, case_id), await asked(desk, case_id)
    assert (first.status_code, first.headers["Content-Type"]) == (200, PDF), first.text[:300]
    assert first.headers["Content-Disposition"].endswith('-en.pdf"')
    assert hashlib.sha256(first.content).digest() == hashlib.sha256(second.content).digest()


async def test_accept_and_format_both_give_the_dossier_as_data(desk: Desk, case_id: str) -> None:
    by_header, by_query = (
        await asked(desk, case_id, accept="application/json"),
        await asked(desk, case_id, query="?format=json"),
    )
    assert by_header.json() == by_query.json()
    body = by_header.json()
    assert [part["number"] for part in body["parts"]] == list(range(1, 16))
    *told, statement = [sum(part["standing"].values()) for part in body["parts"]]
    assert sum(told) == statement == len(body["completeness"]), "each required fact is told in one part"
    assert (body["complete"], body["chain_whole"], body["checkpoint_size"]) == (True, True, None)
    assert body["opened_for"] == ["decision_body", "supervision"]


async def test_each_role_is_shown_what_it_may_open_and_told_of_the_rest(desk: Desk, case_id: str) -> None:
    supervision, personnel, body = [await read(desk, case_id, role) for role in (V, P, D)]
    assert GROUNDS in supervision and "Amina Okafor" in supervision
    assert GROUNDS not in body and "Amina Okafor" in body and "sealed for supervision" in body
    assert GROUNDS not in personnel and "Amina Okafor" not in personnel
    assert "sealed with the person's own key" in personnel and "sealed for deciding body" in personnel
    assert (await asked(desk, case_id, S)).status_code == 403


async def test_whoever_ran_the_case_is_shown_nothing_sealed_of_it(desk: Desk, case_id: str) -> None:
    headers = desk.headers(V, subject="example-personnel")  # the officer who opened it, in another office
    answer = await desk.http.get(f"/api/v1/cases/{case_id}/dossier?format=json", headers=headers)
    assert answer.status_code == 200 and GROUNDS not in answer.text
    assert answer.json()["opened_for"] == []


async def test_the_export_is_on_the_log_before_it_is_answered(desk: Desk, case_id: str) -> None:
    await asked(desk, case_id)
    officer = OfficerId(await desk.house.keys.subject_for("example-supervision"))
    said = [decode(row).event for row in await desk.house.store.read_stream(access_stream(officer))]
    (export,) = [event for event in said if isinstance(event, AuditTrailExported)]
    assert (export.search.case, export.format) == (case_id, "dossier-pdf")
    (opening,) = [event for event in said if isinstance(event, SealedPartsRead)]
    assert (opening.case_id, opening.audiences) == (case_id, ("decision_body", "supervision"))


async def test_a_published_dossier_carries_a_proof_that_a_stranger_checks(desk: Desk, case_id: str) -> None:
    before = read_bundle((await asked(desk, case_id)).content)
    assert (before.proof, before.checkpoint) == (None, None)
    publishing = LogPublishing(desk.house, None, desk.clock)
    await publishing.once()
    await publishing.once()
    policy = Policy.parse((await desk.http.get("/log/keys")).text)
    carried = read_bundle((await asked(desk, case_id)).content)
    assert [entry.leaf for entry in carried.entries] == [entry.leaf for entry in before.entries]
    assert carried.proof is not None
    checkpoint, _ = Proof.parse(carried.proof).verify(carried.entries[-1].leaf, policy)
    assert checkpoint.size > carried.entries[-1].position
    assert bytes(Proof.parse(carried.proof).checkpoint) == carried.checkpoint


async def test_a_person_who_was_forgotten_is_a_tombstone_in_it(
    desk: Desk, case_id: str, database: FreshDatabase
) -> None:
    person = await desk.house.keys.subject_for(str(NOMINEE["person"]))
    async with connected(database.superuser_url) as owner:
        await owner.execute("DELETE FROM log.sealed WHERE owner = $1", f"person/{person}")
    text = await read(desk, case_id, V)
    assert "Amina Okafor" not in text and "forgotten: nothing of it can be read any more" in text


async def test_what_the_register_and_earlier_cases_say_stands_in_it(desk: Desk, case_id: str) -> None:
    later = await desk.opened(post_id="registry/second-clerk")
    await desk.project()
    parts = {part["id"]: part for part in (await asked(desk, later, query="?format=json")).json()["parts"]}
    assert case_id in str(parts["before"])
    own = {part["id"]: part for part in (await asked(desk, case_id, query="?format=json")).json()["parts"]}
    assert later not in str(own["before"])


async def test_hours_by_year_are_for_whoever_may_open_them_and_the_reading_is_recorded(
    desk: Desk, case_id: str
) -> None:
    supervision, personnel = await read(desk, case_id, V), await read(desk, case_id, P)
    assert "2026: 600" in supervision and "2026: 600" not in personnel
    officer = OfficerId(await desk.house.keys.subject_for("example-supervision"))
    said = [decode(row).event for row in await desk.house.store.read_stream(access_stream(officer))]
    (reading,) = [event for event in said if isinstance(event, TrainingFileRead)]
    assert reading.person_id == await desk.house.keys.subject_for(str(NOMINEE["person"]))


async def test_a_font_that_is_missing_is_named_in_a_problem(
    desk: Desk, case_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tagged_pdf, "FONTS", ("Libertinus Serif",))
    assert (await asked(desk, case_id)).status_code == 200
    answer = await asked(desk, case_id, query="?language=zh")
    assert answer.status_code == 500 and answer.json()["type"] == "/problems/font_missing"
    assert "fonts-noto-cjk" in answer.json()["detail"]


async def test_a_case_that_is_not_there_is_not_found(desk: Desk) -> None:
    assert (await asked(desk, "0123456789ab")).status_code == 404
