"""Keys are wrapped where they rest, and pseudonyms are the same for ever."""

import asyncio
import stat
from base64 import b64encode
from pathlib import Path
from uuid import RFC_4122

import pytest

from eventstore.keys import KEY_BYTES, KeyStore, MasterKey, MemoryKeyStore, PostgresKeyStore, WrongMasterKey, keyed_id
from runtime.connections import open_house, open_pool
from runtime.settings import Settings
from tests.conftest import FreshDatabase
from tests.eventstore.whole_database import everything_in


async def test_an_owner_has_one_key(keys: KeyStore) -> None:
    made = await keys.keys_for(["person/a", "person/b"])
    assert {len(key) for key in made.values()} == {KEY_BYTES}
    assert made["person/a"] != made["person/b"]
    assert await keys.keys_for(["person/b", "person/a"]) == made
    assert await keys.open_keys(["person/a", "person/nobody"]) == {"person/a": made["person/a"]}


async def test_a_key_asked_for_by_many_at_once_is_made_once(keys: KeyStore) -> None:
    made = await asyncio.gather(*(keys.keys_for(["person/a"]) for _ in range(10)))
    assert len({found["person/a"] for found in made}) == 1


async def test_a_pseudonym_is_the_same_every_time_and_says_nothing(keys: KeyStore) -> None:
    first = await keys.subject_for("id:110101197508011234")
    assert await keys.subject_for("id:110101197508011234") == first
    assert await keys.subject_for("id:110101197508011235") != first
    assert len(first) == 16 and "1975" not in first


async def test_a_fingerprint_tells_wishes_apart_and_needs_the_master_key(keys: KeyStore) -> None:
    assert keys.fingerprint(b"a wish") == keys.fingerprint(b"a wish") != keys.fingerprint(b"another")
    assert MasterKey(b"1" * 32).fingerprint(b"a wish") != MasterKey(b"2" * 32).fingerprint(b"a wish")


async def test_keys_and_pseudonyms_outlive_the_process(settings: Settings) -> None:
    found = []
    for _ in range(2):
        pool = await open_pool(settings.keys_url)
        store = PostgresKeyStore(pool, MasterKey.read(settings.master_key_file))
        found.append((await store.subject_for("id:1"), await store.keys_for(["person/a"]), store.fingerprint(b"wish")))
        await pool.close()
    assert found[0] == found[1]


async def test_another_installations_master_key_is_refused(settings: Settings, tmp_path: Path) -> None:
    pool = await open_pool(settings.keys_url)
    await PostgresKeyStore(pool, MasterKey.read(settings.master_key_file)).keys_for(["person/a"])
    MasterKey.make(tmp_path / "other.key")
    stranger = PostgresKeyStore(pool, MasterKey.read(tmp_path / "other.key"))
    for opening in (stranger.keys_for, stranger.open_keys):
        with pytest.raises(WrongMasterKey):
            await opening(["person/a"])
    await pool.close()


async def test_neither_keys_nor_references_stand_in_the_database(
    postgres_keys: PostgresKeyStore, database: FreshDatabase
) -> None:
    made = await postgres_keys.keys_for(["person/a"])
    await postgres_keys.subject_for("id:110101197508011234")
    dump = await everything_in(database.keys_superuser_url)
    assert b"person/a" in dump
    for secret in (
        made["person/a"],
        made["person/a"].hex().encode(),
        b64encode(made["person/a"]),
        b"110101197508011234",
    ):
        assert secret not in dump


async def test_a_wrapped_key_serves_its_owner_alone(
    postgres_keys: PostgresKeyStore, database: FreshDatabase, settings: Settings
) -> None:
    await postgres_keys.keys_for(["person/a"])
    pool = await open_pool(settings.keys_url)
    await pool.execute("INSERT INTO owner_key (owner, wrapped) SELECT 'person/b', wrapped FROM owner_key")
    await pool.close()
    with pytest.raises(WrongMasterKey):
        await postgres_keys.open_keys(["person/b"])


def test_a_master_key_is_for_its_owner_alone_and_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "master.key"
    MasterKey.make(path)
    before = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        MasterKey.make(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["", "short", "!" * 44, b64encode(b"k" * 31).decode()])
def test_a_file_that_holds_no_master_key_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "master.key").write_text(text)
    with pytest.raises(ValueError):
        MasterKey.read(tmp_path / "master.key")


