"""What the public sends in is recorded once, read by whom it is for, and goes with the file of its case."""

from uuid import UUID, uuid4

import pytest

from domain.case_opening import WithdrawCase
from domain.command import Command
from domain.conversation import AskObjector, MessageSent, SendMessage, conversation_stream, fold_conversation
from domain.entry_admission import AdmitEntry
from domain.event import StreamId
from domain.forgetting import ForgettingApproved, forgetting_stream
from domain.identity import PUBLIC, SYSTEM, Actor, CaseId
from domain.objection import Channel, LodgeObjection, ObjectionLodged, objection_id_of
from domain.public_answer import PublicAnswerNamesSomebody
from domain.public_entry import AnswerEntry, EntryNotFound, FileEntry, public_entry_id_of, public_entry_stream
from domain.refusal import CaseNotFound
from domain.retention import CaseFileExpired, retention_stream
from domain.taking_part_rule import EntryKind
from eventstore.codec import decode
from eventstore.forgetting_scope import sealed_about
from eventstore.noting import note
from eventstore.opening import opened
from eventstore.recording import Recorder
from eventstore.stream_recording import Kept
from eventstore.taking_part_recording import (
    Asked,
    read_correspondence,
    read_entry,
    record_conversation,
    record_public_entry,
)
from tests.domain.sent_in import HASH, a_file
from tests.eventstore.saying import MORNING, OPEN, STREAM, notice_opened, say
from tests.examples import CASE, CHEN, DIRECTOR, MODERATOR, PERSONNEL, SUPERVISION

COMMENT = FileEntry(kind=EntryKind.COMMENT, text="The results are those of another bureau.", receipt_hash=HASH)


@pytest.fixture
async def case_id(recorder: Recorder) -> CaseId:
    await say(recorder, OPEN)
    await notice_opened(recorder)
    return CASE


def asked(case_id: CaseId, entry_id: str, command: Command, actor: Actor = PUBLIC, key: UUID | None = None) -> Asked:
    return Asked(case_id, entry_id, command, actor, key or uuid4(), MORNING)


async def objected(recorder: Recorder, case_id: CaseId) -> str:
    """An objection with a file that went before it."""
    key = uuid4()
    objection_id = objection_id_of(case_id, str(key))
    await record_conversation(recorder, asked(case_id, objection_id, a_file()))
    command = LodgeObjection(
        channel=Channel.WEB, grounds="The accounts were signed unread.", receipt_hash=HASH, attachments=1
    )
    receipt = await recorder.record(case_id, command, actor=PUBLIC, command_id=key, at=MORNING)
    assert isinstance(receipt.events[0], ObjectionLodged) and receipt.events[0].objection_id == objection_id
    return str(objection_id)


async def commented(recorder: Recorder, case_id: CaseId) -> str:
    key = uuid4()
    entry_id = public_entry_id_of(case_id, str(key))
    await record_public_entry(recorder, asked(case_id, entry_id, COMMENT, key=key))
    return entry_id


async def test_an_objection_its_file_and_its_conversation_stand_beside_each_other(
    recorder: Recorder, case_id: CaseId
) -> None:
    entry_id = await objected(recorder, case_id)
    await record_conversation(recorder, asked(case_id, entry_id, AskObjector(text="When was it?"), SUPERVISION))
    await record_conversation(recorder, asked(case_id, entry_id, SendMessage(text="In May.")))
    stored = await recorder.store.read_stream(conversation_stream(entry_id))
    rows = await opened(recorder.store, recorder.keys, stored)
    assert [row.type for row in rows] == ["attachment_filed", "objector_asked", "message_sent"]
    assert (
        rows[0].event.model_dump()["content"] == a_file().content
        and fold_conversation(row.event for row in rows).messages == 2
    )
    assert all(b"In May" not in row.entry and b"note.png" not in row.entry for row in stored)


async def test_a_repeated_message_is_recorded_once(recorder: Recorder, case_id: CaseId) -> None:
    entry_id, key = await objected(recorder, case_id), uuid4()
    answers: list[Kept] = [
        await record_conversation(recorder, asked(case_id, entry_id, SendMessage(text="In May."), key=key))
        for _ in range(2)
    ]
    assert [kept.repeated for kept in answers] == [False, True] and answers[0].version == answers[1].version


