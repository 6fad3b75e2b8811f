"""Whoever has the code reads what became of their entry, talks with the office, and can prove that it was filed."""

import asyncio
import hashlib

from domain.identity import Role
from domain.receipt_code import in_groups, receipt_hash
from eventstore.transparency.merkle import leaf_hash
from eventstore.transparency.proof_file import Proof
from tests.api.public_forms import OBJECTION, code_in, form_in, objected, opened_form, send, status
from tests.api.test_transparency_log import published
from tests.desk import Desk, V


async def noticed(desk: Desk) -> tuple[str, str]:
    case_id, _, notice = await desk.noticed()
    await desk.project()
    return case_id, notice


async def entry_of(desk: Desk, code: str) -> tuple[str, str]:
    """Case and id of the entry under a code, as supervision's inbox has them."""
    row = await desk.house.pool.fetchrow(
        "SELECT case_id, entry_id FROM read_model.taking_part_entry WHERE receipt_hash = $1", receipt_hash(code)
    )
    assert row is not None
    return row["case_id"], row["entry_id"]


async def test_the_code_is_typed_back_before_going_on(desk: Desk) -> None:
    _, notice = await noticed(desk)
    sent = await send(desk, await opened_form(desk, notice), OBJECTION)
    code, form = code_in(sent), form_in(sent, "/en/receipt/back")
    await desk.project()
    hidden = {name: form.hidden[name] for name in ("form", "purpose")}
    for typed in ("", "ABC", in_groups(code)[::-1]):
        wrong = await desk.http.post("/en/receipt/back", data={**hidden, "code": typed})
        assert wrong.status_code == 422 and "This is not the code above" in wrong.text and code[:3] in wrong.text
    right = await desk.http.post("/en/receipt/back", data={**hidden, "code": in_groups(code).lower()})
    assert right.status_code == 200 and "Your objection" in right.text and in_groups(code) not in right.text
    forged = await desk.http.post(
        "/en/receipt/back", data={**hidden, "purpose": "objection/another00000", "code": code}
    )
    assert forged.status_code == 422 and code[:3] not in forged.text


async def test_the_code_can_be_saved_as_a_file(desk: Desk) -> None:
    _, notice = await noticed(desk)
    sent = await send(desk, await opened_form(desk, notice), OBJECTION)
    form = form_in(sent, "/en/receipt/file")
    saved = await desk.http.post("/en/receipt/file", data={name: form.hidden[name] for name in ("form", "purpose")})
    assert in_groups(code_in(sent)) in saved.text and "attachment" in saved.headers["Content-Disposition"]
    assert saved.headers["Cache-Control"] == "no-store" and "/en/receipt" in saved.text


async def test_a_code_that_is_none_or_of_nothing_is_told_apart(desk: Desk) -> None:
    _, notice = await noticed(desk)
    code = await objected(desk, notice)
    assert "no receipt code: there is a mistake" in (await status(desk, code[:-1])).text
    assert "stands in no receipt code" in (await status(desk, code[:-1] + "U")).text
    unknown = await status(desk, "000000000000000000000")
    assert unknown.status_code == 404 and "Nothing was recorded under this code" in unknown.text
    assert (await status(desk, code, "zh")).status_code == 200
    reopened = await desk.http.get("/zh/receipt/message")
    assert reopened.status_code == 303 and reopened.headers["Location"] == "/zh/receipt"


async def test_the_status_says_in_fixed_words_how_far_it_has_come_and_by_when_what_is_due(desk: Desk) -> None:
    case_id, notice = await noticed(desk)
    code = await objected(desk, notice)
    first = (await status(desk, code)).text
    assert "has not acknowledged it yet" in first and "by 9 March 2026" in first and "by 2 June 2026" in first
    assert "The period is 7 days; every calendar day counts." in first
    assert OBJECTION["grounds"] not in first  # whoever finds the code does not read what its owner wrote
    _, entry = await entry_of(desk, code)
    await desk.done(f"/cases/{case_id}/objection-acknowledgements", {"objection_id": entry}, V)
    await desk.project()
    assert "Acknowledged, being looked into" in (await status(desk, code)).text
    await desk.disposed(case_id, entry, "dismissed")
    await desk.project()
    over = (await status(desk, code)).text
    assert "Answered: not upheld" in over and "on 2 March 2026" in over and "note was found" not in over


