"""Deciding a command on a long case, in this process on one core: the case at hand, and folded from zero first.

What is timed is what the one door does between the log and the log: the clocks are looked at, then conflicts, rules and
stage changes. Nothing is read, sealed or stored.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter

from benchmarks.on_file import file_with
from benchmarks.results import OURS, Row, measured
from domain.appointment import Case, LiveCase, Unopened, fold, stage_of, underlying
from domain.case_file import Post
from domain.case_opening import OpenCase, ResumeCase, SuspendCase
from domain.command import Command
from domain.deciding import decide, whose_training
from domain.event import Event
from domain.identity import Actor, CaseId, OfficerId, OrganId, PersonId, Role
from domain.nomination import CloseNominations, NominateCandidate, Particulars
from domain.occasion import Occasion
from domain.pack import ON_RECORD, Pack
from domain.public_notice import OpenPublicNotice
from domain.query import AnswerQuery, QueryRunner
from domain.record import ConcludeStage
from domain.timer import timers
from domain.training_verification import VerifyTraining
from eventstore.packs import reference_of
from runtime.calendars import calendar_for
from runtime.example_records import next_on_record, record
from runtime.packs import read_pack
from runtime.settings import PROJECT

UNIT = "ms"
FOLDED = "the case at hand"
FROM_ZERO = "folded from zero first"
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
OFFICERS = {
    role: Actor(officer=OfficerId(f"officer-{role}"), organ=OrganId(str(role)), roles=(role,))
    for role in (Role.PERSONNEL, Role.SCHOOL, Role.SUPERVISION, Role.DECISION_BODY)
}
CASES = {"standard": ("public_notice", OpenPublicNotice()), "cn.sr2019": ("inspection", ConcludeStage())}
"""By pack: the stage that the case has come to, and the command that takes it on."""


async def bench_decide(events: int = 500, decisions: int = 500) -> list[Row]:
    """Milliseconds of single decisions on a case of at least so many events, under each pack."""
    return [row for pack_id in CASES for row in _under(pack_id, events, decisions)]


def _under(pack_id: str, events: int, decisions: int) -> list[Row]:
    stage, command = CASES[pack_id]
    life = LongLife(read_pack(PROJECT / "packs" / f"{pack_id}.yaml"))
    life.comes_to(stage)
    life.grows_to(events)
    cases: dict[str, Callable[[], Case]] = {FOLDED: lambda: life.case, FROM_ZERO: lambda: fold(life.events)}
    note = f"{len(life.events)} events"
    return [
        measured(f"{command.name()}, {pack_id}: {name}", OURS, UNIT, life.times(case, command, decisions), note)
        for name, case in cases.items()
    ]


class LongLife:
    """A case that goes back and forth at one stage, as a real one could: rests, queries, records entered anew."""

    def __init__(self, pack: Pack):
        self.pack = pack
        self.case: Case = Unopened()
        self.events: list[Event] = []
        self.acts: list[tuple[Actor, datetime]] = []
        self.commands = 0
        place = pack.jurisdictions[0]
        self.jurisdiction, self.timezone = place.id, place.timezone
        rank = "division_and_above" if pack.id == "cn.sr2019" else "officer"
        post = Post(post_id="measured/1", title="Director", unit="Water Bureau", rank=rank)
        self._does(OpenCase(case_id=CaseId("measured0001"), pack=reference_of(pack), post=post), Role.PERSONNEL)

    @property
    def live(self) -> LiveCase:
        found = underlying(self.case)
        assert found is not None
        return found

    def on(self, role: Role, command: Command | None = None, officer: OfficerId | None = None) -> Occasion:
        calendar = calendar_for(self.jurisdiction)
        at = MORNING + timedelta(minutes=self.commands)
        person = whose_training(self.case, command) if command else None
        file = file_with(person, 600, MORNING.date()) if person else None
        actor = OFFICERS[role].model_copy(update={"officer": officer or OFFICERS[role].officer})
        name = f"command-{self.commands}"
        return Occasion(at, actor, self.pack, calendar, name, self.timezone, training=file)

    def times(self, case: Callable[[], Case], command: Command, decisions: int) -> list[float]:
        """Milliseconds of each decision, the case's making included."""
        occasion = self.on(stage_of(self.live, self.pack).duty.holder)
        took = []
        for _ in range(decisions):
            started = perf_counter()
            found = case()
            ended = [
                clock for clock in timers(underlying(found) or self.live, self.pack) if clock.due_at <= occasion.at
            ]
            decided = decide(found, command, occasion)
            took.append((perf_counter() - started) * 1000)
            assert decided and not ended
        return took

    def comes_to(self, stage: str) -> None:
        """The case at that stage, with what it needs on record."""
        while self.live.stage != stage:
            self._fills_the_record()
            self._passes_its_stage()
        self._fills_the_record()

    def grows_to(self, events: int) -> None:
        while len(self.events) < events:
            self._rests()
            self._is_queried()
            self._enters_its_records_anew()

    def _does(self, command: Command, role: Role, officer: OfficerId | None = None) -> None:
        occasion = self.on(role, command, officer)
        found = decide(self.case, command, occasion)
        self.case = fold(found, self.case)
        self.events += found
        self.acts += [(occasion.actor, occasion.at)] * len(found)
        self.commands += 1

    def _passes_its_stage(self) -> None:
        law = stage_of(self.live, self.pack)
        if law.kind in ON_RECORD:
            self._does(ConcludeStage(), law.duty.holder)
        elif law.id == "nomination":
            who = Particulars(full_name="Amina Okafor")
            self._does(NominateCandidate(person_id=PersonId("person-1"), particulars=who), Role.PERSONNEL)
            self._does(CloseNominations(), Role.PERSONNEL)
        else:
            for candidate in self.live.standing:
                wish = VerifyTraining(candidate_id=candidate.id)
                self._does(wish, Role.SCHOOL)

    def _fills_the_record(self) -> None:
        while found := next_on_record(self.live, self.pack, self.on(Role.PERSONNEL).today):
            self._does(found.command, found.role, found.officer)

    def _rests(self) -> None:
        self._does(SuspendCase(reason="A report has to be looked into."), Role.SUPERVISION)
        self._does(ResumeCase(), Role.SUPERVISION)

    def _is_queried(self) -> None:
        self._does(QueryRunner(question="Why was this done on that day?"), Role.SUPERVISION)
        (query,) = self.live.supervised.open_queries
        self._does(AnswerQuery(query_id=query.id, answer="The room was free."), query.asked_of)

    def _enters_its_records_anew(self) -> None:
        for rule in self.pack.records:
            if rule.stage != self.live.stage or rule.lead or rule.needed.value != "always":
                continue
            for candidate in self.live.standing if rule.each_candidate else (None,):
                self._does(record(rule, candidate.id if candidate else None), rule.by)
        self._fills_the_record()


if __name__ == "__main__":
    import asyncio

    from rich.console import Console

    from benchmarks.results import as_table

    Console().print(as_table(asyncio.run(bench_decide()), "decide"))
