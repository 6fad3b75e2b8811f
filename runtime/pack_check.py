"""Whether a file is a pack that cases can be opened under, and what mends it where it is not."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from domain.law import Rule
from domain.pack import Pack
from runtime.calendars import UnknownJurisdiction, calendar_for
from runtime.packs import PackProblem, UnreadablePack, read_pack
from runtime.settings import PROJECT

WHAT_TO_DO = (
    ("Field required", "Write this field."),
    ("Extra inputs are not permitted", "Take it out, or correct its spelling."),
    ("Input should be a valid dictionary", "Write a pack there: see packs/standard.yaml for its fields."),
    ("Input should be '", "Write one of these."),
    ("Input should be", "Write such a value."),
    ("not YAML", "Correct the line that is named."),
    ("cannot be read", "Check the name and that you may read the file."),
)
"""What mends a mistake, by the words that describe it; the other descriptions say it themselves."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake in a pack's file, and what mends it."""

    file: str
    field: str
    problem: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking one file has found."""

    file: str
    pack: Pack | None
    problems: tuple[Finding, ...]

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
        return Checked(name, None, tuple(_finding(name, problem) for problem in unreadable.problems))
    except (OSError, UnicodeDecodeError) as reason:
        told = reason.strerror if isinstance(reason, OSError) and reason.strerror else "it is not UTF-8 text"
        problem = PackProblem(name, "(whole file)", f"it cannot be read: {told}")
        return Checked(name, None, (_finding(name, problem),))
    return Checked(name, pack, tuple(_places_without_a_calendar(name, pack)))


def _places_without_a_calendar(file: str, pack: Pack) -> Iterator[Finding]:
    for place, jurisdiction in enumerate(pack.jurisdictions):
        try:
            calendar_for(jurisdiction.id)
        except UnknownJurisdiction as unknown:
            yield Finding(file, f"jurisdictions.{place}.id", str(unknown), "Write a jurisdiction that has a calendar.")


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
            again = Finding(found.file, "version", told, "Give one of them another version, or take it away.")
            yield replace(found, problems=(*found.problems, again))
        else:
            yield found


def _finding(file: str, problem: PackProblem) -> Finding:
    field, told = problem.field, problem.problem.removeprefix("Value error, ")
    told = re.sub(r"<[A-Za-z.]+\.[A-Z_]+: ('[a-z_]+')>", r"\1", told)
    # A rule of the whole pack, or of a part, names in its message the field that breaks it.
    if named := re.match(r"([a-z_]+(?:\.[a-z0-9_]+)*): (.+)", told, re.DOTALL):
        head = named[1]
        if field == "(whole pack)" or head == field or head.startswith(f"{field}."):
            field, told = head, named[2]
        elif told != problem.problem:
            field, told = f"{field}.{head}", named[2]
    advice = next((advice for words, advice in WHAT_TO_DO if words in told), None)
    return Finding(file, field, told, advice or "Change what is named here, then check again.")


def _shown(path: Path) -> str:
    """A shipped file is shown by its place in the project, any other as it was named."""
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)
