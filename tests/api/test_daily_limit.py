"""What one address may send in a day is limited, and nothing of the address is anywhere."""

from datetime import UTC, datetime, timedelta

import pytest

from api.daily_limit import Allowance, DailyLimit, TooManyToday
from tests.desk import Clock

EVENING = datetime(2026, 10, 6, 22, tzinfo=UTC)
FEW = Allowance(entries_of_an_address=2, messages_of_an_address=1, looks_of_an_address=3, unproven_of_a_notice=2)


def test_an_address_sends_so_much_a_day_and_more_on_the_next() -> None:
    clock = Clock(EVENING)
    limit = DailyLimit(clock, FEW)
    limit.entry("192.0.2.7")
    limit.entry("192.0.2.7")
    limit.entry("192.0.2.8")
    with pytest.raises(TooManyToday) as refused:
        limit.entry("192.0.2.7")
    assert refused.value.again_at == datetime(2026, 10, 7, tzinfo=UTC) and refused.value.of_this_address
    clock.at += timedelta(hours=2)
    limit.entry("192.0.2.7")


def test_conversations_looks_and_entries_are_counted_apart() -> None:
    limit = DailyLimit(Clock(EVENING), FEW)
    limit.message("192.0.2.7")
    limit.entry("192.0.2.7")
    for _ in range(3):
        limit.look("192.0.2.7")
    for more in (limit.message, limit.look):
        with pytest.raises(TooManyToday):
            more("192.0.2.7")


def test_a_household_counts_once_however_many_addresses_it_has() -> None:
    limit = DailyLimit(Clock(EVENING), FEW)
    limit.entry("2001:db8:1:2::3")
    limit.entry("2001:db8:1:2:ffff::9%eth0")
    with pytest.raises(TooManyToday):
        limit.entry("2001:db8:1:2::3")
    limit.entry("2001:db8:1:3::3")
    limit.entry("::ffff:192.0.2.7")
    limit.entry("192.0.2.7")
    with pytest.raises(TooManyToday):
        limit.entry("::ffff:192.0.2.7")


def test_a_notice_gets_so_many_entries_without_proof_a_day() -> None:
    limit = DailyLimit(Clock(EVENING), FEW)
    limit.unproven("k3v0d8s1m2qa")
    limit.unproven("k3v0d8s1m2qa")
    limit.unproven("another00000")
    with pytest.raises(TooManyToday) as refused:
        limit.unproven("k3v0d8s1m2qa")
    assert not refused.value.of_this_address


def test_nothing_of_an_address_rests_in_the_counter() -> None:
    limit = DailyLimit(Clock(EVENING), FEW)
    limit.entry("192.0.2.7")
    assert "192.0.2" not in repr(vars(limit)) + repr(vars(limit._counter.storage))
