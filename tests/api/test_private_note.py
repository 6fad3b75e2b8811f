"""Spaces: a department's notes reach its own officers, and through no route anybody else."""

from typing import Any

import pytest

from domain.identity import Role
from domain.private_note import NoteKind, NoteSubject, PrivateNotesRead
from eventstore.codec import decode
from eventstore.private_note_recording import private_note_stream
from tests.api.test_routes_and_roles import ASKED, QUESTIONS, address, routes
from tests.desk import A, D, Desk, P, V

SECRET = "Zwischenbericht-7391"
NOTES = "/api/v1/private-notes"
STREAMING = {"/api/v1/notices/events"}
DESCRIBED = {"/api/v1/openapi.json", "/api/docs"}
"""Where the kind of the stream is named because the API is described there."""


def note(case_id: str) -> dict[str, Any]:
    return {"about": {"kind": "case", "id": case_id}, "text": f"{SECRET}: ask for the register before the meeting."}


async def read(desk: Desk, case_id: str, role: Role) -> list[dict[str, Any]]:
    answer = await desk.get(f"{NOTES}?kind=case&about={case_id}", role)
    assert answer.status_code == 200, answer.text
    notes: list[dict[str, Any]] = answer.json()["notes"]
    return notes


async def test_a_department_reads_its_own_notes_and_no_other_does(desk: Desk) -> None:
    case_id = await desk.opened()
    for role in (P, V, D):
        await desk.done("/private-notes", note(case_id) | {"text": f"{SECRET} of {role}"}, role)
    for role in (P, V, D):
        (found,) = await read(desk, case_id, role)
        assert found["text"] == f"{SECRET} of {role}" and found["officer"]
    assert (await desk.get(f"{NOTES}?kind=case&about={case_id}", A)).status_code == 403


async def test_another_officer_of_the_department_reads_it_and_that_they_did_is_sealed_with_it(desk: Desk) -> None:
    case_id = await desk.opened()
    await desk.done("/private-notes", note(case_id), P)
    headers = desk.headers(P, subject="a-colleague")
    assert SECRET in (await desk.http.get(f"{NOTES}?kind=case&about={case_id}", headers=headers)).text
    stream = private_note_stream(desk.house.keys, P, NoteSubject(kind=NoteKind.CASE, id=case_id))
    written, reading = await desk.house.store.read_stream(stream)
    assert isinstance(decode(reading).event, PrivateNotesRead)
    for row in (written, reading):
        entry = row.entry.decode()
        assert not [said for said in (SECRET, case_id, "personnel", "officer-") if said in entry], entry


@pytest.mark.parametrize("roles", [(P, V), (P, D), (V, D), (P, A)], ids=str)
async def test_a_token_of_two_departments_enters_no_space(desk: Desk, roles: tuple[Role, ...]) -> None:
    case_id = await desk.opened()
    headers = desk.headers(*roles)
    assert (await desk.http.get(f"{NOTES}?kind=case&about={case_id}", headers=headers)).status_code == 403
    assert (await desk.http.post(NOTES, json=note(case_id), headers=headers)).status_code == 403


async def test_nobody_reads_what_was_noted_of_the_case_in_which_they_stand(desk: Desk) -> None:
    case_id, _ = await desk.nominated()
    await desk.done("/private-notes", note(case_id), P)
    headers = desk.headers(P, subject="staff-4711")
    answer = await desk.http.get(f"{NOTES}?kind=case&about={case_id}", headers=headers)
    assert answer.status_code == 403 and SECRET not in answer.text


async def test_a_note_about_nothing_is_refused_and_a_dry_run_leaves_none(desk: Desk) -> None:
    case_id = await desk.opened()
    assert (await desk.post("/private-notes", note("0123456789ab"), P)).status_code == 422
    size = await desk.log_size()
    assert (await desk.post("/private-notes", note(case_id), P, query="?dry_run=true")).status_code == 200
    assert await read(desk, case_id, P) == [] and await desk.log_size() == size


async def test_no_route_shows_another_department_the_note_or_that_there_is_one(desk: Desk) -> None:
    case_id, _, notice_id = await desk.noticed()
    await desk.done("/private-notes", note(case_id), P)
    assert await read(desk, case_id, P)
    stream = private_note_stream(desk.house.keys, P, NoteSubject(kind=NoteKind.CASE, id=case_id))
    await desk.project()
    walked = 0
    for method, path, _ in routes(desk.app):
        if path in STREAMING or not (method == "GET" or path in QUESTIONS):
            continue
        place = address(path).replace("0123456789ab", notice_id if "notice" in path else case_id)
        asked = {**ASKED.get(path, {}), **({"about": case_id} if path == NOTES else {})} or None
        for role in (V, A):
            body = QUESTIONS.get(path) if method == "POST" else None
            answer = await desk.http.request(method, place, params=asked, json=body, headers=desk.headers(role))
            said = answer.content.decode("utf-8", "replace")
            assert SECRET not in said, (path, role)
            if path.startswith("/api/v1/") and path not in DESCRIBED and role is not A:
                assert stream not in said and "private_note/" not in said, (path, role)
            walked += answer.status_code == 200
    assert walked > 90


async def test_the_trail_and_its_copies_count_no_note_and_an_auditor_sees_a_closed_entry(desk: Desk) -> None:
    case_id = await desk.opened()
    written = (await desk.done("/private-notes", note(case_id), P))["position"]
    await desk.project()
    for role in (P, V, D):
        for query in (
            "kind=private_note",
            "type=private_note_written",
            f"from_position={written}&to_position={written}",
        ):
            found = (await desk.get(f"/api/v1/audit-events?{query}", role)).json()
            assert found["events"] == [] and "private_note" in found["closed"]
        copy = await desk.get(f"/api/v1/audit-exports/csv?from_position={written}&to_position={written}", role)
        assert copy.headers["Investiture-Rows"] == "0"
    (entry,) = (await desk.get("/api/v1/audit-events?kind=private_note")).json()["events"]
    assert (entry["what"], entry["case_id"], entry["who"]["officer"]) == ({}, None, "space")
