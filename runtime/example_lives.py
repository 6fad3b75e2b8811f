"""Four whole appointments, told as examples: granted, held by an objection, lapsed for training, without a quorum."""

from collections.abc import AsyncIterator, Callable
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from domain.case_file import Post
from domain.case_opening import OpenCase
from domain.command import Command
from domain.identity import Actor, CandidateId, CaseId, ObjectionId, OfficerId, OrganId, short_id
from domain.nomination import CloseNominations, NominateCandidate, Particulars
from domain.objection import Channel, Disposal, DisposeObjection, LodgeObjection
from domain.officer import OfficerIdentified, officer_stream
from domain.probation import ConfirmProbation
from domain.public_notice import OpenPublicNotice
from domain.supervision_review import Finding, ReturnOpinion
from domain.training_verification import MAKE_UP_TIMER, REMINDER_TIMER, RecordMakeUpTraining, VerifyTraining
from eventstore.noting import note
from runtime.clock import now
from runtime.connections import House
from runtime.example_quarter import a_quarter_together
from runtime.example_studies import Studies
from runtime.example_teller import OFFICERS, Tell, Teller
from runtime.example_together import NAME as TOGETHER
from runtime.example_together import Together
from runtime.example_training import has_studied
from runtime.skipped_time import SkippedTime

CO_MANAGING = OrganId("co-managing-organ")

Life = AsyncIterator[datetime]
"""A life gives the instant that it wants to wake at; when it wakes, it acts, and gives the next."""


async def granted(life: Teller) -> Life:
    """China: a course left and another passed, decided, noticed over the National Day holiday, confirmed."""
    yield life.at("2026-09-07")
    chen = await Studies.of(life, "example-chen")
    await chen.serves(date(2021, 9, 1), 530)
    await chen.stands()
    left = await chen.is_sent_to("River works and the law", "2026-09-08", "2026-09-09", "2026-09-10")
    yield life.at("2026-09-09", 18)
    await chen.attends(left, 1)
    await chen.attends(left, 2, leave_hours=4)
    passed = await chen.is_sent_to("Procurement and integrity", "2026-09-14", "2026-09-15", "2026-09-16")
    yield life.at("2026-09-16", 18)
    await chen.completes(passed, score=88)
    await chen.stands()
    yield life.at("2026-09-17")
    await life.opens(
        "Chen Yu (example)", "example-chen", "Deputy Director, Water Bureau", "Led the river works of 2025."
    )
    await life.is_verified()
    await life.asks_discipline()
    await life.asks(CO_MANAGING)
    yield life.at("2026-09-21")
    answer = ReturnOpinion(organ=CO_MANAGING, finding=Finding.NO_OBJECTION, text="Agreed.")
    await life.does("co-managing", answer, "the co-managing organ answered: no objection")
    await life.clears()
    yield life.at("2026-09-29", 15)
    await life.declares(9)
    vote = await life.meeting(due=9, present=8, in_favour=7)
    await life.does("deciders", vote, "nine due, eight present, seven in favour: decided")
    yield life.at("2026-09-30", 9)
    await life.cannot("personnel", OpenPublicNotice(closes_on=date(2026, 10, 9)))
    closes_on = await life.notices()
    yield life.day_after(closes_on)
    await life.appoints("letter of appointment issued; one year of probation begins")
    yield life.day_after(await life.end_of_probation())
    await life.does("personnel", ConfirmProbation(), "probation confirmed")


