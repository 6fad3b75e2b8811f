"""What is asked of every refusal, whichever rule it comes from."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from domain.command import Command
from domain.identity import Actor
from domain.refusal import Refusal
from tests.spec import R, Story

NEXT_STEP = re.compile(
    r"\b(ask|attend|check|choose one of|choose from|close|complete|confirm|convene|correct|enter|go on|keep|leave|lift|"
    r"name|nominate|open|read|record|register|report|request|resume|state|suspend|verify|vote again|wait|withdraw|"
    r"write|choose|make|save|send)\b|"
    r"\bmust (act next|answer|do it|withdraw)\b",
    re.IGNORECASE,
)
RULES_WITHOUT_A_TEXT = ("house.", "stages.order", "stages.duty")


def assert_whole(refusal: Refusal) -> None:
    """A refusal is a whole sentence that names the next step; a rule of the pack is cited with its source."""
    sentence = refusal.sentence
    assert sentence[0].isupper() or sentence[0] in "“`0123456789", sentence
    assert sentence.endswith("."), sentence
    assert not re.search(r"None|[{}]|\[\]|\s\s", sentence), sentence
    assert NEXT_STEP.search(sentence), f"no next step: {sentence}"
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", refusal.name)
    if not refusal.rule_path.startswith(RULES_WITHOUT_A_TEXT):
        assert refusal.citation is not None, f"{refusal.name} refuses by {refusal.rule_path} and cites nothing"
    if refusal.citation is not None:
        assert refusal.citation.says.en.endswith(".") and refusal.citation.says.zh.endswith("。")
        assert refusal.citation.instrument.en and refusal.citation.instrument.zh
        assert refusal.citation.verified == (refusal.citation.confidence == "confirmed")


def refused(story: Story, kind: type[R], command: Command, actor: Actor, at: datetime) -> R:
    """The refusal of a command, of that very class and whole."""
    refusal = story.refuses(kind, command, actor, at)
    assert type(refusal) is kind
    assert_whole(refusal)
    return refusal


def refused_apart(kind: type[R], attempt: Callable[[], object]) -> R:
    """The refusal of what is decided beside cases, of that very class and whole."""
    with pytest.raises(kind) as caught:
        attempt()
    assert type(caught.value) is kind
    assert_whole(caught.value)
    return caught.value
