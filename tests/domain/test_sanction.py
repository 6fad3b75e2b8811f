"""A sanction says when the wrongdoing began, and is recorded by supervision about somebody else."""

from datetime import date
from typing import Any

import pytest

from domain.identity import Actor
from domain.refusal import Refusal, WrongOrgan
from domain.sanction import RecordSanction, SanctionDatesWrong, SanctionRecorded, SanctionsThemselves, record_sanction
from domain.supervision_rules import Severity
from tests.domain.refusals import assert_whole
from tests.examples import CHEN, PERSONNEL, SUPERVISION, at

START = at("2026-03-02")


def sanction(**changed: Any) -> RecordSanction:
    said: dict[str, Any] = {
        "person_id": CHEN,
        "severity": Severity.DISMISSAL,
        "wrongdoing_from_on": date(2024, 5, 1),
        "decided_on": date(2026, 3, 1),
        "grounds": "Payments of a supplier.",
    }
    return RecordSanction(**{**said, **changed})


def refused(command: RecordSanction, kind: type[Refusal], actor: Actor = SUPERVISION) -> None:
    with pytest.raises(kind) as caught:
        record_sanction("s1", command, actor=actor, at=START)
    assert_whole(caught.value)


def test_a_sanction_is_recorded_with_its_first_day_and_what_it_was_for_is_sealed() -> None:
    (recorded,) = record_sanction("s1", sanction(), actor=SUPERVISION, at=START)
    assert isinstance(recorded, SanctionRecorded)
    assert (recorded.person_id, recorded.wrongdoing_from_on) == (CHEN, date(2024, 5, 1))
    assert recorded.without_sealed().grounds is None


def test_supervision_records_it_and_nobody_their_own() -> None:
    refused(sanction(), WrongOrgan, PERSONNEL)
    refused(sanction(), SanctionsThemselves, SUPERVISION.model_copy(update={"officer": CHEN}))


@pytest.mark.parametrize("days", [(date(2026, 3, 2), date(2026, 3, 1)), (date(2026, 3, 1), date(2026, 3, 4))])
def test_the_wrongdoing_comes_first_and_the_sanction_is_not_of_tomorrow(days: tuple[date, date]) -> None:
    refused(sanction(wrongdoing_from_on=days[0], decided_on=days[1]), SanctionDatesWrong)


def test_severities_have_an_order() -> None:
    assert Severity.CONVICTION.at_least(Severity.DISMISSAL)
    assert Severity.DISMISSAL.at_least(Severity.DISMISSAL)
    assert not Severity.WARNING.at_least(Severity.SERIOUS_WARNING)