async def held_by_an_objection(life: Teller) -> Life:
    """Standard: an objection outlasts the notice and holds the case; silence of the audit office counts as consent."""
    yield life.at("2026-09-14")
    await life.opens("Amina Okafor (example)", "example-okafor", "Senior Clerk", "Cleared the backlog of filings.")
    await life.trains(64)
    closes_on = await life.notices()
    yield life.at("2026-09-17", 14)
    grounds = "Example: the candidate is said to have signed for a delivery that never came."
    objection = LodgeObjection(channel=Channel.LETTER, grounds=grounds)
    receipt = await life.does("supervision", objection, "an objection was lodged: the case is held")
    yield life.day_after(closes_on)
    life.tell(await life.skipped.now(), life.name, "the notice has run its days; the objection still holds the case")
    yield life.at("2026-10-08")
    reasons = "The delivery note was found, and the goods are in the store."
    disposal = DisposeObjection(
        objection_id=ObjectionId(receipt.events[0].objection_id), outcome=Disposal.DISMISSED, reasons=reasons
    )
    await life.does("supervision", disposal, "the objection was examined and dismissed; the case goes on")
    due_on = await life.asks(OrganId("audit-office"))
    yield life.day_after(due_on)
    life.tell(await life.skipped.now(), life.name, "the audit office was silent past its date: deemed consent")
    await life.clears()
    vote = await life.meeting(due=5, present=5, in_favour=4)
    await life.does("deciders", vote, "five due, five present, four in favour: decided")
    await life.appoints("letter of appointment issued; one year of probation begins")
    yield life.day_after(await life.end_of_probation())
    await life.does("personnel", ConfirmProbation(), "probation confirmed")


async def training_lapses(life: Teller) -> Life:
    """China: short of hours, passed on condition, reminded, lapsed when too little came, and reviewed."""
    yield life.at("2026-09-08")
    await life.opens("Li Na (example)", "example-li", "Deputy Head, Forestry Office", "Opened three reserves.")
    await life.trains(310, conditional=True)
    await life.asks_discipline()
    due_on = await life.asks(CO_MANAGING)
    yield life.day_after(due_on)
    life.tell(await life.skipped.now(), life.name, "the co-managing organ was silent for one month: deemed consent")
    await life.clears()
    await life.declares(9)
    vote = await life.meeting(due=9, present=9, in_favour=6)
    await life.does("deciders", vote, "nine due, nine present, six in favour: decided")
    closes_on = await life.notices()
    yield life.day_after(closes_on)
    await life.appoints("letter issued on condition that the training is made up")
    due_on = await life.end_of(MAKE_UP_TIMER)
    yield life.day_after(await life.end_of(REMINDER_TIMER))
    office = (await life.case()).appointed
    assert office is not None and office.make_up_reminded
    owed = f"a reminder is on record: {office.hours_owed} hours are owed by {due_on:%-d %B %Y}"
    life.tell(await life.skipped.now(), life.name, owed)
    await life.studies(100, "/made-up")
    await life.cannot("school", RecordMakeUpTraining())
    yield life.day_after(due_on)
    life.tell(await life.skipped.now(), life.name, "the training was not made up in time: the appointment has lapsed")
    await life.is_reviewed()


async def without_a_quorum(life: Teller) -> Life:
    """China: the committee never has two thirds of its members together, and the time to decide runs out."""
    yield life.at("2026-09-09")
    await life.opens("Zhou Kai (example)", "example-zhou", "Section Chief, Archives", "Digitised the land register.")
    await life.trains(560)
    await life.asks_discipline()
    due_on = await life.asks(CO_MANAGING)
    yield life.day_after(due_on)
    await life.clears()
    await life.declares(9)
    for day in ("2026-10-20", "2026-11-17"):
        yield life.at(day)
        await life.cannot("deciders", await life.meeting(due=9, present=5, in_favour=5))
        empty = await life.meeting(due=9, present=5, in_favour=0, votes=False)
        await life.does("deciders", empty, "five of nine present: no quorum, nothing decided")
    deadline = (await life.case()).deadline
    assert deadline is not None
    yield life.day_after(deadline.due_on)
    life.tell(await life.skipped.now(), life.name, "no quorate meeting decided in time: the case has ended")


