"""How a survey is asked and counted: questions, weights, classes with their sizes, thresholds. Published beforehand.

A version is never changed: another one takes its place, and a survey keeps the one that it was proposed under.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.command import Command
from domain.event import Event, StreamId
from domain.identity import Actor, OrganId, Role
from domain.law import Confidence, Frozen, Rule, Source, Text
from domain.refusal import Refusal, WrongOrgan
from domain.survey_disclosure import Minimum

MethodId = Annotated[str, Field(pattern="^[0-9a-z]{12}$")]
Name = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$")]
Organ = Annotated[OrganId, Field(min_length=1, max_length=120)]
SOURCE = "domain rules, part 5"


class Choice(Frozen):
    """An answer. One without a weight (“don't know”) is shown and left out of the mean. Units: points of 0 to 100."""

    id: Name
    says: Text
    weight: int | None = Field(None, ge=0, le=100)


class Scale(Frozen):
    """The answers that a question may be given, the best first."""

    id: Name
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=9)


class Question(Frozen):
    """A question that every ballot answers."""

    id: Name
    asks: Text
    scale: Name


class Tick(Frozen):
    """A problem that may be ticked; sensitive, because a few ticks tell of those who dared."""

    id: Name
    says: Text


class VoterClass(Frozen):
    """People who are asked as a class of their own, with how many there are."""

    id: Name
    says: Text
    size: int = Field(ge=1, le=100_000_000)


def _own(value: int, en: str, zh: str, seen_in: str = "") -> Rule[int]:
    source = Source(instrument="house", seen_in=seen_in)
    return Rule[int](value=value, says=Text(en=en, zh=zh), source=source, confidence=Confidence.OWN_CHOICE)


class Thresholds(Frozen):
    """The values that a survey is read by. All are the house's own choice: no source gives them."""

    low_below: Rule[int] = _own(60, "An index below 60 opens a problem.", "指数低于60分的，立为问题。", SOURCE)
    falls_by: Rule[int] = _own(
        10, "An index that falls by more than 10 points opens a problem.", "指数下降超过10分的，立为问题。", SOURCE
    )
    cell: Rule[int] = _own(5, "Nothing is reported of fewer than 5 answers.", "少于5份答卷的结果不予报告。", "S85-S88")
    public_cell: Rule[int] = _own(
        10, "Nothing is published of fewer than 10 answers.", "少于10份答卷的结果不予公布。", "S85-S88"
    )
    sensitive_cell: Rule[int] = _own(
        20, "A problem that may be ticked is reported from 20 ballots on.", "问题勾选项满20份答卷方予报告。", "S85-S88"
    )
    difference: Rule[int] = _own(3, "Two reports differ by at least 3 people.", "两份报告至少相差3人。", "S88")
    sensitive_difference: Rule[int] = _own(
        10, "Sensitive reports differ by at least 10 people.", "敏感内容的报告至少相差10人。", "S88"
    )
    unanimous_percent: Rule[int] = _own(
        98, "Over 98 % of one answer in a class asks for a review.", "同类人员超过98%作同一选择的，提请复核。", SOURCE
    )
    burst_percent: Rule[int] = _own(
        50, "Over half of a class within the burst's minutes asks for a review.", "同类人员过半数集中投票的，提请复核。"
    )
    burst_minutes: Rule[int] = _own(5, "A burst is 5 minutes long.", "以5分钟为集中投票的时段。")
    same_text: Rule[int] = _own(
        3, "The same words on 3 ballots ask for a review.", "3份答卷文字相同的，提请复核。", SOURCE
    )

    @model_validator(mode="after")
    def no_minimum_below_the_house(self) -> Self:
        for name in ("cell", "public_cell", "sensitive_cell", "difference", "sensitive_difference"):
            least = type(self).model_fields[name].default.value
            if getattr(self, name).value < least:
                raise ValueError(f"thresholds.{name}: {getattr(self, name).value} is below the house's {least}")
        if self.public_cell.value < self.cell.value:
            raise ValueError("thresholds.public_cell: the public is never told more than the departments")
        return self


