"""The reference says of every operation what the OpenAPI document says."""

import re
import shlex
from html import unescape
from typing import Any

from api.description import operations
from api.reference import groups, reference_page, schemas
from tests.api.test_description import FILES
from tests.application import described

APP = described()
DOCUMENT: dict[str, Any] = APP.openapi()
ORIGIN = "https://gazette.example.org"
PAGE = reference_page(APP, ORIGIN)
OPERATIONS = [operation for found in groups(DOCUMENT, ORIGIN).values() for operation in found]


def test_every_operation_is_there_with_its_words() -> None:
    assert {operation.name for operation in OPERATIONS} == {said["operationId"] for said in operations(DOCUMENT)}
    text = unescape(PAGE)
    for operation in OPERATIONS:
        assert operation.summary in text and operation.curl in text
        assert f'id="{operation.name}"' in PAGE


def test_every_write_shows_its_body_and_every_field_has_a_type() -> None:
    for operation in OPERATIONS:
        assert (operation.body is not None) == (operation.method == "POST" and operation.name not in FILES)
        for field in (*operation.parameters, *(operation.body or ())):
            assert field.kind and "anything" not in field.kind, (operation.name, field)


def test_references_are_resolved_down_to_words_and_limits() -> None:
    fields = {(schema.name, field.name): field for schema in schemas(DOCUMENT) for field in schema.fields}
    assert fields["Particulars", "full_name"].limits == ("1 characters or more", "at most 200 characters")
    assert fields["StatementMade", "says"].kind.startswith("agree | ")
    assert fields["MeetingHeld", "members"].link == "Attendance"
    assert "#/components" not in PAGE


def test_every_example_is_a_command_that_a_shell_understands() -> None:
    for operation in OPERATIONS:
        words = shlex.split(operation.curl.replace("\\\n", " "))
        assert words[0] == "curl" and words[1].startswith(ORIGIN) and "{" not in words[1]
        assert ("--json" in words or "--data-binary" in words) == (operation.method == "POST")
        assert ("Authorization: Bearer $TOKEN" in words) == operation.needs_token


def test_nothing_on_the_page_comes_from_elsewhere() -> None:
    addresses = re.findall(r'(?:src|href)="([^"]+)"', PAGE)
    assert addresses and all(address.startswith(("/", "#")) for address in addresses)
    assert "<script" not in PAGE and "style=" not in PAGE
