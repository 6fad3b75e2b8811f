"""Parts 5 to 9 of a dossier: recommendation, checks, signatures, training, and conflicts of interests."""

from collections.abc import Iterator
from typing import Any

from domain.completeness import Standing
from domain.conflict import ConflictDecided, InterestsCrossChecked, InterestsDeclared, UndeclaredRelationFound
from domain.event import Event, Recorded
from domain.interests import FoundRelation, Relation
from domain.pack import StageKind
from domain.probation import AppointmentIssued
from domain.record import RecordEntered
from domain.record_signature import RecordSigned
from domain.supervision_point import SupervisionPointAttended
from domain.supervision_review import OpinionOverdue, OpinionRequested, OpinionReturned, SupervisionReviewConcluded
from domain.training_verification import MakeUpTrainingRecorded, TrainingVerified
from pages.dossier_telling import Block, Telling, facts, heading, nothing, sentence, table_or_nothing
from pages.event_words import EVENT
from pages.pack_words import FIELDS

SELECTING = frozenset(
    {StageKind.MOTION, StageKind.RECOMMENDATION, StageKind.ADVERTISEMENT, StageKind.PANEL, StageKind.NOMINATION}
)
"""Kinds of stage whose records say how people came to be considered; all others are checks."""


def recommendation(telling: Telling) -> Iterator[Block]:
    """How people came to be considered: who was invited, who came, on which paper."""
    t = telling.t
    rows = [row for row in _as_they_stand(telling) if _selects(telling, row)]
    head = (t("record"), t("dated"), t("invited"), t("present"), t("result"), t("paper"), t("remarks"))
    cells = [
        (
            telling.record(row.event.record),
            telling.day(row.event.dated_on),
            str(row.event.invited or "–"),
            str(row.event.present or "–"),
            _result(telling, row),
            row.event.paper,
            telling.sealed(row, "remarks"),
        )
        for row in rows
    ]
    yield table_or_nothing(telling, head, cells, (3, 2, 1.2, 1.2, 1.6, 2, 2))
    if any(row.event.invited for row in rows):
        yield sentence(t("votes_by_class"))


def _as_they_stand(telling: Telling) -> list[Recorded[RecordEntered]]:
    """The last entry of each record; those whose place it took stand in the timeline."""
    return list({(row.event.record, row.event.candidate_id): row for row in telling.every(RecordEntered)}.values())


def _selects(telling: Telling, row: Recorded[RecordEntered]) -> bool:
    rule = telling.pack.record(row.event.record)
    stage = next((found for found in telling.pack.stages if rule and found.id == rule.stage), None)
    return stage is not None and stage.kind in SELECTING


def _result(telling: Telling, row: Recorded[RecordEntered]) -> str:
    if row.event.not_required:
        return telling.t("not_required")
    return telling.t("in_order") if row.event.in_order else telling.code("not_in_order")


def checks(telling: Telling) -> Iterator[Block]:
    """Each check and each opinion: about whom, by whom, when, with what result, on which paper, good until when."""
    t = telling.t
    rows = [
        (
            telling.record(row.event.record),
            telling.candidate(row.event.candidate_id),
            telling.who(row),
            telling.day(row.event.dated_on),
            _result(telling, row),
            row.event.paper,
            telling.day(row.event.valid_until),
            telling.sealed(row, "remarks"),
        )
        for row in _as_they_stand(telling)
        if not _selects(telling, row)
    ]
    head = (t("record"), t("about"), t("by"), t("dated"), t("result"), t("paper"), t("valid_until"), t("remarks"))
    yield table_or_nothing(telling, head, rows, (2.4, 2, 2.2, 1.7, 1.4, 1.6, 1.6, 1.8))
    yield heading(EVENT["opinion_returned"].in_(telling.language))
    yield _opinions(telling)
    for row in telling.every(SupervisionReviewConcluded):
        yield facts(
            (EVENT[row.type].in_(telling.language), telling.code(row.event.conclusion)),
            (t("on"), telling.day(row.event.concluded_on)),
            (t("by"), telling.who(row)),
            (t("remarks"), telling.sealed(row, "remarks")),
        )
    yield heading(EVENT["supervision_point_attended"].in_(telling.language))
    points = [
        (
            telling.stage(row.event.attended_stage),
            telling.code(row.event.observation),
            telling.who(row),
            telling.day(row.event.attended_on),
            telling.sealed(row, "text"),
        )
        for row in telling.every(SupervisionPointAttended)
    ]
    yield table_or_nothing(telling, (t("stage"), t("result"), t("by"), t("on"), t("said")), points, (3, 2, 3, 2, 3))


