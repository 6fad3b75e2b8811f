"""Refusals and faults as problem documents (RFC 9457): two kinds that never share a path."""

import math
from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.identity import Unauthenticated
from api.issuer_keys import IssuerUnreachable
from domain.audit_trail import AnotherOfficersSearch, SearchNotFound
from domain.conversation import NothingWasSentIn
from domain.course import CourseNotFound
from domain.facility import FacilityNotFound
from domain.forgetting import OneHandForgets
from domain.in_service import RegistersThemselves
from domain.inquiry import InquiryNotFound
from domain.joint_meeting_agenda import MeetingNotFound
from domain.joint_meeting_change import AgreesToOwnAddition
from domain.joint_meeting_minutes import SignsForBoth
from domain.joint_meeting_sitting import NotAtTheMeeting
from domain.law import Citation
from domain.opinion_asking import OpinionAskingNotFound
from domain.organ_request import RequestNotFound
from domain.problem_mending import OwnerAcceptsItself, ProblemNotFound
from domain.public_entry import EntryNotFound
from domain.recusal import ConflictedOfficer, ConflictUndecided
from domain.refusal import ActsInOwnCase, CaseNotFound, Refusal, WrongOrgan
from domain.subscription import SubscriptionNotFound
from domain.supervision_input import InputNotFound
from domain.supervision_watch import WatchNotFound
from domain.survey_method import SurveyMethodNotFound
from domain.survey_running import SurveyNotFound
from domain.teacher import AnotherSchoolsTeacher
from domain.training_act import TrainingActNotFound
from domain.training_inspection import AnotherSchoolsInspection
from domain.training_record import AnotherSchoolsRecord, SchoolsOwnTraining
from domain.webhook import AnotherOrgansWebhook, WebhookNotFound
from eventstore.codec import EntryTooLarge
from eventstore.contention import StaleVersion, TooBusy
from eventstore.keys import OwnerForgotten
from eventstore.pack_text import PackProblem
from eventstore.store import AppendRefused
from pages.regime import regime_pages
from pages.tagged_pdf import GlyphMissing
from projections.reading import AWAY

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[Refusal], int] = {
    CaseNotFound: 404,
    InquiryNotFound: 404,
    InputNotFound: 404,
    WatchNotFound: 404,
    OpinionAskingNotFound: 404,
    CourseNotFound: 404,
    FacilityNotFound: 404,
    TrainingActNotFound: 404,
    SearchNotFound: 404,
    SubscriptionNotFound: 404,
    EntryNotFound: 404,
    NothingWasSentIn: 404,
    WebhookNotFound: 404,
    SurveyNotFound: 404,
    SurveyMethodNotFound: 404,
    StaleVersion: 412,
    WrongOrgan: 403,
    ActsInOwnCase: 403,
    AnotherOfficersSearch: 403,
    AnotherSchoolsInspection: 403,
    AnotherSchoolsRecord: 403,
    AnotherSchoolsTeacher: 403,
    RegistersThemselves: 403,
    SchoolsOwnTraining: 403,
    ConflictedOfficer: 403,
    ConflictUndecided: 403,
    OneHandForgets: 403,
    AnotherOrgansWebhook: 403,
    ProblemNotFound: 404,
    RequestNotFound: 404,
    MeetingNotFound: 404,
    NotAtTheMeeting: 403,
    SignsForBoth: 403,
    AgreesToOwnAddition: 403,
    OwnerAcceptsItself: 403,
}


class NotAllowed(Exception):
    """The policies forbid it, whatever the case says."""

    def __init__(self, action: str, why: str, policies: tuple[str, ...]):
        super().__init__(why)
        self.action, self.why, self.policies = action, why, policies


class PackRefused(Exception):
    """A text that is sent as a pack and is none."""

    def __init__(self, problems: Sequence[PackProblem]):
        super().__init__("; ".join(f"{found.field}: {found.problem}" for found in problems))
        self.problems = problems


class NotFound(Exception):
    """There is nothing at this address."""

    def __init__(self, what: str):
        super().__init__(what)
        self.what = what


class Gone(Exception):
    """What stood at this address has done its work; `left` is what stays of it."""

    def __init__(self, what: str, **left: Any):
        super().__init__(what)
        self.what, self.left = what, left


class TooManyListeners(Exception):
    """As many follow the live stream as this process serves."""

    def __init__(self, most: int):
        super().__init__(most)
        self.most = most


class NotPublishedYet(Exception):
    """What is asked for is recorded, and no checkpoint speaks of it yet."""

    def __init__(self, what: str):
        super().__init__(what)
        self.what = what


class BodyTooLarge(Exception):
    """More was sent than the route takes."""

    def __init__(self, largest: int):
        super().__init__(largest)
        self.largest = largest


