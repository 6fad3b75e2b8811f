"""What a form of the public sends: its fields and files, held in memory and never on a disk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from api.attachment import SentFile

LARGEST_FIELD = 64 * 1024
"""Units: bytes; the longest text has 4,000 characters."""
MOST_PARTS = 20
MULTIPART = "multipart/form-data"


class FormUnreadable(Exception):
    """What came is no form of ours."""


class FromElsewhere(Exception):
    """A form of ours was sent by a page that is not ours."""


@dataclass(frozen=True, slots=True)
class FormBody:
    """Fields by their names, and the files that were chosen."""

    values: Mapping[str, str]
    files: Sequence[SentFile]


class _InMemory(MultiPartParser):
    spool_max_size = 64 * 1024 * 1024  # above all that the body may hold: what was sent in confidence touches no disk


async def read_form(request: Request) -> FormBody:
    """The fields and files of a form that one of our own pages has sent.

    Refuses: FromElsewhere, FormUnreadable.
    """
    from_here(request)
    try:
        form = await _parsed(request)
    except (MultiPartException, UnicodeDecodeError, ValueError) as unreadable:
        raise FormUnreadable from unreadable
    values = {name: value.replace("\r\n", "\n") for name, value in form.multi_items() if isinstance(value, str)}
    chosen = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
    files = [await _file(one) for one in chosen if one.filename or one.size]
    return FormBody(values, files)


def from_here(request: Request) -> None:
    """A browser that says where a form came from must say: from here. One that says nothing is let pass, because a
    form's own signed key is what counts, and no cookie gives anybody else's page a power that it has not got itself.

    Refuses: FromElsewhere.
    """
    site = request.headers.get("sec-fetch-site")
    if site not in (None, "same-origin", "none"):
        raise FromElsewhere
    origin = request.headers.get("origin", "null")  # a page without a referrer sends `null`
    if site is None and origin != "null" and urlsplit(origin).netloc != request.headers.get("host"):
        raise FromElsewhere


async def _parsed(request: Request) -> FormData:
    if request.headers.get("content-type", "").startswith(MULTIPART):
        parser = _InMemory(
            request.headers,
            request.stream(),
            max_files=MOST_PARTS,
            max_fields=MOST_PARTS,
            max_part_size=LARGEST_FIELD,
        )
        return await parser.parse()
    plain = FormParser(request.headers, request.stream(), max_fields=MOST_PARTS, max_part_size=LARGEST_FIELD)
    return await plain.parse()


async def _file(sent: UploadFile) -> SentFile:
    content = await sent.read()
    await sent.close()
    return SentFile(sent.filename or "", sent.content_type or "", content)
