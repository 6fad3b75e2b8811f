"""Training as the public reads it: one page from the read models, which names nobody."""

import asyncio
from datetime import UTC

from fastapi import APIRouter, Request, Response

from api.public_notice import HTML, language_of, missing
from api.regime import regimes_in_force
from api.visitor import Services
from domain.pack import Pack
from pages.response_headers import asking_headers, headers
from pages.training import ACTS_SHOWN, COURSES_SHOWN, TrainingMatter, training_page
from pages.training_standing import training_standing_page
from projections.course import courses_to_come, facilities
from projections.training_act import ActFilter, ActKind, acts_page

public = APIRouter(include_in_schema=False)
IN_FORCE = ActFilter(still_open=True)
SHOWN = {
    ActKind.PLAN: IN_FORCE,
    ActKind.RULE: IN_FORCE,
    ActKind.GUIDANCE: ActFilter(),
    ActKind.COORDINATION: ActFilter(),
    ActKind.INSPECTION: ActFilter(),
}


@public.api_route("/{language}/training", methods=["GET", "HEAD"])
async def training(request: Request, language: str) -> Response:
    """What training counts, plans and acts, courses to come and facilities."""
    services: Services = request.app.state.services
    if (spoken := language_of(language)) is None:
        return missing("en")
    page = training_page(await _matter(services), spoken, public_url=services.public_url)
    return Response(page, headers=headers(spoken, names_people=False), media_type=HTML)


@public.api_route("/{language}/training/standing", methods=["GET", "HEAD"])
async def training_standing(request: Request, language: str) -> Response:
    """The page on which people ask how they stand; it holds nothing of anybody, so it is open to everybody."""
    services: Services = request.app.state.services
    if (spoken := language_of(language)) is None:
        return missing("en")
    page = training_standing_page(await packs_with_training(services), spoken, public_url=services.public_url)
    return Response(page, headers=asking_headers(spoken), media_type=HTML)


async def _matter(services: Services) -> TrainingMatter:
    pool, today = services.pool, services.clock().astimezone(UTC).date()
    acts = await asyncio.gather(*(acts_page(pool, kind, asked, limit=ACTS_SHOWN + 1) for kind, asked in SHOWN.items()))
    return TrainingMatter(
        today=today,
        packs=await packs_with_training(services),
        acts=dict(zip(SHOWN, acts, strict=True)),
        courses=await courses_to_come(pool, today, limit=COURSES_SHOWN + 1),
        facilities=await facilities(pool, today),
    )


async def packs_with_training(services: Services) -> list[Pack]:
    """The packs in force here that ask for training, by id."""
    packs = [version.pack for version in await regimes_in_force(services)]
    return [pack for pack in packs if pack.training_rules is not None]
