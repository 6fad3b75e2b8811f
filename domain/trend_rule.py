"""What the trend report looks for and what it calls unusual; no source gives these numbers, so they are the house's."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from domain.law import Frozen, Rule, Share, own_choice


class TrendRule(Frozen):
    """The numbers of the trend report, each with what it says.

    Source: domain rules 1.4 names what is looked for (rush promotions, a leader about to leave), and no number.
    Units: `_days` in civil days; `chance` is a probability.
    """

    rush_days: Rule[int]
    leaving_days: Rule[int]
    before_days: Rule[int]
    least_before_days: Rule[int]
    least_number: Rule[int]
    chance: Rule[Share]
    leaders_at_most: Rule[int]


OF_THE_HOUSE = TrendRule.model_validate(
    {
        "rush_days": own_choice(
            30, "Letters of a unit are counted within any thirty days.", "任意三十日内同一单位的任职决定合并计数。"
        ),
        "leaving_days": own_choice(
            90,
            "Promotions are counted in the ninety days up to the day on which a leader of the unit left.",
            "单位负责人离任之日前九十日内的任用予以统计。",
        ),
        "before_days": own_choice(
            730,
            "A number is measured against the same unit's, or the same kind's, in the two years before.",
            "以此前两年同一单位或同一类别的数量为比较基准。",
        ),
        "least_before_days": own_choice(
            182,
            "With less than half a year on record before, nothing is called unusual.",
            "此前记录不足半年的，不作异常判断。",
        ),
        "least_number": own_choice(
            3, "Fewer than three of a kind are never called unusual.", "不足三件的，不作异常判断。"
        ),
        "chance": own_choice(
            Fraction(1, 1000),
            "A number is unusual where chance alone gives as many or more in less than one case in a thousand "
            "(exact Poisson tail; where there was none before, one is taken). Many windows are looked at, so that a "
            "larger share would show what is mere chance.",
            "仅凭偶然达到或超过该数量的概率低于千分之一的，列为异常（泊松分布精确尾概率；此前没有的按一件计）。"
            "因考察的时段较多，标准从严。",
        ),
        "leaders_at_most": own_choice(
            3,
            "A unit's leaders are those on record at its highest rank, where they are three or fewer.",
            "单位负责人指在册最高层级人员，且不超过三人。",
        ),
    }
)
"""What holds everywhere."""


def rules_shown(rule: TrendRule = OF_THE_HOUSE) -> Mapping[str, Rule[Any]]:
    """Each rule by its name."""
    return {name: getattr(rule, name) for name in TrendRule.model_fields}
