"""Officers at the HTTP door of a whole installation: real database, real tokens, and a clock that a test moves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx2
from fastapi import FastAPI

from api.app import create_app
from domain.appointment import LiveCase, case_stream, underlying
from domain.identity import SYSTEM, CandidateId, CaseId, Role
from domain.timer import LetTimerRunOut, timers
from eventstore.recording import Receipt
from projections.every import every_projection
from projections.projector import Projector
from runtime.api_process import services_of
from runtime.connections import House, open_house
from runtime.local_issuer import local_issuer_routes, mint
from runtime.settings import Settings
from tests.application import application
from tests.conftest import adopt_shipped_packs
from tests.examples import at
from tests.on_record import past_records
from tests.spec import studied

MORNING = at("2026-03-02")
P, S, V, D, A = Role.PERSONNEL, Role.SCHOOL, Role.SUPERVISION, Role.DECISION_BODY, Role.AUDITOR
POST = {"post_id": "registry/head-clerk", "title": "Head Clerk", "unit": "Registry", "rank": "officer"}
NOMINEE = {"person": "staff-4711", "particulars": {"full_name": "Amina Okafor", "education": "LL.B."}}


@dataclass
class Clock:
    """What time it is, as the test says."""

    at: datetime = MORNING

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Desk:
    """The door and everybody who comes to it."""

    app: FastAPI
    http: httpx2.AsyncClient
    house: House
    clock: Clock
    keys: Any = field(default_factory=count)

    def token(self, *roles: Role, organ: str | None = None, subject: str | None = None) -> str:
        return mint(self.house.settings, roles, organ=organ, subject=subject, now=self.clock())

    def headers(self, *roles: Role, key: str | None = None, **who: str) -> dict[str, str]:
        named = key or f"desk-key-{next(self.keys)}"
        return {"Authorization": f"Bearer {self.token(*roles, **who)}", "Idempotency-Key": named}

    async def post(
        self, path: str, body: Any, role: Role = P, *, key: str | None = None, query: str = "", **who: str
    ) -> httpx2.Response:
        """The answer to a write."""
        return await self.http.post(f"/api/v1{path}{query}", json=body, headers=self.headers(role, key=key, **who))

    async def done(self, path: str, body: Any, role: Role = P, **more: Any) -> dict[str, Any]:
        """The answer to a write that is granted."""
        answer = await self.post(path, body, role, **more)
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def get(self, path: str, role: Role = A) -> httpx2.Response:
        return await self.http.get(path, headers=self.headers(role))

    async def project(self) -> None:
        """Every read model is at the end of the log."""
        await self.projector().prepare()

    def projector(self) -> Projector:
        house = self.house
        return Projector(house.pool, house.store, every_projection(house.store, house.keys, house.packs), 0.02)

    async def log_size(self) -> int:
        return await self.house.store.size()

    async def opened(self, pack: str = "standard", **post: str) -> str:
        """The id of a case just opened."""
        rank = "division_and_above" if pack == "cn.sr2019" else "officer"
        body = {"pack": pack, "post": {**POST, "rank": rank, **post}}
        return str((await self.done("/cases", body))["case_id"])

    async def past_records(self, case_id: str) -> None:
        """The case at its next stage with acts of its own, with what that needs on record."""
        while isinstance(case := (await self.house.recorder.load(case_stream(CaseId(case_id)))).case, LiveCase):
            today = self.clock().astimezone(ZoneInfo(case.timezone)).date()
            found = past_records(case, await self.house.packs.get(case.pack), today)
            if found is None:
                return
            await self.house.recorder.record(CaseId(case_id), found[0], actor=found[1], command_id=uuid4())

    async def nominated(self, *people: dict[str, Any], pack: str = "standard", **post: str) -> tuple[str, list[str]]:
        """A case whose nominations are closed, and its candidates."""
        case_id = await self.opened(pack, **post)
        await self.past_records(case_id)
        candidates = []
        for nominee in people or (NOMINEE,):
            answer = await self.done(f"/cases/{case_id}/candidates", nominee)
            candidates.append(answer["events"][0]["candidate_id"])
        await self.done(f"/cases/{case_id}/nomination-closings", {})
        return case_id, candidates

    async def trained(self, *people: dict[str, Any], pack: str = "standard", **post: str) -> tuple[str, list[str]]:
        """A case whose candidates are all trained, so that it is at the stage after."""
        case_id, candidates = await self.nominated(*people, pack=pack, **post)
        for candidate in candidates:
            await self.verified(case_id, candidate, 600)
        await self.past_records(case_id)
        return case_id, candidates

    async def studied(self, case_id: str, candidate: str, hours: int) -> None:
        """The school puts so many hours that ended yesterday in a candidate's training file, beside what was there."""
        case = underlying((await self.house.recorder.load(case_stream(CaseId(case_id)))).case)
        assert case is not None
        person, ended_on = case.candidates[CandidateId(candidate)].person, self.clock().date() - timedelta(days=1)
        record = studied(hours, ended_on, number=str(uuid4())).model_dump(mode="json")
        await self.done("/training-records", {"person_id": person, "record": record}, S)

    async def verified(self, case_id: str, candidate: str, hours: int, **more: Any) -> dict[str, Any]:
        """A candidate verified with so many hours on file."""
        await self.studied(case_id, candidate, hours)
        wish = {"candidate_id": candidate, **more}
        return await self.done(f"/cases/{case_id}/training-verifications", wish, S)

    async def noticed(self, *people: dict[str, Any], **post: str) -> tuple[str, list[str], str]:
        """A case whose notice stands, its candidates, and the notice's id."""
        case_id, candidates = await self.trained(*people, **post)
        answer = await self.done(f"/cases/{case_id}/public-notices", {})
        return case_id, candidates, answer["events"][0]["notice_id"]

    async def objected(self, case_id: str, **more: str) -> str:
        """The id of an objection just taken down."""
        body = {"channel": "letter", "grounds": "A delivery in March 2025 never came.", **more}
        answer = await self.done(f"/cases/{case_id}/objections", body, V)
        return str(answer["events"][0]["objection_id"])

    async def disposed(self, case_id: str, objection_id: str, outcome: str) -> dict[str, Any]:
        body = {"objection_id": objection_id, "outcome": outcome, "reasons": "The delivery note was found."}
        return await self.done(f"/cases/{case_id}/objection-disposals", body, V)

    async def run_out(self, case_id: str, name: str) -> Receipt:
        """What the engine records when a clock of the case has come to its end."""
        case = (await self.house.recorder.load(case_stream(CaseId(case_id)))).case
        assert isinstance(case, LiveCase)
        running = timers(case, await self.house.packs.get(case.pack))
        timer = next(found for found in running if found.name == name)
        self.clock.at = max(self.clock.at, timer.due_at + timedelta(hours=9))
        return await self.house.recorder.record(
            CaseId(case_id), LetTimerRunOut(timer=name), actor=SYSTEM, command_id=uuid4()
        )

    async def reviewed(self, case_id: str) -> None:
        """Every opinion that `standard` asks for is there, and supervision has cleared the case."""
        await self.done(f"/cases/{case_id}/opinion-requests", {"organ": "audit-office"}, V)
        opinion = {"organ": "audit-office", "finding": "no_objection", "text": "In order."}
        await self.done(f"/cases/{case_id}/opinions", opinion, V, organ="audit-office", subject="auditing-officer")
        cleared = {"conclusion": "cleared", "remarks": "Everybody has answered."}
        await self.done(f"/cases/{case_id}/review-conclusions", cleared, V)

    def meeting(self, candidates: list[str], says: str = "agree", present: int = 3) -> dict[str, Any]:
        """A meeting of three, of whom the last chairs."""
        members: list[dict[str, Any]] = [{"member": f"m-{n}", "present": n <= present} for n in (1, 2, 3)]
        members[present - 1]["chief"] = True
        said = [{"member": f"m-{n}", "says": says} for n in range(1, present + 1)]
        ballots = [{"candidate_id": candidate, "statements": said} for candidate in candidates]
        return {"held_on": self.clock().date().isoformat(), "members": members, "ballots": ballots}

    async def declared(self, case_id: str) -> None:
        """The members of that meeting, and who records it, have declared and were looked up, as cn.sr2019 asks."""
        registers = ["personnel_file", "personal_matters_report", "petitions"]
        await self.done(f"/cases/{case_id}/interest-declarations", {}, D)
        for member in ("m-1", "m-2", "m-3"):
            await self.done(f"/cases/{case_id}/interest-declarations", {}, D, subject=member)
            check = {"officer": member, "registers": registers}
            await self.done(f"/cases/{case_id}/interest-checks", check, V)

    async def appointed(self, *people: dict[str, Any], **post: str) -> tuple[str, list[str], str]:
        """A case whose letter of appointment is out."""
        case_id, candidates = await self.trained(*people, **post)
        return case_id, candidates, await self.through_to_office(case_id, candidates)

    async def through_to_office(self, case_id: str, candidates: list[str]) -> str:
        """Notice, review, decision and letter under `standard`; gives the notice's id."""
        opened = await self.done(f"/cases/{case_id}/public-notices", {})
        await self.run_out(case_id, "public_notice")
        await self.reviewed(case_id)
        await self.done(f"/cases/{case_id}/decision-meetings", self.meeting(candidates), D)
        await self.done(f"/cases/{case_id}/appointments", {})
        return str(opened["events"][0]["notice_id"])


@asynccontextmanager
async def open_desk(settings: Settings, *, with_issuer: bool = False) -> AsyncIterator[Desk]:
    """The door of an installation, with every shipped pack adopted; `with_issuer` at the same door."""
    clock = Clock()
    embedded = settings.model_copy(update={"mode": "embedded"})
    routes = local_issuer_routes(embedded)
    app, issuer = create_app(routers=(routes,)) if with_issuer else application(), FastAPI(openapi_url=None)
    issuer.include_router(routes)
    # A fault is answered and then raised again, for the server's own log; the test looks at the answer.
    door = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        open_house(embedded, clock) as house,
        httpx2.AsyncClient(transport=door, base_url="http://desk") as http,
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=issuer)) as outward,
    ):
        await adopt_shipped_packs(house)
        app.state.services = replace(services_of(house, outward), clock=clock)
        yield Desk(app, http, house, clock)
