"""The engine's memory holds ids, versions and dates; no name and no grounds, sealed or open."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.client import WorkflowHistory

from domain.case_opening import SuspendCase
from domain.objection import Channel, LodgeObjection
from domain.public_notice import PublicNoticeElapsed
from runtime.temporal import SealedPayloads, data_converter
from tests.examples import CHEN, SUPERVISION
from tests.replay.replaying import PAYLOAD_KEY
from tests.workflows.conftest import Cases

NAME = "Chrysanthemum Featherstonehaugh"
GROUNDS = "She signed for the missing ledgers."
OBJECTOR = "Bartholomew Quill of Mill Lane"
REASON = "A court looks into her mortgage."
PERSONAL = [NAME, "Featherstonehaugh", GROUNDS, "ledgers", OBJECTOR, "Quill", REASON, "mortgage", CHEN]


async def opened(history: WorkflowHistory) -> str:
    """Everything that a history says, with every payload in it unsealed."""
    codec = SealedPayloads(PAYLOAD_KEY)
    said = [history.to_json()]
    for sealed in _payloads(json.loads(history.to_json())):
        [plain] = await codec.decode([sealed])
        assert plain != sealed, "a payload lay open"
        said.append(plain.data.decode())
    return "\n".join(said)


def _payloads(part: Any) -> Iterator[Payload]:
    if isinstance(part, dict):
        if "metadata" in part and "data" in part:
            metadata = {key: base64.b64decode(value) for key, value in part["metadata"].items()}
            if "type" not in metadata:  # search attributes are never sealed, and searched as they are
                yield Payload(metadata=metadata, data=base64.b64decode(part["data"]))
        for value in part.values():
            yield from _payloads(value)
    elif isinstance(part, list):
        for value in part:
            yield from _payloads(value)


async def test_nothing_personal_reaches_the_engine(lived: Cases) -> None:
    case = lived("standard")
    await case.is_opened()
    await case.is_noticed(NAME)
    objection = LodgeObjection(channel=Channel.LETTER, grounds=GROUNDS, objector=OBJECTOR)
    await case.does(objection, SUPERVISION)
    await case.reaches("2026-10-09")
    await case.becomes(PublicNoticeElapsed)
    await case.does(SuspendCase(reason=REASON), SUPERVISION)
    said = await opened(await case.workflow.fetch_history())
    assert "public_notice" in said, "payloads were unsealed"
    assert [word for word in PERSONAL if word in said] == []


async def test_sentence_of_an_error_is_sealed_in_the_engine() -> None:
    failure, converter = Failure(), data_converter(PAYLOAD_KEY)
    await converter.encode_failure(ValueError(f"cannot understand {NAME}"), failure)
    assert NAME.encode() not in failure.SerializeToString()
    assert NAME in str(await converter.decode_failure(failure))