def _opinions(telling: Telling) -> Block:
    t = telling.t
    returned = {row.event.organ: row for row in telling.every(OpinionReturned)}
    silent = {row.event.organ: row for row in telling.every(OpinionOverdue)}
    rows = []
    for asked in telling.every(OpinionRequested):
        organ = asked.event.organ
        given, late = returned.get(organ), silent.get(organ)
        said = telling.code(given.event.finding) if given else telling.code(late.event.on_expiry) if late else "–"
        day = given.event.returned_on if given else late.event.due_on if late else None
        text = telling.sealed(given, "text") if given else ""
        rows.append((str(organ), telling.day(asked.event.answer_by.closes_on), telling.day(day), said, text))
    return table_or_nothing(telling, (t("organ"), t("due"), t("on"), t("result"), t("said")), rows, (3, 2, 2, 2, 4))


def signatures(telling: Telling) -> Iterator[Block]:
    """Every signature under every record that needs one, and those that are missing."""
    t = telling.t
    entered = _as_they_stand(telling)
    since = {(row.event.record, row.event.candidate_id): row.position for row in entered}
    signed = [
        row
        for row in telling.every(RecordSigned)
        if row.position > since.get((row.event.record, row.event.candidate_id), -1)
    ]
    rows: list[Recorded[Any]] = sorted([*entered, *signed], key=lambda row: row.position)
    cells = [cell for row in rows if (cell := _signature(telling, row)) is not None]
    head = (t("record"), t("about"), t("signed_by"), t("officer"), t("on"), t("position"))
    yield table_or_nothing(telling, head, cells, (3, 2.4, 2, 2.4, 2, 1.4))
    for fact in telling.matter.statement.facts:
        if fact.kind == "signature" and fact.standing is Standing.MISSING:
            record, _, signer = fact.what.partition(":")
            about = telling.candidate(fact.about)
            said = (telling.code(fact.standing), telling.record(record), about, telling.code(signer))
            yield nothing(telling.comma.join(said))


def _signature(telling: Telling, row: Recorded[RecordEntered | RecordSigned]) -> tuple[str, ...] | None:
    event = row.event
    rule = telling.pack.record(event.record)
    if rule is None or not rule.signers:
        return None
    if isinstance(event, RecordSigned):
        signed_as, day = telling.code(event.signed_as), telling.day(event.signed_on)
    else:
        own = [signer for signer in rule.signers if signer not in event.awaits]
        if not own:
            return None
        signed_as = telling.comma.join(telling.code(signer) for signer in own)
        day = f"{telling.day(event.dated_on)}\n{telling.t('with_entry')}"
    about, officer = telling.candidate(event.candidate_id), telling.officer(event.officer)
    return telling.record(event.record), about, signed_as, officer, day, str(row.position)


