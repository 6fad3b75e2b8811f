"""What a pack calls what the record has by a code."""

from domain.law import Text
from domain.pack import Pack


def titles_of_codes(pack: Pack) -> dict[str, Text]:
    """Stages, deviations, exceptions and prohibitions by their codes."""
    titled = {stage.id: stage.title for stage in pack.stages} | pack.deviations.codes
    titled |= {kind.id: kind.title for kind in pack.exceptions}
    return titled | {prohibition.id: prohibition.title for prohibition in pack.deviations.prohibitions}


def titles_of_clocks(pack: Pack) -> dict[str, Text]:
    """What each clock waits for: a stage, an opinion, or what the pack made a clock for."""
    titled = {f"stage:{stage.id}": stage.title for stage in pack.stages}
    titled |= {f"opinion:{rule.organ}": rule.title for rule in pack.review.opinions}
    return titled | {name: rule.title for rule in pack.clocks for name in (rule.id, f"clock:{rule.id}")}
