"""Checkpoints are stamped by an RFC 3161 authority, and the stamps are checked by its certificate alone."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest

from eventstore.public_log import KEYS, PublicLog
from runtime.connections import House
from runtime.publisher import LogPublishing
from runtime.timestamping import NoTimestamp, TimestampAuthority, stamped_at
from tests.desk import Clock

CONFIG = """
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
certs = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""
EXTENSIONS = "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n"


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=60)


@dataclass(frozen=True)
class Authority:
    """A timestamp authority of a test's own, on OpenSSL."""

    folder: Path
    url: str

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "extensions").write_text(EXTENSIONS)
    (folder / "serial").write_text("01")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl(folder, "req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Root", "-days", "99")
    openssl(folder, "req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Time")
    sign = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-extfile", "extensions", "-days", "99")
    openssl(folder, "x509", "-req", "-in", "tsa.csr", "-out", "tsa.pem", *sign)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            openssl(folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
            self.send_response(200)
            self.end_headers()
            self.wfile.write((folder / "reply").read_bytes())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Authority(folder, f"http://127.0.0.1:{server.server_port}/")
    server.shutdown()
    thread.join()
    server.server_close()


async def test_a_checkpoint_is_stamped_and_checked_from_outside(house: House, tsa: Authority, tmp_path: Path) -> None:
    public, clock = PublicLog(house.settings.public_log), Clock()
    async with httpx2.AsyncClient(trust_env=False, timeout=30) as http:
        authority = TimestampAuthority(tsa.url, tsa.root, http)
        publishing = LogPublishing(house, None, clock, authority)
        await publishing.once()
        path = await publishing.stamp(pytest.fail)
        assert path is not None and await publishing.stamp(pytest.fail) is None
        clock.at += timedelta(seconds=house.settings.timestamp_every_seconds)
        assert await publishing.stamp(pytest.fail) == path
    file = public.folder / path
    public_keys = public.folder / KEYS
    await publishing.once()
    await publishing.once()
    verify = ("verify", str(file), "--keys", str(public_keys), "--tsa", str(tsa.root), "--json")
    done = subprocess.run([sys.executable, "-m", "runtime.cli", *verify], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["whole"] is True
    with pytest.raises(NoTimestamp):
        stamped_at(file.read_bytes(), b"another checkpoint", tsa.root)
    with pytest.raises(NoTimestamp):
        stamped_at(b"nonsense", b"another checkpoint", tsa.root)


async def test_an_authority_that_does_not_answer_stops_nothing(house: House, tsa: Authority) -> None:
    told: list[str] = []
    async with httpx2.AsyncClient(trust_env=False, timeout=5) as http:
        authority = replace(TimestampAuthority(tsa.url, tsa.root, http), url="http://127.0.0.1:9/")
        publishing = LogPublishing(house, None, Clock(), authority)
        await publishing.once()
        assert await publishing.stamp(told.append) is None
    assert len(told) == 1 and "did not answer" in told[0]
