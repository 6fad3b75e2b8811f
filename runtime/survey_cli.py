"""Surveys from the command line: the same acts as the API's, through the API, and codes into a file that is printed."""

import csv
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.identity import Role
from domain.receipt_code import in_groups
from domain.survey import IndexUse
from domain.survey_method import PublishSurveyMethod
from domain.survey_running import CountSurvey, ProposeSurvey, RecordIndexUse, WithdrawSurvey
from runtime.api_client import ApiClient, Wish
from runtime.case_options import Body, body_of, day_option
from runtime.case_reading import After
from runtime.case_step import AsJson, reading, step
from runtime.case_words import day, plain, safe

SurveyId = Annotated[str, typer.Argument(metavar="SURVEY", help="Its id, as `survey results` shows it.")]
ClassOption = Annotated[
    list[str], typer.Option("--class", metavar="ID=SIZE", help="A class of voters and how many they are; repeat it.")
]
NAMES = {
    "leadership": {"en": "Leadership", "zh": "领导班子成员"},
    "staff": {"en": "Staff", "zh": "干部职工代表"},
    "public": {"en": "The public", "zh": "群众代表"},
}

survey_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Ask people what they think of the selection of officers, in a way that nobody can link to them.\n\n"
    "Supervision runs surveys; whoever runs cases cannot. Each command speaks to a running service, as "
    "`investiture case` does, and ends with the same codes.\n\n"
    "Example: investiture survey results --unit Registry",
)


@step("method", PublishSurveyMethod, "/survey-methods", Role.SUPERVISION)
def publish_method(
    unit: Annotated[str | None, typer.Option(help="Whose selection of officers is asked about.")] = None,
    classes: ClassOption = [],  # noqa: B006 (Typer reads it, nobody changes it)
    owner: Annotated[str, typer.Option(help="The organ that mends what a low index shows.")] = "personnel-department",
    accepting: Annotated[str, typer.Option(help="Another organ, which says when it is.")] = "supervision-organ",
    file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The whole method as JSON, instead of the house's.")
    ] = None,
    version_of: Annotated[str | None, typer.Option(metavar="METHOD", help="Publish its next version.")] = None,
) -> Body:
    """Publish a method: the house's questions and weights, or your own from a file.

    Example: investiture survey method --unit Registry --class leadership=20 --class staff=150 --class public=4000
    """
    if file is not None:
        return body_of(method_id=version_of) | {"method": json.loads(file.read_text("utf-8"))}
    if unit is None or not classes:
        raise typer.BadParameter("give --unit and at least one --class, or the whole method with --file")
    asked = [_class(found) for found in classes]
    method = {"unit": unit, "owner": owner, "accepting": accepting, "classes": asked}
    return body_of(method_id=version_of) | {"method": method}


def _class(written: str) -> dict[str, Any]:
    name, _, size = written.partition("=")
    if not size.isdigit():
        raise typer.BadParameter(f"“{written}” is no class; write its id and how many they are, such as staff=150")
    return {"id": name, "size": int(size), "says": NAMES.get(name, {"en": name, "zh": name})}


@step("open", ProposeSurvey, "/surveys", Role.SUPERVISION)
def open_survey(
    method: Annotated[str, typer.Argument(metavar="METHOD", help="The method's id; its last version holds.")],
    opens_on: Annotated[datetime, day_option("First day; tomorrow or later.")],
    closes_on: Annotated[datetime, day_option("Last day on which ballots are taken.")],
    follows: Annotated[str | None, typer.Option(metavar="SURVEY", help="The one before it, to ask about.")] = None,
    pack: Annotated[str, typer.Option(help="Under which its days are counted.")] = "standard",
) -> Body:
    """Set a survey; it opens and closes by itself.

    Example: investiture survey open 0123456789ab --opens-on 2026-12-02 --closes-on 2026-12-16
    """
    return body_of(method_id=method, opens_on=opens_on, closes_on=closes_on, follows=follows, pack=pack)


@step("withdraw", WithdrawSurvey, "/surveys/{survey_id}/withdrawals", Role.SUPERVISION)
def withdraw(
    survey: SurveyId, reason: Annotated[str, typer.Option(help="Public: why it is taken back; no names of people.")]
) -> Body:
    """Take a survey back before its first day; one that is open runs to its end.

    Example: investiture survey withdraw 0123456789ab --reason "The sizes of the classes were of last year."
    """
    return {"survey_id": survey, "reason": reason}


