"""Keys and alarms of the public log stand as they were last recorded."""

from datetime import datetime, timedelta

from domain.event import CommandId, Event, Recorded
from domain.identity import SYSTEM
from domain.transparency_log import (
    TRANSPARENCY_STREAM,
    AlarmCode,
    KeyHolder,
    LogAlarmEnded,
    LogAlarmRaised,
    LogKeyIntroduced,
    LogKeyRetired,
    TransparencyLog,
    fold_transparency_log,
)
from tests.examples import at

MORNING = at("2026-03-02")


def hour(n: int) -> datetime:
    return MORNING + timedelta(hours=n)


def folded(*events: Event) -> TransparencyLog:
    return fold_transparency_log(
        Recorded(
            n, TRANSPARENCY_STREAM, n, event, MORNING + timedelta(hours=n), SYSTEM, CommandId("c"), None, None, (), b""
        )
        for n, event in enumerate(events)
    )


def test_a_retired_key_is_told_from_those_in_use() -> None:
    found = folded(
        LogKeyIntroduced(holder=KeyHolder.LOG, key="a"),
        LogKeyIntroduced(holder=KeyHolder.WITNESS, key="w"),
        LogKeyIntroduced(holder=KeyHolder.LOG, key="b", replaces="a", reason="Yearly."),
        LogKeyRetired(holder=KeyHolder.LOG, key="a", reason="Yearly."),
    )
    assert (found.keys(KeyHolder.LOG), found.keys(KeyHolder.WITNESS)) == (("b",), ("w",))
    assert found.retired == {"a": KeyHolder.LOG}


def test_an_alarm_stands_from_its_first_raising_to_its_end() -> None:
    raised = LogAlarmRaised(code=AlarmCode.UNCOSIGNED, size=9, what="silent")
    assert folded(raised, raised).alarms == {AlarmCode.UNCOSIGNED: MORNING}
    assert folded(raised, LogAlarmEnded(code=AlarmCode.UNCOSIGNED)).alarms == {}
    again = folded(raised, LogAlarmEnded(code=AlarmCode.UNCOSIGNED), raised)
    assert again.alarms == {AlarmCode.UNCOSIGNED: hour(2)}
