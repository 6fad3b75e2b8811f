"""Cases of many fates on one log, and what the read models make of them."""

from typing import Any
from uuid import uuid4

from api.training_plan import PLAN
from domain.identity import SYSTEM, CaseId, Role
from domain.notice_filter import NoticeFilter
from domain.retention import CaseFileDestroyed, CaseFileExpired, retention_stream
from domain.subscription import (
    ConfirmationMailed,
    ConfirmSubscription,
    DigestSent,
    EndSubscription,
    RequestSubscription,
    SubscriptionRequested,
    subscription_stream,
)
from domain.taking_part_rule import EntryKind
from domain.webhook import WebhookDisabled, webhook_stream
from eventstore.noting import note
from eventstore.subscription_recording import Purpose, ask_for_subscription, confirm, end, token_of
from projections.projection import Projection
from tests.api.test_joint_meeting import convened, held
from tests.api.test_organ_request import asked
from tests.api.test_supervision_input import ASKED, COUNTED, INPUT, RESTRICTED, VERIFY
from tests.api.test_supervision_problem import found, mended
from tests.api.test_supervision_watch import concluded, watched
from tests.api.test_survey import USE, counted, method, proposed
from tests.api.test_training_act import RULE
from tests.api.test_training_inspection import ANSWER, INSPECTION
from tests.classroom import AMINA, WEI, Classroom
from tests.desk import D, Desk, P, S, V
from tests.sent_in import comments, objects

LI = {"person": "staff-2", "particulars": {"full_name": "Li Wei", "sex": "f", "birth_year_month": "1980-05"}}
CHEN = {"person": "staff-3", "particulars": {"full_name": "陈静", "results": "Cleared the backlog."}}
UNTRAINED = {"person": "staff-5", "particulars": {"full_name": "Zhao Min"}}
SERVICE = {"person": "staff-3", "unit": "Registry", "pack": "standard", "rank": "officer", "since_on": "2024-09-01"}
INQUIRY = {"cause": "own_initiative", "grounds": "The letter was issued on the day of the decision."}
SANCTION = {
    "person": "staff-3",
    "severity": "dismissal",
    "wrongdoing_from_on": "2024-05-01",
    "decided_on": "2026-03-01",
    "grounds": "Payments of a supplier from May 2024 on.",
}
WAIVER = {
    "rule": "training.requirements.1.hours",
    "code": "exceptional",
    "reason": "The school was closed for the whole year after the flood.",
}
TITLE = {"particular": "post_title", "says": "Head Clerk of Records"}
RULING = {"reason": "Waiting for a ruling in a related matter."}


async def lived(desk: Desk) -> dict[str, str]:
    """Cases by their fate."""
    await desk.done("/service-registrations", SERVICE)
    await _taught(desk)
    granted, _, _ = await desk.appointed(CHEN, post_id="granted")
    await desk.run_out(granted, "probation")
    await desk.done(f"/cases/{granted}/probation-confirmations", {})
    await _looked_into(desk, granted)
    await _planned(desk)
    await _told_to_supervision(desk)
    await _proposed_to_be_forgotten(desk)
    await _subscribed(desk)
    await _hooked(desk)
    await _supervised(desk)
    await _surveyed(desk)
    withdrawn = await _withdrawn(desk)
    await _kept_long_enough(desk, withdrawn)
    return {
        "granted": granted,
        "nominating": await desk.opened(post_id="nominating"),
        "withdrawn": withdrawn,
        "resting": await _resting(desk),
        "upheld": await _objected(desk, "upheld"),
        "dismissed": await _objected(desk, "dismissed"),
        "not_passed": await _not_passed(desk),
        "untrained": await _untrained(desk),
        "noticed": await _taken_part_in(desk),
        "filed": await _from_a_file(desk),
        "regulated": (await desk.trained(LI, post_id="regulated", pack="cn.sr2019"))[0],
        "met": await _met(desk),
    }


async def _met(desk: Desk) -> str:
    """A case that both departments met over, and a meeting to come."""
    case_id = await desk.opened(post_id="met")
    await held(desk)
    await convened(desk)
    return case_id


async def _taken_part_in(desk: Desk) -> str:
    """A case about whose notice strangers have objected, commented and been written to."""
    case_id, _, _ = await desk.noticed(LI, CHEN, post_id="noticed")
    objection = await objects(desk, case_id, awaits_admission=True)
    await desk.done(f"/cases/{case_id}/objection-admissions", {"objection_id": objection}, Role.MODERATOR)
    await desk.done(f"/cases/{case_id}/objection-acknowledgements", {"objection_id": objection}, V)
    await desk.done(f"/cases/{case_id}/entries/{objection}/questions", {"text": "When was it?"}, V)
    comment, report = await comments(desk, case_id), await comments(desk, case_id, EntryKind.ERROR_REPORT)
    await desk.done(f"/cases/{case_id}/entries/{comment}/admissions", {}, Role.MODERATOR)
    answer = {"outcome": "corrected", "public_answer": "It was put right."}
    await desk.done(f"/cases/{case_id}/entries/{report}/answers", answer)
    return case_id


