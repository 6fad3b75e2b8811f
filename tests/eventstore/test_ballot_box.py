"""A code votes once, what was cast is counted once, and nobody can say afterwards which code said what."""

import asyncio
import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag

from domain.command import Command
from domain.receipt_code import receipt_hash
from domain.survey import SurveyCounted, survey_stream
from domain.survey_method import PublishSurveyMethod, publish_survey_method, survey_method_stream
from domain.survey_running import (
    CountSurvey,
    IssueSurveyCodes,
    ProposeSurvey,
    SurveyAlreadyCounted,
    SurveyNotClosed,
    SurveyNotFound,
    SurveyNotOpen,
)
from domain.timer import TIMERS
from eventstore.ballot_box import BallotBox, BoxShut, CodeUnknown, CodeUsed, nullifying_key, sealing_key
from eventstore.codec import decode
from eventstore.followed_recording import Asked
from eventstore.keys import MasterKey, OwnerForgotten, PostgresKeyStore
from eventstore.opening import opened
from eventstore.stream_recording import Wish, record_in_stream
from eventstore.survey_recording import (
    CodesGiven,
    cast_ballot,
    count_command_id,
    issue_codes,
    record_count,
    record_proposal,
    survey_of,
)
from runtime.connections import House
from tests.examples import SUPERVISION, at, reference
from tests.surveys import METHOD, NOT, SATISFIED, VERY, answered

SURVEY = "survey000001"
METHOD_ID = "method000001"
PROPOSED_AT = at("2026-12-01", timezone="Europe/London")
OPEN_AT = at("2026-12-03", timezone="Europe/London")
AFTER = at("2026-12-10", timezone="Europe/London")
PROPOSE = ProposeSurvey.model_validate({"method_id": METHOD_ID, "opens_on": "2026-12-02", "closes_on": "2026-12-09"})


def asked(command: Command, when: datetime, key: str = "", *, dry_run: bool = False) -> Asked:
    command_id = uuid5(TIMERS, f"{command.name()}/{key}")
    stream = survey_stream(SURVEY)
    return Asked(stream, command, SUPERVISION, command_id, when, reference("standard"), dry_run=dry_run)


async def published(house: House) -> None:
    command = PublishSurveyMethod(method=METHOD)
    wish = Wish(survey_method_stream(METHOD_ID), command, SUPERVISION, uuid5(TIMERS, "method"), PROPOSED_AT)

    def decided(events: Any) -> Any:
        return publish_survey_method(
            METHOD_ID, command, actor=SUPERVISION, today=PROPOSED_AT.date(), versions=len(events)
        )

    await record_in_stream(house.store, house.keys, wish, decided)


@pytest.fixture
def box(house: House) -> BallotBox:
    return BallotBox(house.pool, house.keys)


async def proposed(house: House, box: BallotBox, codes: int = 30, voter_class: str = "staff") -> CodesGiven:
    """A survey whose codes for a class are given out."""
    await published(house)
    await record_proposal(house.recorder, SURVEY, asked(PROPOSE, PROPOSED_AT))
    command = IssueSurveyCodes(voter_class=voter_class, codes=codes)
    return await issue_codes(house.recorder, box, SURVEY, asked(command, PROPOSED_AT))


async def casts(house: House, box: BallotBox, code: str, says: str = SATISFIED, when: datetime = OPEN_AT) -> bool:
    return await cast_ballot(house.recorder, box, SURVEY, code, answered(says), when)


async def counted(house: House, box: BallotBox, when: datetime = AFTER) -> SurveyCounted:
    command = asked(CountSurvey(), when)
    kept = await record_count(house.recorder, box, SURVEY, command)
    event = kept.events[-1]
    assert isinstance(event, SurveyCounted)
    return event


async def tables(pool: "asyncpg.Pool[asyncpg.Record]") -> dict[str, list[Any]]:
    """Every row of every table of a database."""
    named = await pool.fetch(
        "SELECT table_schema || '.' || table_name FROM information_schema.tables "
        "WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
    )
    return {name: await pool.fetch(f"SELECT t.ctid, t.xmin, t.* FROM {name} t") for (name,) in named}


def values(rows: dict[str, list[Any]]) -> Iterator[bytes]:
    for found in rows.values():
        for row in found:
            for value in row.values():
                yield value if isinstance(value, bytes) else str(value).encode()


