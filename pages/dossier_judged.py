"""Parts 10 to 12, 14 and 15 of a dossier: notice, objections, departures, what went before, and completeness."""

from collections.abc import Iterator

from domain.clock_pause import ClockPaused
from domain.completeness import Required, Standing
from domain.date_words import explain
from domain.event import Event, Recorded
from domain.hold import HoldLifted, HoldPlaced
from domain.notice_correction import PublicNoticeCorrected
from domain.public_notice import PublicNoticeElapsed, PublicNoticeOpened, PublicNoticeWithdrawn
from domain.query import QueryAnswered, RunnerQueried
from pages.dossier_bundle import file_names
from pages.dossier_telling import Block, Telling, facts, heading, nothing, sentence, table, table_or_nothing, urgent
from pages.dossier_words import KINDS
from pages.event_words import EVENT
from pages.translations import TRANSLATIONS, field_label
from projections.dossier import EarlierCase
from projections.exception_register import Change, Entry, register_changes


def notice(telling: Telling) -> Iterator[Block]:
    """Each notice as it stood: who was named with what, from when to when, which days counted, by which calendar."""
    t = telling.t
    opened = telling.every(PublicNoticeOpened)
    if not opened:
        yield nothing(t("nothing"))
    over = {row.event.notice_id: row.event.closed_on for row in telling.every(PublicNoticeElapsed)}
    back = {row.event.notice_id: row.event.withdrawn_on for row in telling.every(PublicNoticeWithdrawn)}
    for row in opened:
        event, window = row.event, row.event.window
        ended = over.get(event.notice_id) or back.get(event.notice_id)
        word = "public_notice_withdrawn" if event.notice_id in back else "public_notice_elapsed"
        provisional = f" ({t('provisional')})" if window.provisional else ""
        yield facts(
            (t("notice_id"), event.notice_id),
            (t("stood"), f"{telling.day(window.opens_on)} – {telling.day(window.closes_on)}{provisional}"),
            (t("counted"), str(window.counted)),
            (t("calendar"), f"{window.jurisdiction}{telling.pause}{window.calendar_version}"),
            (EVENT[word].in_(telling.language), telling.day(ended)),
            (t("named_then"), telling.comma.join(telling.candidate(found) for found in event.candidates)),
            (t("shown"), telling.comma.join(field_label(name, telling.language) for name in event.fields)),
            (t("channels"), t("channel")),
            (t("reach"), t("no_reach")),
            (t("position"), str(row.position)),
        )
        yield sentence(" ".join(explain(window, telling.language)))
        yield from _corrections(telling, event.notice_id)


def _corrections(telling: Telling, notice_id: str) -> Iterator[Block]:
    """What was put right while the notice stood, as it was said then, and whether its days began anew."""
    t = telling.t
    for row in telling.every(PublicNoticeCorrected):
        event = row.event
        if event.notice_id != notice_id:
            continue
        yield facts(
            (EVENT[row.type].in_(telling.language), telling.day(event.corrected_on)),
            (t("corrected"), field_label(event.particular, telling.language)),
            *([(t("candidate"), telling.candidate(event.candidate_id))] if event.candidate_id else []),
            (t("says_now"), event.post_says or telling.sealed(row, "says")),
            (t("reason"), event.reason),
            (t("stood"), f"{telling.day(event.window.opens_on)} – {telling.day(event.window.closes_on)}"),
            (t("position"), str(row.position)),
        )


def departures(telling: Telling) -> Iterator[Block]:
    """Whatever left the ordinary course: deviations, exceptions, prior reports, breaches, missed dates, holds."""
    t = telling.t
    entries: dict[str, tuple[Entry, Recorded[Event]]] = {}
    states: dict[str, Change] = {}
    for row in telling.rows_by_position:
        for found in register_changes(row):
            if isinstance(found, Entry):
                entries[found.id] = (found, row)
            else:
                states[found.id] = found
    rows = []
    for entry, row in entries.values():
        change = states.get(entry.id)
        state = telling.code(change.state if change else entry.state)
        by = (change.organ if change and change.organ else None) or entry.organ or str(row.actor.organ)
        cells = (
            telling.code(entry.kind),
            telling.code(entry.code),
            entry.reason or "–",
            by,
            telling.day(entry.entered_on),
        )
        rows.append((*cells, state, str(row.position)))
    head = (t("kind"), t("what"), t("reason"), t("allowed_by"), t("on"), t("status"), t("position"))
    yield table_or_nothing(telling, head, rows, (1.6, 2.2, 3.4, 2, 1.8, 1.5, 1.3))
    yield from _held_and_asked(telling)


