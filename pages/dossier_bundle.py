"""The proof that a dossier carries: the entries of its case as they are stored, and their place in the public log."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson
import pikepdf

from domain.law import Language, Text
from eventstore.codec import canonical
from eventstore.store import StoredEvent
from eventstore.transparency.merkle import leaf_hash
from projections.dossier import Published

ENTRIES, PROOF, CHECKPOINT, NOT_PUBLISHED = "entries.jsonl", "last-entry.tlog-proof", "checkpoint", "not-published.txt"
LARGEST_BUNDLE = 512 * 1024 * 1024

_SAYS = {
    ENTRIES: Text(
        en="Every entry of the case as the log stores it, with its position and its leaf hash",
        zh="本案全部日志条目原文，附位次与叶哈希",
    ),
    PROOF: Text(en="Proof that the last entry is in the public log", zh="末条条目在公开日志中的包含证明"),
    CHECKPOINT: Text(en="The signed checkpoint that the proof ends at", zh="证明所依据的签名检查点"),
    NOT_PUBLISHED: Text(en="The entries are not yet published", zh="条目尚未公布"),
}
_NOT_PUBLISHED = (
    "The last entry of this dossier is not yet published in a signed checkpoint of the log. "
    "Make the dossier again later, or ask the log for its proof.\n"
    "本案卷末条条目尚未在日志的签名检查点中公布。请稍后重新生成案卷，或向日志索取证明。\n"
)


@dataclass(frozen=True, slots=True)
class BundleFile:
    """A file that is attached to the dossier."""

    name: str
    type: str
    content: str
    says: str


def file_names(published: Published | None) -> tuple[str, ...]:
    """The files that a dossier carries."""
    return (ENTRIES, NOT_PUBLISHED) if published is None else (ENTRIES, PROOF, CHECKPOINT)


def bundle(stored: Sequence[StoredEvent], published: Published | None, language: Language) -> tuple[BundleFile, ...]:
    """The files of a dossier's proof; until the log is published that far, a plain statement that it is not."""
    return tuple(
        BundleFile(name, kind, content, _SAYS[name].in_(language)) for name, kind, content in _files(stored, published)
    )


def _files(stored: Sequence[StoredEvent], published: Published | None) -> Iterator[tuple[str, str, str]]:
    yield ENTRIES, "application/jsonl", b"".join(_line(row) for row in stored).decode()
    if published is None:
        yield NOT_PUBLISHED, "text/plain", _NOT_PUBLISHED
    else:
        yield PROOF, "text/plain", published.proof.decode()
        yield CHECKPOINT, "text/plain", published.checkpoint.decode()


def _line(row: StoredEvent) -> bytes:
    """The entry stands in its line byte for byte, so that a reader without a parser can cut it out and hash it."""
    return b'{"position":%d,"hash":"%s","entry":%s}\n' % (row.position, row.hash.hex().encode(), row.entry)


class UnreadableBundle(ValueError):
    """What came is no dossier, or its proof is not whole."""


@dataclass(frozen=True, slots=True)
class BundledEntry:
    """An entry that a dossier carries, and the hash that it gives."""

    position: int
    entry: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a dossier carries, hashed again. Without `proof` it was not published when it was made."""

    entries: tuple[BundledEntry, ...]
    proof: bytes | None = None
    checkpoint: bytes | None = None


def read_bundle(document: bytes) -> Bundle:
    """The proof inside a dossier's file: each entry gives its hash and follows the one before it in its case.

    Refuses: UnreadableBundle, naming the first entry that is wrong.
    """
    files = _attached(document)
    if ENTRIES not in files:
        raise UnreadableBundle(f"The file carries no {ENTRIES}, so it is no dossier, or was saved without attachments.")
    entries = tuple(_checked(files[ENTRIES]))
    return Bundle(entries, files.get(PROOF), files.get(CHECKPOINT))


def _attached(document: bytes) -> dict[str, bytes]:
    try:
        with pikepdf.open(io.BytesIO(document)) as pdf:
            files = {name: found.get_file() for name, found in pdf.attachments.items()}
            return {name: file.read_bytes() for name, file in files.items() if int(file.size or 0) <= LARGEST_BUNDLE}
    except (pikepdf.PdfError, ValueError) as problem:
        raise UnreadableBundle("The file is no PDF document that can be read.") from problem


def _checked(lines: bytes) -> Iterator[BundledEntry]:
    stream, head, last = None, "", -1
    for number, line in enumerate(lines.splitlines(), start=1):
        try:
            said = orjson.loads(line)
            position, hashed, entry = said["position"], said["hash"], said["entry"]
            found = (entry["stream"], entry["version"], entry["previous"])
        except (ValueError, KeyError, TypeError) as problem:
            raise UnreadableBundle(f"Line {number} of {ENTRIES} is no entry of a log.") from problem
        raw = canonical(entry)
        leaf = leaf_hash(raw)
        if leaf.hex() != hashed:
            raise UnreadableBundle(f"The entry at position {position} does not give its hash: it was changed.")
        if found != (stream or found[0], number, head) or not last < position:
            raise UnreadableBundle(f"The entry at position {position} does not follow the one before it.")
        stream, head, last = found[0], hashed, position
        yield BundledEntry(position, raw, leaf)
    if stream is None:
        raise UnreadableBundle(f"{ENTRIES} is empty.")
