"""A person is forgotten by a whole installation: before, their bytes are where they should be; afterwards nowhere."""

import asyncio
import base64
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest

from domain.identity import Role
from eventstore.keys import MasterKey
from runtime.clock import now
from runtime.installation import found_settings
from runtime.local_issuer import mint
from runtime.settings import Settings
from runtime.temporal import connect
from tests.acceptance.installations import Running, installation
from tests.said_beside import SECRET, said_beside

NAME = "Zephyrine Vantongerloo"
COURSE = "Palaeography of the Vantongerloo charters"
SUBJECT = "staff-zv-88117"
GROUNDS = "Zephyrine never delivered the parchment of Ghent"
WORDS = (NAME, COURSE, SUBJECT, GROUNDS, SECRET)
PATIENCE_SECONDS = 60
TABLES = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relpersistence = 'p' ORDER BY 1"
COLUMNS = """
SELECT quote_ident(attname), atttypid::regtype::text FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with installation(tmp_path_factory.mktemp("forgetting")) as found:
        yield found


class Office:
    """Officers in front of the installation."""

    def __init__(self, running: Running):
        self.data = running.folder / "data"
        self.settings: Settings = found_settings(self.data)
        self.http = httpx2.Client(base_url=f"http://127.0.0.1:{running.port}", trust_env=False, timeout=30)
        self.said = 0

    def asks(self, method: str, path: str, body: Any, role: Role, **who: Any) -> httpx2.Response:
        token = mint(self.settings, [role], now=now(), **who)
        self.said += 1
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"forgetting-{self.said}"}
        return self.http.request(method, path, json=body, headers=headers)

    def does(self, path: str, body: Any, role: Role, **who: Any) -> Any:
        answer = self.asks("POST", f"/api/v1{path}", body, role, **who)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def reads(self, path: str, role: Role = Role.AUDITOR) -> str:
        return self.asks("GET", path, None, role).text


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.2)


def disguises(word: str) -> set[bytes]:
    plain = word.encode()
    return {plain, word.encode("utf-16-le"), plain.hex().encode(), base64.b64encode(plain)[:-4]}


def found_in(said: bytes) -> list[str]:
    return [word for word in WORDS if any(form in said for form in disguises(word))]


async def in_tables(settings: Settings) -> dict[str, list[str]]:
    """The words by the tables, those of the system among them, of both databases."""
    found: dict[str, list[str]] = {}
    for url, role in ((settings.database_url, "investiture_app"), (settings.keys_url, "investiture_keys")):
        connection = await asyncpg.connect(url.replace(role, "postgres", 1))
        for (table,) in await connection.fetch(TABLES):
            for column, kind in await connection.fetch(COLUMNS, table):
                value = column if kind == "bytea" else f"convert_to({column}::text, 'UTF8')"
                rows = await connection.fetch(f"SELECT {value} FROM {table} WHERE {column} IS NOT NULL")
                if words := found_in(b"\x00".join(row[0] for row in rows)):
                    found.setdefault(table, []).extend(words)
        await connection.close()
    return found


def in_files(data: Path) -> dict[str, list[str]]:
    files = [path for path in data.rglob("*") if path.is_file() and not path.is_symlink()]
    return {str(path.relative_to(data)): words for path in files if (words := found_in(path.read_bytes()))}


async def empty_the_write_ahead_log(settings: Settings) -> None:
    """What docs/forgetting.md says to do when it must not wait: segments are removed and not used again."""
    connection = await asyncpg.connect(settings.database_url.replace("investiture_app", "postgres", 1))
    await connection.execute("ALTER SYSTEM SET wal_recycle = off")
    await connection.execute("SELECT pg_reload_conf()")
    for _ in range(2):
        await connection.execute("SELECT pg_switch_wal()")
        await connection.execute("CHECKPOINT")
    await connection.close()


async def in_histories(settings: Settings) -> list[str]:
    client = await connect(settings, MasterKey.read(settings.master_key_file).payload_key)
    said = [
        (await client.get_workflow_handle(found.id).fetch_history()).to_json().encode()
        async for found in client.list_workflows()
    ]
    assert said, "there are histories to look through"
    return found_in(b"".join(said))


def lived(office: Office) -> str:
    """A case whose notice stood with the person's name, and which was then withdrawn; their training and an act."""
    post = {"post_id": "archive/head", "title": "Head", "unit": "Archive", "rank": "officer"}
    case_id = str(office.does("/cases", {"pack": "standard", "post": post}, Role.PERSONNEL)["case_id"])
    nominee = {"person": SUBJECT, "particulars": {"full_name": NAME, "education": "LL.B."}}
    nominated = office.does(f"/cases/{case_id}/candidates", nominee, Role.PERSONNEL)
    office.does(f"/cases/{case_id}/nomination-closings", {}, Role.PERSONNEL)
    ended_on = now().date()
    record: dict[str, Any] = {"number": "ZV/1", "title": COURSE, "kind": "in_service", "method": "off_job"}
    record |= {"began_on": (ended_on - timedelta(days=90)).isoformat(), "ended_on": ended_on.isoformat()}
    record |= {"days": 80, "hours": 600, "attended_hours": 600, "passed": True}
    office.does("/training-records", {"person": SUBJECT, "record": record}, Role.SCHOOL)
    candidate = nominated["events"][0]["candidate_id"]
    office.does(f"/cases/{case_id}/training-verifications", {"candidate_id": candidate}, Role.SCHOOL)
    office.does(f"/cases/{case_id}/public-notices", {}, Role.PERSONNEL)
    grounds = {"channel": "letter", "grounds": GROUNDS, "candidate_id": candidate}
    office.does(f"/cases/{case_id}/objections", grounds, Role.SUPERVISION)
    turned_away = office.asks("POST", "/api/v1/sanctions", {}, Role.SCHOOL, organ="school", subject=SUBJECT, name=NAME)
    assert turned_away.status_code == 403, "whoever tries is known by name"
    keep_beside(office, case_id)
    return case_id