async def test_a_question_is_answered_without_an_account(desk: Desk) -> None:
    case_id, notice = await noticed(desk)
    code = await objected(desk, notice)
    _, entry = await entry_of(desk, code)
    question = {"text": "Which of the <b>two</b> meetings do you mean?"}
    await desk.done(f"/cases/{case_id}/entries/{entry}/questions", question, V)
    await desk.project()
    asked = await status(desk, code)
    assert "A question waits for your answer" in asked.text
    assert "Which of the &lt;b&gt;two&lt;/b&gt; meetings do you mean?" in asked.text
    form = form_in(asked, "/en/receipt/message")
    said = {"form": form.hidden["form"], "code": code, "message": "The one of the third.\n<script>x</script>"}
    file = ("files", ("minutes.txt", b"On 3 February", "text/plain"))
    keeping = asyncio.create_task(_kept_up(desk))
    answers = [await desk.http.post("/en/receipt/message", data=said, files=[file]) for _ in range(2)]
    keeping.cancel()
    for answer in answers:  # sent twice, said once
        assert answer.status_code == 200, answer.text
        assert answer.text.count("The one of the third.\n&lt;script&gt;x&lt;/script&gt;") == 1
    assert "Received" in answers[0].text and "One file came with it" in answers[0].text
    changed = await desk.http.post("/en/receipt/message", data={**said, "message": "Another text"}, files=[file])
    assert changed.status_code == 422 and "sent before with another text" in changed.text


async def _kept_up(desk: Desk) -> None:
    while True:
        await desk.project()
        await asyncio.sleep(0.05)


async def test_a_message_says_something_and_belongs_to_its_code(desk: Desk) -> None:
    _, notice = await noticed(desk)
    code, other = await objected(desk, notice), await objected(desk, notice)
    form = form_in(await status(desk, code), "/en/receipt/message")
    empty = await desk.http.post(
        "/en/receipt/message", data={"form": form.hidden["form"], "code": code, "message": " "}
    )
    assert empty.status_code == 422 and "Write something, or choose a file." in empty.text
    stolen = {"form": form.hidden["form"], "code": other, "message": "Somebody else's form."}
    assert (await desk.http.post("/en/receipt/message", data=stolen)).status_code == 422


async def test_the_proof_shows_that_it_was_filed_and_nothing_of_it(desk: Desk) -> None:
    _, notice = await noticed(desk)
    code = await objected(desk, notice, identity="named", name="Amina Grey")
    later = await desk.http.post("/en/receipt/proof", data={"code": code})
    assert later.status_code == 503 and "Try again in a moment" in later.text
    policy = await published(desk)
    answer = await desk.http.post("/en/receipt/proof", data={"code": code})
    assert "receipt.tlog-proof" in answer.headers["Content-Disposition"]
    proof = Proof.parse(answer.content)
    assert proof.extra is not None
    proof.verify(leaf_hash(proof.extra), policy)
    assert hashlib.sha256(code.encode()).hexdigest().encode() in proof.extra
    assert b"Grey" not in proof.extra and b"before the papers" not in proof.extra and b"procedure" not in proof.extra


async def test_supervision_reads_it_and_personnel_do_not(desk: Desk) -> None:
    case_id, notice = await noticed(desk)
    code = await objected(desk, notice)
    _, entry = await entry_of(desk, code)
    read = await desk.get(f"/api/v1/cases/{case_id}/entries/{entry}", V)
    assert read.status_code == 200 and "before the papers" in read.text
    refused = await desk.get(f"/api/v1/cases/{case_id}/entries/{entry}", Role.PERSONNEL)
    assert "before the papers" not in refused.text
