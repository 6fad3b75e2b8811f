"""Adopting a version of a pack over HTTP, and reading which were adopted by whom, why and from when."""

import asyncio
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.body import Body
from api.door import Writes
from api.listing import FromTheFirst, NextCursor, caught_up
from api.problem import NotFound, PackRefused
from api.visitor import Reads, Visitor
from api.writing import API, writes
from domain.pack import Pack
from domain.pack_difference import PackDifferences, differences
from domain.refusal import UnknownChoice
from domain.rule_family import Collision
from eventstore.pack_text import PackProblem, UnreadablePack, pack_from
from eventstore.packs import AdoptedPack
from projections.pack_adoption import pack_adoptions

router = APIRouter(prefix=API, tags=["packs"])
LARGEST_VERSION = 2**31 - 1
PACK_ID = r"^[a-z]+(\.[a-z0-9]+)*$"
PackIdInPath = Annotated[str, Path(pattern=PACK_ID, max_length=60, description="id of a pack")]
VersionInPath = Annotated[int, Path(ge=1, le=LARGEST_VERSION, description="a version of the pack")]


class PackToAdopt(Body):
    """A version of a pack, as it is written, and why it is adopted."""

    text: str = Field(min_length=1, max_length=200_000, description="the whole pack in YAML or JSON")
    reason: str = Field(min_length=10, max_length=2000, description="stands in the record for ever: no personal data")
    effective_from: date | None = Field(
        None, description="cases open under it from this day on; the pack's own when left out, and never a day before"
    )


class PackAdoption(BaseModel):
    """A version of a pack, and how it was adopted."""

    pack_id: str
    version: int
    digest: str = Field(description="SHA-256 of the text that is on the log; a case pins it")
    effective_from: date = Field(description="cases open under it from this day on")
    adopted_at: datetime
    reason: str
    officer: str = Field(description="pseudonym of who adopted it; `system` when the program brought it along")
    organ: str
    position: int | None = Field(description="position in the log; null for what was only tried")


class PackAdoptionListed(PackAdoption):
    officer_name: str | None


class PackAdoptions(BaseModel):
    packs: list[PackAdoptionListed]
    next_cursor: NextCursor


class AdoptedPackShown(PackAdoption):
    text: str = Field(description="canonical JSON: the text that the digest is of")
    collisions: list[Collision] = Field(description="matters on which two families of rules say different things")


class PackAdoptionAnswer(BaseModel):
    """What adopting a version led to."""

    recorded: bool
    repeated: bool = Field(description="this text had been adopted before; this is that adoption")
    dry_run: bool
    adopted: PackAdoption


@writes(
    router,
    "/packs",
    status_code=201,
    summary="Adopt a version of a pack",
    example={
        "text": "id: standard\nversion: 2\n…",
        "reason": "The council raised the notice to ten working days on 3 March.",
        "effective_from": "2027-01-01",
    },
    answers=writes_of(PackAdoptionAnswer),
)
async def adopt_pack(door: Writes, body: PackToAdopt) -> Response:
    """Its text goes on the log with author, reason and effective date; running cases stay under theirs.

    The same text is adopted once: repeating it, under whatever key, gives the first adoption. A version that has been
    adopted never changes its text, and a later one takes effect today at the earliest.
    """
    pack = await asyncio.to_thread(_readable, body.text)
    _places_have_a_calendar(door, pack)
    if not door.dry_run:
        await door.visitor.identify()
    made = await door.services.packs.adopt(
        pack,
        door.services.clock(),
        actor=door.visitor.actor,
        reason=body.reason,
        effective_from=body.effective_from,
        dry_run=door.dry_run,
    )
    headers = {"ETag": f'"{made.reference.version}"'}
    if made.position is not None:
        headers["Investiture-Position"] = str(made.position)
    answer = {
        "recorded": made.position is not None and not made.known,
        "repeated": made.known,
        "dry_run": door.dry_run,
        "adopted": _shown(made),
    }
    status = 200 if door.dry_run else 201
    return Response(orjson.dumps(answer), status_code=status, media_type=JSON, headers=headers)


