"""How far each entry has come, in fixed words with due dates, and nothing in any row that was sealed."""

from typing import Any

from domain.identity import Role
from domain.taking_part_rule import EntryKind
from projections.taking_part import (
    TakingPart,
    entry_by_id,
    entry_by_receipt,
    inbox,
    moderation_queue,
)
from tests.desk import Desk, V
from tests.sent_in import COMMENT, GROUNDS, RECEIPT, comments, objects, writes

X = Role.MODERATOR


async def status(desk: Desk, entry_id: str) -> tuple[str, str | None]:
    await desk.project()
    found = await entry_by_id(desk.house.pool, entry_id)
    assert found is not None
    return str(found.status), found.due_on.isoformat() if found.due_on else None


async def test_an_objection_is_followed_in_fixed_words_with_its_due_dates(desk: Desk) -> None:
    case_id, _, notice_id = await desk.noticed()
    objection = await objects(desk, case_id, awaits_admission=True)
    path = f"/cases/{case_id}/entries/{objection}"
    assert await status(desk, objection) == ("awaiting_admission", "2026-03-03")
    await desk.done(f"/cases/{case_id}/objection-admissions", {"objection_id": objection}, X)
    assert await status(desk, objection) == ("admitted", "2026-03-09")
    await desk.done(f"/cases/{case_id}/objection-acknowledgements", {"objection_id": objection}, V)
    assert await status(desk, objection) == ("acknowledged", "2026-06-02")
    await desk.done(f"{path}/questions", {"text": "When was it?"}, V)
    assert await status(desk, objection) == ("question_asked", "2026-06-02")
    await writes(desk, case_id, objection)
    assert await status(desk, objection) == ("acknowledged", "2026-06-02")
    await desk.disposed(case_id, objection, "dismissed")
    assert await status(desk, objection) == ("answered_dismissed", None)
    found = await entry_by_receipt(desk.house.pool, RECEIPT)
    assert found is not None
    assert (found.entry_id, found.notice_id, found.files, found.messages) == (objection, notice_id, 1, 2)


async def test_the_other_ends_have_words_of_their_own(desk: Desk) -> None:
    case_id, candidates, _ = await desk.noticed()
    rejected = await objects(desk, case_id, "7a" * 32, awaits_admission=True)
    left = await objects(desk, case_id, "7b" * 32)
    upheld = await objects(desk, case_id, "7c" * 32, candidate_id=candidates[0])
    comment = await comments(desk, case_id, EntryKind.ERROR_REPORT)
    wish = {"objection_id": rejected, "reason": "no_content"}
    await desk.done(f"/cases/{case_id}/objection-rejections", wish, X)
    answer = {"outcome": "no_error", "public_answer": "It is right as it stands."}
    await desk.done(f"/cases/{case_id}/entries/{comment}/answers", answer)
    await desk.disposed(case_id, upheld, "upheld")
    words = [(await status(desk, each))[0] for each in (rejected, left, upheld, comment)]
    assert words == ["rejected", "case_ended", "answered_upheld", "answered"]
    assert (await status(desk, left))[1] is None
    assert await entry_by_receipt(desk.house.pool, "00" * 32) is None


async def test_what_waits_longest_comes_first_and_each_desk_has_its_own(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    later, sooner = await objects(desk, case_id, "7a" * 32), await objects(desk, case_id, "7b" * 32)
    await desk.done(f"/cases/{case_id}/objection-acknowledgements", {"objection_id": later}, V)
    report, comment = await comments(desk, case_id, EntryKind.ERROR_REPORT), await comments(desk, case_id)
    await desk.project()
    pool = desk.house.pool
    assert [row.entry_id for row in await inbox(pool, (EntryKind.OBJECTION,))] == [sooner, later]
    assert [row.entry_id for row in await inbox(pool, (EntryKind.OBJECTION,), after=1, limit=1)] == [later]
    assert [row.entry_id for row in await inbox(pool, tuple(EntryKind)[1:])] == [report]
    assert [row.entry_id for row in await moderation_queue(pool)] == [comment]


async def test_a_rest_moves_the_day_of_an_answer(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    objection = await objects(desk, case_id)
    await desk.done(f"/cases/{case_id}/suspensions", {"reason": "Waiting for a ruling."}, V)
    desk.clock.at = desk.clock.at.replace(day=12)
    await desk.done(f"/cases/{case_id}/resumptions", {}, V)
    await desk.project()
    found = await entry_by_id(desk.house.pool, objection)
    assert found is not None and found.answer_by.isoformat() == "2026-06-12"


async def test_nothing_that_is_sealed_stands_in_a_row(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    objection = await objects(desk, case_id, objector="Mr Grey", about="personnel_department")
    comment = await comments(desk, case_id, sender="Mr Grey")
    await writes(desk, case_id, objection, "I have seen it myself.")
    await desk.project()
    rows: list[Any] = []
    for table in TakingPart.tables:
        rows += await desk.house.pool.fetch(f"SELECT * FROM read_model.{table}")
    told = " ".join(str(dict(row)) for row in rows)
    assert objection in told and comment in told
    for secret in (
        "Grey",
        "personnel_department",
        "confidential",
        "seen it",
        GROUNDS,
        COMMENT,
        "note.png",
    ):
        assert secret not in told
