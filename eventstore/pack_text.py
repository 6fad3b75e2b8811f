"""A pack as somebody has written it: YAML, read strictly, with what mends each mistake; it knows no folder."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from domain.command import legible
from domain.pack import Pack

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


LARGEST_PACK = 100_000
"""Values, lists and mappings; the largest shipped pack has a few thousand."""


@dataclass(frozen=True, slots=True)
class PackProblem:
    """Why a text is not a pack: where, what is wrong there, and what mends it."""

    file: str
    field: str
    problem: str
    what_to_do: str


class UnreadablePack(Exception):
    """A text that is not a pack.

    `problems` has one entry a mistake.
    """

    def __init__(self, problems: list[PackProblem]):
        super().__init__("; ".join(f"{found.file}: {found.field}: {found.problem}" for found in problems))
        self.problems = problems


class _Strict(yaml.SafeLoader):
    """YAML that says each thing once: a key that stands twice would otherwise silently win over the one before it."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen if isinstance(key, yaml.ScalarNode) else False:
                raise yaml.constructor.ConstructorError(
                    problem=f"“{key.value}” stands twice", problem_mark=key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (AttributeError, LookupError, TypeError) as unlike:  # PyYAML takes a tag at its word: `!!timestamp x`
            raise yaml.constructor.ConstructorError(
                problem=f"“{node.value}” is no {node.tag.rpartition(':')[2]}", problem_mark=node.start_mark
            ) from unlike

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        return legible(super().construct_scalar(node))


def _read(text: str) -> Any:
    content = yaml.load(text, _Strict)
    waiting, seen = [content], 0
    while waiting:  # a few lines of aliases to aliases can stand for more than any machine holds
        part = waiting.pop()
        seen += 1
        if seen > LARGEST_PACK:
            raise ValueError(f"it says more than {LARGEST_PACK} things, its aliases written out")
        waiting.extend(part.values() if isinstance(part, dict) else part if isinstance(part, list) else ())
    return content


def pack_from(text: str, file: str = "text") -> Pack:
    """The pack that a text says.

    Refuses: UnreadablePack, naming each field that is wrong.
    """
    try:
        content = _read(text)
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        told = f"not YAML: {problem or 'nested too deeply'}"
        raise UnreadablePack([problem_in(file, "(whole file)", told)]) from problem
    try:
        return Pack.model_validate(content)
    except ValidationError as problem:
        raise UnreadablePack(list(_problems(file, problem))) from problem


def _problems(file: str, problem: ValidationError) -> Iterator[PackProblem]:
    for error in problem.errors():
        yield problem_in(file, ".".join(map(str, error["loc"])) or "(whole pack)", error["msg"])


def problem_in(file: str, field: str, said: str) -> PackProblem:
    """A mistake under the field that it is about, in plain words."""
    told = said.removeprefix("Value error, ")
    told = re.sub(r"<[A-Za-z.]+\.[A-Z_]+: ('[a-z_]+')>", r"\1", told)
    # A rule of the whole pack, or of a part, names in its message the field that breaks it.
    if named := re.match(r"([a-z_]+(?:\.[a-z0-9_]+)*): (.+)", told, re.DOTALL):
        head = named[1]
        if field == "(whole pack)" or head == field or head.startswith(f"{field}."):
            field, told = head, named[2]
        elif told != said:
            field, told = f"{field}.{head}", named[2]
    advice = next((advice for words, advice in WHAT_TO_DO if words in told), None)
    return PackProblem(file, field, told, advice or "Change what is named here, then check again.")
