"""Bad input gets a problem document that says what to correct, and changes nothing."""

import json
from datetime import timedelta
from typing import Any

import httpx2
import pytest
import structlog
from fastapi import FastAPI

from api.body import LARGEST_BODY
from api.issuer_keys import IssuerUnreachable
from api.problem import install
from tests.desk import POST, Desk, P

MEDIA_TYPE = "application/problem+json"


async def sent(desk: Desk, content: bytes, media_type: str | None = "application/json") -> Any:
    """The answer to a raw body; whatever it is, nothing was recorded."""
    size = await desk.log_size()
    headers = desk.headers(P) | ({"Content-Type": media_type} if media_type else {})
    answer = await desk.http.post("/api/v1/cases", content=content, headers=headers)
    assert await desk.log_size() == size
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    said = answer.json()
    assert said["status"] == answer.status_code and said["detail"].endswith(".") and said["title"]
    return said


GOOD = json.dumps({"post": POST}).encode()


NO_OBJECTS = [b"", b"{", b"null", b"[]", b"7", b'"text"', b"\xff\xfe", b"NaN", b'{"post": }', GOOD + b"x", b"\0"]
EXHAUSTING = [b"[" * 100_000, b'{"post":' * 50_000, b'{"pack":' + b"9" * 10_000 + b"}"]


async def test_a_body_that_is_no_json_object_is_malformed(desk: Desk) -> None:
    for content in (*NO_OBJECTS, *EXHAUSTING):
        assert (await sent(desk, content))["status"] == 422, content[:20]


