"""One visibility rule over every outlet: a secret in each sealed field, and every route that needs no token is read.

The secrets are whatever of the planted words the log keeps sealed, so that a new sealed field is a new secret; the
routes are the app's own, so that a new one without a line here fails.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from api.staff_page import STAFF_PAGES
from domain.identity import PUBLIC, CaseId, Role
from domain.notice_filter import NoticeFilter
from domain.subscription import RequestSubscription
from domain.taking_part_rule import EntryKind
from eventstore.codec import decode
from eventstore.opening import opened
from eventstore.subscription_recording import ask_for_subscription
from eventstore.taking_part_recording import Asked, record_conversation
from runtime.forgetting import Forgetter
from runtime.publisher import LogPublishing
from runtime.settings import Settings
from tests.api.pdf_text import text_of_pdf
from tests.api.test_notice_stream import listening, server_of
from tests.api.test_routes_and_roles import MAY, routes
from tests.desk import D, Desk, V, open_desk
from tests.domain.sent_in import a_file
from tests.sent_in import comments, objects, writes

MARK = re.compile(r"zq[0-9a-z]+qz")
SHOWN = ("full_name", "present_post", "education", "results")
"""What `standard` lets a notice show of a candidate."""

PAGE = "/{language}/notices/{notice_id}"
NAMING = {
    PAGE,
    f"{PAGE}/large-print",
    f"{PAGE}/poster.pdf",
    "/api/v1/notices/{notice_id}",
    "/api/v1/notice-texts/{notice_id}",
    "/api/v1/notices",
}
"""The outlets that name whom a notice names, while it stands; no other ever does."""

ALSO = {"full_name": {f"{PAGE}/object"}}
"""Whoever objects chooses there whom it is about, by name."""

SEARCHED = {"/{language}/notices", "/{language}/feed.atom", "/{language}/feed.json"}
FILLED: Mapping[str, tuple[str, ...]] = {
    "language": ("en", "zh"),
    "action": ("open_case", "nominate_candidate"),
    "pack_id": ("standard",),
    "step": ("status", "0"),
    "survey_id": ("0123456789ab",),
    "plan_id": ("0123456789ab",),
    "meeting_id": ("0123456789ab",),
    "token": ("0123456789abcdefghjkmnpqrstvwxyz0123456789",),
}
NAMES: Mapping[str, tuple[str, ...]] = {
    "/static/{name}": ("gazette.css",),
    "/problems/{name}": ("gone",),
    "/log/timestamps/{name}": ("0",),
}
READ = {
    *NAMING,
    *SEARCHED,
    *NAMES,
    "/",
    "/api/docs",
    "/api/v1/batches/templates/{action}.csv",
    "/api/v1/figures",
    "/api/v1/moderation-reasons",
    "/api/v1/notices/events",
    *(f"/api/v1/open-data/{name}" for name in ("cases.csv", "cases.jsonl", "catalogue.json", "schema.json")),
    *(f"/api/v1/open-data/notices.{form}" for form in ("csv", "jsonl", "jsonld")),
    "/api/v1/openapi.json",
    *(
        f"/api/v1/reports/training/{report}"
        for report in ("coverage", "facilities", "methods", "promotion", "teachers")
    ),
    *(f"/api/v1/training-{kind}" for kind in ("coordination", "guidance", "inspections", "plans", "rules")),
    "/api/v1/training-plans/{plan_id}",
    "/healthz",
    *(f"/log/{file}" for file in ("checkpoint", "cosigned", "keys", "status", "tile/{path:path}")),
    *(f"/log/proof/{of}" for of in ("{position}", "cases/{case_id}", "notices/{notice_id}")),
    "/metrics",
    "/notices/{notice_id}",
    "/readyz",
    "/robots.txt",
    "/sitemap.xml",
    "/{language}/",
    "/{language}/staff",
    *(f"/{{language}}{page.path}" for page in STAFF_PAGES),
    "/{language}/figures",
    "/{language}/index",
    "/{language}/surveys/{survey_id}/ballot",
    *("/api/v1/surveys", "/api/v1/surveys/{survey_id}", "/api/v1/survey-methods", "/api/v1/open-data/index.csv"),
    "/{language}/log",
    "/{language}/log/verifier.html",
    f"{PAGE}.ics",
    f"{PAGE}/code.svg",
    *(f"{PAGE}/{form}" for form in ("comment", "object", "recommend", "report-error")),
    "/api/v1/challenges",
    "/{language}/receipt",
    "/{language}/receipt/{step}",
    "/{language}/regimes/",
    "/{language}/regimes/{pack_id}",
    *(f"/{{language}}/subscribe{then}" for then in ("", "/asked", "/confirm/{token}", "/leave/{token}")),
    *(f"/{{language}}/training{more}" for more in ("", "/reports", "/standing")),
    *("/issuer/.well-known/openid-configuration", "/issuer/jwks.json"),
}
"""Every outlet: a line for each route that needs no token."""


class Planter:
    """Gives out words that nobody else writes, each once."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def word(self, what: str) -> str:
        number = len(self.given)
        self.given.append(f"zq{number:03}{re.sub('[^a-z]', '', what.lower())}qz")
        return self.given[-1]

    def nominee(self, person: str) -> dict[str, Any]:
        fields = ("full_name", "sex", "education", "party", "present_post", "results", "integrity_statement")
        particulars = {field: self.word(f"{field} of {person}") for field in fields}
        return {"person": f"staff-{person}", "particulars": particulars, "unit_of_origin": self.word("unit of origin")}


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    """A door with everything that an installation has at it."""
    async with open_desk(settings, with_issuer=True) as opened:
        yield opened


