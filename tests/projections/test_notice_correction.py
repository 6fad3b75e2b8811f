"""A corrected notice says the new text, lists its versions, and shows nowhere what it said before."""

from datetime import date

from projections.public_notice import notice_by_id
from projections.visible_notice import Change, VisibleNotice
from tests.desk import Desk
from tests.examples import at

WRONG, RIGHT = "Amina Okaf0r", "Amina Okafor-Bell"
NOMINEE = {
    "person": "staff-4711",
    "particulars": {"full_name": WRONG, "present_post": "Clerk", "results": "Built the register."},
}
WHY = "A digit stood in the name."
LATER = at("2026-03-04", timezone="Europe/London")


async def corrected(desk: Desk, **said: str) -> tuple[str, VisibleNotice]:
    """A case whose notice was corrected on its third day, and the notice as it reads then."""
    case_id, candidates, notice_id = await desk.noticed(NOMINEE)
    desk.clock.at = LATER
    about = {} if said["particular"] == "post_title" else {"candidate_id": candidates[0]}
    await desk.done(f"/cases/{case_id}/notice-corrections", said | about | {"reason": WHY})
    await desk.project()
    found = await notice_by_id(desk.house.pool, notice_id, desk.clock())
    assert found is not None
    return case_id, found


async def test_the_new_name_stands_for_the_whole_of_the_days_and_the_old_one_nowhere(desk: Desk) -> None:
    _, notice = await corrected(desk, particular="full_name", says=RIGHT)
    assert dict(notice.candidates[0].shown)["full_name"] == RIGHT
    assert [name for name, _ in notice.candidates[0].shown] == ["full_name", "present_post", "results"]
    assert (notice.window.opens_on, notice.window.closes_on) == (date(2026, 3, 4), date(2026, 3, 11))
    assert notice.opened_on == date(2026, 3, 2)
    rows = await desk.house.pool.fetch("SELECT t::text AS row FROM read_model.public_notice t")
    assert RIGHT in rows[0]["row"] and WRONG not in rows[0]["row"]
    for path in (f"/en/notices/{notice.notice_id}", f"/zh/notices/{notice.notice_id}", "/api/v1/notices"):
        said = (await desk.http.get(path)).text
        assert RIGHT in said and WRONG not in said


async def test_each_version_is_listed_with_its_day_its_reason_and_its_place_in_the_log(desk: Desk) -> None:
    _, notice = await corrected(desk, particular="results", says="Built the register of 2025.")
    first, second = notice.versions
    assert (first.number, first.change, first.on, first.position) == (
        1,
        Change.OPENED,
        date(2026, 3, 2),
        notice.position,
    )
    assert (second.number, second.change, second.on) == (2, Change.CORRECTED, date(2026, 3, 4))
    assert (second.reason, second.particular) == (WHY, "results")
    assert second.position > first.position and len(second.hash) == 64
    assert notice.window.closes_on == date(2026, 3, 9)


async def test_a_particular_that_was_left_out_is_shown_in_the_packs_order(desk: Desk) -> None:
    _, notice = await corrected(desk, particular="education", says="LL.B.")
    assert [name for name, _ in notice.candidates[0].shown] == ["full_name", "present_post", "education", "results"]


async def test_a_corrected_title_is_the_notices_title(desk: Desk) -> None:
    _, notice = await corrected(desk, particular="post_title", says="Head Clerk of Records")
    assert notice.post_title == "Head Clerk of Records" and notice.window.closes_on == date(2026, 3, 11)
    assert "Head Clerk of Records" in (await desk.http.get("/en/")).text
