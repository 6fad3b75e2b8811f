"""The witness that an installation brings for trying out: made once, told of every key of its log, and started."""

from pathlib import Path

import httpx2
import pytest

from eventstore.transparency.note import Signer
from runtime.child import StartFailed
from runtime.own_witness import ELSEWHERE, OwnWitness, own_witness
from runtime.supervisor import supervised

PUBLIC_URL = "http://127.0.0.1:8080"


def prepared(data: Path, public_url: str = PUBLIC_URL) -> OwnWitness:
    found = own_witness(data, public_url, data / "log-signer")
    assert found is not None
    return found


async def test_it_answers_as_a_process_of_the_installation_and_follows_its_log(tmp_path: Path) -> None:
    own = prepared(tmp_path)
    async with supervised(tmp_path / "logs", lambda sentence: None) as supervisor:
        await supervisor.start(own.child())
        async with httpx2.AsyncClient(trust_env=False) as client:
            said = (await client.get(f"{own.settings()['witness_url']}/status")).json()
    assert said["key"] == own.settings()["witness_key"]
    assert [log["origin"] for log in said["logs"]] == ["127.0.0.1:8080/log"]


def test_next_start_keeps_its_key_and_trusts_the_key_that_the_log_was_given_since(tmp_path: Path) -> None:
    first = prepared(tmp_path).settings()["witness_key"]
    successor = Signer.make("127.0.0.1:8080/log")
    successor.write(tmp_path / "log-signer" / "0002.key")
    again = prepared(tmp_path, "http://127.0.0.1:9000")
    assert again.settings()["witness_key"] == first
    ((log, keys),) = again.folder.logs().items()
    assert log == "127.0.0.1:8080/log", "a log keeps its name when it moves"
    assert len(keys) == 2 and successor.verifier in keys


def test_where_a_witness_elsewhere_was_named_none_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ELSEWHERE, "https://witness.supervision.example")
    assert own_witness(tmp_path, PUBLIC_URL, tmp_path / "log-signer") is None
    assert not (tmp_path / "witness").exists()


@pytest.mark.parametrize("key", ["log-signer/0001.key", "witness/witness.key"])
def test_a_key_that_cannot_be_read_stops_the_start_and_is_named(tmp_path: Path, key: str) -> None:
    prepared(tmp_path)
    (tmp_path / key).write_text("spoilt")
    with pytest.raises(StartFailed, match=Path(key).name):
        prepared(tmp_path)
