"""A course helps whoever lacks something that it would give, on its last day and by the rules of their standing."""

from datetime import date

from domain.training_need import CourseToTake, courses_that_help
from tests.examples import CHEN, at, pack
from tests.lives import opened
from tests.spec import Story

TODAY = date(2026, 3, 2)


def course(name: str, hours: int, ended_on: date, method: str = "off_job") -> CourseToTake:
    return CourseToTake(name, "A course", "in_service", method, hours, 0, date(2026, 4, 1), ended_on)


def helping(story: Story, rank: str, *courses: CourseToTake) -> list[tuple[str, int]]:
    file = story.having(CHEN, 10, date(2026, 1, 5)).training[CHEN].file
    found = courses_that_help(file, pack("standard"), rank, courses, TODAY)
    return [(each.course_id, each.missing_hours) for each in found]


def test_the_course_that_leaves_least_missing_comes_first() -> None:
    story = opened("standard", at("2026-03-02"))
    short, enough = course("short", 20, date(2026, 4, 3)), course("enough", 30, date(2026, 5, 8))
    assert helping(story, "officer", short, enough) == [("enough", 0), ("short", 10)]


def test_hours_that_would_not_count_do_not_help() -> None:
    story = opened("standard", at("2026-03-02")).having(CHEN, 120, date(2026, 2, 2))
    online = CourseToTake("online", "A course", "in_service", "online", 300, 0, date(2026, 4, 1), date(2026, 5, 8))
    assert helping(story, "senior", online) == [("online", 0)]
    assert helping(opened("standard", at("2026-03-02")), "senior", online) == [("online", 90)]


def test_a_course_that_has_begun_can_be_taken_no_more() -> None:
    begun = CourseToTake("begun", "A course", "in_service", "off_job", 90, 0, TODAY, date(2026, 5, 8))
    assert helping(opened("standard", at("2026-03-02")), "officer", begun) == []
