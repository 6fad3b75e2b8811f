"""The public reads the pack's fields of the candidates that a notice names, while it stands, and nothing else ever."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.identity import CandidateId, OfficerId, PersonId
from domain.nomination import CandidateNominated
from domain.particulars import Particulars
from projections.public_notice import _allowed, notice_by_id
from tests.desk import D, Desk, V
from tests.examples import pack

FIELDS = tuple(Particulars.model_fields)
SECRETS = {name: f"secret-of-{name}" for name in FIELDS} | {"birth_year_month": "1961-07"}
NOMINEE = {"person": "secret-of-person", "particulars": SECRETS}
RIVAL = {"person": "secret-of-rival", "particulars": {"full_name": "secret-of-rival-name"}}
OBJECTION = {"grounds": "secret-of-grounds in March", "objector": "secret-of-objector, Lane 5"}


async def outlets(desk: Desk, notice_id: str) -> str:
    """Everything that the public can read about a notice, at every public address there is."""
    await desk.project()
    kinds = ("", "/large-print", ".ics")
    found = (
        "",
        "feed.atom",
        "feed.json",
        "notices",
        "notices?q=secret",
        *(f"notices/{notice_id}{kind}" for kind in kinds),
    )
    paths = [f"/{language}/{rest}" for language in ("en", "zh") for rest in found]
    paths += ["/api/v1/notices", f"/api/v1/notices/{notice_id}", "/metrics", "/readyz", "/api/v1/openapi.json"]
    answers = [await desk.http.get(path) for path in paths]
    assert {answer.status_code for answer in answers} <= {200, 410}
    read_model = await desk.house.pool.fetch("SELECT t::text FROM read_model.public_notice t")
    return "\n".join([*(answer.text for answer in answers), *(str(row) for row in read_model)])


def secrets_in(text: str) -> set[str]:
    # Not the bare year: a hash may hold its digits by chance.
    years = {"birth_year_month"} if any(said in text for said in ("1961-07", "July 1961", "1961年7月")) else set()
    return years | {name for name in (*FIELDS, "person", "rival", "grounds", "objector") if f"secret-of-{name}" in text}


async def named(desk: Desk, notice_id: str) -> bool:
    await desk.project()
    found = await notice_by_id(desk.house.pool, notice_id, desk.clock())
    rows = await desk.house.pool.fetch("SELECT t::text AS row FROM read_model.public_notice t")
    assert found is not None
    assert bool(found.candidates) == any("secret-of-full_name" in row["row"] for row in rows)
    return bool(found.candidates)


async def test_only_the_fields_of_the_pack_are_in_any_public_outlet(desk: Desk) -> None:
    case_id, _, notice_id = await desk.noticed(NOMINEE)
    await desk.objected(case_id, **OBJECTION)
    assert secrets_in(await outlets(desk, notice_id)) == set(pack("standard").notice.fields.value)


async def test_only_the_chosen_one_is_shown_where_the_notice_follows_the_decision(desk: Desk) -> None:
    post = {"pack": "cn.sr2019", "post_id": "regulated"}
    case_id, candidates = await desk.trained(NOMINEE, RIVAL, **post)
    for organ in ("discipline-organ", "co-managing-organ"):
        await desk.done(f"/cases/{case_id}/opinion-requests", {"organ": organ}, V)
        opinion = {"organ": organ, "finding": "no_objection", "text": "secret-of-person in order"}
        await desk.done(f"/cases/{case_id}/opinions", opinion, V, organ=organ, subject=organ)
    cleared = {"conclusion": "cleared", "remarks": "secret-of-person cleared"}
    await desk.done(f"/cases/{case_id}/review-conclusions", cleared, V)
    await desk.declared(case_id)
    meeting = desk.meeting(candidates)
    meeting["ballots"][1]["statements"] = [{**said, "says": "disagree"} for said in meeting["ballots"][1]["statements"]]
    await desk.done(f"/cases/{case_id}/decision-meetings", meeting, D)
    opened = await desk.done(f"/cases/{case_id}/public-notices", {})
    public = await outlets(desk, opened["events"][0]["notice_id"])
    assert secrets_in(public) == set(pack("cn.sr2019").notice.fields.value)


async def test_whoever_is_out_of_the_case_was_never_proposed_as_far_as_the_public_can_read(desk: Desk) -> None:
    """One withdraws before the notice and one while it stands; the third is proposed, and nobody else is ever seen."""
    gone = [
        {"person": "secret-of-rival", "particulars": {"full_name": "secret-of-rival-name"}},
        {"person": "secret-of-objector", "particulars": {"full_name": "secret-of-objector-name"}},
    ]
    case_id, (first, second, _) = await desk.trained(*gone, NOMINEE)
    await desk.done(f"/cases/{case_id}/candidate-withdrawals", {"candidate_id": first})
    opened = await desk.done(f"/cases/{case_id}/public-notices", {})
    notice_id = opened["events"][0]["notice_id"]
    fields = set(pack("standard").notice.fields.value)
    assert secrets_in(await outlets(desk, notice_id)) == fields | {"objector"}
    await desk.done(f"/cases/{case_id}/candidate-withdrawals", {"candidate_id": second})
    public = await outlets(desk, notice_id)
    assert secrets_in(public) == fields and first not in public and second not in public


async def test_names_go_when_the_stage_of_the_notice_is_over(desk: Desk) -> None:
    case_id, _, notice_id = await desk.noticed(NOMINEE)
    assert await named(desk, notice_id)
    await desk.run_out(case_id, "public_notice")
    assert not await named(desk, notice_id)
    assert secrets_in(await outlets(desk, notice_id)) == set()


async def test_names_stay_while_an_objection_holds_the_case_and_go_when_it_is_disposed_of(desk: Desk) -> None:
    case_id, _, notice_id = await desk.noticed(NOMINEE)
    first, second = await desk.objected(case_id, **OBJECTION), await desk.objected(case_id)
    await desk.run_out(case_id, "public_notice")
    assert await named(desk, notice_id)
    await desk.disposed(case_id, first, "dismissed")
    assert await named(desk, notice_id)
    await desk.disposed(case_id, second, "dismissed")
    assert not await named(desk, notice_id)


async def test_names_go_when_an_upheld_objection_ends_the_case(desk: Desk) -> None:
    case_id, candidates, notice_id = await desk.noticed(NOMINEE)
    objection = await desk.objected(case_id, candidate_id=candidates[0])
    await desk.disposed(case_id, objection, "upheld")
    assert not await named(desk, notice_id)


async def test_a_candidate_who_leaves_while_the_notice_stands_is_named_no_longer_and_the_others_are(desk: Desk) -> None:
    case_id, candidates, notice_id = await desk.noticed(NOMINEE, RIVAL)
    assert "secret-of-rival-name" in await outlets(desk, notice_id)
    await desk.done(f"/cases/{case_id}/candidate-withdrawals", {"candidate_id": candidates[1]})
    read = await outlets(desk, notice_id)
    assert "secret-of-rival-name" not in read and "secret-of-full_name" in read


async def test_a_candidate_put_out_by_an_upheld_objection_is_named_no_longer(desk: Desk) -> None:
    case_id, candidates, notice_id = await desk.noticed(NOMINEE, RIVAL)
    objection = await desk.objected(case_id, candidate_id=candidates[0])
    await desk.disposed(case_id, objection, "upheld")
    read = await outlets(desk, notice_id)
    assert "secret-of-full_name" not in read and "secret-of-rival-name" in read


async def test_names_go_when_the_case_is_withdrawn_and_the_notice_no_longer_stands(desk: Desk) -> None:
    case_id, _, notice_id = await desk.noticed(NOMINEE)
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    assert not await named(desk, notice_id)
    assert (await desk.http.get("/api/v1/notices")).json()["open"] == []
    assert secrets_in(await outlets(desk, notice_id)) == set()


async def test_somebody_forgotten_leaves_a_place_without_a_name_when_rebuilt(desk: Desk) -> None:
    _, candidates, notice_id = await desk.noticed(NOMINEE)
    person = await desk.house.keys.subject_for("secret-of-person")
    assert hasattr(desk.house.keys, "_pool")
    await desk.house.keys._pool.execute("DELETE FROM owner_key WHERE owner = $1", f"person/{person}")
    await desk.project()
    found = await notice_by_id(desk.house.pool, notice_id, desk.clock())
    assert found is not None
    assert [(one.candidate_id, one.shown) for one in found.candidates] == [(candidates[0], ())]


async def test_a_notice_is_listed_as_open_and_then_as_recent(desk: Desk) -> None:
    case_id, _, notice_id = await desk.noticed(NOMINEE)
    await desk.project()
    lists = (await desk.http.get("/api/v1/notices")).json()
    assert ([n["notice_id"] for n in lists["open"]], lists["recent"]) == ([notice_id], [])
    await desk.run_out(case_id, "public_notice")
    await desk.project()
    lists = (await desk.http.get("/api/v1/notices")).json()
    assert (lists["open"], [n["notice_id"] for n in lists["recent"]]) == ([], [notice_id])


words = st.text(alphabet="abcdefgh", min_size=12, max_size=20)


@settings(max_examples=200, deadline=None)
@given(
    st.fixed_dictionaries({name: words for name in FIELDS if name != "birth_year_month"}),
    st.lists(st.sampled_from(FIELDS), unique=True),
)
def test_whatever_a_pack_allows_nothing_else_comes_through(said: dict[str, str], fields: list[str]) -> None:
    event = CandidateNominated(
        candidate_id=CandidateId("c"),
        person_id=PersonId("p"),
        nominated_by=OfficerId("o"),
        particulars=Particulars(**said, birth_year_month="1961-07"),
    )
    shown = dict(_allowed(event, fields, None))
    assert list(shown) == fields
    hidden = {value for name, value in said.items() if name not in fields} - set(shown.values())
    assert not any(value in text for value in hidden for text in shown.values())
    assert _allowed(event.without_sealed(), fields, "Why.") == ()
    stated = dict(_allowed(event, fields, "Why."))
    assert stated == shown | ({"exceptional_reason": "Why."} if "exceptional_reason" in fields else {})


@pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])
def test_the_fields_of_a_shipped_pack_are_particulars(pack_id: str) -> None:
    assert set(pack(pack_id).notice.fields.value) < set(FIELDS)


@pytest.mark.parametrize("whole_case", [True, False])
async def test_the_notice_states_the_reason_of_an_exception_until_its_names_are_taken_down(
    desk: Desk, whole_case: bool
) -> None:
    case_id, candidates = await desk.trained()
    reason = "A court date stands, and the post has nobody."
    facts = {"basis": "personal file", "in_probation": False, "last_was_exceptional": False, "levels": 1}
    of_one = {"kind": "exceptional_promotion", "candidate_id": candidates[0], "reason": reason, "facts": facts}
    of_all = {"kind": "no_competition", "reason": reason}
    answer = await desk.done(f"/cases/{case_id}/exceptions", of_all if whole_case else of_one)
    opened = await desk.done(f"/cases/{case_id}/public-notices", {})
    await desk.project()
    notice_id = opened["events"][0]["notice_id"]
    page = await desk.get(f"/en/notices/{notice_id}")
    assert "Reason for exceptional promotion" in page.text and reason in page.text
    (shown,) = (await desk.get(f"/api/v1/notices/{notice_id}")).json()["candidates"]
    assert shown["exceptional_reason"] == reason
    assert answer["events"][0]["exception_id"] not in page.text
    await desk.run_out(case_id, "public_notice")
    await desk.project()
    assert reason not in (await desk.get(f"/en/notices/{notice_id}")).text
