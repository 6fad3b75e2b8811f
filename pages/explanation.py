"""The page on which staff ask why a case stands where it stands, and the words of its steps and clocks."""

from domain.identity import Role
from domain.law import Language, Text
from domain.next_step import ENGINE, NextStep
from domain.pack import OnExpiry, Pack, Stage
from domain.stage import Outcome
from pages.pack_words import WORDS
from pages.staff_page import StaffPage
from pages.translations import TRANSLATIONS

_OF_ONE = Text(en="{about}, candidate {of}", zh="{about}（候选人{of}）")
_AT_A_STAGE = Text(en="“{stage}”: {watches}", zh="“{stage}”：{watches}")
_CLOCK_OF = {
    "objection": Text(en="Answer to objection {of}", zh="答复异议{of}"),
    "query": Text(en="Answer to query {of}", zh="答复询问{of}"),
    "prior_report": Text(en="Reply to the report on {of}", zh="对事前报告（{of}）的答复"),
}


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
    return TRANSLATIONS.get(f"step.{step.step}") or _as_it_is(step.step)


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
        return _point_in_words(step.what, pack)
    if record is None:
        return None if step.what == step.rule else Text(en=step.what, zh=step.what)
    return _named(_OF_ONE, of=candidate, about=record) if candidate else record


def _point_in_words(what: str, pack: Pack) -> Text:
    stage_id, _, point_id = what.partition(" ")
    stage = pack.stage(stage_id)
    watches = next(point.watches for point in stage.duty.points if point.id == point_id)
    return _named(_AT_A_STAGE, stage=stage.title, watches=watches)


def clock_in_words(name: str, pack: Pack) -> Text:
    """A clock by its title."""
    kind, _, of = name.partition(":")
    match kind:
        case "stage":
            return _named(TRANSLATIONS["clock.stage"], of=pack.stage(of).title)
        case "clock":
            return next((rule.title for rule in pack.clocks if rule.id == of), _as_it_is(of))
        case "opinion":
            return next((rule.title for rule in pack.review.opinions if rule.organ == of), _as_it_is(of))
        case _ if kind in _CLOCK_OF:
            return _named(_CLOCK_OF[kind], of=of)
    return TRANSLATIONS.get(f"clock.{kind}") or _as_it_is(name)


def holder_in_words(stage: Stage) -> Text:
    """Whose duty a stage is."""
    return WORDS[str(stage.duty.holder)]


def _named(said: Text, **facts: str | Text) -> Text:
    english = {name: fact.en if isinstance(fact, Text) else fact for name, fact in facts.items()}
    chinese = {name: fact.zh if isinstance(fact, Text) else fact for name, fact in facts.items()}
    return Text(en=said.en.format(**english), zh=said.zh.format(**chinese))


def _as_it_is(name: str) -> Text:
    """A name that has no words yet still shows itself."""
    plain = name.replace("_", " ")
    return Text(en=plain, zh=plain)