async def test_an_entry_belongs_to_its_case_and_to_no_other(recorder: Recorder, case_id: CaseId) -> None:
    entry_id = await commented(recorder, case_id)
    other = CaseId("case00000002")
    post = DIRECTOR.model_copy(update={"rank": "officer"})
    await say(recorder, OPEN.model_copy(update={"case_id": other, "post": post}), case_id=other)
    assert await read_entry(recorder, other, entry_id) is None
    assert (await read_correspondence(recorder, case_id, entry_id)).kind is EntryKind.COMMENT
    assert (await read_correspondence(recorder, other, entry_id)).kind is None
    with pytest.raises(EntryNotFound):
        await record_public_entry(recorder, asked(other, entry_id, AdmitEntry(), MODERATOR))
    with pytest.raises(CaseNotFound):
        await record_public_entry(recorder, asked(CaseId("nothing"), entry_id, AdmitEntry(), MODERATOR))


async def test_no_candidate_is_named_in_public_words(recorder: Recorder, case_id: CaseId) -> None:
    entry_id = await commented(recorder, case_id)
    with pytest.raises(PublicAnswerNamesSomebody):
        words = AdmitEntry(public_text="It is not about chen jing at all.")
        await record_public_entry(recorder, asked(case_id, entry_id, words, MODERATOR))
    await record_public_entry(recorder, asked(case_id, entry_id, AdmitEntry(), MODERATOR))
    answer = AnswerEntry(outcome="corrected", public_answer="The results were put right.")
    await record_public_entry(recorder, asked(case_id, entry_id, answer, PERSONNEL))
    events = [decode(row).event for row in await recorder.store.read_stream(public_entry_stream(entry_id))]
    assert [event.alias for event in events] == ["entry_received", "entry_admitted", "entry_answered"]


async def test_what_was_sent_in_is_forgotten_with_the_last_candidate_of_its_case(
    recorder: Recorder, case_id: CaseId
) -> None:
    objection, comment = await objected(recorder, case_id), await commented(recorder, case_id)
    scope = await sealed_about(recorder.store, recorder.keys, CHEN)
    assert {
        f"{STREAM}#supervision",
        f"{conversation_stream(objection)}#correspondence",
        f"{public_entry_stream(comment)}#personnel",
    } <= set(scope.owners)
    day = MORNING.date()
    approved = ForgettingApproved(person_id=CHEN, approved_on=day, approved_by=(SUPERVISION.officer,))
    stream = forgetting_stream(CHEN)
    fact = await note(recorder.store, recorder.keys, stream, approved, actor=SYSTEM, command_id=uuid4(), at=MORNING)
    assert await recorder.store.destroy_sealed(fact.position, scope.owners, scope.positions) > 4
    rows = await recorder.store.read_stream(public_entry_stream(comment))
    assert await recorder.store.read_sealed([row.position for row in rows]) == {}


async def test_what_was_sent_in_goes_with_the_file_of_its_case_and_of_no_other(
    recorder: Recorder, case_id: CaseId
) -> None:
    objection, comment = await objected(recorder, case_id), await commented(recorder, case_id)
    other = StreamId("conversation/another00001")
    message = MessageSent(message_id="m", case_id=CaseId("case00000009"), sent_on=MORNING.date(), text="Of another.")
    kept = await note(recorder.store, recorder.keys, other, message, actor=PUBLIC, command_id=uuid4(), at=MORNING)
    await say(recorder, WithdrawCase(reason="The post was given up for good."))
    day = MORNING.date()
    expired = CaseFileExpired(
        case_id=case_id, ended_on=day, kept_until=day, rule="retention.without_appointment.at_most"
    )
    stream = retention_stream(case_id)
    fact = await note(recorder.store, recorder.keys, stream, expired, actor=SYSTEM, command_id=uuid4(), at=MORNING)
    parts = await recorder.store.destroy_case_file(fact.position)
    assert await recorder.store.destroy_case_file(fact.position) == parts, "counted once"
    streams = (STREAM, conversation_stream(objection), public_entry_stream(comment))
    rows = [row for found in (await recorder.store.read_streams(streams)).values() for row in found]
    assert await recorder.store.read_sealed([row.position for row in rows]) == {}
    assert set(await recorder.store.read_sealed([kept.position])) == {kept.position}
