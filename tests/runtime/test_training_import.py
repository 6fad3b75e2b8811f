"""Files of training records from the command line: signed on this machine, sent, and checked against the service."""

import json
import shutil
import subprocess
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from domain.school_key import key_id_of, public_key_of
from runtime.training_cli import training_app
from tests.runtime.terminal import Clerk

GROUP = "training"
HEADER = "person,number,title,kind,method,began_on,ended_on,hours,attended_hours,passed"
LINE = "staff-{0},2026/{0},Administrative law,in_service,off_job,2026-01-12,2026-01-23,70,64,yes"


def openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """A folder with a school's pair, made as the help says."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here")
    openssl("genpkey", "-algorithm", "ed25519", "-out", str(tmp_path / "school.key"))
    openssl("pkey", "-in", str(tmp_path / "school.key"), "-pubout", "-out", str(tmp_path / "school.pub"))
    return tmp_path


def records(folder: Path, *lines: str) -> str:
    file = folder / "records.csv"
    file.write_text("\n".join([HEADER, *lines]), "utf-8")
    return str(file)


async def test_a_school_signs_sends_and_anybody_checks_who_vouched(clerk: Clerk, pair: Path) -> None:
    file, key = records(pair, *(LINE.format(number) for number in range(50))), str(pair / "school.key")
    unregistered = clerk.types("import", file, "--sign", key)
    assert unregistered.exit_code == 1 and "registered no key" in " ".join(unregistered.stderr.split())
    clerk.gets("register-key", str(pair / "school.pub"))
    tried = clerk.gets("import", file, "--dry-run")
    assert tried["counts"] == {"would_record": 50}
    done = clerk.gets("import", file, "--sign", key)
    assert (done["counts"], done["completed"]) == ({"recorded": 50}, True)
    assert "50 lines: 50 repeated" in clerk.types("import", file, "--sign", key).stdout

    told = clerk.types("verify-import", file)
    assert told.exit_code == 0 and "training-school sent it" in told.stdout and "is genuine" in told.stdout
    other = records(pair, LINE.format(1))
    assert clerk.types("verify-import", other).exit_code == 1

    public = (pair / "school.pub").read_text("ascii")
    (shown,) = clerk.gets("school-keys", "training-school")["keys"]
    assert shown["public_key"] == public and shown["key_id"] == key_id_of(public_key_of(public))
    clerk.gets("revoke-key", shown["key_id"], "--reason", "replaced")
    assert "revoked" in clerk.types("school-keys", "training-school").stdout
    assert clerk.types("import", other, "--sign", key).exit_code == 1


async def test_a_signature_is_made_apart_and_is_what_openssl_makes(clerk: Clerk, pair: Path) -> None:
    file, key = records(pair, LINE.format(1)), str(pair / "school.key")
    clerk.gets("register-key", str(pair / "school.pub"))
    signed = CliRunner().invoke(training_app, ["sign", file, "--key", key])
    assert signed.exit_code == 0
    (pair / "records.sig").write_text(signed.stdout, "ascii")
    digest = sha256(Path(file).read_bytes()).hexdigest()
    (pair / "statement").write_text(f"investiture training import\npack standard\nsha256 {digest}\n", "ascii")
    said = ("-in", str(pair / "statement"), "-out", str(pair / "by.openssl"))
    openssl("pkeyutl", "-sign", "-inkey", key, "-rawin", *said)
    assert signed.stdout.strip().endswith(b64encode((pair / "by.openssl").read_bytes()).decode())
    other = CliRunner().invoke(training_app, ["sign", file, "--key", key, "--pack", "cn.sr2019"])
    (pair / "other.sig").write_text(other.stdout, "ascii")
    assert clerk.types("import", file, "--signature", str(pair / "other.sig")).exit_code == 1
    assert clerk.gets("import", file, "--signature", str(pair / "records.sig"))["completed"]


async def test_a_wrong_line_is_told_in_the_report_and_in_the_exit_code(clerk: Clerk, pair: Path) -> None:
    clerk.gets("register-key", str(pair / "school.pub"))
    file = records(pair, LINE.format(1), LINE.format(2).replace("in_service", "juggling"), LINE.format(3))
    kept = pair / "report.csv"
    answer = clerk.types("import", file, "--sign", str(pair / "school.key"), "--report", str(kept))
    assert answer.exit_code == 1 and "3 lines: 2 recorded, 1 refused" in answer.stdout
    assert "juggling" in " ".join(answer.stdout.split())
    assert [row.split(",")[1] for row in kept.read_text("utf-8-sig").splitlines()[1:]] == [
        *("recorded", "refused", "recorded")
    ]


async def test_where_many_people_serve_is_registered_from_a_file(clerk: Clerk, tmp_path: Path) -> None:
    file = tmp_path / "people.jsonl"
    said = {"unit": "Registry", "pack": "standard", "rank": "officer", "since_on": "2024-09-01"}
    file.write_text("\n".join(json.dumps(said | {"person": f"staff-{n}"}) for n in range(30)), "utf-8")
    assert clerk.gets("import-service", str(file))["counts"] == {"recorded": 30}
    assert clerk.gets("import-service", str(file))["counts"] == {"repeated": 30}


def test_a_file_that_is_no_key_is_said_to_be_none(tmp_path: Path) -> None:
    file = records(tmp_path, LINE.format(1))
    answer = CliRunner().invoke(training_app, ["sign", file, "--key", file])
    assert answer.exit_code == 2 and "openssl genpkey -algorithm ed25519" in " ".join(
        answer.stderr.replace("│", " ").split()
    )
