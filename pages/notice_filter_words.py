"""A filter of notices said in words, on a page or in a mail, as whoever chose it would say it."""

from domain.date_words import in_words
from domain.law import Language
from domain.notice_filter import NoticeFilter
from pages.translations import words


def filter_in_words(wanted: NoticeFilter, language: Language) -> str:
    """What a filter asks for, in one phrase without a full stop; “all notices” where it asks for nothing."""
    say = words(language)
    quoted = {"q": wanted.q, "organ": wanted.organ, "post": wanted.post, "place": wanted.place}
    parts = [say(f"filter.{name}", value=value) for name, value in quoted.items() if value]
    parts += [say("filter.from_on", value=in_words(wanted.from_on, language))] if wanted.from_on else []
    parts += [say("filter.to_on", value=in_words(wanted.to_on, language))] if wanted.to_on else []
    if not parts:
        return say("filter.all")
    return say("filter.those", parts=("，" if language == "zh" else ", ").join(parts))
