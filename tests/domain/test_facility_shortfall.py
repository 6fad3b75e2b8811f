"""What plans need against what there is, whatever the spelling."""

from domain.facility_shortfall import Shortfall, shortfalls


def test_needs_of_all_plans_stand_against_all_facilities_the_most_missing_first() -> None:
    found = shortfalls(
        [("computer room", 40), ("Computer-Room", 80), ("places", 100), ("kitchen", 10)],
        [{"computer_room": 30, "places": 90}, {"places": 60, "projector": 5}],
    )
    assert found == [
        Shortfall("computer_room", 2, 120, 30),
        Shortfall("kitchen", 1, 10, 0),
        Shortfall("places", 1, 100, 150),
    ]
    assert [of.short for of in found] == [90, 10, 0]
