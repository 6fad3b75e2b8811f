"""Files that a stranger sends: how many, how large and of which kinds, each made harmless before anybody keeps it."""

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from api.attachment_cleaning import REFUSED
from domain.refusal import Refusal

CLEANING = Path(__file__).with_name("attachment_cleaning.py")
CLEANING_SECONDS = 20.0
AT_ONCE = 2
"""Files that are cleaned at the same time, each in a process of its own."""


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How much may be sent with one entry. Units: bytes a file, pixels a picture."""

    most: int = 3
    largest_bytes: int = 5 * 1_048_576
    largest_pixels: int = 50_000_000


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came: its name and type are what its sender says."""

    name: str
    declared: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file that may be kept: of a kind that we know, written anew, under a name of ours."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    suffix: str
    media_type: str
    declared: frozenset[str]


_KINDS = (
    (("pdf",), _Kind("pdf", "pdf", "application/pdf", frozenset({"application/pdf"}))),
    (
        ("jpg", "jpeg", "jfif"),
        _Kind("jpeg", "jpg", "image/jpeg", frozenset({"image/jpeg", "image/jpg", "image/pjpeg"})),
    ),
    (("png",), _Kind("png", "png", "image/png", frozenset({"image/png"}))),
    (("txt",), _Kind("text", "txt", "text/plain", frozenset({"text/plain"}))),
)
_BY_SUFFIX = {suffix: kind for suffixes, kind in _KINDS for suffix in suffixes}
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.txt"
"""What a file field offers to choose from."""

_SENTENCES = {
    "too_many": "At most {most} files can be sent with one entry, and these are {n}; leave some out.",
    "too_large": "File {file} has more than {largest} MB; make it smaller, or send a part of it.",
    "empty": "File {file} is empty; choose it again.",
    "type_unknown": "File {file} is none of PDF, JPEG, PNG and plain text; save it as one of these.",
    "type_differs": "File {file} is not what its name says; save it again as PDF, JPEG, PNG or plain text.",
    "damaged": "File {file} cannot be read; open it, save it again, and choose it once more.",
    "encrypted": "File {file} is locked with a password; save it without one.",
    "animated": "File {file} is a moving picture; save the one picture that matters.",
    "too_many_pixels": "File {file} holds a picture of more than {pixels} million pixels; make it smaller.",
    "too_many_pages": "File {file} has too many pages or parts; send the pages that matter.",
    "too_demanding": "File {file} takes too much work to check; save it anew, or send a picture of it.",
    "too_large_cleaned": "File {file} has more than {largest} MB once checked; save it as JPEG or make it smaller.",
    "not_utf8": "File {file} is not plain text in UTF-8; save it as UTF-8 or as PDF.",
    "control_characters": "File {file} holds control characters; save it as plain text without them.",
}
REASONS = tuple(_SENTENCES)


class AttachmentRefused(Refusal):
    """A file cannot be kept as it is; `reason` says why in one word, `file` which one it is."""

    rule = "house.files_are_made_harmless"
    unlawful = False


async def clean_files(sent: Sequence[SentFile], limits: FileLimits) -> tuple[CleanFile, ...]:
    """The files as they may be kept, under names of ours; the same files always come out the same.

    Refuses: AttachmentRefused.
    """
    if len(sent) > limits.most:
        raise _refused("too_many", 0, limits, n=len(sent))
    return tuple([await _cleaned(file, place, limits) for place, file in enumerate(sent, start=1)])


async def _cleaned(file: SentFile, place: int, limits: FileLimits) -> CleanFile:
    kind = _BY_SUFFIX.get(file.name.rpartition(".")[2].lower()) if "." in file.name else None
    if not file.content:
        raise _refused("empty", place, limits)
    if len(file.content) > limits.largest_bytes:
        raise _refused("too_large", place, limits)
    if kind is None:
        raise _refused("type_unknown", place, limits)
    if file.declared.partition(";")[0].strip().lower() not in kind.declared:
        raise _refused("type_differs", place, limits)
    code, content, reason = await _apart(kind.name, file.content, limits)
    if code != 0:
        raise _refused(reason if code == REFUSED and reason in _SENTENCES else "too_demanding", place, limits)
    return CleanFile(f"file-{place}.{kind.suffix}", kind.media_type, content)


async def _apart(kind: str, content: bytes, limits: FileLimits) -> tuple[int, bytes, str]:
    """What a process of its own makes of a file: it knows nothing of the service, and cannot take it along."""
    async with _turns():
        # Isolated: no variable of the environment and no folder of ours is looked at for code.
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(CLEANING), kind, str(limits.largest_pixels), str(limits.largest_bytes)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={},
            cwd="/",
        )
        try:
            out, said = await asyncio.wait_for(process.communicate(content), CLEANING_SECONDS)
        except TimeoutError:
            return -1, b"", "too_demanding"
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return process.returncode or 0, out, said.decode("ascii", "replace")


_waiting: "WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]" = WeakKeyDictionary()


def _turns() -> asyncio.Semaphore:
    return _waiting.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


def _refused(reason: str, place: int, limits: FileLimits, n: int = 0) -> AttachmentRefused:
    facts: dict[str, int] = {
        "file": place,
        "n": n,
        "most": limits.most,
        "largest": limits.largest_bytes // 1_048_576,
        "pixels": limits.largest_pixels // 1_000_000,
    }
    return AttachmentRefused(
        _SENTENCES[reason].format(**facts), rule=None, citation=None, field="files", reason=reason, **facts
    )