async def test_code_votes_once_and_repeating_it_changes_nothing(house: House, box: BallotBox) -> None:
    given = await proposed(house, box)
    assert len(set(given.codes)) == 30
    assert await casts(house, box, given.codes[0])
    assert not await casts(house, box, given.codes[0]), "the same ballot again is the same ballot"
    with pytest.raises(CodeUsed) as used:
        await casts(house, box, given.codes[0], NOT)
    assert used.value.field == "code"
    with pytest.raises(CodeUnknown):
        await casts(house, box, "0" * 21)
    assert await house.pool.fetchval("SELECT count(*) FROM ballot.cast") == 1
    assert await house.pool.fetchval("SELECT sum(ballots) FROM ballot.minute") == 1


async def test_ballots_are_taken_on_the_days_of_the_survey_alone(house: House, box: BallotBox) -> None:
    given = await proposed(house, box)
    for when in (PROPOSED_AT, AFTER):
        with pytest.raises(SurveyNotOpen):
            await casts(house, box, given.codes[0], when=when)
    with pytest.raises(SurveyNotFound):
        await cast_ballot(house.recorder, box, "survey000009", given.codes[0], answered(VERY), OPEN_AT)


async def test_batch_that_was_replaced_votes_no_more(house: House, box: BallotBox) -> None:
    lost = await proposed(house, box)
    command = IssueSurveyCodes(voter_class="staff", codes=30, instead_of=lost.batch)
    again = await issue_codes(house.recorder, box, SURVEY, asked(command, PROPOSED_AT, "again"))
    with pytest.raises(CodeUnknown):
        await casts(house, box, lost.codes[0])
    assert await casts(house, box, again.codes[0])


async def test_codes_are_shown_once(house: House, box: BallotBox) -> None:
    await proposed(house, box)
    command = asked(IssueSurveyCodes(voter_class="staff", codes=30), PROPOSED_AT)
    again = await issue_codes(house.recorder, box, SURVEY, command)
    assert again.kept.repeated and not again.codes


async def test_nobody_opens_the_box_before_its_time_and_then_it_is_opened_once(house: House, box: BallotBox) -> None:
    given = await proposed(house, box)
    await casts(house, box, given.codes[0])
    with pytest.raises(SurveyNotClosed):
        await counted(house, box, OPEN_AT)
    assert await casts(house, box, given.codes[1]), "an attempt to open it early shuts nothing"
    await counted(house, box)
    with pytest.raises(SurveyAlreadyCounted):
        await record_count(house.recorder, box, SURVEY, asked(CountSurvey(), AFTER, "another"))


async def test_count_is_what_was_cast_and_tells_of_no_small_class(house: House, box: BallotBox) -> None:
    given = await proposed(house, box)
    for number, code in enumerate(given.codes):
        await casts(house, box, code, VERY if number < 12 else NOT)
    event = await counted(house, box)
    assert event.report.ballots == 30
    (stored,) = [row for row in await house.store.read_stream(survey_stream(SURVEY)) if row.type == "survey_counted"]
    assert b'"texts"' not in stored.entry and b"house_report" not in stored.entry.split(b'"sealed"')[0]
    (whole,) = await opened(house.store, house.keys, [stored])
    assert isinstance(whole.event, SurveyCounted) and whole.event.house_report is not None
    assert {flag.kind for flag in whole.event.house_report.flags} >= {"missing_class", "burst"}


async def test_a_crash_between_the_record_and_the_destruction_is_mended_by_asking_again(
    house: House, box: BallotBox
) -> None:
    given = await proposed(house, box, codes=12)
    for code in given.codes:
        await casts(house, box, code)

    class Dies(BallotBox):
        async def destroy(self, survey_id: str) -> None:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await record_count(house.recorder, Dies(house.pool, house.keys), SURVEY, asked(CountSurvey(), AFTER))
    assert await house.pool.fetchval("SELECT count(*) FROM ballot.cast") == 12
    kept = await record_count(house.recorder, box, SURVEY, asked(CountSurvey(), AFTER))
    assert kept.repeated and await house.pool.fetchval("SELECT count(*) FROM ballot.cast") == 0


async def test_who_casts_while_the_box_is_being_shut_is_counted_or_told_no(house: House, box: BallotBox) -> None:
    given = await proposed(house, box)
    survey = await survey_of(house.recorder, SURVEY, OPEN_AT)
    assert survey is not None
    batches = [batch for batch, _, _ in survey.batches]

    async def one(code: str) -> bool:
        try:
            return await box.cast(SURVEY, code, answered(VERY), batches=batches, at=OPEN_AT)
        except BoxShut:
            return False

    acknowledged = [asyncio.create_task(one(code)) for code in given.codes]
    await asyncio.sleep(0)
    found = await box.open(SURVEY)
    assert sum(await asyncio.gather(*acknowledged)) == len(found.ballots)
    assert not await one(given.codes[-1]) and len((await box.open(SURVEY)).ballots) == len(found.ballots)


