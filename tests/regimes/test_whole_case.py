"""Every pack, shipped or not, carries a case to its end by what it says comes next."""

import pytest

from domain.pack import Pack
from tests.regimes.packs import EVERY_PACK
from tests.regimes.whole_case import opening

ENDS = {
    "us.fvra": "completed",
    **dict.fromkeys(("in.acc", "ke.papa", "uk.gcpa2025", "village", "za.jsc"), "appointed"),
}
"""How a case ends in which everybody does what they must; elsewhere a probation is confirmed."""


@pytest.mark.parametrize("law", EVERY_PACK, ids=lambda law: law.id)
def test_a_case_in_which_everybody_does_what_comes_next_comes_to_its_end(law: Pack) -> None:
    ended = opening(law).ended()
    assert ended.outcome == ENDS.get(law.id, "confirmed")
    assert list(ended.case.completed) == [stage.id for stage in law.stages]
