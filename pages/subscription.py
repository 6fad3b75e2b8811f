"""The pages of subscribing: the form, the buttons behind the links of the mails, and what came of each."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import ValidationError

from domain.law import Language
from domain.notice_filter import NoticeFilter
from domain.subscription import CONFIRM_WITHIN, Often
from pages.notice_filter_words import filter_in_words
from pages.translations import other, words
from pages.typesetting import set_page, template

_FORM = template("subscribe.html")
_SAID = template("subscribe_said.html")
MailGoes = Literal["out", "into_a_folder", "nowhere"]


class Said(StrEnum):
    """What a page answers."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    ENDED = "ended"
    UNKNOWN = "unknown"


def subscribe_page(
    language: Language, written: Mapping[str, str], *, wrong: set[str], mail_goes: MailGoes, public_url: str
) -> str:
    """The form, with what was written in it before, and beside each field what is wrong with it."""
    wanted = _filter(written)
    here = f"/{language}/subscribe"
    query = f"?{wanted.in_address()}" if wanted.in_address() else ""
    return set_page(
        _FORM,
        language,
        chosen=wanted.model_dump(mode="json", exclude_none=True),
        in_words_chosen=filter_in_words(wanted, language),
        address=written.get("address", ""),
        often=written.get("often", Often.EACH_WEEK),
        each=list(Often),
        wrong=wrong,
        mail_goes=mail_goes,
        days=CONFIRM_WITHIN.days,
        here=here,
        there=f"/{other(language)}/subscribe{query}",
        origin=public_url.rstrip("/"),
    )


def button_page(language: Language, act: str) -> str:
    """One sentence and one button, which sends an empty form to the address of the page itself."""
    say = words(language)
    return _page(language, say(f"subscribe.{act}.title"), [say(f"subscribe.{act}.says")], say(f"subscribe.{act}.press"))


def said_page(language: Language, said: Said, *, mail_goes: MailGoes) -> str:
    """What came of it, and what comes next."""
    say = words(language)
    sentences = [say(f"subscribe.{said}.says", days=CONFIRM_WITHIN.days)]
    if said is Said.ASKED and mail_goes == "into_a_folder":
        sentences.append(say("subscribe.into_a_folder"))
    return _page(language, say(f"subscribe.{said}.title"), sentences, None)


def _page(language: Language, title: str, sentences: list[str], press: str | None) -> str:
    there = f"/{other(language)}/subscribe"
    return set_page(_SAID, language, title=title, sentences=sentences, press=press, there=there)


def _filter(written: Mapping[str, str]) -> NoticeFilter:
    """The filter that an address or a form carries; one that cannot be read asks for nothing.

    Where a notice stands is left out: whoever hears of notices hears of them from their first day to their last.
    """
    named = {name: text for name, text in written.items() if name in NoticeFilter.model_fields and text}
    try:
        return NoticeFilter.model_validate(named).model_copy(update={"state": None})
    except ValidationError:
        return NoticeFilter()
