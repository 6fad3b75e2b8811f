"""Every route of the app is tried by every role and by nobody: a new route stands in this table or the test fails."""

from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts

from api.staff_page import STAFF_PAGES
from domain.access import AccessRefused, access_stream
from domain.identity import OfficerId, Role
from eventstore.codec import decode
from runtime.publisher import LogPublishing
from runtime.settings import Settings
from tests.desk import Desk, open_desk

PEOPLE = [role for role in Role if role is not Role.SYSTEM]
P, S, V, D, A, M, X = PEOPLE
EVERYBODY: set[Role | None] = {*PEOPLE, None}
STAFF: set[Role | None] = {P, S, V, D, A}
CASE = "/api/v1/cases/{case_id}"
ENTRY = f"{CASE}/entries/{{entry_id}}"
COURSE = "/api/v1/courses/{course_id}"
REQUEST = "/api/v1/organ-requests/{request_id}"
PROBLEM = "/api/v1/problems/{problem_id}"

# Who is let through to the rules of the case; whoever is not is told 401 (no token) or 403.
MAY: dict[str, set[Role | None]] = {
    "POST /api/v1/cases": {P},
    f"POST {CASE}/suspensions": {V},
    f"POST {CASE}/resumptions": {V},
    f"POST {CASE}/withdrawals": {P},
    f"POST {CASE}/candidates": {P},
    f"POST {CASE}/candidate-withdrawals": {P},
    f"POST {CASE}/nomination-closings": {P},
    f"POST {CASE}/training-verifications": {S},
    f"POST {CASE}/make-up-trainings": {S},
    f"POST {CASE}/public-notices": {P},
    f"POST {CASE}/notice-corrections": {P},
    f"POST {CASE}/objections": {V},
    f"POST {CASE}/objection-disposals": {V},
    f"POST {CASE}/objection-acknowledgements": {V},
    f"POST {ENTRY}/questions": {P, V},
    f"POST {ENTRY}/messages": {P, V},
    f"POST {ENTRY}/admissions": {X},
    f"POST {ENTRY}/rejections": {X},
    f"POST {ENTRY}/answers": {P},
    f"GET {ENTRY}": {P, V, A, X},
    f"GET {ENTRY}/attachments/{{attachment_id}}": {P, V, A, X},
    "GET /api/v1/entries": {P, V, A},
    "GET /api/v1/unmoderated-entries": {X, A},
    "GET /api/v1/moderation-reasons": EVERYBODY,
    f"POST {CASE}/objection-admissions": {X},
    f"POST {CASE}/objection-rejections": {X},
    f"POST {CASE}/opinion-requests": {V},
    f"POST {CASE}/opinions": {V},
    f"POST {CASE}/review-conclusions": {V},
    f"POST {CASE}/decision-meetings": {D},
    f"POST {CASE}/decisions": {D},
    f"POST {CASE}/declined-decisions": {D},
    f"POST {CASE}/reconsiderations": {D},
    f"POST {CASE}/minutes-annotations": {D},
    f"POST {CASE}/appointments": {P, D},
    f"POST {CASE}/probation-confirmations": {P},
    f"POST {CASE}/probation-failures": {P},
    f"POST {CASE}/deviations": {V, D},
    f"POST {CASE}/records": {P, V, D},
    f"POST {CASE}/record-signatures": {P, V, D},
    f"POST {CASE}/stage-conclusions": {P, V, D},
    f"POST {CASE}/clock-pauses": {V},
    f"POST {CASE}/clock-resumptions": {V},
    f"POST {CASE}/exceptions": {P},
    f"POST {CASE}/exception-withdrawals": {P},
    f"POST {CASE}/prior-reports": {P, V},
    f"POST {CASE}/prior-report-replies": {V},
    f"POST {CASE}/breaches": {V},
    f"POST {CASE}/moves": {V, D},
    "POST /api/v1/packs": {D},
    "GET /api/v1/packs": STAFF,
    "GET /api/v1/packs/{pack_id}/{version}": STAFF,
    f"POST {CASE}/interest-declarations": {P, S, V, D},
    f"POST {CASE}/interest-checks": {P, V},
    f"POST {CASE}/conflict-decisions": {V},
    f"POST {CASE}/duty-assignments": {P, S, V, D},
    f"POST {CASE}/supervision-points": {P, S, V, D},
    f"POST {CASE}/holds": {V},
    f"POST {CASE}/hold-liftings": {V, D},
    f"POST {CASE}/queries": {V},
    f"POST {CASE}/query-answers": {P, S, D},
    "POST /api/v1/batches": {P, S, D},
    "GET /api/v1/batches/{batch_id}": STAFF,
    "GET /api/v1/batches/templates/{action}.csv": EVERYBODY,
    "GET /api/v1/packs/{pack_id}/differences": STAFF,
    f"POST {CASE}/criteria": {P},
    "GET /api/v1/reports/promotion-by-unit": {P, V, A},
    "POST /api/v1/training-figures": STAFF,
    f"POST {CASE}/inquiries": {V},
    "POST /api/v1/inquiries/{inquiry_id}/findings": {V},
    "POST /api/v1/inquiries/{inquiry_id}/conclusions": {V},
    "POST /api/v1/sanctions": {V},
    "POST /api/v1/yearly-reports": {P},
    "GET /api/v1/yearly-reports": {P, V, D, A},
    "GET /api/v1/yearly-reports/{year}": {P, V, D, A},
    "GET /api/v1/yearly-reports/{year}/parts": {P, V, D, A},
    **{f"{method} /{{language}}/yearly-reports": EVERYBODY for method in ("GET", "HEAD")},
    "POST /api/v1/private-notes": {P, V, D},
    "GET /api/v1/private-notes": {P, V, D},
    "POST /api/v1/supervision-inputs": {V},
    **{
        f"POST /api/v1/supervision-inputs/{{input_id}}/{act}": {V}
        for act in ("verifications", "dismissals", "referrals")
    },
    "GET /api/v1/supervision-inputs": {P, V, D, A},
    "GET /api/v1/supervision-inputs/{input_id}": {V},
    "POST /api/v1/opinion-askings": {P, V},
    "POST /api/v1/opinion-askings/{asking_id}/counts": {P, V},
    "GET /api/v1/opinion-askings": {P, V, D, A},
    "GET /api/v1/opinion-askings/{asking_id}": {P, V, D, A},
    "GET /api/v1/supervision-channels": {P, V, D, A},
    "POST /api/v1/supervision-watches": {V},
    "POST /api/v1/supervision-watches/{watch_id}/points": {V},
    "POST /api/v1/supervision-watches/{watch_id}/conclusions": {V},
    "GET /api/v1/supervision-watches": {V, A},
    "GET /api/v1/supervision-watches/{watch_id}": {V, A},
    "POST /api/v1/person-overviews": {V, A},
    "POST /api/v1/reviewer-records": {V, A},
    "POST /api/v1/service-registrations": {P},
    "POST /api/v1/service-endings": {P},
    "POST /api/v1/training-records": {S},
    "POST /api/v1/training-record-corrections": {S},
    "POST /api/v1/school-keys": {S},
    "POST /api/v1/school-key-revocations": {S},
    "POST /api/v1/training-imports": {S},
    "POST /api/v1/service-imports": {P},
    "GET /api/v1/school-keys/{organ}": STAFF,
    "POST /api/v1/training-import-receipts": STAFF,
    "POST /api/v1/training-standings": STAFF,
    "POST /api/v1/training-rules": {P},
    "POST /api/v1/training-plans": {P},
    "POST /api/v1/training-plans/{plan_id}/closings": {P},
    "POST /api/v1/training-guidance": {P},
    "POST /api/v1/training-coordination": {P},
    "POST /api/v1/training-inspections": {P},
    "POST /api/v1/training-inspections/{inspection_id}/answers": {S},
    "GET /api/v1/training-rules": EVERYBODY,
    "GET /api/v1/training-plans": EVERYBODY,
    "GET /api/v1/training-plans/{plan_id}": EVERYBODY,
    "GET /api/v1/training-guidance": EVERYBODY,
    "GET /api/v1/training-coordination": EVERYBODY,
    "GET /api/v1/training-inspections": EVERYBODY,
    "GET /api/v1/training-inspections/{inspection_id}/remarks": {P, S, V, A},
    "POST /api/v1/facilities": {S},
    "POST /api/v1/facilities/{facility_id}/changes": {S},
    "GET /api/v1/facilities": {*STAFF, M},
    "POST /api/v1/teachers": {S},
    "POST /api/v1/courses": {S},
    "GET /api/v1/courses": {*STAFF, M},
    f"GET {COURSE}": STAFF,
    f"POST {COURSE}/changes": {S},
    f"POST {COURSE}/cancellations": {S},
    f"POST {COURSE}/sendings": {P},
    f"POST {COURSE}/participants": {S},
    f"POST {COURSE}/participant-withdrawals": {S},
    f"POST {COURSE}/study-records": {S},
    f"POST {COURSE}/attendance-records": {S},
    f"POST {COURSE}/examination-records": {S},
    f"POST {COURSE}/assessment-records": {S},
    f"POST {COURSE}/completions": {S},
    f"POST {COURSE}/ratings": {P, S, V, D, M},
    "GET /api/v1/training-standings/mine": {*STAFF, M},
    "GET /api/v1/readiness": STAFF,
    "GET /api/v1/training-register": {P, S, V, A},
    f"GET {CASE}/training-standings": STAFF,
    "GET /api/v1/inquiries": {V, D, A},
    "GET /api/v1/inquiries/{inquiry_id}": {V, D, A},
    "GET /api/v1/duties": STAFF,
    "POST /api/v1/forgettings": {P},
    "POST /api/v1/forgetting-approvals": {V},
    "POST /api/v1/forgetting-refusals": {V},
    "POST /api/v1/forgetting-withdrawals": {P},
    "GET /api/v1/forgettings": {P, V, A},
    "POST /api/v1/forgetting-readings": {P, V, A},
    "GET /api/v1/cases": STAFF,
    f"GET {CASE}": STAFF,
    f"GET {CASE}/exceptions": STAFF,
    "GET /api/v1/exceptions": STAFF,
    "GET /api/v1/exception-counts": STAFF,
    f"GET {CASE}/timeline": STAFF,
    f"GET {CASE}/explanation": STAFF,
    "GET /api/v1/audit-events": {P, V, D, A},
    "GET /api/v1/audit-events/{position}": {P, V, D, A},
    "GET /api/v1/audit-exports/{format}": {P, V, D, A},
    "GET /api/v1/audit-searches": {P, V, D, A},
    "POST /api/v1/audit-searches": {P, V, D, A},
    "POST /api/v1/audit-searches/{search_id}/removals": {P, V, D, A},
    f"GET {CASE}/sealed": {V, D, A},
    f"GET {CASE}/dossier": {P, V, D, A},
    "POST /api/v1/webhooks": {P, V, A},
    "POST /api/v1/webhook-endings": {P, V, A},
    "POST /api/v1/webhook-tests": {P, V, A},
    "GET /api/v1/webhooks": {P, V, A},
    "POST /api/v1/joint-meetings": {P, V},
    **{
        f"POST /api/v1/joint-meetings/{{meeting_id}}/{step}": {P, V}
        for step in (
            *(
                "agenda-items",
                "agenda-additions",
                "addition-agreements",
                "cancellations",
                "called-in-organs",
                "attendance-records",
                "openings",
                "statements",
                "findings",
                "resolutions",
            ),
            *("closings", "signatures", "annotations"),
        )
    },
    "GET /api/v1/joint-meetings": {P, V, D, A},
    "GET /api/v1/joint-meetings/{meeting_id}": {P, V, D, A},
    "GET /api/v1/joint-meetings/{meeting_id}/minutes": {P, V, D, A},
    "GET /api/v1/joint-meetings/{meeting_id}/statistics": STAFF,
    "POST /api/v1/problems": {P, V},
    f"POST {PROBLEM}/remedies": {P, S, V, D},
    f"POST {PROBLEM}/remedy-acceptances": {P, V, D},
    f"POST {PROBLEM}/remedy-refusals": {P, V, D},
    f"POST {PROBLEM}/reopenings": {P, V},
    "GET /api/v1/problems": STAFF,
    f"GET {PROBLEM}": STAFF,
    f"GET {PROBLEM}/details": {V, A},
    "GET /api/v1/problems.csv": STAFF,
    "GET /api/v1/problems.jsonl": STAFF,
    "GET /api/v1/problem-counts": {P, V, D, A},
    "POST /api/v1/checks": {P, V},
    "POST /api/v1/check-results": {P, V, D},
    "POST /api/v1/check-readings": {P, V, A},
    "POST /api/v1/organ-requests": {P, V, D},
    f"POST {REQUEST}/answers": {P, S, V, D},
    f"POST {REQUEST}/declinings": {P, S, V, D},
    f"POST {REQUEST}/withdrawals": {P, V, D},
    "GET /api/v1/organ-requests": STAFF,
    f"GET {REQUEST}": STAFF,
    f"GET {REQUEST}/particulars": STAFF,
    "POST /api/v1/survey-methods": {V},
    "POST /api/v1/surveys": {V},
    "POST /api/v1/surveys/{survey_id}/codes": {V},
    "POST /api/v1/surveys/{survey_id}/withdrawals": {V},
    "POST /api/v1/surveys/{survey_id}/counts": {V},
    "POST /api/v1/surveys/{survey_id}/uses": {P, V, D},
    "GET /api/v1/surveys/{survey_id}/house-report": {V},
    "GET /api/v1/survey-methods": EVERYBODY,
    "GET /api/v1/surveys": EVERYBODY,
    "GET /api/v1/surveys/{survey_id}": EVERYBODY,
    "GET /api/v1/open-data/index.csv": EVERYBODY,
    "GET /{language}/index": EVERYBODY,
    "HEAD /{language}/index": EVERYBODY,
    **{f"{method} /{{language}}/surveys/{{survey_id}}/ballot": EVERYBODY for method in ("GET", "HEAD", "POST")},
    "GET /api/v1/reviewer-record": STAFF,
    "GET /api/v1/trend-report": {P, V, D, A},
    "GET /api/v1/trend-report.csv": {P, V, D, A},
    **{f"{method} /{{language}}/staff": EVERYBODY for method in ("GET", "HEAD")},
    **{f"{method} /{{language}}{page.path}": EVERYBODY for page in STAFF_PAGES for method in ("GET", "HEAD")},
    "GET /api/v1/challenges": EVERYBODY,
    "POST /api/v1/receipts": EVERYBODY,
    "POST /api/v1/receipts/messages": EVERYBODY,
    "POST /api/v1/receipts/proofs": EVERYBODY,
    **{
        f"POST /api/v1/notices/{{notice_id}}/{kind}": EVERYBODY
        for kind in ("objections", "comments", "recommendations", "error-reports")
    },
    **{
        f"{method} /{{language}}/notices/{{notice_id}}/{form}": EVERYBODY
        for method in ("GET", "HEAD", "POST")
        for form in ("object", "comment", "recommend", "report-error")
    },
    **{
        f"{method} /{{language}}/receipt{step}": EVERYBODY
        for method, step in (
            ("GET", ""),
            ("HEAD", ""),
            ("POST", ""),
            ("GET", "/{step}"),
            ("HEAD", "/{step}"),
            ("POST", "/back"),
            ("POST", "/file"),
            ("POST", "/message"),
            ("POST", "/proof"),
        )
    },
    "POST /api/v1/subscriptions": EVERYBODY,
    "POST /api/v1/subscription-confirmations": EVERYBODY,
    "POST /api/v1/subscription-endings": EVERYBODY,
    "GET /{language}/subscribe": EVERYBODY,
    "HEAD /{language}/subscribe": EVERYBODY,
    "POST /{language}/subscribe": EVERYBODY,
    "GET /{language}/subscribe/asked": EVERYBODY,
    "HEAD /{language}/subscribe/asked": EVERYBODY,
    **{
        f"{method} /{{language}}/subscribe/{act}/{{token}}": EVERYBODY
        for method in ("GET", "HEAD", "POST")
        for act in ("confirm", "leave")
    },
    "GET /log/checkpoint": EVERYBODY,
    "GET /log/cosigned": EVERYBODY,
    "GET /log/keys": EVERYBODY,
    "GET /log/status": EVERYBODY,
    "GET /log/tile/{path:path}": EVERYBODY,
    "GET /log/timestamps/{name}": EVERYBODY,
    "GET /log/proof/{position}": EVERYBODY,
    "GET /log/proof/cases/{case_id}": EVERYBODY,
    "GET /log/proof/notices/{notice_id}": EVERYBODY,
    "GET /api/v1/notices": EVERYBODY,
    "GET /api/v1/notices/{notice_id}": EVERYBODY,
    "GET /sitemap.xml": EVERYBODY,
    "HEAD /sitemap.xml": EVERYBODY,
    "GET /robots.txt": EVERYBODY,
    "HEAD /robots.txt": EVERYBODY,
    "GET /api/v1/notice-texts/{notice_id}": EVERYBODY,
    "GET /api/v1/notices/events": EVERYBODY,
    "GET /api/v1/figures": EVERYBODY,
    **{f"{method} /{{language}}/figures": EVERYBODY for method in ("GET", "HEAD")},
    **{
        f"GET /api/v1/open-data/{file}": EVERYBODY
        for file in (
            "notices.csv",
            "notices.jsonl",
            "notices.jsonld",
            "schema.json",
            "catalogue.json",
            "cases.csv",
            "cases.jsonl",
        )
    },
    **{f"{method} /{{language}}/feed.{form}": EVERYBODY for method in ("GET", "HEAD") for form in ("atom", "json")},
    "GET /api/v1/openapi.json": EVERYBODY,
    "HEAD /api/v1/openapi.json": EVERYBODY,
    "GET /api/docs": EVERYBODY,
    "HEAD /api/docs": EVERYBODY,
    "GET /problems/{name}": EVERYBODY,
    "GET /healthz": EVERYBODY,
    "GET /readyz": EVERYBODY,
    "GET /metrics": EVERYBODY,
    "GET /static/{name}": EVERYBODY,
    "HEAD /static/{name}": EVERYBODY,
    "GET /": EVERYBODY,
    "HEAD /": EVERYBODY,
    "GET /notices/{notice_id}": EVERYBODY,
    "HEAD /notices/{notice_id}": EVERYBODY,
    "GET /{language}/": EVERYBODY,
    "HEAD /{language}/": EVERYBODY,
    "GET /{language}/regimes/": EVERYBODY,
    "HEAD /{language}/regimes/": EVERYBODY,
    "GET /{language}/regimes/{pack_id}": EVERYBODY,
    "HEAD /{language}/regimes/{pack_id}": EVERYBODY,
    **{
        f"GET /api/v1/reports/training/{report}": EVERYBODY
        for report in ("coverage", "methods", "teachers", "facilities", "promotion")
    },
    "GET /{language}/training/reports": EVERYBODY,
    "HEAD /{language}/training/reports": EVERYBODY,
    "GET /{language}/training": EVERYBODY,
    "HEAD /{language}/training": EVERYBODY,
    "GET /{language}/training/standing": EVERYBODY,
    "HEAD /{language}/training/standing": EVERYBODY,
    "GET /{language}/log": EVERYBODY,
    "HEAD /{language}/log": EVERYBODY,
    "GET /{language}/log/verifier.html": EVERYBODY,
    "HEAD /{language}/log/verifier.html": EVERYBODY,
    "GET /{language}/notices": EVERYBODY,
    "HEAD /{language}/notices": EVERYBODY,
    "GET /{language}/notices/{notice_id}/large-print": EVERYBODY,
    "HEAD /{language}/notices/{notice_id}/large-print": EVERYBODY,
    "GET /{language}/notices/{notice_id}/poster.pdf": EVERYBODY,
    "HEAD /{language}/notices/{notice_id}/poster.pdf": EVERYBODY,
    "GET /{language}/notices/{notice_id}/code.svg": EVERYBODY,
    "HEAD /{language}/notices/{notice_id}/code.svg": EVERYBODY,
    "GET /{language}/notices/{notice_id}.ics": EVERYBODY,
    "HEAD /{language}/notices/{notice_id}.ics": EVERYBODY,
    "GET /{language}/notices/{notice_id}": EVERYBODY,
    "HEAD /{language}/notices/{notice_id}": EVERYBODY,
    # Of the embedded mode alone: the local issuer's two documents.
    "GET /issuer/.well-known/openid-configuration": EVERYBODY,
    "GET /issuer/jwks.json": EVERYBODY,
}

