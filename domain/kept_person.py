"""What keeps somebody on record: nobody is forgotten whom an open matter needs."""

from dataclasses import dataclass

from domain.identity import PersonId
from domain.refusal import Refusal
from domain.retention import Floor


@dataclass(frozen=True, slots=True)
class Ties:
    """What keeps somebody on record: open cases, inquiries, service. `held_in` has the open cases that are held.

    `unsettled`: supervision has an input or a watch about them that is open; said to supervision alone.
    """

    candidate_in: tuple[str, ...] = ()
    held_in: tuple[str, ...] = ()
    acted_in: tuple[str, ...] = ()
    inquiries: tuple[str, ...] = ()
    unsettled: bool = False
    serves: bool = False
    teaches: bool = False
    floors: tuple[Floor, ...] = ()


class StandsInOpenCase(Refusal):
    rule = "house.a_candidate_of_an_open_case_is_not_forgotten"


class ActsInOpenCase(Refusal):
    rule = "house.whoever_acted_in_an_open_case_is_not_forgotten"


class UnderInquiry(Refusal):
    rule = "house.an_inquiry_keeps_whom_it_concerns"


class SupervisionNotSettled(Refusal):
    rule = "house.what_supervision_has_open_keeps_whom_it_concerns"


class StillInService(Refusal):
    rule = "house.whoever_serves_is_not_forgotten"


class RetentionFloorRunning(Refusal):
    rule = "house.records_are_kept_as_long_as_the_pack_says"


def nothing_keeps(person: PersonId, ties: Ties) -> None:
    """Nobody is forgotten whom an open matter needs.

    Refuses: StandsInOpenCase, ActsInOpenCase, UnderInquiry, SupervisionNotSettled, StillInService,
    RetentionFloorRunning.
    """
    if ties.candidate_in:
        held = f", and {', '.join(ties.held_in)} is held by a reviewer" if ties.held_in else ""
        raise StandsInOpenCase(
            f"The person {person} is a candidate in {_cases(ties.candidate_in)}{held}. Wait until it has ended.",
            cases=list(ties.candidate_in),
        )
    if ties.inquiries:
        raise UnderInquiry(
            f"The inquiry {', '.join(ties.inquiries)} concerns {person}. Wait until it is concluded.",
            inquiries=list(ties.inquiries),
        )
    if ties.unsettled:  # without saying of whom: it is said in the relay's log, too
        raise SupervisionNotSettled(
            "Supervision has an input about this person that is not settled, or a watch that is not concluded. "
            "Verify or dismiss the one, conclude the other, or wait until it is done."
        )
    if ties.acted_in:
        raise ActsInOpenCase(
            f"The person {person} is named by the record of {_cases(ties.acted_in)}. Wait until it has ended.",
            cases=list(ties.acted_in),
        )
    if ties.serves or ties.teaches:
        where = "serves, as the in-service register has it" if ties.serves else "is on the register of teachers"
        raise StillInService(f"The person {person} {where}. Record that it has ended, or wait until it has.")
    if ties.floors:
        last = max(ties.floors, key=lambda floor: floor.kept_until)
        raise RetentionFloorRunning(
            f"The pack {last.citation.pack} has {last.of} kept until {last.kept_until:%-d %B %Y}. Wait until then.",
            citation=last.citation,
            kept_until=last.kept_until,
        )


def _cases(found: tuple[str, ...]) -> str:
    return f"the open case{'s' if len(found) > 1 else ''} {', '.join(found)}"
