"""Part 11 of a dossier: what was objected to, when it was acknowledged and answered, and how much was written of it."""

from collections import Counter
from collections.abc import Iterator, Mapping

from domain.conversation import Conversation
from domain.event import Recorded
from domain.identity import ObjectionId
from domain.objection import ObjectionDisposed, ObjectionLodged
from domain.objection_admission import ObjectionAcknowledged, ObjectionRejected
from pages.dossier_telling import Block, Telling, sentence, table

NOTHING_SAID = Conversation()


def objections(telling: Telling) -> Iterator[Block]:
    """How many came, by which way, by when each had to be acknowledged and answered, and what became of it."""
    t = telling.t
    lodged = telling.every(ObjectionLodged)
    disposed = {row.event.objection_id: row for row in telling.every(ObjectionDisposed)}
    rejected = {row.event.objection_id: row for row in telling.every(ObjectionRejected)}
    outcomes = Counter(str(row.event.outcome) for row in disposed.values())
    said = {"n": len(lodged), "open": len(lodged) - len(disposed) - len(rejected), "rejected": len(rejected)}
    yield sentence(t("counts_are", dismissed=outcomes["dismissed"], upheld=outcomes["upheld"], **said))
    acknowledged = {row.event.objection_id: row for row in telling.every(ObjectionAcknowledged)}
    rows = [_row(telling, row, acknowledged, disposed, rejected) for row in lodged]
    if rows:
        head = (t("objection"), t("about"), t("received"), t("acknowledge"), t("answer"), t("result"), t("grounds"))
        yield table(head, rows, (2, 2, 1.8, 1.8, 1.8, 1.8, 3))


def _row(
    telling: Telling,
    row: Recorded[ObjectionLodged],
    acknowledged: Mapping[ObjectionId, Recorded[ObjectionAcknowledged]],
    disposed: Mapping[ObjectionId, Recorded[ObjectionDisposed]],
    rejected: Mapping[ObjectionId, Recorded[ObjectionRejected]],
) -> tuple[str, ...]:
    event, answer = row.event, disposed.get(row.event.objection_id)
    known, turned_away = acknowledged.get(event.objection_id), rejected.get(event.objection_id)
    said = telling.matter.conversations.get(event.objection_id, NOTHING_SAID)
    result = telling.t("open_still")
    if answer is not None:
        result = f"{telling.code(answer.event.outcome)}\n{telling.day(answer.event.disposed_on)}"
    elif turned_away is not None:
        result = f"{telling.code('rejected')}\n{telling.day(turned_away.event.rejected_on)}"
    written = telling.t("written", files=said.files, messages=said.messages) if said != NOTHING_SAID else ""
    reasons = telling.sealed(answer, "reasons") if answer else ""
    return (
        f"{event.objection_id}\n{telling.code(event.channel)}",
        telling.candidate(event.candidate_id),
        telling.day(event.answer_by.opens_on),
        _acknowledgement(telling, event, known),
        telling.day(event.answer_by.closes_on),
        result,
        "\n".join(filter(None, (telling.sealed(row, "grounds"), reasons, written))),
    )


def _acknowledgement(telling: Telling, event: ObjectionLodged, known: Recorded[ObjectionAcknowledged] | None) -> str:
    """The day by which it was due, and the one on which it came."""
    due = telling.day(event.acknowledge_by.closes_on)
    if known is None:
        return due
    came = "acknowledged_late" if known.event.late else "acknowledged_in_time"
    return f"{due}\n{telling.t(came, on=telling.day(known.event.acknowledged_on))}"