ONE_OF_A_KIND = {
    *(
        f"{kind}/0123456789ab"
        for kind in (
            "case",
            "inquiry",
            "training_inspection",
            "batch",
            "course",
            "problem",
            "organ_request",
            "survey",
            "joint_meeting",
        )
    ),
    "training-files",
}
"""What an attempt can be aimed at beside a resource as a whole."""


# What some readings must be asked with.
ASKED = {
    "/api/v1/readiness": {"unit": "Registry"},
    "/api/v1/private-notes": {"kind": "case", "about": "0123456789ab"},
    "/api/v1/trend-report.csv": {"table": "stages"},
    "/api/v1/packs/{pack_id}/differences": {"from": "1", "to": "2"},
}

SAME_AS = {
    "explain_case": "read_case",
    "read_audit_event": "read_audit_trail",
    "export_problems_as_lines": "export_problems",
    "read_opinion_asking": "read_opinion_askings",
    "read_trend_report_as_table": "read_trend_report",
    "read_yearly_report_parts": "read_yearly_report",
}
QUESTIONS = {
    "/api/v1/training-standings": {"person": "staff-4711"},
    "/api/v1/training-import-receipts": {"sha256": "5e" * 32},
    "/api/v1/training-figures": {"person": "staff-4711"},
    "/api/v1/forgetting-readings": {"person": "staff-4711"},
    "/api/v1/check-readings": {"person": "staff-4711", "kind": "file"},
    "/api/v1/person-overviews": {"person": "staff-4711"},
    "/api/v1/reviewer-records": {"person": "staff-4711"},
}


