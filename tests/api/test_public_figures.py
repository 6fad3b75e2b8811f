"""The figures through the door: quarters that are over, the same from reading to reading, and nothing that is small."""

import csv
import io
import json

from domain.small_group import SMALLEST_CELL
from tests.desk import Desk
from tests.examples import at


async def lived(desk: Desk) -> None:
    """Six cases that were withdrawn under a notice with an objection each, in the first quarter."""
    for number in range(6):
        case_id, _, _ = await desk.noticed(post_id=f"post-{number}")
        objection = await desk.objected(case_id)
        await desk.disposed(case_id, objection, "dismissed")
        await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    await desk.project()


async def test_a_quarter_is_told_once_it_is_over_and_stays_as_it_was(desk: Desk) -> None:
    await lived(desk)
    assert (await desk.http.get("/api/v1/figures")).status_code == 404
    desk.clock.at = at("2026-04-01")
    told = (await desk.http.get("/api/v1/figures")).json()
    assert (told["first_on"], told["last_on"]) == ("2026-01-01", "2026-03-31")
    rows = {(row["table"], row["name"]): row for row in told["rows"]}
    assert rows["endings", "withdrawn"]["n"] == rows["objections", "dismissed"]["n"] == 6
    assert rows["stages", "standard/nomination"]["n"] == 6
    assert rows["objections", "dismissed"]["median_days"] == 0
    assert all(row["n"] is None or row["n"] >= SMALLEST_CELL for row in told["rows"])
    case_id, _, _ = await desk.noticed(post_id="later")
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    await desk.project()
    assert (await desk.http.get("/api/v1/figures")).json() == told
    desk.clock.at = at("2026-07-01")
    assert (await desk.http.get("/api/v1/figures?quarter=2026-01-01")).json() == told
    later = (await desk.http.get("/api/v1/figures")).json()
    assert later["first_on"] == "2026-04-01" and all(row["n"] is None for row in later["rows"])


async def test_the_files_hold_every_quarter(desk: Desk) -> None:
    await lived(desk)
    desk.clock.at = at("2026-04-01")
    one = await desk.http.get("/api/v1/figures?format=csv")
    every = await desk.http.get("/api/v1/open-data/cases.csv")
    assert one.content == every.content
    table = list(csv.DictReader(io.StringIO(every.content.decode("utf-8-sig"))))
    lines = [json.loads(line) for line in (await desk.http.get("/api/v1/open-data/cases.jsonl")).text.splitlines()]
    assert [(line["table"], line["name"], line["n"]) for line in lines] == [
        (row["table"], row["name"], int(row["n"]) if row["n"] else None) for row in table
    ]


async def test_the_page_stands_in_both_languages_and_a_quarter_without_cases_is_no_page(desk: Desk) -> None:
    await lived(desk)
    for language in ("en", "zh"):
        assert (await desk.http.get(f"/{language}/figures")).status_code == 200
        assert (await desk.http.get(f"/{language}/figures?quarter=2020-01-01")).status_code == 404
    desk.clock.at = at("2026-04-01")
    page = await desk.http.get("/en/figures?quarter=2026-01-01")
    assert page.status_code == 200 and "Quarter 1 of 2026" in page.text
    assert (await desk.http.get("/fr/figures")).status_code == 404
