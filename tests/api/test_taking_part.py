"""Anybody takes part by the public's own forms, without an account and without leaving more than they wish to."""

from datetime import timedelta

import httpx2
import pytest

from api.daily_limit import Allowance, DailyLimit
from domain.appointment import LiveCase, case_stream
from domain.attachment import AttachmentFiled
from domain.conversation import conversation_stream
from domain.event import Event
from domain.identity import PUBLIC, CaseId
from domain.objection import ObjectionLodged
from domain.receipt_code import receipt_hash
from eventstore.opening import opened
from tests.api.hostile_files import SECRET, photograph
from tests.api.public_forms import OBJECTION, code_in, objected, opened_form, send, status
from tests.conftest import FreshDatabase
from tests.desk import Desk
from tests.eventstore.whole_database import everything_in

PHOTO = ("Amina.jpg", photograph(), "image/jpeg")


async def lodged(desk: Desk, case_id: str) -> list[ObjectionLodged]:
    """The objections of a case, with what is sealed in them."""
    rows = await desk.house.store.read_stream(case_stream(CaseId(case_id)))
    found = await opened(desk.house.store, desk.house.keys, rows)
    assert all(row.actor == PUBLIC for row in found if isinstance(row.event, ObjectionLodged))
    return [row.event for row in found if isinstance(row.event, ObjectionLodged)]


async def filed(desk: Desk, entry_id: str) -> list[Event]:
    rows = await desk.house.store.read_stream(conversation_stream(entry_id))
    return [row.event for row in await opened(desk.house.store, desk.house.keys, rows)]


@pytest.fixture
async def notice(desk: Desk) -> tuple[str, str]:
    """A case whose notice stands, and the notice."""
    case_id, _, notice_id = await desk.noticed()
    await desk.project()
    return case_id, notice_id


async def test_somebody_objects_anonymously_with_a_file_and_gets_a_code(desk: Desk, notice: tuple[str, str]) -> None:
    case_id, notice_id = notice
    code = await objected(desk, notice_id, PHOTO, name="Amina Grey")
    (objection,) = await lodged(desk, case_id)
    assert objection.receipt_hash == receipt_hash(code) and not objection.awaits_admission
    assert objection.grounds == OBJECTION["grounds"] and objection.attachments == 1
    assert objection.objector is None and objection.named_objector is None  # typed, but the sender chose otherwise
    (file,) = await filed(desk, objection.objection_id)
    assert isinstance(file, AttachmentFiled) and file.file_name == "file-1.jpg" and file.media_type == "image/jpeg"
    case = (await desk.house.recorder.load(case_stream(CaseId(case_id)))).case
    assert isinstance(case, LiveCase) and [held.id for held in case.undisposed_objections] == [objection.objection_id]


@pytest.mark.parametrize(
    ("identity", "about", "for_personnel"),
    [
        ("confidential", "procedure", None),
        ("named", "procedure", "Amina Grey"),
        ("named", "personnel_department", None),
    ],
)
async def test_a_name_reaches_those_whom_the_form_said(
    desk: Desk, notice: tuple[str, str], identity: str, about: str, for_personnel: str | None
) -> None:
    await objected(desk, notice[1], identity=identity, about=about, name="Amina Grey")
    (objection,) = await lodged(desk, notice[0])
    assert objection.objector == "Amina Grey" and objection.named_objector == for_personnel


async def test_without_work_it_goes_to_a_moderator_and_says_so(desk: Desk, notice: tuple[str, str]) -> None:
    form = await opened_form(desk, notice[1])
    answer = await send(desk, form, OBJECTION, work=False)
    assert "a moderator reads it first" in answer.text and code_in(answer)
    (objection,) = await lodged(desk, notice[0])
    assert objection.awaits_admission


async def test_a_form_sent_twice_gives_one_objection_and_one_code(desk: Desk, notice: tuple[str, str]) -> None:
    form = await opened_form(desk, notice[1])
    first, again = [await send(desk, form, OBJECTION, PHOTO) for _ in range(2)]
    assert code_in(first) == code_in(again)
    assert len(await lodged(desk, notice[0])) == 1