def routes(app: FastAPI) -> Iterator[tuple[str, str, RouteContext]]:
    """Method, path and route of everything that the app answers; nothing else than routes may be mounted in it."""
    for route in iter_route_contexts(app.routes):
        assert route.path is not None and route.methods, f"{route!r} is no plain route, so this test cannot walk it"
        for method in sorted(route.methods):
            yield method, route.path, route


def address(path: str) -> str:
    filled = {
        "case_id": "0123456789ab",
        "notice_id": "0123456789ab",
        "inquiry_id": "0123456789ab",
        "year": "2025",
        "input_id": "0123456789ab",
        "watch_id": "0123456789ab",
        "asking_id": "0123456789ab",
        "course_id": "0123456789ab",
        "facility_id": "0123456789ab",
        "name": "gazette.css",
        "language": "en",
    }
    filled |= {"path": "0/000", "position": "0"}
    filled |= {"pack_id": "standard", "version": "1"}
    filled |= {"organ": "training-school", "position": "0", "search_id": "0123456789ab", "format": "csv"}
    filled |= {"plan_id": "0123456789ab", "inspection_id": "0123456789ab"}
    filled |= {"token": "0" * 42, "step": "message"}
    filled |= {"entry_id": "0123456789ab", "attachment_id": "0123456789ab"}
    filled |= {"problem_id": "0123456789ab", "request_id": "0123456789ab"}
    filled |= {"meeting_id": "0123456789ab"}
    filled |= {"survey_id": "0123456789ab"}
    filled |= {"batch_id": "0123456789ab", "action": "open_case"}
    return path.replace("{path:path}", "{path}").format_map(filled)


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    """A door with everything that an installation has at it."""
    async with open_desk(settings, with_issuer=True) as opened:
        yield opened


