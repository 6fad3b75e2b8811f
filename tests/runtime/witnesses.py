"""A witness as the process that it is, and a log that asks it."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from typer.testing import CliRunner, Result

from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.merkle import consistency_proof, root_of
from eventstore.transparency.note import Note, Signer
from eventstore.transparency.witness import AddCheckpoint
from runtime.settings import PROJECT
from runtime.witness_cli import witness_app
from tests.eventstore.transparency.trees import leaves, subtrees_of

ORIGIN = "log.example/log"
PATIENCE_SECONDS = 60.0
RUN = ("-m", "runtime.witness_cli", "run")


def witness(*words: str) -> Result:
    """What a command of the witness answers."""
    return CliRunner().invoke(witness_app, list(words), env={"COLUMNS": "100", "TERM": "dumb"})


def a_witness(folder: Path, *trusted: Signer) -> Path:
    """A new witness that trusts those logs."""
    data = folder / "witness"
    assert witness("init", "--name", "supervision.example", "--data", str(data)).exit_code == 0
    for signer in trusted:
        assert witness("trust", str(signer.verifier), "--data", str(data)).exit_code == 0
    return data


@dataclass(frozen=True)
class Log:
    """A log that grows, and could lie: with another salt it has another past."""

    signer: Signer = field(default_factory=lambda: Signer.make(ORIGIN))
    salt: bytes = b""

    def checkpoint(self, size: int) -> Note:
        return Checkpoint(self.signer.name, size, root_of(leaves(size, self.salt))).signed([self.signer])

    def asks(self, old: int, new: int) -> bytes:
        proof = consistency_proof(old, new, subtrees_of(leaves(new, self.salt))) if old <= new else []
        return bytes(AddCheckpoint(old, tuple(proof), self.checkpoint(new)))


@contextmanager
def running(
    data: Path, *words: str, program: Sequence[str] = RUN
) -> Iterator[tuple[httpx2.Client, "subprocess.Popen[str]"]]:
    """The witness runs on that folder; it is killed when the block is left."""
    command = [sys.executable, *program, "--data", str(data), "--port", "0", *words]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None and process.stderr is not None
        ready = process.stdout.readline()
        assert ready.startswith("ready "), process.stderr.read()
        with httpx2.Client(base_url=ready.split()[1], trust_env=False, timeout=PATIENCE_SECONDS) as client:
            yield client, process
    finally:
        process.kill()
        process.communicate()