def test_every_route_that_needs_no_token_has_a_line_here(desk: Desk) -> None:
    public = {path for method, path, _ in routes(desk.app) if method == "GET" and None in MAY[f"GET {path}"]}
    assert public == READ


async def test_each_secret_is_read_only_where_and_while_it_may_be(desk: Desk) -> None:
    plant = Planter()
    ids = await planted(desk, plant)
    for phase, happens in PHASES.items():
        await happens(desk, ids, plant)
        live = phase in ("stands", "held")
        await desk.project()
        await LogPublishing(desk.house, None, desk.clock).once()
        secrets = await sealed_words(desk)
        shown = {word for word, field in secrets.items() if field in SHOWN and ids["named"] in word}
        found = await everywhere(desk, ids, secrets)
        allowed = {
            word: NAMING | ALSO.get(secrets[word], set()) if live and word in shown else set() for word in secrets
        }
        leaks = {word: found[word] - allowed[word] for word in secrets if found[word] - allowed[word]}
        assert leaks == {}, phase
        if live:
            assert {word for word in found if found[word] >= NAMING} == shown and len(shown) == len(SHOWN)
        await searched(desk, ids, secrets, shown if live else set())
        if phase == "gone":
            assert set(secrets) == set(plant.given), "whatever is planted is sealed on the log, and was looked for"
    assert len(plant.given) > 30


async def planted(desk: Desk, plant: Planter) -> dict[str, str]:
    """Two candidates, one of whom is not put before the public, and what is written of both before their notice."""
    desk.app.state.notice_listeners.most = 5
    case_id, (stays, leaves) = await desk.trained(plant.nominee("named"), plant.nominee("unsuccessful"))
    await desk.done(f"/cases/{case_id}/candidate-withdrawals", {"candidate_id": leaves})
    declared = {"relations": [{"candidate_id": stays, "kind": "same_unit", "details": plant.word("relation")}]}
    await desk.done(f"/cases/{case_id}/interest-declarations", declared, V, subject="another-officer")
    opened_on = (desk.clock().date() + timedelta(days=3)).isoformat()
    notice = await desk.done(f"/cases/{case_id}/public-notices", {"opens_on": opened_on})
    return {"case_id": case_id, "notice_id": notice["events"][0]["notice_id"], "named": "ofnamed", "candidate": stays}