async def test_a_pseudonym_is_found_without_one_being_made(keys: KeyStore) -> None:
    assert await keys.find_subject("id:1") is None
    made = await keys.subject_for("id:1")
    assert await keys.find_subject("id:1") == made
    assert await keys.find_subject("id:2") is None


async def test_a_found_pseudonym_is_the_stored_one(settings: Settings, postgres_keys: PostgresKeyStore) -> None:
    made = await postgres_keys.subject_for("id:1")
    pool = await open_pool(settings.keys_url)
    assert await PostgresKeyStore(pool, MasterKey.read(settings.master_key_file)).find_subject("id:1") == made
    await pool.close()


async def test_a_keyed_id_is_a_uuid_of_its_parts_that_needs_the_master_key(keys: KeyStore) -> None:
    made = keyed_id(keys, "wish", "officer-1", "key-1")
    assert (made.version, made.variant) == (8, RFC_4122)
    assert made == keyed_id(keys, "wish", "officer-1", "key-1")
    others = [keyed_id(keys, "wish", "officer-1key-1"), keyed_id(MemoryKeyStore(), "wish", "officer-1", "key-1")]
    assert made not in others


async def test_a_store_that_knows_its_master_key_opens_for_no_other(settings: Settings, tmp_path: Path) -> None:
    pool = await open_pool(settings.keys_url)
    ours = PostgresKeyStore(pool, MasterKey.read(settings.master_key_file))
    await ours.check_master_key()
    for _ in range(2):
        await ours.keep_check()
    MasterKey.make(tmp_path / "other.key")
    stranger = PostgresKeyStore(pool, MasterKey.read(tmp_path / "other.key"))
    for opening in (stranger.check_master_key, stranger.keep_check):
        with pytest.raises(WrongMasterKey, match=r"master\.key"):
            await opening()
    await ours.check_master_key()
    await pool.close()


async def test_a_store_with_keys_takes_no_other_master_key_s_check(settings: Settings, tmp_path: Path) -> None:
    pool = await open_pool(settings.keys_url)
    ours = PostgresKeyStore(pool, MasterKey.read(settings.master_key_file))
    await ours.keys_for(["person/a"])
    MasterKey.make(tmp_path / "other.key")
    with pytest.raises(WrongMasterKey):
        await PostgresKeyStore(pool, MasterKey.read(tmp_path / "other.key")).keep_check()
    await ours.keep_check()
    await pool.close()


async def test_a_process_with_another_master_key_does_nothing_with_it(
    settings: Settings, database: FreshDatabase, tmp_path: Path
) -> None:
    pool = await open_pool(settings.keys_url)
    await PostgresKeyStore(pool, MasterKey.read(settings.master_key_file)).keep_check()
    await pool.close()
    MasterKey.make(tmp_path / "other.key")
    before = await everything_in(database.keys_superuser_url)
    with pytest.raises(WrongMasterKey):
        async with open_house(settings.model_copy(update={"master_key_file": tmp_path / "other.key"})):
            pytest.fail("it opened")
    assert await everything_in(database.keys_superuser_url) == before


async def test_many_people_have_the_pseudonyms_that_each_has_alone(keys: KeyStore) -> None:
    known = await keys.subject_for("id:2")
    assert await keys.find_subjects(["id:1", "id:2"]) == {"id:2": known}
    made = await keys.subjects_for(["id:1", "id:2", "id:3"])
    assert made == {name: await keys.subject_for(name) for name in ("id:1", "id:2", "id:3")}
    assert made["id:2"] == known and len(set(made.values())) == 3
    assert await keys.find_subjects(["id:3", "id:4"]) == {"id:3": made["id:3"]}
    assert await keys.subjects_for([]) == await keys.find_subjects([]) == {}


async def test_many_people_made_by_many_at_once_have_one_pseudonym_each(keys: KeyStore) -> None:
    names = [f"id:{number}" for number in range(200)]
    made = await asyncio.gather(*(keys.subjects_for(names[::way]) for way in (1, -1, 1, -1)))
    assert all(found == made[0] for found in made)


async def test_pseudonyms_made_by_two_processes_are_the_same(settings: Settings) -> None:
    names = [f"id:{number}" for number in range(500)]
    pools = [await open_pool(settings.keys_url) for _ in range(4)]
    stores = [PostgresKeyStore(pool, MasterKey.read(settings.master_key_file)) for pool in pools]
    made = await asyncio.gather(
        *(store.subjects_for(names[::way]) for store, way in zip(stores, (1, -1, 1, -1), strict=True))
    )
    assert all(found == made[0] for found in made)
    for pool in pools:
        await pool.close()
