"""The keys that sign the public log: files in a folder of their own, each introduced and retired by an event."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from domain.event import Event
from domain.identity import SYSTEM
from domain.transparency_log import (
    TRANSPARENCY_STREAM,
    KeyHolder,
    LogKeyIntroduced,
    LogKeyRetired,
    TransparencyLog,
    fold_transparency_log,
)
from eventstore.codec import decode
from eventstore.noting import note
from eventstore.store import EventStore
from eventstore.transparency.note import Signer, Verifier
from runtime.clock import now
from runtime.connections import House

SUFFIX = ".key"
RETIRED = "retired"


class NoSuchLogKey(Exception):
    """A key that somebody named does not sign this log."""


class LastLogKey(Exception):
    """The only key of a log cannot be retired."""


def origin_of(public_url: str) -> str:
    """What a log is called when it begins: its address without the scheme.

    Source: C2SP tlog-checkpoint, on origins.
    """
    address = urlsplit(public_url)
    return f"{address.netloc}{address.path.rstrip('/')}/log"


def signers_in(folder: Path) -> tuple[Signer, ...]:
    """The keys that sign the log now, the oldest first.

    Refuses: UnreadableKey.
    """
    return tuple(Signer.read(file) for file in sorted(folder.glob(f"*{SUFFIX}")))


def log_key_of(folder: Path, origin: str) -> Signer:
    """The first key of a log, made where there is none yet. The key keeps the log's name, whatever its address."""
    if not (signers := signers_in(folder)):
        Signer.make(origin).write(folder / f"0001{SUFFIX}")
        signers = signers_in(folder)
    return signers[0]


async def transparency_log(store: EventStore) -> TransparencyLog:
    """The keys and alarms that are on record."""
    return fold_transparency_log([decode(row) for row in await store.read_stream(TRANSPARENCY_STREAM)])


async def put_on_record(house: House, event: Event, *, clock: Callable[[], datetime] = now) -> None:
    """Notes something about the public log; the same thing said again at once is recorded once."""
    size = await house.store.read_last(TRANSPARENCY_STREAM)
    said = f"{event.alias}/{event.model_dump_json()}/{size.version if size else 0}"
    command_id = uuid5(NAMESPACE_URL, f"investiture/transparency/{said}")
    await note(house.store, house.keys, TRANSPARENCY_STREAM, event, actor=SYSTEM, command_id=command_id, at=clock())


async def introduce_keys(house: House, signers: Sequence[Signer], witness: Verifier | None) -> None:
    """Every key that signs now is on record."""
    known = await transparency_log(house.store)
    wanted = [(KeyHolder.LOG, signer.verifier) for signer in signers]
    wanted += [(KeyHolder.WITNESS, witness)] if witness else []
    for holder, verifier in wanted:
        if str(verifier) not in known.in_use:
            before = known.keys(holder)
            replaces = before[-1] if before else None
            await put_on_record(house, LogKeyIntroduced(holder=holder, key=str(verifier), replaces=replaces))


async def rotate_log_key(house: House, folder: Path, reason: str) -> Signer:
    """A new key signs beside the old one from now on; the old one goes on until it is retired.

    Survives: a crash between the two writes; repeating it goes on with the key that was made.
    """
    signers = signers_in(folder)
    if not signers:
        raise NoSuchLogKey(f"{folder} holds no key yet. The publisher makes the first one at its start.")
    number = max(int(file.stem) for file in [*folder.glob("*" + SUFFIX), *folder.glob(f"{RETIRED}/*{SUFFIX}")]) + 1
    pending = folder / f"{number:04}.pending"
    if not pending.exists():
        Signer.make(signers[0].name).write(pending)
    signer, before = Signer.read(pending), str(signers[-1].verifier)
    await put_on_record(
        house, LogKeyIntroduced(holder=KeyHolder.LOG, key=str(signer.verifier), replaces=before, reason=reason)
    )
    pending.rename(folder / f"{number:04}{SUFFIX}")
    return signer


async def retire_log_key(house: House, folder: Path, key_id: str, reason: str) -> Verifier:
    """A key signs nothing any more. Witnesses and verifiers should know its successor by then.

    Refuses: NoSuchLogKey, LastLogKey.
    """
    files = {Signer.read(file).verifier.key_id.hex(): file for file in sorted(folder.glob(f"*{SUFFIX}"))}
    if key_id not in files:
        raise NoSuchLogKey(f"No key {key_id} signs this log; these do: {', '.join(files) or 'none'}.")
    if len(files) == 1:
        raise LastLogKey("This is the only key of the log. Make its successor first: investiture log-key rotate.")
    file = files[key_id]
    verifier = Signer.read(file).verifier
    await put_on_record(house, LogKeyRetired(holder=KeyHolder.LOG, key=str(verifier), reason=reason))
    (folder / RETIRED).mkdir(exist_ok=True)
    file.rename(folder / RETIRED / file.name)
    return verifier
