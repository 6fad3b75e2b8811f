"""Whether the process lives, is ready, and what it counts."""

from tests.desk import Desk


async def test_the_process_says_that_it_lives(desk: Desk) -> None:
    assert (await desk.http.get("/healthz")).json() == {"alive": True}


async def test_the_process_is_ready_once_its_read_models_are_kept(desk: Desk) -> None:
    await desk.project()
    await desk.opened()
    answer = await desk.http.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["stopped"] == {}
    assert set(answer.json()["behind"]) >= {"case_board", "audit_trail", "officer", "public_notice"}
    assert set(answer.json()["behind"].values()) == {3}


async def test_figures_name_routes_and_never_an_address(desk: Desk) -> None:
    case_id = await desk.opened()
    await desk.get(f"/api/v1/cases/{case_id}")
    said = (await desk.http.get("/metrics")).text
    assert 'route="/api/v1/cases/{case_id}",status="200"' in said
    assert case_id not in said
