"""A file that the public filed: sealed whole, and what is public of it does not tell what it is."""

import base64
import binascii
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator

from domain.command import Command
from domain.event import Confidential, Event
from domain.identity import CaseId
from domain.taking_part_rule import EntryKind

LARGEST_FILE_BYTES = 8 * 1024 * 1024


class SizeClass(StrEnum):
    """How large a file is, in steps too wide to tell which file it is."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"

    @staticmethod
    def of(length: int) -> "SizeClass":
        """Units: bytes."""
        return SizeClass.SMALL if length < 100_000 else SizeClass.MEDIUM if length < 1_000_000 else SizeClass.LARGE


class FileAttachment(Command):
    """File something for an entry, before it or beside it. Its kind was checked, its metadata removed."""

    kind: EntryKind
    file_name: str = Field(min_length=1, max_length=200)
    media_type: str = Field(pattern=r"^[a-z]+/[a-z0-9.+-]{1,80}(; charset=utf-8)?$")
    content: str = Field(min_length=4, max_length=LARGEST_FILE_BYTES * 4 // 3 + 4, description="base64")

    @field_validator("content")
    @classmethod
    def can_be_read_again(cls, content: str) -> str:
        try:
            base64.b64decode(content, validate=True)
        except binascii.Error as unreadable:
            raise ValueError("is not base64") from unreadable
        return content


class AttachmentFiled(Event):
    """A file rests sealed under the id of an entry; what is public of it does not tell what it is."""

    attachment_id: str
    entry_id: str
    case_id: CaseId
    kind: EntryKind
    size_class: SizeClass
    filed_on: date
    file_name: Annotated[str | None, Confidential(to="correspondence")] = None
    media_type: Annotated[str | None, Confidential(to="correspondence")] = None
    content: Annotated[str | None, Confidential(to="correspondence")] = None
