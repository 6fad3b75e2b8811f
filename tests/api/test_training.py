"""The page on training is read by everybody, from the read models, in both languages, and needs no token."""

import pytest

from api.training_plan import PLAN
from tests.desk import Desk


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_everybody_reads_what_training_counts_and_what_is_planned(desk: Desk, language: str) -> None:
    await desk.done("/training-plans", PLAN)
    await desk.project()
    page = await desk.http.get(f"/{language}/training")
    assert page.status_code == 200 and page.headers["content-language"].startswith(language)
    assert str(PLAN["objective"]) in page.text and f"/{language}/regimes/standard" in page.text
    assert "script-src" not in page.headers["content-security-policy"]


async def test_a_plan_that_was_closed_and_a_language_that_is_none_are_not_shown(desk: Desk) -> None:
    plan_id = (await desk.done("/training-plans", PLAN))["plan_id"]
    await desk.done(f"/training-plans/{plan_id}/closings", {"outcome": "withdrawn", "came_of_it": "It came too late."})
    await desk.project()
    assert str(PLAN["objective"]) not in (await desk.http.get("/en/training")).text
    assert (await desk.http.get("/xx/training")).status_code == 404
