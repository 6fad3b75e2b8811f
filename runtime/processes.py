"""The processes of an installation: each opens what it needs, works until it is told to stop, and closes it again."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx2
import structlog
import uvicorn
from fastapi import FastAPI
from temporalio.client import Client

from activities.case_following import CaseFollowing
from api.app import create_app
from api.identity import TokenVerifier
from api.visitor import MailGoes, Services
from eventstore.public_log import PublicLog
from projections.every import every_projection
from projections.projector import Projector
from runtime.connections import CONNECTIONS, House, now, open_house
from runtime.due_date import DueDates
from runtime.forgetting import Forgetter, of_people
from runtime.joint_meeting import MeetingSchedule
from runtime.local_issuer import local_issuer_routes
from runtime.mailer import mailer_of
from runtime.publisher import LogPublishing
from runtime.relay import Relay
from runtime.retention import RetentionKeeper
from runtime.reverse_review import ReverseReviews
from runtime.settings import Settings
from runtime.subscription import Subscribers
from runtime.survey import SurveyFollowUp
from runtime.temporal import appointment_worker, connect
from runtime.timestamping import authority_of
from runtime.webhook import WebhookDelivery
from runtime.webhook_address import lead_anywhere
from runtime.witness_door import PATIENCE_SECONDS, witness_of

ENGINE_RETRY_SECONDS = 1.0
LISTENERS = 9
"""Of the relay: whoever listens for news holds a connection, and with none to spare nobody could work on the news."""
PUBLISHER_NICENESS = 5
"""Whoever records goes first: a checkpoint that comes a moment later makes nobody wait."""


async def run_api(settings: Settings) -> None:
    """Serves the API and the public pages until told to stop."""
    config = uvicorn.Config(
        api_app(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,  # an access log would hold the addresses of people who read notices
        timeout_graceful_shutdown=5,
        proxy_headers=bool(settings.trusted_proxies),  # a header that anybody can write is nobody's address
        forwarded_allow_ips=settings.trusted_proxies,
    )
    await uvicorn.Server(config).serve()


def api_app(settings: Settings) -> FastAPI:
    """The API with its connections; they open when it starts and close when it stops."""
    routers = (local_issuer_routes(settings),) if settings.mode == "embedded" else ()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_house(settings) as house, httpx2.AsyncClient(trust_env=False, timeout=10) as http:
            app.state.services = services_of(house, http)
            yield

    return create_app(lifespan=lifespan, routers=routers)


def services_of(house: House, http: httpx2.AsyncClient) -> Services:
    """What the API works with."""
    settings = house.settings
    verifier = TokenVerifier(
        settings.oidc_issuer,
        settings.oidc_audience,
        settings.oidc_role_claim,
        settings.oidc_organ_claim,
        http,
    )
    return Services(
        recorder=house.recorder,
        store=house.store,
        keys=house.keys,
        packs=house.packs,
        pool=house.pool,
        verifier=verifier,
        clock=now,
        public_url=settings.public_url,
        public_log=PublicLog(settings.public_log),
        mail_goes=_mail_goes(settings),
        open_data_licence=settings.open_data_licence,
        webhooks_lead_anywhere=lead_anywhere(settings),
    )


def _mail_goes(settings: Settings) -> MailGoes:
    if settings.smtp_url:
        return "out"
    return "into_a_folder" if settings.mode == "embedded" else "nowhere"


async def run_worker(settings: Settings) -> None:
    """Lets the workflows of cases run until told to stop."""
    async with open_house(settings) as house:
        client = await _engine(settings, house)
        worker = appointment_worker(client, CaseFollowing(house.recorder))
        async with worker:
            await _told_to_stop()


async def run_relay(settings: Settings) -> None:
    """Carries facts to their workflows and to subscribers, old cases back to supervision, and forgets people."""
    async with open_house(settings, connections=CONNECTIONS + LISTENERS) as house:
        await _until_told_to_stop(_carried(settings, house))


async def _carried(settings: Settings, house: House) -> None:
    log = structlog.get_logger("relay")
    people = of_people(house)
    async with asyncio.TaskGroup() as both:
        # Reverse reviews and newer calendars need no engine, so they do not wait for it.
        both.create_task(ReverseReviews(house).run(log.info))
        both.create_task(DueDates(house).run(log.info))
        both.create_task(SurveyFollowUp(house).run(log.info))
        both.create_task(MeetingSchedule(house).run(log.info))
        both.create_task(Forgetter(house, rebuilding=people).run(log.info))
        both.create_task(RetentionKeeper(house, rebuilding=people).run(log.info))
        both.create_task(Subscribers(house, mailer_of(settings)).run(log.info))
        both.create_task(_webhooks(house, log.info))
        client = await _engine(settings, house)
        both.create_task(Relay(house.pool, house.store, client).run(log.info))


async def _webhooks(house: House, report: Callable[[str], None]) -> None:
    # No proxy of the machine and no redirect: the address that was looked at is the one that is spoken to.
    async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS, follow_redirects=False) as http:
        await WebhookDelivery(house, http).run(report)


async def run_projector(settings: Settings) -> None:
    """Keeps the read models up to date until told to stop."""
    log = structlog.get_logger("projector")
    async with open_house(settings) as house:
        projector = Projector(house.pool, house.store, every_projection(house.store, house.keys, house.packs))

        def report(projection: str, what: str) -> None:
            log.warning(what, projection=projection)

        await _until_told_to_stop(projector.run(report))


async def run_publisher(settings: Settings) -> None:
    """Publishes the log, signed and witnessed, until told to stop."""
    log = structlog.get_logger("publisher")
    os.nice(PUBLISHER_NICENESS)
    async with open_house(settings) as house, httpx2.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS) as http:
        publishing = LogPublishing(house, witness_of(settings, http), authority=authority_of(settings, http))
        await _until_told_to_stop(publishing.run(log.warning))


async def _engine(settings: Settings, house: House) -> Client:
    """The engine, once it can be reached; without it staff go on recording, so this only waits."""
    log = structlog.get_logger("engine")
    waited = timedelta(0)
    while True:
        try:
            return await connect(settings, house.master.payload_key)
        except RuntimeError as problem:
            log.warning("the engine cannot be reached yet", waited=str(waited), problem=str(problem))
            await asyncio.sleep(ENGINE_RETRY_SECONDS)
            waited += timedelta(seconds=ENGINE_RETRY_SECONDS)


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


async def _until_told_to_stop(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    stopping = asyncio.create_task(_told_to_stop())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    for pending in (task, stopping):
        pending.cancel()
    results = await asyncio.gather(task, stopping, return_exceptions=True)
    if isinstance(results[0], Exception):
        raise results[0]
