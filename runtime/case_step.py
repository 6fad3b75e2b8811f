"""How a step of a case becomes a command of the command line: its own options, then those that all share."""

import functools
import inspect
import json
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Annotated, Any

import typer
from rich.console import Console

from domain.command import Command
from domain.identity import Role
from runtime.api_client import NotThisService, ProblemAnswer, Unreachable, Wish
from runtime.case_caller import Caller
from runtime.case_words import fault, refusal, told
from runtime.installation import NothingRuns

HOW = "How it is recorded and shown"
REFUSED, MISUSED, FAULT = 1, 2, 3

CaseId = Annotated[str, typer.Argument(metavar="CASE", help="The case's id, as `case list` shows it.")]
AsJson = Annotated[
    bool,
    typer.Option("--json", help="Print JSON for programs instead of text for people.", rich_help_panel=HOW),
]


@dataclass(frozen=True, slots=True)
class Recording:
    """How a write is recorded and its answer shown; each field is an option."""

    key: Annotated[
        str | None,
        typer.Option(
            help="Idempotency key: repeating a command with the key of its first try never records it twice. "
            "A new one when left out.",
            rich_help_panel=HOW,
        ),
    ] = None
    if_match: Annotated[
        int | None,
        typer.Option(help="Only if the case is still at this version.", min=0, metavar="VERSION", rich_help_panel=HOW),
    ] = None
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and record nothing.", rich_help_panel=HOW)
    ] = False
    as_json: AsJson = False
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Also print the idempotency key.", rich_help_panel=HOW)
    ] = False


@dataclass(frozen=True, slots=True)
class Step:
    """A write of the API as a command: under which name, where it goes, and whose duty it is.

    What its path names is taken out of the body.
    """

    name: str
    command: type[Command]
    path: str
    role: Role
    body: Callable[..., dict[str, Any]]
    organ_from: str | None = None

    def add_to(self, app: typer.Typer, panel: str) -> None:
        """Registers the command."""
        app.command(self.name, rich_help_panel=panel)(self._run_function())

    def _run_function(self) -> Callable[..., None]:
        own = list(inspect.signature(self.body).parameters.values())
        place = [_parameter("case_id", CaseId)] if "{case_id}" in self.path else []
        together = [*place, *own, *options_of(Caller), *options_of(Recording)]

        @functools.wraps(self.body)
        def run(**given: Any) -> None:
            caller, recording = taken_from(Caller, given), taken_from(Recording, given)
            case_id = given.pop("case_id", "")
            organ = given[self.organ_from] if self.organ_from else None
            body = self.body(**given)
            named = {name: body.pop(name) for _, name, _, _ in Formatter().parse(self.path) if name in body}
            path = self.path.format(case_id=case_id, **named)
            key = recording.key or f"cli-{uuid.uuid4().hex}"
            wish = Wish(path, body, key, recording.if_match, recording.dry_run)
            with answering(recording.as_json, key):
                with caller.client(self.role, organ) as service:
                    answer = service.record(wish)
                _tell(answer, recording, key)

        return _with_options(run, together)


def step(
    name: str, command: type[Command], path: str, role: Role, *, organ_from: str | None = None
) -> Callable[[Callable[..., dict[str, Any]]], Step]:
    """Declares a step; the function turns its options into the request's body."""

    def declare(body: Callable[..., dict[str, Any]]) -> Step:
        return Step(name, command, path, role, body, organ_from)

    return declare


def asking(role: Role = Role.AUDITOR) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A read as a command: the function gets a client, and its other parameters are its options."""

    def declare(function: Callable[..., None]) -> Callable[..., None]:
        own = [found for found in inspect.signature(function).parameters.values() if found.name != "service"]

        @functools.wraps(function)
        def run(**given: Any) -> None:
            caller = taken_from(Caller, given)
            with answering(given["as_json"]), caller.client(role) as service:
                function(service, **given)

        return _with_options(run, [*own, *options_of(Caller)])

    return declare


def reading(
    app: typer.Typer, name: str, panel: str, role: Role = Role.AUDITOR
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declares a read as a command of an app."""

    def declare(function: Callable[..., None]) -> Callable[..., None]:
        app.command(name, rich_help_panel=panel)(asking(role)(function))
        return function

    return declare


