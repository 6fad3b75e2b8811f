"""What the public reads of notices, set like an official gazette; it shows nothing that it was not given."""

from dataclasses import dataclass
from datetime import date

from domain.law import Citation, Language
from pages.entry_address import form_address
from pages.large_print import either, in_print
from pages.notice_days import bar
from pages.regime import regime_pages
from pages.translations import field_label, other, words
from pages.transparency_log import grouped, log_address, moment_in_words
from pages.typesetting import set_page, template, timezone_in_words, year_month
from projections.visible_notice import (
    NoticeCandidate,
    NoticeVersion,
    VisibleNotice,
    taken_from_the_public,
    working_days_left,
)

_NOTICE = template("public_notice.html")
_GONE = template("notice_gone.html")
_PROBLEM = template("problem.html")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a notice says of a candidate."""

    label: str
    says: str
    is_name: bool


def notice_address(notice_id: str, language: Language) -> str:
    """Where a notice stands for good; the language is part of the address."""
    return f"/{language}/notices/{notice_id}"


def public_notice_page(notice: VisibleNotice, language: Language, *, public_url: str, large: bool = False) -> str:
    """A notice from the top: number, post, who, until when, how to object, under which rules, and its record.

    It depends on nothing but the notice as it is visible on a day, so that whoever renders it sends the same bytes.
    """
    return in_print(set_notice(notice, language, public_url=public_url), large=large)


def set_notice(notice: VisibleNotice, language: Language, *, public_url: str) -> str:
    """The same for both prints, to be read `in_print`: setting a page takes longer than all the rest."""
    origin = public_url.rstrip("/")
    return set_page(
        _GONE if notice.gone else _NOTICE,
        language,
        notice=notice,
        either=either,
        days_stood=(_last_day(notice) - notice.opened_on).days + 1,
        last_day=_last_day(notice),
        outcomes=[(outcome, n) for outcome, n in notice.objections.outcomes if n],
        removed_by=_with_meaning(notice.names_end_by, language) if notice.names_end_by else None,
        changes=[_change(version, language) for version in notice.versions],
        standing=notice.standing,
        forms=[(kind, form_address(notice.notice_id, kind, language)) for kind in taken_from_the_public(notice)],
        days_left=working_days_left(notice),
        candidates=[candidate_facts(candidate, language) for candidate in notice.candidates],
        bar=bar(notice.window, notice.today, language),
        explanation=notice.window.explain(language),
        timezone=timezone_in_words(notice.timezone, language),
        rules=[_with_meaning(citation, language) for citation in notice.rules],
        published=notice.versions[-1].published if notice.versions else None,
        proof_address=f"/log/proof/notices/{notice.notice_id}",
        verifier=f"{log_address(language)}#check",
        moment=lambda at: moment_in_words(at, language),
        grouped=grouped,
        here=notice_address(notice.notice_id, language),
        there=notice_address(notice.notice_id, other(language)),
        origin=origin,
    )


def problem_page(language: Language, title: str, sentence: str, next_step: str) -> str:
    """What went wrong, in one sentence, and one way on."""
    return set_page(
        _PROBLEM,
        language,
        title=title,
        sentence=sentence,
        next_step=next_step,
        there=f"/{other(language)}/",
        origin="",
    )


def not_found_page(language: Language) -> str:
    """Nothing stands at this address. To be sent as 404."""
    return _problem("not_found", language)


def _problem(kind: str, language: Language) -> str:
    say = words(language)
    return problem_page(language, say(f"{kind}.title"), say(f"{kind}.sentence"), say(f"{kind}.next"))


def candidate_facts(candidate: NoticeCandidate, language: Language) -> list[Fact]:
    """What a notice says of a candidate, each under the name that people use for it."""
    return [_fact(field, says, language) for field, says in candidate.shown]


def _fact(field: str, says: str, language: Language) -> Fact:
    shown = year_month(says, language) if field == "birth_year_month" else says
    return Fact(field_label(field, language), shown.strip(), is_name=field == "full_name")


def _with_meaning(citation: Citation, language: Language) -> tuple[Citation, str, str]:
    """A rule with what its confidence means, and where it stands in its regime."""
    meaning = words(language)(f"confidence.{citation.confidence}")
    return citation, meaning, regime_pages(citation.pack, citation.rule)[language]


def _last_day(notice: VisibleNotice) -> date:
    return notice.ended_on or notice.window.closes_on


def _change(version: NoticeVersion, language: Language) -> tuple[NoticeVersion, str]:
    """A version, and what made it in words."""
    what = field_label(version.particular, language) if version.particular else ""
    return version, words(language)(f"versions.{version.change}", what=what)
