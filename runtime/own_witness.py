"""A witness of an installation's own, for trying out.

It shows how the two work together. Whoever has this machine has both, so to outsiders it proves nothing.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx2

from eventstore.transparency.note import UnreadableKey
from runtime.child import Child, StartFailed
from runtime.embedded import free_port
from runtime.log_key import log_key_of, origin_of, signers_in
from runtime.settings import PROJECT
from runtime.witness_folder import KEY, WitnessFolder, WitnessUnusable

HOST = "127.0.0.1"
FOLDER = "witness"
PROGRAM = (sys.executable, "-m", "runtime.witness_cli")
ELSEWHERE = "INVESTITURE_WITNESS_URL"
EVERY_SECONDS = 10


@dataclass(frozen=True)
class OwnWitness:
    """Where it keeps its memory, where it is reached, and which log it follows."""

    folder: WitnessFolder
    port: int
    log_address: str

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def settings(self) -> dict[str, str]:
        """What the publisher must know of it."""
        return {"witness_url": self.address, "witness_key": str(self.folder.signer().verifier)}

    def child(self) -> Child:
        """The process: ready when it answers."""
        words = ("run", "--data", str(self.folder.path), "--host", HOST, "--port", str(self.port))
        follows = ("--follow", self.log_address, "--every", str(EVERY_SECONDS))
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        return Child("witness", (*PROGRAM, *words, *follows), environment, folder=PROJECT, ready=self._answers)

    async def _answers(self) -> bool:
        try:
            async with httpx2.AsyncClient(trust_env=False, timeout=5) as client:
                return (await client.get(f"{self.address}/healthz")).status_code == 200
        except httpx2.HTTPError:
            return False


def own_witness(data: Path, public_url: str, log_keys: Path) -> OwnWitness | None:
    """The installation's own witness, which trusts the keys of its log; nothing where it was told of one elsewhere.

    Both keys are made where there are none. Refuses: StartFailed.
    """
    if os.environ.get(ELSEWHERE):
        return None
    folder = WitnessFolder(data / FOLDER)
    try:
        log = log_key_of(log_keys, origin_of(public_url)).name
        if not (folder.path / KEY).exists():
            WitnessFolder.make(folder.path, f"{log}/own-witness")
        for signer in signers_in(log_keys):
            folder.trust(signer.verifier)
    except (WitnessUnusable, UnreadableKey) as problem:
        raise StartFailed(str(problem)) from None
    return OwnWitness(folder, free_port(), f"{public_url}/log")
