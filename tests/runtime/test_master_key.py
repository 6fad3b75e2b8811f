"""The master key of an installation: made once, never beside a database that was made with another one."""

from pathlib import Path

import pytest
from rich.console import Console

from eventstore.keys import MasterKey, WrongMasterKey
from runtime import cli
from runtime.child import StartFailed
from runtime.embedded import free_port
from runtime.migrate_cli import bring_up_to_date
from runtime.settings import PROJECT, Settings
from runtime.up import Installation, run_until_stopped


async def test_up_makes_no_new_master_key_beside_a_database(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with pytest.raises(StartFailed, match=r"master\.key is missing.*Put it back"):
        await run_until_stopped(Installation(tmp_path, free_port()), Console(quiet=True))
    assert not (tmp_path / "master.key").exists()


async def test_migrate_has_the_key_store_know_its_master_key(settings: Settings, tmp_path: Path) -> None:
    shipped = settings.model_copy(update={"packs": PROJECT / "packs"})
    for _ in range(2):
        await bring_up_to_date(shipped, as_json=True)
    MasterKey.make(tmp_path / "other.key")
    with pytest.raises(WrongMasterKey):
        await bring_up_to_date(shipped.model_copy(update={"master_key_file": tmp_path / "other.key"}), as_json=True)


def test_the_wrong_master_key_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise WrongMasterKey

    monkeypatch.setattr(cli, "app", refuse)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("The master key file does not belong to this key store. Put back")
