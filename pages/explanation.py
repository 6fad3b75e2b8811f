"""The page on which staff ask why a case stands where it stands, and the words of its steps."""

from domain.identity import Role
from domain.law import Language, Text
from domain.next_step import ENGINE, NextStep
from domain.pack import OnExpiry, Pack, Stage
from domain.pack_titles import titles_of_duties
from domain.stage import Outcome
from pages.clock_words import as_it_is, clock_in_words, with_facts
from pages.pack_words import WORDS
from pages.staff_page import StaffPage
from pages.translations import TRANSLATIONS

_OF_ONE = Text(en="{about}, candidate {of}", zh="{about}（候选人{of}）")


def _matter(language: Language) -> dict[str, object]:
    return {
        "silences": {str(meaning): WORDS[meaning].in_(language) for meaning in OnExpiry},
        "outcomes": [str(outcome) for outcome in Outcome],
    }


EXPLANATION = StaffPage("/explain", "explanation", ("explain",), _matter)


def step_in_words(step: NextStep, pack: Pack) -> Text:
    """What is to be done, as a clerk says it; a step of the engine's is the end of a clock."""
    if step.by == ENGINE:
        return clock_in_words(step.step, pack)
    return TRANSLATIONS.get(f"step.{step.step}") or as_it_is(step.step)


def whose_in_words(step: NextStep) -> Text:
    """Who takes a step."""
    return TRANSLATIONS["explain.engine"] if step.by == ENGINE else WORDS[str(Role(step.by))]


def wanted_in_words(step: NextStep, pack: Pack) -> Text | None:
    """What the step is about: the record that is missing, the opinion that is asked for, the matter reported."""
    if step.what is None:
        asked = (rule.title for rule in pack.review.opinions if rule.organ == step.organ)
        return next(asked, None) if step.organ else None
    name, _, candidate = step.what.partition("/")
    record = next((found.title for found in pack.records if found.id == name), None)
    if step.step == "attend_supervision_point":
        stage, _, point = step.what.partition(" ")
        return titles_of_duties(pack)[f"point:{stage}:{point}"]
    if record is None:
        return None if step.what == step.rule else Text(en=step.what, zh=step.what)
    return with_facts(_OF_ONE, of=candidate, about=record) if candidate else record


def holder_in_words(stage: Stage) -> Text:
    """Whose duty a stage is."""
    return WORDS[str(stage.duty.holder)]
