"""Training as it is planned, held and inspected in the example of a quarter: the personnel department's five acts."""

from datetime import date
from functools import partial

from domain.facility import RegisterFacility, facility_stream, register_facility
from domain.identity import FacilityId, OrganId, short_id
from domain.training_act import (
    CoordinateTraining,
    CoordinationKind,
    IssueTrainingGuidance,
    IssueTrainingRule,
    Wording,
    coordinate_training,
    issue_training_guidance,
    issue_training_rule,
    training_coordination_stream,
    training_guidance_stream,
    training_rule_stream,
)
from domain.training_inspection import (
    AnswerTrainingInspection,
    FindingAnswer,
    FindingOutcome,
    InspectionFinding,
    InspectTraining,
    answer_training_inspection,
    fold_training_inspection,
    inspect_training,
    training_inspection_stream,
)
from domain.training_plan import (
    AdoptTrainingPlan,
    TrainingNeed,
    TrainingTargets,
    adopt_training_plan,
    training_plan_stream,
)
from runtime.example_together import PACK, Together

YEAR = 2027
SHEETS = InspectionFinding.ATTENDANCE_NOT_KEPT


async def training_is_planned(told: Together) -> None:
    """A plan with its objective, its posts and its test; what it rests on, and what it needs."""
    plan_id = short_id("example", "training plan")
    plan = AdoptTrainingPlan(
        title=f"Officers of the registry {YEAR} (example)",
        year=YEAR,
        pack=PACK,
        objective="Every officer of the registry settles a contested entry alone.",
        target_ranks=("officer",),
        test="Nine in ten settle three contested entries in a practical examination.",
        targets=TrainingTargets(coverage_percent=90, quality_percent=85),
        needs=(TrainingNeed(name="computer room", places=40),),
    )
    law = await told.house.packs.get(told.pack)
    adopted = partial(adopt_training_plan, plan_id, None, plan, pack=law)
    await told.records(
        training_plan_stream(plan_id),
        "personnel",
        plan,
        lambda _, asked: adopted(actor=asked.actor, at=asked.at),
        pack=told.pack,
    )
    await told.says(f"personnel adopt a training plan for {YEAR}: its objective, its posts, its test")
    await _a_rule_is_issued(told)
    await _the_school_is_guided(told, plan_id)
    await _a_room_is_found(told, plan_id)


async def _a_rule_is_issued(told: Together) -> None:
    rule_id = short_id("example", "training rule")
    rule = IssueTrainingRule(
        title=Wording(en="Leave from courses", zh="学员请假"),
        text=Wording(
            en="Leave is asked for before the session. It counts by the hour, and its reason is put on record.",
            zh="学员请假应于上课前提出，按小时累计，事由记录在案。",
        ),
        source="House rule of the example, 1",
        effective_on=date(2026, 11, 2),
    )
    issued = partial(issue_training_rule, rule_id, rule)
    await told.records(
        training_rule_stream(rule_id), "personnel", rule, lambda _, asked: issued(actor=asked.actor, at=asked.at)
    )


async def _the_school_is_guided(told: Together, plan_id: str) -> None:
    guidance_id = short_id("example", "training guidance")
    guidance = IssueTrainingGuidance(
        addressed_to=told.officers["school"].organ,
        subject="Contested entries as exercise cases",
        text="Exercise with entries that were contested and settled, after every name in them was taken out.",
        plan_id=plan_id,
    )
    guided = partial(issue_training_guidance, guidance_id, guidance)
    await told.records(
        training_guidance_stream(guidance_id), "personnel", guidance, lambda _, asked: guided(actor=asked.actor)
    )


async def _a_room_is_found(told: Together, plan_id: str) -> None:
    school, facility_id = told.officers["school"].organ, FacilityId(short_id("example", "facility"))
    room = RegisterFacility(
        title="Computer room of the school (example)",
        places=30,
        equipment={"computer room": 30},
        available_from_on=date(2026, 11, 2),
    )
    registered = partial(register_facility, None, facility_id, room)
    await told.records(facility_stream(facility_id), "school", room, lambda _, asked: registered(actor=asked.actor))
    coordination_id = short_id("example", "training coordination")
    lent = CoordinateTraining(
        kind=CoordinationKind.FACILITY,
        need="A second computer room for ten people",
        needed_by=(school,),
        served_by=OrganId("county-library"),
        served_how="The library lends its reading room with ten computers on Tuesday and Thursday afternoons.",
        quantity=1,
        from_on=date(YEAR, 1, 11),
        until_on=date(YEAR, 6, 30),
        plan_id=plan_id,
    )
    coordinated = partial(coordinate_training, coordination_id, lent)
    await told.records(
        training_coordination_stream(coordination_id),
        "personnel",
        lent,
        lambda _, asked: coordinated(actor=asked.actor),
    )
    await told.says("the school registers a room of 30 places; for the other ten the library lends one")


async def school_is_inspected(told: Together) -> None:
    inspection_id = short_id("example", "training inspection")
    inspection = InspectTraining(
        school=told.officers["school"].organ,
        inspected="The attendance sheets of the spring term",
        inspected_on=date(YEAR, 2, 1),
        findings=(SHEETS,),
        remedy_due_on=date(YEAR, 4, 30),
    )
    found = partial(inspect_training, inspection_id, inspection)
    await told.records(
        training_inspection_stream(inspection_id),
        "personnel",
        inspection,
        lambda _, asked: found(actor=asked.actor, at=asked.at),
    )
    await told.says("personnel inspect the school: attendance was not kept as it should be")


async def school_answers_the_inspection(told: Together) -> None:
    inspection_id = short_id("example", "training inspection")
    mended = FindingAnswer(
        finding=SHEETS, outcome=FindingOutcome.REMEDIED, text="Each sheet lies at the door, and is signed at once."
    )
    answer = AnswerTrainingInspection(answers=(mended,))
    await told.records(
        training_inspection_stream(inspection_id),
        "school",
        answer,
        lambda events, asked: answer_training_inspection(
            inspection_id, fold_training_inspection(events), answer, actor=asked.actor
        ),
    )
    await told.says("the school answers the inspection, finding by finding")
