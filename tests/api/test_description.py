"""The OpenAPI document is whole: names, examples, problems, and no personal data in any address."""

import re
from typing import Any

import jsonschema_rs
import pytest
from fastapi.routing import iter_route_contexts

from api.description import operations
from domain.catalogue import APART, BY_THE_PUBLIC, DECIDE
from domain.due_date import recount_due_dates
from domain.timer import let_timer_run_out
from domain.training_doubt import doubt_training
from tests.application import described

OF_THE_ENGINE = {let_timer_run_out.__name__, recount_due_dates.__name__, doubt_training.__name__}
APP = described()
DOCUMENT: dict[str, Any] = APP.openapi()
ASKED_BY_POST = (
    "read_training_standing",
    "read_training_import",
    "read_training_figures",
    "read_forgetting",
    "read_check",
    "read_person_overview",
    "read_reviewer_record_of",
)
"""Questions with a person's name in them, which no address may hold: they record nothing but that they were asked."""
STRANGERS = {command.name() for command in BY_THE_PUBLIC} | {
    "send_objection",
    "send_comment",
    "send_recommendation",
    "send_error_report",
    "read_receipt",
    "send_receipt_message",
    "read_receipt_proof",
}
"""Without a token, and each its own key by what it says."""
FILES = ("record_batch", "import_training", "import_services")
"""Their bodies are files; a file that is imported is its own key."""
WRITES = {
    operation["operationId"]: operation
    for operation in operations(DOCUMENT)
    if "requestBody" in operation and operation["operationId"] not in (*FILES, *ASKED_BY_POST, *STRANGERS)
}

# Everything that can stand in an address: addresses end up in logs and histories, so no person may.
UNCOUNTED = ("training-guidance", "training-coordination", "training-register")
SINGULAR = (
    "timeline",
    "sealed",
    "dossier",
    "explanation",
    "criteria",
    "promotion-by-unit",
    "coverage",
    "promotion",
    "mine",
    "notices.csv",
    "cases.csv",
    "cases.jsonl",
    "notices.jsonl",
    "notices.jsonld",
    "schema.json",
    "catalogue.json",
    "problems.csv",
    "index.csv",
    "house-report",
    "problems.jsonl",
    "trend-report",
    "reviewer-record",
    "trend-report.csv",
    *UNCOUNTED,
)
IN_ADDRESSES = {
    "meeting_id",
    "survey_id",
    "method_id",
    "entry_id",
    "attachment_id",
    "inquiry_id",
    "course_id",
    "facility_id",
    "plan_id",
    "method",
    "to_come",
    "inspection_id",
    "year",
    "number",
    "kind",
    "unit",
    "format",
    "quarter",
    "from_on",
    "to_on",
    "role",
    "organ",
    "still_open",
    "silence",
    "mine",
    "on",
    "rank",
    "case_id",
    "notice_id",
    "dry_run",
    "status",
    "stage",
    "duty_holder",
    "pack",
    "due_by",
    "cursor",
    "limit",
    "pack_id",
    "from",
    "to",
    "version",
    "after_position",
    "at",
    "batch_id",
    "action",
    "language",
    "state",
    "falls_out_by",
    # Of the audit trail; an officer stands there by a pseudonym.
    "case",
    "officer",
    "type",
    "rule",
    "since",
    "until",
    "command",
    "deviations",
    "from_position",
    "to_position",
    "position",
    "search_id",
    "input_id",
    "asking_id",
    "watch_id",
    "about",  # the id of a case, a meeting, a problem or a request
    # Of problems, which name organs and subjects, and no person.
    "table",
    "problem_id",
    "owner",
    "accepting",
    "severity",
    "subject_kind",
    "subject_id",
    "origin_kind",
    "origin_id",
    "overdue",
    "request_id",
    "asked_by",
    "asked",
    "unanswered",
    "sort",
}


def test_there_is_one_write_for_each_command_under_the_name_of_its_decide_function() -> None:
    assert set(WRITES) == {decide.__name__ for decide in DECIDE.values()} - OF_THE_ENGINE | {
        "adopt_pack",  # of no case
        *(command.name() for command in APART if command.name() not in FILES),
    }
    assert {command.name() for command in DECIDE} == {decide.__name__ for decide in DECIDE.values()}


def test_every_name_of_an_operation_is_given_once() -> None:
    names = [operation["operationId"] for operation in operations(DOCUMENT)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", sorted(WRITES))
def test_the_example_of_a_write_fits_its_body(name: str) -> None:
    content = WRITES[name]["requestBody"]["content"]["application/json"]
    schema = {**content["schema"], "components": DOCUMENT["components"]}
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(content["example"])
    route = next(route for route in iter_route_contexts(APP.routes) if getattr(route, "operation_id", None) == name)
    assert route.body_field is not None
    _, errors = route.body_field.validate(content["example"], {}, loc=("body",))
    assert not errors


@pytest.mark.parametrize("name", sorted(WRITES))
def test_every_write_takes_a_key_a_version_and_a_dry_run_and_says_how_it_fails(name: str) -> None:
    operation = WRITES[name]
    named = {found["name"]: found for found in operation["parameters"]}
    assert named["Idempotency-Key"]["required"] and not named["If-Match"]["required"] and "dry_run" in named
    assert operation["summary"] and operation["description"].endswith(".")
    assert operation["security"] == [{"token": []}]
    assert set(operation["responses"]) >= {"401", "403", "404", "409", "412", "413", "422", "503"}
    granted = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    assert set(granted["headers"]) == {"ETag", "Investiture-Position"}


def test_every_problem_is_a_problem_document() -> None:
    for operation in operations(DOCUMENT):
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                schema = answer["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}
                assert list(answer["content"]) == ["application/problem+json"]


def test_every_answer_has_a_schema() -> None:
    for operation in operations(DOCUMENT):
        granted = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        assert granted and all(kind["schema"] for answer in granted for kind in answer["content"].values())


def test_nothing_in_an_address_can_name_a_person() -> None:
    found = {name for path in DOCUMENT["paths"] for name in re.findall(r"{(\w+)}", path)}
    found |= {
        parameter["name"]
        for operation in operations(DOCUMENT)
        for parameter in operation.get("parameters", [])
        if parameter["in"] in ("path", "query")
    }
    assert found == IN_ADDRESSES


def test_resources_stand_in_the_plural_and_addresses_in_lower_case() -> None:
    for path in DOCUMENT["paths"]:
        last = [part for part in path.split("/") if not part.startswith("{")][-1]
        assert path == path.lower() and (last.endswith("s") or last in SINGULAR)
