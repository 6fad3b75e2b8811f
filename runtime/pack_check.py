"""Whether a file is a pack that cases can be opened under, and what mends it where it is not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from domain.law import Rule
from domain.pack import Pack
from eventstore.pack_text import PackProblem, UnreadablePack, problem_in
from runtime.calendars import UnknownJurisdiction, calendar_for
from runtime.packs import read_pack
from runtime.settings import PROJECT


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking one file has found."""

    file: str
    pack: Pack | None
    problems: tuple[PackProblem, ...]

    @property
    def unverified(self) -> tuple[tuple[str, Rule[Any]], ...]:
        rules = self.pack.rules() if self.pack else ()
        return tuple((path, rule) for path, rule in rules if not rule.confidence.verified)


def check_file(path: Path) -> Checked:
    """Everything that keeps one file from being a pack that can be opened under."""
    name = _shown(path)
    try:
        pack = read_pack(path)
    except UnreadablePack as unreadable:
        return Checked(name, None, tuple(replace(problem, file=name) for problem in unreadable.problems))
    except (OSError, UnicodeDecodeError) as reason:
        told = reason.strerror if isinstance(reason, OSError) and reason.strerror else "it is not UTF-8 text"
        return Checked(name, None, (problem_in(name, "(whole file)", f"it cannot be read: {told}"),))
    return Checked(name, pack, tuple(_places_without_a_calendar(name, pack)))


def _places_without_a_calendar(file: str, pack: Pack) -> Iterator[PackProblem]:
    for place, jurisdiction in enumerate(pack.jurisdictions):
        try:
            calendar_for(jurisdiction.id)
        except UnknownJurisdiction as unknown:
            yield PackProblem(
                file, f"jurisdictions.{place}.id", str(unknown), "Write a jurisdiction that has a calendar."
            )


def versions_stand_once(checked: Iterable[Checked]) -> Iterator[Checked]:
    """The same files, with a problem in each that repeats a version of another."""
    first: dict[tuple[str, int], str] = {}
    for found in checked:
        if found.pack is None:
            yield found
            continue
        other = first.setdefault((found.pack.id, found.pack.version), found.file)
        if other != found.file:
            told = f"{found.pack.id} version {found.pack.version} stands in {other} as well"
            again = PackProblem(found.file, "version", told, "Give one of them another version, or take it away.")
            yield replace(found, problems=(*found.problems, again))
        else:
            yield found


def _shown(path: Path) -> str:
    """A shipped file is shown by its place in the project, any other as it was named."""
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)
