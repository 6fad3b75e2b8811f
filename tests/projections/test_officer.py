"""The directory names those who have acted, by their last name and organ, for as long as their key is there."""

from datetime import timedelta

from tests.desk import Desk, P, V


async def directory(desk: Desk) -> dict[str, tuple[str, str | None]]:
    await desk.project()
    rows = await desk.house.pool.fetch("SELECT officer, organ, name FROM read_model.officer")
    return {row["officer"]: (row["organ"], row["name"]) for row in rows}


async def test_officers_stand_in_the_directory_once_they_have_acted(desk: Desk) -> None:
    await desk.get("/api/v1/cases")
    assert await directory(desk) == {}
    case_id = await desk.opened()
    await desk.done(f"/cases/{case_id}/suspensions", {"reason": "Waiting for a ruling."}, V)
    assert sorted((await directory(desk)).values()) == [
        ("personnel-department", "Example: officer of personnel"),
        ("supervision-organ", "Example: officer of supervision"),
    ]


async def test_an_officer_who_moves_is_shown_in_the_new_organ(desk: Desk) -> None:
    await desk.opened(post_id="a")
    body = {"post": {"post_id": "b", "title": "Clerk", "unit": "Registry", "rank": "officer"}}
    await desk.done("/cases", body, P, organ="other-department", subject="example-personnel")
    (shown,) = (await directory(desk)).values()
    assert shown[0] == "other-department"
    desk.clock.at += timedelta(days=1)
    await desk.opened(post_id="c")
    (shown,) = (await directory(desk)).values()
    assert shown == ("personnel-department", "Example: officer of personnel")


async def test_an_officer_whose_key_is_gone_keeps_a_place_without_a_name(desk: Desk) -> None:
    await desk.opened()
    officer = await desk.house.keys.subject_for("example-personnel")
    keys = desk.house.keys
    assert hasattr(keys, "_pool")
    await keys._pool.execute("DELETE FROM owner_key WHERE owner = $1", f"person/{officer}")
    assert await directory(desk) == {officer: ("personnel-department", None)}
