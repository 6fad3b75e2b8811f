"""Packs on a screen of eighty columns or more: tables and paragraphs, for people."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from domain.date_words import in_words
from domain.law import Citation, Language, Rule, Text
from domain.pack import Pack
from domain.pack_difference import PackDifferences
from domain.rule_family import sides
from pages.pack_words import CONFIDENCE, WORDS, clocks, value_in_words
from runtime.pack_check import Checked

LABELS = {
    "in_force": Text(en="In force from {day}. Applies in {places}.", zh="{day}起施行。适用于{places}。"),
    "stages": Text(en="Stages", zh="环节"),
    "stage": Text(en="Stage", zh="环节"),
    "duty": Text(en="Duty of", zh="责任主体"),
    "watches": Text(en="Supervision point", zh="监督要点"),
    "clocks": Text(en="Time and silence", zh="期限与逾期"),
    "rules": Text(en="Rules", zh="规则"),
    "source": Text(en="Source: {source}", zh="依据：{source}"),
    "from": Text(en="in force from {day}", zh="{day}起施行"),
    "seen": Text(en="seen in {places}", zh="见于{places}"),
    "waivable": Text(en="A deviation from it may be allowed by {approver}.", zh="经{approver}批准可以变通。"),
    "also": Text(en="Both must pass: {source} asks for {value}. {says}", zh="须同时符合：{source}，{value}。{says}"),
    "cited": Text(
        en="The numbers after “seen in” stand in docs/sources.md. Only confirmed rules may be shown as law.",
        zh="“见于”之后的编号见 docs/sources.md。只有“已核实”的规则可以作为规定展示。",
    ),
    "stages_added": Text(en="Stages added: {stages}", zh="新增环节：{stages}"),
    "stages_removed": Text(en="Stages removed: {stages}", zh="取消环节：{stages}"),
    "stages_reordered": Text(en="Stages in another order: {stages}", zh="调整顺序的环节：{stages}"),
    "same": Text(en="They rule the same.", zh="规定相同。"),
    "by": Text(en="{watcher}: {watches}", zh="{watcher}：{watches}"),
}


def show_list(packs: Sequence[Pack]) -> None:
    """One line a pack."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("Pack", no_wrap=True)
    table.add_column("Title")
    table.add_column("In force from", no_wrap=True)
    table.add_column("Applies in")
    table.add_column("Confirmed", justify="right", no_wrap=True)
    for pack in packs:
        rules = [rule for _, rule in pack.rules()]
        confirmed = sum(rule.confidence.verified for rule in rules)
        places = ", ".join(place.id for place in pack.jurisdictions)
        share = f"{confirmed} of {len(rules)}"
        table.add_row(f"{pack.id}@{pack.version}", escape(pack.title.en), in_words(pack.effective_from), places, share)
    _console().print(table)


def show_problems(checked: Iterable[Checked]) -> None:
    """Each mistake with its file, its field and what mends it, on the error stream."""
    console = _console(to_errors=True)
    for found in checked:
        for problem in found.problems:
            console.print(f"[red]problem[/red] {escape(problem.file)}: [bold]{escape(problem.field)}[/bold]")
            console.print(
                Padding(
                    escape(f"{problem.problem}. {problem.what_to_do}".replace("..", ".")), (0, 0, 0, 8), expand=False
                )
            )


def show_check(checked: Sequence[Checked]) -> None:
    """The problems, then the values that are not confirmed, then one line that sums up."""
    show_problems(checked)
    console = _console()
    for found in checked:
        _show_unverified(console, found)
        _show_collisions(console, found)
    problems = sum(len(found.problems) for found in checked)
    warnings = sum(len(found.unverified) for found in checked)
    if not checked:
        console.print("There was nothing to check: the folder has no pack. Name a file, or another folder.")
    elif problems:
        console.print(f"[red]{_counted(problems, 'problem')}[/red] and {_counted(warnings, 'warning')}.")
    else:
        passed = _counted(len(checked), "pack")
        console.print(f"[green]{passed} can work[/green], with {_counted(warnings, 'warning')}.")


def _show_unverified(console: Console, found: Checked) -> None:
    ordered = sorted(found.unverified, key=lambda entry: list(CONFIDENCE).index(entry[1].confidence))
    for confidence, entries in groupby(ordered, key=lambda entry: entry[1].confidence):
        paths = [path for path, _ in entries]
        told = f"{_counted(len(paths), 'value')}, {CONFIDENCE[confidence].en}"
        console.print(f"[yellow]warning[/yellow] {escape(found.file)}: {told}")
        console.print(Padding(escape(", ".join(paths)), (0, 0, 0, 8), expand=False))


