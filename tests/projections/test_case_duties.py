"""What a reconsidered decision and a move to another version leave of the duties of a case."""

from datetime import timedelta

from domain.appointment import case_stream
from domain.event import CommandId, Recorded
from domain.pack import Pack
from domain.timer import timers
from projections.case_duties import Duties, DutyRow
from tests.domain.test_case_move import LATER_DECISION, RECOUNT, moved
from tests.domain.test_reconsideration import reconsider
from tests.domain.variants import under, variant, written
from tests.examples import DECIDERS, at, reference
from tests.lives import at_stage, decided, live, nominated, now, opened, reviewed, run_out, trained
from tests.spec import Story

START = at("2026-03-02")


def rows_of(story: Story, law: Pack) -> dict[str, DutyRow]:
    """The duties that the events of a story have made."""
    duties = Duties()
    for position, event in enumerate(story.events):
        recorded = Recorded(
            position=position,
            stream=case_stream(live(story).id),
            version=position + 1,
            event=event,
            recorded_at=START,
            actor=DECIDERS,
            command_id=CommandId("command"),
            causation=None,
            pack=reference("standard"),
            rules=(),
            hash=b"",
        )
        duties = duties.after(recorded, law)
    return dict(duties.rows)


def decided_late() -> tuple[Story, Pack]:
    """A case decided after its limit had run out, with a clock that runs since the decision."""
    rule = written("cn.sr2019")["stages"][6]["limit"]
    clock = {
        "id": "posting",
        "title": {"en": "posting", "zh": "公示"},
        "starts": "completed:decision",
        "until": "completed:public_notice",
        "within": rule["within"],
        "on_expiry": {**rule["on_expiry"], "value": "escalate"},
    }
    changes = {"stages.decision.limit.on_expiry.value": "escalate", "clocks": [clock]}
    law = variant("cn.sr2019", changes)
    story = reviewed(trained(nominated(under(law, opened("cn.sr2019", START)), START), START), START)
    story = run_out(story, "stage:decision")
    return decided(story, now(story, START)), law


def test_silence_stays_on_record_when_its_stage_begins_once_more() -> None:
    story, law = decided_late()
    day = now(story, START)
    before = rows_of(story, law)["stage:decision"]
    assert before.silence and before.done_on is not None
    rows = rows_of(story.when(reconsider(story, day), DECIDERS, day), law)
    earlier, again = rows["stage:decision/1"], rows["stage:decision"]
    assert (earlier.silence, earlier.done_on, earlier.began_on) == (True, before.done_on, before.began_on)
    assert again.open and not again.silence and again.began_on == day.date()


def test_what_fell_with_the_decision_is_owed_no_more_until_it_begins_anew() -> None:
    story, law = decided_late()
    day = now(story, START)
    assert rows_of(story, law)["clock:posting"].open
    story = story.when(reconsider(story, day), DECIDERS, day)
    rows = rows_of(story, law)
    assert [row.duty for row in rows.values() if row.open] == ["stage:decision"]
    assert rows["clock:posting"].dropped_on == rows["stage:public_notice"].dropped_on == START.date()
    anew = rows_of(decided(story, day + timedelta(days=1)), law)
    assert anew["clock:posting"].open and anew["clock:posting/1"].dropped_on == START.date()


def test_a_day_that_is_counted_anew_by_a_move_is_the_day_of_the_duty() -> None:
    before = at_stage("standard", "decision", START)
    story = moved(before, LATER_DECISION, RECOUNT)
    (timer,) = timers(story.case, LATER_DECISION)
    assert rows_of(story, LATER_DECISION)["stage:decision"].due_on == timer.due_on
    assert timer.due_on != rows_of(before, LATER_DECISION)["stage:decision"].due_on
