"""The service's answers in words, for people at a terminal; it shows what was answered and concludes nothing."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

NOT_SAID = frozenset({"type", "case_id", "person_id", "nominated_by", "opened_by", "requirement", "timezone"})
CLOCKS = {
    "stage": "the stage",
    "clock": "the clock of",
    "pause": "the pause of",
    "opinion": "the opinion of",
    "objection": "the answer to objection",
    "prior_report": "the reply on",
    "query": "the answer to query",
}
LONGEST_FACT = 300
UNSAFE = {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {0x0A}
DURABLE_NAME = re.compile(r"[a-z]+(_[a-z]+)+")


def told(answer: Mapping[str, Any]) -> RenderableType:
    """What a write led to."""
    lines = _lines()
    for found in answer["events"]:
        said = "; ".join(f"{name} {shown}" for name, shown in facts(found))
        lines.add_row("", Text.assemble(words(found["type"]), (f" – {safe(said)}" if said else "", "dim")))
    if answer.get("secret"):
        _add(lines, "Secret", f"{answer['secret']} (keep it: it is not shown again)")
    if "status" in answer:
        _add(lines, "Case", where(answer))
    _add_what_follows(lines, answer)
    return Group(Text(_recorded(answer), style="bold"), lines)


def stands(case: Mapping[str, Any]) -> RenderableType:
    """Where a case stands."""
    post = case["post"]
    lines = _lines()
    _add(lines, "Post", f"{post['title']}, {post['unit']} ({post['post_id']}; rank {post['rank']})")
    _add(lines, "Case", where(case))
    _add(lines, "Rules", f"{case['pack']}, working days of {case['jurisdiction']}")
    _add(lines, "Done", ", ".join(plain(stage) for stage in case["completed"]) or "no stage yet")
    for label, shown in _standing_parts(case):
        _add(lines, label, shown)
    _add_what_follows(lines, case)
    return lines


def refusal(document: Mapping[str, Any]) -> RenderableType:
    """What was refused, the sentence, the rule with its source, and the facts."""
    lines = _lines()
    _add(lines, "", str(document.get("detail", "")))
    for label, shown in _rule_parts(document.get("rule") or {}):
        _add(lines, label, shown)
    if policies := document.get("policies"):
        _add(lines, "Policy", ", ".join(policies))
    for found in document.get("errors") or []:
        _add(lines, "Field", f"{found['field']}: {found['problem']}")
    for place, (name, value) in enumerate((document.get("facts") or {}).items()):
        _add(lines, "" if place else "Facts", f"{plain(name)}: {_to_type(value)}")
    return Group(Text(f"Refused: {_title(document)}", style="bold red"), lines)


def fault(sentence: str, key: str | None) -> RenderableType:
    """What broke, and how to repeat without recording twice."""
    lines = _lines()
    _add(lines, "", sentence)
    if key:
        _add(lines, "Repeat", f"the same command with --key {key}: it is never recorded twice")
    return Group(Text("Not answered", style="bold red"), lines)


def where(case: Mapping[str, Any]) -> str:
    """The case in a sentence."""
    status = str(case["status"])
    at = f"{case['case_id']} at version {case['version']}: {status}"
    if status == "closed":
        return f"{at}, {plain(case.get('outcome') or 'ended')}"
    return f"{at}, in {plain(case['stage'])}" if case.get("stage") else at


def words(name: str) -> str:
    """A durable name as words: `nomination_closed` is “Nomination closed”."""
    return plain(name)[:1].upper() + plain(name)[1:]


def plain(name: str) -> str:
    """A durable name as words in a sentence."""
    return str(name).replace("_", " ")


def day(iso: str) -> str:
    """A civil day as people write it."""
    found = date.fromisoformat(iso[:10])
    return f"{found.day} {found:%B %Y}"


def shown_value(value: Any) -> str:
    """A value as people read it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "none"
        case list():
            return ", ".join(shown_value(found) for found in value) or "none"
        case {"closes_on": closes_on, "opens_on": opens_on}:
            return f"{day(opens_on)} to {day(closes_on)}"
        case {"id": name, "version": version}:
            return f"{name}@{version}"
        case dict():
            return ", ".join(f"{plain(name)} {shown_value(found)}" for name, found in value.items())
        case str() if _is_day(value):
            return day(value)
        case str() if DURABLE_NAME.fullmatch(value):
            return plain(value)
    return str(value)


def _to_type(value: Any) -> str:
    """A fact as it can be typed again: ids stay ids."""
    if isinstance(value, list):
        return ", ".join(str(found) for found in value) or "none"
    return value if isinstance(value, str) and not _is_day(value) else shown_value(value)


