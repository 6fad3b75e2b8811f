"""What predates an appointment brings its case back by itself, once, whoever dies when."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from api.training_record import RECORD
from domain.appointment import case_stream, underlying
from domain.identity import SYSTEM, CandidateId, CaseId, Role
from domain.inquiry import Cause, OpenReverseReview, inquiry_id_of, inquiry_stream, reverse_review_command_id
from eventstore.inquiry_recording import record_inquiry
from projections.inquiry import due_reviews
from runtime.reverse_review import ReverseReviews
from runtime.settings import Settings
from tests.desk import D, Desk, P, S, V, open_desk

LI = {"person": "staff-2", "particulars": {"full_name": "Li Wei"}}


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    async with open_desk(settings) as opened:
        yield opened


def sanction(**changed: str) -> dict[str, Any]:
    return {
        "person": "staff-2",
        "severity": "dismissal",
        "wrongdoing_from_on": "2025-01-01",
        "decided_on": "2026-03-01",
        "grounds": "Payments of a supplier from January 2025 on.",
        **changed,
    }


async def swept(desk: Desk) -> int:
    await desk.project()
    return await ReverseReviews(desk.house, desk.clock).sweep()


async def inquiries(desk: Desk, query: str = "") -> list[dict[str, Any]]:
    await desk.project()
    found: list[dict[str, Any]] = (await desk.get(f"/api/v1/inquiries{query}")).json()["inquiries"]
    return found


async def test_a_sanction_brings_back_the_case_with_everybody_who_acted_in_it(desk: Desk) -> None:
    case_id, _, _ = await desk.appointed(LI)
    await desk.done("/sanctions", sanction(), V)
    assert await swept(desk) == 1
    (inquiry,) = await inquiries(desk, f"?case_id={case_id}")
    assert (inquiry["cause"], inquiry["because_of"].split("/")[0], inquiry["outcome"]) == ("sanction", "sanction", None)
    acts = {act for found in inquiry["took_part"] for act in found["acts"]}
    assert {"case_opened", "candidate_nominated", "training_verified", "decision_taken", "appointment_issued"} <= acts
    assert {found["organ"] for found in inquiry["took_part"]} >= {"personnel-department", "audit-office"}
    assert await swept(desk) == 0 and len(await inquiries(desk)) == 1


def correction(person: str) -> dict[str, Any]:
    fewer = RECORD | {"attended_hours": 10, "leave_hours": 0}
    return {"person_id": person, "entry": 1, "record": fewer, "reason": "Two lists were added up."}


async def counted(desk: Desk, case_id: str, candidate: str) -> str:
    """The person of a candidate."""
    case = underlying((await desk.house.recorder.load(case_stream(CaseId(case_id)))).case)
    assert case is not None
    return str(case.candidates[CandidateId(candidate)].person)


async def test_a_corrected_record_that_was_counted_holds_its_case_once(desk: Desk) -> None:
    case_id, (candidate,) = await desk.trained(LI)
    other_case, _ = await desk.trained({"person": "staff-3", "particulars": {"full_name": "Wu"}}, post_id="other")
    await desk.done("/training-record-corrections", correction(await counted(desk, case_id, candidate)), S)
    assert (await swept(desk), await swept(desk)) == (1, 0)
    held = (await desk.get(f"/api/v1/cases/{case_id}")).json()["supervised"]["holds"]
    assert [(hold["code"], hold["candidate_id"]) for hold in held] == [("training_corrected", candidate)]
    assert (await desk.get(f"/api/v1/cases/{other_case}")).json()["supervised"]["holds"] == []
    notice = await desk.post(f"/cases/{case_id}/public-notices", {})
    assert notice.json()["type"] == "/problems/held_by_reviewer"
    lifted = {"hold_id": held[0]["hold_id"], "reason": "The hours suffice without these."}
    await desk.done(f"/cases/{case_id}/hold-liftings", lifted, V)
    assert await swept(desk) == 0
    await desk.through_to_office(case_id, [candidate])
    assert await swept(desk) == 0, "what was judged before the letter is judged"


async def test_a_corrected_record_that_was_counted_brings_the_case_of_somebody_in_office_back(desk: Desk) -> None:
    case_id, (candidate,), _ = await desk.appointed(LI)
    await desk.done("/training-record-corrections", correction(await counted(desk, case_id, candidate)), S)
    assert (await swept(desk), await swept(desk)) == (1, 0)
    (inquiry,) = await inquiries(desk, f"?case_id={case_id}")
    assert (inquiry["cause"], inquiry["because_of"].split("/")[0]) == ("training_corrected", "correction")


async def test_in_a_case_that_was_withdrawn_nothing_is_held(desk: Desk) -> None:
    case_id, (candidate,) = await desk.trained(LI)
    person = await counted(desk, case_id, candidate)
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was merged."})
    await desk.done("/training-record-corrections", correction(person), S)
    await desk.project()
    assert await due_reviews(desk.house.pool) == []


async def test_wrongdoing_after_the_letter_and_others_cases_bring_nothing_back(desk: Desk) -> None:
    await desk.appointed(LI)
    await desk.done("/sanctions", sanction(person="staff-3"), V)
    desk.clock.at = desk.clock.at.replace(year=2027)
    await desk.done("/sanctions", sanction(wrongdoing_from_on="2026-12-01", decided_on="2027-01-05"), V)
    assert await swept(desk) == 0


async def test_a_failed_probation_whose_cause_came_first_brings_its_closed_case_back(desk: Desk) -> None:
    reasons = "The diploma on file was bought in 2019."
    plain, _, _ = await desk.appointed(LI, post_id="plain")
    await desk.done(f"/cases/{plain}/probation-failures", {"reasons": reasons})
    assert await swept(desk) == 0
    case_id, _, _ = await desk.appointed(LI, post_id="predated")
    failed = {"reasons": reasons, "cause_predates_appointment": True}
    assert (await desk.done(f"/cases/{case_id}/probation-failures", failed))["status"] == "closed"
    assert await swept(desk) == 1
    (inquiry,) = await inquiries(desk)
    assert (inquiry["case_id"], inquiry["cause"]) == (case_id, "failed_probation")


async def test_a_death_between_the_sanction_and_the_inquiry_leaves_nothing_half_done(desk: Desk) -> None:
    """The sanction is in the log; whoever comes next, once or twice, with a read model behind or not, opens the one."""
    case_id, _, _ = await desk.appointed(LI)
    await desk.done("/sanctions", sanction(), V)
    await desk.project()
    (due,) = await due_reviews(desk.house.pool)
    asked = OpenReverseReview(cause=Cause.SANCTION, because_of=due.because_of)
    case = CaseId(case_id)
    inquiry = inquiry_id_of(case, due.because_of)
    who: Any = {"actor": SYSTEM, "command_id": reverse_review_command_id(case, due.because_of), "at": desk.clock()}
    first = await record_inquiry(desk.house.recorder, case, inquiry, asked, **who)  # then the process dies here
    assert await due_reviews(desk.house.pool) == [due]  # the read model does not know of it yet
    assert await ReverseReviews(desk.house, desk.clock).sweep() == 0
    again = await record_inquiry(desk.house.recorder, case, inquiry, asked, **who)
    assert again == replace(first, repeated=True)
    assert len(await desk.house.store.read_stream(inquiry_stream(inquiry))) == 1
    assert await swept(desk) == 0


async def test_the_packs_threshold_says_which_sanctions_bring_a_case_back(desk: Desk) -> None:
    await desk.appointed(LI)
    await desk.done("/sanctions", sanction(severity="warning"), V)
    await desk.project()
    (due,) = await due_reviews(desk.house.pool)
    await desk.house.pool.execute("UPDATE read_model.inquiry_office SET reviewed_from = 'dismissal'")
    assert await due_reviews(desk.house.pool) == []
    assert due.cause is Cause.SANCTION


async def test_supervision_inquires_of_its_own_accord_and_reads_what_it_sealed(desk: Desk) -> None:
    case_id, _, _ = await desk.appointed(LI)
    wish = {"cause": "own_initiative", "grounds": "The letter came on the day of the decision."}
    other = {"subject": "apart", "organ": "supervision-organ"}
    own = await desk.post(f"/cases/{case_id}/inquiries", wish, V)
    assert own.json()["type"] == "/problems/reviews_own_work"  # this officer concluded the review of the case
    opened = await desk.done(f"/cases/{case_id}/inquiries", wish, V, key="own-initiative-1", **other)
    inquiry = opened["inquiry_id"]
    assert "grounds" not in opened["events"][0]
    again = await desk.done(f"/cases/{case_id}/inquiries", wish, V, key="own-initiative-1", **other)
    assert again["repeated"] and again["inquiry_id"] == inquiry
    finding = {"code": "irregularity", "text": "The register was changed later."}
    await desk.done(f"/inquiries/{inquiry}/findings", finding, V, **other)
    conclusion = {"outcome": "shortcomings", "remarks": "Two officers keep it now."}
    await desk.done(f"/inquiries/{inquiry}/conclusions", conclusion, V, **other)
    late = await desk.post(f"/inquiries/{inquiry}/findings", finding, V, **other)
    assert late.json()["type"] == "/problems/inquiry_is_over"
    read = (await desk.get(f"/api/v1/inquiries/{inquiry}")).json()
    assert [step["type"] for step in read["steps"]] == ["inquiry_opened", "finding_recorded", "inquiry_concluded"]
    assert read["steps"][1]["what"]["text"] == finding["text"]
    assert (await desk.get(f"/api/v1/inquiries/{inquiry}", P)).status_code == 403
    (shown,) = await inquiries(desk, "?still_open=false")
    assert (shown["findings"], shown["outcome"]) == (1, "shortcomings")
    await hidden_from(desk, inquiry, V)  # acted in the case
    await hidden_from(desk, inquiry, D)  # decided it
    await hidden_from(desk, inquiry, V, subject="staff-2", organ="supervision-organ")  # was promoted


async def hidden_from(desk: Desk, inquiry: str, role: Role, **who: str) -> None:
    """To this officer the inquiry is as if there were none."""
    await desk.project()
    answers = {}
    for path in ("", f"/{inquiry}", "/0123456789ab"):
        answers[path] = await desk.http.get(f"/api/v1/inquiries{path}", headers=desk.headers(role, **who))
    assert answers[""].json()["inquiries"] == []
    _are_the_same(answers[f"/{inquiry}"], answers["/0123456789ab"], inquiry)
    if role is V:
        await hidden_from_who_writes(desk, inquiry, **who)


async def hidden_from_who_writes(desk: Desk, inquiry: str, **who: str) -> None:
    """Nothing that is sent tells this officer that there is such an inquiry; and nothing is recorded in it."""
    before = len(await desk.house.store.read_stream(inquiry_stream(inquiry)))
    finding, conclusion = {"code": "in_order", "text": "All is well."}, {"outcome": "nothing_found", "remarks": "None."}
    for path, body in (("findings", finding), ("conclusions", conclusion)):
        for query, if_match in (("", '"1"'), ("", '"3"'), ("?dry_run=true", '"1"')):
            address = "/api/v1/inquiries/{}/" + path + query
            headers = desk.headers(V, **who) | {"If-Match": if_match}
            known, unknown = [
                await desk.http.post(address.format(each), json=body, headers=headers)
                for each in (inquiry, "0123456789ab")
            ]
            _are_the_same(known, unknown, inquiry)
    assert len(await desk.house.store.read_stream(inquiry_stream(inquiry))) == before


def _are_the_same(known: httpx2.Response, unknown: httpx2.Response, inquiry: str) -> None:
    assert known.status_code == unknown.status_code == 404
    assert known.text == unknown.text.replace("0123456789ab", inquiry)