async def attempt(desk: Desk, method: str, path: str, role: Role | None) -> int:
    headers = {"Idempotency-Key": "walking-every-route"} if role is None else desk.headers(role)
    body = QUESTIONS.get(path, {}) if method == "POST" else None
    answer = await desk.http.request(method, address(path), params=ASKED.get(path), json=body, headers=headers)
    return answer.status_code


def test_every_route_stands_in_the_table_and_every_entry_is_a_route(desk: Desk) -> None:
    assert {f"{method} {path}" for method, path, _ in routes(desk.app)} == set(MAY)


async def test_every_route_lets_through_the_roles_of_the_table_and_nobody_else(desk: Desk) -> None:
    await desk.project()
    await LogPublishing(desk.house, None, desk.clock).once()
    desk.app.state.notice_listeners.most = 0  # the stream would go on for ever
    wrong = []
    for method, path, _ in routes(desk.app):
        for role in (*PEOPLE, None):
            status = await attempt(desk, method, path, role)
            expected = role in MAY[f"{method} {path}"]
            refused = status == (401 if role is None else 403)
            if refused is expected or status >= 500:
                wrong.append((method, path, role, status))
    assert wrong == []


async def test_every_refused_attempt_is_on_the_log_once_with_who_what_and_why(desk: Desk) -> None:
    expected: set[tuple[Role, str]] = set()
    resources = {
        path.split("/")[3] for path in {path for _, path, _ in routes(desk.app)} if path.startswith("/api/v1/")
    }
    for method, path, route in routes(desk.app):
        for role in PEOPLE:
            if role not in MAY[f"{method} {path}"]:
                assert await attempt(desk, method, path, role) == 403
                action = str(route.operation_id)
                expected.add((role, SAME_AS.get(action, action)))
    for role in PEOPLE:
        subject = await desk.house.keys.subject_for(f"example-{role.replace('_', '-')}")
        stored = await desk.house.store.read_stream(access_stream(OfficerId(subject)))
        attempts = [decode(found).event for found in stored]
        assert all(isinstance(found, AccessRefused) and found.policy for found in attempts)
        noted = [(found.attempted, found.target) for found in attempts if isinstance(found, AccessRefused)]
        assert {action for action, _ in noted} == {action for of, action in expected if of is role}
        assert len(noted) == len(set(noted))
        assert {target for _, target in noted} <= {*resources, *ONE_OF_A_KIND}


def test_no_person_can_carry_the_role_of_the_engine(desk: Desk) -> None:
    actions = {getattr(route, "operation_id", None) for _, _, route in routes(desk.app)}
    assert not {"let_timer_run_out", "recount_due_dates", "doubt_training"} & actions
