"""Opening a public notice over HTTP, and the pages and documents that the public reads of it."""

import re
from collections.abc import Hashable
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from api.answers import GONE, JSON, RuleShown, open_reads
from api.case_opening import CaseIdInPath
from api.door import Writes
from api.kept_pages import Page, kept_pages
from api.problem import Gone, NotFound, citation
from api.transparency_log import proof_of_stream
from api.visitor import Services
from api.writing import API, writes
from domain.appointment import case_stream
from domain.identity import CaseId
from domain.law import Language
from domain.notice_filter import NoticeFilter, NoticeState
from domain.public_notice import OpenPublicNotice
from pages.log_alarm import log_alarm
from pages.notice_text import notice_text
from pages.public_notice import not_found_page, public_notice_page
from pages.response_headers import headers
from projections.notice_list import find_notices
from projections.public_notice import notice_by_id, notice_mark
from projections.visible_notice import Standing, VisibleNotice

router = APIRouter(prefix=API, tags=["public notice"])
public = APIRouter(include_in_schema=False)
open_data = APIRouter(prefix=API, tags=["public notice"])
HTML = "text/html; charset=utf-8"
NOTICE_ID = "[0-9a-z]{12}"
NoticeId = Annotated[str, Path(pattern=f"^{NOTICE_ID}$", description="notice id")]


class Notice(BaseModel):
    """A notice as open data: what its page shows, and no more."""

    notice_id: str
    number: str
    case_id: str
    post: dict[str, Any]
    pack: str
    jurisdiction: str
    opens_on: date
    closes_on: date
    elapsed_on: date | None
    window: dict[str, Any] = Field(description="the days of the window, and why each counts or does not")
    explanation: dict[str, list[str]] = Field(description="the same in sentences, by language")
    candidates: list[dict[str, str]] = Field(description="the pack's fields of each; empty once the notice is over")
    standing: Standing
    gone: dict[str, Any] | None = Field(
        description="since when, why, and under which rule, its names are not shown; null while they are"
    )
    open_objections: int
    objections: dict[str, Any] = Field(description="how many were lodged, how many wait, and the others by outcome")
    said: list[dict[str, Any]] = Field(description="what a moderator let through, and public answers, while visible")
    versions: list[dict[str, Any]] = Field(description="what changed when, with the position and hash of each event")
    rules: list[RuleShown]
    position: int
    hash: str


class NoticeText(BaseModel):
    """What a notice said, in canonical form, with a salt without which its hash cannot be guessed at."""

    notice_id: str
    version: int
    candidates: list[dict[str, str]]
    salt: str


class Notices(BaseModel):
    open: list[Notice]
    recent: list[Notice]


@writes(router, "/cases/{case_id}/public-notices", status_code=201, summary="Open the public notice", example={})
async def open_public_notice(door: Writes, case_id: CaseIdInPath, body: OpenPublicNotice) -> Response:
    """Without dates it opens today, for the shortest lawful window; its end is recorded by the engine."""
    return await door.record(case_id, body, 201)


@open_data.get(
    "/notices",
    operation_id="read_notices",
    summary="Notices that stand, and those that have just ended",
    responses=open_reads(Notices, "Both lists"),
)
async def notices(request: Request) -> Response:
    """No token is needed: this is what the public page shows."""
    standing, ended = await both_lists(request.app.state.services)
    body = {name: [notice_body(found) for found in listed] for name, listed in (("open", standing), ("recent", ended))}
    return Response(orjson.dumps(body), media_type=JSON)


async def both_lists(services: Services) -> tuple[list[VisibleNotice], list[VisibleNotice]]:
    """Notices that run or are to come, and the latest that are over."""
    at, pool = services.clock(), services.pool
    listed = [
        *(await find_notices(pool, NoticeFilter(state=NoticeState.OPEN), at, limit=1000)).notices,
        *(await find_notices(pool, NoticeFilter(state=NoticeState.TO_COME), at, limit=1000)).notices,
    ]
    return listed, list((await find_notices(pool, NoticeFilter(state=NoticeState.CLOSED), at, limit=100)).notices)


@open_data.get(
    "/notices/{notice_id}",
    operation_id="read_notice",
    summary="One notice",
    responses=open_reads(Notice, "The notice") | GONE,
)
async def notice(request: Request, notice_id: NoticeId) -> Response:
    """No token is needed: this is what the public page shows."""
    return Response(orjson.dumps(notice_body(await _live_notice(request, notice_id))), media_type=JSON)


@open_data.get(
    "/notice-texts/{notice_id}",
    operation_id="read_notice_text",
    summary="The text of a notice, whose hash is on the log",
    responses=open_reads(NoticeText, "The exact bytes that were hashed") | GONE,
)
async def text(request: Request, notice_id: NoticeId) -> Response:
    """Keep it, and you can show later what the notice said: `sha256sum` gives the hash that the log has of it."""
    services: Services = request.app.state.services
    found = await _live_notice(request, notice_id)
    if not found.candidates:
        raise NotFound(f"Notice {found.number} names nobody before its first day. Ask again when it stands.")
    kept = {"Content-Disposition": f'attachment; filename="notice-{notice_id}-{found.versions[-1].number}.json"'}
    return Response(notice_text(found, services.keys), media_type=JSON, headers=kept | {"Cache-Control": "no-cache"})


async def _live_notice(request: Request, notice_id: str) -> VisibleNotice:
    found = await _notice(request, notice_id)
    if found.gone is None:
        return found
    raise Gone(
        f"Notice {found.number} has done its work since {found.gone.since:%-d %B %Y}, and names nobody any longer. "
        "What is left of it is in `notice`.",
        notice=notice_body(found),
    )