def _held_and_asked(telling: Telling) -> Iterator[Block]:
    """Holds, paused clocks, and reviewers' queries with their answers."""
    t = telling.t
    answers = {row.event.query_id: row for row in telling.every(QueryAnswered)}
    rows = []
    for row in telling.rows_by_position:
        match row.event:
            case HoldPlaced() as event:
                said = f"{telling.code(event.code)} {telling.sealed(row, 'reason')}"
            case HoldLifted():
                said = telling.sealed(row, "reason")
            case ClockPaused() as event:
                said = f"{telling.clock(event.clock)}: {event.reason}"
            case RunnerQueried() as event:
                answer = answers.get(event.query_id)
                answered = f"\n{telling.who(answer)}: {telling.sealed(answer, 'answer')}" if answer else ""
                said = f"{telling.code(event.asked_of)}: {event.question}{answered}"
            case _:
                continue
        day = telling.at(row.recorded_at)[:10]
        rows.append((EVENT[row.type].in_(telling.language), said, telling.who(row), day, str(row.position)))
    if rows:
        yield table((t("kind"), t("what"), t("by"), t("on"), t("position")), rows, (2, 5, 2.4, 1.8, 1.3))


def went_before(telling: Telling) -> Iterator[Block]:
    """Departures of the same unit, the trend of the index, and earlier cases of the unit and of the deciding body."""
    t, before = telling.t, telling.matter.before
    yield sentence(t("as_at", position=telling.matter.last.position))
    yield heading(t("register"))
    rows = [
        (
            telling.code(row.kind),
            telling.code(row.code),
            row.rule,
            telling.day(row.entered_on),
            row.case_id,
            str(row.position),
        )
        for row in before.departures
    ]
    head = (t("kind"), t("what"), t("under"), t("on"), t("case"), t("position"))
    yield table_or_nothing(telling, head, rows, (1.6, 2.6, 3.4, 2, 2, 1.4))
    yield heading(t("trend"))
    yield nothing(t("no_index"))
    for title, cases in (("earlier_unit", before.of_unit), ("earlier_body", before.of_body)):
        yield heading(t(title))
        yield _earlier(telling, cases)


def _earlier(telling: Telling, cases: tuple[EarlierCase, ...]) -> Block:
    t = telling.t
    rows = [
        (
            case.case_id,
            case.post,
            telling.code(case.status),
            TRANSLATIONS[f"outcome.{case.outcome}"].in_(telling.language) if case.outcome else "–",
            str(case.opened_position),
        )
        for case in cases
    ]
    return table_or_nothing(
        telling, (t("case"), t("post"), t("status"), t("outcome"), t("position")), rows, (2, 4, 2, 2, 1.4)
    )


def complete(telling: Telling) -> Iterator[Block]:
    """What is required, what is there and where, what is missing; whether the chain of hashes is whole."""
    t, matter = telling.t, telling.matter
    counts = matter.statement.counts
    pack = str(matter.pinned)
    numbers = {str(standing): counts[standing] for standing in Standing}
    yield sentence(t("stated", pack=pack, required=len(matter.statement.facts), **numbers))
    yield sentence(t("complete")) if matter.statement.is_complete else urgent(t("incomplete"))
    if missing := matter.statement.missing:
        yield _required(telling, missing) | {"alert": True}
    yield _required(telling, matter.statement.facts)
    whole = matter.broken_at is None
    chain = t("chain_whole", n=len(matter.stored)) if whole else t("chain_broken", position=matter.broken_at)
    published, audiences = matter.published, telling.comma.join(telling.code(found) for found in matter.opened_for)
    yield facts(
        (t("chain"), chain),
        (t("last_hash"), matter.last.hash.hex()),
        (t("published"), t("published_in", size=published.size) if published else t("not_published")),
        (t("opened_for"), audiences or t("opened_for_nobody")),
        (t("attached"), telling.comma.join(file_names(published))),
        (
            t("again"),
            t(
                "again_of",
                version=matter.last.version,
                day=matter.today.isoformat(),
                language=telling.language,
                audiences=audiences or "–",
                size=published.size if published else "–",
            ),
        ),
    )


def _required(telling: Telling, required: tuple[Required, ...]) -> Block:
    t = telling.t
    rows = []
    for fact in required:
        kind = KINDS[fact.kind].in_(telling.language)
        stage = telling.stage(fact.stage) if fact.stage else "–"
        where = telling.comma.join(str(position) for position in fact.positions)
        why = f"{where} {telling.code(fact.why)}".strip() if fact.why else where
        title = "\n".join(filter(None, (fact.title.in_(telling.language), _about(telling, fact))))
        rows.append((stage, kind, title, telling.code(fact.standing), why))
    return table((t("stage"), t("kind"), t("fact"), t("stands_as"), t("where")), rows, (2.4, 1.6, 4.4, 1.4, 3))


def _about(telling: Telling, fact: Required) -> str:
    if fact.kind == "signature":
        signer = telling.code(fact.what.partition(":")[2])
        return f"{signer}{telling.comma}{telling.candidate(fact.about)}" if fact.about else signer
    if fact.about is None:
        return ""
    if fact.about in telling.live.candidates:
        return telling.candidate(fact.about)
    return telling.officer(fact.about) if fact.kind == "declaration" else fact.about  # type: ignore[arg-type]
