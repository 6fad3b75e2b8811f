"""Under a notice stand a moderator's words and the department's answers, as long as the notice is visible."""

from domain.identity import Role
from projections.public_notice import notice_by_id
from projections.said_in_public import SaidInPublic
from tests.desk import Desk, P, V
from tests.sent_in import comments, objects

X = Role.MODERATOR


async def said(desk: Desk, notice_id: str) -> list[SaidInPublic]:
    await desk.project()
    found = await notice_by_id(desk.house.pool, notice_id, desk.clock())
    assert found is not None
    return list(found.said)


async def test_everybody_reads_what_a_moderator_let_through_and_what_was_answered(desk: Desk) -> None:
    case_id, _, notice_id = await desk.noticed()
    comment, objection = await comments(desk, case_id), await objects(desk, case_id)
    assert await said(desk, notice_id) == []
    await desk.done(f"/cases/{case_id}/entries/{comment}/admissions", {"public_text": "Another bureau's."}, X)
    assert [one.text for one in await said(desk, notice_id)] == ["Another bureau's."]
    answer = {"outcome": "noted", "public_answer": "Thank you."}
    await desk.done(f"/cases/{case_id}/entries/{comment}/answers", answer, P)
    wish = {"objection_id": objection, "outcome": "dismissed", "reasons": "The delivery note was found."}
    await desk.done(f"/cases/{case_id}/objection-disposals", wish | {"public_answer": "It was found."}, V)
    shown = await said(desk, notice_id)
    assert [(one.kind, one.text, one.answer) for one in shown] == [
        ("comment", "Another bureau's.", "Thank you."),
        ("objection", None, "It was found."),
    ]
    for language in ("en", "zh"):
        page = (await desk.http.get(f"/{language}/notices/{notice_id}")).text
        assert "Another bureau&#39;s." in page and "Thank you." in page and "It was found." in page
    assert len((await desk.http.get(f"/api/v1/notices/{notice_id}")).json()["said"]) == 2


async def test_nothing_of_it_stands_under_a_notice_that_is_gone(desk: Desk) -> None:
    case_id, _, notice_id = await desk.noticed()
    comment = await comments(desk, case_id)
    await desk.done(f"/cases/{case_id}/entries/{comment}/admissions", {"public_text": "Another bureau's."}, X)
    assert await said(desk, notice_id)
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    assert await said(desk, notice_id) == []
    assert "Another bureau" not in (await desk.http.get(f"/en/notices/{notice_id}")).text


async def test_an_objection_that_is_answered_to_its_sender_alone_says_nothing_here(desk: Desk) -> None:
    case_id, _, notice_id = await desk.noticed()
    await desk.disposed(case_id, await objects(desk, case_id), "dismissed")
    assert await said(desk, notice_id) == []
