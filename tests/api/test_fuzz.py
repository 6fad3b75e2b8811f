"""Whatever is sent within the document's words, and somewhat outside of them: an answer, and never a fault of ours."""

import asyncio
from typing import Any

import httpx2
import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from api import listing
from domain.identity import Role
from tests.application import described
from tests.desk import A, D, Desk, P, S, V

DOCUMENT: dict[str, Any] = described().openapi()
OPERATIONS: list[Any] = [
    result.ok() for result in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations() if isinstance(result, Ok)
]
CALLS = st.sampled_from(OPERATIONS).flatmap(
    lambda operation: st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]).flatmap(
        lambda mode: operation.as_strategy(generation_mode=mode)
    )
)
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


async def sent(desk: Desk, call: Any, case_id: str | None, role: Role) -> httpx2.Response:
    """The answer to a generated call, made by somebody with a token, half of the time on a case that there is."""
    if case_id and "case_id" in (call.path_parameters or {}):
        call.path_parameters["case_id"] = case_id
    made = call.as_transport_kwargs(base_url="http://desk")
    made["headers"]["Authorization"] = f"Bearer {desk.token(role)}"
    made["headers"] = {name: value for name, value in made["headers"].items() if value.isascii()}
    made["content"] = made.pop("data", None)
    return await desk.http.request(**{name: value for name, value in made.items() if name != "cookies"})


def check(call: Any, answer: httpx2.Response) -> None:
    """It is an answer that the document promises, in the shape that it promises."""
    late = answer.status_code == 503 and answer.json()["type"] == "/problems/not_projected_yet"
    assert answer.status_code < 500 or late, answer.text
    if answer.status_code in (404, 405) and answer.json()["type"] == "/problems/http":
        return  # a generated address that is none
    promised = call.operation.definition.raw["responses"][str(answer.status_code)]
    kind = answer.headers["Content-Type"].partition(";")[0]
    assert kind in promised["content"]
    if not kind.endswith("json"):
        return  # a file, of lines of JSON too
    schema = {**promised["content"][kind]["schema"], "components": DOCUMENT["components"]}
    jsonschema_rs.Draft202012Validator(schema).validate(answer.json())


async def test_no_call_leads_to_a_fault(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "WAIT_SECONDS", 0.02)
    await desk.project()
    desk.app.state.notice_listeners.most = 0  # the stream would go on for ever
    there = [(await desk.noticed(post_id="a"))[0], await desk.opened(post_id="b"), (await desk.trained(post_id="c"))[0]]
    loop = asyncio.get_running_loop()
    statuses: set[int] = set()

    @settings(max_examples=400, deadline=None, suppress_health_check=QUIET, database=None, phases=[Phase.generate])
    @given(CALLS, st.sampled_from([None, *there]), st.sampled_from([P, S, V, D, A]))
    def attempt(call: Any, case_id: str | None, role: Role) -> None:
        answer = asyncio.run_coroutine_threadsafe(sent(desk, call, case_id, role), loop).result(30)
        statuses.add(answer.status_code)
        check(call, answer)

    await asyncio.to_thread(attempt)
    assert statuses >= {200, 403, 404, 422} and statuses & {409, 412}  # answered, and refused by policy and by rule
    await desk.project()


ODD = [
    "%00",
    "x%00",
    "%1b%5b2J",
    "-1",
    "1" * 30,
    "9999-12-31",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00%2B14:00",
]


async def test_nothing_in_a_query_leads_to_a_fault(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "WAIT_SECONDS", 0.02)
    case_id = await desk.opened()
    await desk.project()
    desk.app.state.notice_listeners.most = 0  # the stream would go on for ever
    asked = 0
    for path, methods in DOCUMENT["paths"].items():
        address = path.replace("{case_id}", case_id).replace("{pack_id}", "standard").replace("{version}", "1")
        for parameter in methods.get("get", {}).get("parameters", ()):
            for text in ODD if parameter["in"] == "query" else ():
                answer = await desk.get(f"{address}?{parameter['name']}={text}", V)
                late = answer.status_code == 503 and answer.json()["type"] == "/problems/not_projected_yet"
                assert answer.status_code < 500 or late, (address, parameter["name"], text, answer.text)
                assert "%00" not in text or answer.status_code == 422
                asked += 1
    assert asked > 100