SATISFACTION = Scale(
    id="satisfaction",
    choices=(
        Choice(id="very", says=Text(en="Very satisfied", zh="非常满意"), weight=100),
        Choice(id="satisfied", says=Text(en="Satisfied", zh="满意"), weight=80),
        Choice(id="basically", says=Text(en="Basically satisfied", zh="基本满意"), weight=60),
        Choice(id="rather_not", says=Text(en="Rather not satisfied", zh="不太满意"), weight=30),
        Choice(id="not", says=Text(en="Not satisfied", zh="不满意"), weight=0),
        Choice(id="unknown", says=Text(en="I do not know", zh="不了解")),
    ),
)
"""Source: the weights of the National Bureau of Statistics (domain rules 5.1)."""

RECOGNITION = Scale(
    id="recognition",
    choices=(
        Choice(id="recognise", says=Text(en="I recognise them", zh="认同"), weight=100),
        Choice(id="basically", says=Text(en="I basically recognise them", zh="基本认同"), weight=60),
        Choice(id="not", says=Text(en="I do not recognise them", zh="不认同"), weight=0),
        Choice(id="unknown", says=Text(en="I do not know", zh="不了解")),
    ),
)

QUESTIONS = (
    Question(
        id="overall",
        asks=Text(en="How satisfied are you with the selection of officers?", zh="您对选人用人工作总体是否满意？"),
        scale="satisfaction",
    ),
    Question(
        id="daily",
        asks=Text(
            en="How satisfied are you with the daily management and supervision of officers?",
            zh="您对干部日常管理监督是否满意？",
        ),
        scale="satisfaction",
    ),
    Question(
        id="rectification",
        asks=Text(
            en="How satisfied are you with how the problems of the last survey were mended?",
            zh="您对上次评议问题的整改情况是否满意？",
        ),
        scale="satisfaction",
    ),
    Question(
        id="recognition",
        asks=Text(en="Do you recognise the newly promoted as fit?", zh="您对新提拔任用的干部是否认同？"),
        scale="recognition",
    ),
)
"""Source: the form of “one report, two reviews” in a working system (domain rules 1.5)."""

TICKS = (
    Tick(id="political_standard", says=Text(en="The political standard was not kept to", zh="政治标准把关不严")),
    Tick(id="structure", says=Text(en="The structure of the team was not looked at", zh="班子结构统筹不够")),
    Tick(id="ability", says=Text(en="Ability for the post was lacking", zh="能力素质不适应岗位")),
    Tick(id="spirit", says=Text(en="There was no spirit of taking things on", zh="担当作为不足")),
    Tick(id="integrity", says=Text(en="Integrity was not checked well", zh="廉洁把关不严")),
    Tick(id="acceptance", says=Text(en="Results and acceptance counted too little", zh="实绩和公认度不够")),
    Tick(id="incentives", says=Text(en="Good work was not encouraged", zh="激励机制不健全")),
    Tick(id="one_decides", says=Text(en="One person decided", zh="个人说了算")),
    Tick(id="nepotism", says=Text(en="Relatives or friends were favoured", zh="任人唯亲")),
    Tick(id="procedure", says=Text(en="The procedure was not kept to", zh="程序不规范")),
    Tick(id="chiefs", says=Text(en="Chiefs were supervised too little", zh="对一把手监督不力")),
    Tick(id="unremedied", says=Text(en="What inspections found was not mended", zh="巡视发现问题整改不到位")),
)
"""Source: the twelve problems of that form (domain rules 1.5, Q4-Q15)."""


