"""Taking part by a program: the same as on the pages, without a token."""

from base64 import b64encode
from typing import Any

import httpx2
from altcha.v1 import Payload, solve_challenge

from tests.api.hostile_files import photograph
from tests.desk import Desk

GROUNDS = "On 3 February 2026 the vote was taken before the papers were there."


async def asked(desk: Desk, notice: str, kind: str = "objection", work: bool = True) -> dict[str, str]:
    """A form's key, with its work done."""
    answer = await desk.http.get("/api/v1/challenges", params={"kind": kind, "notice_id": notice})
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    given = answer.json()
    if not work:
        return {"form": given["form"]}
    it = given["work"]
    found = solve_challenge(
        challenge=it["challenge"], salt=it["salt"], algorithm="SHA-256", max_number=it["maxNumber"], start=0
    )
    assert found is not None
    done = Payload("SHA-256", it["challenge"], found.number, it["salt"], it["signature"]).to_base64()
    return {"form": given["form"], "work": done}


async def post(desk: Desk, path: str, body: Any, **headers: str) -> httpx2.Response:
    return await desk.http.post(f"/api/v1{path}", json=body, headers=headers)


async def test_a_program_objects_and_follows_what_becomes_of_it(desk: Desk) -> None:
    _, candidates, notice = await desk.noticed()
    await desk.project()
    file = {"name": "a.jpg", "media_type": "image/jpeg", "content": b64encode(photograph()).decode()}
    said = {"grounds": GROUNDS, "about": "candidate", "candidate_id": candidates[0], "files": [file]}
    body = {**await asked(desk, notice), **said}
    first, again = [await post(desk, f"/notices/{notice}/objections", body) for _ in range(2)]
    assert first.status_code == again.status_code == 201, first.text
    assert first.json() == again.json() and not first.json()["awaits_admission"]
    await desk.project()
    code = first.json()["receipt_code"]
    found = (await post(desk, "/receipts", {"code": code.lower()})).json()
    assert (found["kind"], found["state"], found["files"]) == ("objection", "received", 1)
    assert [(due["what"], due["by"]) for due in found["days"]] == [
        ("acknowledged", "2026-03-09"),
        ("answered", "2026-06-02"),
    ]
    assert GROUNDS not in str(found)


async def test_without_work_a_moderator_looks_first(desk: Desk) -> None:
    _, _, notice = await desk.noticed()
    await desk.project()
    body = {**await asked(desk, notice, "error_report", work=False), "text": "The decree is of 2026, not of 2025."}
    answer = await post(desk, f"/notices/{notice}/error-reports", body)
    assert answer.status_code == 201 and answer.json()["awaits_admission"]


async def test_refusals_are_problem_documents(desk: Desk) -> None:
    _, _, notice = await desk.noticed()
    await desk.project()
    path, body = f"/notices/{notice}/objections", {"grounds": GROUNDS, "about": "procedure"}
    form = await asked(desk, notice)
    html = {"name": "a.pdf", "media_type": "application/pdf", "content": b64encode(b"<script>x</script>").decode()}
    for more, name in (
        ({"form": "1.2.3"}, "form_not_ours"),
        ({"form": form["form"], "work": "e30="}, "work_not_done"),
        ({**form, "files": [html]}, "attachment_refused"),
        ({**form, "files": [{**html, "content": "no base64!"}]}, "attachment_refused"),
        ({**form, "identity": "named"}, "name_misplaced"),
    ):
        answer = await post(desk, path, {**body, **more})
        assert answer.status_code == 422 and answer.json()["type"] == f"/problems/{name}", answer.text
    elsewhere = await post(desk, path, {**body, **form}, **{"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    comment = {**await asked(desk, notice, "recommendation"), "text": "Somebody who would do it well."}
    refused = await post(desk, f"/notices/{notice}/recommendations", comment)
    assert refused.status_code == 409 and refused.json()["rule"]["path"] == "taking_part.kinds"
    assert (await post(desk, "/receipts", {"code": "0" * 21})).status_code == 404
    assert (await post(desk, "/receipts", {"code": "ABC"})).json()["type"] == "/problems/not_a_receipt_code"
