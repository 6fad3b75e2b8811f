"""One of the processes that verify stretches of the log: it reads which ones from its input, and answers in order.

Started by `runtime/log_verifying.py`. It imports little, because a short log is verified in less time than that takes.
"""

import asyncio
import gc
import json
import pickle
import struct
import sys

import asyncpg
import uvloop

from eventstore.raw_log import PostgresRawLog
from eventstore.stretch import Stretch, verify_stretch

LENGTH = struct.Struct("!Q")


async def connect(url: str, password: str | None) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection for reading the whole log, however long that takes."""
    # A range's commands are found by a summary of their table, which a planner that knows the table too little scorns.
    settings = {"application_name": "investiture verify", "enable_seqscan": "off", "jit": "off"}
    return await asyncpg.connect(url, password=password, server_settings=settings, command_timeout=300)


async def work() -> None:
    """Answers until its input ends."""
    connection = await connect(*json.loads(sys.stdin.readline()))
    # Rows hold no circles. Looking for some after every few hundred of them took a sixth of the time.
    gc.freeze()
    gc.disable()
    for line in sys.stdin:
        said = packed(await verify_stretch(PostgresRawLog(connection), *json.loads(line)))
        sys.stdout.buffer.write(said)
        sys.stdout.buffer.flush()


def packed(stretch: Stretch) -> bytes:
    """A stretch as it goes from process to process."""
    said = pickle.dumps(stretch, protocol=pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(said)) + said


async def answer(answers: asyncio.StreamReader) -> Stretch:
    """The next stretch that a process has verified."""
    (length,) = LENGTH.unpack(await answers.readexactly(LENGTH.size))
    stretch: Stretch = pickle.loads(await answers.readexactly(length))
    return stretch


if __name__ == "__main__":
    uvloop.run(work())