async def test_a_form_sent_again_with_another_text_is_refused(desk: Desk, notice: tuple[str, str]) -> None:
    """A solution of the work is good for one entry: it cannot be had once and used a thousand times."""
    form = await opened_form(desk, notice[1])
    code_in(await send(desk, form, OBJECTION))
    answer = await send(desk, form, OBJECTION | {"grounds": "Something else altogether happened here."})
    assert answer.status_code == 422 and "sent before with another text" in answer.text
    assert "Something else altogether" in answer.text and 'class="code"' not in answer.text
    assert len(await lodged(desk, notice[0])) == 1


async def test_work_of_another_form_or_a_forged_key_is_refused(desk: Desk, notice: tuple[str, str]) -> None:
    done, asked = await opened_form(desk, notice[1]), await opened_form(desk, notice[1])
    stolen = await send(desk, asked, OBJECTION | {"work": done.solved()}, work=False)
    assert stolen.status_code == 422 and "did not fit this form" in stolen.text
    forged = await send(desk, asked, OBJECTION | {"form": asked.hidden["form"][:-3] + "AAA"})
    assert forged.status_code == 422 and "came from another page" in forged.text
    assert await lodged(desk, notice[0]) == []


async def test_a_form_older_than_a_day_keeps_what_was_typed(desk: Desk, notice: tuple[str, str]) -> None:
    form = await opened_form(desk, notice[1])
    desk.clock.at += timedelta(hours=25)
    answer = await send(desk, form, OBJECTION)
    assert answer.status_code == 422 and "older than 24 hours" in answer.text and OBJECTION["grounds"] in answer.text


async def test_what_is_missing_is_named_at_its_field_and_nothing_typed_is_lost(
    desk: Desk, notice: tuple[str, str]
) -> None:
    form = await opened_form(desk, notice[1], language="zh")
    answer = await send(desk, form, {"grounds": "短", "identity": "named", "name": " "})
    assert answer.status_code == 422
    for link in ("#about", "#grounds", "#name"):
        assert f'<a href="{link}">' in answer.text
    assert "短</textarea>" in answer.text and 'id="identity-named" value="named" checked' in answer.text


@pytest.mark.parametrize("field", ["grounds", "name"])
async def test_markup_is_shown_as_it_was_typed_and_control_characters_are_refused(
    desk: Desk, notice: tuple[str, str], field: str
) -> None:
    nasty = """"><script>alert(1)</script><img src=x onerror='alert(2)'>{{ 7*7 }}</textarea>"""
    form = await opened_form(desk, notice[1])
    answer = await send(desk, form, OBJECTION | {field: nasty, "about": nasty, "identity": "named"})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text and "<img" not in answer.text and "&lt;script&gt;alert(1)" in answer.text
    answer = await send(desk, form, OBJECTION | {field: "What happened \x1b[2J here", "identity": "named"})
    assert answer.status_code == 422 and "control character" in answer.text
    assert await lodged(desk, notice[0]) == []


async def test_a_file_that_is_refused_is_named_and_nothing_is_recorded(desk: Desk, notice: tuple[str, str]) -> None:
    form = await opened_form(desk, notice[1])
    answer = await send(desk, form, OBJECTION, ("a.pdf", b"PK\x03\x04 no document", "application/pdf"))
    assert answer.status_code == 422 and '<a href="#files">File 1 is not what its name says.' in answer.text
    answer = await send(desk, form, OBJECTION, *[("a.txt", b"text", "text/plain")] * 4)
    assert "At most 3 files can be sent at once, and you chose 4." in answer.text
    answer = await send(desk, form, OBJECTION, ("a.txt", b"a" * 6_000_000, "text/plain"))
    assert answer.status_code == 422 and "has more than 5 MB" in answer.text
    assert await lodged(desk, notice[0]) == []


async def test_more_than_all_files_together_may_have_is_refused_at_once(desk: Desk, notice: tuple[str, str]) -> None:
    form = await opened_form(desk, notice[1])
    answer = await send(desk, form, OBJECTION, ("a.txt", b"a" * 26_000_000, "text/plain"))
    assert answer.status_code == 413 and "All files together" in answer.text
    assert await lodged(desk, notice[0]) == []


async def test_a_form_that_another_site_sends_is_refused(desk: Desk, notice: tuple[str, str]) -> None:
    form = await opened_form(desk, notice[1])
    elsewhere: list[dict[str, str]] = [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ]
    ours = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    for headers in elsewhere:
        answer = await send(desk, form, OBJECTION, headers=headers)
        assert answer.status_code == 403 and "sent from somewhere else" in answer.text
    assert (await send(desk, form, OBJECTION, headers=ours)).status_code == 200


