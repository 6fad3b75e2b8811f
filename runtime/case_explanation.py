"""Explaining a case from the command line: what may be done next, what is missing, and why each clock ends when."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console, Group, RenderableType
from rich.text import Text

from pages.pack_words import WORDS
from runtime.api_client import ApiClient
from runtime.case_step import AsJson, CaseId
from runtime.case_words import clock_words, day, plain, safe, source, words

Moment = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"], metavar="MOMENT", help="As it stood then; now if none."),
]


def explain(service: ApiClient, case_id: CaseId, at: Moment = None, as_json: AsJson = False) -> None:
    """Say what may be done next and by whom, what is missing, which rule asks for it, and why each clock ends when.

    Example: investiture case explain d6fhcqtf5dfs --at 2026-10-09T09:00:00+08:00
    """
    moment = at.astimezone() if at and not at.tzinfo else at
    asked = {"at": moment.isoformat() if moment else None}
    found = service.read(f"/cases/{case_id}/explanation", asked)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        Console(highlight=False).print(explained(found))


def explained(found: Mapping[str, Any]) -> RenderableType:
    """The explanation as paragraphs: the case, its steps, its clocks."""
    stage = f" in {plain(found['stage'])}" if found["status"] != "closed" else ""
    head = f"{found['case_id']} under {found['pack']}, at {found['at'][:16]}: {found['status']}{stage}"
    parts = [Text(safe(head), "bold")]
    parts += [Text(safe(line), style) for line, style in _lines(found)]
    return Group(*parts)


def _lines(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not found["steps"] and not found["clocks"]:
        yield "Nothing more is to be done in it.", ""
    for step in found["steps"]:
        yield f"\n{_step(step)}", ""
        yield from _rule(step["rule"])
    for clock in found["clocks"]:
        yield f"\n{words(clock_words(clock['timer']))} runs to the end of {day(clock['due_on'])}.", ""
        yield from ((f"  {sentence}", "dim") for sentence in _why(clock))
        yield from _rule(clock["rule"])


def _step(step: Mapping[str, Any]) -> str:
    if step["by"] == "engine":
        return f"The engine records the end of {clock_words(step['step'])} by itself."
    who = f"{plain(step['by'])} ({step['organ']})" if step["organ"] else plain(step["by"])
    what = f" {step['what']}" if step["what"] else ""
    by_on = f", by {day(step['by_on'])}" if step["by_on"] else ""
    return f"{words(who)} may {plain(step['step'])}{what}{by_on}."


def _why(clock: Mapping[str, Any]) -> Iterator[str]:
    if clock["on_expiry"]:
        yield f"{WORDS[clock['on_expiry']].en[:1].upper()}{WORDS[clock['on_expiry']].en[1:]}."
    if clock["moved"]:
        yield "It was moved since: the case rested, or the clock was paused. It had been counted so:"
    yield from (clock["why"] or {}).get("en", [])


def _rule(rule: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    if rule:
        told = "" if rule["verified"] else " Not verified: do not cite it as law."
        yield f"  Rule {rule['path']}: {rule['says']['en']} ({source(rule)}){told}", "dim"
