"""The process that carries what is recorded to whoever waits for it."""

import asyncio
from collections.abc import Callable

import httpx2
import structlog

from runtime.connections import CONNECTIONS, House, open_house
from runtime.due_date import DueDates
from runtime.engine import engine
from runtime.forgetting import Forgetter, of_people
from runtime.joint_meeting import MeetingSchedule
from runtime.mailer import mailer_of
from runtime.process_stop import until_told_to_stop
from runtime.relay import Relay
from runtime.retention import RetentionKeeper
from runtime.reverse_review import ReverseReviews
from runtime.settings import Settings
from runtime.subscription import Subscribers
from runtime.survey import SurveyFollowUp
from runtime.webhook import WebhookDelivery
from runtime.witness_door import PATIENCE_SECONDS

LISTENERS = 9
"""Whoever listens for news holds a connection, and with none to spare nobody could work on the news."""


async def run(settings: Settings) -> None:
    """Carries facts to their workflows and to subscribers, old cases back to supervision, and forgets people."""
    async with open_house(settings, connections=CONNECTIONS + LISTENERS) as house:
        await until_told_to_stop(_carried(settings, house))


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
        client = await engine(settings, house)
        both.create_task(Relay(house.pool, house.store, client).run(log.info))


async def _webhooks(house: House, report: Callable[[str], None]) -> None:
    # No proxy of the machine and no redirect: the address that was looked at is the one that is spoken to.
    async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS, follow_redirects=False) as http:
        await WebhookDelivery(house, http).run(report)
