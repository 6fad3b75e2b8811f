"""What of a survey may be shown: no figure of too few people, and none that others give away by subtraction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.small_group import hidden


@dataclass(frozen=True, slots=True)
class Minimum:
    """How many people a figure is of at least, and in how many two reports differ at least. Units: people."""

    cell: int
    difference: int


@dataclass(frozen=True, slots=True)
class Answering:
    """A class of voters by how many of them answered, beside the minimum that holds where it is shown."""

    name: str
    size: int
    minimum: int

    @property
    def tells_of_somebody(self) -> bool:
        return self.size < self.minimum


def shown_classes(answers: Mapping[str, int], minimum: Minimum) -> frozenset[str]:
    """Classes whose own result may stand beside that of the whole.

    One that is too small takes the next smallest with it; else it could be subtracted from the whole.

    Source: domain rules 5.2 (small cells, second suppression).
    """
    groups = [Answering(name, size, minimum.cell) for name, size in answers.items()]
    kept_back = hidden(groups, lambda some: Answering("", sum(found.size for found in some), minimum.cell))
    return frozenset(answers) - kept_back


def shows_whole(answers: Mapping[str, int], minimum: Minimum) -> bool:
    """Whether anything may be shown at all."""
    return sum(answers.values()) >= minimum.cell


def shows_choices(counts: Iterable[int], minimum: Minimum) -> bool:
    """Whether a class's result may be shown answer by answer: each was given by enough people, or by nobody.

    All or nothing: beside the mean, any answer that were kept back could be worked out from the others.
    """
    return all(not count or count >= minimum.cell for count in counts)


def shows_share(ticked: int, answered: int, sensitive: Minimum) -> bool:
    """Whether it may be said how many ticked something: enough answered, and neither side of it is a few people."""
    return answered >= sensitive.cell and min(ticked, answered - ticked) >= sensitive.difference


def parts(reports: Sequence[Collection[str]]) -> list[frozenset[str]]:
    """The finest groups that reports together could tell apart, what is in none of them left out.

    Whatever is added to and subtracted from reports about groups of people is about a union of these.
    """
    seen: dict[tuple[bool, ...], set[str]] = {}
    for member in {member for report in reports for member in report}:
        seen.setdefault(tuple(member in report for report in reports), set()).add(member)
    return [frozenset(found) for found in seen.values()]


@dataclass
class Published:
    """What was said of one survey, so that the next report is looked at beside all that came before it.

    `sizes`: how many people each of the smallest groups has that a report can be about (a class of voters).
    """

    minimum: Minimum
    sizes: Mapping[str, int]
    reports: list[frozenset[str]] = field(default_factory=list)

    def take(self, report: Collection[str]) -> bool:
        """Whether this report may be published too; it is then one of them.

        One that is there already tells nothing new. Otherwise neither it, nor what any of them leave of each other by
        adding and subtracting, may be fewer people than the minimum.

        Source: domain rules 5.2 (difference rule).
        """
        wanted = frozenset(report)
        if wanted in self.reports:
            return True
        least = max(self.minimum.cell, self.minimum.difference)
        together = [*self.reports, wanted]
        if not wanted or any(sum(self.sizes[name] for name in part) < least for part in parts(together)):
            return False
        self.reports = together
        return True
