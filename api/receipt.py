"""The pages of receipt codes: typed back, kept in a file, typed again by whoever comes back; never in an address."""

import hmac
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.attachment import ACCEPTED
from api.daily_limit import TooManyToday
from api.entry_reading import NotYet, message_in
from api.entry_sending import address_of, limit_of, message_purpose, send_message
from api.form_answer import in_words, page, sent_in, told_when
from api.form_body import FormBody, read_form
from api.form_key import FormKey, new_form_key, read_form_key
from api.listing import reached
from api.problem import NotPublishedYet
from api.public_notice import language_of, missing
from api.receipt_reading import READ_FROM, Held, held_by_code, receipt_proof
from api.visitor import Services
from domain.law import Language
from domain.receipt_code import NotAReceiptCode, read_receipt_code
from domain.refusal import Refusal
from domain.taking_part_rule import EntryKind
from pages.entry_form import NO_WORK, FieldError, Filled
from pages.receipt import receipt_address, receipt_ask_page, receipt_code_page, receipt_file
from pages.receipt_status import receipt_status_page
from pages.response_headers import taking_headers
from pages.translations import words
from pages.transparency_log import moment_in_words

public = APIRouter(include_in_schema=False)


@public.api_route("/{language}/receipt", methods=["GET", "HEAD"])
async def ask_for_code(language: str) -> Response:
    """Where a code is typed."""
    if (spoken := language_of(language)) is None:
        return missing("en")
    return page(receipt_ask_page(spoken), spoken)


@public.api_route("/{language}/receipt/{step}", methods=["GET", "HEAD"])
async def come_back(language: str, step: str) -> Response:
    """A step of a receipt that is opened without what was typed leads to where it is typed."""
    if (spoken := language_of(language)) is None:
        return missing("en")
    return RedirectResponse(receipt_address(spoken), 303, taking_headers(spoken))


@public.post("/{language}/receipt/back")
async def type_code_back(request: Request, language: str) -> Response:
    """Whoever has just sent an entry shows that they have its code, and goes on to what becomes of it."""
    spoken, body, form = await _of_a_form(request, language)
    code, typed = form.receipt_code(_services(request).keys), body.values.get("code", "")
    try:
        right = hmac.compare_digest(read_receipt_code(typed), code)
    except NotAReceiptCode:
        right = False
    if right:
        return await _status(request, code, spoken, after=await _services(request).store.size() - 1)
    return page(_shown_again(form, body, code, spoken), spoken, 422)


@public.post("/{language}/receipt/file")
async def save_code(request: Request, language: str) -> Response:
    """The code as a file, from the page that shows it."""
    spoken, _, form = await _of_a_form(request, language)
    services = _services(request)
    text = receipt_file(form.receipt_code(services.keys), spoken, public_url=services.public_url)
    named = {"Content-Disposition": 'attachment; filename="receipt-code.txt"'}
    return Response(text, headers={**taking_headers(spoken), **named, "Content-Type": "text/plain; charset=utf-8"})


@public.post("/{language}/receipt")
async def read_status(request: Request, language: str) -> Response:
    """What became of what was sent in, for whoever has its code."""
    if (spoken := language_of(language)) is None:
        return missing("en")
    body = await read_form(request)
    typed = body.values.get("code", "")
    try:
        limit_of(request.app).look(address_of(request))
        return await _status(request, read_receipt_code(typed), spoken)
    except NotAReceiptCode as no:
        return _asked_again(spoken, typed, "character" if "stands in no" in no.sentence else "mistyped")
    except TooManyToday as no:
        again = _asked_again(spoken, typed, "too_often", 429, at=moment_in_words(no.again_at, spoken))
        return told_when(again, no, request)


@public.post("/{language}/receipt/message")
async def say_more(request: Request, language: str) -> Response:
    """The holder of a code answers a question, or says more, in words and files."""
    spoken = language_of(language) or "en"
    body = await read_form(request)
    code = read_receipt_code(body.values.get("code", ""))
    held = await held_by_code(_services(request), code, spoken)
    if held is None:
        return _asked_again(spoken, code, "unknown", 404)
    try:
        text = message_in(body.values, bool(body.files), spoken)
        position = await send_message(request.app, held.row, sent_in(request, body), text)
    except NotYet as no:
        return _shown(request, held, code, spoken, no.errors, body.values)
    except TooManyToday as no:
        says = words(spoken)("entry.error.too_many_today", at=moment_in_words(no.again_at, spoken))
        return told_when(_shown(request, held, code, spoken, (FieldError("", says),), body.values, 429), no, request)
    except Refusal as no:
        return _shown(request, held, code, spoken, (in_words(no, spoken),), body.values)
    return await _status(request, code, spoken, after=position, sent=True)


@public.post("/{language}/receipt/proof")
async def read_receipt_proof(request: Request, language: str) -> Response:
    """The proof that an entry was filed: its event in the log as everybody reads it, which says nothing of it."""
    spoken, services = language_of(language) or "en", _services(request)
    code = read_receipt_code((await read_form(request)).values.get("code", ""))
    held = await held_by_code(services, code, spoken)
    if held is None:
        return _asked_again(spoken, code, "unknown", 404)
    try:
        proof = await receipt_proof(services, held.row)
    except NotPublishedYet:
        later = FieldError("proof", words(spoken)("status.proof_later"))
        return _shown(request, held, code, spoken, (later,), status=503)
    named = {"Content-Disposition": 'attachment; filename="receipt.tlog-proof"'}
    return Response(proof, headers={**taking_headers(spoken), **named, "Content-Type": "text/plain; charset=utf-8"})


async def _status(
    request: Request, code: str, language: Language, *, after: int | None = None, sent: bool = False
) -> Response:
    services = _services(request)
    await reached(services.pool, READ_FROM, after)
    held = await held_by_code(services, code, language)
    if held is None:
        return _asked_again(language, code, "unknown", 404)
    return _shown(request, held, code, language, sent=sent)


def _shown(
    request: Request,
    held: Held,
    code: str,
    language: Language,
    errors: tuple[FieldError, ...] = (),
    typed: Mapping[str, str] | None = None,
    status: int = 0,
    sent: bool = False,
) -> Response:
    services = _services(request)
    form = new_form_key(message_purpose(held.row), services.clock())
    filled = Filled(form.written(services.keys), NO_WORK, typed or {}, errors, ACCEPTED)
    shown = receipt_status_page(held.status, code, language, filled=filled, may_write=held.may_write, sent=sent)
    return page(shown, language, status or (422 if errors else 200))


def _asked_again(language: Language, typed: str, what: str, status: int = 422, **facts: object) -> Response:
    error = FieldError("code", words(language)(f"receipt.error.{what}", **facts))
    return page(receipt_ask_page(language, typed=typed, errors=(error,)), language, status)


async def _of_a_form(request: Request, language: str) -> tuple[Language, FormBody, FormKey]:
    """The form that an entry was sent with: its key shows its code once more, for as long as the form lasts.

    Refuses: FormNotOurs, FormTooOld.
    """
    services = _services(request)
    body = await read_form(request)
    form = read_form_key(body.values.get("form", ""), body.values.get("purpose", ""), services.clock(), services.keys)
    return language_of(language) or "en", body, form


def _shown_again(form: FormKey, body: FormBody, code: str, language: Language) -> str:
    return receipt_code_page(
        EntryKind(form.purpose.partition("/")[0]),
        code,
        language,
        key=body.values["form"],
        purpose=form.purpose,
        typed=body.values.get("code", ""),
        wrong=True,
    )


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services
