"""How an example is told: a case, its officers, and the steps that they take in it, each with a sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.appointment import ClosedCase, LiveCase, stage_of, underlying
from domain.case_file import Post
from domain.case_opening import OpenCase
from domain.decision import Ballot, HoldDecisionMeeting, Member, Said, Statement
from domain.declaration import asked_before
from domain.identity import Actor, CandidateId, CaseId, OfficerId, OrganId, Role, short_id
from domain.inquiry import InquiryOpened, inquiry_id_of, inquiry_stream
from domain.nomination import CloseNominations, NominateCandidate, Particulars
from domain.pack import ON_RECORD
from domain.probation import IssueAppointment
from domain.public_notice import OpenPublicNotice, PublicNoticeOpened
from domain.record import ConcludeStage
from domain.refusal import Refusal
from domain.supervision_review import ConcludeSupervisionReview, Conclusion, Finding, RequestOpinion, ReturnOpinion
from domain.timer import timers
from domain.training_verification import VerifyTraining
from eventstore.codec import decode
from projections.inquiry import Inquiries
from projections.projector import Projector
from runtime.example_records import Asked, next_before_the_vote, next_on_record
from runtime.example_training import has_studied
from runtime.reverse_review import ReverseReviews
from runtime.skipped_time import SkippedTime

OFFICERS = {
    "personnel": ("personnel-department", Role.PERSONNEL, "Example: Wang Min, personnel"),
    "school": ("training-school", Role.SCHOOL, "Example: Zhao Lei, registrar"),
    "supervision": ("supervision-organ", Role.SUPERVISION, "Example: Sun Qing, supervision"),
    "discipline": ("discipline-organ", Role.SUPERVISION, "Example: He Jun, discipline"),
    "co-managing": ("co-managing-organ", Role.SUPERVISION, "Example: Fan Rui, co-managing organ"),
    "deciders": ("deciding-body", Role.DECISION_BODY, "Example: Lu Yan, secretary of the committee"),
}

SPEAKS_FOR = {
    Role.PERSONNEL: "personnel",
    Role.SCHOOL: "school",
    Role.SUPERVISION: "supervision",
    Role.DECISION_BODY: "deciders",
}
"""Who of the officers enters and signs for whom."""

Tell = Callable[[datetime, str, str], None]
"""Told the civil time, the life's name, and what happened in a sentence."""


