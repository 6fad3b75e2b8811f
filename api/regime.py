"""The regimes as the public reads them: the version of each pack that new cases open under."""

from fastapi import APIRouter, Request, Response

from api.door import Services
from api.public_notice import HTML, language_of, missing
from domain.refusal import UnknownChoice
from pages.regime import RegimeVersion, regime_list_page, regime_page
from pages.response_headers import headers
from projections.pack_adoption import pack_adoptions

public = APIRouter(include_in_schema=False)


@public.api_route("/{language}/regimes/", methods=["GET", "HEAD"])
async def regime_list(request: Request, language: str) -> Response:
    """The regimes under which cases are opened here."""
    services: Services = request.app.state.services
    if (spoken := language_of(language)) is None:
        return missing("en")
    names = {adoption.pack_id for adoption in await pack_adoptions(services.pool)}
    versions = [found for name in sorted(names) if (found := await _in_force(services, name)) is not None]
    page = regime_list_page(versions, spoken, public_url=services.public_url)
    return Response(page, headers=headers(spoken, names_people=False), media_type=HTML)


@public.api_route("/{language}/regimes/{pack_id}", methods=["GET", "HEAD"])
async def regime(request: Request, language: str, pack_id: str) -> Response:
    """One regime: its order, what each stage needs, and every rule with its source."""
    services: Services = request.app.state.services
    spoken = language_of(language)
    found = await _in_force(services, pack_id)
    if spoken is None or found is None:
        return missing(spoken or "en")
    page = regime_page(found, spoken, public_url=services.public_url)
    return Response(page, headers=headers(spoken, names_people=False), media_type=HTML)


async def _in_force(services: Services, pack_id: str) -> RegimeVersion | None:
    try:
        reference = await services.packs.latest(pack_id, services.clock())
    except UnknownChoice:
        return None
    adopted = await services.packs.version(pack_id, reference.version)
    return RegimeVersion(adopted.pack, reference.digest, adopted.effective_from)
