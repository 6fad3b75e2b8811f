"""Staff work through what the public sent in: each reads what is for them, and every reading is on the log."""

from typing import Any, cast

import pytest

from api.entry_sealed import FIRST_LOOK, OF_THE_DEPARTMENT, THE_NAME_ALONE, WHOLE, Sight, sight_of
from domain.access import SealedPartsRead, access_stream
from domain.identity import OfficerId, Role
from domain.taking_part_rule import EntryKind
from eventstore.codec import decode
from tests.desk import NOMINEE, A, D, Desk, P, S, V
from tests.sent_in import COMMENT, GROUNDS, comments, objects, writes

X = Role.MODERATOR
NAME = str(cast(dict[str, str], NOMINEE["particulars"])["full_name"])


async def entry(desk: Desk, case_id: str, entry_id: str, role: Role) -> dict[str, Any]:
    answer = await desk.get(f"/api/v1/cases/{case_id}/entries/{entry_id}", role)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def listed(desk: Desk, role: Role, path: str = "entries") -> list[dict[str, Any]]:
    await desk.project()
    found: list[dict[str, Any]] = (await desk.get(f"/api/v1/{path}", role)).json()["entries"]
    return found


async def readings(desk: Desk, role: str) -> list[SealedPartsRead]:
    officer = OfficerId(await desk.house.keys.subject_for(f"example-{role}"))
    stored = await desk.house.store.read_stream(access_stream(officer))
    return [found for row in stored if isinstance(found := decode(row).event, SealedPartsRead)]


