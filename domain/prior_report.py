"""What must be reported to another organ before the decision, its reply, and its silence, which never is consent."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase, under_way
from domain.case_file import Opinion
from domain.command import Command, held_by, nobody_acts_for_themselves, not_by_its_runner, not_held
from domain.event import Confidential, Event
from domain.exceptional_rule import PriorReportRule
from domain.identity import OfficerId, OrganId, Role
from domain.occasion import Occasion
from domain.pack import OnExpiry, Pack
from domain.refusal import Refusal, UnknownChoice
from domain.replacing import replace
from domain.working_days import Window


class Reply(StrEnum):
    CONSENTS = "consents"
    REFUSES = "refuses"


class ReportToSuperior(Command):
    """Report a matter of the pack, or a proposed exception, to the organ that must hear of it before the decision."""

    matter: str = Field(description="a matter of the pack, or the id of a proposed exception")
    statement: str = Field(min_length=10, max_length=4000, description="what is reported; sealed for supervision")


class RecordSuperiorReply(Command):
    """What the organ replied: by its own officer here, or by supervision from its paper."""

    matter: str
    reply: Reply
    paper: str | None = Field(
        None, min_length=3, max_length=200, description="reference of the paper; stands in the public record: no names"
    )
    text: str = Field(min_length=3, max_length=4000, description="what it says; sealed for supervision")


class ReportedToSuperior(CaseEvent):
    schema_version: ClassVar[int] = 2
    matter: str
    about: str
    organ: OrganId
    answer_by: Window
    on_expiry: OnExpiry
    reported_by: OfficerId | None = None
    statement: Annotated[str | None, Confidential(to="supervision")] = None

    def rules_applied(self) -> tuple[str, ...]:
        return (self.about, f"prior_reports.{self.organ}.within", f"prior_reports.{self.organ}.on_expiry")

    def windows(self) -> Mapping[str, Window]:
        return {f"prior_report:{self.matter}": self.answer_by}

    def apply(self, case: LiveCase) -> Case:
        asked = Opinion(self.organ, self.answer_by.closes_on, self.on_expiry, asked_by=self.reported_by)
        return case.with_prior_report(self.matter, asked)


class SuperiorReplied(CaseEvent):
    matter: str
    organ: OrganId
    reply: Reply
    replied_on: date
    paper: str | None = None
    text: Annotated[str | None, Confidential(to="supervision")] = None

    def rules_applied(self) -> tuple[str, ...]:
        return (f"prior_reports.{self.organ}.consent_needed",)

    def apply(self, case: LiveCase) -> Case:
        return case.with_prior_report(self.matter, replace(case.prior_reports[self.matter], finding=str(self.reply)))


class SuperiorSilent(CaseEvent):
    """The organ was silent past its date. It counts against the organ, and the decision stays blocked."""

    matter: str
    organ: OrganId
    due_on: date
    on_expiry: OnExpiry

    def rules_applied(self) -> tuple[str, ...]:
        return (f"prior_reports.{self.organ}.within", f"prior_reports.{self.organ}.on_expiry")

    def apply(self, case: LiveCase) -> Case:
        return case.with_prior_report(self.matter, replace(case.prior_reports[self.matter], overdue=True))


class AlreadyReported(Refusal):
    rule = "house.one_report_a_matter"


class ReportAfterDecision(Refusal):
    rule = "house.a_prior_report_comes_before_the_decision"


class NothingReported(Refusal):
    rule = "house.a_reply_answers_a_report"


class PaperMissing(Refusal):
    rule = "house.a_reply_from_outside_has_its_paper"
    unlawful = False


class RepliesInOwnCase(Refusal):
    rule = "house.nobody_reviews_their_own_work"


class PriorConsentMissing(Refusal):
    """Without the prior consent the decision would be void, so it is not recorded at all."""

    rule = "prior_reports"


def report_to_superior(case: Case, command: ReportToSuperior, on: Occasion) -> list[Event]:
    """A matter is reported before the decision, once; after a refusal it may be reported again.

    It is what opens the way to the meeting, so a hold stops personnel's report like every other step of theirs.

    Source: the pack's `prior_reports` (cn.sr2019: matters to report before appointing, SA-2019).
    Refuses: WrongOrgan, HeldByReviewer, UnknownChoice, AlreadyReported, ReportAfterDecision.
    """
    live = under_way(case)
    reporter = Role.SUPERVISION if on.acts_as(Role.SUPERVISION) else Role.PERSONNEL
    held_by(reporter, command, on)
    nobody_acts_for_themselves(live, command, on)
    not_held(live, command, on, holder=reporter)
    rule, about = _rule_for(live, command.matter, on)
    if live.chosen is not None:
        raise ReportAfterDecision(
            "The decision was taken, and this is reported before it. Ask supervision to record the breach."
        )
    earlier = live.prior_reports.get(command.matter)
    if earlier is not None and earlier.finding != Reply.REFUSES:
        raise AlreadyReported(
            f"This was already reported to {rule.id}, which is asked to reply by {earlier.due_on:%-d %B %Y}. "
            "Wait for its reply; silence does not count as consent.",
            due_on=earlier.due_on,
            replied=earlier.finding,
        )
    return [
        ReportedToSuperior(
            matter=command.matter,
            about=about,
            organ=OrganId(rule.id),
            answer_by=on.due(rule.within.value),
            on_expiry=OnExpiry(rule.on_expiry.value),
            reported_by=on.actor.officer,
            statement=command.statement,
        )
    ]


def _rule_for(live: LiveCase, matter: str, on: Occasion) -> tuple[PriorReportRule, str]:
    """The organ that a matter is reported to, and the path of the rule that asks for the report."""
    organs = {rule.id: rule for rule in on.pack.prior_reports}
    proposed = live.standing_exceptions.get(matter)
    if proposed is not None:
        kind = next(rule for rule in on.pack.exceptions if rule.id == proposed.kind)
        if kind.reported_to is not None:
            return organs[kind.reported_to], f"exceptions.{kind.id}.needs_prior_report"
    paths = {
        found.id: (rule, f"prior_reports.{rule.id}.matters.{found.id}.must_be_reported")
        for rule in on.pack.prior_reports
        for found in rule.matters
    }
    if matter not in paths:
        known = [*paths, *live.standing_exceptions]
        raise UnknownChoice(
            f"`{on.pack.id}` asks for no prior report of “{matter}”; choose one of {', '.join(known) or 'none'}.",
            field="matter",
            known=known,
        )
    return paths[matter]


def record_superior_reply(case: Case, command: RecordSuperiorReply, on: Occasion) -> list[Event]:
    """An organ replies once, itself or by a paper that supervision records; a late reply is a reply.

    Whoever ran the case or made the report does not put the answer to it on record.

    Refuses: WrongOrgan, RepliesInOwnCase, NothingReported, PaperMissing.
    """
    live = under_way(case)
    nobody_acts_for_themselves(live, command, on)
    asked = live.prior_reports.get(command.matter)
    itself = asked is not None and on.actor.organ == asked.organ and on.acts_as(Role.SUPERVISION)
    if not itself:
        held_by(Role.SUPERVISION, command, on)
    not_by_its_runner(live, on, RepliesInOwnCase, "record the reply", "Another officer")
    if asked is not None and asked.asked_by in on.actor.hands:
        raise RepliesInOwnCase(
            f"You reported “{command.matter}”, so you cannot record the reply to it. Another officer must do it."
        )
    if asked is None or asked.answered:
        raise NothingReported(
            f"No reply about “{command.matter}” is awaited in this case. Report it first; an organ replies once.",
            field="matter",
        )
    if not itself and command.paper is None:
        raise PaperMissing(
            f"You record the reply of {asked.organ} for it, so the record must say where it stands. "
            "State the reference of the paper.",
            field="paper",
        )
    return [
        SuperiorReplied(
            matter=command.matter,
            organ=asked.organ,
            reply=command.reply,
            replied_on=on.today,
            paper=command.paper,
            text=command.text,
        )
    ]


def awaited(case: LiveCase, pack: Pack) -> dict[str, OrganId]:
    """What must be reported, or was, and has not the answer that the decision needs; with the organ that gives it."""
    kinds = {rule.id: rule.reported_to for rule in pack.exceptions}
    needed = {
        name: OrganId(organ)
        for name, found in case.standing_exceptions.items()
        if (organ := kinds.get(found.kind)) is not None
    }
    needed |= {matter: report.organ for matter, report in case.reports_that_count.items()}
    consent = {rule.id: rule.consent_needed.value for rule in pack.prior_reports}
    return {matter: organ for matter, organ in needed.items() if not _answers(case, matter, consent[organ])}


def _answers(case: LiveCase, matter: str, consent_needed: bool) -> bool:
    report = case.prior_reports.get(matter)
    if report is None or not report.answered:
        return False
    return report.finding == Reply.CONSENTS or not consent_needed


def prior_consents_are_in(case: LiveCase, on: Occasion) -> None:
    """Nothing goes to the meeting while an organ that must consent before it has not; silence changes nothing.

    Source: the pack's `prior_reports` (cn.sr2019: no reply, not to be put to the meeting; decided without it, void).
    Refuses: PriorConsentMissing.
    """
    if missing := awaited(case, on.pack):
        matter, organ = next(iter(missing.items()))
        report = case.prior_reports.get(matter)
        step = f"Wait for the reply of {organ}" if report and not report.answered else f"Report it to {organ}"
        raise PriorConsentMissing(
            f"The case cannot go to the meeting: {', '.join(missing)} waits for what {organ} says before the decision. "
            f"{step}, or withdraw the exception.",
            citation=on.cite(f"prior_reports.{organ}.consent_needed"),
            missing=list(missing),
            organ=organ,
        )


def reply_clocks(case: LiveCase) -> Iterator[tuple[str, date, Event]]:
    """The clock of every report whose reply is awaited."""
    for matter, report in case.reports_that_count.items():
        if not report.answered and not report.overdue:
            silent = SuperiorSilent(matter=matter, organ=report.organ, due_on=report.due_on, on_expiry=report.on_expiry)
            yield f"prior_report:{matter}", report.due_on, silent
