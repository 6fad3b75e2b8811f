"""The process that serves the API and the public pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.identity import TokenVerifier
from api.visitor import MailGoes, Services
from eventstore.public_log import PublicLog
from runtime.clock import now
from runtime.connections import House, open_house
from runtime.garbage import look_once_at_what_lives
from runtime.local_issuer import local_issuer_routes
from runtime.settings import Settings
from runtime.webhook_address import lead_anywhere


async def run(settings: Settings) -> None:
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
            look_once_at_what_lives()
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
