"""Where a witness reads a log: from its address, or from a folder with a copy of its files."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import httpx2

from eventstore.transparency.tile import LARGEST_ENTRY, WIDTH, Fetch

PATIENCE_SECONDS = 20.0
LARGEST_FILE = WIDTH * (LARGEST_ENTRY + 2)
NOT_THERE = (404, 410)


class Unreachable(Exception):
    """A log could not be read; that says nothing of what is in it."""


@contextlib.contextmanager
def reading_from(place: str) -> Iterator[Fetch]:
    """Reads the files of a log by their paths below an address, or below a folder."""
    if not place.startswith(("http://", "https://")):
        yield lambda path: _from_folder(Path(place), path)
        return
    # The machine's proxy settings would let somebody else answer for the log.
    with httpx2.Client(trust_env=False, timeout=PATIENCE_SECONDS) as client:
        yield lambda path: _from_address(client, f"{place.rstrip('/')}/{path}")


def _from_folder(folder: Path, path: str) -> bytes:
    if not folder.is_dir():
        raise Unreachable(f"{folder} is not a folder.")
    try:
        return (folder / path).read_bytes()
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise Unreachable(f"{folder / path} cannot be read: {problem.strerror}.") from None


def _from_address(client: httpx2.Client, url: str) -> bytes:
    try:
        with client.stream("GET", url) as answer:
            if answer.status_code in NOT_THERE:
                raise FileNotFoundError(url)
            if answer.status_code != 200:
                raise Unreachable(f"{url} answers {answer.status_code}.")
            return _body(answer, url)
    except (httpx2.HTTPError, httpx2.InvalidURL) as problem:
        raise Unreachable(f"{url} cannot be reached: {problem or type(problem).__name__}.") from None


def _body(answer: httpx2.Response, url: str) -> bytes:
    found = bytearray()
    for part in answer.iter_bytes():
        found += part
        if len(found) > LARGEST_FILE:
            raise Unreachable(f"{url} is larger than any file of a log.")
    return bytes(found)