async def _supervised(desk: Desk) -> None:
    """A problem that was mended at the second try, and one that was never mended; a request answered, and one not."""
    await mended(desk, await found(desk))
    await found(desk, severity="grave")
    await desk.done(f"/organ-requests/{await asked(desk)}/answers", {"answer": "Three, all in March."})
    await asked(desk)


async def _surveyed(desk: Desk) -> None:
    """A survey that was counted and put to use, and one that was only set; its days are over before the cases begin."""
    began = desk.clock.at
    method_id = await method(desk)
    survey = await counted(desk, method_id, "very", "not")
    desk.clock.at = began
    await desk.done(f"/surveys/{survey}/uses", USE)
    await proposed(desk, method_id)


async def _hooked(desk: Desk) -> None:
    """A webhook that is told, one that was tried and given up, and one that was ended."""
    ids = [(await desk.done("/webhooks", {"url": "https://example.org/"}))["webhook_id"] for _ in range(3)]
    await desk.done("/webhook-tests", {"webhook_id": ids[1]})
    await desk.done("/webhook-endings", {"webhook_id": ids[2]})
    store, keys, at = desk.house.store, desk.house.keys, desk.clock()
    given_up = WebhookDisabled(webhook_id=ids[1], failing_since=at, status=503)
    await note(store, keys, webhook_stream(ids[1]), given_up, actor=SYSTEM, command_id=uuid4(), at=at)


async def _subscribed(desk: Desk) -> None:
    """A reader who was asked, confirmed and was told; one who left; and one who is still to be asked."""
    store, keys, at = desk.house.store, desk.house.keys, desk.clock()
    for organ in ("Registry", "Archive", "Harbour"):
        wish = RequestSubscription(address="reader@example.org", filter=NoticeFilter(organ=organ))
        (asked,) = (await ask_for_subscription(store, keys, wish, at)).events
        assert isinstance(asked, SubscriptionRequested)
        person = asked.subscriber_id
        if organ == "Harbour":
            continue
        await confirm(store, keys, ConfirmSubscription(token=token_of(keys, Purpose.CONFIRM, person)), at)
        mailed = ConfirmationMailed(subscriber_id=person, request=0, mailed_at=at)
        for event in (mailed, DigestSent(subscriber_id=person, on=at.date(), up_to=0, count=1)):
            await note(store, keys, subscription_stream(person), event, actor=SYSTEM, command_id=uuid4(), at=at)
        if organ == "Archive":
            await end(store, keys, EndSubscription(token=token_of(keys, Purpose.LEAVE, person)), at)


async def _kept_long_enough(desk: Desk, case_id: str) -> None:
    """What the keeper of files records of a case whose time is over."""
    case, rule, day = CaseId(case_id), "retention.without_appointment.at_most", desk.clock().date()
    expired = CaseFileExpired(case_id=case, ended_on=day, kept_until=day, rule=rule)
    destroyed = CaseFileDestroyed(case_id=case, destroyed_on=day, rule=rule, sealed_parts=2)
    for event in (expired, destroyed):
        store, keys, stream = desk.house.store, desk.house.keys, retention_stream(case)
        await note(store, keys, stream, event, actor=SYSTEM, command_id=uuid4(), at=desk.clock())


async def _taught(desk: Desk) -> None:
    """A course in a facility of its own, which one person completed and rated and another left."""
    school = Classroom(desk)
    terms = {"staff_type": "visiting", "profession": "law", "birth_year": 1974, "from_on": "2026-01-01"}
    teacher = await desk.done("/teachers", {"person": "staff-9", "terms": terms}, S)
    course_id = await school.course(facility_id=await school.facility(), teachers=[teacher["person_id"]])
    await desk.done(f"/courses/{course_id}/sendings", AMINA)
    for who in (AMINA, WEI):
        await school.enrolled(course_id, who)
    await school.attended(course_id, 1, WEI | {"attended_hours": 3, "leave_hours": 3, "leave_reason": "A hearing."})
    await school.recorded(course_id)
    await school.completed(course_id)
    await desk.done(f"/courses/{course_id}/ratings", {"rating": 4}, subject=AMINA["person"])


async def _looked_into(desk: Desk, case_id: str) -> None:
    """An inquiry into a case, and a sanction of whoever was appointed in it."""
    await desk.done(f"/cases/{case_id}/inquiries", INQUIRY, V, subject="another-officer")
    await desk.done("/sanctions", SANCTION, V)


async def _proposed_to_be_forgotten(desk: Desk) -> None:
    """Three who have left, of whom supervision lets one be forgotten and keeps another; the third is taken back."""
    for number, judged in ((1, "approvals"), (2, "refusals"), (3, "withdrawals")):
        left = {"person": f"left-{number}"}
        await desk.done("/service-registrations", SERVICE | left)
        await desk.done("/service-endings", left | {"until_on": "2026-01-31"})
        await desk.done("/forgettings", left | {"ground": "request", "reason": "Asked for in writing."})
        reason = {"reason": "A complaint is not settled."} if judged == "refusals" else {}
        await desk.done(f"/forgetting-{judged}", left | reason, P if judged == "withdrawals" else V)


