"""Packs as files: reading, checking and adopting them."""

from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from domain.pack import Pack


@dataclass(frozen=True, slots=True)
class PackProblem:
    """Why a file is not a pack: where, and what is wrong there."""

    file: str
    field: str
    problem: str


class UnreadablePack(Exception):
    """A file that is not a pack.

    `problems` has one entry a mistake.
    """

    def __init__(self, problems: list[PackProblem]):
        super().__init__("; ".join(f"{found.file}: {found.field}: {found.problem}" for found in problems))
        self.problems = problems


def read_pack(path: Path) -> Pack:
    """The pack in a file.

    Refuses: UnreadablePack, naming each field that is wrong.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Pack.model_validate(content)
    except yaml.YAMLError as problem:
        raise UnreadablePack([PackProblem(path.name, "(whole file)", f"not YAML: {problem}")]) from problem
    except ValidationError as problem:
        found = [
            PackProblem(path.name, ".".join(map(str, error["loc"])) or "(whole pack)", error["msg"])
            for error in problem.errors()
        ]
        raise UnreadablePack(found) from problem


def read_packs(folder: Path) -> list[Pack]:
    """Every pack of a folder, by file name.

    Refuses: UnreadablePack.
    """
    return [read_pack(path) for path in sorted(folder.glob("*.yaml"))]
