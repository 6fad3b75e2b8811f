"""No route lifts the hold of a reviewer for anybody but that reviewer, and no step of a case passes by it."""

from typing import Any

import pytest

from api.description import operations
from domain.appointment import case_stream, underlying
from domain.identity import CaseId, Role
from tests.api.test_routes_and_roles import address, routes
from tests.application import described
from tests.desk import A, Desk, P, S, V

EXAMPLES: dict[str, Any] = {
    operation["operationId"]: operation["requestBody"]["content"]["application/json"].get("example", {})
    for operation in operations(described().openapi())
    if "application/json" in operation.get("requestBody", {}).get("content", {})
}
ELSEWHERE = {"organ": "audit-office", "subject": "another-reviewer"}
"""An officer of supervision, of another organ."""
WALKERS: list[tuple[Role, dict[str, str]]] = [(P, {}), (S, {}), (A, {}), (Role.PERSON, {}), (V, ELSEWHERE)]


async def holds(desk: Desk, case_id: str) -> set[str]:
    case = underlying((await desk.house.recorder.load(case_stream(CaseId(case_id)))).case)
    assert case is not None
    return set(case.supervised.holds)


@pytest.mark.parametrize(("role", "who"), WALKERS, ids=lambda it: str(it) if isinstance(it, str) else "")
async def test_no_route_lifts_the_hold_of_another(desk: Desk, role: Role, who: dict[str, str]) -> None:
    case_id, candidates, _ = await desk.noticed()
    reason = {"code": "complaint", "reason": "Waiting for the register."}
    placed = await desk.done(f"/cases/{case_id}/holds", reason, V)
    hold_id = placed["events"][0]["hold_id"]
    ids = {"hold_id": hold_id, "candidate_id": candidates[0]}
    walked = 0
    for method, path, route in routes(desk.app):
        if method != "POST" or "{case_id}" not in path or not path.startswith("/api/v1/"):
            continue
        example = EXAMPLES.get(str(route.operation_id), {})
        body = example | {name: value for name, value in ids.items() if name in example}
        place = address(path).replace("0123456789ab", case_id).removeprefix("/api/v1")
        answer = await desk.post(place, body, role, **who)
        assert answer.status_code < 500, (path, answer.text)
        walked += 1
        assert await holds(desk, case_id) >= {hold_id}, path
    assert walked > 40
