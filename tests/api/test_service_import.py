"""The register of who serves is filled from a file by personnel, and by nobody else."""

from typing import Any

import httpx2
import orjson

from domain.identity import Role
from tests.desk import Desk, P, S

HEADER = "人员编号,单位,规则包,职级,任职起始日期"


async def sent(desk: Desk, content: str, role: Role = P) -> httpx2.Response:
    url = "/api/v1/service-imports"
    return await desk.http.post(url, content=content.encode("gb18030"), headers=desk.headers(role), timeout=60)


async def taken(desk: Desk, content: str) -> list[dict[str, Any]]:
    answer = await sent(desk, content)
    assert answer.status_code == 200, answer.text
    _, *reports, _ = [orjson.loads(part) for part in answer.text.splitlines()]
    return sorted(reports, key=lambda told: int(told["line"]))


async def test_many_people_are_registered_from_one_file_and_again_nothing_is(desk: Desk) -> None:
    rows = [f"staff-{number},登记处,standard,officer,2024-09-01" for number in range(800)]
    content = "\n".join([HEADER, *rows])
    assert {told["outcome"] for told in await taken(desk, content)} == {"recorded"}
    size = await desk.log_size()
    assert {told["outcome"] for told in await taken(desk, content)} == {"repeated"}
    assert await desk.log_size() == size
    await desk.project()
    assert await desk.house.pool.fetchval("SELECT count(*) FROM read_model.in_service") == 800


async def test_a_wrong_rank_pack_or_day_is_that_lines_alone(desk: Desk) -> None:
    content = "\n".join(
        [
            HEADER,
            "staff-1,Registry,standard,officer,2024-09-01",
            "staff-2,Registry,standard,admiral,2024-09-01",
            "staff-3,Registry,nowhere,officer,2024-09-01",
            "staff-4,Registry,standard,officer,2027-09-01",
            "staff-5,Registry,standard,officer,next year",
        ]
    )
    outcomes = [told["outcome"] for told in await taken(desk, content)]
    assert outcomes == ["recorded", "refused", "refused", "refused", "invalid"]


async def test_a_school_registers_nobody(desk: Desk) -> None:
    answer = await sent(desk, f"{HEADER}\nstaff-1,Registry,standard,officer,2024-09-01", S)
    assert (answer.status_code, answer.json()["action"]) == (403, "import_services")