def _show_collisions(console: Console, found: Checked) -> None:
    for collision in found.pack.collisions() if found.pack else ():
        decides = f"{collision.stricter.in_words} is stricter" if collision.stricter else "neither is stricter"
        console.print(
            f"[yellow]collision[/yellow] {escape(found.file)}: {collision.path}: {decides}, and both must pass"
        )
        for side in collision.sides:
            told = f"{side.family.in_words}: {value_in_words(side.value, 'en')} ({side.instrument.en} {side.article})"
            console.print(Padding(escape(told), (0, 0, 0, 8), expand=False))


def show_pack(pack: Pack, language: Language) -> None:
    """Everything that a pack rules, in the order in which it is written."""
    console = _console()
    console.print(f"[bold]{escape(pack.title.in_(language))}[/bold]  {pack.id}@{pack.version}")
    places = ", ".join(place.id for place in pack.jurisdictions)
    console.print(_label("in_force", language, day=in_words(pack.effective_from, language), places=places))
    console.print(f"\n[bold]{_label('stages', language)}[/bold]")
    console.print(_stages(pack, language))
    console.print(f"[bold]{_label('rules', language)}[/bold]")
    for path, rule in pack.rules():
        console.print(f"\n[bold]{path}[/bold]  {escape(value_in_words(rule.value, language))}")
        for line in _about_rule(pack, pack.cite(path), language):
            console.print(Padding(line, (0, 0, 0, 2), expand=False))
    console.print(f"\n{_label('cited', language)}")


def show_differences(found: PackDifferences, language: Language) -> None:
    """Each rule that differs with its value and source before and after; then stages, then what else differs."""
    console = _console()
    console.print(f"[bold]{found.before} → {found.after}[/bold]")
    for change in found.rules:
        console.print(f"\n[bold]{change.path}[/bold]")
        for rule, sign in ((change.before, "-"), (change.after, "+")):
            if rule is not None:
                console.print(Padding(_one_side(rule, sign, language), (0, 0, 0, 2), expand=False))
    for name in ("stages_added", "stages_removed", "stages_reordered"):
        if stages := getattr(found, name):
            console.print(f"\n{_label(name, language, stages=', '.join(stages))}")
    for other in found.other:
        console.print(f"\n[bold]{other.path}[/bold]")
        console.print(Padding(escape(f"- {other.before}\n+ {other.after}"), (0, 0, 0, 2), expand=False))
    if not found.paths:
        console.print(_label("same", language))


def _one_side(rule: Rule[Any], sign: str, language: Language) -> str:
    source = " ".join(part for part in (rule.source.instrument, rule.source.article) if part)
    said = f"{sign} {value_in_words(rule.value, language)} ({source}; {CONFIDENCE[rule.confidence].in_(language)})"
    return escape(f"{said}\n  {rule.says.in_(language)}")


def _stages(pack: Pack, language: Language) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_lines=False, padding=(0, 1, 1, 0))
    table.add_column("", justify="right", no_wrap=True)
    for label in ("stage", "duty", "watches", "clocks"):
        table.add_column(_label(label, language), ratio=2 if label in ("watches", "clocks") else 1, overflow="fold")
    for place, stage in enumerate(pack.stages, start=1):
        watcher = WORDS[str(stage.duty.watched_by)].in_(language)
        watched = _label("by", language, watcher=watcher, watches=stage.duty.watches.in_(language))
        times = "\n".join(clock.in_words(language) for clock in clocks(pack, stage)) or "–"
        holder = WORDS[str(stage.duty.holder)].in_(language)
        table.add_row(str(place), escape(stage.title.in_(language)), holder, escape(watched), escape(times))
    return table


def _about_rule(pack: Pack, citation: Citation, language: Language) -> Iterator[str]:
    rule = pack.rule(citation.rule)
    yield escape(citation.says.in_(language))
    parts = [citation.instrument.in_(language), citation.article]
    if citation.in_force_from:
        parts.append(_label("from", language, day=in_words(citation.in_force_from, language)))
    if rule.source.seen_in:
        parts.append(_label("seen", language, places=rule.source.seen_in))
    joined = ("，" if language == "zh" else ", ").join(part for part in parts if part)
    yield escape(_label("source", language, source=joined))
    colour = "green" if citation.verified else "yellow"
    yield f"[{colour}]{CONFIDENCE[citation.confidence].in_(language)}[/{colour}]"
    for side in sides(rule, pack.instruments)[1:]:
        words = {"value": value_in_words(side.value, language), "says": side.says.in_(language)}
        yield escape(_label("also", language, source=f"{side.instrument.in_(language)} {side.article}", **words))
    if rule.waivable:
        yield _label("waivable", language, approver=WORDS[str(pack.deviations.approved_by)].in_(language))


def _label(name: str, language: Language, **facts: str) -> str:
    return LABELS[name].in_(language).format(**facts)


def _counted(n: int, thing: str) -> str:
    return f"{n} {thing}{'' if n == 1 else 's'}"


def _console(*, to_errors: bool = False) -> Console:
    return Console(stderr=to_errors, highlight=False)
