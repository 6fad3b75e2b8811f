"""What a pack says of supervising together: meetings, requests between organs, and problems until they are mended."""

from typing import Self

from pydantic import field_validator, model_validator

from domain.identity import Role
from domain.law import Frozen, Rule, own_choice
from domain.working_days import Period, Unit

DEPARTMENTS = (Role.PERSONNEL, Role.SUPERVISION)
"""Whose joint meeting it is; without either of them nobody supervises together."""


class JointSupervision(Frozen):
    """How the two departments supervise together.

    Source: domain rules 1.6 (local practice: monthly contact, quarterly meeting, yearly report).
    """

    contact_every: Rule[Period]
    meeting_every: Rule[Period]
    report_every: Rule[Period]
    agenda_frozen_before: Rule[Period]
    chaired_by: Rule[Role]
    quorum: Rule[tuple[Role, ...]]
    request_answered: Rule[Period]
    check_valid: Rule[Period]
    remedied_minor: Rule[Period]
    remedied_serious: Rule[Period]
    remedied_grave: Rule[Period]
    escalated_after: Rule[Period]
    minutes_signed: Rule[Period]

    @field_validator("chaired_by")
    @classmethod
    def a_department_takes_the_chair(cls, rule: Rule[Role]) -> Rule[Role]:
        if rule.value not in DEPARTMENTS:
            raise ValueError(f"joint_supervision.chaired_by: {rule.value} is neither of the two departments")
        return rule

    @model_validator(mode="after")
    def both_departments_make_the_quorum(self) -> Self:
        if missing := [str(role) for role in DEPARTMENTS if role not in self.quorum.value]:
            raise ValueError(f"joint_supervision.quorum: {missing} is missing; a joint meeting needs both departments")
        return self


OF_THE_HOUSE = JointSupervision.model_validate(
    {
        "contact_every": own_choice(
            Period(n=1, unit=Unit.MONTH), "The two departments are in contact every month.", "两部门每月联络一次。"
        ),
        "meeting_every": own_choice(
            Period(n=3, unit=Unit.MONTH), "The joint meeting is held every three months.", "联席会议每三个月召开一次。"
        ),
        "report_every": own_choice(Period(n=1, unit=Unit.YEAR), "A report is made every year.", "每年形成一份报告。"),
        "agenda_frozen_before": own_choice(
            Period(n=3, unit=Unit.WORKING_DAY),
            "Three working days before the meeting its agenda is settled.",
            "会议召开三个工作日前确定议程。",
        ),
        "chaired_by": own_choice(
            Role.PERSONNEL, "The personnel department convenes and chairs.", "由组织人事部门召集并主持。"
        ),
        "quorum": own_choice(
            DEPARTMENTS,
            "A meeting is held when both departments are present.",
            "两部门均有人员出席，方可开会。",
        ),
        "request_answered": own_choice(
            Period(n=10, unit=Unit.WORKING_DAY),
            "What one organ asks of another is answered within ten working days.",
            "一机关向另一机关提出的询问，应在十个工作日内答复。",
        ),
        "check_valid": own_choice(
            Period(n=6, unit=Unit.MONTH),
            "What was checked about somebody is used by both departments for six months.",
            "对同一人的核查结果，六个月内两部门共同使用。",
        ),
        "remedied_minor": own_choice(
            Period(n=30, unit=Unit.DAY), "A minor problem is mended within thirty days.", "一般问题应在三十日内整改。"
        ),
        "remedied_serious": own_choice(
            Period(n=60, unit=Unit.DAY), "A serious problem is mended within sixty days.", "较重问题应在六十日内整改。"
        ),
        "remedied_grave": own_choice(
            Period(n=90, unit=Unit.DAY), "A grave problem is mended within ninety days.", "严重问题应在九十日内整改。"
        ),
        "escalated_after": own_choice(
            Period(n=30, unit=Unit.DAY),
            "Thirty days after its day, a problem that is not mended goes to the deciding body.",
            "逾期三十日仍未整改的问题，提交决定机关处理。",
        ),
        "minutes_signed": own_choice(
            Period(n=10, unit=Unit.WORKING_DAY),
            "Both departments sign the minutes within ten working days.",
            "两部门应在十个工作日内签署会议纪要。",
        ),
    }
)
"""What holds under a pack that says nothing of it."""