def facts(said: Mapping[str, Any], recorded_on: str | None = None) -> Iterable[tuple[str, str]]:
    """The parts of an event that a line can carry, without the day of recording, which stands above it."""
    for name, value in said.items():
        tells = name not in NOT_SAID and value not in (None, [], {}, recorded_on)
        if tells and len(shown := shown_value(value)) <= LONGEST_FACT:
            yield plain(name), shown


def safe(said: object) -> str:
    """A text as a terminal may show it: nothing in it moves the cursor, hides or turns what stands beside it."""
    return "".join("\ufffd" if ord(letter) in UNSAFE else letter for letter in str(said))


def source(rule: Mapping[str, Any]) -> str:
    """Where a rule stands: instrument, article, since when."""
    instrument = (rule.get("instrument") or {}).get("en")
    if not instrument:
        return ""
    article = f", {rule['article']}" if rule.get("article") else ""
    since = f", in force from {day(rule['in_force_from'])}" if rule.get("in_force_from") else ""
    return f"{instrument}{article}{since}"


def _rule_parts(rule: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if not rule:
        return
    pack = f" ({rule['pack']})" if rule.get("pack") else ""
    ours = ", a rule of the house" if rule["path"].startswith("house.") else ""
    yield "Rule", f"{rule['path']}{pack}{ours}"
    if says := (rule.get("says") or {}).get("en"):
        yield "", f"“{says}”"
    if stands_in := source(rule):
        yield "Source", stands_in
    if rule.get("confidence"):
        confirmed = "yes" if rule.get("verified") else f"no ({plain(rule['confidence'])}): do not cite it as law"
        yield "Verified", confirmed


def _standing_parts(case: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for place, found in enumerate(case["candidates"]):
        state = f"out: {plain(found['out_because'])}" if found["out_because"] else "stands"
        training = f", training {plain(found['training'])}" if found["training"] else ""
        chosen = ", chosen" if found["candidate_id"] == case["chosen"] else ""
        yield "Candidates" if place == 0 else "", f"{found['candidate_id']} {state}{training}{chosen}"
    if case["notice_id"]:
        yield "Notice", f"/notices/{case['notice_id']}"
    if case["open_objections"]:
        yield "Objections", f"open: {', '.join(case['open_objections'])}"
    for organ, finding in case["opinions"].items():
        yield "Opinion", f"{organ}: {plain(finding) if finding else 'asked, not yet answered'}"
    if case["deviations"]:
        yield "Deviations", ", ".join(case["deviations"])


def _add_what_follows(lines: Table, answer: Mapping[str, Any]) -> None:
    if following := answer.get("next"):
        for place, step in enumerate(following["steps"]):
            _add(lines, "Next" if place == 0 else "", _step_words(step))
        _add(lines, "Watched", f"by {plain(following['watched_by'])}")
    for clock in answer.get("clocks") or []:
        _add(lines, "Clock", f"{clock_words(clock['timer'])} runs to the end of {day(clock['due_on'])}")


def _step_words(step: Mapping[str, Any]) -> str:
    if step["by"] == "engine":
        return f"the engine records the end of {clock_words(step['step'])} by itself"
    who = f"{plain(step['by'])} ({step['organ']})" if step["organ"] else plain(step["by"])
    return f"{who}: {plain(step['step'])}{' ' + step['what'] if step.get('what') else ''}"


def clock_words(timer: str) -> str:
    """A clock's durable name as words: `opinion:audit-office` is “the opinion of audit-office”."""
    kind, _, of = timer.partition(":")
    return f"{CLOCKS.get(kind, plain(kind))} {plain(of)}" if of else f"the {plain(kind)}"


def _recorded(answer: Mapping[str, Any]) -> str:
    if answer["dry_run"]:
        return "Nothing was recorded; this is what would be:"
    if answer["repeated"]:
        return f"Recorded earlier under this key, at position {answer['position']}:"
    if not answer["recorded"]:
        return "There was nothing to record."
    return f"Recorded at position {answer['position']}:"


def _title(document: Mapping[str, Any]) -> str:
    title = str(document.get("title", "no reason was given"))
    return title[:1].lower() + title[1:]


def _is_day(value: str) -> bool:
    return len(value) == 10 and value[4] == value[7] == "-" and value.replace("-", "").isdigit()


def _add(lines: Table, label: str, shown: object) -> None:
    # As text: what people wrote must not be read as markup.
    lines.add_row(label, Text(safe(shown)))


def _lines() -> Table:
    lines = Table.grid(padding=(0, 1))
    lines.add_column(style="cyan", no_wrap=True, min_width=9)
    lines.add_column(overflow="fold")
    return lines