async def to_come(desk: Desk, ids: dict[str, str], plant: Planter) -> None:
    """The notice is recorded, and its first day is not there yet."""


async def over(desk: Desk, ids: dict[str, str], plant: Planter) -> None:
    """Its days have run, and nothing has recorded that they have: the rule alone takes the names down."""
    desk.clock.at += timedelta(days=30)


async def stands(desk: Desk, ids: dict[str, str], plant: Planter) -> None:
    """The notice stands, and strangers and officers write about it."""
    desk.clock.at -= timedelta(days=27)
    case_id = ids["case_id"]
    said = {"grounds": plant.word("grounds by letter"), "objector": plant.word("objector")}
    ids["objection"] = await desk.objected(case_id, candidate_id=ids["candidate"], **said)
    ids["web"] = await objects(
        desk, case_id, grounds=plant.word("grounds"), objector=plant.word("web objector"), identity="confidential"
    )
    sent = a_file(file_name=f"{plant.word('file name')}.png")
    at = desk.clock()
    await record_conversation(desk.house.recorder, Asked(CaseId(case_id), ids["web"], sent, PUBLIC, uuid4(), at))
    await writes(desk, case_id, ids["web"], plant.word("message"))
    await desk.done(f"/cases/{case_id}/entries/{ids['web']}/questions", {"text": plant.word("question")}, V)
    comment = await comments(desk, case_id, text=plant.word("comment"), sender=plant.word("sender"))
    await comments(desk, case_id, EntryKind.ERROR_REPORT, text=plant.word("error report"))
    await desk.done(
        f"/cases/{case_id}/entries/{comment}/rejections", {"reason": "not_about_the_notice"}, Role.MODERATOR
    )
    hold = {"code": "complaint", "reason": plant.word("hold"), "candidate_id": ids["candidate"]}
    ids["hold"] = (await desk.done(f"/cases/{case_id}/holds", hold, V))["events"][0]["hold_id"]
    address = f"{MARK_ADDRESS}@example.org"
    plant.given.append(MARK_ADDRESS)
    wish = RequestSubscription(address=address, filter=NoticeFilter())
    await ask_for_subscription(desk.house.store, desk.house.keys, wish, at)


MARK_ADDRESS = "zq900mailboxqz"


async def held(desk: Desk, ids: dict[str, str], plant: Planter) -> None:
    """Its days have run, and the objections wait."""
    desk.clock.at += timedelta(days=14)


async def gone(desk: Desk, ids: dict[str, str], plant: Planter) -> None:
    """The objections are disposed of, and the names with them; the case goes on to its end."""
    case_id = ids["case_id"]
    for objection in (ids["objection"], ids["web"]):
        disposal = {"objection_id": objection, "outcome": "dismissed", "reasons": plant.word("reasons")}
        await desk.done(f"/cases/{ids['case_id']}/objection-disposals", disposal, V)
    lifted = {"hold_id": ids["hold"], "reason": plant.word("lifting")}
    await desk.done(f"/cases/{ids['case_id']}/hold-liftings", lifted, V)
    await desk.done(f"/cases/{case_id}/opinion-requests", {"organ": "audit-office"}, V)
    opinion = {"organ": "audit-office", "finding": "no_objection", "text": plant.word("opinion")}
    await desk.done(f"/cases/{case_id}/opinions", opinion, V, organ="audit-office", subject="auditing-officer")
    cleared = {"conclusion": "cleared", "remarks": plant.word("remarks")}
    await desk.done(f"/cases/{case_id}/review-conclusions", cleared, V)
    minutes = {"title": plant.word("minutes"), "chair": "m-3", "recorder": "clerk-7"}
    meeting = desk.meeting([ids["candidate"]], says="disagree") | {"proceedings": minutes}
    await desk.done(f"/cases/{case_id}/decision-meetings", meeting, D)