async def test_with_every_table_and_every_code_in_hand_no_code_maps_to_an_answer_after_the_count(
    house: House, box: BallotBox
) -> None:
    """The keys are gone from the key store, and with them whatever a row, a copy of one, or a code could open."""
    given = await proposed(house, box, codes=20)
    for number, code in enumerate(given.codes):
        await casts(house, box, code, VERY if number % 2 else NOT)
    kept = await tables(house.pool)  # what a thief has copied while the box was full
    keys = await house.keys.open_keys([nullifying_key(SURVEY), sealing_key(SURVEY)])
    filed = {row["nullifier"] for row in kept["ballot.cast"]}
    assert {hmac.digest(keys[nullifying_key(SURVEY)], code.encode(), "sha256") for code in given.codes} == filed
    await counted(house, box)

    rows = await tables(house.pool)
    assert not rows["ballot.cast"] and not rows["ballot.code"] and not rows["ballot.minute"]
    left = b"\n".join(values(rows))
    for code in given.codes:
        for trace in (code, receipt_hash(code), bytes.fromhex(receipt_hash(code)).hex()):
            assert trace.encode() not in left
    assert not any(nullifier in left or nullifier.hex().encode() in left for nullifier in filed)
    assert await house.keys.open_keys([nullifying_key(SURVEY), sealing_key(SURVEY)]) == {}
    with pytest.raises(OwnerForgotten):
        await house.keys.keys_for([nullifying_key(SURVEY)])
    assert isinstance(house.keys, PostgresKeyStore)
    in_key_store = b"\n".join(values(await tables(house.keys._pool)))
    stored = [decode(row) for row in await house.store.read_stream(survey_stream(SURVEY))]
    material = [house.master.identity, house.master.payload_key, house.master.check, *keys_left(in_key_store)]
    material += [hashlib.sha256(str(found.event).encode()).digest() for found in stored]
    tried = {hmac.digest(key, code.encode(), "sha256") for key in material for code in given.codes}
    assert not tried & filed, "the copy of the full box stays shut too"


def keys_left(in_key_store: bytes) -> list[bytes]:
    """Whatever in the key store is long enough to be a key."""
    return [word for word in in_key_store.split(b"\n") if len(word) >= 32]


async def test_before_the_count_nothing_maps_without_the_master_key(house: House, box: BallotBox) -> None:
    given = await proposed(house, box, codes=20)
    for code in given.codes:
        await casts(house, box, code)
    assert isinstance(house.keys, PostgresKeyStore)
    rows = await tables(house.keys._pool)
    wrapped = {row["owner"]: row["wrapped"] for row in rows["public.owner_key"]}
    thief = MasterKey(bytes(range(32)))
    for owner in (nullifying_key(SURVEY), sealing_key(SURVEY)):
        with pytest.raises(InvalidTag):
            thief.unwrap(owner, wrapped[owner])
    filed = {row["nullifier"] for row in (await tables(house.pool))["ballot.cast"]}
    guesses = [bytes.fromhex(receipt_hash(code)) for code in given.codes] + [bytes(wrapped[nullifying_key(SURVEY)])]
    assert not filed & {hmac.digest(key, code.encode(), "sha256") for key in guesses for code in given.codes}
    assert not filed & set(guesses)


async def test_a_ballot_says_nothing_by_its_length_its_columns_or_its_time(house: House, box: BallotBox) -> None:
    given = await proposed(house, box)
    long = answered(VERY, ticks=[tick.id for tick in METHOD.ticks], text="𠮷" * 500)
    await cast_ballot(house.recorder, box, SURVEY, given.codes[0], long, OPEN_AT)
    await cast_ballot(house.recorder, box, SURVEY, given.codes[1], answered(NOT), OPEN_AT + timedelta(days=1))
    rows = await house.pool.fetch("SELECT * FROM ballot.cast")
    assert [set(row.keys()) for row in rows] == [{"survey", "voter_class", "nullifier", "sealed"}] * 2
    assert len({len(row["sealed"]) for row in rows}) == 1
    columns = await house.pool.fetch(
        "SELECT data_type FROM information_schema.columns "
        "WHERE table_schema = 'ballot' AND table_name IN ('cast', 'code')"
    )
    assert {kind for (kind,) in columns} == {"text", "bytea"}


async def test_count_has_one_command_id_whoever_asks() -> None:
    assert count_command_id("a") == count_command_id("a") != count_command_id("b")
