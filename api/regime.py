"""The regimes as the public reads them: the version of each pack that new cases open under."""

import re

from fastapi import APIRouter, Request, Response

from api.public_notice import HTML, language_of, missing
from api.visitor import Services
from domain.refusal import UnknownChoice
from pages.regime import RegimeVersion, regime_list_page, regime_page
from pages.response_headers import headers
from projections.pack_adoption import adopted_packs

public = APIRouter(include_in_schema=False)


@public.api_route("/{language}/regimes/", methods=["GET", "HEAD"])
async def regime_list(request: Request, language: str) -> Response:
    """The regimes under which cases are opened here."""
    services: Services = request.app.state.services
    if (spoken := language_of(language)) is None:
        return missing("en")
    page = regime_list_page(await regimes_in_force(services), spoken, public_url=services.public_url)
    return Response(page, headers=headers(spoken, names_people=False), media_type=HTML)


@public.api_route("/{language}/regimes/{pack_id}", methods=["GET", "HEAD"])
async def regime(request: Request, language: str, pack_id: str, version: str = "") -> Response:
    """One regime: its order, what each stage needs, and every rule with its source; in force, or the version named."""
    services: Services = request.app.state.services
    spoken = language_of(language)
    found = await _in_force(services, pack_id)
    if found is not None and re.fullmatch("[0-9]{1,9}", version):
        found = await _adopted(services, pack_id, int(version), in_force=found.pack.version)
    if spoken is None or found is None:
        return missing(spoken or "en")
    page = regime_page(found, spoken, public_url=services.public_url)
    return Response(page, headers=headers(spoken, names_people=False), media_type=HTML)


async def regimes_in_force(services: Services) -> list[RegimeVersion]:
    """The version in force of each regime that was adopted here, by id."""
    names = await adopted_packs(services.pool)
    return [found for name in sorted(names) if (found := await _in_force(services, name)) is not None]


async def _in_force(services: Services, pack_id: str) -> RegimeVersion | None:
    try:
        reference = await services.packs.latest(pack_id, services.clock())
    except UnknownChoice:
        return None
    return await _adopted(services, pack_id, reference.version, in_force=reference.version)


async def _adopted(services: Services, pack_id: str, version: int, in_force: int) -> RegimeVersion | None:
    try:
        adopted = await services.packs.version(pack_id, version)
    except UnknownChoice:
        return None
    return RegimeVersion(adopted.pack, adopted.reference.digest, adopted.effective_from, version == in_force)
