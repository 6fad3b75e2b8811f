"""Rules, guidance and coordination over HTTP: written by personnel, listed for everybody without a token."""

from typing import Any

from tests.api.test_training_plan import adopted, listed
from tests.desk import Desk

RULE = {
    "title": {"en": "Attendance is taken every half day"},
    "text": {"en": "Each school takes attendance every half day.", "zh": "各校每半日考勤一次。"},
    "source": "House rules on training, 2.4",
    "effective_on": "2026-04-01",
}
GUIDANCE = {"addressed_to": "training-school", "subject": "Cases", "text": "Use contested entries of late years."}
COORDINATION = {
    "kind": "teachers",
    "need": "teachers of administrative law",
    "needed_by": ["county-school"],
    "served_by": "training-school",
    "served_how": "Two teachers are lent for the spring term.",
    "quantity": 2,
    "from_on": "2026-03-09",
    "until_on": "2026-06-30",
}


async def test_a_rule_stands_until_another_takes_its_place(desk: Desk) -> None:
    first = (await desk.done("/training-rules", RULE))["rule_id"]
    second = (await desk.done("/training-rules", RULE | {"replaces": first}))["rule_id"]
    standing = (await listed(desk, "/training-rules?still_open=true"))["rules"]
    assert [(rule["rule_id"], rule["replaces"]) for rule in standing] == [(second, first)]
    replaced = (await listed(desk, "/training-rules?still_open=false"))["rules"]
    assert [(rule["rule_id"], rule["replaced_by"]) for rule in replaced] == [(first, second)]
    assert replaced[0]["title"] == {"en": RULE["title"]["en"], "zh": None}  # type: ignore[index]


async def test_a_rule_without_words_or_for_the_past_is_refused(desk: Desk) -> None:
    assert (await desk.post("/training-rules", RULE | {"title": {}})).status_code == 422
    past = await desk.post("/training-rules", RULE | {"effective_on": "2026-01-01"})
    assert (past.status_code, past.json()["field"]) == (422, "effective_on")
    assert (await desk.post("/training-rules", RULE | {"replaces": "0123456789ab"})).status_code == 404


async def test_guidance_and_coordination_are_listed_by_organ_and_by_plan(desk: Desk) -> None:
    plan = await adopted(desk)
    for address, body, name in LISTS:
        about = (await desk.done(address, body | {"plan_id": plan}))["position"]
        await desk.done(address, body)
        assert len((await listed(desk, address))[name]) == 2
        (found,) = (await listed(desk, f"{address}?plan_id={plan}"))[name]
        assert (found["plan_id"], found["position"], found["organ"]) == (plan, about, "personnel-department")
        assert len((await listed(desk, f"{address}?organ=training-school"))[name]) == 2
        assert (await listed(desk, f"{address}?organ=nobody"))[name] == []
        assert (await desk.post(address, body | {"plan_id": "0123456789ab"})).status_code == 404


LISTS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("/training-guidance", GUIDANCE, "guidance"),
    ("/training-coordination", COORDINATION, "coordination"),
)


async def test_no_list_names_an_officer(desk: Desk) -> None:
    await desk.done("/training-rules", RULE)
    officer = await desk.house.keys.subject_for("example-personnel")
    await desk.project()
    answer = await desk.http.get("/api/v1/training-rules")
    assert answer.json()["rules"] and officer not in answer.text and "example" not in answer.text
