"""Packs that differ from a shipped one in a stated place, and stories that go on under them."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import yaml

from domain.pack import Pack
from runtime.settings import PROJECT
from tests.spec import Story

Change = dict[str, Any]
"""From a path such as `stages.decision.limit.on_expiry.value`, or by place, to what stands there instead; None takes it
away."""

CLOSES_AFTER_TWO = {
    "value": 2,
    "says": {"en": "Two years running out of order close promotion.", "zh": "连续两年未达标的，不得提拔。"},
    "source": {"instrument": "house"},
    "confidence": "own_choice",
    "waivable": True,
}


def written(pack_id: str, changes: Change | None = None) -> dict[str, Any]:
    """What a shipped pack's file says, after some changes."""
    content: dict[str, Any] = yaml.safe_load((PROJECT / "packs" / f"{pack_id}.yaml").read_text(encoding="utf-8"))
    for path, value in (changes or {}).items():
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        place: Any = content
        for part in way:
            place = next(item for item in place if item["id"] == part) if _is_named(place, part) else place[part]
        if value is None:
            del place[last]
        else:
            place[last] = deepcopy(value)
    return content


def _is_named(place: Any, part: str | int) -> bool:
    return isinstance(place, list) and isinstance(part, str)


def variant(pack_id: str, changes: Change) -> Pack:
    """A shipped pack with some changes, as it is read from a file."""
    return Pack.model_validate(written(pack_id, changes))


def under(law: Pack, story: Story) -> Story:
    """The same story, going on under another text of its pack."""
    return replace(story, pack=law)
