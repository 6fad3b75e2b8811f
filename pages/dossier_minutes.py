"""Part 13 of a dossier: each meeting with its minutes, and what was decided."""

from collections.abc import Iterator

from domain.choice import DecisionDeferred, DecisionNotPassed, DecisionTaken
from domain.decision import DecisionMeetingHeld
from domain.event import Event, Recorded
from domain.minutes import Minutes, MinutesAnnotated
from domain.reconsideration import DecisionReconsidered
from pages.dossier_telling import Block, Telling, facts, heading, nothing, table
from pages.event_words import EVENT
from pages.pack_words import WORDS


def minutes(telling: Telling) -> Iterator[Block]:
    """Each meeting: who was due, who came, why others did not, what each said, how it was voted; and the decision."""
    t = telling.t
    meetings = telling.every(DecisionMeetingHeld)
    if not meetings and not telling.every(DecisionTaken) and not telling.every(DecisionNotPassed):
        yield nothing(t("nothing"))
    for row in meetings:
        yield heading(f"{EVENT[row.type].in_(telling.language)} {row.event.meeting_id}")
        yield from _meeting(telling, row)
    for row in telling.rows_by_position:
        if isinstance(row.event, DecisionTaken | DecisionNotPassed | DecisionDeferred | DecisionReconsidered):
            yield heading(EVENT[row.type].in_(telling.language))
            yield facts(*_decided(telling, row), (t("by"), telling.who(row)), (t("position"), str(row.position)))
        elif isinstance(row.event, MinutesAnnotated):
            yield facts((f"{t('note')} {row.event.meeting_id}", telling.sealed(row, "note")))


def _meeting(telling: Telling, row: Recorded[DecisionMeetingHeld]) -> Iterator[Block]:
    t, event = telling.t, row.event
    reached = t("quorate") if event.quorate else t("not_quorate")
    yield facts(
        (t("held_on"), telling.day(event.held_on)),
        (t("body"), event.body or str(row.actor.organ)),
        (t("form"), _form(telling, event)),
        (t("members"), f"{event.members_due}, {event.members_present}, {event.members_recused}"),
        (t("quorum"), f"{event.quorum} ({reached})"),
        (t("needed"), str(event.votes_needed)),
        (t("position"), str(row.position)),
    )
    if event.counts:
        rows = [
            (
                telling.candidate(count.candidate_id),
                f"{count.in_favour}, {count.against}, {count.deferred}",
                t("passed") if count.passed else t("not_passed"),
            )
            for count in event.counts
        ]
        yield table((t("candidate"), t("votes"), t("result")), rows, (4, 4, 2))
    if event.minutes is None:
        yield facts((t("minutes_are"), telling.hidden(row, "minutes")))
    else:
        yield from _members(telling, event.minutes)


def _form(telling: Telling, event: DecisionMeetingHeld) -> str:
    """How a meeting was held and voted."""
    voted = [WORDS[event.voted_by].in_(telling.language)] if event.voted_by else []
    return telling.comma.join([telling.code(event.held_as), *voted])


def _members(telling: Telling, taken: Minutes) -> Iterator[Block]:
    t = telling.t
    said = {(one.member, ballot.candidate_id): one.says for ballot in taken.ballots for one in ballot.statements}
    rows = []
    for member in taken.members:
        attended = t("recused") if member.recused else t("present") if member.present else t("absent")
        if member.absent_because:
            attended = f"{attended}: {member.absent_because}"
        spoke = [
            f"{telling.candidate(candidate)}: {telling.code(says)}"
            for (speaker, candidate), says in said.items()
            if speaker == member.member
        ]
        rows.append((telling.officer(member.member), attended, "\n".join(spoke)))
    yield table((t("officer"), t("present"), t("statements")), rows, (3, 3, 5))
    if (proceedings := taken.proceedings) is not None:
        yield facts(
            *((f"{place}.", line) for place, line in enumerate(proceedings.agenda, start=1)),
            *((f"§ {place}", line) for place, line in enumerate(proceedings.resolutions, start=1)),
        )


def _decided(telling: Telling, row: Recorded[Event]) -> Iterator[tuple[str, str]]:
    t = telling.t
    match row.event:
        case DecisionTaken() as event:
            yield t("candidate"), telling.candidate(event.candidate_id)
            yield t("on"), telling.day(event.decided_on)
            if event.in_favour is not None:
                yield t("needed"), f"{event.in_favour} / {event.votes_needed}"
            yield t("reason"), telling.sealed(row, "reasons")
        case DecisionNotPassed() as event:
            yield t("on"), telling.day(event.decided_on)
            yield t("reason"), telling.sealed(row, "reasons")
        case DecisionDeferred() as event:
            yield t("on"), telling.day(event.deferred_on)
            yield t("reason"), telling.code(event.why)
        case DecisionReconsidered() as event:
            yield t("on"), telling.day(event.reconsidered_on)
            counts = {"n": event.consented, "due": event.members_due, "needed": event.consents_needed}
            yield t("result"), t("consented", **counts)
            yield t("reason"), telling.sealed(row, "reasons")
