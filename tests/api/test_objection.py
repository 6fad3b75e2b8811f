"""Taking down and disposing of objections, through the door."""

from tests.desk import Desk, V


async def test_an_objection_holds_the_case_and_its_grounds_are_in_no_answer(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    body = {"channel": "visit", "grounds": "He signed for a delivery that never came.", "objector": "Mr Grey, Lane 5"}
    answer = await desk.post(f"/cases/{case_id}/objections", body, V)
    assert answer.status_code == 201
    assert "delivery" not in answer.text and "Grey" not in answer.text
    ran_out = await desk.run_out(case_id, "public_notice")
    assert [event.alias for event in ran_out.events] == ["public_notice_elapsed"]


async def test_a_dismissed_objection_lets_the_case_go_on(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    objection = await desk.objected(case_id)
    await desk.run_out(case_id, "public_notice")
    disposed = await desk.disposed(case_id, objection, "dismissed")
    assert disposed["stage"] == "supervision_review" and "note was found" not in str(disposed)


async def test_an_upheld_objection_puts_its_candidate_out(desk: Desk) -> None:
    case_id, candidates, _ = await desk.noticed()
    objection = await desk.objected(case_id, candidate_id=candidates[0])
    disposed = await desk.disposed(case_id, objection, "upheld")
    assert disposed["status"] == "closed" and disposed["outcome"] == "no_candidate_left"


async def test_there_is_nothing_to_object_to_before_the_notice(desk: Desk) -> None:
    case_id, _ = await desk.trained()
    body = {"channel": "web", "grounds": "I have heard of something."}
    answer = await desk.post(f"/cases/{case_id}/objections", body, V)
    assert answer.status_code == 409
    assert answer.json()["rule"]["path"] == "house.objections_answer_a_notice"


async def test_an_unknown_objection_is_refused_with_the_open_ones(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    objection = await desk.objected(case_id)
    body = {"objection_id": "nothing", "outcome": "dismissed", "reasons": "There is nothing in it."}
    answer = await desk.post(f"/cases/{case_id}/objection-disposals", body, V)
    assert answer.status_code == 422 and answer.json()["facts"]["known"] == [objection]
