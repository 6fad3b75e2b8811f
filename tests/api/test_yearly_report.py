"""The yearly report, through the door: worked out from the record, fixed, and read as data, as a page and on paper."""

import hashlib
from datetime import timedelta

import orjson

from tests.api.pdf_text import text_of_pdf
from tests.api.test_supervision_problem import found, mended
from tests.desk import A, D, Desk, S, V
from tests.examples import at

NEXT_YEAR = at("2027-01-11")


async def lived_through(desk: Desk) -> tuple[str, str]:
    """A year with somebody in office, a problem that was mended and one that was not."""
    await desk.appointed({"person": "staff-4711", "particulars": {"full_name": "Amina Okafor"}})
    first, second = await found(desk), await found(desk, severity="grave", finding="Minutes came late in six cases.")
    await mended(desk, first)
    desk.clock.at = NEXT_YEAR
    await desk.project()
    return first, second


async def test_a_year_is_told_from_the_record_and_fixed_with_its_hash(desk: Desk) -> None:
    first, second = await lived_through(desk)
    drawn = await desk.done("/yearly-reports", {"year": 2026})
    assert "matter" not in drawn["events"][0]
    told = (await desk.get("/api/v1/yearly-reports/2026")).json()
    matter = told["matter"]
    assert (matter["opened"], [(row["name"], row["n"]) for row in matter["letters"]]) == (1, [("standard", 1)])
    assert matter["letters"][0]["called"] == {"en": "Standard process: officer", "zh": "标准程序：一般职务"}
    assert [(row["problem_id"], row["state"]) for row in matter["problems"]] == [(first, "mended"), (second, "open")]
    canonical = orjson.dumps(_without_nulls(matter), option=orjson.OPT_SORT_KEYS)
    assert told["digest"] == hashlib.sha256(canonical).hexdigest() == drawn["events"][0]["digest"]


async def test_the_next_report_answers_for_what_was_open_when_its_year_began(desk: Desk) -> None:
    _, second = await lived_through(desk)
    desk.clock.at = NEXT_YEAR + timedelta(days=365)
    await desk.project()
    await desk.done("/yearly-reports", {"year": 2027})
    matter = (await desk.get("/api/v1/yearly-reports/2027", V)).json()["matter"]
    assert [row["problem_id"] for row in matter["rectification"]] == [second]
    assert matter["rectification"][0]["state"] in ("open", "overdue", "escalated")
    assert matter["problems"] == []


async def test_the_page_and_the_paper_say_the_same_in_both_languages(desk: Desk) -> None:
    await lived_through(desk)
    await desk.done("/yearly-reports", {"year": 2026})
    says = {
        "en": ("Selection and appointment in 2026", "Standard process: officer"),
        "zh": ("2026年选拔任用工作报告", "标准程序：一般职务"),
    }
    for language, (title, rank) in says.items():
        page = await desk.get(f"/api/v1/yearly-reports/2026?format=html&language={language}", D)
        paper = await desk.get(f"/api/v1/yearly-reports/2026?format=pdf&language={language}", D)
        for text in (page.text, text_of_pdf(paper.content)):
            assert title in text and rank in text
            assert "Minutes came late in six cases." in text.replace("\n", " ")
        assert "Okafor" not in page.text
        parts = (await desk.get(f"/api/v1/yearly-reports/2026/parts?language={language}", D)).json()
        assert parts["title"] == title and all(part["heading"] in page.text for part in parts["parts"])
        assert "Minutes came late in six cases." in str(parts) and parts["day"] in page.text


async def test_a_report_stands_until_another_one_says_why_and_both_are_listed(desk: Desk) -> None:
    await lived_through(desk)
    await desk.done("/yearly-reports", {"year": 2026})
    await desk.project()
    refused = await desk.post("/yearly-reports", {"year": 2026})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/already_drawn_up")
    await desk.project()
    await desk.done("/yearly-reports", {"year": 2026, "reason": "A case of December was recorded late."})
    listed = (await desk.get("/api/v1/yearly-reports")).json()["reports"]
    assert [(row["year"], row["number"]) for row in listed] == [(2026, 2), (2026, 1)]
    assert (await desk.get("/api/v1/yearly-reports/2026?number=1")).json()["number"] == 1


async def test_a_year_without_a_report_is_not_found_and_a_running_one_is_refused(desk: Desk) -> None:
    await desk.project()
    assert (await desk.get("/api/v1/yearly-reports/2025")).status_code == 404
    assert (await desk.get("/api/v1/yearly-reports/2025/parts")).status_code == 404
    running = await desk.post("/yearly-reports", {"year": 2026})
    assert (running.status_code, running.json()["field"]) == (422, "year")
    assert (await desk.get("/api/v1/yearly-reports", S)).status_code == 403
    assert (await desk.get("/api/v1/yearly-reports", A)).json() == {"reports": []}
    assert (await desk.post("/yearly-reports", {"year": 2025}, V)).status_code == 403


def _without_nulls(value: object) -> object:
    match value:
        case dict():
            return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
        case list():
            return [_without_nulls(inner) for inner in value]
        case _:
            return value
