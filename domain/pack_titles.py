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


def titles_of_duties(pack: Pack) -> dict[str, Text]:
    """What waits for somebody, by its name in the registers: each clock, and each supervision point of a stage."""
    points = {
        f"point:{stage.id}:{point.id}": Text(
            en=f"“{stage.title.en}”: {point.watches.en}", zh=f"“{stage.title.zh}”：{point.watches.zh}"
        )
        for stage in pack.stages
        for point in stage.duty.points
    }
    return titles_of_clocks(pack) | points
