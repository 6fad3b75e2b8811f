"""A year's report as a page and on paper: the same parts and the same words in both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from domain.date_words import in_words
from domain.law import Language, Text
from domain.pack_adoption import SHIPPED
from domain.yearly_report import Count, PolicyAdopted, ProblemOfYear, TitledCount, YearMatter
from pages.clock_words import as_it_is, clock_title
from pages.dossier_telling import Block, facts, nothing, sentence, table
from pages.staff_page import StaffPage
from pages.tagged_pdf import families, legible, tagged_pdf
from pages.translations import LANGUAGE_TAGS, TRANSLATIONS, words
from pages.typesetting import set_page, template

PAPER = Path(__file__).with_name("templates") / "dossier.typ"
_PAGE = template("yearly_report.html")
PARTS = ("numbers", "policy", "training", "exceptions", "rectification", "problems", "together", "index")
SHORT_HASH = 16


@dataclass(frozen=True, slots=True)
class YearlyReport:
    """A report as it was drawn up: what it tells, when, as which one of its year, and where it stands in the log."""

    matter: YearMatter
    number: int
    drawn_up_on: date
    recorded_at: datetime
    position: int
    digest: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    number: int
    heading: str
    blocks: list[Block]


def yearly_report_page(report: YearlyReport, language: Language) -> str:
    """The report as a page that needs nothing else."""
    return set_page(
        _PAGE,
        language,
        title=_title(report, language),
        day=_day(report, language),
        foot=_foot(report, language),
        parts=_parts(report.matter, language),
        there=f"?format=html&language={'en' if language == 'zh' else 'zh'}",
        origin="",
    )


YEARLY_REPORTS = StaffPage("/yearly-reports", "yearly_reports", ("yearly_reports",))


def yearly_report_parts(report: YearlyReport, language: Language) -> dict[str, Any]:
    """The report as a script sets it, which may write text and no markup: what the page says, part by part."""
    return {
        "title": _title(report, language),
        "day": _day(report, language),
        "foot": _foot(report, language),
        "parts": [{"heading": part.heading, "blocks": part.blocks} for part in _parts(report.matter, language)],
    }


def yearly_report_pdf(report: YearlyReport, language: Language) -> bytes:
    """The report on paper: PDF/A-3a and PDF/UA-1, the same bytes each time. Call it in a thread.

    Refuses: GlyphMissing.
    """
    say, recorded = words(language), report.recorded_at.astimezone(UTC)
    parts = _parts(report.matter, language)
    matter: dict[str, Any] = {
        "title": _title(report, language),
        "author": "Investiture",
        "recorded": {name: getattr(recorded, name) for name in ("year", "month", "day", "hour", "minute", "second")},
        "lang": LANGUAGE_TAGS[language].partition("-")[0],
        "fonts": families(),
        "pack": say("yearly_report.lead"),
        "day": _day(report, language),
        "seal": say("yearly_report.seal"),
        "contents": say("yearly_report.contents"),
        "foot": _foot(report, language),
        "page": say("yearly_report.page_of"),
        "parts": [{"number": part.number, "heading": part.heading, "blocks": legible(part.blocks)} for part in parts],
        "files": [],
    }
    return tagged_pdf(PAPER, matter, report.recorded_at, {})


def _title(report: YearlyReport, language: Language) -> str:
    return words(language)("yearly_report.title", year=report.matter.year)


def _day(report: YearlyReport, language: Language) -> str:
    say = words(language)
    said = say("yearly_report.drawn_up", on=in_words(report.drawn_up_on, language), number=report.number)
    return f"{said} {say('yearly_report.because', reason=report.reason)}" if report.reason else said


def _foot(report: YearlyReport, language: Language) -> str:
    return words(language)("yearly_report.foot", position=report.position, digest=report.digest[:SHORT_HASH])


def _parts(matter: YearMatter, language: Language) -> list[Part]:
    telling = _Telling(matter, language)
    return [
        Part(number, f"{number}. {telling.say(f'yearly_report.part.{name}')}", list(getattr(telling, name)()))
        for number, name in enumerate(PARTS, start=1)
    ]


class _Telling:
    """The parts of one report in one language, each by its name."""

    def __init__(self, matter: YearMatter, language: Language):
        self.matter, self.language, self.say = matter, language, words(language)

    def numbers(self) -> Iterator[Block]:
        letters = sum(count.n for count in self.matter.letters)
        yield facts(
            (self.say("yearly_report.opened"), f"{self.matter.opened:,}"),
            (self.say("yearly_report.letters"), f"{letters:,}"),
        )
        yield self._counts("yearly_report.endings", self.matter.endings, "outcome")
        yield self._counts("yearly_report.letters_by_rank", self.matter.letters, None)
        yield self._counts("figures.objections", self.matter.objections, "figures.objection")

    def policy(self) -> Iterator[Block]:
        rows = [
            [f"{one.pack} {one.version}", in_words(one.effective_from, self.language), self._reason(one)]
            for one in self.matter.policy
        ]
        yield self._table(("pack", "from", "reason"), rows, (1, 1, 2))

    def _reason(self, adopted: PolicyAdopted) -> str:
        return self.say("yearly_report.shipped") if adopted.reason == SHIPPED else adopted.reason

    def training(self) -> Iterator[Block]:
        yield self._counts("yearly_report.acts", self.matter.training, "event")

    def exceptions(self) -> Iterator[Block]:
        yield self._counts("yearly_report.kind", self.matter.exceptions, "figures.exception")

    def rectification(self) -> Iterator[Block]:
        if self.matter.rectification:
            all_, mended = len(self.matter.rectification), self.matter.rectified
            yield sentence(self.say("yearly_report.rectified", mended=mended, all=all_, year=self.matter.year))
        yield self._problems(self.matter.rectification)

    def problems(self) -> Iterator[Block]:
        yield self._problems(self.matter.problems)

    def together(self) -> Iterator[Block]:
        yield self._counts("yearly_report.meetings", self.matter.meetings, "event")
        yield self._counts("yearly_report.requests", self.matter.requests, "event")

    def index(self) -> Iterator[Block]:
        rows = [
            [
                f"{self.say(f'index.{one.name}')}, {one.unit}",
                in_words(one.closed_on, self.language),
                one.mean,
                f"{one.low} – {one.high}" if one.low and one.high else "–",
                f"{one.n:,} / {one.population:,}",
            ]
            for one in self.matter.indices
        ]
        yield self._table(("index", "closed", "points", "interval", "of"), rows, (3, 2, 1, 2, 1))

    def _counts(self, title: str, counts: Sequence[Count], named: str | None) -> Block:
        rows = [[self._name(count, named), f"{count.n:,}", f"{count.before or 0:,}"] for count in counts]
        head = (self.say(title), str(self.matter.year), str(self.matter.year - 1))
        return table(head, rows, (3, 1, 1)) if rows else nothing(self.say("yearly_report.none", of=self.say(title)))

    def _name(self, count: Count, named: str | None) -> str:
        known = TRANSLATIONS.get(f"{named}.{count.name}")
        called = count.called if isinstance(count, TitledCount) else None
        if known is None and called:
            return called.in_(self.language)
        said = (known or as_it_is(count.name)).in_(self.language)
        colon = "：" if self.language == "zh" else ": "
        return f"{said}{colon}{self._detail(count, called)}" if count.detail else said

    def _detail(self, count: Count, called: Text | None) -> str:
        # A report says the same for ever, so that it asks no pack what a clock is called by now.
        title = clock_title(count.detail, called) if count.name == "delay" else called
        return (title or as_it_is(count.detail)).in_(self.language)

    def _problems(self, problems: Sequence[ProblemOfYear]) -> Block:
        rows = [
            [
                problem.finding,
                self.say(f"meeting.severity.{problem.severity}"),
                problem.owner,
                in_words(problem.due_on, self.language),
                self._state(problem),
            ]
            for problem in problems
        ]
        return self._table(("finding", "severity", "owner", "due", "state"), rows, (4, 1, 2, 2, 2))

    def _state(self, problem: ProblemOfYear) -> str:
        said = self.say(f"problem.state.{problem.state}")
        return f"{said}: {in_words(problem.mended_on, self.language)}" if problem.mended_on else said

    def _table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Block:
        if not rows:
            return nothing(self.say("yearly_report.nothing"))
        return table([self.say(f"yearly_report.head.{name}") for name in head], rows, widths)