async def forgotten(desk: Desk, ids: dict[str, str], plant: Planter) -> None:
    """Whoever was named is forgotten."""
    desk.clock.at += timedelta(days=3 * 366)
    who = {"person": "staff-named"}
    await desk.done("/forgettings", who | {"ground": "request", "reason": plant.word("forgetting")})
    await desk.done("/forgetting-approvals", who, V)
    await desk.project()
    assert await Forgetter(desk.house, desk.clock).sweep() == 1


PHASES = {"to come": to_come, "over": over, "stands": stands, "held": held, "gone": gone, "forgotten": forgotten}


async def sealed_words(desk: Desk) -> dict[str, str]:
    """Every planted word that the log keeps sealed, with the field that it stands in."""
    rows = await desk.house.store.read_log(-1, 10_000)
    found: dict[str, str] = {}
    public: set[str] = set()
    for row, whole in zip(rows, await opened(desk.house.store, desk.house.keys, rows), strict=True):
        public |= {word for _, said in _texts(decode(row).event.model_dump()) for word in MARK.findall(said)}
        found |= {word: field for field, said in _texts(whole.event.model_dump()) for word in MARK.findall(said)}
    assert not public, "what is planted is sealed, all of it"
    return found


def _texts(said: Any, field: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(said, str):
        yield field, said
    elif isinstance(said, Mapping):
        for name, inner in said.items():
            yield from _texts(inner, str(name))
    elif isinstance(said, list | tuple):
        for inner in said:
            yield from _texts(inner, field)


async def everywhere(desk: Desk, ids: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, set[str]]:
    """The outlets in which each word is read."""
    found: dict[str, set[str]] = defaultdict(set)
    async for outlet, text in outlets(desk, ids):
        for word in MARK.findall(re.sub(r"[\s\u00ad]+", "", text)):
            found[word].add(outlet)
    return found


async def outlets(desk: Desk, ids: Mapping[str, str]) -> AsyncIterator[tuple[str, str]]:
    """What everybody reads: each address of each outlet, with its headers."""
    size = await desk.log_size()
    for outlet in sorted(READ - {"/api/v1/notices/events"}):
        for address in addresses(outlet, ids, size):
            yield outlet, said_by(await desk.http.get(address))
    async with told_live(desk) as told:
        yield "/api/v1/notices/events", told


def addresses(outlet: str, ids: Mapping[str, str], size: int) -> Iterator[str]:
    """Every address of an outlet, as this log and these notices fill it."""
    filled = {**FILLED, **{name: (ids[name],) for name in ("case_id", "notice_id")}, "name": NAMES.get(outlet, ())}
    filled["position"] = tuple(str(position) for position in range(size))
    filled["path"] = tuple(f"{kind}000.p/{size}" for kind in ("0/", "entries/")) if size < 256 else ("0/000",)
    path = outlet.replace("{path:path}", "{path}")
    names = re.findall(r"{(\w+)}", path)
    made = [path]
    for name in names:
        made = [found.replace(f"{{{name}}}", value) for found in made for value in filled[name]]
    yield from made


def said_by(answer: httpx2.Response) -> str:
    """Everything in an answer that can be read: its address, its headers, and its body, of a paper too."""
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    body = answer.content
    text = text_of_pdf(body) if body.startswith(b"%PDF") else body.decode("utf-8", "replace")
    return f"{answer.url} {headers} {text}"


@asynccontextmanager
async def told_live(desk: Desk) -> AsyncIterator[str]:
    """What the live stream has told from the beginning."""
    async with server_of(desk) as (origin, _, _), listening(origin, "?from_position=0") as live:
        _, line = await asyncio.wait_for(live.change(), 20)
        yield str(line)


async def searched(desk: Desk, ids: Mapping[str, str], secrets: Mapping[str, str], shown: set[str]) -> None:
    """A search finds the notice by what it shows while it stands, and by nothing else; a feed by no name at all."""
    for word in sorted(secrets):
        for outlet in sorted(SEARCHED):
            answer = await desk.http.get(outlet.replace("{language}", "en"), params={"q": word})
            finds = word in shown and outlet == "/{language}/notices"
            assert (ids["notice_id"] in answer.text) is finds, (word, outlet)