def calling(function: Callable[..., None]) -> Callable[..., None]:
    """A function of a `caller` as a command: its other parameters are its options, beside those that all share."""
    own = [found for found in inspect.signature(function).parameters.values() if found.name != "caller"]

    @functools.wraps(function)
    def run(**given: Any) -> None:
        function(caller=taken_from(Caller, given), **given)

    return _with_options(run, [*own, *options_of(Caller)])


def _with_options(run: Callable[..., None], options: list[inspect.Parameter]) -> Callable[..., None]:
    # Typer reads a function's options from its signature; the shared ones are not spelt out twenty times.
    run.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
    run.__annotations__ = {found.name: found.annotation for found in options}
    return run


@contextmanager
def answering(as_json: bool, key: str | None = None) -> Iterator[None]:
    """Tells refusals and faults on the error stream, and ends with the code that says which it was."""
    console = Console(stderr=True, highlight=False)
    repeat = {"idempotency_key": key} if key else {}
    try:
        yield
    except ProblemAnswer as problem:
        if as_json:
            typer.echo(json.dumps({**problem.document, **repeat}, ensure_ascii=False), err=True)
        elif problem.is_fault:
            console.print(fault(problem.document["detail"], key))
        else:
            console.print(refusal(problem.document))
        raise typer.Exit(_code(problem)) from None
    except (Unreachable, NotThisService, NothingRuns) as problem:
        sentence = _unreachable(problem) if isinstance(problem, Unreachable) else str(problem)
        if as_json:
            typer.echo(json.dumps({"detail": sentence, "refused": False, **repeat}, ensure_ascii=False), err=True)
        else:
            console.print(fault(sentence, key if isinstance(problem, Unreachable) else None))
        raise typer.Exit(FAULT) from None


def long_text(name: str, said: str | None, file: Path | None) -> str:
    """A text from its option, or from its file, or from standard input."""
    if (said is None) == (file is None):
        raise typer.BadParameter(f"Give --{name} or --{name}-file, one of the two.", param_hint=f"--{name}")
    return said if said is not None else read_text(file, f"--{name}-file")


def read_text(file: Path | None, option: str) -> str:
    """What a file says; `-` is standard input."""
    try:
        if file is None or str(file) == "-":
            return sys.stdin.buffer.read().decode("utf-8").strip()
        return file.read_bytes().decode("utf-8").strip()
    except OSError as problem:
        raise typer.BadParameter(
            f"“{file}” cannot be read: {problem.strerror}. Name another file.", param_hint=option
        ) from None
    except UnicodeDecodeError:
        raise typer.BadParameter(f"“{file}” is not text in UTF-8. Save it as such.", param_hint=option) from None


def read_object(file: Path, option: str) -> dict[str, Any]:
    """The JSON object that a file holds; `-` is standard input."""
    try:
        found = json.loads(read_text(file, option))
    except ValueError as problem:
        raise typer.BadParameter(f"“{file}” is not JSON: {problem}.", param_hint=option) from None
    if not isinstance(found, dict):
        raise typer.BadParameter(f"“{file}” holds no JSON object ({{…}}).", param_hint=option)
    return found


def options_of(kind: type[Any]) -> list[inspect.Parameter]:
    return [found.replace(kind=inspect.Parameter.KEYWORD_ONLY) for found in inspect.signature(kind).parameters.values()]


def _parameter(name: str, annotation: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=annotation)


def taken_from(kind: type[Any], given: dict[str, Any]) -> Any:
    return kind(**{name: given.pop(name) for name in inspect.signature(kind).parameters})


def _tell(answer: Mapping[str, Any], recording: Recording, key: str) -> None:
    if recording.as_json:
        typer.echo(json.dumps({"idempotency_key": key, **answer}, ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(told(answer))
    if recording.verbose:
        console.print(f"Key     {key}", markup=False)


def _code(problem: ProblemAnswer) -> int:
    if problem.is_fault:
        return FAULT
    return MISUSED if problem.document.get("type") == "/problems/malformed" else REFUSED


def _unreachable(problem: Unreachable) -> str:
    if problem.was_never_reached:
        return (
            f"Nothing answers at {problem.address}, tried {problem.attempts} times. "
            "Start the service with `make up`, or name another address with --address."
        )
    return (
        f"The connection to {problem.address} was lost {problem.attempts} times, so it is not known whether this was "
        "recorded. Look whether the service runs (`make up`), then try again."
    )
