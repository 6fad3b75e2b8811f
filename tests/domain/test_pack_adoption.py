"""Versions of a pack follow one another, keep their text, and reach into no day that is over."""

from datetime import date, timedelta

import pytest

from domain.pack_adoption import (
    SHIPPED,
    Adoption,
    AdoptionReachesBack,
    PackAdopted,
    PackTextChanged,
    PackVersionOutOfTurn,
    adopt_pack,
)
from tests.domain.refusals import assert_whole
from tests.examples import pack
from tests.spec import R

FIRST = pack("standard")
TODAY = date(2026, 12, 1)
TOMORROW = TODAY + timedelta(days=1)
WISH = Adoption("The council raised the notice to ten days.", TODAY, TODAY)
BY_PROGRAM = Adoption(SHIPPED, TODAY, by_program=True)


def adopted(version: int, wish: Adoption = WISH, earlier: tuple[PackAdopted, ...] = ()) -> PackAdopted:
    return adopt_pack(FIRST.model_copy(update={"version": version}), "5e" * 32, "text", earlier, wish)


ONE = adopted(1)


def test_the_first_version_takes_effect_on_the_day_that_it_says_itself() -> None:
    event = adopted(1, Adoption("We adopt the standard process.", TODAY))
    assert (event.effective_from, event.reason) == (FIRST.effective_from, "We adopt the standard process.")


def test_a_later_version_takes_effect_today_or_on_a_later_day() -> None:
    assert adopted(2, earlier=(ONE,)).effective_from == TODAY
    assert adopted(2, Adoption(WISH.reason, TODAY, TOMORROW), (ONE,)).effective_from == TOMORROW


def refused(version: int, kind: type[R], wish: Adoption, earlier: tuple[PackAdopted, ...]) -> R:
    with pytest.raises(kind) as caught:
        adopted(version, wish, earlier)
    assert_whole(caught.value)
    return caught.value


@pytest.mark.parametrize("wanted", [None, TODAY - timedelta(days=1)])
def test_a_later_version_reaches_into_no_day_that_is_over(wanted: date | None) -> None:
    refusal = refused(2, AdoptionReachesBack, Adoption(WISH.reason, TODAY, wanted), (ONE,))
    assert refusal.facts["earliest"] == TODAY and refusal.field == "effective_from"


def test_no_version_takes_effect_before_the_pack_says_or_before_the_version_that_it_follows() -> None:
    early = Adoption(WISH.reason, TODAY, FIRST.effective_from - timedelta(days=1))
    refused(1, AdoptionReachesBack, early, ())
    two = adopted(2, Adoption(WISH.reason, TODAY, TOMORROW), (ONE,))
    assert refused(3, AdoptionReachesBack, WISH, (ONE, two)).facts["earliest"] == TOMORROW


@pytest.mark.parametrize("version", [3, 4])
def test_no_version_is_skipped_by_a_person(version: int) -> None:
    assert refused(version, PackVersionOutOfTurn, WISH, (ONE,)).facts["newest"] == 1


def test_the_program_may_have_skipped_a_release_but_never_goes_back() -> None:
    three = adopted(3, BY_PROGRAM, (ONE,))
    assert (three.effective_from, three.reason) == (TODAY, SHIPPED)
    refused(2, PackVersionOutOfTurn, BY_PROGRAM, (ONE, three))


@pytest.mark.parametrize("wish", [WISH, BY_PROGRAM])
def test_a_version_never_changes_its_text(wish: Adoption) -> None:
    refused(1, PackTextChanged, wish, (ONE,))
