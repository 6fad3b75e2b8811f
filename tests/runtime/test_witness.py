"""The witness as a process of its own, asked over HTTP as a log asks it, and killed at the worst moments."""

import json
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import typer.main
from hypothesis import given, settings
from hypothesis import strategies as st

from eventstore.transparency.note import BadSignature, Note, Signature, Signer, Verifier
from eventstore.transparency.witness import AddCheckpoint, cosignatures
from runtime.settings import PROJECT
from runtime.witness_alarms import Alarms, Kind
from runtime.witness_cli import witness_app
from runtime.witness_folder import WitnessFolder
from runtime.witness_process import LONGEST_BODY, Door
from tests.runtime.witnesses import ORIGIN, PATIENCE_SECONDS, RUN, Log, a_witness, running, witness

LOG = Log()
OTHER_PAST = Log(LOG.signer, b"other")

DIES = """
import os, signal, sys
from runtime.witness_cli import witness_app
from runtime.witness_folder import WitnessFolder

kept = WitnessFolder.remember
def remember(self, origin, note):
    if {before}: os.kill(os.getpid(), signal.SIGKILL)
    kept(self, origin, note)
    os.kill(os.getpid(), signal.SIGKILL)
WitnessFolder.remember = remember
witness_app(["run", *sys.argv[1:]])
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return a_witness(tmp_path, LOG.signer)


def key_of(data: Path) -> Verifier:
    return WitnessFolder(data).signer().verifier


def asked(client: httpx2.Client, body: bytes) -> httpx2.Response:
    return client.post("/add-checkpoint", content=body)


def test_growth_is_cosigned_and_everything_else_answered_as_the_protocol_says(data: Path) -> None:
    with running(data) as (client, _):
        for old, new in ((0, 0), (0, 3), (3, 3), (3, 300)):
            answer = asked(client, LOG.asks(old, new))
            assert answer.status_code == 200, answer.text
            assert cosignatures(answer.text, key_of(data), LOG.checkpoint(new).text)
        behind = asked(client, LOG.asks(3, 400))
        assert (behind.status_code, behind.text) == (409, "300\n")
        assert behind.headers["content-type"] == "text/x.tlog.size"
        assert asked(client, OTHER_PAST.asks(300, 400)).status_code == 422
        assert asked(client, Log(Signer.make("stranger.example")).asks(0, 3)).status_code == 404
        assert asked(client, Log(Signer.make(ORIGIN)).asks(300, 301)).status_code == 403
        spoilt = Note(LOG.checkpoint(301).text, (Signature(ORIGIN, LOG.signer.verifier.key_id, bytes(64)),))
        assert asked(client, bytes(AddCheckpoint(300, (), spoilt))).status_code == 403
        assert asked(client, LOG.asks(500, 400)).status_code == 400
        assert asked(client, b"x" * (LONGEST_BODY + 1)).status_code == 413
        assert client.get("/add-checkpoint").status_code == 405


def test_what_was_cosigned_is_remembered_by_the_next_process(data: Path) -> None:
    with running(data) as (client, process):
        assert asked(client, LOG.asks(0, 5)).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) in (0, -signal.SIGTERM)
    with running(data) as (client, process):
        assert asked(client, LOG.asks(0, 5)).text == "5\n"
        assert asked(client, LOG.asks(5, 8)).status_code == 200
        process.kill()
    with running(data) as (client, _):
        assert asked(client, LOG.asks(5, 8)).text == "8\n"


@pytest.mark.parametrize("before", [True, False], ids=["before it is kept", "after it was kept"])
def test_a_witness_killed_around_the_keeping_answers_the_repetition_as_if_nothing_had_been(
    data: Path, before: bool
) -> None:
    with running(data) as (client, _):
        assert asked(client, LOG.asks(0, 4)).status_code == 200
    with running(data, program=("-c", DIES.format(before=before))) as (client, process):
        with pytest.raises(httpx2.TransportError):
            asked(client, LOG.asks(4, 9))
        assert process.wait(PATIENCE_SECONDS) == -signal.SIGKILL
    with running(data) as (client, _):
        stands = 4 if before else 9
        again = asked(client, LOG.asks(4, 9))
        assert (again.status_code, again.text) == (409, "9\n") or (before and again.status_code == 200)
        assert asked(client, OTHER_PAST.asks(stands, 9)).status_code in (409, 422)
        answer = asked(client, LOG.asks(9, 9))
        assert answer.status_code == 200
        assert cosignatures(answer.text, key_of(data), LOG.checkpoint(9).text)


def test_two_signed_pasts_are_an_alarm_that_stands_until_it_is_settled(data: Path) -> None:
    with running(data) as (client, _):
        assert asked(client, LOG.asks(0, 7)).status_code == 200
        assert witness("check", "--data", str(data)).exit_code == 0
        assert asked(client, OTHER_PAST.asks(7, 7)).status_code == 422
        assert asked(client, LOG.asks(7, 12)).status_code == 200
        (alarm,) = client.get("/status").json()["alarms"]
        assert (alarm["kind"], alarm["log"]) == ("fork", ORIGIN)
        shown = [Note.parse(note.encode()) for note in alarm["evidence"]]
        assert [note.text for note in shown] == [LOG.checkpoint(7).text, OTHER_PAST.checkpoint(7).text]
        assert all(note.signed_by([LOG.signer.verifier]) for note in shown), "whoever gets it can check it"
        assert f'investiture_witness_alarms{{kind="fork",log="{ORIGIN}"}} 1.0' in client.get("/metrics").text
        assert witness("check", "--data", str(data)).exit_code == 1
        settled = witness("settle", str(alarm["number"]), "--reason", "a test of ours", "--data", str(data))
        assert settled.exit_code == 0
        assert client.get("/status").json()["alarms"] == []
        assert witness("settle", str(alarm["number"]), "--reason", "again", "--data", str(data)).exit_code == 2


def test_a_tree_that_is_not_shown_to_go_on_is_an_alarm_until_it_is(data: Path) -> None:
    with running(data) as (client, _):
        assert asked(client, LOG.asks(0, 7)).status_code == 200
        assert asked(client, OTHER_PAST.asks(7, 9)).status_code == 422
        (alarm,) = client.get("/status").json()["alarms"]
        assert alarm["kind"] == "unproved" and "9 entries" in alarm["what"]
        assert asked(client, LOG.asks(7, 9)).status_code == 200
        said = client.get("/status").json()
        assert (said["alarms"], said["alarms_over"]) == ([], 1)


def test_keys_are_rotated_while_it_runs(data: Path) -> None:
    new = Signer.make(ORIGIN)
    with running(data) as (client, _):
        assert asked(client, LOG.asks(0, 2)).status_code == 200
        assert asked(client, Log(new).asks(2, 3)).status_code == 403
        assert witness("trust", str(new.verifier), "--data", str(data)).exit_code == 0
        assert asked(client, Log(new).asks(2, 3)).status_code == 200
        assert asked(client, LOG.asks(3, 4)).status_code == 200
        assert witness("distrust", LOG.signer.verifier.key_id.hex(), "--data", str(data)).exit_code == 0
        assert asked(client, LOG.asks(4, 5)).status_code == 403
        assert asked(client, Log(new).asks(4, 5)).status_code == 200


def test_its_own_key_is_rotated_while_it_rests_and_it_forgets_nothing(data: Path) -> None:
    old = key_of(data)
    with running(data) as (client, _):
        assert asked(client, LOG.asks(0, 2)).status_code == 200
        refused = witness("rotate", "--data", str(data))
        assert refused.exit_code == 2 and "already runs on" in refused.stderr
    (data / "witness.key.new").write_text("left by a crash")
    new = Verifier.parse(witness("rotate", "--data", str(data)).stdout)
    assert new.name == old.name and new.key_id != old.key_id
    assert Signer.read(data / "retired" / f"{old.key_id.hex()}.key").verifier == old
    with running(data) as (client, _):
        assert asked(client, OTHER_PAST.asks(2, 3)).status_code == 422
        answer = asked(client, LOG.asks(2, 3))
        assert cosignatures(answer.text, new, LOG.checkpoint(3).text)


def test_status_and_metrics_say_how_far_each_log_has_come(data: Path) -> None:
    with running(data) as (client, _):
        assert client.get("/healthz").text == "ok\n"
        assert asked(client, LOG.asks(0, 42)).status_code == 200
        said = client.get("/status").json()
        assert said["key"] == str(key_of(data))
        assert said["logs"][0]["cosigned"]["size"] == 42
        assert f'investiture_witness_log_size{{as="cosigned",log="{ORIGIN}"}} 42.0' in client.get("/metrics").text
        assert json.loads(witness("show", "--json", "--data", str(data)).stdout) == said


def test_second_process_on_a_folder_is_refused(data: Path) -> None:
    with running(data):
        second = started(data)
        assert second.returncode == 2
        assert "already runs on" in second.stderr


def test_taken_port_is_refused_by_name(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = started(data, "--port", str(port))
    assert refused.returncode == 2
    assert f"127.0.0.1:{port} cannot be listened on" in refused.stderr


def started(data: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *RUN, "--data", str(data), *words]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=PATIENCE_SECONDS)


def test_key_is_made_once_and_for_its_owner_alone(data: Path) -> None:
    before = (data / "witness.key").read_bytes()
    assert stat.S_IMODE((data / "witness.key").stat().st_mode) == 0o600
    again = witness("init", "--name", "supervision.example", "--data", str(data))
    assert again.exit_code == 2 and "left as it is" in again.stderr
    assert (data / "witness.key").read_bytes() == before
    (data / "witness.key").chmod(0o644)
    opened = witness("show", "--data", str(data))
    assert opened.exit_code == 2 and "chmod 600" in opened.stderr


def test_what_stands_in_the_way_is_said_in_a_sentence(data: Path, tmp_path: Path) -> None:
    for words, says in (
        (("run", "--data", str(tmp_path / "none")), "investiture witness init"),
        (("init", "--name", "two words", "--data", str(tmp_path / "other")), "no name for a key"),
        (("trust", "nonsense", "--data", str(data)), "is no key"),
        (("trust", str(key_of(data)), "--data", str(data)), "key of its log"),
        (("distrust", "00000000", "--data", str(data)), "no key that this witness trusts"),
    ):
        refused = witness(*words)
        assert refused.exit_code == 2 and says in refused.stderr, words
        assert "Traceback" not in refused.output


def test_memory_that_cannot_be_read_is_never_taken_for_an_empty_one(data: Path) -> None:
    with running(data) as (client, _):
        assert asked(client, LOG.asks(0, 5)).status_code == 200
        (WitnessFolder(data).of(ORIGIN) / "cosigned").write_text("spoilt")
        spoilt = asked(client, OTHER_PAST.asks(0, 5))
        assert spoilt.status_code == 503 and "nothing may stand in for it" in spoilt.text
    assert started(data).returncode == 2


def test_witness_needs_no_database_no_engine_and_no_setting_of_the_service() -> None:
    found = "import sys, runtime.witness_cli, runtime.witness_process; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", found], cwd=PROJECT, capture_output=True, text=True, check=True)
    loaded = {module.partition(".")[0] for module in said.stdout.split()} | set(said.stdout.split())
    assert not loaded & {"asyncpg", "temporalio", "domain", "workflows", "api", "runtime.settings"}


def test_the_document_for_both_departments_has_every_alarm_and_no_command_that_there_is_not() -> None:
    text = (PROJECT / "docs" / "witness.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \| .*\| .*\| .* \|$", text, re.MULTILINE) == [str(kind) for kind in Kind]
    named = set(re.findall(r"(?<![\w/.])witness (\w+) (?:--|[A-Z'])", text)) | {"check", "recheck"}
    assert named <= set(typer.main.get_command(witness_app).commands)  # type: ignore[attr-defined]
    assert {"init", "trust", "distrust", "run", "rotate", "settle"} <= named


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    data = a_witness(tmp_path_factory.mktemp("door"), LOG.signer)
    yield Door(WitnessFolder(data), Alarms(data / "alarms"))


REQUEST = LOG.asks(0, 9)
SPLICED = st.tuples(st.integers(0, len(REQUEST)), st.integers(0, len(REQUEST)), st.binary(max_size=40)).map(
    lambda cut: REQUEST[: cut[0]] + cut[2] + REQUEST[cut[1] :]
)
WORDS = st.lists(st.sampled_from([b"old ", b"9" * 5000, b"-1", b"\n", "— ".encode(), b"+", b"A" * 43 + b"=", b"\n\n"]))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300) | SPLICED | WORDS.map(b"".join))
def test_no_body_makes_it_fail_or_cosign_what_the_log_has_not_signed(door: Door, body: bytes) -> None:
    answer = door.add_checkpoint(body)
    assert answer.status in (200, 400, 403, 404, 409, 422)
    if answer.status == 200:
        note = AddCheckpoint.parse(body).checkpoint
        assert note.signed_by([LOG.signer.verifier])
        with pytest.raises(BadSignature):
            cosignatures(answer.body, door.folder.signer().verifier, note.text.replace("9", "8", 1))
