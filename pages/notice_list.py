"""The front page of the gazette, and its notices as a reader looked for them; nobody is named on either."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.law import Language
from domain.notice_filter import NoticeFilter, NoticeState
from pages.translations import other, words
from pages.typesetting import place_in_words, set_page, template
from projections.notice_list import NoticePage
from projections.visible_notice import Standing, VisibleNotice, closing, working_days_left

_FRONT = template("front_page.html")
_LIST = template("notice_list.html")
SHOWN_ON_FRONT = 30
"""Entries of a part of the front page; the whole of it is one step further."""


@dataclass(frozen=True, slots=True)
class _Entry:
    notice: VisibleNotice
    days_left: int | None

    @property
    def on(self) -> date:
        """The day that a reader wants to know: when it opens, closes, or ended."""
        notice = self.notice
        return notice.window.opens_on if notice.standing is Standing.TO_OPEN else notice.ended_on or _closes(notice)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the front page: the notices of one state, those that are shown of them, and where all of them are."""

    state: NoticeState
    count: int
    entries: list[_Entry]
    whole: str


def front_page(notices: Iterable[VisibleNotice], language: Language, *, today: date, public_url: str) -> str:
    """What closes soon, what else is open, what is to come, and what closed last.

    Search engines may index this page, which is why it names nobody.
    """
    entries = [_entry(notice) for notice in notices]
    entries.sort(key=lambda entry: (entry.notice.window.closes_on, entry.notice.position))
    running = [entry for entry in entries if entry.notice.standing.runs]
    soon = [entry for entry in running if closing(entry.notice)]
    to_come = [entry for entry in entries if entry.notice.standing is Standing.TO_OPEN]
    over = [entry for entry in reversed(entries) if entry.notice.standing.over]
    return set_page(
        _FRONT,
        language,
        any_open=bool(running),
        parts=[
            _part(NoticeState.CLOSING, soon, language),
            _part(NoticeState.OPEN, [entry for entry in running if entry not in soon], language, whole=len(running)),
            _part(NoticeState.TO_COME, sorted(to_come, key=lambda entry: entry.on), language),
            _part(NoticeState.CLOSED, over, language),
        ],
        today=today,
        here=f"/{language}/",
        there=f"/{other(language)}/",
        origin=public_url.rstrip("/"),
    )


def notice_list_page(
    found: NoticePage,
    wanted: NoticeFilter,
    language: Language,
    *,
    places: Iterable[str],
    public_url: str,
    after: str | None = None,
) -> str:
    """The notices that a reader asked for. What was asked for is the address, and each part of it can be taken away."""
    here = list_address(wanted, language)
    return set_page(
        _LIST,
        language,
        **_form(language, _typed(wanted), places),
        entries=[_entry(notice) for notice in found.notices],
        count=_count(found, language, after),
        asked=_asked(wanted, language),
        next_page=list_address(wanted, language, found.next_cursor) if found.next_cursor else None,
        first_page=here if after else None,
        follow=f"?{wanted.in_address()}" if wanted.in_address() else "",
        wrong=_wrong((), language),
        here=here,
        there=list_address(wanted, other(language)),
        origin=public_url.rstrip("/"),
    )


def unreadable_search_page(
    typed: Mapping[str, str], fields: Collection[str], language: Language, *, places: Iterable[str]
) -> str:
    """What was typed into a search, with what is wrong at the fields that could not be read. To be sent as 422."""
    return set_page(
        _LIST,
        language,
        **_form(language, typed, places),
        entries=[],
        count=None,
        asked=[],
        next_page=None,
        first_page=None,
        follow="",
        wrong=_wrong(fields, language),
        here=f"/{language}/notices",
        there=f"/{other(language)}/notices",
        origin="",
    )


def list_address(wanted: NoticeFilter, language: Language, after: str | None = None) -> str:
    """Where the notices that are wanted are listed."""
    query = "&".join(part for part in (wanted.in_address(), f"after={after}" if after else "") if part)
    return f"/{language}/notices" + (f"?{query}" if query else "")


def _form(language: Language, typed: Mapping[str, str], places: Iterable[str]) -> dict[str, object]:
    return {
        "typed": {name: typed.get(name, "") for name in NoticeFilter.model_fields},
        "states": [(str(state), words(language)(f"list.{state}")) for state in NoticeState],
        "places": sorted(((place, place_in_words(place, language)) for place in places), key=lambda place: place[1]),
    }


def _wrong(fields: Collection[str], language: Language) -> dict[str, str]:
    say = words(language)
    said = {"from_on": say("search.wrong_day"), "to_on": say("search.wrong_day")}
    return {name: said.get(name, say("search.wrong")) if name in fields else "" for name in NoticeFilter.model_fields}


def _typed(wanted: NoticeFilter) -> dict[str, str]:
    return {name: str(said) for name, said in wanted.model_dump(mode="json", exclude_none=True).items()}


def _asked(wanted: NoticeFilter, language: Language) -> list[tuple[str, str, str]]:
    """Each thing that was asked for: what it is, what it says, and the address without it."""
    say = words(language)
    asked = []
    for name, said in _typed(wanted).items():
        shown = place_in_words(said, language) if name == "place" else said
        if name == "state":
            shown = say(f"list.{said}")
        without = wanted.model_copy(update={name: None})
        asked.append((say(f"search.{name}"), shown, list_address(without, language)))
    return asked


def _count(found: NoticePage, language: Language, after: str | None) -> str:
    say, n = words(language), len(found.notices)
    if found.next_cursor or after:
        return say("search.some", n=n)
    return say("search.one") if n == 1 else say("search.all", n=n)


def _part(state: NoticeState, entries: list[_Entry], language: Language, whole: int | None = None) -> _Part:
    address = list_address(NoticeFilter(state=state), language)
    return _Part(state, len(entries) if whole is None else whole, entries[:SHOWN_ON_FRONT], address)


def _entry(notice: VisibleNotice) -> _Entry:
    return _Entry(notice, working_days_left(notice))


def _closes(notice: VisibleNotice) -> date:
    return notice.window.closes_on