@dataclass
class Teller:
    """One life: its case, its officers, and how it is told."""

    name: str
    pack_id: str
    post: Post
    jurisdiction: str
    zone: ZoneInfo
    skipped: SkippedTime
    officers: dict[str, Actor]
    tell: Tell

    @property
    def case_id(self) -> CaseId:
        return CaseId(short_id("example", self.name))

    def at(self, day: str, hour: int = 10) -> datetime:
        """An hour of a civil day where the case is."""
        return datetime.combine(date.fromisoformat(day), time(hour), self.zone).astimezone(UTC)

    async def does(self, who: str, command: Any, saying: str) -> Any:
        """An officer's command, now, and what is told of it."""
        receipt = await self.skipped.record(self.case_id, command, self.officers[who])
        self.tell(await self.skipped.now(), self.name, saying)
        return receipt

    async def cannot(self, who: str, command: Any) -> None:
        """An officer's command that is refused; the refusal is told."""
        try:
            await self.skipped.record(self.case_id, command, self.officers[who])
        except Refusal as refusal:
            self.tell(await self.skipped.now(), self.name, f"refused: {refusal.sentence}")
            return
        raise AssertionError(f"{command} should have been refused")

    async def case(self) -> LiveCase:
        found = underlying(await self.skipped.case(self.case_id))
        assert found is not None
        return found

    async def end_of(self, clock: str) -> date:
        """The day on which a clock of the case runs out."""
        case = await self.case()
        running = timers(case, await self.skipped.house.packs.get(case.pack))
        return next(found.due_on for found in running if found.name == clock)

    async def is_reviewed(self) -> None:
        """The relay's sweep opens what is due; what it opened into this case is told, with how many acted in it."""
        house, at = self.skipped.house, await self.skipped.now()
        await Projector(house.pool, house.store, (Inquiries(house.packs),)).prepare()
        await ReverseReviews(house, lambda: at).sweep()
        opened = await house.store.read_stream(inquiry_stream(inquiry_id_of(self.case_id, f"training/{self.case_id}")))
        event = decode(opened[0]).event
        assert isinstance(event, InquiryOpened)
        told = f"the appointment is reviewed: an inquiry opened by itself into what {len(event.took_part)} officers did"
        self.tell(at, self.name, told)

    async def end_of_probation(self) -> date:
        office = (await self.case()).appointed
        assert office is not None and office.probation_ends_on is not None
        return office.probation_ends_on

    async def outcome(self) -> str:
        case = await self.skipped.case(self.case_id)
        return case.outcome if isinstance(case, ClosedCase) else "open"

    async def only_candidate(self) -> CandidateId:
        return next(iter((await self.case()).candidates))

    async def opens(self, name: str, reference: str, present_post: str, results: str) -> None:
        """The opening, one nomination, and the end of nominations."""
        pack = await self.skipped.house.packs.latest(self.pack_id, await self.skipped.now())
        opening = OpenCase(case_id=self.case_id, pack=pack, post=self.post, jurisdiction=self.jurisdiction)
        await self.does("personnel", opening, f"case opened for “{self.post.title}” under {pack}")
        await self.puts_on_record()
        person = await self.skipped.house.keys.subject_for(reference)
        shown = Particulars(full_name=name, present_post=present_post, results=results, education="Bachelor of Laws")
        await self.does("personnel", NominateCandidate(person_id=person, particulars=shown), "one person nominated")
        await self.does("personnel", CloseNominations(), "nominations closed")

    async def trains(self, hours: int, conditional: bool = False) -> None:
        """The school puts so many hours on file, and has the file held against the post."""
        await self.studies(hours)
        await self.is_verified(conditional)

    async def studies(self, hours: int, number: str = "") -> None:
        """The school puts so many hours of the candidate's on file, numbered apart where it is not the first time."""
        candidate = (await self.case()).candidates[await self.only_candidate()]
        school, at = self.officers["school"], await self.skipped.now()
        await has_studied(self.skipped.house, school, candidate.person, self.name + number, hours, at)
        self.tell(at, self.name, f"{hours} hours of training are on file")

    async def is_verified(self, conditional: bool = False) -> None:
        """The school has the candidate's file held against the post."""
        wish = VerifyTraining(candidate_id=await self.only_candidate(), conditional=conditional)
        event = (await self.does("school", wish, "training verified against the file")).events[0]
        told = f"training is {event.result}: {event.hours} of {event.required_hours} hours"
        self.tell(await self.skipped.now(), self.name, told)
        await self.puts_on_record()

    async def puts_on_record(self) -> None:
        """What the stages ask for is entered and signed, and those that live by it are concluded."""
        law = await self.skipped.house.packs.get((await self.case()).pack)
        while isinstance(case := await self.skipped.case(self.case_id), LiveCase):
            stage, today = stage_of(case, law), (await self.skipped.now()).astimezone(self.zone).date()
            if (found := next_on_record(case, law, today)) is not None:
                await self._does_what_is_asked(found)
            elif stage.kind in ON_RECORD:
                speaker = SPEAKS_FOR[stage.duty.holder]
                await self.does(speaker, ConcludeStage(), f"“{stage.title.en}” is on record, signed and concluded")
            else:
                return

    async def _does_what_is_asked(self, asked: Asked) -> None:
        speaker = self.officers[SPEAKS_FOR[asked.role]]
        officer = {"officer": asked.officer} if asked.officer else {}
        await self.skipped.record(self.case_id, asked.command, speaker.model_copy(update=officer))

    async def declares(self, due: int) -> None:
        """Each of the members who are due, and who records the vote, declares and is looked up, where that is asked."""
        law = await self.skipped.house.packs.get((await self.case()).pack)
        voters = (self.officers["deciders"].officer, *await self._members(due))
        while (found := next_before_the_vote(await self.case(), law, voters)) is not None:
            await self._does_what_is_asked(found)
        if asked_before((await self.case()).stage, law):
            said = f"each of the {due} members has declared their interests, and was looked up"
            self.tell(await self.skipped.now(), self.name, said)

    async def _members(self, due: int) -> list[OfficerId]:
        return [OfficerId(await self.skipped.house.keys.subject_for(f"member-{place}")) for place in range(due)]

    async def appoints(self, saying: str) -> None:
        await self.puts_on_record()
        await self.does("personnel", IssueAppointment(), saying)

    async def notices(self) -> date:
        """Opens the notice; gives the day on which it closes."""
        receipt = await self.does("personnel", OpenPublicNotice(), "public notice opened")
        opened = receipt.events[0]
        assert isinstance(opened, PublicNoticeOpened)
        counted = ", ".join(f"{day.on:%-d %B}" for day in opened.window.counted_days)
        self.tell(
            await self.skipped.now(), self.name, f"it stands on {counted}; closes {opened.window.closes_on:%-d %B %Y}"
        )
        return opened.window.closes_on

    async def asks(self, organ: OrganId) -> date:
        """Asks an organ for its opinion; gives the day on which its silence gets its meaning."""
        named = organ.replace("-organ", " organ").replace("-office", " office")
        await self.does("supervision", RequestOpinion(organ=organ), f"opinion of the {named} requested")
        return (await self.case()).opinions[organ].due_on

    async def asks_discipline(self) -> None:
        organ = OrganId("discipline-organ")
        await self.asks(organ)
        answer = ReturnOpinion(organ=organ, finding=Finding.NO_OBJECTION, text="Nothing is known against the person.")
        await self.does("discipline", answer, "the discipline organ answered: no objection")

    async def clears(self) -> None:
        conclusion = ConcludeSupervisionReview(conclusion=Conclusion.CLEARED, remarks="Every organ was heard.")
        await self.does("supervision", conclusion, "supervision review concluded: cleared")

    async def meeting(self, *, due: int, present: int, in_favour: int, votes: bool = True) -> HoldDecisionMeeting:
        """A meeting of `due` members of whom the first `present` came; the chief came, and speaks last."""
        members = await self._members(due)
        said = tuple(
            Said(member=name, says=Statement.AGREE if place < in_favour else Statement.DISAGREE)
            for place, name in enumerate(members[:present])
        )
        return HoldDecisionMeeting(
            held_on=(await self.skipped.now()).astimezone(self.zone).date(),
            members=tuple(
                Member(member=name, present=place < present, chief=place == present - 1)
                for place, name in enumerate(members)
            ),
            ballots=(Ballot(candidate_id=await self.only_candidate(), statements=said),) if votes else (),
        )

    def day_after(self, day: date, hour: int = 10) -> datetime:
        return datetime.combine(day + timedelta(days=1), time(hour), self.zone).astimezone(UTC)
