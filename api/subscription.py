"""Subscribing to notices by e-mail: a page and its API twin, both without a token of a person and without a script.

Nobody learns here whether an address is known: every request that is well formed gets the same answer.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field, ValidationError

from api.answers import JSON, OPEN_READS, PROBLEM, Answers
from api.daily_limit import DailyLimit, TooManyToday
from api.public_notice import HTML, language_of, missing
from api.visitor import MailGoes, Services
from api.writing import API
from domain.command import Command
from domain.law import Language
from domain.notice_filter import NoticeFilter
from domain.refusal import Refusal
from domain.subscription import (
    CONFIRM_WITHIN,
    ConfirmSubscription,
    EndSubscription,
    RequestSubscription,
)
from eventstore.subscription_recording import ask_for_subscription, confirm, end
from pages.response_headers import form_headers
from pages.subscription import Said, button_page, said_page, subscribe_page

router = APIRouter(prefix=API, tags=["subscriptions"])
public = APIRouter(include_in_schema=False)

BY_ANYBODY: Answers = {
    **{status: answer for status, answer in OPEN_READS.items() if status != 404},
    409: {**PROBLEM, "description": "This installation sends no mail"},
    413: {**PROBLEM, "description": "The body is larger than 1 MiB"},
}
BY_TOKEN: Answers = {
    **BY_ANYBODY,
    404: {**PROBLEM, "description": "No such token"},
    409: {**PROBLEM, "description": "It has lapsed or ended"},
}


class NoMailFromHere(Refusal):
    """No mail server is named, and nothing is promised that nobody sends."""

    rule = "house.nothing_is_promised_that_nobody_sends"


class SubscriptionAsked(BaseModel):
    """The same for every address, known or not."""

    confirm_within_days: int = Field(description="a mail asks for a confirmation, if the mailbox is not full of ours")
    mail_goes: MailGoes = Field(description="out, or into a folder of an installation that is only being tried")


class SubscriptionStands(BaseModel):
    """What became of it."""

    confirmed: bool


@router.post(
    "/subscriptions",
    operation_id="request_subscription",
    summary="Ask that an address be told of notices",
    status_code=202,
    responses={202: {"model": SubscriptionAsked, "description": "A mail asks the owner"}, **BY_ANYBODY},
    response_model=None,
    openapi_extra={
        "requestBody": {
            "content": {
                "application/json": {
                    "example": {
                        "address": "reader@example.org",
                        "language": "en",
                        "often": "each_week",
                        "filter": {"organ": "Registry"},
                    }
                }
            }
        }
    },
)
async def request_subscription(request: Request, body: RequestSubscription) -> Response:
    """Nothing is sent but that question until the owner of the mailbox has said yes."""
    await _asked(request, body)
    said = SubscriptionAsked(confirm_within_days=CONFIRM_WITHIN.days, mail_goes=_services(request).mail_goes)
    return Response(said.model_dump_json(), 202, media_type=JSON)


@router.post(
    "/subscription-confirmations",
    operation_id="confirm_subscription",
    summary="Confirm a subscription from the mailbox",
    responses={200: {"model": SubscriptionStands, "description": "Confirmed"}, **BY_TOKEN},
    response_model=None,
    openapi_extra={
        "requestBody": {
            "content": {"application/json": {"example": {"token": "0123456789abcdefghjkmnpqrstvwxyz0123456789"}}}
        }
    },
)
async def confirm_subscription(request: Request, body: ConfirmSubscription) -> Response:
    """The token is the last part of the address in the mail."""
    services = _services(request)
    await confirm(services.store, services.keys, body, services.clock())
    return Response(orjson.dumps({"confirmed": True}), media_type=JSON)


@router.post(
    "/subscription-endings",
    operation_id="end_subscription",
    summary="End a subscription",
    responses={200: {"model": SubscriptionStands, "description": "Ended, and the address destroyed"}, **BY_TOKEN},
    response_model=None,
    openapi_extra={
        "requestBody": {
            "content": {"application/json": {"example": {"token": "0123456789abcdefghjkmnpqrstvwxyz0123456789"}}}
        }
    },
)
async def end_subscription(request: Request, body: EndSubscription) -> Response:
    """When the answer comes, the key of the address is destroyed."""
    services = _services(request)
    await end(services.store, services.keys, body, services.clock())
    return Response(orjson.dumps({"confirmed": False}), media_type=JSON)


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


async def _asked(request: Request, command: RequestSubscription) -> None:
    services = _services(request)
    if services.mail_goes == "nowhere":
        raise NoMailFromHere(
            "This installation sends no mail. Read the notices on the page or by their feed, or ask its operators to "
            "name a mail server."
        )
    try:
        limit = _limit(request)
        limit.subscription(request.client.host if request.client else "")
        limit.mailbox(command.address)
    except TooManyToday:
        return  # answered like any other: what was asked of a mailbox before is nobody's to know
    await ask_for_subscription(services.store, services.keys, command, services.clock())


def _limit(request: Request) -> DailyLimit:
    if not hasattr(request.app.state, "mail_limit"):
        request.app.state.mail_limit = DailyLimit(_services(request).clock)
    limit: DailyLimit = request.app.state.mail_limit
    return limit


@public.api_route("/{language}/subscribe", methods=["GET", "HEAD"])
async def subscribe(request: Request, language: str) -> Response:
    """The form. The query of the address is the filter of the notice list."""
    if (spoken := language_of(language)) is None:
        return missing("en")
    return _form(request, spoken, dict(request.query_params))


@public.post("/{language}/subscribe")
async def ask(request: Request, language: str) -> Response:
    """What the form sends; a mistake is shown beside its field, with everything that was written still in it."""
    if (spoken := language_of(language)) is None:
        return missing("en")
    written = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), max_num_fields=20))
    chosen = {name: text for name, text in written.items() if name in NoticeFilter.model_fields and text}
    try:
        command = RequestSubscription.model_validate(
            {"address": written.get("address", ""), "often": written.get("often", ""), "language": spoken}
            | {"filter": chosen}
        )
        await _asked(request, command)
    except ValidationError as error:
        return _form(request, spoken, written, wrong={str(found["loc"][0]) for found in error.errors()})
    except NoMailFromHere:
        return _form(request, spoken, written)
    return RedirectResponse(f"/{spoken}/subscribe/asked", 303, {"Cache-Control": "no-store"})


def _form(
    request: Request,
    language: Language,
    written: Mapping[str, str],
    wrong: set[str] = frozenset(),  # type: ignore[assignment]
) -> Response:
    page = subscribe_page(
        language, written, wrong=wrong, mail_goes=_services(request).mail_goes, public_url=_services(request).public_url
    )
    return Response(page, 422 if wrong else 200, form_headers(language), HTML)


@public.api_route("/{language}/subscribe/asked", methods=["GET", "HEAD"])
async def asked(request: Request, language: str) -> Response:
    """What happens next."""
    return _said(request, language, Said.ASKED)


@public.api_route("/{language}/subscribe/confirm/{token}", methods=["GET", "HEAD"])
async def confirm_button(request: Request, language: str, token: str) -> Response:
    """A button and nothing more: whatever reads the links of a mail must not confirm."""
    return _button(request, language, "confirm")


@public.post("/{language}/subscribe/confirm/{token}")
async def confirm_pressed(request: Request, language: str, token: str) -> Response:
    """The owner of the mailbox has pressed it."""
    return await _pressed(request, language, Said.CONFIRMED, token)


@public.api_route("/{language}/subscribe/leave/{token}", methods=["GET", "HEAD"])
async def leave_button(request: Request, language: str, token: str) -> Response:
    """A button and nothing more."""
    return _button(request, language, "leave")


@public.post("/{language}/subscribe/leave/{token}")
async def leave_pressed(request: Request, language: str, token: str) -> Response:
    """The owner has pressed it, or their mail program has done so for them.

    Source: RFC 8058.
    """
    return await _pressed(request, language, Said.ENDED, token)


def _button(request: Request, language: str, act: str) -> Response:
    if (spoken := language_of(language)) is None:
        return missing("en")
    return Response(button_page(spoken, act), headers=form_headers(spoken), media_type=HTML)


async def _pressed(request: Request, language: str, said: Said, token: str) -> Response:
    services = _services(request)
    try:
        command: Command
        if said is Said.CONFIRMED:
            command = ConfirmSubscription(token=token)
            await confirm(services.store, services.keys, command, services.clock())
        else:
            command = EndSubscription(token=token)
            await end(services.store, services.keys, command, services.clock())
    except (Refusal, ValidationError):
        return _said(request, language, Said.UNKNOWN, status=404)
    return _said(request, language, said)


def _said(request: Request, language: str, said: Said, status: int = 200) -> Response:
    if (spoken := language_of(language)) is None:
        return missing("en")
    page = said_page(spoken, said, mail_goes=_services(request).mail_goes)
    return Response(page, status, form_headers(spoken), HTML)
