"""Parts 1 to 4 of a dossier: the summary, the post and its rules, the candidates, and every step."""

from collections import Counter
from collections.abc import Iterator

from domain.appointment import ClosedCase
from domain.case_move import CaseMoved
from domain.case_opening import CaseOpened
from domain.event import Event, Recorded
from domain.next_step import next_steps
from domain.nomination import CandidateNominated
from domain.particulars import Particulars
from domain.stage import StageBegun, StageCompleted
from pages.dossier_telling import Block, Telling, facts, heading, nothing, sentence, table, urgent
from pages.event_words import EVENT
from pages.translations import TRANSLATIONS, field_label

SHORT_HASH = 16


def summary(telling: Telling) -> Iterator[Block]:
    """Where the case stands, how many days it has used of those it has, and what is asked."""
    t, live, matter = telling.t, telling.live, telling.matter
    outcome = ""
    if isinstance(matter.case, ClosedCase):
        ended = TRANSLATIONS[f"outcome.{matter.case.outcome}"].in_(telling.language)
        outcome = f"{ended}{telling.pause}{telling.day(matter.case.closed_on)}"
    yield facts(
        (t("case"), live.id),
        (t("post"), live.post.title),
        (t("unit"), live.post.unit),
        (t("status"), telling.code(matter.status)),
        (t("outcome"), outcome),
        (t("stage"), telling.stage(live.stage)),
        (t("since"), telling.day(live.stage_began_on)),
        (t("limit"), _limit(telling)),
        (t("opened_on"), telling.day(live.opened_on)),
    )
    missing = len(matter.statement.missing)
    yield urgent(t("missing_now", n=missing)) if missing else sentence(t("none_missing"))
    yield heading(t("asked"))
    yield _asked(telling)
    yield heading(t("used"))
    yield _stages(telling)


def _limit(telling: Telling) -> str:
    deadline = telling.live.deadline
    if deadline is None:
        return telling.t("no_limit")
    left = (deadline.due_on - telling.matter.today).days
    counted = telling.t("left", n=left) if left >= 0 else telling.t("over", n=-left)
    return f"{telling.day(deadline.due_on)} ({counted}){telling.pause}{telling.code(deadline.on_expiry)}"


def _asked(telling: Telling) -> Block:
    steps = next_steps(telling.matter.case, telling.pack, telling.matter.today)
    rows = []
    for step in steps:
        words = TRANSLATIONS.get(f"step.{step.step}") or TRANSLATIONS.get(f"clock.{step.step}")
        what = telling.record((step.what or "").partition("/")[0]) if step.step in RECORD_STEPS else step.organ or ""
        said = f"{words.in_(telling.language) if words else step.step.replace('_', ' ')} {what}".strip()
        rows.append((said, telling.code(step.by), telling.day(step.by_on), step.rule or "–"))
    if not rows:
        return nothing(telling.t("nothing_asked"))
    t = telling.t
    return table((t("step"), t("by"), t("by_on"), t("under")), rows, (4, 2, 2, 3))


RECORD_STEPS = frozenset({"enter_record", "sign_record"})


def _stages(telling: Telling) -> Block:
    t, begun, done = telling.t, telling.every(StageBegun), telling.every(StageCompleted)
    began = {row.event.stage: row.event for row in begun}
    completed = {row.event.stage: row.event.completed_on for row in done}
    rows = []
    for stage in telling.pack.stages:
        first = began.get(stage.id)
        last = completed.get(stage.id)
        used = telling.days_between(first.began_on, last or telling.matter.today) if first else ""
        ended = isinstance(telling.matter.case, ClosedCase) and last is None
        owner = telling.code(stage.duty.holder)
        limit = telling.day(first.limit.closes_on) if first and first.limit else "–"
        shown = "–" if ended or not first else str(used)
        started = telling.day(first.began_on) if first else "–"
        rows.append((stage.title.in_(telling.language), owner, started, telling.day(last), shown, limit))
    head = (t("stage"), t("owner"), t("began"), t("completed"), t("used"), t("allowed"))
    return table(head, rows, (3, 2, 2, 2, 1.2, 2))


