"""The master key lies in a file, or behind the program of a KMS; it is changed without anybody losing anything."""

import stat
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from eventstore.key_rotation import rewrap
from eventstore.keys import MasterKey, PostgresKeyStore, WrongMasterKey, keyed_id
from runtime.cli import app
from runtime.connections import open_house, open_pool
from runtime.master_key import ByProgram, InTheFile, MasterKeyUnavailable, make_master_key, master_key_in
from runtime.settings import Settings

# A program as a KMS brings one: its own key stays with it, and what it did not make it does not open.
PROGRAM = """
import base64, sys
from cryptography.fernet import Fernet
kept = Fernet(base64.urlsafe_b64encode({key!r}.encode().ljust(32, b'.')))
said = sys.stdin.buffer.read().strip()
if sys.argv[1] == "wrap":
    sys.stdout.buffer.write(kept.encrypt(said))
elif sys.argv[1] == "unwrap":
    try:
        sys.stdout.buffer.write(kept.decrypt(said))
    except Exception:
        sys.exit("this key was not wrapped here")
"""


def kms(folder: Path, key: str = "hsm-1") -> str:
    program = folder / f"kms-{key}.py"
    program.write_text(PROGRAM.format(key=key))
    return f"{sys.executable} {program}"


def made(folder: Path, command: str) -> Path:
    file = folder / f"{uuid4().hex}.key"
    make_master_key(file, ByProgram(command))
    return file


def test_a_program_keeps_the_key_and_the_file_gives_nothing_away(tmp_path: Path) -> None:
    file = made(tmp_path, kms(tmp_path))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first, again = (master_key_in(file, ByProgram(kms(tmp_path))) for _ in range(2))
    assert first.check == again.check
    with pytest.raises(MasterKeyUnavailable, match=r"gives no master key.*INVESTITURE_MASTER_KEY_COMMAND"):
        master_key_in(file, InTheFile())
    with pytest.raises(FileExistsError):
        make_master_key(file, ByProgram(kms(tmp_path)))


def test_what_a_program_cannot_do_is_said_in_a_sentence(tmp_path: Path) -> None:
    file = made(tmp_path, kms(tmp_path))
    with pytest.raises(MasterKeyUnavailable, match=r"ended with status 1: this key was not wrapped here\. See whether"):
        master_key_in(file, ByProgram(kms(tmp_path, "hsm-2")))
    with pytest.raises(MasterKeyUnavailable, match="cannot be run"):
        master_key_in(file, ByProgram(str(tmp_path / "no-such-program")))
    with pytest.raises(MasterKeyUnavailable, match="it said nothing"):
        master_key_in(file, ByProgram(f"{sys.executable} -c pass"))
    with pytest.raises(MasterKeyUnavailable, match="cannot be read"):
        master_key_in(tmp_path / "missing.key", InTheFile())


async def test_a_house_opens_by_its_program_and_moves_from_a_file_to_it(settings: Settings, tmp_path: Path) -> None:
    async with open_house(settings) as house:
        person, sealed = await house.keys.subject_for("staff-1"), await house.keys.keys_for(["person/a", "person/b"])
        wish, payloads = keyed_id(house.keys, "wish", "1"), house.master.payload_key
        await house.keys.destroy(person)
    file, command = made(tmp_path, kms(tmp_path)), kms(tmp_path)
    pool = await open_pool(settings.keys_url, size=2)
    await PostgresKeyStore(pool, MasterKey.read(settings.master_key_file)).keep_check()
    old, new = MasterKey.read(settings.master_key_file), master_key_in(file, ByProgram(command))
    seen: list[tuple[int, int]] = []
    assert await rewrap(pool, old, new, lambda done, total: seen.append((done, total))) == 2
    assert seen == [(2, 2)]
    assert await rewrap(pool, old, new) == 0, "safe to repeat"
    with pytest.raises(WrongMasterKey):
        await rewrap(pool, MasterKey(b"3" * 32), old)
    moved = settings.model_copy(update={"master_key_file": file, "master_key_command": command})
    async with open_house(moved) as house:
        assert await house.keys.open_keys(["person/a", "person/b"]) == sealed
        assert keyed_id(house.keys, "wish", "1") == wish and house.master.payload_key == payloads
        assert await house.keys.find_subject("staff-1") is None
    with pytest.raises(WrongMasterKey):
        async with open_house(settings):
            raise AssertionError("the old key opens nothing any more")
    await pool.close()


async def test_a_process_with_the_old_key_makes_no_key_after_the_change(settings: Settings, tmp_path: Path) -> None:
    pool = await open_pool(settings.keys_url, size=2)
    old, new = MasterKey.read(settings.master_key_file), MasterKey(b"n" * 32)
    late = PostgresKeyStore(pool, old)
    await late.keep_check()
    await rewrap(pool, old, new)
    with pytest.raises(WrongMasterKey):
        await late.keys_for(["person/new"])
    assert await pool.fetchval("SELECT count(*) FROM owner_key") == 0
    await pool.close()


async def test_a_change_that_is_interrupted_changes_nothing(settings: Settings) -> None:
    pool = await open_pool(settings.keys_url, size=2)
    old, new = MasterKey.read(settings.master_key_file), MasterKey(b"n" * 32)
    store = PostgresKeyStore(pool, old)
    before = await store.keys_for(["person/a"])
    await store.keep_check()

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await rewrap(pool, old, new, stop)
    assert await store.open_keys(["person/a"]) == before
    await store.check_master_key()
    assert await rewrap(pool, old, new) == 1
    await pool.close()


def test_the_commands_of_the_help_work(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("database_url", "keys_url", "master_key_file", "data"):
        monkeypatch.setenv(f"INVESTITURE_{name.upper()}", str(getattr(settings, name)))
    file, command = tmp_path / "new.key", kms(tmp_path)
    done = CliRunner().invoke(app, ["make-master-key", str(file), "--command", command])
    assert done.exit_code == 0, done.output
    words = ["keys", "rewrap", "--to", str(file), "--to-command", command, "--json"]
    rewrapped = CliRunner().invoke(app, words)
    assert rewrapped.exit_code == 0 and rewrapped.stdout.strip() == '{"rewrapped": 0}', rewrapped.output