LIVES: dict[str, tuple[Callable[[Teller], Life], str, str, Post]] = {
    "granted": (
        granted,
        "cn.sr2019",
        "CN",
        Post(post_id="example/water-director", title="Director", unit="Water Bureau", rank="division_and_above"),
    ),
    "objected": (
        held_by_an_objection,
        "standard",
        "GB-ENG",
        Post(post_id="example/head-clerk", title="Head Clerk", unit="Registry", rank="officer"),
    ),
    "conditional": (
        training_lapses,
        "cn.sr2019",
        "CN",
        Post(post_id="example/forestry-head", title="Head", unit="Forestry Office", rank="division_and_above"),
    ),
    "no quorum": (
        without_a_quorum,
        "cn.sr2019",
        "CN",
        Post(post_id="example/archives-head", title="Head", unit="Archives", rank="division_and_above"),
    ),
}

BEGINNING = datetime(2026, 9, 7, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""The civil time at which the examples begin, the same whenever they are lived through."""


async def live_through(skipped: SkippedTime, tell: Tell) -> list[Teller]:
    """Lives through all of them along one time, with a quarter of supervision, whoever wakes first acting first."""
    officers = await _officers(skipped)
    tellers = [_teller(name, skipped, dict(officers), tell) for name in LIVES]
    waking = {teller.name: LIVES[teller.name][0](teller) for teller in tellers}
    waking[TOGETHER] = a_quarter_together(await Together.of(skipped, officers, tell))
    agenda = {name: await anext(life) for name, life in waking.items()}
    while agenda:
        name = min(agenda, key=lambda found: (agenda[found], found))
        await skipped.go_to(agenda.pop(name))
        try:
            agenda[name] = await anext(waking[name])
        except StopAsyncIteration:
            continue
    return tellers


def _teller(name: str, skipped: SkippedTime, officers: dict[str, Actor], tell: Tell) -> Teller:
    _, pack_id, jurisdiction, post = LIVES[name]
    zone = ZoneInfo("Asia/Shanghai" if jurisdiction == "CN" else "Europe/London")
    return Teller(name, pack_id, post, jurisdiction, zone, skipped, officers, tell)


async def _officers(skipped: SkippedTime) -> dict[str, Actor]:
    """The officers of the examples, each on the log by name."""
    house, at = skipped.house, await skipped.now()
    actors = {}
    for key, (_, _, name) in OFFICERS.items():
        actor = await _example_officer(house, key)
        identified = OfficerIdentified(officer=actor.officer, organ=actor.organ, name=name)
        command_id = uuid5(NAMESPACE_URL, f"investiture/example/officer/{key}")
        stream = officer_stream(actor.officer)
        await note(house.store, house.keys, stream, identified, actor=actor, command_id=command_id, at=at)
        actors[key] = actor
    return actors


async def open_today(house: House) -> CaseId:
    """A case of the standard pack whose notice stands now, so that there is a live page to look at."""
    personnel = await _example_officer(house, "personnel")
    school = await _example_officer(house, "school")
    case_id = CaseId(short_id("example", "open today"))
    post = Post(post_id="example/harbour-master", title="Harbour Master", unit="Port Authority", rank="officer")
    person = await house.keys.subject_for("example-mensah")
    shown = Particulars(
        full_name="Kofi Mensah (example)",
        present_post="Deputy Harbour Master",
        education="Master mariner",
        results="No grounding in the port since 2022.",
    )
    candidate = CandidateId(short_id(case_id, person))
    steps: list[tuple[Actor, Command]] = [
        (personnel, OpenCase(case_id=case_id, pack=await house.packs.latest("standard", now()), post=post)),
        (personnel, NominateCandidate(person_id=person, particulars=shown)),
        (personnel, CloseNominations()),
        (school, VerifyTraining(candidate_id=candidate)),
        (personnel, OpenPublicNotice()),
    ]
    await has_studied(house, school, person, "open today", 52, now())
    for place, (actor, command) in enumerate(steps):
        command_id = uuid5(NAMESPACE_URL, f"investiture/example/open-today/{place}")
        await house.recorder.record(case_id, command, actor=actor, command_id=command_id)
    return case_id


async def _example_officer(house: House, key: str) -> Actor:
    organ, role, _ = OFFICERS[key]
    officer = OfficerId(await house.keys.subject_for(f"example-{key}"))
    return Actor(officer=officer, organ=OrganId(organ), roles=(role,))
