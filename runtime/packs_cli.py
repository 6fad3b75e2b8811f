"""Packs on the command line: what there is, whether it can work, and what it says. It needs no database."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.identity import Role
from domain.law import Language, Rule
from domain.pack import Pack
from domain.pack_difference import differences
from domain.rule_family import sides
from eventstore.packs import reference_of
from pages.pack_words import clocks, mermaid, value_in_words
from pages.regime_diagram import diagram
from runtime.case_step import reading
from runtime.pack_adopting import adopt_pack, adopted_packs
from runtime.pack_check import Checked, check_file, versions_stand_once
from runtime.pack_screen import show_check, show_differences, show_list, show_pack, show_problems
from runtime.settings import load_settings

PROBLEMS_FOUND = 1
NO_SUCH_PACK = 2

packs_app = typer.Typer(
    help="Policy packs: what there is, whether each can work, what it says, and which was adopted. All but `adopt` "
    "and `adopted` work on the files alone.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

SERVICE = "In a running service"
reading(packs_app, "adopt", SERVICE, Role.DECISION_BODY)(adopt_pack)
reading(packs_app, "adopted", SERVICE)(adopted_packs)

Folder = Annotated[Path | None, typer.Option("--folder", help="Folder of the packs; the installation's when left out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON with stable keys, for programs.")]


class Lang(StrEnum):
    """The languages that packs are written in."""

    en = "en"
    zh = "zh"


@packs_app.command("list")
def list_packs(folder: Folder = None, as_json: AsJson = False) -> None:
    """List the packs of a folder: version, in force from, where, and how many rules are confirmed.

    \b
    Examples:
      investiture packs list
      investiture packs list --folder /srv/packs --json

    \b
    Exit codes: 0 listed; 1 a file is not a pack.
    """
    checked = [check_file(path) for path in files_in(folder)]
    readable = [found for found in checked if found.pack is not None]
    if as_json:
        print_json({"packs": [_listed(found) for found in readable], "problems": _problems(checked)})
    else:
        show_list([found.pack for found in readable if found.pack])
        show_problems(checked)
    raise typer.Exit(PROBLEMS_FOUND if len(readable) < len(checked) else 0)


@packs_app.command("check")
def check_packs(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files to check; every pack of the folder if none.")
    ] = None,
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Check that packs can work: every mistake with its file, its field, and what to do.

    Values that are not confirmed from a source are warnings; they are shown as unverified wherever they are shown.

    \b
    Examples:
      investiture packs check
      investiture packs check packs/cn.sr2019.yaml my-office.yaml
      investiture packs check --json

    \b
    Exit codes: 0 no problem (there may be warnings); 1 problems were found.
    """
    checked = list(versions_stand_once([check_file(path) for path in files or files_in(folder)]))
    problems = _problems(checked)
    if as_json:
        warnings = [_warning(found.file, path, rule) for found in checked for path, rule in found.unverified]
        collisions = [entry for found in checked for entry in _collisions(found)]
        answer = {"checked": [found.file for found in checked], "problems": problems, "warnings": warnings}
        print_json(answer | {"collisions": collisions})
    else:
        show_check(checked)
    raise typer.Exit(PROBLEMS_FOUND if problems or not checked else 0)


@packs_app.command("explain")
def explain_pack(
    pack: Annotated[str, typer.Argument(help="Id of a pack, such as standard, or a file.")],
    lang: Annotated[Lang, typer.Option(help="Language of titles and rules.")] = Lang.en,
    as_json: AsJson = False,
    as_mermaid: Annotated[bool, typer.Option("--mermaid", help="Print only a Mermaid diagram of the stages.")] = False,
    as_svg: Annotated[bool, typer.Option("--svg", help="Print only a drawing of the stages, as an SVG file.")] = False,
    folder: Folder = None,
) -> None:
    """Say what a pack rules: its stages in order, every rule in words, and the source of each.

    \b
    Examples:
      investiture packs explain standard
      investiture packs explain cn.sr2019 --lang zh
      investiture packs explain cn.sr2019 --mermaid > order.mmd
      investiture packs explain cn.sr2019 --svg > order.svg
      investiture packs explain ./my-office.yaml --json

    \b
    Exit codes: 0 explained; 1 the file is not a pack; 2 there is no such pack.
    """
    law = _named(pack, folder)
    if as_json:
        print_json(explanation(law, lang.value))
    elif as_mermaid:
        typer.echo(mermaid(law, lang.value))
    elif as_svg:
        typer.echo(diagram(law, lang.value, alone=True))
    else:
        show_pack(law, lang.value)


@packs_app.command("diff")
def diff_packs(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="The version before: a pack's id, or a file.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The version after: a pack's id, or a file.")],
    lang: Annotated[Lang, typer.Option(help="Language of values and words.")] = Lang.en,
    as_json: AsJson = False,
    folder: Folder = None,
) -> None:
    """Say what a version of a pack rules differently from another: each rule before and after, with its source.

    \b
    Examples:
      investiture packs diff standard ours.v2.yaml
      investiture packs diff ours.v1.yaml ours.v2.yaml --json

    \b
    Exit codes: 0 compared; 1 a file is not a pack; 2 there is no such pack.
    """
    found = differences(_named(before, folder), _named(after, folder))
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        show_differences(found, lang.value)


