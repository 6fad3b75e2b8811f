"""What a case has in use of its pack, so that nothing of it is lost when the case goes on under another version."""

from collections.abc import Iterator

from domain.appointment import LiveCase
from domain.pack import Pack


def missing_from(law: Pack, live: LiveCase) -> tuple[str, ...]:
    """Paths of what the case rests on and a pack does not have."""
    rests_on = dict.fromkeys([*_parts_in_use(live), *_rules_in_use(live), *live.deviations])
    known = _parts(law) | {path for path, _ in law.rules()}
    return tuple(path for path in rests_on if path not in known)


def _parts_in_use(live: LiveCase) -> Iterator[str]:
    for exception in live.proposed_exceptions.values():
        yield f"exceptions.{exception.kind}"
    for report in live.prior_reports.values():
        yield f"prior_reports.{report.organ}"
    for organ in live.opinions:
        yield f"review.opinions.{organ}"
    for key in live.records:
        yield f"records.{key.partition('/')[0]}"
    for name, clock in live.clocks.items():
        if clock.runs or clock.paused_on is not None:
            yield f"clocks.{name}"


def _rules_in_use(live: LiveCase) -> Iterator[str]:
    if live.interests:
        yield "conflicts.recuse"
    if live.criteria:
        yield "merit.criteria"
    if live.undisposed_objections:
        yield "objections.answered"
    if live.supervised.open_queries:
        yield "supervision.query_answered"
    if any(candidate.training == "conditional" for candidate in live.standing):
        yield "training.make_up"


def _parts(law: Pack) -> set[str]:
    return {
        *(f"exceptions.{rule.id}" for rule in law.exceptions),
        *(f"prior_reports.{rule.id}" for rule in law.prior_reports),
        *(f"review.opinions.{rule.organ}" for rule in law.review.opinions),
        *(f"records.{rule.id}" for rule in law.records),
        *(f"clocks.{rule.id}" for rule in law.clocks),
    }
