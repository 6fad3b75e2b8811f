"""Methods beside each other: attendance, passes, ratings; a new one appears by itself."""

from datetime import date

from domain.identity import OrganId, PersonId
from domain.training_file import FiledRecord
from domain.training_method import ALL, MethodYear, Ratings, method_years
from domain.training_report import Fellow, MeasuredYear
from tests.spec import studied

Y2026 = MeasuredYear(2026, date(2026, 9, 30))
RATINGS = {(2026, "online"): Ratings(10, 38), (2026, "off_job"): Ratings(5, 23), (2025, "online"): Ratings(99, 99)}


def took(method: str, passed: int, failed: int, attended: int = 30, ended_on: date = date(2026, 5, 1)) -> list[Fellow]:
    """So many people with one training of forty hours by that method."""
    record = studied(40, ended_on).model_copy(update={"method": method, "attended_hours": attended})
    return [
        Fellow(
            PersonId(f"{method}{n}"),
            (),
            (FiledRecord(1, OrganId("school"), record.model_copy(update={"passed": n < passed})),),
        )
        for n in range(passed + failed)
    ]


def found(rows: list[MethodYear]) -> dict[str, tuple[float | None, ...]]:
    return {row.method: (row.trainings, row.attendance, row.pass_share, row.rating) for row in rows}


def test_methods_counted_by_hand() -> None:
    rows = method_years([*took("online", 6, 4, 20), *took("off_job", 9, 3, 40)], Y2026, [], RATINGS)
    assert found(rows) == {
        ALL: (22, round((10 * 20 + 12 * 40) / (22 * 40), 4), round(15 / 22, 4), round((38 + 23) / 15, 1)),
        "off_job": (12, 1.0, 0.75, 4.6),
        "online": (10, 0.5, 0.6, 3.8),
    }


def test_a_method_that_a_pack_brings_stands_there_before_it_is_used() -> None:
    rows = method_years(took("online", 6, 4), Y2026, ["simulation"], {})
    assert found(rows)["simulation"] == (0, None, None, None)


def test_a_method_of_few_is_hidden_with_another() -> None:
    rows = method_years([*took("online", 6, 4), *took("off_job", 9, 3), *took("abroad", 2, 0)], Y2026, [], {})
    assert {name for name, (trainings, *_) in found(rows).items() if trainings is None} == {"abroad", "online"}


def test_what_ended_in_another_year_or_after_the_last_day_is_not_counted() -> None:
    late, early = date(2026, 10, 1), date(2025, 12, 31)
    rows = method_years([*took("online", 6, 4, ended_on=late), *took("online", 6, 4, ended_on=early)], Y2026, [], {})
    assert found(rows) == {ALL: (0, None, None, None)}


def test_all_methods_together_are_hidden_where_they_tell_of_somebody() -> None:
    assert found(method_years(took("online", 3, 0), Y2026, [], {}))[ALL][0] is None
