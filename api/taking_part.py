"""The forms by which anybody takes part in a case, and what comes of sending one."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from api.attachment import ACCEPTED
from api.daily_limit import TooManyToday
from api.entry_reading import NotYet, said_in
from api.entry_sending import purpose_for, send_in
from api.form_answer import form_problem, in_words, page, sent_in, told_when
from api.form_body import FormBody, read_form
from api.form_key import new_form_key
from api.proof_of_work import work_for
from api.public_notice import NOTICE_ID, language_of, missing
from api.visitor import Services
from domain.law import Language
from domain.objection import NoNoticeToObjectTo
from domain.refusal import CaseHasEnded, OutOfOrder, Refusal
from domain.taking_part_rule import EntryKind
from pages.entry_address import ADDRESSES
from pages.entry_form import FieldError, Filled, Sum, entry_form_page
from pages.receipt import receipt_code_page
from pages.translations import words
from pages.transparency_log import moment_in_words
from projections.public_notice import notice_by_id
from projections.visible_notice import VisibleNotice, taken_from_the_public

public = APIRouter(include_in_schema=False)

OVER = (NoNoticeToObjectTo, CaseHasEnded, OutOfOrder)
"""What the rules refuse because the notice takes no more."""

KEPT = ("about", "grounds", "text", "identity", "name")
"""Fields that are shown again as they were typed."""


def _shown(kind: EntryKind) -> Callable[..., Awaitable[Response]]:
    async def show_form(request: Request, language: str, notice_id: str) -> Response:
        spoken = language_of(language)
        notice = await _notice(request, notice_id)
        if spoken is None or notice is None:
            return missing(spoken or "en")
        if kind not in taken_from_the_public(notice):
            return form_problem("closed", spoken, 409)
        return page(entry_form_page(notice, kind, _fresh(request, kind, notice), spoken), spoken)

    return show_form


def _sent(kind: EntryKind) -> Callable[..., Awaitable[Response]]:
    async def send_form(request: Request, language: str, notice_id: str) -> Response:
        spoken = language_of(language)
        notice = await _notice(request, notice_id)
        if spoken is None or notice is None:
            return missing(spoken or "en")
        if kind not in taken_from_the_public(notice):
            return form_problem("closed", spoken, 409)
        return await _answer(request, kind, notice, await read_form(request), spoken)

    return send_form


async def _answer(
    request: Request, kind: EntryKind, notice: VisibleNotice, body: FormBody, language: Language
) -> Response:
    """The code of what was recorded, or the form once more with what to put right in it."""
    try:
        said = said_in(kind, body.values, notice, language)
        taken = await send_in(request.app, notice, sent_in(request, body), said)
    except NotYet as no:
        return _again(request, kind, notice, body, language, no.errors)
    except TooManyToday as no:
        what = "too_many_today" if no.of_this_address else "too_many_unproven"
        says = words(language)(f"entry.error.{what}", at=moment_in_words(no.again_at, language))
        return told_when(_again(request, kind, notice, body, language, (FieldError("", says),), 429), no, request)
    except OVER:
        return form_problem("closed", language, 409)
    except Refusal as no:
        return _again(request, kind, notice, body, language, (in_words(no, language),))
    shown = receipt_code_page(
        kind,
        taken.code,
        language,
        key=taken.form.written(_services(request).keys),
        purpose=taken.form.purpose,
        position=taken.position,
        moderated=taken.awaits_admission,
    )
    return page(shown, language)


def _again(
    request: Request,
    kind: EntryKind,
    notice: VisibleNotice,
    body: FormBody,
    language: Language,
    errors: tuple[FieldError, ...],
    status: int = 422,
) -> Response:
    """The form as it came, with a key of its own: what stands in it was not recorded."""
    if body.files and all(error.at != "files" for error in errors):
        errors = (*errors, FieldError("files", words(language)("entry.files.again")))
    typed = {name: body.values[name] for name in KEPT if name in body.values}
    return page(entry_form_page(notice, kind, _fresh(request, kind, notice, typed, errors), language), language, status)


def _fresh(
    request: Request,
    kind: EntryKind,
    notice: VisibleNotice,
    typed: dict[str, str] | None = None,
    errors: tuple[FieldError, ...] = (),
) -> Filled:
    services = _services(request)
    form = new_form_key(purpose_for(kind, notice.notice_id), services.clock())
    work = work_for(form, services.keys)
    asked = Sum(work.challenge, work.salt, work.signature, work.maxNumber)
    return Filled(form.written(services.keys), asked, typed or {}, errors, ACCEPTED)


async def _notice(request: Request, notice_id: str) -> VisibleNotice | None:
    services = _services(request)
    if re.fullmatch(NOTICE_ID, notice_id) is None:
        return None
    return await notice_by_id(services.pool, notice_id, services.clock())


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _add_routes(to: APIRouter) -> None:
    for kind, last in ADDRESSES.items():
        address: Any = f"/{{language}}/notices/{{notice_id}}/{last}"
        to.add_api_route(address, _shown(kind), methods=["GET", "HEAD"])
        to.add_api_route(address, _sent(kind), methods=["POST"])


_add_routes(public)