def _readable(text: str) -> Pack:
    try:
        return pack_from(text)
    except UnreadablePack as unreadable:
        raise PackRefused(unreadable.problems) from unreadable


def _places_have_a_calendar(door: Writes, pack: Pack) -> None:
    problems = []
    for place, jurisdiction in enumerate(pack.jurisdictions):
        try:
            door.services.recorder.calendar_for(jurisdiction.id)
        except ValueError as unknown:
            advice = "Write a jurisdiction that has a calendar."
            problems.append(PackProblem("text", f"jurisdictions.{place}.id", str(unknown), advice))
    if problems:
        raise PackRefused(problems)


def _shown(made: AdoptedPack) -> dict[str, Any]:
    return {
        "pack_id": made.reference.id,
        "version": made.reference.version,
        "digest": made.reference.digest,
        "effective_from": made.effective_from,
        "adopted_at": made.at,
        "reason": made.reason,
        "officer": made.actor.officer,
        "organ": made.actor.organ,
        "position": made.position,
    }


async def adopted_version(visitor: Visitor, pack_id: str, version: int) -> AdoptedPack:
    """The version that an address names.

    Refuses: NotFound.
    """
    try:
        return await visitor.services.packs.version(pack_id, version)
    except UnknownChoice as unknown:
        raise NotFound(unknown.sentence) from unknown


@router.get(
    "/packs",
    operation_id="read_packs",
    summary="The versions of packs that were adopted",
    responses=reads(PackAdoptions, "A page of the adoptions, by pack"),
)
async def read_packs(visitor: Reads, page: Annotated[FromTheFirst, Depends()]) -> Response:
    """Who adopted which version, why, and from when cases open under it. The program's own hand is `system`."""
    await visitor.may("read_packs", "packs")
    await caught_up(visitor, ("pack_adoption", "officer"), page.after_position)
    rows = [asdict(row) for row in await pack_adoptions(visitor.services.pool, after=page.after, limit=page.limit)]
    next_cursor = page.next_cursor(len(rows))
    return Response(orjson.dumps({"packs": rows, "next_cursor": next_cursor}), media_type=JSON)


@router.get(
    "/packs/{pack_id}/differences",
    operation_id="read_pack_differences",
    summary="What differs between two versions",
    responses=reads(PackDifferences, "Every rule, stage and word that differs"),
)
async def read_pack_differences(
    visitor: Reads,
    pack_id: PackIdInPath,
    before: Annotated[int, Query(alias="from", ge=1, le=LARGEST_VERSION, description="the version before")],
    after: Annotated[int, Query(alias="to", ge=1, le=LARGEST_VERSION, description="the version after")],
) -> Response:
    """Each rule before and after, with its source and confidence; stages added, removed and moved."""
    await visitor.may("read_pack_differences", "packs")
    old, new = await adopted_version(visitor, pack_id, before), await adopted_version(visitor, pack_id, after)
    return Response(differences(old.pack, new.pack).model_dump_json(), media_type=JSON)


@router.get(
    "/packs/{pack_id}/{version}",
    operation_id="read_pack",
    summary="The text of an adopted version",
    responses=reads(AdoptedPackShown, "The version"),
)
async def read_pack(visitor: Reads, pack_id: PackIdInPath, version: VersionInPath) -> Response:
    """Every value with its source and confidence, word for word as cases under it are decided."""
    await visitor.may("read_pack", "packs")
    found = await adopted_version(visitor, pack_id, version)
    return Response(
        orjson.dumps(
            _shown(found)
            | {
                "text": found.text,
                "collisions": [found_there.model_dump(mode="json") for found_there in found.pack.collisions()],
            }
        ),
        media_type=JSON,
    )
