"""No line of the report by channel, and no difference of two lines, tells of fewer than a smallest cell."""

from hypothesis import given
from hypothesis import strategies as st

from domain.small_group import SMALLEST_CELL
from domain.supervision_channel import AXES, OUTCOMES, InputCount, channel_lines, unless_small

INPUT = st.builds(
    InputCount,
    *(st.sampled_from(AXES[axis]) for axis in ("membership", "voice", "source")),
    st.sampled_from(OUTCOMES),
    st.integers(1, 30),
)


def a_full_quarter() -> list[InputCount]:
    return [
        InputCount(membership, voice, source, outcome, 5)
        for membership in AXES["membership"]
        for voice in AXES["voice"]
        for source in AXES["source"]
        for outcome in OUTCOMES
    ]


def test_every_channel_of_every_axis_has_its_line_with_counts_and_outcomes() -> None:
    lines = channel_lines(a_full_quarter(), of_the_public=12)
    assert [(line.axis, line.channel) for line in lines] == [(axis, name) for axis in AXES for name in AXES[axis]]
    mass = next(line for line in lines if line.channel == "mass")
    assert (mass.recorded, mass.of_the_public, mass.verified, mass.dismissed, mass.open) == (60, 12, 20, 20, 20)
    assert {line.channel for line in lines if line.of_the_public} == {"mass", "non_party", "system"}


def test_a_small_number_is_hidden_and_none_is_said() -> None:
    assert [unless_small(number) for number in (0, 1, SMALLEST_CELL - 1, SMALLEST_CELL)] == [0, None, None, 5]


def test_a_quarter_in_which_nothing_came_says_so() -> None:
    assert {(line.recorded, line.verified, line.open) for line in channel_lines([], 0)} == {(0, 0, 0)}


@given(st.lists(INPUT, min_size=1, max_size=12))
def test_nothing_small_can_be_worked_out_from_one_axis_or_from_another(inputs: list[InputCount]) -> None:
    lines, total = channel_lines(inputs, 0), sum(found.number for found in inputs)
    for axis in AXES:
        told = [line.recorded for line in lines if line.axis == axis and line.recorded is not None]
        assert all(number >= SMALLEST_CELL for number in told)
        if len(told) < len(AXES[axis]) and told:
            assert len(AXES[axis]) - len(told) > 1 and total - sum(told) >= SMALLEST_CELL
        outcomes = [(line.verified, line.dismissed, line.open) for line in lines if line.axis == axis]
        whole = all(number is not None and number >= SMALLEST_CELL for found in outcomes for number in found)
        assert whole or outcomes == [(None, None, None)] * len(outcomes)
