"""What a pack's values mean, in the words of a clerk, in both languages; it knows no file and no screen."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from domain.law import Confidence, Language, Text
from domain.majority import BallotForm, Form
from domain.merit_rule import Criterion
from domain.pack import OnExpiry, Pack, RecordRule, Stage, StageKind
from domain.supervision_rules import Severity
from domain.working_days import Counting, Period

WORDS: dict[str | bool, Text] = {
    True: Text(en="yes", zh="是"),
    False: Text(en="no", zh="否"),
    Counting.INCLUSIVE: Text(en="the opening day counts", zh="起始日计入"),
    Counting.EXCLUSIVE: Text(en="the opening day does not count", zh="起始日不计入"),
    OnExpiry.CONSENT: Text(en="silence counts as consent", zh="逾期视为同意"),
    OnExpiry.BLOCK: Text(en="silence blocks: the case waits", zh="逾期即中止：程序不再推进"),
    OnExpiry.LAPSE: Text(en="silence ends the case", zh="逾期即终止"),
    OnExpiry.ESCALATE: Text(en="silence is counted and goes to the joint meeting", zh="逾期记入统计并提交联席会议"),
    "members_due": Text(en="the members who should attend", zh="应到会成员"),
    "members_present": Text(en="the members who are present", zh="实到会成员"),
    Severity.WARNING: Text(en="warning", zh="警告"),
    Severity.SERIOUS_WARNING: Text(en="serious warning", zh="严重警告"),
    Severity.DISMISSAL: Text(en="dismissal from office", zh="撤职"),
    Severity.EXPULSION: Text(en="expulsion", zh="开除"),
    Severity.CONVICTION: Text(en="conviction", zh="刑事处罚"),
    "always": Text(en="in every case", zh="一律需要"),
    "exceptional": Text(en="in a case with an exception", zh="有例外情形时需要"),
    "late": Text(en="once this has run out: {name}", zh="下列期限届满后需要：{name}"),
    "unless": Text(en="unless this exception stands: {name}", zh="除非有此例外：{name}"),
    "rank": Text(en="for a post of this rank: {name}", zh="下列级别的职务需要：{name}"),
    "none": Text(en="none", zh="无"),
    "warning": Text(en="warning", zh="警告"),
    "serious_warning": Text(en="serious warning", zh="严重警告"),
    "dismissal": Text(en="dismissal", zh="撤职"),
    "expulsion": Text(en="expulsion", zh="开除"),
    "conviction": Text(en="conviction", zh="刑事处罚"),
    Form.MEETING: Text(en="a body in a meeting", zh="会议集体决定"),
    Form.AUTHORITY: Text(en="one office alone", zh="由任命机关单独决定"),
    BallotForm.OPEN: Text(en="orally, member by member", zh="口头表决"),
    BallotForm.SHOW_OF_HANDS: Text(en="by show of hands", zh="举手表决"),
    BallotForm.SECRET: Text(en="by secret ballot", zh="无记名投票"),
    "vacancy": Text(en="{length} before the vacancy", zh="空缺前{length}"),
    "personnel": Text(en="personnel", zh="组织人事部门"),
    "school": Text(en="school", zh="培训院校"),
    "supervision": Text(en="supervision", zh="监督机关"),
    "decision_body": Text(en="deciding body", zh="决定机关"),
}
FIELDS: dict[str, Text] = {
    "full_name": Text(en="full name", zh="姓名"),
    "sex": Text(en="sex", zh="性别"),
    "birth_year_month": Text(en="year and month of birth", zh="出生年月"),
    "education": Text(en="education", zh="学历"),
    "party": Text(en="party", zh="政治面貌"),
    "present_post": Text(en="present post", zh="现任职务"),
    "results": Text(en="results", zh="工作实绩"),
    "exceptional_reason": Text(en="reason for an exceptional promotion", zh="破格提拔理由"),
    "integrity_statement": Text(en="integrity statement", zh="廉洁情况说明"),
    "identity_number": Text(en="identity number", zh="身份证号"),
    "address": Text(en="address", zh="住址"),
    "telephone": Text(en="telephone", zh="电话"),
    "family": Text(en="family", zh="家庭情况"),
    "health": Text(en="health", zh="健康状况"),
    "scores": Text(en="scores", zh="评分"),
    "spouse": Text(en="spouse", zh="夫妻关系"),
    "lineal": Text(en="relative in the direct line", zh="直系血亲"),
    "collateral_three_generations": Text(en="collateral relative within three generations", zh="三代以内旁系血亲"),
    "in_law": Text(en="close in-law", zh="近姻亲"),
    "business": Text(en="business", zh="商业往来"),
    "donation": Text(en="donation", zh="捐赠"),
    "same_unit": Text(en="same unit", zh="同一单位"),
    "nominator": Text(en="nominator", zh="提名人"),
    "personnel_file": Text(en="personnel file", zh="人事档案"),
    "personal_matters_report": Text(en="report on personal matters", zh="个人有关事项报告"),
    "donation_register": Text(en="register of donations", zh="捐赠登记"),
    "business_register": Text(en="register of businesses", zh="工商登记"),
    "petitions": Text(en="petitions", zh="信访反映"),
}
CONFIDENCE: dict[Confidence, Text] = {
    Confidence.CONFIRMED: Text(en="confirmed", zh="已核实"),
    Confidence.EARLIER_TEXT: Text(en="unverified: seen in an earlier text", zh="未核实：见于早先文本"),
    Confidence.LOCAL: Text(en="unverified: seen as a local rule", zh="未核实：见于地方规定"),
    Confidence.WEAK: Text(en="unverified: seen on a weak page", zh="未核实：来源可靠性低"),
    Confidence.GENERAL_KNOWLEDGE: Text(en="unverified: general knowledge", zh="未核实：一般常识"),
    Confidence.OWN_CHOICE: Text(en="unverified: choice of the pack's authors", zh="未核实：编者自定"),
}


def value_in_words(value: Any, language: Language) -> str:
    """The value of a rule as a person reads it."""
    match value:
        case Period():
            return value.in_words(language)
        case bool():
            return WORDS[value].in_(language)
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case tuple():
            named = (
                part.title.in_(language) if isinstance(part, Criterion) else _field(str(part), language)
                for part in value
            )
            return ("、" if language == "zh" else ", ").join(named) or WORDS["none"].in_(language)
        case str() if value.partition(":")[0] in ("late", "unless", "rank"):
            when, _, name = value.partition(":")
            return WORDS[when].in_(language).format(name=_field(name, language))
        case str():
            return _field(value, language)
        case dict():
            return ("、" if language == "zh" else ", ").join(words.in_(language) for words in value.values())
        case _:
            return str(value)


def _field(name: str, language: Language) -> str:
    """A value or a field by its words; one that is not known yet still shows its own."""
    known = WORDS.get(name) or FIELDS.get(name)
    return known.in_(language) if known else name.replace("_", " ")


RECORD = {
    "by": Text(en="by {}", zh="由{}提交"),
    "each": Text(en="on each candidate", zh="每名人选一份"),
    "signed": Text(en="signed by {}", zh="{}签署"),
    "quorum": Text(en="with {} of those invited present", zh="受邀者的{}以上到会"),
    "valid": Text(en="good for {}", zh="{}内有效"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """A time that runs in a stage: what for, how long, and what its silence means where it has a meaning."""

    rule: str
    about: Text
    period: Period
    on_expiry: OnExpiry | None = None
    before: str = ""

    def in_words(self, language: Language) -> str:
        colon, comma = ("：", "；") if language == "zh" else (": ", "; ")
        silence = comma + WORDS[self.on_expiry].in_(language) if self.on_expiry else ""
        length = self.period.in_words(language)
        if self.before:
            length = WORDS[self.before].in_(language).format(length=length)
        return f"{self.about.in_(language)}{colon}{length}{silence}"


def clocks(pack: Pack, stage: Stage) -> tuple[Clock, ...]:
    """Every time that a pack lets run in one of its stages, its limit first."""
    return tuple(_clocks(pack, stage))


def _clocks(pack: Pack, stage: Stage) -> Iterator[Clock]:
    if stage.limit is not None:
        within, meaning = stage.limit.within.value, stage.limit.on_expiry.value
        yield Clock(f"stages.{stage.id}.limit.within", Text(en="limit", zh="期限"), within, meaning)
    if stage.kind is StageKind.PUBLIC_NOTICE:
        yield Clock("notice.minimum", Text(en="stands at least", zh="公示不少于"), pack.notice.minimum.value)
        answered, meaning = pack.objections.answered.value, pack.objections.on_expiry.value
        yield Clock("objections.answered", Text(en="answer to an objection", zh="答复异议"), answered, meaning)
    if stage.kind is StageKind.SUPERVISION_REVIEW:
        for place, rule in enumerate(pack.review.opinions):
            path = f"review.opinions.{place}.within"
            yield Clock(path, rule.title, rule.within.value, rule.on_expiry.value)
    if stage.kind is StageKind.DECISION and pack.decision.reconsider_within is not None:
        about, within = Text(en="reconsideration", zh="复议"), pack.decision.reconsider_within.value
        yield Clock("decision.reconsider_within", about, within, OnExpiry.LAPSE)
    if stage.kind is StageKind.PROBATION:
        yield from _in_office(pack)
    yield from _of_the_case(pack, stage)


def _in_office(pack: Pack) -> Iterator[Clock]:
    yield Clock("probation.length", Text(en="probation", zh="试用期"), pack.probation.length.value)
    training = pack.training_rules
    if training is not None and training.make_up is not None and training.on_make_up_expiry is not None:
        made_up = Text(en="training that is owed", zh="补训")
        yield Clock("training.make_up", made_up, training.make_up.value, training.on_make_up_expiry.value)


def _of_the_case(pack: Pack, stage: Stage) -> Iterator[Clock]:
    """Clocks of the pack that this stage, or a record of it, stops; and what must lie between its records."""
    mine = {f"completed:{stage.id}", *(f"record:{record.id}" for record in pack.records if record.stage == stage.id)}
    for clock in pack.clocks:
        if clock.until in mine:
            before = clock.starts if clock.backwards else ""
            yield Clock(f"clocks.{clock.id}.within", clock.title, clock.within.value, clock.on_expiry.value, before)
    for record in pack.records:
        if record.stage == stage.id and record.lead:
            yield Clock(f"records.{record.id}.lead.at_least", _led_up_to(record, pack), record.lead.at_least.value)
    if stage.kind is StageKind.DECISION:
        for report in pack.prior_reports:
            meaning = OnExpiry(report.on_expiry.value)
            yield Clock(f"prior_reports.{report.id}.within", report.title, report.within.value, meaning)


def records(pack: Pack, stage: Stage) -> tuple[RecordRule, ...]:
    """What a stage needs on record."""
    return tuple(record for record in pack.records if record.stage == stage.id)


def record_in_words(record: RecordRule, language: Language) -> str:
    """Who puts it on record, about whom, who signs, how long it is good for, and when it is needed."""
    return ("，" if language == "zh" else ", ").join(_about(record, language))


def _about(record: RecordRule, language: Language) -> Iterator[str]:
    yield RECORD["by"].in_(language).format(WORDS[str(record.by)].in_(language))
    if record.each_candidate:
        yield RECORD["each"].in_(language)
    if record.signers:
        signers = ("、" if language == "zh" else ", ").join(WORDS[str(found)].in_(language) for found in record.signers)
        yield RECORD["signed"].in_(language).format(signers)
    if record.quorum:
        yield RECORD["quorum"].in_(language).format(value_in_words(record.quorum.value, language))
    if record.valid:
        yield RECORD["valid"].in_(language).format(record.valid.value.in_words(language))
    if record.needed.value != "always":
        yield value_in_words(record.needed.value, language)


def _led_up_to(record: RecordRule, pack: Pack) -> Text:
    earlier = [found for found in pack.records if record.lead and found.id in record.lead.after]
    return Text(
        en=f"from {' and '.join(f'“{found.title.en}”' for found in earlier)} to “{record.title.en}”, at least",
        zh=f"自{'、'.join(f'“{found.title.zh}”' for found in earlier)}至“{record.title.zh}”，至少",
    )


def mermaid(pack: Pack, language: Language) -> str:
    """The stages of a pack in their order as a Mermaid flowchart, with every end that silence brings about."""
    names = {stage.id: f"s{place}" for place, stage in enumerate(pack.stages, start=1)}
    lines = ["flowchart TD"]
    for place, stage in enumerate(pack.stages, start=1):
        holder = WORDS[str(stage.duty.holder)].in_(language)
        lines.append(f'    {names[stage.id]}["{place}. {_quoted(stage.title.in_(language))}<br/>{_quoted(holder)}"]')
    arrows = " --> ".join(names.values())
    confirmed = Text(en="in office", zh="正式任职").in_(language)
    lapsed = Text(en="case ends", zh="程序终止").in_(language)
    lines.append(f'    {arrows} --> done(["{confirmed}"])')
    for stage in pack.stages:
        for clock in clocks(pack, stage):
            if clock.on_expiry is OnExpiry.LAPSE:
                lines.append(f'    {names[stage.id]} -. "{_quoted(clock.in_words(language))}" .-> ended(["{lapsed}"])')
        if (following := pack.stage_after(stage.id)) is not None:
            for clock in _consents_to(pack, stage):
                lines.append(
                    f'    {names[stage.id]} -. "{_quoted(clock.in_words(language))}" .-> {names[following.id]}'
                )
    return "\n".join(lines)


def _consents_to(pack: Pack, stage: Stage) -> Iterator[Clock]:
    """Clocks whose silence stands for the end of a stage."""
    silent = {f"clocks.{found.id}.within" for found in pack.clocks if found.until == f"completed:{stage.id}"}
    return (clock for clock in clocks(pack, stage) if clock.rule in silent and clock.on_expiry is OnExpiry.CONSENT)


def _quoted(words: str) -> str:
    return words.replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