class SurveyMethod(Frozen):
    """A method. `work_index` and `person_recognition` name the question that each index is the mean of.

    `owner` mends what a low or falling index shows; `accepting`, another organ, says when it is mended.
    """

    unit: str = Field(min_length=2, max_length=120, description="whose selection of officers is asked about")
    classes: tuple[VoterClass, ...] = Field(min_length=1, max_length=12)
    owner: Organ
    accepting: Organ
    scales: tuple[Scale, ...] = Field((SATISFACTION, RECOGNITION), min_length=1, max_length=6)
    questions: tuple[Question, ...] = Field(QUESTIONS, min_length=1, max_length=20)
    ticks: tuple[Tick, ...] = Field(TICKS, max_length=30)
    work_index: Name = "overall"
    person_recognition: Name = "recognition"
    thresholds: Thresholds = Thresholds()

    @model_validator(mode="after")
    def it_can_be_counted(self) -> Self:
        for what in ("classes", "scales", "questions", "ticks"):
            _named_once(what, (found.id for found in getattr(self, what)))
        for scale in self.scales:
            _named_once(f"scales.{scale.id}", (choice.id for choice in scale.choices))
            if len({choice.weight for choice in scale.choices} - {None}) < 2:
                raise ValueError(f"scales.{scale.id}: give two answers different weights, or there is no mean")
        known = {scale.id for scale in self.scales}
        if unknown := [asked.id for asked in self.questions if asked.scale not in known]:
            raise ValueError(f"questions.{unknown[0]}: name one of the scales {sorted(known)}")
        for index in ("work_index", "person_recognition"):
            if getattr(self, index) not in {asked.id for asked in self.questions}:
                raise ValueError(f"{index}: name the question that it is the mean of")
        if self.work_index == self.person_recognition:
            raise ValueError("person_recognition: the two indices are means of different questions")
        if self.owner == self.accepting:
            raise ValueError("accepting: another organ than the owner says when a problem is mended")
        return self

    @property
    def indices(self) -> dict[str, str]:
        """The question of each published index, by the index's name."""
        return {"work_index": self.work_index, "person_recognition": self.person_recognition}

    @property
    def in_house(self) -> Minimum:
        return Minimum(self.thresholds.cell.value, self.thresholds.difference.value)

    @property
    def in_public(self) -> Minimum:
        return Minimum(self.thresholds.public_cell.value, self.thresholds.difference.value)

    @property
    def sensitive(self) -> Minimum:
        return Minimum(self.thresholds.sensitive_cell.value, self.thresholds.sensitive_difference.value)

    def scale_of(self, question: str) -> Scale:
        asked = next(found for found in self.questions if found.id == question)
        return next(scale for scale in self.scales if scale.id == asked.scale)

    def size_of(self, voter_class: str) -> int:
        return next(found.size for found in self.classes if found.id == voter_class)


def _named_once(what: str, names: Iterable[str]) -> None:
    found = list(names)
    if len(found) != len(set(found)):
        raise ValueError(f"{what}: two have one id; give each its own")


class PublishSurveyMethod(Command):
    """Publish a method, or the next version of one."""

    method_id: MethodId | None = Field(None, description="the method that this is the next version of")
    method: SurveyMethod


class SurveyMethodPublished(Event):
    method_id: str
    number: int
    method: SurveyMethod
    published_on: date


class SurveyMethodNotFound(Refusal):
    rule = "house.a_survey_is_asked_by_a_published_method"


def survey_method_stream(method_id: str) -> StreamId:
    return StreamId(f"survey_method/{method_id}")


def by_supervision(command: Command, actor: Actor) -> None:
    """Surveys are independent of whoever runs cases.

    Source: domain rules part 6 (independent of the department that ran the case).
    Refuses: WrongOrgan.
    """
    if Role.SUPERVISION not in actor.roles or Role.PERSONNEL in actor.roles:
        raise WrongOrgan(
            f"`{command.name()}` is for supervision alone: whoever runs cases never asks how they were run. Ask it.",
            duty_holder=str(Role.SUPERVISION),
            organ=actor.organ,
        )


def publish_survey_method(
    method_id: str, command: PublishSurveyMethod, *, actor: Actor, today: date, versions: int
) -> list[Event]:
    """The next version of a method stands beside the earlier ones, and changes none of them.

    Source: features F37 (published before the ballot opens, locked after).
    Refuses: WrongOrgan, SurveyMethodNotFound.
    """
    by_supervision(command, actor)
    if command.method_id is not None and not versions:
        raise SurveyMethodNotFound(
            f"There is no method “{command.method_id}”. Check its id, or leave `method_id` out for a new one.",
            field="method_id",
        )
    said = SurveyMethodPublished(method_id=method_id, number=versions + 1, method=command.method, published_on=today)
    return [said]