class NotProjectedYet(Exception):
    """A read model has not reached the position of the log that its reader waits for."""

    def __init__(self, position: int):
        super().__init__(position)
        self.position = position


def problem(status: int, name: str, title: str, detail: str, **more: Any) -> Response:
    """One problem document. `detail` is a whole sentence with the value, the limit and the next step."""
    body = {"type": f"/problems/{name}", "title": title, "status": status, "detail": detail, **more}
    headers = {"Retry-After": "1"} if status == 503 else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(orjson.dumps(body), status_code=status, media_type=MEDIA_TYPE, headers=headers)


def citation(cited: Citation) -> dict[str, Any]:
    """A rule as a problem document and the audit trail show it."""
    return {
        "path": cited.rule,
        "page": regime_pages(cited.pack, cited.rule),
        "pack": cited.pack,
        "says": {"en": cited.says.en, "zh": cited.says.zh},
        "instrument": {"en": cited.instrument.en, "zh": cited.instrument.zh},
        "article": cited.article,
        "in_force_from": cited.in_force_from,
        "confidence": str(cited.confidence),
        "verified": cited.verified,
    } | ({"also": [citation(other) for other in cited.also]} if cited.also else {})


def refusal_document(refusal: Refusal) -> Response:
    """A rule said no: which, with its source, and the facts."""
    status = STATUS.get(type(refusal), 409 if refusal.unlawful else 422)
    rule: dict[str, Any] = {"path": refusal.rule_path}
    if refusal.citation is not None:
        rule = citation(refusal.citation) | {"path": refusal.rule_path}
    more = {"field": refusal.field} if refusal.field else {}
    title = refusal.name.replace("_", " ").capitalize()
    return problem(
        status,
        refusal.name,
        title,
        refusal.sentence,
        refused=True,
        rule=rule,
        facts=refusal.facts,
        **more,
    )


def not_allowed_document(no: NotAllowed) -> Response:
    """The policies said no: to what, why, and which of them."""
    return problem(
        403, "not_allowed", "Not allowed", no.why, refused=True, action=no.action, policies=list(no.policies)
    )


def pack_refused_document(no: PackRefused) -> Response:
    """A text is no pack: the first mistake in a sentence, and each with what to do about it."""
    first, more = no.problems[0], len(no.problems) - 1
    others = f" There are {more} more mistakes." if more else ""
    detail = f"The text is no pack. {first.field}: {first.problem.rstrip('.')}. {first.what_to_do}{others}"
    errors = [{"field": it.field, "problem": it.problem, "next_step": it.what_to_do} for it in no.problems]
    rule = {"path": "house.a_pack_can_work"}
    return problem(422, "unreadable_pack", "Unreadable pack", detail, refused=True, rule=rule, errors=errors)


def malformed_document(found: Sequence[Any]) -> Response:
    """What was sent cannot be understood: each field, and what is wrong with it."""
    errors = [{"field": _field(one), "problem": one["msg"]} for one in found]
    said = "; ".join(f"{one['field']}: {one['problem']}" for one in errors[:3])
    return problem(422, "malformed", "Malformed request", f"Correct this and send it again: {said}.", errors=errors)


def too_large_document(error: Exception) -> Response:
    """The log cannot hold so much text in one entry."""
    return problem(422, "entry_too_large", "Too much text", f"{error}. Shorten it and send it again.")


def body_too_large_document(error: BodyTooLarge) -> Response:
    """More was sent than the route takes."""
    detail = f"The body is larger than {error.largest} bytes. Shorten it and send it again."
    return problem(413, "body_too_large", "Too large", detail)


def busy_document(fault: TooBusy) -> Response:
    """Others were quicker each time."""
    return problem(503, "too_busy", "Too busy", f"{fault}. Send it again with the same idempotency key.")


def away_document(fault: Exception, log: Any) -> Response:
    """The database is away."""
    log.warning("database unreachable", problem=str(fault))
    detail = "The log cannot be reached just now. Send it again with the same idempotency key: it is safe."
    return problem(503, "log_unreachable", "Try again", detail)


def fault_document(path: str, fault: Exception, log: Any) -> Response:
    """Something broke that nobody foresaw."""
    log.error("fault", path=path, fault=type(fault).__name__, exc_info=fault)
    detail = "Something broke here. Nothing was half-written. Send it again with the same idempotency key."
    return problem(500, "fault", "A fault of ours", detail)