async def _notice(request: Request, notice_id: str) -> VisibleNotice:
    services: Services = request.app.state.services
    found = await notice_by_id(services.pool, notice_id, services.clock())
    if found is None:
        raise NotFound("There is no notice at this address. The list of notices is at /en/ and /zh/.")
    return found


def notice_body(notice: VisibleNotice) -> dict[str, Any]:
    """A notice as open data: what its page shows, and no more."""
    return {
        "notice_id": notice.notice_id,
        "number": notice.number,
        "case_id": notice.case_id,
        "post": {"title": notice.post_title, "unit": notice.unit, "rank": notice.rank.model_dump()},
        "pack": notice.pack_reference,
        "jurisdiction": notice.jurisdiction,
        "opens_on": notice.window.opens_on,
        "closes_on": notice.window.closes_on,
        "elapsed_on": notice.elapsed_on,
        "window": notice.window.model_dump(mode="json"),
        "explanation": {"en": notice.window.explain("en"), "zh": notice.window.explain("zh")},
        "candidates": [{"candidate_id": found.candidate_id, **dict(found.shown)} for found in notice.candidates],
        "standing": notice.standing,
        "gone": _gone(notice),
        "open_objections": notice.open_objections,
        "objections": asdict(notice.objections) | {"outcomes": dict(notice.objections.outcomes)},
        "said": [asdict(one) for one in notice.said],
        "versions": [asdict(version) for version in notice.versions],
        "rules": [citation(rule) for rule in notice.rules],
        "position": notice.position,
        "hash": notice.hash,
    }


def _gone(notice: VisibleNotice) -> dict[str, Any] | None:
    """Since when, why, and under which rule a notice names nobody any longer."""
    under = citation(notice.names_end_by) if notice.names_end_by else None
    return asdict(notice.gone) | {"under": under} if notice.gone else None


@public.api_route("/", methods=["GET", "HEAD"])
async def home(request: Request) -> Response:
    """The list, in the reader's language."""
    return RedirectResponse(f"/{_preferred(request)}/", status_code=307, headers={"Vary": "Accept-Language"})


@public.api_route("/notices/{notice_id}", methods=["GET", "HEAD"])
async def notice_in_any_language(request: Request, notice_id: str) -> Response:
    """The permanent address without a language leads to the reader's."""
    if re.fullmatch(NOTICE_ID, notice_id) is None:
        return missing(_preferred(request))
    address = f"/{_preferred(request)}/notices/{notice_id}"
    return RedirectResponse(address, status_code=307, headers={"Vary": "Accept-Language"})


def _preferred(request: Request) -> Language:
    first = request.headers.get("accept-language", "en").split(",")[0].strip().lower()
    return "zh" if first.startswith("zh") else "en"


@public.api_route("/{language}/notices/{notice_id}", methods=["GET", "HEAD"])
async def notice_page(request: Request, language: str, notice_id: str) -> Response:
    """The page of one notice; what is left of it, when it has done its work."""
    return await page_of_notice(request, language, notice_id)


@public.api_route("/{language}/notices/{notice_id}/large-print", methods=["GET", "HEAD"])
async def large_print(request: Request, language: str, notice_id: str) -> Response:
    """The same page in letters for weak eyes, on screen and on paper: an address, since no cookie keeps a wish."""
    return await page_of_notice(request, language, notice_id, large=True)


async def page_of_notice(request: Request, language: str, notice_id: str, *, large: bool = False) -> Response:
    """A notice as it stands in one of its addresses."""
    services: Services = request.app.state.services
    spoken = language_of(language)
    if spoken is None or re.fullmatch(NOTICE_ID, notice_id) is None:
        return missing(spoken or "en")

    async def mark() -> Hashable:
        return await notice_mark(services.pool, notice_id, services.clock())

    async def render() -> Page:
        found = await notice_by_id(services.pool, notice_id, services.clock())
        return rendered_notice(found, spoken, services.public_url, large=large) if found else missing_page(spoken)

    # An alarm stands on every page, so each address is kept once with it and once without.
    address = f"{request.url.path} {log_alarm.get()}"
    return (await kept_pages(request).page(address, mark, render)).answer(request)


def rendered_notice(notice: VisibleNotice, language: Language, public_url: str, *, large: bool = False) -> Page:
    """The page of a notice as the live site sends it and as it is written into files."""
    page = public_notice_page(notice, language, public_url=public_url, large=large)
    return Page.of(page, headers(language, names_people=not notice.indexable), 410 if notice.gone else 200)


async def known_notice(services: Services, notice_id: str) -> VisibleNotice | None:
    """What anybody may read now of the notice of that id, if it is one."""
    known = re.fullmatch(NOTICE_ID, notice_id) is not None
    return await notice_by_id(services.pool, notice_id, services.clock()) if known else None


@public.get("/log/proof/notices/{notice_id}")
async def notice_proof(request: Request, notice_id: NoticeId) -> Response:
    """All entries of the notice's case up to now in one `.tlog-proof`: the notice is one of them."""
    services: Services = request.app.state.services
    found = await _notice(request, notice_id)
    return await proof_of_stream(services, case_stream(CaseId(found.case_id)), f"notice-{notice_id}")


def missing_page(language: Language) -> Page:
    """What is sent where nothing stands."""
    return Page.of(not_found_page(language), headers(language, names_people=False), 404)


def missing(language: Language) -> Response:
    page = missing_page(language)
    return Response(page.body, page.status, dict(page.headers))


def language_of(named: str) -> Language | None:
    if named == "zh":
        return "zh"
    return "en" if named == "en" else None