@step("count", CountSurvey, "/surveys/{survey_id}/counts", Role.SUPERVISION)
def count(survey: SurveyId) -> Body:
    """Open the box of a survey that has closed, publish the sum, and destroy the ballots with their keys.

    Example: investiture survey count 0123456789ab
    """
    return {"survey_id": survey}


@step("use", RecordIndexUse, "/surveys/{survey_id}/uses", Role.SUPERVISION)
def use(
    survey: SurveyId,
    what: Annotated[IndexUse, typer.Argument(metavar="USE", help="praise, rectify, talk or explain.")],
    index: Annotated[str, typer.Option(help="work_index or person_recognition.")],
    says: Annotated[str, typer.Option(help="Public: no names of people.")],
) -> Body:
    """Say what is done with a result.

    Example: investiture survey use 0123456789ab rectify --index work_index --says "Objections are answered in time."
    """
    return {"survey_id": survey, "use": what, "index": index, "says": says}


def codes(
    service: ApiClient,
    survey: SurveyId,
    voter_class: Annotated[str, typer.Option("--class", help="The class of voters.")],
    number: Annotated[int, typer.Option(min=1, max=20_000, help="How many.")],
    key: Annotated[str, typer.Option(help="Idempotency key; a repetition shows no codes.", min=8)],
    out: Annotated[Path | None, typer.Option(help="File that they are written to; never over another.")] = None,
    instead_of: Annotated[str | None, typer.Option(metavar="BATCH", help="A batch that nobody received.")] = None,
    as_json: AsJson = False,
) -> None:
    """Give out codes to a class as CSV, one a line, in no order. They are shown this once: print, cut, mix, hand out.

    Example: investiture survey codes 0123456789ab --class staff --number 150 --key codes-staff-1 --out staff.csv
    """
    if out is not None and out.exists():
        raise typer.BadParameter(f"{out} is there already; name another file")
    body = body_of(voter_class=voter_class, codes=number, instead_of=instead_of)
    answer = service.record(Wish(f"/surveys/{survey}/codes", body, key))
    given = [in_groups(code) for code in answer.get("codes") or ()]
    if as_json:
        typer.echo(json.dumps({"batch_id": answer["batch_id"], "codes": given}, ensure_ascii=False))
        return
    if not given:
        typer.echo(f"Batch {answer['batch_id']} was given out before; codes are shown once.", err=True)
        return
    _write(out, given)
    typer.echo(f"Batch {answer['batch_id']}: {len(given)} codes.", err=True)


def _write(out: Path | None, given: list[str]) -> None:
    if out is None:
        csv.writer(sys.stdout).writerows([code] for code in given)
        return
    with out.open("x", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([code] for code in given)
    out.chmod(0o600)


def results(
    service: ApiClient,
    unit: Annotated[str | None, typer.Option(help="Only surveys about this unit.")] = None,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """Show surveys, the latest first, with both indices of each class that may be told.

    Example: investiture survey results --unit Registry --json
    """
    asked = body_of(unit=unit, after_position=after)
    found = [survey for page in service.pages("/surveys", asked) for survey in page["surveys"]]
    if as_json:
        typer.echo(json.dumps({"surveys": found}, ensure_ascii=False))
        return
    for survey in found:
        for line in _story(survey):
            typer.echo(safe(line))
    if not found:
        typer.echo("There is no survey yet.")


def _story(survey: dict[str, Any]) -> Iterator[str]:
    days = f"{day(survey['opens_on'])} to {day(survey['closes_on'])}"
    yield f"Survey {survey['survey_id']}, {survey['unit']}: {plain(survey['status'])}, {days}"
    if survey["withdrawn_because"]:
        yield f"  Withdrawn on {day(survey['withdrawn_on'])}: {survey['withdrawn_because']}"
    method, report = survey["method"], survey["report"]
    for figure in (report or {}).get("figures", ()):
        index = next(
            (name for name in ("work_index", "person_recognition") if method[name] == figure["question"]), None
        )
        if index is None:
            continue
        whose = figure.get("voter_class") or "everybody"
        interval = f" ({figure['low']} to {figure['high']})" if figure.get("low") else ""
        answered = f"{figure['n']} of {figure['population']}"
        yield f"  {plain(index)}, {whose}: {figure['mean']}{interval}, {answered} answered"
    if survey["status"] == "counted" and not (report or {}).get("figures"):
        yield "  Too few answered for anything to be told."


for _step in (publish_method, open_survey, withdraw, count, use):
    _step.add_to(survey_app, "Acting")
reading(survey_app, "codes", "Acting", Role.SUPERVISION)(codes)
reading(survey_app, "results", "Reading")(results)
