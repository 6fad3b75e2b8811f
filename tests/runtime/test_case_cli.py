"""Cases from the command line: the same commands as the API's, spoken to a real one."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx2
import pytest
import typer.main
from typer.testing import CliRunner

from api.authorisation import READS, authorise
from domain.appointment import LiveCase, case_stream, underlying
from domain.catalogue import APART, DECIDE
from domain.command import Command
from domain.conflict import DeclareInterests
from domain.due_date import RecountDueDates
from domain.identity import CandidateId, CaseId, OfficerId, Role
from domain.particulars import Particulars
from domain.record import EnterRecord
from domain.timer import LetTimerRunOut
from domain.training_doubt import DoubtTraining
from runtime.case_cli import READING, STEPS, case_app
from runtime.cli import app
from runtime.connections import House
from runtime.local_issuer import mint
from tests import on_record
from tests.application import described
from tests.examples import DECIDERS, pack
from tests.on_file import put_on_file
from tests.runtime.terminal import Clerk, project

pytestmark = pytest.mark.usefixtures("nothing_from_the_environment")
ALL = [step for steps in STEPS.values() for step in steps]
COMMANDS = typer.main.get_command(case_app).commands  # type: ignore[attr-defined]
POST = ("--post-id", "registry/head-clerk", "--title", "Head Clerk [acting]", "--unit", "Registry", "--rank", "officer")


def test_every_command_of_a_case_has_a_command_here_and_no_other_has() -> None:
    assert {step.command for step in ALL} == set(DECIDE) - {LetTimerRunOut, RecountDueDates, DoubtTraining}
    assert set(COMMANDS) == {step.name for step in ALL} | set(READING) | {"batch", "batch-template"}


def test_every_write_of_the_api_has_a_command_here_at_its_path() -> None:
    paths = described().openapi()["paths"]
    writes = {
        operation["operationId"]: path.removeprefix("/api/v1")
        for path, operations in paths.items()
        for method, operation in operations.items()
        if method in ("post", "put", "patch", "delete") and operation.get("security")  # the public needs no command
    }
    apart = {"adopt_pack", "record_batch", *(command.name() for command in APART), *READS}
    assert {step.command.name(): step.path for step in ALL} == {
        name: path for name, path in writes.items() if name not in apart
    }


@pytest.mark.parametrize("step", ALL, ids=lambda step: step.name)
def test_the_role_that_speaks_by_default_may_do_it(step: Any) -> None:
    assert authorise(frozenset({step.role}), step.command.name()).allowed


def test_every_particular_can_be_said_with_an_option() -> None:
    assert set(Particulars.model_fields) <= {parameter.name for parameter in COMMANDS["nominate"].params}


async def studied(house: House, case_id: str, candidate: str, hours: int) -> None:
    """So many hours that ended yesterday are on file of a candidate."""
    case = underlying((await house.recorder.load(case_stream(CaseId(case_id)))).case)
    assert case is not None
    await put_on_file(house.recorder, case.candidates[CandidateId(candidate)].person, hours, datetime.now(UTC))


async def test_a_clerk_carries_a_case_to_an_open_notice_and_an_objection(clerk: Clerk, house: House) -> None:
    opened = clerk.types("open", *POST, "-v")
    assert re.search(r"Recorded at position \d+", opened.stdout)
    assert "personnel: nominate candidate" in opened.stdout
    case = re.search(r"([0-9a-z]{12}) at version 2", opened.stdout)[1]  # type: ignore[index]
    assert "Refused: too few candidates" in (no := clerk.is_refused("close-nominations", case))
    assert "nomination.minimum_candidates (standard@1)" in no
    assert "Standard process of this service, 1.1" in no and "do not cite it as law" in no and "minimum: 1" in no

    particulars = json.dumps({"full_name": "Replaced by the option", "education": "LL.B."})
    given = ("--person", "staff-4711", "--full-name", "Amina Okafor", "--particulars-file", "-")
    nominated = clerk.gets("nominate", case, *given, said=particulars)
    candidate = nominated["events"][0]["candidate_id"]
    clerk.gets("close-nominations", case)
    await studied(house, case, candidate, 64)
    clerk.gets("verify-training", case, candidate)
    notice = clerk.types("open-notice", case)
    assert "the public notice runs to the end of" in notice.stdout
    grounds = "In March 2025 the candidate signed for a delivery that never came."
    lodged = clerk.gets("lodge-objection", case, "--channel", "letter", "--grounds-file", "-", said=grounds)
    assert clerk.gets("show", case)["open_objections"] == [lodged["events"][0]["objection_id"]]

    await project(house)
    trail = clerk.types("timeline", case).stdout
    assert "Objection lodged" in trail and "sealed: for supervision" in trail and grounds[:20] not in trail
    assert max(len(line) for line in trail.splitlines()) <= 80
    complete = clerk.gets("timeline", case)["steps"]
    assert [step["version"] for step in complete] == list(range(1, lodged["version"] + 1))
    assert "[acting]" in clerk.types("list", "--stage", "public_notice").stdout
    assert clerk.gets("list", "--status", "closed", "--all")["cases"] == []


async def test_a_clerk_proposes_an_exception_and_reads_the_register(clerk: Clerk, house: House) -> None:
    case = clerk.gets("open", *POST)["case_id"]
    reason = "A court date stands, and the post has nobody."
    proposed = clerk.gets("propose-exception", case, "no_competition", "--reason", reason)
    name = proposed["events"][0]["exception_id"]
    clerk.gets("report-before-decision", case, name, "--statement", "The post cannot wait any longer.")
    clerk.gets("record-breach", case, "leak", "--happened-on", "2026-03-01", "--evidence", "It was in the newspaper.")
    await project(house)
    there = ["--data", str(clerk.settings.data)]
    answer = CliRunner().invoke(app, ["exceptions", "--json", *there])
    assert answer.exit_code == 0, answer.output
    found = [(entry["kind"], entry["code"], entry["state"]) for entry in json.loads(answer.stdout)["exceptions"]]
    assert found == [("breach", "leak", "found"), ("exception", "no_competition", "reported")]
    shown = " ".join(CliRunner().invoke(app, ["exceptions", "--case", case, *there]).stdout.split())
    assert "breach: leak" in shown and "A court date" in shown and "newspaper" not in shown


IN_CHINA = ZoneInfo("Asia/Shanghai")


async def past_records(house: House, case_id: str, *, until: type[Command] | None = None) -> None:
    """The case at its next stage with acts of its own, or before the first such step, with what it needs on record."""
    while isinstance(case := (await house.recorder.load(case_stream(CaseId(case_id)))).case, LiveCase):
        found = on_record.past_records(case, pack("cn.sr2019"), datetime.now(IN_CHINA).date())
        if found is None or type(found[0]) is until:
            return
        await house.recorder.record(CaseId(case_id), found[0], actor=found[1], command_id=uuid4())


async def declares(house: House, case_id: str, member: str) -> None:
    """A member of the deciding body declares with their own token, which the clerk has not."""
    actor = DECIDERS.model_copy(update={"officer": OfficerId(await house.keys.subject_for(member))})
    await house.recorder.record(CaseId(case_id), DeclareInterests(), actor=actor, command_id=uuid4())


async def test_a_clerk_records_opinions_a_review_and_a_meeting(clerk: Clerk, house: House) -> None:
    post = ("--post-id", "water/1", "--title", "Director", "--unit", "Water Bureau", "--rank", "division_and_above")
    case = clerk.gets("open", *post, "--pack", "cn.sr2019")["case_id"]
    await past_records(house, case)
    for person in ("chen", "li"):
        clerk.gets("nominate", case, "--person", person, "--full-name", person)
    first, second = (found["candidate_id"] for found in clerk.gets("show", case)["candidates"])
    clerk.gets("close-nominations", case)
    for candidate in (first, second):
        await studied(house, case, candidate, 600)
        clerk.gets("verify-training", case, candidate)
    await past_records(house, case, until=EnterRecord)
    clerk.gets("declare-interests", case, "--role", "personnel")
    audit = ("enter-record", case, "economic_audit", "--candidate", first, "--paper", "audit 1/2026", "--not-required")
    assert "records.economic_audit.where_required" in clerk.is_refused(*audit)
    entered = clerk.gets(*audit, "--remarks", "The post holds no budget.")
    assert (entered["events"][0]["type"], entered["events"][0]["not_required"]) == ("record_entered", True)
    await past_records(house, case)
    for organ in ("discipline-organ", "co-managing-organ"):
        clerk.gets("request-opinion", case, organ)
        clerk.gets("return-opinion", case, organ, "--finding", "no_objection", "--text-file", "-", said="None.")
    clerk.gets("conclude-review", case, "cleared", "--remarks", "In order.")
    clerk.gets("declare-interests", case)
    for member in ("m-1", "m-3", "m-4"):
        await declares(house, case, member)
        registers = ("--register", "personnel_file", "--register", "personal_matters_report", "--register", "petitions")
        clerk.gets("check-interests", case, "--officer", member, *registers)
    members = ("--member", "m-1", "--member", "m-2:absent=ill", "--member", "m-3", "--member", "m-4:chief")
    held_on = ("--held-on", datetime.now(IN_CHINA).date().isoformat())
    votes = ("--vote", f"{first}=all:agree", "--vote", f"{second}=disagree,defer,disagree")
    meeting = ("hold-meeting", case, *members, *held_on, *votes)
    tried = clerk.types(*meeting, "--dry-run")
    assert "Nothing was recorded" in tried.stdout, tried.output
    held = clerk.gets(*meeting, "--if-match", str(clerk.gets("show", case)["version"]))
    assert [event["type"] for event in held["events"]][:2] == ["decision_meeting_held", "decision_taken"]
    assert held["events"][1]["candidate_id"] == first
    note = "The observer of the audit office left before the vote."
    noted = clerk.gets("annotate-minutes", case, held["events"][0]["meeting_id"], "--note", note)
    assert [event["type"] for event in noted["events"]] == ["minutes_annotated"]
    again = ("reconsider", case, *members, "--reconsidered-on", held_on[1], "--reasons", "A finding came in late.")
    assert "decision.reconsider_share" in clerk.is_refused(*again, "--consent", "m-1")
    clerk.gets(*again, "--voted-by", "secret", "--consents", "3")
    alone = ("decide", case, first, "--decided-on", held_on[1], "--reasons", "This one has run such a body.")
    assert "decision.form" in clerk.is_refused(*alone)
    assert "decision.form" in clerk.is_refused("decline", case, *alone[3:])
    minutes = ("--title", "Fifth meeting", "--chair", "m-4", "--observer", "auditor", "--agenda", "1. Director")
    counted = ("--voted-by", "secret", "--counted", f"{first}=2,1", "--counted", f"{second}=3,0")
    secret = clerk.gets("hold-meeting", case, *members, *held_on, *counted, *minutes)
    assert secret["events"][1]["candidate_id"] == second
    assert "stale" in clerk.is_refused("open-notice", case, "--if-match", "1")


HEADER = "post_id,title,unit,rank,person,full_name"


def test_a_clerk_tries_a_file_sends_it_and_keeps_its_report(clerk: Clerk, tmp_path: Path) -> None:
    lines = ("a/1,Clerk,Registry,officer,p-1,Amina Okafor", "a/2,Clerk,Registry,emperor,,", "a/3,Clerk,R,officer,,")
    file, kept = tmp_path / "posts.csv", tmp_path / "report.csv"
    file.write_text("\n".join((HEADER, *lines)), encoding="utf-8")
    words = ("batch", str(file), "--action", "open_case")
    tried = clerk.types(*words, "--dry-run")
    assert tried.exit_code == 1
    assert "3 lines: 2 would record, 1 refused; nothing was recorded" in " ".join(tried.stdout.split())
    assert "emperor" in tried.stdout and "Amina" not in tried.stdout
    sent = clerk.types(*words, "--json", "--report", str(kept), "--key", "cli-batch-1")
    found = json.loads(sent.stdout)
    assert sent.exit_code == 1 and found["counts"] == {"recorded": 2, "refused": 1} and found["completed"]
    assert [line["line"] for line in found["report"]] == [2, 3, 4]
    first, *_, last = (line["case_id"] for line in found["report"])
    assert kept.read_text(encoding="utf-8-sig").splitlines()[1].startswith(f"2,recorded,{first}")
    again = clerk.types(*words, "--key", "cli-batch-1", "--all")
    assert "2 repeated" in again.stdout and last in again.stdout
    good = clerk.types("batch", "-", "--action", "open_case", said=f"{HEADER}\na/4,Clerk,Registry,officer,,")
    assert good.exit_code == 0 and "1 lines: 1 recorded; batch " in good.stdout


def test_a_clerk_fills_in_a_template(clerk: Clerk) -> None:
    template = clerk.types("batch-template", "open_case", "--language", "zh")
    assert template.exit_code == 0 and "职务编号" in template.stdout
    no_table = clerk.types("batch", "-", "--action", "open_case", said="nothing,known\n1,2")
    assert no_table.exit_code == 1 and "names no known column" in " ".join(no_table.stderr.split())
    assert clerk.types("batch", "missing.csv", "--action", "open_case").exit_code == 2


def test_a_file_whose_answer_was_lost_is_sent_again_and_records_nothing_twice(clerk: Clerk, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text(f"{HEADER}\na/1,Clerk,Registry,officer,,", encoding="utf-8")
    token = mint(clerk.settings, [Role.PERSONNEL], now=datetime.now(UTC))
    with answers_lost_once(clerk.settings.public_url) as address:
        words = ["batch", str(file), "--action", "open_case", "--json", "--address", address, "--token", token]
        answer = CliRunner().invoke(case_app, words)
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["counts"] == {"repeated": 1}


def test_the_same_key_records_once_also_when_the_answer_was_lost(clerk: Clerk) -> None:
    token = mint(clerk.settings, [Role.PERSONNEL], now=datetime.now(UTC))
    with answers_lost_once(clerk.settings.public_url) as address:
        who = ["--address", address, "--token", token]
        answer = CliRunner().invoke(case_app, ["open", *POST, "--json", *who])
        assert answer.exit_code == 0, answer.output
        first = json.loads(answer.stdout)
        assert first["repeated"]
        again = json.loads(
            CliRunner().invoke(case_app, ["open", *POST, "--json", *who, "--key", first["idempotency_key"]]).stdout
        )
    assert (again["case_id"], again["position"]) == (first["case_id"], first["position"])


@contextmanager
def answers_lost_once(behind: str) -> Iterator[str]:
    """A wire that carries the first write to the service and loses the answer."""
    lost = threading.Event()

    class Wire(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            names = ("Authorization", "Idempotency-Key", "Content-Type", "Accept")
            carried = {name: self.headers[name] for name in names}
            answer = httpx2.post(f"{behind}{self.path}", content=body, headers=carried, trust_env=False)
            if not lost.is_set():
                lost.set()
                self.close_connection = True
                return
            self.send_response(answer.status_code)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is written."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Wire) as wire:
        thread = threading.Thread(target=wire.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{wire.server_port}"
        wire.shutdown()
        thread.join()


def test_where_nothing_runs_the_next_step_is_told(tmp_path: Path) -> None:
    nothing = CliRunner().invoke(case_app, ["show", "d6fhcqtf5dfs", "--data", str(tmp_path)])
    assert nothing.exit_code == 3 and "make up" in " ".join(nothing.stderr.split())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    away = CliRunner().invoke(case_app, ["show", "d6fhcqtf5dfs", "--address", address, "--token", "any"])
    assert away.exit_code == 3 and "Nothing answers" in " ".join(away.stderr.split())


def test_a_token_of_this_machine_is_never_sent_elsewhere(tmp_path: Path) -> None:
    asked = ["show", "d6fhcqtf5dfs", "--address", "http://127.0.0.1:9", "--data", str(tmp_path)]
    answer = CliRunner().invoke(case_app, asked)
    assert answer.exit_code == 2 and "INVESTITURE_TOKEN" in answer.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["suspend", "d6fhcqtf5dfs"],
        ["suspend", "d6fhcqtf5dfs", "--reason", "one and", "--reason-file", "two"],
        ["hold-meeting", "d6fhcqtf5dfs", "--held-on", "2026-11-20"],
        ["hold-meeting", "d6fhcqtf5dfs", "--file", "-", "--member", "m-1"],
        ["hold-meeting", "d6fhcqtf5dfs", "--held-on", "2026-11-20", "--member", "m-1", "--counted", "x=six"],
        [
            "reconsider",
            "d6fhcqtf5dfs",
            "--reconsidered-on",
            "2026-11-20",
            "--member",
            "m:?",
            "--reasons",
            "It is late.",
        ],
        ["annotate-minutes", "d6fhcqtf5dfs", "0k3v0d8s1m2q"],
        ["open-notice", "d6fhcqtf5dfs", "--closes-on", "tomorrow"],
        ["return-opinion", "d6fhcqtf5dfs", "audit-office", "--finding", "deemed_consent", "--text", "silence"],
    ],
)
def test_what_cannot_be_understood_is_told_before_anything_is_sent(words: list[str]) -> None:
    assert CliRunner().invoke(case_app, words).exit_code == 2
