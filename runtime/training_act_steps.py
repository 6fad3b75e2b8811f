"""The acts of planning training as commands: their options, and the request's body that they make."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.identity import Role
from domain.training_act import CoordinateTraining, CoordinationKind, IssueTrainingGuidance, IssueTrainingRule
from domain.training_inspection import (
    AnswerTrainingInspection,
    FindingOutcome,
    InspectionFinding,
    InspectTraining,
)
from domain.training_plan import AdoptTrainingPlan, CloseTrainingPlan, PlanOutcome
from runtime.case_options import Body, TextFile, body_of, day_option
from runtime.case_step import long_text, step

Plan = Annotated[str | None, typer.Option(metavar="PLAN", help="Id of the plan that it is about.")]
Remarks = Annotated[str | None, typer.Option(help="Sealed; may name people.")]


@step("issue-rule", IssueTrainingRule, "/training-rules", Role.PERSONNEL)
def issue_rule(
    title: Annotated[str, typer.Option(help="In English.")],
    source: Annotated[str, typer.Option(help="The instrument and article that it rests on.")],
    effective_on: Annotated[datetime, day_option("First day that it holds; today or later.")],
    text: Annotated[str | None, typer.Option(help="The rule, in English.")] = None,
    text_file: TextFile = None,
    title_zh: Annotated[str | None, typer.Option(help="The title in Chinese.")] = None,
    text_zh: Annotated[str | None, typer.Option(help="The rule in Chinese.")] = None,
    replaces: Annotated[str | None, typer.Option(metavar="RULE", help="Id of the rule that it replaces.")] = None,
) -> Body:
    """Issue a rule of training for this installation; public.

    Example: investiture training issue-rule --title Leave --text-file - --source "House 2.4" --effective-on 2027-01-01
    """
    said = {"title": body_of(en=title, zh=title_zh), "text": body_of(en=long_text("text", text, text_file), zh=text_zh)}
    return said | body_of(source=source, effective_on=effective_on, replaces=replaces)


@step("adopt-plan", AdoptTrainingPlan, "/training-plans", Role.PERSONNEL)
def adopt_plan(
    title: Annotated[str, typer.Option(help="What the plan is called.")],
    year: Annotated[int, typer.Option(min=2000, max=2100, help="The year that it is for.")],
    objective: Annotated[str | None, typer.Option(help="What it is to achieve.")] = None,
    rank: Annotated[list[str] | None, typer.Option(help="A target rank of the pack; repeat it for each.")] = None,
    post: Annotated[list[str] | None, typer.Option(help="A target post in words; repeat it for each.")] = None,
    test: Annotated[str | None, typer.Option(help="How it is judged that the objective was reached.")] = None,
    pack: Annotated[str, typer.Option(help="The pack whose ranks are meant.")] = "standard",
    coverage: Annotated[
        int | None, typer.Option(min=0, max=100, metavar="PERCENT", help="Of the people in service meet their hours.")
    ] = None,
    quality: Annotated[
        int | None, typer.Option(min=0, max=100, metavar="PERCENT", help="Of completed trainings are passed.")
    ] = None,
    unit: Annotated[
        list[str] | None, typer.Option(metavar="UNIT=COVERAGE/QUALITY", help="A unit's own targets; repeat it.")
    ] = None,
    need: Annotated[
        list[str] | None, typer.Option(metavar="NAME=PLACES", help="Equipment or a room, with places; repeat it.")
    ] = None,
    version_of: Annotated[str | None, typer.Option(metavar="PLAN", help="Adopt the next version of this plan.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why the plan changes, with --version-of.")] = None,
) -> Body:
    """Adopt a plan, or its next version. Without objective, target posts and test it is refused.

    Example: investiture training adopt-plan --title Law --year 2027 --objective "…" --post registrar --test "…"
    """
    said = body_of(plan_id=version_of, reason=reason, title=title, year=year, pack=pack, objective=objective, test=test)
    targets = _targets(coverage, quality, unit or [])
    return {
        **said,
        "target_ranks": rank or [],
        "target_posts": post or [],
        "needs": [_need(found) for found in need or []],
        **({"targets": targets} if targets else {}),
    }


@step("close-plan", CloseTrainingPlan, "/training-plans/{plan_id}/closings", Role.PERSONNEL)
def close_plan(
    plan_id: Annotated[str, typer.Argument(metavar="PLAN", help="The plan's id.")],
    outcome: Annotated[PlanOutcome, typer.Argument(help="By the plan's own test.")],
    came_of_it: Annotated[str, typer.Option(help="What came of it; public: no names of people.")],
) -> Body:
    """Close a plan with what came of it.

    Example: investiture training close-plan 0k3v0d8s1m2q reached --came-of-it "83 of 90 passed the practical test."
    """
    return {"plan_id": plan_id, "outcome": outcome, "came_of_it": came_of_it}


@step("guide", IssueTrainingGuidance, "/training-guidance", Role.PERSONNEL)
def guide(
    addressed_to: Annotated[str, typer.Argument(metavar="ORGAN", help="The organ or school that is guided.")],
    about: Annotated[str, typer.Option(help="Its subject. Public: no names of people.")],
    text: Annotated[str | None, typer.Option(help="Public: no names of people.")] = None,
    text_file: TextFile = None,
    plan: Plan = None,
) -> Body:
    """Issue guidance to an organ or a school; public.

    Example: investiture training guide training-school --about Cases --text "Use contested entries of late years."
    """
    said = long_text("text", text, text_file)
    return body_of(addressed_to=addressed_to, subject=about, text=said, plan_id=plan)


@step("coordinate", CoordinateTraining, "/training-coordination", Role.PERSONNEL)
def coordinate(
    kind: Annotated[CoordinationKind, typer.Argument(help="What is given.")],
    need: Annotated[str, typer.Option(help="What is needed; public: no names of people.")],
    needed_by: Annotated[list[str], typer.Option("--for", metavar="ORGAN", help="Who needs it; repeat it for each.")],
    served_by: Annotated[str, typer.Option("--by", metavar="ORGAN", help="Who serves it.")],
    how: Annotated[str, typer.Option(help="How it is served; public: no names of people.")],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="First day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Last day.")],
    quantity: Annotated[int | None, typer.Option(min=1, help="Teachers, rooms, places or sets, by the kind.")] = None,
    plan: Plan = None,
) -> Body:
    """Have one organ serve what others need for training; public.

    Example: investiture training coordinate places --need law --for a --by b --how … --from 2027-03-01 --to 2027-06-30
    """
    days = body_of(from_on=first, until_on=last)
    more = body_of(kind=kind, need=need, needed_by=needed_by, served_by=served_by, served_how=how)
    return more | days | body_of(quantity=quantity, plan_id=plan)


@step("inspect", InspectTraining, "/training-inspections", Role.PERSONNEL)
def inspect(
    school: Annotated[str, typer.Argument(metavar="SCHOOL", help="The school that was inspected.")],
    inspected: Annotated[str, typer.Option(help="What was inspected; public: no names of people.")],
    inspected_on: Annotated[datetime, day_option("The day of the inspection.")],
    finding: Annotated[list[InspectionFinding], typer.Option(help="What was found; repeat it for each.")],
    remedy_due_on: Annotated[datetime | None, day_option("The day by which the school answers.")] = None,
    remarks: Remarks = None,
    remarks_file: Annotated[Path | None, typer.Option(help="The same, from a file of text.")] = None,
    plan: Plan = None,
) -> Body:
    """Record the inspection of a school; findings are public, remarks sealed.

    Example: investiture training inspect a-school --inspected Sheets --inspected-on 2026-11-09 --finding in_order
    """
    days = body_of(inspected_on=inspected_on, remedy_due_on=remedy_due_on)
    said = body_of(school=school, inspected=inspected, findings=finding, plan_id=plan)
    return said | days | body_of(remarks=_remarks(remarks, remarks_file))


@step("answer-inspection", AnswerTrainingInspection, "/training-inspections/{inspection_id}/answers", Role.SCHOOL)
def answer_inspection(
    inspection_id: Annotated[str, typer.Argument(metavar="INSPECTION", help="The inspection's id.")],
    remedied: Annotated[
        list[str] | None, typer.Option(metavar="FINDING=HOW", help="A finding that was mended; repeat it for each.")
    ] = None,
    disputed: Annotated[
        list[str] | None, typer.Option(metavar="FINDING=WHY", help="A finding that is not agreed to; repeat it.")
    ] = None,
    remarks: Remarks = None,
    remarks_file: Annotated[Path | None, typer.Option(help="The same, from a file of text.")] = None,
) -> Body:
    """Answer each finding of an inspection, which ends it.

    Example: investiture training answer-inspection 0k3v0d8s1m2q --remedied records_late="They are sent weekly now."
    """
    said = {FindingOutcome.REMEDIED: remedied or [], FindingOutcome.DISPUTED: disputed or []}
    answers = [_answer(outcome, given) for outcome, all_given in said.items() for given in all_given]
    return {"inspection_id": inspection_id, "answers": answers} | body_of(remarks=_remarks(remarks, remarks_file))


MACRO = (issue_rule, adopt_plan, close_plan, guide, coordinate, inspect)
MICRO = (answer_inspection,)


def _remarks(said: str | None, file: Path | None) -> str | None:
    return long_text("remarks", said, file) if said or file else None


def _targets(coverage: int | None, quality: int | None, units: list[str]) -> dict[str, Any] | None:
    if coverage is None and quality is None and not units:
        return None
    if coverage is None or quality is None:
        raise typer.BadParameter("Targets are two: give --coverage and --quality together.", param_hint="--coverage")
    return {"coverage_percent": coverage, "quality_percent": quality, "units": [_unit(found) for found in units]}


def _unit(given: str) -> dict[str, Any]:
    unit, said = _halves(given, "--unit", "UNIT=COVERAGE/QUALITY")
    coverage, _, quality = said.partition("/")
    return {
        "unit": unit,
        "coverage_percent": _number(coverage, "--unit"),
        "quality_percent": _number(quality, "--unit"),
    }


def _need(given: str) -> dict[str, Any]:
    name, places = _halves(given, "--need", "NAME=PLACES")
    return {"name": name, "places": _number(places, "--need")}


def _answer(outcome: FindingOutcome, given: str) -> dict[str, Any]:
    finding, text = _halves(given, f"--{outcome}", "FINDING=TEXT")
    return {"finding": finding, "outcome": outcome, "text": text}


def _halves(given: str, option: str, shape: str) -> tuple[str, str]:
    name, parted, said = given.partition("=")
    if not (parted and name.strip() and said.strip()):
        raise typer.BadParameter(f"“{given}” is not written as {shape}.", param_hint=option)
    return name.strip(), said.strip()


def _number(said: str, option: str) -> int:
    if not said.strip().isdigit():
        raise typer.BadParameter(f"“{said}” is no whole number.", param_hint=option)
    return int(said)
