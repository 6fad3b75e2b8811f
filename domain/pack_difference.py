"""What differs between two versions of a pack: its rules, its stages, and whatever else it says; it judges nothing."""

from collections.abc import Iterator
from typing import Any

from pydantic_core import to_jsonable_python

from domain.appointment import LiveCase
from domain.law import Frozen, Rule, rules_in
from domain.pack import Pack, StageKind

ABOUT_NO_CASE = ("id", "version", "title", "effective_from", "instruments")
"""Parts of a pack that decide nothing by themselves."""

WORKS_IN = {
    "nomination": StageKind.NOMINATION,
    "training.requirements": StageKind.TRAINING_VERIFICATION,
    "notice": StageKind.PUBLIC_NOTICE,
    "objections": StageKind.PUBLIC_NOTICE,
    "review": StageKind.SUPERVISION_REVIEW,
    "decision": StageKind.DECISION,
}
"""The kind of stage in which the rules of a part do their work; the rules of any other part do it at every stage."""


class RuleChange(Frozen):
    """A rule before and after, with words, source and confidence; None where there is none."""

    path: str
    before: Rule[Any] | None
    after: Rule[Any] | None


class OtherChange(Frozen):
    """Anything else that a pack says, before and after."""

    path: str
    before: Any
    after: Any


class PackDifferences(Frozen):
    """What another version says differently."""

    before: str
    after: str
    rules: tuple[RuleChange, ...]
    stages_added: tuple[str, ...]
    stages_removed: tuple[str, ...]
    stages_reordered: tuple[str, ...]
    other: tuple[OtherChange, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Where something differs; a stage that came, went or moved by its own path."""
        moved = sorted({*self.stages_added, *self.stages_removed, *self.stages_reordered})
        said = [*(change.path for change in self.rules), *(change.path for change in self.other)]
        return (*(f"stages.{stage}" for stage in moved), *said)


def differences(before: Pack, after: Pack) -> PackDifferences:
    """Everything that the second version says differently from the first."""
    old, new = [stage.id for stage in before.stages], [stage.id for stage in after.stages]
    kept = [stage for stage in old if stage in new]
    kept_now = [stage for stage in new if stage in old]
    return PackDifferences(
        before=f"{before.id}@{before.version}",
        after=f"{after.id}@{after.version}",
        rules=tuple(_rule_changes(before, after)),
        stages_added=tuple(stage for stage in new if stage not in old),
        stages_removed=tuple(stage for stage in old if stage not in new),
        stages_reordered=tuple(now for was, now in zip(kept, kept_now, strict=True) if was != now),
        other=tuple(_other_changes(before, after)),
    )


def _rule_changes(before: Pack, after: Pack) -> Iterator[RuleChange]:
    old, new = dict(rules_in(before)), dict(rules_in(after))
    for path in (*new, *(path for path in old if path not in new)):
        if old.get(path) != new.get(path):
            yield RuleChange(path=path, before=old.get(path), after=new.get(path))


def _other_changes(before: Pack, after: Pack) -> Iterator[OtherChange]:
    old, new = dict(_said(before)), dict(_said(after))
    for path in (*new, *(path for path in old if path not in new)):
        if path != "version" and old.get(path) != new.get(path):
            yield OtherChange(path=path, before=old.get(path), after=new.get(path))


def _said(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Everything under a value that is no rule, with its path as `rules_in` makes it."""
    match value:
        case Rule():
            return
        case Frozen():
            fields = type(value).model_fields.items()
            parts = [(field.alias or name, getattr(value, name)) for name, field in fields]
        case dict():
            parts = list(value.items())
        case tuple() if value and isinstance(value[0], Frozen):
            parts = [(str(getattr(item, "id", place)), item) for place, item in enumerate(value)]
        case _:
            yield path, to_jsonable_python(value)
            return
    for name, part in parts:
        yield from _said(part, f"{path}.{name}".lstrip("."))


def touching(found: PackDifferences, case: LiveCase, before: Pack, after: Pack) -> tuple[str, ...]:
    """The differences that still mean something for a case: what is completed is not done again."""
    laws = (before, after)
    ahead = {stage.kind for law in laws for stage in law.stages if stage.id not in case.completed}
    asked = {law.training_requirement(case.post.rank)[0] for law in laws if law.training_rules}
    return tuple(path for path in found.paths if _touches(path, case, ahead, asked))


def _touches(path: str, case: LiveCase, ahead: set[StageKind], asked: set[str]) -> bool:
    part, _, rest = path.partition(".")
    if part in ABOUT_NO_CASE:
        return False
    if part == "stages":
        return rest.partition(".")[0] not in case.completed
    if part == "jurisdictions":
        return rest.partition(".")[0] == case.jurisdiction
    if part == "ranks":
        return rest.partition(".")[0] == case.post.rank
    if path.startswith("training.requirements.") and not any(path.startswith(f"{mine}.") for mine in asked):
        return False
    kind = next((kind for prefix, kind in WORKS_IN.items() if path.startswith(f"{prefix}.")), None)
    return kind is None or kind in ahead