def post(telling: Telling) -> Iterator[Block]:
    """What is to be filled, under which version of which rules, by which criteria."""
    t, live, pack = telling.t, telling.live, telling.pack
    rank = next(
        (found.title.in_(telling.language) for found in pack.ranks if found.id == live.post.rank), live.post.rank
    )
    yield facts(
        (t("post"), f"{live.post.title} ({live.post.post_id})"),
        (t("unit"), live.post.unit),
        (t("rank"), rank),
        (t("vacancies"), str(live.post.vacancies)),
        (t("vacant_on"), telling.day(live.post.vacant_on) if live.post.vacant_on else ""),
        (t("jurisdiction"), f"{live.jurisdiction}{telling.pause}{live.timezone}"),
        (t("pack"), f"{pack.title.in_(telling.language)} ({telling.matter.pinned})"),
        (t("digest"), telling.matter.pinned.digest),
    )
    for moved in telling.every(CaseMoved):
        yield sentence(f"{EVENT['case_moved'].in_(telling.language)}: {telling.said(moved)}")
    yield heading(t("criteria"))
    if live.criteria:
        known = {found.id: found.title for found in pack.merit.criteria.value} if pack.merit else {}
        said = [(known[name].in_(telling.language) if name in known else name, w) for name, w in live.criteria.items()]
        yield facts(*((name, f"{weight} / 100") for name, weight in said))
    else:
        yield nothing(t("no_criteria"))
    yield heading(t("instrument"))
    yield _instruments(telling)
    yield sentence(t("cite"))


def _instruments(telling: Telling) -> Block:
    t = telling.t
    rules = [rule for _, rule in telling.pack.rules()]
    cited = Counter(rule.source.instrument for rule in rules)
    unverified = Counter(rule.source.instrument for rule in rules if not rule.confidence.verified)
    rows = [
        (found.title.in_(telling.language), telling.day(found.in_force_from), str(cited[name]), str(unverified[name]))
        for name, found in telling.pack.instruments.items()
        if cited[name]
    ]
    return table((t("instrument"), t("in_force"), t("rules"), t("unverified")), rows, (5, 2, 1.2, 1.8))


def candidates(telling: Telling) -> Iterator[Block]:
    """Everybody who was considered, with what the reader may know of them, and what became of each."""
    nominated = telling.every(CandidateNominated)
    if not nominated:
        yield nothing(telling.t("no_candidates"))
    for row in nominated:
        found = telling.live.candidates.get(row.event.candidate_id)
        yield heading(telling.candidate(row.event.candidate_id))
        stands = telling.t("stands")
        if found is not None and found.out_because is not None:
            stands = telling.t("out", why=_why_out(telling, found.out_because))
        elif telling.live.chosen == row.event.candidate_id:
            stands = telling.t("chosen")
        yield facts(
            *_particulars(telling, row),
            (telling.t("nominated_by"), telling.officer(row.event.nominated_by)),
            (telling.t("status"), stands),
            (telling.t("position"), str(row.position)),
        )


def _why_out(telling: Telling, because: str) -> str:
    return telling.record(because) if telling.pack.record(because) else telling.code(because)


def _particulars(telling: Telling, row: Recorded[CandidateNominated]) -> Iterator[tuple[str, str]]:
    known = row.event.particulars
    if known is None:
        yield field_label("full_name", telling.language), telling.hidden(row, "particulars")
        return
    for name in Particulars.model_fields:
        yield field_label(name, telling.language), str(getattr(known, name) or "")


def timeline(telling: Telling) -> Iterator[Block]:
    """Every event: position and time, who and for which organ, what and under which rule, from where, and the hash."""
    t, zone = telling.t, telling.live.timezone
    yield sentence(t("times_in", zone=zone))
    rows = [
        (
            f"{row.position}\n{telling.at(row.recorded_at)}\n{row.hash.hex()[:SHORT_HASH]}",
            telling.who(row),
            _step(telling, row),
        )
        for row in telling.matter.rows
    ]
    yield table((t("when"), t("who"), t("what")), rows, (2.1, 3, 8)) | {"long": True}


def _step(telling: Telling, row: Recorded[Event]) -> str:
    named = EVENT.get(row.type)
    lines = [named.in_(telling.language) if named else row.type.replace("_", " ")]
    if said := ("" if isinstance(row.event, CaseOpened) else telling.said(row)):
        lines.append(said)
    if row.rules:
        lines.append(telling.t("by_rules", of=telling.comma.join(row.rules)))
    if row.causation:
        lines.append(telling.t("source", of=row.causation))
    return "\n".join(lines)
