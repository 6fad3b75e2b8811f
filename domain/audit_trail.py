"""The audit trail as it is asked for: one filter that is address, query, export and saved search, and who asked it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.event import Event, Personal, StreamId
from domain.identity import Actor, OfficerId, OrganId
from domain.refusal import Refusal


class TrailFilter(BaseModel):
    """What a reader of the audit trail asks for; nothing of it means the whole log."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case: str | None = Field(None, description="id of a case: its own stream, and what else names it")
    kind: str | None = Field(None, description="kind of stream, such as appointment, inquiry, course or access")
    organ: str | None = Field(None, description="the organ that was acted for")
    officer: str | None = Field(None, description="pseudonym of who acted, or of whom they stood in for")
    type: str | None = Field(None, description="type of event")
    stage: str | None = Field(None, description="stage at which the case stood")
    rule: str | None = Field(None, description="path of a rule that was applied")
    pack: str | None = Field(None, description="pack under which it was recorded: `standard`, or `standard@1`")
    since: date | None = Field(None, description="recorded on this day or later; days are those of UTC")
    until: date | None = Field(None, description="recorded on this day or before")
    command: str | None = Field(None, description="id of the command that led to it")
    deviations: bool = Field(False, description="only what left the rules: deviations, exceptions, breaches")
    from_position: int | None = Field(None, description="this position of the log or later")
    to_position: int | None = Field(None, description="this position of the log or before")

    def in_address(self) -> str:
        """The filter as the query of an address; the same one always reads the same."""
        said = self.model_dump(mode="json", exclude_defaults=True)
        return urlencode({name: str(value).lower() if value is True else value for name, value in said.items()})


class AuditTrailRead(Event):
    """Somebody read the audit trail. Pages that are read on are one reading, and counted with it now and then."""

    officer: OfficerId
    search: TrailFilter
    rows: int


class AuditTrailExported(Event):
    """Somebody took a copy of the audit trail up to a position of the log."""

    officer: OfficerId
    search: TrailFilter
    format: str
    rows: int
    up_to_position: int


class AuditEventRead(Event):
    """Somebody looked at one event, and at what it changed."""

    officer: OfficerId
    of_position: int


class SearchSaved(Event):
    """An officer keeps a filter under a title, for themselves or for their organ."""

    search_id: str
    officer: OfficerId
    organ: OrganId
    search: TrailFilter
    shared: bool
    title: Annotated[str | None, Personal(of="officer")] = None


class SearchRemoved(Event):
    """A saved search is kept no longer."""

    search_id: str
    officer: OfficerId


class SaveAuditSearch(Command):
    """Keep a filter under a title."""

    title: str = Field(min_length=1, max_length=120)
    search: TrailFilter
    shared: bool = False


class RemoveAuditSearch(Command):
    """Keep a saved search no longer."""

    search_id: str


class SearchNotFound(Refusal):
    rule = "house.known_values"


class AnotherOfficersSearch(Refusal):
    rule = "house.a_saved_search_is_its_keepers"


class TooManySearches(Refusal):
    rule = "house.a_list_can_be_read"


MOST_SEARCHES = 200


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A filter under a title; the title is gone when its keeper is forgotten."""

    search_id: str
    officer: OfficerId
    organ: OrganId
    search: TrailFilter
    shared: bool
    title: str | None

    def read_by(self, actor: Actor) -> bool:
        """Whether it stands in an officer's list."""
        return self.officer == actor.officer or (self.shared and self.organ == actor.organ)


def audit_search_stream(organ: OrganId) -> StreamId:
    """The stream of the searches that the officers of an organ have saved."""
    return StreamId(f"audit_search/{organ}")


def fold_searches(events: Iterable[Event]) -> Mapping[str, SavedSearch]:
    """The searches that a stream's events have left, in the order in which they were saved."""
    kept: dict[str, SavedSearch] = {}
    for event in events:
        match event:
            case SearchSaved():
                said = (event.search_id, event.officer, event.organ, event.search, event.shared, event.title)
                kept[event.search_id] = SavedSearch(*said)
            case SearchRemoved():
                kept.pop(event.search_id, None)
    return kept


def save_audit_search(
    search_id: str, events: Sequence[Event], command: SaveAuditSearch, *, actor: Actor
) -> list[Event]:
    """An officer keeps a filter, for themselves or for everybody of their organ.

    Refuses: TooManySearches.
    """
    own = [kept for kept in fold_searches(events).values() if kept.officer == actor.officer]
    if len(own) >= MOST_SEARCHES:
        raise TooManySearches(
            f"You keep {len(own)} saved searches, and {MOST_SEARCHES} is the most. Remove one that is not used; "
            "read the list to choose it.",
            limit=MOST_SEARCHES,
        )
    return [
        SearchSaved(
            search_id=search_id,
            officer=actor.officer,
            organ=actor.organ,
            search=command.search,
            shared=command.shared,
            title=command.title,
        )
    ]


def remove_audit_search(events: Sequence[Event], command: RemoveAuditSearch, *, actor: Actor) -> list[Event]:
    """Whoever saved a search removes it.

    Refuses: SearchNotFound, AnotherOfficersSearch.
    """
    found = fold_searches(events).get(command.search_id)
    if found is None or not found.read_by(actor):
        raise SearchNotFound(
            f"There is no saved search “{command.search_id}” in your list. Read the list to choose one.",
            field="search_id",
        )
    if found.officer != actor.officer:
        raise AnotherOfficersSearch("This search was saved by another officer. Ask them to remove it.")
    return [SearchRemoved(search_id=found.search_id, officer=actor.officer)]