def training(telling: Telling) -> Iterator[Block]:
    """What of each candidate's training counted, what is missing, on which file it rests, and what is owed by when."""
    t = telling.t
    rows = []
    for row in telling.every(TrainingVerified):
        event = row.event
        basis = event.basis or ""
        if event.file_version is not None:
            basis = t("file_at", n=event.file_version, hash=(event.file_hash or "")[:16])
        window = f"{telling.day(event.window_from_on)} – {telling.day(event.window_to_on)}"
        numbers = (str(event.hours), str(event.required_hours), str(event.missing_hours))
        result = telling.code(event.result)
        rows.append((telling.candidate(event.candidate_id), result, *numbers, window, basis))
    head = (t("candidate"), t("result"), t("hours"), t("required"), t("gap"), t("window"), t("basis"))
    yield table_or_nothing(telling, head, rows, (2.6, 2, 1.3, 1.3, 1.3, 2.4, 2.8))
    for candidate, years in telling.matter.hours.items():
        said = telling.comma.join(f"{year}: {hours}" for year, hours in years.items())
        yield facts((t("by_year"), f"{telling.candidate(candidate)}{telling.pause}{said}"))
    for issued in telling.every(AppointmentIssued):
        if issued.event.make_up is not None:
            owed = f"{telling.day(issued.event.make_up.closes_on)} ({issued.event.hours_owed})"
            yield facts((t("make_up"), owed), (t("candidate"), telling.candidate(issued.event.candidate_id)))
    for made_up in telling.every(MakeUpTrainingRecorded):
        yield facts((t("made_up"), telling.day(made_up.event.recorded_on)), (t("hours"), str(made_up.event.hours)))


def conflicts(telling: Telling) -> Iterator[Block]:
    """Who declared what, where each was looked up, what was found, and what was decided."""
    t = telling.t
    rows = []
    for row in telling.rows_by_position:
        if (cells := _interests(telling, row)) is not None:
            rows.append((*cells, str(row.position)))
    head = (t("officer"), t("what"), t("on"), t("result"), t("said"), t("position"))
    yield table_or_nothing(telling, head, rows, (2.4, 2.6, 2, 1.8, 3, 1.4))


def _interests(telling: Telling, row: Recorded[Event]) -> tuple[str, ...] | None:
    t = telling.t
    match row.event:
        case InterestsDeclared() as event:
            roles = telling.comma.join(telling.code(role) for role in event.roles)
            what = f"{t('declared')} ({roles})"
            return (
                telling.officer(event.officer),
                what,
                telling.day(event.declared_on),
                _goes(telling, event.withdraws, len(event.to_decide)),
                _relations(telling, row, "relations", event.relations),
            )
        case InterestsCrossChecked() as event:
            registers = telling.comma.join(_register(telling, name) for name in event.registers)
            return (
                telling.officer(event.officer),
                t("checked", of=registers),
                telling.day(event.checked_on),
                _goes(telling, event.withdraws, len(event.to_decide)),
                _relations(telling, row, "found", event.found),
            )
        case UndeclaredRelationFound() as event:
            found = (event.relation,) if event.relation else None
            said = _relations(telling, row, "relation", found)
            return telling.officer(event.officer), t("undeclared"), telling.day(event.found_on), "", said
        case ConflictDecided() as event:
            goes = _goes(telling, event.withdraws, 0)
            plan = telling.sealed(row, "plan")
            return telling.officer(event.officer), t("decided"), telling.day(event.decided_on), goes, plan
    return None


def _goes(telling: Telling, withdraws: bool, undecided: int) -> str:
    if undecided:
        return telling.t("waits", n=undecided)
    return telling.t("withdraws") if withdraws else telling.t("acts_on")


def _register(telling: Telling, name: str) -> str:
    known = FIELDS.get(name)
    return known.in_(telling.language) if known else name.replace("_", " ")


def _relations(
    telling: Telling, row: Recorded[Event], field: str, found: tuple[Relation | FoundRelation, ...] | None
) -> str:
    if found is None:
        return telling.hidden(row, field)
    said = [
        f"{_register(telling, relation.kind)}: {telling.candidate(relation.candidate_id)} {relation.details or ''}"
        for relation in found
    ]
    return "\n".join(said)
