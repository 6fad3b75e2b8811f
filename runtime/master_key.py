"""Where the master key lies: in a file as it is, or in a file that only a program of the house's KMS can open.

The program is run once by each process that starts, as `PROGRAM unwrap` or `PROGRAM wrap`. It reads standard input to
its end and writes its answer on standard output: `wrap` gets the key in base64 and gives what is to be kept in the
file, `unwrap` gets the file and gives the key in base64. A status other than 0 means that it could not.
"""

import os
import secrets
import shlex
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Protocol

from eventstore.keys import KEY_BYTES, MasterKey
from runtime.settings import Settings

PATIENCE_SECONDS = 30.0


class MasterKeyUnavailable(Exception):
    """The master key cannot be had: its file or its program does not give it."""


class Custody(Protocol):
    """Keeps a master key, whole or wrapped."""

    def open(self, kept: bytes) -> bytes:
        """The key in base64, from what is kept.

        Refuses: MasterKeyUnavailable.
        """
        ...

    def keep(self, key: bytes) -> bytes:
        """What is to be kept, from the key in base64.

        Refuses: MasterKeyUnavailable.
        """
        ...


class InTheFile:
    """The file holds the key itself."""

    def open(self, kept: bytes) -> bytes:
        return kept

    def keep(self, key: bytes) -> bytes:
        return key


class ByProgram:
    """The file holds what a program made of the key, and only that program can undo it."""

    def __init__(self, command: str):
        self._command = shlex.split(command)

    def open(self, kept: bytes) -> bytes:
        return self._run("unwrap", kept)

    def keep(self, key: bytes) -> bytes:
        return self._run("wrap", key)

    def _run(self, verb: str, given: bytes) -> bytes:
        program = " ".join([*self._command, verb])
        try:
            done = subprocess.run(
                [*self._command, verb], input=given, capture_output=True, timeout=PATIENCE_SECONDS, check=False
            )
        except OSError as problem:
            raise MasterKeyUnavailable(
                f"The program of the KMS cannot be run: `{program}`: {problem.strerror}. "
                "Correct INVESTITURE_MASTER_KEY_COMMAND."
            ) from None
        except subprocess.TimeoutExpired:
            raise MasterKeyUnavailable(
                f"`{program}` gave no answer in {PATIENCE_SECONDS:.0f} seconds. See whether the KMS can be reached."
            ) from None
        if done.returncode != 0 or not done.stdout.strip():
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise MasterKeyUnavailable(
                f"`{program}` ended with status {done.returncode}: {said[-1] if said else 'it said nothing'}. "
                "See whether the KMS can be reached, and whether it may use this key."
            )
        return done.stdout.strip()


def custody(command: str | None) -> Custody:
    """How a master key is kept, by the setting that names a program, or by none."""
    return ByProgram(command) if command else InTheFile()


def read_master_key(settings: Settings) -> MasterKey:
    """The master key of an installation.

    Refuses: MasterKeyUnavailable.
    """
    return master_key_in(settings.master_key_file, custody(settings.master_key_command))


def master_key_in(file: Path, kept_by: Custody) -> MasterKey:
    """The master key that a file holds, or holds wrapped.

    Refuses: MasterKeyUnavailable.
    """
    try:
        kept = file.read_bytes().strip()
    except OSError as problem:
        raise MasterKeyUnavailable(
            f"The master key cannot be read from {file}: {problem.strerror}. Put it back, or correct "
            "INVESTITURE_MASTER_KEY_FILE."
        ) from None
    try:
        return MasterKey(b64decode(kept_by.open(kept), validate=True))
    except ValueError:
        raise MasterKeyUnavailable(
            f"{file} gives no master key: {KEY_BYTES} bytes in base64 were expected. Put the right file back, or name "
            "the program that opens it in INVESTITURE_MASTER_KEY_COMMAND."
        ) from None


def make_master_key(file: Path, kept_by: Custody) -> None:
    """Writes a new master key where there is none; never over an old one.

    Refuses: MasterKeyUnavailable, FileExistsError.
    """
    kept = kept_by.keep(b64encode(secrets.token_bytes(KEY_BYTES)))
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as written:
        written.write(kept + b"\n")
        written.flush()
        os.fsync(written.fileno())
