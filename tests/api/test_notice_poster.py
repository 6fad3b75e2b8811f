"""A notice as a poster, a calendar entry, in large print and as a tombstone, for anybody."""

from icalendar import Calendar

from tests.desk import Desk
from tests.examples import at


async def test_a_notice_has_a_poster_a_calendar_entry_and_a_large_print(desk: Desk) -> None:
    _, _, notice_id = await desk.noticed()
    await desk.project()
    for language in ("en", "zh"):
        poster = await desk.http.get(f"/{language}/notices/{notice_id}/poster.pdf")
        assert poster.status_code == 200 and poster.content.startswith(b"%PDF")
        assert poster.headers["Content-Type"] == "application/pdf" and "noindex" in poster.headers["X-Robots-Tag"]
        assert poster.headers["Content-Disposition"] == f'inline; filename="notice-{notice_id}.pdf"'
        file = await desk.http.get(f"/{language}/notices/{notice_id}.ics")
        assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert len(Calendar.from_ical(file.content).walk("VEVENT")) == 1 and "Okafor" not in file.text
        code = await desk.http.get(f"/{language}/notices/{notice_id}/code.svg")
        assert code.headers["Content-Type"] == "image/svg+xml" and "<path" in code.text
        assert (
            f'src="/{language}/notices/{notice_id}/code.svg"'
            in (await desk.http.get(f"/{language}/notices/{notice_id}")).text
        )
        large = await desk.http.get(f"/{language}/notices/{notice_id}/large-print")
        assert large.status_code == 200 and "Okafor" in large.text and 'class="large"' in large.text


async def test_when_a_notice_is_gone_each_of_its_addresses_says_so_and_the_calendar_stays(desk: Desk) -> None:
    case_id, _, notice_id = await desk.noticed()
    await desk.run_out(case_id, "public_notice")
    await desk.project()
    desk.clock.at = at("2026-03-10", timezone="Europe/London")
    for path in ("", "/poster.pdf", "/large-print"):
        answer = await desk.http.get(f"/en/notices/{notice_id}{path}")
        assert answer.status_code == 410 and "Taken down on" in answer.text and "Okafor" not in answer.text
        assert answer.headers["Content-Type"].startswith("text/html")
    assert (await desk.http.get(f"/en/notices/{notice_id}.ics")).status_code == 200
    told = await desk.http.get(f"/api/v1/notices/{notice_id}")
    assert told.status_code == 410 and told.json()["notice"]["gone"]["because"] == "ended"


async def test_nothing_is_made_of_a_notice_that_never_was(desk: Desk) -> None:
    await desk.project()
    for notice_id in ("0123456789ab", "x", "a" * 300, "..%2fpasswd"):
        for path in (".ics", "/poster.pdf", "/large-print", "/code.svg"):
            for language in ("en", "fr"):
                assert (await desk.http.get(f"/{language}/notices/{notice_id}{path}")).status_code == 404


async def test_a_case_that_is_withdrawn_takes_its_calendar_entry_back(desk: Desk) -> None:
    case_id, _, notice_id = await desk.noticed()
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished by law."})
    await desk.project()
    assert "STATUS:CANCELLED" in (await desk.http.get(f"/en/notices/{notice_id}.ics")).text