def keep_beside(office: Office, case_id: str) -> None:
    """What the departments keep of them beside the case."""
    steps = said_beside(case_id, SUBJECT)
    path, body, role, subject = next(steps)
    while True:
        answer = office.does(path, body, role, **({"subject": subject} if subject else {}))
        try:
            path, body, role, subject = steps.send(answer)
        except StopIteration:
            return


def exports(office: Office, case_id: str) -> bytes:
    parts = ("", "/timeline", "/sealed", "/explanation", "/training-standings")
    paths = [f"/api/v1/cases/{case_id}{part}" for part in parts]
    paths += ["/en/", "/zh/", "/api/v1/notices", "/api/v1/training-register", "/api/v1/forgettings", "/metrics"]
    return "\n".join([*(office.reads(path) for path in paths), *kept_beside(office, case_id)]).encode()


def kept_beside(office: Office, case_id: str) -> list[str]:
    """What each reader of it is answered."""
    notes = f"/api/v1/private-notes?kind=case&about={case_id}"
    said = [office.reads(notes, role) for role in (Role.PERSONNEL, Role.SUPERVISION, Role.DECISION_BODY)]
    for path, key, more in (
        ("supervision-inputs", "input_id", ""),
        ("supervision-watches", "watch_id", ""),
        ("problems", "problem_id", "/details"),
        ("organ-requests", "request_id", "/particulars"),
    ):
        (found,) = re.findall(f'"{key}":"([^"]+)"', office.reads(f"/api/v1/{path}", Role.SUPERVISION))
        said.append(office.reads(f"/api/v1/{path}/{found}{more}", Role.SUPERVISION))
    return said


def test_a_forgotten_person_is_nowhere(running: Running) -> None:
    office = Office(running)
    case_id = lived(office)
    until(lambda: NAME in office.reads("/en/") + office.reads("/api/v1/notices"))
    until(lambda: set(asyncio.run(in_tables(office.settings))) >= {"read_model.public_notice", "read_model.officer"})
    assert "read_model.training_entry" in asyncio.run(in_tables(office.settings))
    assert any(path.startswith("postgres/pg_wal/") for path in in_files(office.data))
    assert set(found_in(exports(office, case_id))) >= {NAME, GROUNDS, SECRET}
    assert [said for said in kept_beside(office, case_id) if SECRET not in said] == []

    reason = {"reason": "The post was given up for good."}
    office.does(f"/cases/{case_id}/withdrawals", reason, Role.PERSONNEL)
    wish = {"person": SUBJECT, "ground": "request", "reason": f"{NAME} asked for it."}
    person = {"person_id": office.does("/forgettings", wish, Role.PERSONNEL)["person_id"]}
    office.does("/forgetting-approvals", person, Role.SUPERVISION)
    until(lambda: '"forgotten"' in office.reads("/api/v1/forgettings?state=forgotten"))

    shown = office.asks("POST", "/api/v1/forgetting-readings", person, Role.AUDITOR).json()
    assert shown["state"] == "forgotten" and shown["sealed_parts"] >= 5
    assert found_in(exports(office, case_id)) == []
    assert [said for said in kept_beside(office, case_id) if '"destroyed":true' not in said] == []
    assert asyncio.run(in_histories(office.settings)) == []
    assert asyncio.run(in_tables(office.settings)) == {}
    asyncio.run(empty_the_write_ahead_log(office.settings))
    until(lambda: in_files(office.data) == {})