async def test_supervision_reads_an_objection_whole_writes_about_it_and_disposes_of_it(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    objection = await objects(desk, case_id, objector="Mr Grey, Lane 5", identity="named", about="procedure")
    (waiting,) = await listed(desk, V)
    assert (waiting["status"], waiting["due_on"], waiting["attachments"]) == ("received", "2026-03-09", 1)
    await desk.done(f"/cases/{case_id}/objection-acknowledgements", {"objection_id": objection}, V)
    asked = await desk.post(f"/cases/{case_id}/entries/{objection}/questions", {"text": "When was it?"}, V)
    assert asked.status_code == 201 and asked.json()["entry_id"] == objection and "When" not in asked.text
    (waiting,) = await listed(desk, V)
    assert (waiting["status"], waiting["due_on"]) == ("question_asked", "2026-06-02")
    await writes(desk, case_id, objection)
    await desk.done(f"/cases/{case_id}/entries/{objection}/messages", {"text": "Thank you."}, V)
    read = await entry(desk, case_id, objection, V)
    assert (read["sealed"]["grounds"], read["sealed"]["objector"]) == (GROUNDS, "Mr Grey, Lane 5")
    assert [(line["by_the_public"], line["is_question"]) for line in read["conversation"]] == [
        (False, True),
        (True, False),
        (False, False),
    ]
    await desk.disposed(case_id, objection, "dismissed")
    assert await listed(desk, V) == []
    (noted,) = await readings(desk, "supervision")
    assert noted.case_id == case_id and "supervision" in noted.audiences


async def test_a_file_is_saved_and_never_shown(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    objection = await objects(desk, case_id)
    (file,) = (await entry(desk, case_id, objection, V))["attachments"]
    assert "content" not in file
    path = f"/api/v1/cases/{case_id}/entries/{objection}/attachments"
    answer = await desk.get(f"{path}/{file['attachment_id']}", V)
    assert answer.content == b"hello" and answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''note.png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert (await desk.get(f"{path}/0123456789ab", V)).status_code == 404
    assert len(await readings(desk, "supervision")) == 3
    assert (await desk.get(f"{path}/{file['attachment_id']}", P)).status_code == 404


async def test_personnel_learn_the_name_of_a_named_objector_and_nothing_else(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    named = await objects(desk, case_id, objector="Mr Grey", identity="named", about="candidate")
    assert await entry(desk, case_id, named, P) == {
        "entry_id": named,
        "kind": "objection",
        "case_id": case_id,
        "sealed": {"named_objector": "Mr Grey"},
        "conversation": [],
        "attachments": [],
    }
    for said in ({"identity": "named", "about": "personnel_department"}, {"identity": "confidential"}):
        other = await objects(desk, case_id, objector="Mr Grey", **said)
        assert (await entry(desk, case_id, other, P))["sealed"] == {}


async def test_a_moderator_looks_at_what_awaits_without_a_name_and_at_nothing_else(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    waiting = await objects(desk, case_id, awaits_admission=True, objector="Mr Grey")
    came_with_proof = await objects(desk, case_id)
    (queued,) = await listed(desk, X, "unmoderated-entries")
    assert (queued["entry_id"], queued["status"], queued["due_on"]) == (waiting, "awaiting_admission", "2026-03-03")
    read = await entry(desk, case_id, waiting, X)
    assert read["sealed"] == {"grounds": GROUNDS} and len(read["attachments"]) == 1
    assert (await desk.get(f"/api/v1/cases/{case_id}/entries/{came_with_proof}", X)).status_code == 404
    assert (await desk.get(f"/api/v1/cases/{case_id}", X)).status_code == 403
    rejection = {"objection_id": waiting, "reason": "no_content"}
    await desk.done(f"/cases/{case_id}/objection-rejections", rejection, X)
    assert await listed(desk, X, "unmoderated-entries") == []
    assert (await desk.get(f"/api/v1/cases/{case_id}/entries/{waiting}", X)).status_code == 404


async def test_a_comment_is_admitted_in_other_words_and_answered_in_public(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    comment = await comments(desk, case_id, sender="Mr Grey", identity="named")
    path = f"/cases/{case_id}/entries/{comment}"
    assert (await desk.get(f"/api/v1{path}", P)).status_code == 404, "a moderator looks before anybody else"
    assert await listed(desk, P) == []
    naming = await desk.post(f"{path}/admissions", {"public_text": f"{NAME} did not do it."}, X)
    assert naming.status_code == 422 and NAME not in naming.text
    await desk.done(f"{path}/admissions", {"public_text": "These are another bureau's results."}, X)
    (waiting,) = await listed(desk, P)
    assert (waiting["status"], waiting["due_on"]) == ("admitted", "2026-04-01")
    read = await entry(desk, case_id, comment, P)
    assert read["sealed"] == {"text": COMMENT, "named_sender": "Mr Grey"}
    await desk.done(f"{path}/questions", {"text": "Of which bureau?"}, P)
    answer = {"outcome": "corrected", "public_answer": "They were put right."}
    await desk.done(f"{path}/answers", answer, P)
    assert await listed(desk, P) == []


async def test_a_report_of_an_error_is_turned_away_for_a_reason_of_the_list(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    report = await comments(desk, case_id, EntryKind.ERROR_REPORT, awaits_admission=True)
    reasons = (await desk.http.get("/api/v1/moderation-reasons")).json()
    code = next(found["reason"] for found in reasons["reasons"] if not found["for_objections"])
    rejection = {"reason": code, "reasons_version": reasons["reasons_version"]}
    await desk.done(f"/cases/{case_id}/entries/{report}/rejections", rejection, X)
    assert (await listed(desk, A)) == []


async def test_words_for_everybody_name_no_candidate(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    objection = await objects(desk, case_id)
    wish = {"objection_id": objection, "outcome": "dismissed", "reasons": "The delivery note was found."}
    path = f"/cases/{case_id}/objection-disposals"
    naming = await desk.post(path, wish | {"public_answer": f"{NAME.lower()} had the note."}, V)
    assert naming.status_code == 422 and naming.json()["rule"]["path"] == "house.a_public_answer_names_nobody"
    await desk.done(path, wish | {"public_answer": "The note was found."}, V)


async def test_whoever_ran_the_case_reads_no_objection_in_another_office(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    objection = await objects(desk, case_id)
    headers = desk.headers(V, subject="example-personnel")
    answer = await desk.http.get(f"/api/v1/cases/{case_id}/entries/{objection}", headers=headers)
    assert answer.status_code == 403 and GROUNDS not in answer.text


async def test_an_entry_is_found_in_its_own_case_alone(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    comment = await comments(desk, case_id)
    other = await desk.opened(post_id="another")
    for path in (f"{other}/entries/{comment}", f"{case_id}/entries/0123456789ab", f"0123456789ab/entries/{comment}"):
        assert (await desk.get(f"/api/v1/cases/{path}", A)).status_code == 404
    answer = await desk.post(f"/cases/{other}/entries/{comment}/admissions", {}, X)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("roles", "objection", "awaits", "sight"),
    [
        ((V,), True, True, WHOLE),
        ((V,), False, True, None),
        ((V,), False, False, WHOLE),
        ((A,), False, True, WHOLE),
        ((P,), True, False, THE_NAME_ALONE),
        ((P,), False, False, OF_THE_DEPARTMENT),
        ((P,), False, True, None),
        ((X,), True, True, FIRST_LOOK[True]),
        ((X,), False, True, FIRST_LOOK[False]),
        ((X,), True, False, None),
        ((P, V), True, False, THE_NAME_ALONE),
        ((P, A), True, True, THE_NAME_ALONE),
        ((D, V), True, False, None),
        ((S, A), True, False, None),
        ((P, X), True, True, THE_NAME_ALONE),
        ((D, X), True, True, None),
    ],
)
def test_more_roles_never_read_more_of_an_objection(
    roles: tuple[Role, ...], objection: bool, awaits: bool, sight: Sight | None
) -> None:
    assert sight_of(roles, objection=objection, awaits=awaits) == sight