def install(app: FastAPI, log: Any) -> None:
    """Has the app answer every refusal and every fault with a problem document."""

    @app.exception_handler(Refusal)
    async def _refused(_: Request, refusal: Refusal) -> Response:
        return refusal_document(refusal)

    @app.exception_handler(NotAllowed)
    async def _not_allowed(_: Request, no: NotAllowed) -> Response:
        return not_allowed_document(no)

    @app.exception_handler(Unauthenticated)
    async def _unauthenticated(_: Request, no: Unauthenticated) -> Response:
        return problem(401, "unauthenticated", "Who are you?", f"{no.reason} {no.next_step}")

    @app.exception_handler(NotFound)
    async def _not_found(_: Request, no: NotFound) -> Response:
        return problem(404, "not_found", "Not found", no.what)

    @app.exception_handler(Gone)
    async def _gone(_: Request, no: Gone) -> Response:
        return problem(410, "gone", "Gone", no.what, **no.left)

    @app.exception_handler(TooManyListeners)
    async def _too_many_listeners(_: Request, no: TooManyListeners) -> Response:
        detail = f"{no.most} listen already, the most that are served. Come back in a minute, or read /en/feed.atom."
        answer = problem(429, "too_many_listeners", "Too many listeners", detail)
        answer.headers["Retry-After"] = "60"
        return answer

    @app.exception_handler(PackRefused)
    async def _no_pack(_: Request, no: PackRefused) -> Response:
        return pack_refused_document(no)

    @app.exception_handler(RequestValidationError)
    async def _malformed(_: Request, error: RequestValidationError) -> Response:
        return malformed_document(error.errors())

    @app.exception_handler(BodyTooLarge)
    async def _body_too_large(_: Request, error: BodyTooLarge) -> Response:
        return body_too_large_document(error)

    @app.exception_handler(EntryTooLarge)
    @app.exception_handler(AppendRefused)
    async def _too_large(_: Request, error: Exception) -> Response:
        return too_large_document(error)

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> Response:
        if error.status_code == 400:  # what the framework says of a body that its reader gave up on
            return problem(422, "malformed", "Malformed request", "The body cannot be read as JSON. Correct it.")
        answer = problem(error.status_code, "http", error.detail, f"{error.detail}. See /api/docs for what exists.")
        answer.headers.update(error.headers or {})
        return answer

    _install_faults(app, log)


def forgotten_document(fault: OwnerForgotten) -> Response:
    """Somebody was forgotten while something was being recorded of them; whoever comes back is somebody new."""
    detail = "Somebody whom this is about was forgotten a moment ago. Send it again with the same idempotency key."
    return problem(503, "forgotten_meanwhile", "Forgotten meanwhile", detail)


def _install_faults(app: FastAPI, log: Any) -> None:
    @app.exception_handler(OwnerForgotten)
    async def _forgotten(_: Request, fault: OwnerForgotten) -> Response:
        return forgotten_document(fault)

    @app.exception_handler(TooBusy)
    async def _busy(_: Request, fault: TooBusy) -> Response:
        return busy_document(fault)

    @app.exception_handler(IssuerUnreachable)
    async def _issuer(_: Request, fault: IssuerUnreachable) -> Response:
        answer = problem(503, "issuer_unreachable", "Identity provider unreachable", str(fault))
        answer.headers["Retry-After"] = str(math.ceil(fault.retry_after.total_seconds()))
        return answer

    @app.exception_handler(NotPublishedYet)
    async def _unpublished(_: Request, fault: NotPublishedYet) -> Response:
        return problem(503, "not_published_yet", "Not published yet", fault.what)

    @app.exception_handler(GlyphMissing)
    async def _glyph(_: Request, fault: GlyphMissing) -> Response:
        log.error("a font is missing", package=fault.package)
        return problem(500, "font_missing", "A font is missing", str(fault))

    @app.exception_handler(NotProjectedYet)
    async def _behind(_: Request, fault: NotProjectedYet) -> Response:
        detail = f"Position {fault.position} cannot be read here yet. Ask again; what was recorded is safe in the log."
        return problem(503, "not_projected_yet", "Not visible yet", detail)

    async def _away(_: Request, fault: Exception) -> Response:
        return away_document(fault, log)

    for away in AWAY:
        app.add_exception_handler(away, _away)

    @app.exception_handler(Exception)
    async def _fault(request: Request, fault: Exception) -> Response:
        # The route and not the address: the last part of one may be a token that its holder alone may know.
        return fault_document(getattr(request.scope.get("route"), "path", "other"), fault, log)


def _field(found: dict[str, Any]) -> str:
    """The field that an error is about, as its sender wrote it; a custom error may say where inside of it."""
    place = (*found["loc"], *found.get("ctx", {}).get("at", ()))
    parts = [str(part) for part in place if part not in ("body", "query", "path", "header")]
    return ".".join(parts) or str(place[0] if place else "body")
