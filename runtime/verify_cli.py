"""`investiture verify`: a file that was handed over, the log of this installation, or a published log from outside."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
import uvloop

from eventstore.public_log import KEYS, PublicLog
from eventstore.store import EventStore
from eventstore.tiles_verifying import NotWhole, Whole, agrees_with_published, verify_proof, verify_tiles
from eventstore.transparency.checkpoint import Checkpoint, NotSigned, Policy
from eventstore.transparency.merkle import WrongProof
from eventstore.transparency.note import BadSignature, KeyKind, Note, UnreadableKey, UnreadableNote
from eventstore.transparency.proof_file import Proof, UnreadableProof
from eventstore.transparency.tile import DamagedTile, Fetch
from eventstore.verifying import LogTampered, Verified
from runtime.bars import bar
from runtime.connections import open_house
from runtime.installation import NothingRuns, found_settings
from runtime.log_verifying import verify_whole

WRONG = (NotWhole, DamagedTile, WrongProof, NotSigned, BadSignature, LogTampered)
UNREADABLE = (UnreadableKey, UnreadableNote, UnreadableProof, NothingRuns, OSError)
PATIENCE_SECONDS = 30

Told = Callable[[int, int], None]


def verify(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Proof files (.tlog-proof) and dossiers (.pdf) to check, offline.")
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option(help="The keys to check by: lines `log KEY` and `witness KEY`, from the two departments."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Hash the whole log again; what is done without a file.")
    ] = False,
    from_tiles: Annotated[
        str | None, typer.Option(help="Recompute a published log from its files alone: a folder, or its address.")
    ] = None,
    tsa: Annotated[
        Path | None, typer.Option(help="Root certificates (PEM) of the authority whose timestamps (.tsr) are checked.")
    ] = None,
    data: Annotated[Path, typer.Option("--data", help="Data folder of the running installation.")] = Path("data"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")
    ] = False,
) -> None:
    """Check a file, or the whole log, and name the first event that was changed, moved, added or removed.

    Exit code 1 when something is wrong, 2 when it cannot be checked.

    Examples: investiture verify --all
    investiture verify case-0123456789ab.tlog-proof --keys keys.txt
    investiture verify --from-tiles https://appointments.example/log --keys keys.txt
    """
    if (files is not None) + (from_tiles is not None) + everything > 1:
        raise typer.BadParameter("name files, or --from-tiles, or --all: one at a time")
    try:
        if files:
            policy = _policy(keys)
            said = [_timestamp(file, tsa, policy) if file.suffix == ".tsr" else _file(file, policy) for file in files]
        elif from_tiles is not None:
            said = [_tiles(from_tiles, keys, quiet=as_json)]
        else:
            said = [_database(data, quiet=as_json)]  # what is meant by `--all`, and by nothing at all
    except WRONG as problem:
        _say({"whole": False, "position": getattr(problem, "position", None), "what": str(problem)}, as_json)
        raise typer.Exit(1) from None
    except UNREADABLE as problem:
        _say({"whole": None, "what": str(problem)}, as_json)
        raise typer.Exit(2) from None
    for one in said:
        _say({"whole": True, **one}, as_json)


def _say(said: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(said, ensure_ascii=False))
    elif said["whole"]:
        print(said["sentence"])
    else:
        print(("NOT WHOLE: " if said["whole"] is False else "Cannot be checked: ") + said["what"])


def _policy(keys: Path | None) -> Policy:
    if keys is None:
        raise UnreadableKey(
            "Whose signatures shall be asked for? Name the file with the keys of the log and of the witness, as the "
            "two departments publish them, with --keys. The service shows its own at /log/keys."
        )
    return Policy.parse(keys.read_text(encoding="utf-8"))


def _file(file: Path, policy: Policy) -> dict[str, Any]:
    content = file.read_bytes()
    proof = _proof_in(content) if content.startswith(b"%PDF") else Proof.parse(content)
    whole, entries = verify_proof(proof, policy)
    last, number = entries[-1], f"{whole.entries} {'entry' if whole.entries == 1 else 'entries'}"
    return {
        "file": str(file),
        "stream": last["stream"],
        "version": last["version"],
        "entries": whole.entries,
        **_signed(whole),
        "sentence": f"{file}: whole. {number} of {last['stream']}, the last of them “{last['type']}” at {last['at']}; "
        f"{_by(whole)}.",
    }


def _proof_in(dossier: bytes) -> Proof:
    """The proof that a dossier carries, with the entries that it carries.

    Refuses: NotWhole, UnreadableProof.
    """
    from pages.dossier_bundle import UnreadableBundle, read_bundle

    try:
        carried = read_bundle(dossier)
    except UnreadableBundle as problem:
        raise NotWhole(str(problem)) from problem
    if carried.proof is None:
        raise UnreadableProof("The dossier was made before its last entry was published. Make it again by now.")
    return replace(Proof.parse(carried.proof), extra=b"\n".join(one.entry for one in carried.entries))


def _timestamp(file: Path, tsa: Path | None, policy: Policy) -> dict[str, Any]:
    """A token, and the checkpoint of the same name beside it."""
    from runtime.timestamping import NoTimestamp, stamped_at

    if tsa is None:
        raise UnreadableKey("Whose timestamp is it? Name the authority's root certificates with --tsa FILE.")
    note = file.with_suffix("").read_bytes()
    try:
        at = stamped_at(file.read_bytes(), note, tsa)
    except NoTimestamp as problem:
        raise NotWhole(f"{file}: {problem}") from problem
    checkpoint, _ = policy.accepts(Note.parse(note))
    sentence = f"{file}: the log {checkpoint.origin} had {checkpoint.size} events by {at:%-d %B %Y at %H:%M:%S} UTC."
    return {"file": str(file), "size": checkpoint.size, "stamped_at": at.isoformat(), "sentence": sentence}


def _tiles(source: str, keys: Path | None, *, quiet: bool) -> dict[str, Any]:
    fetch = fetching(source)
    policy = Policy.parse(fetch(KEYS).decode()) if keys is None else _policy(keys)
    with bar(quiet=quiet) as shown:
        task = shown.add_task("recomputing", total=None)
        whole = verify_tiles(fetch, policy, lambda done, total: shown.update(task, completed=done, total=total))
    own = "" if keys else " The keys are those that the log itself shows: ask the two departments for them."
    sentence = f"{whole.entries} entries in {whole.streams} streams: whole; {_by(whole)}.{own}"
    return {"entries": whole.entries, "streams": whole.streams, **_signed(whole), "sentence": sentence}


def fetching(source: str) -> Fetch:
    """Reads the files of a published log, from a folder or from its address."""
    if not source.startswith(("http://", "https://")):
        return PublicLog(Path(source)).fetch
    http = httpx2.Client(base_url=source.rstrip("/") + "/", trust_env=False, timeout=PATIENCE_SECONDS)

    def fetch(path: str) -> bytes:
        try:
            answer = http.get(path)
        except httpx2.HTTPError as problem:
            raise OSError(f"{source} cannot be reached: {type(problem).__name__}") from problem
        if answer.status_code == 404:
            raise FileNotFoundError(path)
        if answer.status_code != 200:
            raise OSError(f"{source}/{path} answered {answer.status_code}")
        return bytes(answer.content)

    return fetch


def _database(data: Path, *, quiet: bool) -> dict[str, Any]:
    settings = found_settings(data)

    async def work() -> tuple[Verified, int]:
        with bar(quiet=quiet) as shown:
            task = shown.add_task("verifying", total=None)
            whole = await verify_whole(settings, lambda done, total: shown.update(task, completed=done, total=total))
        async with open_house(settings) as house:
            return whole, await _published_too(house.store, PublicLog(settings.public_log))

    whole, published = uvloop.run(work())
    so_far = f"; the first {published} are those that were published" if published else ""
    return {
        "events": whole.events,
        "streams": whole.streams,
        "root": whole.root.hex(),
        "published": published,
        "sentence": f"{whole.events} events in {whole.streams} streams: whole{so_far}.",
    }


async def _published_too(store: EventStore, public: PublicLog) -> int:
    """How many events were published, each the one that the database has.

    Refuses: NotWhole, DamagedTile.
    """
    note = public.note()
    if note is None:
        return 0
    checkpoint = Checkpoint.parse(note.text)
    log = public.at(checkpoint)
    if log.edge().root() != checkpoint.root:
        raise NotWhole("the published tiles do not give the root that was signed")
    await agrees_with_published(store, log)
    return checkpoint.size


def _signed(whole: Whole) -> dict[str, Any]:
    checkpoint: Checkpoint = whole.checkpoint
    return {
        "log": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "signed_by": [key.name for key, _ in whole.signatures],
    }


def _by(whole: Whole) -> str:
    names = []
    for key, signature in whole.signatures:
        if key.kind is KeyKind.COSIGNATURE:
            at = datetime.fromtimestamp(signature.signed_at, UTC)
            names.append(f"cosigned by {key.name} on {at:%-d %B %Y at %H:%M:%S} UTC")
        else:
            names.append(f"in the log {key.name} of {whole.checkpoint.size} events, signed by it")
    return ", ".join(names)