async def test_a_body_of_another_kind_is_not_taken(desk: Desk) -> None:
    for media_type in (None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert (await sent(desk, GOOD, media_type))["status"] == 422, media_type


async def test_a_huge_body_is_refused_before_it_is_worked_on(desk: Desk) -> None:
    said = await sent(desk, b'{"pack": "' + b"x" * LARGEST_BODY + b'"}')
    assert said["status"] == 413 and str(LARGEST_BODY) in said["detail"]


async def test_a_huge_body_without_a_stated_length_is_refused_as_it_grows(desk: Desk) -> None:
    taken = 0

    async def endless() -> Any:
        nonlocal taken
        for _ in range(10_000):
            taken += 65_536
            yield b"x" * 65_536

    headers = desk.headers(P) | {"Content-Type": "application/json"}
    answer = await desk.http.post("/api/v1/cases", content=endless(), headers=headers)
    assert answer.status_code == 413 and taken <= 2 * LARGEST_BODY


async def test_unknown_fields_are_named(desk: Desk) -> None:
    said = await sent(desk, json.dumps({"post": {**POST, "salary": 1}, "colour": "red"}).encode())
    assert {error["field"] for error in said["errors"]} == {"post.salary", "colour"}


async def test_every_malformed_field_is_named_at_once(desk: Desk) -> None:
    said = await sent(desk, json.dumps({"pack": 7, "post": {"title": None}}).encode())
    assert {"pack", "post.title", "post.post_id", "post.unit", "post.rank"} == {err["field"] for err in said["errors"]}


async def test_text_that_cannot_be_kept_is_refused_by_field(desk: Desk) -> None:
    for bad in ("\\u0000", "\\ud800", "\\udfff\\ud800", "\\u0007", "\\u001b[2J"):
        post = json.dumps({"post": POST}).replace("Head Clerk", f"Head{bad}Clerk")
        said = await sent(desk, post.encode())
        assert said["status"] == 422 and [error["field"] for error in said["errors"]] == ["post.title"], bad


@pytest.mark.parametrize("bad", ["\\u0000", "\\ud83d"])
async def test_text_that_cannot_be_kept_is_refused_wherever_it_stands(desk: Desk, bad: str) -> None:
    case_id = await desk.opened()
    size = await desk.log_size()
    for field in ("person", "particulars.full_name", "particulars.results"):
        body: dict[str, Any] = {"person": "p", "particulars": {"full_name": "n", "results": "r"}}
        outer, _, last = field.rpartition(".")
        (body[outer] if outer else body)[last] = "MARK"
        content = json.dumps(body).replace("MARK", f"x{bad}y")
        headers = desk.headers(P) | {"Content-Type": "application/json"}
        answer = await desk.http.post(f"/api/v1/cases/{case_id}/candidates", content=content, headers=headers)
        assert answer.status_code == 422, answer.text
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await desk.log_size() == size


WEIRD = [
    "𝕬𝖒𝖎𝖓𝖆",
    "é",
    "👩‍👩‍👧",
    "‮evil",
    "ﷺ" * 20,
    "line\u2028line",
    "\ufeffBOM",
    "\ufffe",
    "<b>&amp;</b>",
    "'; DROP--",
]


async def test_any_legible_text_is_kept_as_it_was_written(desk: Desk) -> None:
    for place, name in enumerate(WEIRD):
        nominee = {"person": "p-1", "particulars": {"full_name": name}}
        case_id, _, notice_id = await desk.noticed(nominee, title=name, post_id=f"post-{place}")
        await desk.project()
        notice = (await desk.http.get(f"/api/v1/notices/{notice_id}")).json()
        assert (notice["candidates"][0]["full_name"], notice["post"]["title"]) == (name, name)
        page = await desk.http.get(f"/en/notices/{notice_id}")
        assert page.status_code == 200 and "<b>&" not in page.text
        assert (await desk.get(f"/api/v1/cases/{case_id}/timeline")).status_code == 200


async def test_more_than_an_entry_holds_is_refused_as_too_much(desk: Desk) -> None:
    """A notice that stands for years is lawful, and the list of its days is longer than an entry may be."""
    case_id, _ = await desk.trained()
    size = await desk.log_size()
    answer = await desk.post(f"/cases/{case_id}/public-notices", {"closes_on": "2040-12-31"})
    assert answer.status_code == 422 and answer.json()["type"] == "/problems/entry_too_large"
    assert await desk.log_size() == size


async def test_unknown_addresses_are_problems_too(desk: Desk) -> None:
    for path in ("/api/v1", "/api/v1/nothing", "/static/nothing", "/api/v1/cases/0123456789ab/nothing"):
        answer = await desk.http.get(path)
        assert answer.status_code == 404 and answer.headers["Content-Type"] == MEDIA_TYPE
        assert answer.json()["detail"].endswith(".")


async def test_an_unknown_page_is_a_page_for_people(desk: Desk) -> None:
    answer = await desk.http.get("/nothing", follow_redirects=True)
    assert answer.status_code == 404 and answer.headers["Content-Type"].startswith("text/html")


async def test_a_method_that_is_not_there_says_which_are(desk: Desk) -> None:
    answer = await desk.http.delete("/api/v1/notices")
    assert answer.status_code == 405 and answer.headers["Allow"] == "GET"
    assert answer.headers["Content-Type"] == MEDIA_TYPE


async def test_a_case_id_that_is_none_is_malformed_or_not_there(desk: Desk) -> None:
    for case_id in ("x", "ABCDEFGHIJKL", "0123456789a%00", "0123456789ab%0a", "..%2f..%2f..%2f"):
        answer = await desk.post(f"/cases/{case_id}/nomination-closings", {})
        assert answer.status_code in (404, 422)
        assert answer.headers["Content-Type"] == MEDIA_TYPE


async def test_a_malformed_question_names_its_parameter(desk: Desk) -> None:
    malformed = ("cursor=-1", f"cursor={2**63}", "limit=0", "limit=1000", "stage=%00", "due_by=never", "status=lost")
    for query in malformed:
        answer = await desk.get(f"/api/v1/cases?{query}")
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [query.partition("=")[0]]


async def test_no_token_and_a_bad_token_are_told_what_to_do(desk: Desk) -> None:
    for headers in ({}, {"Authorization": "Basic x"}, {"Authorization": "Bearer not.a.token"}):
        answer = await desk.http.get("/api/v1/cases", headers=headers)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert answer.json()["detail"].endswith(".")


async def test_an_identity_provider_that_is_away_says_when_to_ask_again() -> None:
    app = FastAPI()
    install(app, structlog.get_logger())

    @app.get("/")
    async def ask() -> None:
        raise IssuerUnreachable("The identity provider cannot be reached.", timedelta(seconds=4.2))

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://desk") as http:
        answer = await http.get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