async def test_what_is_no_form_is_refused_in_words(desk: Desk, notice: tuple[str, str]) -> None:
    address = f"/zh/notices/{notice[1]}/object"
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    for body, headers in (
        (b"--x\r\nContent-Type: a/b\r\n\r\nnonsense\r\n--x--\r\n", broken),
        (b"--y--", {"Content-Type": "multipart/form-data"}),
    ):
        answer = await desk.http.post(address, content=body, headers=headers)
        assert answer.status_code == 400 and "无法读取表单" in answer.text


async def test_forms_codes_and_answers_are_kept_nowhere_and_set_no_cookie(desk: Desk, notice: tuple[str, str]) -> None:
    form = await opened_form(desk, notice[1])
    sent = await send(desk, form, OBJECTION)
    await desk.project()
    answers = [
        await desk.http.get(form.address),
        sent,
        await desk.http.get("/en/receipt"),
        await status(desk, code_in(sent)),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store" and "noindex" in answer.headers["X-Robots-Tag"]
        policy = answer.headers["Content-Security-Policy"]
        assert "form-action 'self'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
        assert "Set-Cookie" not in answer.headers and answer.headers["Referrer-Policy"] == "no-referrer"


async def test_an_address_may_send_so_much_a_day_and_is_told_when_to_come_back(
    desk: Desk, notice: tuple[str, str]
) -> None:
    desk.app.state.daily_limit = DailyLimit(desk.clock, Allowance(entries_of_an_address=1, unproven_of_a_notice=0))
    unproven = await send(desk, await opened_form(desk, notice[1]), OBJECTION, work=False)
    assert unproven.status_code == 429 and "without the small sum" in unproven.text
    answer = await send(desk, await opened_form(desk, notice[1]), OBJECTION)
    assert answer.status_code == 429 and OBJECTION["grounds"] in answer.text
    assert "You can send again from 3 March 2026, 00:00 UTC" in answer.text
    assert int(answer.headers["Retry-After"]) > 3600
    desk.clock.at += timedelta(days=1)
    assert (await send(desk, await opened_form(desk, notice[1]), OBJECTION)).status_code == 200


async def test_a_notice_that_is_over_takes_nothing_online(desk: Desk, notice: tuple[str, str]) -> None:
    form = await opened_form(desk, notice[1])
    await desk.run_out(notice[0], "public_notice")
    await desk.project()
    for answer in (await desk.http.get(form.address), await send(desk, form, OBJECTION)):
        assert answer.status_code == 409 and "Not taken here now" in answer.text
    for address in ("/en/notices/0123456789ab/object", "/fr/notices/0123456789ab/object", "/en/notices/x/object"):
        assert (await desk.http.get(address)).status_code == 404


async def test_neither_address_nor_code_nor_name_rests_anywhere_in_the_open(
    desk: Desk, notice: tuple[str, str], database: FreshDatabase, capfd: pytest.CaptureFixture[str]
) -> None:
    door = httpx2.ASGITransport(app=desk.app, client=("203.0.113.77", 4711))
    async with httpx2.AsyncClient(transport=door, base_url="http://desk") as desk.http:
        code = await objected(desk, notice[1], PHOTO, identity="named", name="Amina Grey-Secret")
        await status(desk, code)
    kept = await everything_in(database.superuser_url)
    for secret in (b"203.0.113.77", code.encode(), b"Grey-Secret", b"before the papers", SECRET, b"Amina.jpg"):
        assert secret not in kept, secret
    assert receipt_hash(code).encode() in kept
    said = "".join(capfd.readouterr())
    assert "203.0.113.77" not in said and code not in said and "Grey-Secret" not in said


async def test_comments_and_reports_of_errors_are_taken_where_the_pack_takes_them(
    desk: Desk, notice: tuple[str, str]
) -> None:
    for last in ("comment", "report-error"):
        form = await opened_form(desk, notice[1], last)
        answer = await send(
            desk, form, {"text": "The notice says 2025; the decree is of 2026.", "identity": "anonymous"}
        )
        code = code_in(answer)
        await desk.project()
        assert (await status(desk, code)).status_code == 200
    assert (await desk.http.get(f"/en/notices/{notice[1]}/recommend")).status_code == 409
    case = (await desk.house.recorder.load(case_stream(CaseId(notice[0])))).case
    assert isinstance(case, LiveCase) and not case.undisposed_objections
