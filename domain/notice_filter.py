"""The public notices as they are asked for: one filter that is address, page, feed, subscription and data set."""

from datetime import date
from enum import StrEnum
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from domain.searched_words import searched_words


class NoticeState(StrEnum):
    """Which notices a reader asks for, by where they stand on the day of the reading."""

    TO_COME = "to_come"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


class NoticeFilter(BaseModel):
    """What a reader of notices asks for; nothing of it means every notice."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    q: str | None = Field(None, max_length=200, description="words, or parts of them, that all stand in the notice")
    organ: str | None = Field(None, max_length=200, description="words of the unit of the post")
    post: str | None = Field(None, max_length=200, description="words of the post's title")
    place: str | None = Field(None, max_length=20, description="jurisdiction, such as CN or GB-ENG")
    from_on: date | None = Field(None, description="closes on this day or later; days are those of the jurisdiction")
    to_on: date | None = Field(None, description="opens on this day or before")
    state: NoticeState | None = Field(None, description="to_come, open, closing (within two working days) or closed")

    def in_address(self) -> str:
        """The filter as the query of an address; the same one always reads the same."""
        return urlencode(self.model_dump(mode="json", exclude_none=True))

    @property
    def words(self) -> tuple[str, ...]:
        """The words that are looked for anywhere in the notice."""
        return searched_words(self.q or "")
