"""Putting right what a standing notice says: in public, for a reason, and with the days anew where it matters."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, ValidationError

from domain.appointment import Case, CaseEvent, LiveCase
from domain.case_file import Candidate, Notice
from domain.command import Command, ready
from domain.event import Event, Personal
from domain.identity import CandidateId, PersonId, Role
from domain.nomination import standing_candidate
from domain.occasion import Occasion
from domain.pack import Pack, StageKind
from domain.particulars import Particulars
from domain.public_notice import shortest_window
from domain.refusal import Refusal, UnknownChoice
from domain.replacing import replace
from domain.working_days import Window

OF_THE_POST: Mapping[str, str] = {"post_title": "title", "unit": "unit"}
"""What a notice says of its post and may have wrong, each with the post's own name for it."""

ESSENTIAL = frozenset({"full_name", "present_post", "exceptional_reason", *OF_THE_POST})
"""What a reader must have had right for the whole of the days, where the pack does not say: who, from where, for what,
and why out of the ordinary."""


class CorrectPublicNotice(Command):
    """Put one thing right that the notice says. What is essential begins its days anew."""

    stage: ClassVar[StageKind | None] = StageKind.PUBLIC_NOTICE
    by: ClassVar[Role | None] = Role.PERSONNEL
    while_resting: ClassVar[bool] = True
    particular: str = Field(
        min_length=1,
        max_length=40,
        description="what was wrong: `post_title`, `unit`, or a field that the notice shows",
    )
    says: str = Field(
        min_length=1, max_length=2000, description="what it says from now on; of a candidate: sealed with their key"
    )
    candidate_id: CandidateId | None = Field(None, description="whom it is about; left out when it is the post")
    reason: str = Field(min_length=10, max_length=500, description="stands in the public record: no personal data")


class PublicNoticeCorrected(CaseEvent):
    """A notice says something else from here on, as its version of this number; the earlier text is shown no longer."""

    notice_id: str
    number: int
    corrected_on: date
    particular: str
    candidate_id: CandidateId | None = None
    person_id: PersonId | None = None
    post_says: str | None = None
    essential: bool
    window: Window
    reason: str
    says: Annotated[str | None, Personal(of="person_id")] = None

    def rules_applied(self) -> tuple[str, ...]:
        return ("notice.fields", "notice.minimum", "notice.counting") if self.essential else ("notice.fields",)

    def windows(self) -> Mapping[str, Window]:
        return {"public_notice": self.window}

    def apply(self, case: LiveCase) -> Case:
        if case.notice is not None:
            case = replace(case, notice=replace(case.notice, window=self.window, version=self.number))
        if self.post_says is None:
            return case
        return replace(case, post=case.post.model_copy(update={OF_THE_POST[self.particular]: self.post_says}))


class NoNoticeToCorrect(Refusal):
    rule = "house.a_correction_corrects_a_notice"


class NoticeStandsNoLonger(Refusal):
    rule = "house.a_notice_is_corrected_while_it_stands"


class NothingToCorrect(Refusal):
    rule = "house.a_correction_changes_something"
    unlawful = False


class ParticularOutOfForm(Refusal):
    rule = "house.a_particular_keeps_its_form"
    unlawful = False


class ReasonWasDecidedUpon(Refusal):
    rule = "house.what_was_decided_upon_is_not_corrected"