async def _told_to_supervision(desk: Desk) -> None:
    """An input that was verified, one that is restricted, opinions of which one direction was counted, and watches."""
    made = await desk.done("/supervision-inputs", INPUT, V)
    await desk.done(f"/supervision-inputs/{made['input_id']}/verifications", VERIFY, V, subject="a-colleague")
    await desk.done("/supervision-inputs", RESTRICTED, V)
    asked = await desk.done("/opinion-askings", ASKED, P)
    await desk.done(f"/opinion-askings/{asked['asking_id']}/counts", COUNTED, P)
    await concluded(desk, await watched(desk))
    await watched(desk, due_on="2040-01-01")


async def _planned(desk: Desk) -> None:
    """A plan in its second version, a rule in place of another, and an inspection that was answered."""
    planned = PLAN | {"year": 2030}  # years have passed on this desk by now
    plan = (await desk.done("/training-plans", planned))["plan_id"]
    changed = {"plan_id": plan, "title": "Clerks 2030", "reason": "It is for clerks."}
    await desk.done("/training-plans", planned | changed)
    ruled = RULE | {"effective_on": "2030-01-01"}
    rule = (await desk.done("/training-rules", ruled))["rule_id"]
    await desk.done("/training-rules", ruled | {"replaces": rule})
    inspection = (await desk.done("/training-inspections", INSPECTION))["inspection_id"]
    await desk.done(f"/training-inspections/{inspection}/answers", ANSWER, S)


async def _from_a_file(desk: Desk) -> str:
    """A case opened by a line of a file, in which a rule was waived."""
    lines = "post_id,title,unit,rank\nregistry/1,Clerk,Registry,officer\n"
    headers = desk.headers(P) | {"Content-Type": "text/csv"}
    answer = await desk.http.post("/api/v1/batches?action=open_case", content=lines, headers=headers)
    assert answer.status_code == 200, answer.text
    case_id = str(answer.json()["report"][0]["case_id"])
    await desk.done(f"/cases/{case_id}/deviations", WAIVER, V)
    return case_id


async def _withdrawn(desk: Desk) -> str:
    case_id, _, _ = await desk.noticed(LI, post_id="withdrawn")
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    return case_id


async def _resting(desk: Desk) -> str:
    case_id, candidates, _ = await desk.noticed(LI, CHEN, post_id="resting")
    for about in (TITLE, {"particular": "full_name", "says": "Chen Yan", "candidate_id": candidates[1]}):
        await desk.done(f"/cases/{case_id}/notice-corrections", about | {"reason": "It was written wrongly."})
    await desk.done(f"/cases/{case_id}/candidate-withdrawals", {"candidate_id": candidates[0]})
    await desk.done(f"/cases/{case_id}/suspensions", RULING, V)
    await desk.done(f"/cases/{case_id}/resumptions", {}, V)
    await desk.done(f"/cases/{case_id}/suspensions", RULING, V)
    return case_id


async def _objected(desk: Desk, outcome: str) -> str:
    case_id, candidates, _ = await desk.noticed(LI, post_id=outcome)
    objection = await desk.objected(case_id, candidate_id=candidates[0])
    await desk.run_out(case_id, "public_notice")
    await desk.disposed(case_id, objection, outcome)
    return case_id


async def _not_passed(desk: Desk) -> str:
    case_id, candidates, _ = await desk.noticed(LI, post_id="not-passed")
    await desk.run_out(case_id, "public_notice")
    await desk.reviewed(case_id)
    await desk.done(f"/cases/{case_id}/decision-meetings", desk.meeting(candidates, "disagree"), D)
    return case_id


async def _untrained(desk: Desk) -> str:
    case_id, candidates = await desk.nominated(UNTRAINED, post_id="untrained")
    await desk.done(f"/cases/{case_id}/training-verifications", {"candidate_id": candidates[0]}, S)
    return case_id


async def lapsed(desk: Desk) -> str:
    """A case whose appointment lapsed for want of training."""
    case_id, candidates = await desk.nominated(UNTRAINED, post_id="lapsed")
    wish = {"candidate_id": candidates[0], "conditional": True}
    await desk.done(f"/cases/{case_id}/training-verifications", wish, S)
    await desk.through_to_office(case_id, candidates)
    await desk.run_out(case_id, "make_up_training")
    return case_id


async def shown(desk: Desk, projections: tuple[Projection, ...]) -> dict[str, Any]:
    """Every row of every read model, byte for byte, and where each of them stands."""
    pool = desk.house.pool
    tables = [table for projection in projections for table in projection.tables]
    rows = {table: await pool.fetch(f"SELECT t::text AS row FROM read_model.{table} t ORDER BY 1") for table in tables}
    positions = await pool.fetch("SELECT name, version, position, problem FROM read_model.projection ORDER BY name")
    return {table: [row["row"] for row in found] for table, found in rows.items()} | {
        "positions": [tuple(row.values()) for row in positions]
    }
