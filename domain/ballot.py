"""What was said on each candidate, or only counted, and that it is complete; it knows neither quorum nor majority."""

from collections.abc import Sequence
from enum import StrEnum

from pydantic import Field

from domain.appointment import LiveCase
from domain.attendance import Member
from domain.identity import CandidateId, OfficerId
from domain.law import Frozen
from domain.majority import BallotForm
from domain.nomination import standing_candidate
from domain.occasion import Occasion
from domain.refusal import Refusal, UnknownChoice


class Statement(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"
    DEFER = "defer"


class Said(Frozen):
    """What one member said on one candidate."""

    member: OfficerId
    says: Statement


class Ballot(Frozen):
    """The statements on one candidate, in the order in which they were made."""

    candidate_id: CandidateId
    statements: tuple[Said, ...] = Field(max_length=1000)

    def count(self, statement: Statement) -> int:
        return sum(said.says is statement for said in self.statements)

    def tally(self) -> "Tally":
        return Tally(
            candidate_id=self.candidate_id,
            in_favour=self.count(Statement.AGREE),
            against=self.count(Statement.DISAGREE),
            deferred=self.count(Statement.DEFER),
        )


class Tally(Frozen):
    """How many said what on one candidate. Of a secret ballot nothing else is taken, so nobody knows who did."""

    candidate_id: CandidateId
    in_favour: int = Field(ge=0, le=1000)
    against: int = Field(ge=0, le=1000)
    deferred: int = Field(0, ge=0, le=1000)

    @property
    def voted(self) -> int:
        return self.in_favour + self.against + self.deferred


class BallotInAnotherForm(Refusal):
    rule = "house.an_open_ballot_unless_the_pack_says_otherwise"


class BallotIsSecret(Refusal):
    rule = "house.a_secret_ballot_keeps_only_counts"


class BallotIsNotSecret(Refusal):
    rule = "house.each_member_states_once"


class CountsDoNotAddUp(Refusal):
    rule = "house.each_member_votes_once"


class StatementMissing(Refusal):
    rule = "house.each_member_states_once"


class ChiefMustSpeakLast(Refusal):
    rule = "decision.chief_speaks_last"


def ballot_form(wished: BallotForm | None, on: Occasion) -> BallotForm:
    """The form in which was voted: the one that was named, when the pack allows it, or the pack's usual one.

    Source: the pack's `decision.ballot` (cn.sr2019: orally, by show of hands, or in secret).
    Refuses: BallotInAnotherForm.
    """
    allowed = on.pack.decision.ballot_forms
    if wished is None or wished in allowed:
        return wished or allowed[0]
    known = ", ".join(_in_words(form) for form in allowed)
    raise BallotInAnotherForm(
        f"A vote by {_in_words(wished)} ballot was recorded, and under `{on.pack.id}` it is voted by {known} ballot. "
        "Vote again in that form, then record the ballots.",
        citation=on.cite("decision.ballot") if on.pack.decision.ballot else None,
        field="voted_by",
        voted_by=str(wished),
        allowed=[str(form) for form in allowed],
    )


def _in_words(form: BallotForm) -> str:
    return form.replace("_", " ")


def tallies(form: BallotForm, ballots: Sequence[Ballot], counts: Sequence[Tally]) -> tuple[Tally, ...]:
    """What was counted in the form in which was voted; the other form is not taken beside it.

    Refuses: BallotIsSecret, BallotIsNotSecret.
    """
    if form is BallotForm.SECRET:
        if ballots:
            raise BallotIsSecret(
                f"The vote was secret, and {len(ballots)} ballots say who voted how, which nobody may know. "
                "Record only how many were in favour, against and deferred, in `counts`.",
                field="ballots",
            )
        return tuple(counts)
    if counts:
        raise BallotIsNotSecret(
            f"The vote was not secret ({_in_words(form)}), and only counts were given on {len(counts)} candidates. "
            "Record in `ballots` what each member stated.",
            field="counts",
        )
    return tuple(ballot.tally() for ballot in ballots)


def everybody_voted(
    live: LiveCase, members: Sequence[Member], form: BallotForm, ballots: Sequence[Ballot], taken: Sequence[Tally]
) -> None:
    """On every candidate who stands, and on nobody else, each member who may vote did so once.

    Refuses: UnknownChoice, StatementMissing, CountsDoNotAddUp.
    """
    voting = [member.member for member in members if member.votes]
    for tally in taken:
        standing_candidate(live, tally.candidate_id)
        if form is BallotForm.SECRET:
            _counts_add_up(tally, len(voting))
    voted_on = {tally.candidate_id for tally in taken}
    if missing := [candidate.id for candidate in live.standing if candidate.id not in voted_on]:
        raise UnknownChoice(
            f"There is no ballot on candidate {missing[0]}. Record one on every candidate who stands.",
            field="counts" if form is BallotForm.SECRET else "ballots",
        )
    for ballot in ballots:
        _each_states_once(ballot, voting)


def _counts_add_up(tally: Tally, voting: int) -> None:
    if tally.voted != voting:
        raise CountsDoNotAddUp(
            f"On candidate {tally.candidate_id}, {tally.voted} votes were counted of {voting} members who may vote. "
            "Count again, then record the vote of each of them as in favour, against or deferred.",
            field="counts",
            expected=voting,
            counted=tally.voted,
        )


def _each_states_once(ballot: Ballot, voting: Sequence[OfficerId]) -> None:
    stated = [said.member for said in ballot.statements]
    if len(stated) != len(voting) or set(stated) != set(voting):
        raise StatementMissing(
            f"On candidate {ballot.candidate_id}, {len(stated)} statements were recorded from {len(voting)} members "
            "who may vote. Record exactly one statement of each of them, and of nobody else.",
            field="ballots",
            expected=len(voting),
            stated=len(stated),
        )


def the_chief_spoke_last(members: Sequence[Member], ballots: Sequence[Ballot], on: Occasion) -> None:
    """Nobody states an opinion after the chief. In a secret ballot nobody states one, so there is no last.

    Source: the pack's `decision.chief_speaks_last`.
    Refuses: ChiefMustSpeakLast.
    """
    chief = next((member.member for member in members if member.votes and member.chief), None)
    if chief is None or not on.pack.decision.chief_is_last:
        return
    if any(ballot.statements[-1].member != chief for ballot in ballots):
        raise ChiefMustSpeakLast(
            "The chief of the deciding body states last, so that nobody follows the chief. Vote again in that order, "
            "then record the final ballots.",
            citation=on.cite("decision.chief_speaks_last"),
            field="ballots",
        )