def correct_public_notice(case: Case, command: CorrectPublicNotice, on: Occasion) -> list[Event]:
    """While a notice stands, personnel put right what it says; what is essential is read for the whole of the days.

    In a case that rests too: the public reads its notice, whose days run on.

    Source: the pack's `notice.fields`, and `notice.correction_restarts` where it has that.
    Refuses: OutOfOrder, WrongOrgan, NoNoticeToCorrect, NoticeStandsNoLonger, UnknownChoice, NothingToCorrect,
    ParticularOutOfForm, ReasonWasDecidedUpon, BeyondTheCalendar.
    """
    live = ready(case, command, on)
    notice = _standing_notice(live, on)
    of_post = command.particular in OF_THE_POST
    candidate = None if of_post else _named_candidate(live, command, on)
    if candidate is None:
        _says_something_else(live, command)
    else:
        _is_in_form(live, command, candidate)
    essential = command.particular in restarting(on.pack)
    return [
        PublicNoticeCorrected(
            notice_id=notice.id,
            number=notice.version + 1,
            corrected_on=on.today,
            particular=command.particular,
            candidate_id=candidate.id if candidate else None,
            person_id=candidate.person if candidate else None,
            post_says=command.says if of_post else None,
            essential=essential,
            window=begun_anew(notice.window, on) if essential else notice.window,
            reason=command.reason,
            says=None if of_post else command.says,
        )
    ]


def restarting(pack: Pack) -> frozenset[str]:
    """What a correction must touch for the days to begin anew.

    Source: the pack's `notice.correction_restarts`; a rule of the house where it has none.
    """
    stated = pack.notice.correction_restarts
    return ESSENTIAL if stated is None else frozenset(stated.value)


def begun_anew(window: Window, on: Occasion) -> Window:
    """The days of a notice that begin today once more; it never closes earlier than the public was told.

    Refuses: BeyondTheCalendar.
    """
    anew = shortest_window(max(on.today, window.opens_on), on)
    return anew if anew.closes_on > window.closes_on else window


def _standing_notice(live: LiveCase, on: Occasion) -> Notice:
    notice = live.notice
    if notice is None:
        raise NoNoticeToCorrect("No notice stands in this case yet, so there is nothing to correct. Open it first.")
    if notice.elapsed_on is not None or on.today > notice.window.closes_on:
        raise NoticeStandsNoLonger(
            f"The days of this notice ended on {notice.window.closes_on:%-d %B %Y}, and it is corrected only while it "
            "stands. Withdraw the case and open another one if what it said must be said again.",
            notice_id=notice.id,
            closed_on=notice.window.closes_on,
        )
    return notice


def _named_candidate(live: LiveCase, command: CorrectPublicNotice, on: Occasion) -> Candidate:
    fields = on.pack.notice.fields.value
    if command.particular not in fields:
        known = [*OF_THE_POST, *fields]
        raise UnknownChoice(
            f"“{command.particular}” is nothing that this notice shows; choose one of {', '.join(known)}.",
            citation=on.cite("notice.fields"),
            field="particular",
            known=known,
        )
    if live.chosen is not None and command.candidate_id != live.chosen:
        raise UnknownChoice(
            f"The notice names {live.chosen} alone; choose that one, or correct the post.",
            field="candidate_id",
            known=[live.chosen],
        )
    return standing_candidate(live, command.candidate_id or CandidateId(""))


def _says_something_else(live: LiveCase, command: CorrectPublicNotice) -> None:
    if command.candidate_id is not None:
        raise UnknownChoice(
            f"`{command.particular}` is said of the post, not of a candidate. Leave `candidate_id` out.",
            field="candidate_id",
        )
    if command.says == getattr(live.post, OF_THE_POST[command.particular]):
        raise NothingToCorrect(
            f"The notice says “{command.says}” already. State in `says` what it should say instead.", field="says"
        )


def _is_in_form(live: LiveCase, command: CorrectPublicNotice, candidate: Candidate) -> None:
    if command.particular == "exceptional_reason" and live.excepted(None, candidate.id):
        raise ReasonWasDecidedUpon(
            "The reason of this exception was proposed and judged as it stands, so a correction cannot change it. "
            "Withdraw the exception and propose it anew.",
            field="particular",
        )
    try:
        Particulars.model_validate({"full_name": "as nominated", command.particular: command.says})
    except ValidationError as found:
        message = found.errors(include_input=False, include_url=False)[0]["msg"]
        raise ParticularOutOfForm(
            f"`{command.particular}` cannot say that: {message}. State it in its form.", field="says"
        ) from None
