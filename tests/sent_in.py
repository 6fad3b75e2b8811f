"""What a stranger sends in at an installation: an objection with a file, a comment, and what they write afterwards."""

from uuid import uuid4

from domain.conversation import SendMessage
from domain.identity import PUBLIC, CaseId
from domain.objection import Channel, LodgeObjection, objection_id_of
from domain.public_entry import FileEntry, public_entry_id_of
from domain.taking_part_rule import EntryKind
from eventstore.taking_part_recording import Asked, record_conversation, record_public_entry
from tests.desk import Desk
from tests.domain.sent_in import a_file

GROUNDS = "In March 2025 a delivery was signed for that never came."
COMMENT = "The results listed are those of another bureau."
RECEIPT = "5e" * 32


async def objects(desk: Desk, case_id: str, receipt: str = RECEIPT, **said: object) -> str:
    """The id of an objection with a file, sent in without an account."""
    key, at, recorder = uuid4(), desk.clock(), desk.house.recorder
    entry_id = objection_id_of(CaseId(case_id), str(key))
    await record_conversation(recorder, Asked(CaseId(case_id), entry_id, a_file(), PUBLIC, uuid4(), at))
    whole = {"channel": Channel.WEB, "grounds": GROUNDS, "receipt_hash": receipt, "attachments": 1} | said
    command = LodgeObjection.model_validate(whole)
    await recorder.record(CaseId(case_id), command, actor=PUBLIC, command_id=key, at=at)
    return str(entry_id)


async def comments(desk: Desk, case_id: str, kind: EntryKind = EntryKind.COMMENT, **said: object) -> str:
    """The id of a comment, or of a report of an error, sent in without an account."""
    key = uuid4()
    entry_id = public_entry_id_of(CaseId(case_id), str(key))
    command = FileEntry.model_validate({"kind": kind, "text": COMMENT, "receipt_hash": "6f" * 32} | said)
    await record_public_entry(desk.house.recorder, Asked(CaseId(case_id), entry_id, command, PUBLIC, key, desk.clock()))
    return entry_id


async def writes(desk: Desk, case_id: str, entry_id: str, text: str = "It was in May, in the depot.") -> None:
    """Whoever sent it in says something more."""
    asked = Asked(CaseId(case_id), entry_id, SendMessage(text=text), PUBLIC, uuid4(), desk.clock())
    await record_conversation(desk.house.recorder, asked)