def files_in(folder: Path | None) -> list[Path]:
    """The pack files of a folder, by name."""
    return sorted((folder or load_settings().packs).glob("*.yaml"))


def _named(name: str, folder: Path | None) -> Pack:
    """The pack of that id or in that file, or the exit that says why there is none."""
    as_file = Path(name)
    known = {path.name.removesuffix(".yaml"): path for path in files_in(folder)}
    path = known.get(name, as_file if as_file.suffix in (".yaml", ".yml") and as_file.is_file() else None)
    if path is None:
        told = ", ".join(known) or "none"
        typer.echo(f"There is no pack “{name}”. Name a file, or choose one of {told}.", err=True)
        raise typer.Exit(NO_SUCH_PACK)
    checked = check_file(path)
    if checked.pack is None:
        show_problems([checked])
        raise typer.Exit(PROBLEMS_FOUND)
    return checked.pack


def explanation(pack: Pack, language: Language) -> dict[str, Any]:
    """What a pack rules, for programs: the keys stay as they are."""
    return {
        "id": pack.id,
        "version": pack.version,
        "digest": reference_of(pack).digest,
        "title": pack.title.in_(language),
        "effective_from": pack.effective_from.isoformat(),
        "jurisdictions": [{"id": place.id, "timezone": place.timezone} for place in pack.jurisdictions],
        "ranks": [{"id": rank.id, "title": rank.title.in_(language)} for rank in pack.ranks],
        "stages": _stages(pack, language),
        "rules": [_rule(pack, path, rule, language) for path, rule in pack.rules()],
        "deviations": {
            "approved_by": str(pack.deviations.approved_by),
            "codes": {code: words.in_(language) for code, words in pack.deviations.codes.items()},
        },
        "mermaid": mermaid(pack, language),
    }


def _stages(pack: Pack, language: Language) -> list[dict[str, Any]]:
    return [
        {
            "place": place,
            "id": stage.id,
            "kind": str(stage.kind),
            "title": stage.title.in_(language),
            "duty_holder": str(stage.duty.holder),
            "watched_by": str(stage.duty.watched_by),
            "watches": stage.duty.watches.in_(language),
            "requires": list(stage.requires),
            "clocks": [
                {
                    "rule": clock.rule,
                    "n": clock.period.n,
                    "unit": str(clock.period.unit),
                    "on_expiry": str(clock.on_expiry) if clock.on_expiry else None,
                    "in_words": clock.in_words(language),
                }
                for clock in clocks(pack, stage)
            ],
        }
        for place, stage in enumerate(pack.stages, start=1)
    ]


def _rule(pack: Pack, path: str, rule: Rule[Any], language: Language) -> dict[str, Any]:
    instrument = pack.instruments[rule.source.instrument]
    return {
        "path": path,
        "value": rule.model_dump(mode="json")["value"],
        "in_words": value_in_words(rule.value, language),
        "says": rule.says.in_(language),
        "source": {
            "instrument": rule.source.instrument,
            "title": instrument.title.in_(language),
            "article": rule.source.article or None,
            "in_force_from": instrument.in_force_from.isoformat() if instrument.in_force_from else None,
            "seen_in": rule.source.seen_in or None,
        },
        "confidence": str(rule.confidence),
        "verified": rule.confidence.verified,
        "waivable": rule.waivable,
        "also": [side.model_dump(mode="json") for side in sides(rule, pack.instruments)[1:]],
    }


def _listed(found: Checked) -> dict[str, Any]:
    pack = found.pack
    assert pack is not None
    rules = [rule for _, rule in pack.rules()]
    return {
        "id": pack.id,
        "version": pack.version,
        "title": {"en": pack.title.en, "zh": pack.title.zh},
        "effective_from": pack.effective_from.isoformat(),
        "jurisdictions": [place.id for place in pack.jurisdictions],
        "stages": [stage.id for stage in pack.stages],
        "rules": len(rules),
        "confirmed": sum(rule.confidence.verified for rule in rules),
        "digest": reference_of(pack).digest,
        "file": found.file,
    }


def _collisions(found: Checked) -> list[dict[str, Any]]:
    of_pack = found.pack.collisions() if found.pack else ()
    return [{"file": found.file, **collision.model_dump(mode="json")} for collision in of_pack]


def _warning(file: str, path: str, rule: Rule[Any]) -> dict[str, str]:
    return {"file": file, "field": path, "confidence": str(rule.confidence)}


def _problems(checked: Iterable[Checked]) -> list[dict[str, str]]:
    return [asdict(problem) for found in checked for problem in found.problems]


def print_json(answer: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
