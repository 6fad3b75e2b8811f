"""A service with a case in it whose log is published, by the real publisher and cosigned by the real witness."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx2

from eventstore.transparency.note import Verifier
from runtime.log_key import log_key_of, origin_of
from runtime.publisher import LogPublishing
from runtime.witness_door import WitnessDoor
from runtime.witness_folder import WitnessFolder
from tests.desk import Desk
from tests.runtime.witnesses import a_witness, running


@dataclass(frozen=True)
class Published:
    """Where the service is, what is in it, and the keys of its log."""

    origin: str
    case_id: str
    notice_id: str
    keys: str


def publishing(folder: Path) -> Callable[[Desk, str], Awaitable[Published]]:
    """Prepares such a service; the witness keeps its own things in that folder."""

    async def prepare(desk: Desk, origin: str) -> Published:
        case_id, _, notice_id = await desk.noticed()
        await desk.project()
        await cosigned(desk, folder)
        keys = (await desk.http.get("/log/keys")).text
        return Published(origin, case_id, notice_id, keys)

    return prepare


async def cosigned(desk: Desk, folder: Path) -> None:
    """Everything that stands on the log is published, and cosigned by a witness that is a process of its own."""
    settings = desk.house.settings
    log = log_key_of(settings.log_keys, origin_of(settings.public_url))
    data = a_witness(folder, log)
    key: Verifier = WitnessFolder(data).signer().verifier
    async with httpx2.AsyncClient(trust_env=False, timeout=10) as http:
        with running(data) as (reached, _):
            door = WitnessDoor(str(reached.base_url), key, http, settings.log_keys)
            publishing = LogPublishing(desk.house, door, desk.clock)
            for _ in range(2):  # the first round puts the keys on record, the second publishes that, too
                done = await publishing.once()
            if await publishing.tell_of_notices():
                await desk.project()
                done = await publishing.once()
    assert done.alarm is None and done.cosigned_size == done.size == await desk.log_size()
