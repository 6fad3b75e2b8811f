"""Whatever is sent in, written and moderated in whatever order: decided or refused, never broken, and never less."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.appointment import Case
from domain.conversation import (
    CONVERSING,
    AnswerObjector,
    AskObjector,
    Conversation,
    Correspondence,
    SendMessage,
    fold_conversation,
)
from domain.entry_admission import ENTERING, AdmitEntry, RejectEntry
from domain.event import Event
from domain.identity import PUBLIC, Actor, Role
from domain.public_entry import AboutEntry, AnswerEntry, EntryOutcome, EntryReceived, FileEntry, fold_entry
from domain.refusal import Refusal
from domain.sender import Identity
from domain.taking_part_rule import EntryKind
from tests.domain.refusals import assert_whole
from tests.domain.sent_in import HASH, START, a_file, not_yet_noticed, noticed, on, past_its_notice, withdrawn
from tests.examples import DECIDERS, MODERATOR, PERSONNEL, SCHOOL, SUPERVISION

CASES = st.sampled_from((noticed().case, not_yet_noticed(), past_its_notice(), withdrawn()))
BOTH = MODERATOR.model_copy(update={"roles": tuple(Role)})
ACTORS = st.sampled_from((PUBLIC, PERSONNEL, SUPERVISION, MODERATOR, SCHOOL, DECIDERS, BOTH))
DAYS = st.integers(0, 60).map(lambda days: START + timedelta(days=days))
WORDS = st.sampled_from(("It was another bureau.", "Write to grey@example.org.", "Amina Okafor signed it."))
TURNS = st.lists(st.tuples(ACTORS, DAYS, st.integers(0, 5)), max_size=12)


@st.composite
def entries(draw: st.DrawFn) -> FileEntry:
    return FileEntry(
        kind=draw(st.sampled_from((EntryKind.COMMENT, EntryKind.RECOMMENDATION, EntryKind.ERROR_REPORT))),
        text=draw(WORDS),
        sender=draw(st.none() | st.just("Mr Grey")),
        identity=draw(st.none() | st.sampled_from(Identity)),
        receipt_hash=HASH,
        awaits_admission=draw(st.booleans()),
    )


@settings(deadline=None)
@given(case=CASES, turns=TURNS, data=st.data())
def test_an_entry_is_received_once_looked_at_once_and_answered_once(
    case: Case, turns: list[tuple[Actor, datetime, int]], data: st.DataObject
) -> None:
    about = AboutEntry("entry0000001", case, frozenset({"Amina Okafor"}))
    events: list[Event] = []
    for place, (actor, at, which) in enumerate(turns):
        command = (
            data.draw(entries()),
            AdmitEntry(public_text=data.draw(st.none() | WORDS)),
            RejectEntry(reason=data.draw(st.sampled_from(("no_content", "whim")))),
            AnswerEntry(outcome=data.draw(st.sampled_from(EntryOutcome)), public_answer=data.draw(WORDS)),
        )[which % 4]
        if isinstance(command, FileEntry) and events:
            continue  # another entry has another id, so another stream
        try:
            when = on(actor, at, command_id=f"command-{place}")
            events += ENTERING[type(command)](fold_entry(events), command, when, about)
        except Refusal as refusal:
            assert_whole(refusal)
        assert fold_entry(events) is None or isinstance(events[0], EntryReceived)
    kinds = [event.alias for event in events]
    assert len(kinds) == len(set(kinds)) and not {"entry_admitted", "entry_rejected"} <= set(kinds)
    shown = [event.without_sealed().model_dump_json() for event in events]
    assert not any(secret in text for text in shown for secret in ("Okafor", "Mr Grey", "grey@"))


@settings(deadline=None)
@given(case=CASES, kind=st.none() | st.sampled_from(EntryKind), ended=st.booleans(), turns=TURNS)
def test_a_conversation_only_ever_grows(
    case: Case, kind: EntryKind | None, ended: bool, turns: list[tuple[Actor, datetime, int]]
) -> None:
    ended_on = START.date() if ended else None
    about = Correspondence("entry0000001", case, kind, ended_on)
    found, events = Conversation(), []
    said = "It was in May, in the depot."
    wishes = (
        SendMessage(text=said),
        AskObjector(text=said),
        AnswerObjector(text=said),
        a_file(),
        a_file(kind="comment"),
    )
    for place, (actor, at, which) in enumerate(turns):
        command = wishes[which % len(wishes)]
        try:
            when = on(actor, at, command_id=f"command-{place}")
            events += CONVERSING[type(command)](found, command, when, about)
        except Refusal as refusal:
            assert_whole(refusal)
        after = fold_conversation(events)
        assert after.files >= found.files and after.messages >= found.messages
        found = after
    assert not any(said in event.without_sealed().model_dump_json() for event in events)
