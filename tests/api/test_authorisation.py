"""Each role tries every action, alone and mixed with others: forbidding wins, and every answer says why."""

from itertools import combinations
from pathlib import Path

import pytest

from api.authorisation import (
    ACTIONS,
    KINDS,
    NO_PERMIT,
    POLICIES,
    READS,
    WRITES,
    PoliciesUnsound,
    UnknownAction,
    authorise,
    policies,
    read_policies,
)
from domain.catalogue import APART, DECIDE, MACRO, MICRO, MODERATION
from domain.identity import Role
from domain.joint_supervision_rule import DEPARTMENTS

RECORD = {
    "read_case",
    "read_cases",
    "read_case_timeline",
    "read_packs",
    "read_pack",
    "read_duties",
    "read_reviewer_record",
    "read_pack_differences",
    "read_batch",
    "read_training_figures",
} | {
    "read_exceptions",
    "read_case_exceptions",
    "read_exception_counts",
    "read_training_standing",
    "read_own_training_standing",
    "read_courses",
    "read_course",
    "read_facilities",
    "read_school_keys",
    "read_training_import",
    "read_case_training",
    "read_readiness",
}
OWN = {"read_own_training_standing", "read_courses", "read_facilities", "rate_course"}
CHOOSING = {"set_criteria", "nominate_candidate", "withdraw_candidate", "close_nominations"}
CARRYING = {"open_case", "open_public_notice", "issue_appointment", "confirm_probation", "fail_probation"} | {
    "withdraw_case",
    "correct_public_notice",
    "propose_exception",
    "withdraw_exception",
}
RUNNING = CHOOSING | CARRYING
TRAINING = {command.name() for command in MICRO}
PLANNING = {command.name() for command in MACRO}
REVIEWING = (
    {"lodge_objection", "acknowledge_objection", "dispose_objection"}
    | {"request_opinion", "return_opinion"}
    | {
        "conclude_supervision_review",
        "suspend_case",
        "resume_case",
        "place_hold",
        "query_runner",
        "open_inquiry",
        "record_finding",
        "conclude_inquiry",
        "record_sanction",
        "decide_conflict",
        "record_superior_reply",
        "record_breach",
    }
)
DECLARING = {"declare_interests", "rate_course"}
CHECKING = {"cross_check_interests", "report_to_superior"}

DUTIES = {"assign_duty", "attend_supervision_point"}
ANSWERING = DUTIES | {"answer_query"}

DECIDING = {"hold_decision_meeting", "take_decision", "decline_to_decide", "reconsider_decision", "annotate_minutes"}
IN_COURSES = {"read_course_participants", "read_training_register"}
BALANCE = {"read_unit_balance"} | IN_COURSES

ENTERING = {"enter_record", "sign_record", "conclude_stage"}
CLOCKS = {"pause_clock", "resume_clock"}
MODERATING = {command.name() for command in MODERATION}
REVIEWED = {"read_confidential", "read_inquiries", "read_inquiry"}
ALONE = {
    Role.PERSONNEL: RECORD | BALANCE | PLANNING | RUNNING | ANSWERING | DECLARING | CHECKING | ENTERING,
    Role.SCHOOL: RECORD | IN_COURSES | TRAINING | ANSWERING | DECLARING,
    Role.SUPERVISION: RECORD
    | BALANCE
    | REVIEWING
    | DUTIES
    | DECLARING
    | CHECKING
    | ENTERING
    | CLOCKS
    | {"lift_hold", "allow_deviation", "move_case", *REVIEWED},
    Role.DECISION_BODY: RECORD
    | ANSWERING
    | DECLARING
    | DECIDING
    | ENTERING
    | {"lift_hold", "issue_appointment", "allow_deviation", "move_case", *REVIEWED, "adopt_pack"},
    Role.AUDITOR: RECORD | BALANCE | {*REVIEWED},
    Role.PERSON: OWN,
    Role.MODERATOR: MODERATING,
    Role.SYSTEM: {"let_timer_run_out", "recount_due_dates", "doubt_training"},
}

# Carrying two roles never gives what either half must be kept from.
MIXED = {
    (Role.PERSONNEL, Role.SCHOOL): RECORD | BALANCE | ANSWERING | DECLARING,
    (Role.PERSONNEL, Role.SUPERVISION): RECORD | BALANCE | PLANNING | DUTIES | DECLARING | CHECKING,
    (Role.PERSONNEL, Role.DECISION_BODY): RECORD
    | BALANCE
    | PLANNING
    | CARRYING
    | ANSWERING
    | DECLARING
    | CHECKING
    | DECIDING
    | ENTERING,
    (Role.PERSONNEL, Role.AUDITOR): RECORD | BALANCE,
    (Role.SCHOOL, Role.SUPERVISION): RECORD | BALANCE | DUTIES | DECLARING,
    (Role.SCHOOL, Role.DECISION_BODY): RECORD | IN_COURSES | ANSWERING | DECLARING,
    (Role.SCHOOL, Role.AUDITOR): RECORD | BALANCE,
    (Role.SUPERVISION, Role.DECISION_BODY): RECORD
    | BALANCE
    | DUTIES
    | DECLARING
    | CHECKING
    | ENTERING
    | CLOCKS
    | {"lift_hold", "allow_deviation", "move_case", *REVIEWED, "adopt_pack"},
    (Role.SUPERVISION, Role.AUDITOR): RECORD | BALANCE | {*REVIEWED},
    (Role.DECISION_BODY, Role.AUDITOR): RECORD | BALANCE | {*REVIEWED},
    (Role.PERSONNEL, Role.SYSTEM): set[str](),
    (Role.SCHOOL, Role.SYSTEM): set[str](),
    (Role.SUPERVISION, Role.SYSTEM): set[str](),
    (Role.DECISION_BODY, Role.SYSTEM): set[str](),
    (Role.AUDITOR, Role.SYSTEM): set[str](),
}

# Whoever is nothing but a person adds what is theirs to read, which every officer may.
MIXED |= {
    (role, Role.PERSON): acts | OWN - ({"rate_course"} if role is Role.AUDITOR else set())
    for role, acts in ALONE.items()
    if role not in (Role.PERSON, Role.SYSTEM, Role.MODERATOR)
}
MIXED |= {(Role.SYSTEM, Role.PERSON): set[str]()}

# Whoever takes steps that files are made for may send one; each of its lines is then asked about as a step.
SENDING = {Role.PERSONNEL, Role.SCHOOL, Role.DECISION_BODY}


# What an inspection says of people is nothing for whoever decides on them.
REMARKED = {Role.PERSONNEL, Role.SCHOOL, Role.SUPERVISION, Role.AUDITOR}


def remarks(*roles: Role) -> set[str]:
    return {"read_training_inspection_remarks"} if REMARKED & set(roles) and Role.SYSTEM not in roles else set()


def dossiers(*roles: Role) -> set[str]:
    """For those who meet over a case; the school is kept out of it, also by whoever carries another role beside."""
    meeting = {Role.PERSONNEL, Role.SUPERVISION, Role.DECISION_BODY, Role.AUDITOR} & set(roles)
    return {"read_dossier"} if meeting and not {Role.SCHOOL, Role.SYSTEM} & set(roles) else set()


def forgetting(*roles: Role) -> set[str]:
    """One department proposes, the other judges; whoever carries both does neither."""
    if Role.SYSTEM in roles or not {Role.PERSONNEL, Role.SUPERVISION, Role.AUDITOR} & set(roles):
        return set()
    reading = {"read_forgettings", "read_forgetting"}
    if {Role.SCHOOL, Role.AUDITOR} & set(roles) or {Role.PERSONNEL, Role.SUPERVISION} <= set(roles):
        return reading
    half = ("propose", "withdraw") if Role.PERSONNEL in roles else ("approve", "refuse")
    return reading | {f"{act}_forgetting" for act in half}


# One token enters one space, and whoever audits or teaches has none.
NOTES = {"write_private_note", "read_private_notes"}


def spaces(*roles: Role) -> set[str]:
    departments = {Role.PERSONNEL, Role.SUPERVISION, Role.DECISION_BODY} & set(roles)
    shut_out = {Role.SCHOOL, Role.AUDITOR, Role.SYSTEM} & set(roles)
    return NOTES if len(departments) == 1 and not shut_out else set()


# What was told to supervision is for supervision alone; how much came, for everybody who meets over it.
INPUTS = {"record_input", "verify_input", "dismiss_input", "refer_input", "read_supervision_input"}
SEEN = {"read_supervision_inputs", "read_opinion_askings", "read_supervision_channels"}


def channels(*roles: Role) -> set[str]:
    held = set(roles)
    if Role.SYSTEM in held or not held & MEETING:
        return set()
    supervised = held & {Role.PERSONNEL, Role.SCHOOL, Role.DECISION_BODY, Role.AUDITOR}
    asking = held & {Role.PERSONNEL, Role.SUPERVISION} and not held & {Role.SCHOOL, Role.AUDITOR}
    return (
        SEEN
        | (INPUTS if Role.SUPERVISION in held and not supervised else set())
        | ({"ask_opinions", "record_opinion_count"} if asking else set())
    )


# What supervision watches is about those who manage, train and decide.
WATCHING = {"open_watch", "attend_watch_point", "conclude_watch"}
WATCHED = {"read_supervision_watches", "read_supervision_watch", "read_person_overview"} | {"read_reviewer_record_of"}


def watches(*roles: Role) -> set[str]:
    held = set(roles)
    if held & {Role.PERSONNEL, Role.SCHOOL, Role.DECISION_BODY, Role.SYSTEM} or not held & {
        Role.SUPERVISION,
        Role.AUDITOR,
    }:
        return set()
    return WATCHED | (WATCHING if Role.AUDITOR not in held else set())


# The trail is read by everybody who meets over it; the school writes training and no search either.
MEETING = {Role.PERSONNEL, Role.SUPERVISION, Role.DECISION_BODY, Role.AUDITOR}
SEARCHES = {"save_audit_search", "remove_audit_search"}


def trail(*roles: Role) -> set[str]:
    if not MEETING & set(roles) or Role.SYSTEM in roles:
        return set()
    reading = {"read_audit_trail", "export_audit_trail", "read_audit_searches"}
    return reading if Role.SCHOOL in roles else reading | SEARCHES


# One department writes to whoever sent something in, and it is never one token of two.
WRITING_TO = {"ask_objector", "answer_objector"}


def taking_part(*roles: Role) -> set[str]:
    held = set(roles)
    if held & {Role.SCHOOL, Role.AUDITOR, Role.SYSTEM}:
        return set()
    answering = {"answer_entry"} if Role.PERSONNEL in held else set[str]()
    apart = Role.SUPERVISION not in held or not held & {Role.PERSONNEL, Role.DECISION_BODY}
    return answering | (WRITING_TO if apart and held & {Role.PERSONNEL, Role.SUPERVISION} else set())


HOOKS = {"register_webhook", "try_webhook", "end_webhook"}


def hooks(*roles: Role) -> set[str]:
    """Whoever answers for notices or watches them; the school writes training and nothing else."""
    if not {Role.PERSONNEL, Role.SUPERVISION, Role.AUDITOR} & set(roles) or Role.SYSTEM in roles:
        return set()
    return {"read_webhooks"} | (set() if Role.SCHOOL in roles else HOOKS)


def requests(*roles: Role) -> set[str]:
    """Whoever meets over them asks; whoever is asked answers, the school among them."""
    held = set(roles)
    if Role.SYSTEM in held or not {*MEETING, Role.SCHOOL} & held:
        return set()
    read = {"read_organ_requests", "read_organ_request", "read_request_particulars"}
    if Role.AUDITOR in held:
        return read
    asking = set[str]() if Role.SCHOOL in held else {"ask_organ", "withdraw_request"}
    return read | asking | {"answer_request", "decline_request"}


def checks(*roles: Role) -> set[str]:
    """Either department has somebody checked, whoever is asked says what it found, and no school has part in it."""
    held = set(roles)
    if Role.SYSTEM in held:
        return set()
    departments = held & {Role.PERSONNEL, Role.SUPERVISION}
    read = {"read_check"} if departments or Role.AUDITOR in held else set[str]()
    if held & {Role.AUDITOR, Role.SCHOOL}:
        return read
    recorded = {"record_check"} if departments or Role.DECISION_BODY in held else set[str]()
    return read | recorded | ({"request_check"} if departments else set())


def details(*roles: Role) -> set[str]:
    """What is sealed about a problem: supervision and auditors, and nobody who also runs cases or teaches."""
    kept_out = {Role.PERSONNEL, Role.SCHOOL, Role.SYSTEM} & set(roles)
    return {"read_problem_details"} if {Role.SUPERVISION, Role.AUDITOR} & set(roles) and not kept_out else set()


def register(*roles: Role) -> set[str]:
    """Problems and trends are read by whoever meets over them; problems by a school too, as far as they are its own."""
    if Role.SYSTEM in roles or not {*MEETING, Role.SCHOOL} & set(roles):
        return set()
    counts = {"read_problem_counts", "read_trend_report"} if MEETING & set(roles) else set[str]()
    return {"read_problems", "read_problem", "export_problems"} | counts


HOLDING = {
    *("convene_meeting", "place_agenda_item", "call_in_organ", "record_meeting_attendance", "open_meeting"),
    *("record_statement", "make_finding", "adopt_resolution", "close_meeting", "annotate_meeting_minutes"),
    *("propose_agenda_addition", "cancel_meeting"),
}


def meetings(*roles: Role) -> set[str]:
    """Both departments hold the meeting and sign, never with one token; a called-in school reads its own figures."""
    held = set(roles)
    if Role.SYSTEM in held or not held & {*MEETING, Role.SCHOOL}:
        return set()
    read = {"read_joint_meetings", "read_joint_meeting", "read_meeting_minutes"} if held & MEETING else set[str]()
    read |= {"read_meeting_statistics"}
    departments = held & {Role.PERSONNEL, Role.SUPERVISION}
    if held & {Role.SCHOOL, Role.AUDITOR} or not departments:
        return read
    return read | HOLDING | ({"sign_minutes", "agree_to_agenda_addition"} if len(departments) == 1 else set())


def files(*roles: Role) -> set[str]:
    return {"record_batch"} if SENDING & set(roles) and Role.SYSTEM not in roles else set()


def besides(*roles: Role) -> set[str]:
    """What is asked about apart from a role's own steps."""
    return (
        entries(*roles)
        | hooks(*roles)
        | taking_part(*roles)
        | files(*roles)
        | remarks(*roles)
        | forgetting(*roles)
        | trail(*roles)
        | dossiers(*roles)
        | spaces(*roles)
        | problems(*roles)
        | surveys(*roles)
        | register(*roles)
        | details(*roles)
        | checks(*roles)
        | channels(*roles)
        | requests(*roles)
        | meetings(*roles)
        | watches(*roles)
        | yearly_reports(*roles)
    )


def yearly_reports(*roles: Role) -> set[str]:
    """Reports are drawn up by personnel, never in the clothes of the school or of whoever audits, and read by all."""
    held = set(roles)
    if Role.SYSTEM in held or not held & {*DEPARTMENTS, Role.DECISION_BODY, Role.AUDITOR}:
        return set()
    drawing = Role.PERSONNEL in held and not held & {Role.SCHOOL, Role.AUDITOR}
    return {"read_yearly_report", "read_yearly_reports"} | ({"draw_up_yearly_report"} if drawing else set[str]())


def problems(*roles: Role) -> set[str]:
    """Problems are found by the departments, mended by their owners, and judged by any organ but the school."""
    held = set(roles)
    if held & {Role.SYSTEM, Role.AUDITOR}:
        return set()
    mending = {"report_remedy"} if held & {*DEPARTMENTS, Role.SCHOOL, Role.DECISION_BODY} else set[str]()
    if Role.SCHOOL in held:
        return mending
    finding = {"open_problem", "reopen_problem"} if held & set(DEPARTMENTS) else set[str]()
    judging = {"accept_remedy", "refuse_remedy"} if held & {*DEPARTMENTS, Role.DECISION_BODY} else set[str]()
    return mending | finding | judging


def surveys(*roles: Role) -> set[str]:
    """Surveys are supervision's, and of nobody's who also does what they ask about; an index is used by all three."""
    held = set(roles)
    if held & {Role.SYSTEM, Role.AUDITOR, Role.SCHOOL}:
        return set()
    using = {"record_index_use"} if held & {*DEPARTMENTS, Role.DECISION_BODY} else set[str]()
    if Role.SUPERVISION in held and not held & {Role.PERSONNEL, Role.DECISION_BODY}:
        using |= {"publish_survey_method", "propose_survey", "issue_survey_codes", "count_survey"}
        using |= {"read_survey_house_report", "withdraw_survey"}
    return using


def entries(*roles: Role) -> set[str]:
    """What waits is read by those who answer it, look at it first or audit it."""
    held = set(roles)
    if Role.SYSTEM in held:
        return set()
    answering = {"read_entries"} if held & {Role.PERSONNEL, Role.SUPERVISION, Role.AUDITOR} else set[str]()
    queue = {"read_moderation_queue"} if held & {Role.MODERATOR, Role.AUDITOR} else set[str]()
    return answering | queue | ({"read_entry", "read_attachment"} if answering or queue else set())


ALONE = {role: acts | besides(role) for role, acts in ALONE.items()}
MIXED = {roles: acts | besides(*roles) for roles, acts in MIXED.items()}

# Whoever moderates writes nothing else, and nobody who acts in cases moderates; what may be read may still be read.
MIXED |= {
    (role, Role.MODERATOR): ALONE[role] - set(WRITES)
    | entries(Role.MODERATOR)
    | (MODERATING if role is Role.PERSON else set())
    for role in Role
    if role not in (Role.MODERATOR, Role.SYSTEM)
}
MIXED[Role.SYSTEM, Role.MODERATOR] = set()

GOOD = """
@id("everything") @why("Everybody may do everything.")
permit (principal, action in [Action::"read", Action::"write"], resource);
"""


def allowed(*roles: Role) -> set[str]:
    return {action for action in ACTIONS if authorise(frozenset(roles), action).allowed}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", ACTIONS)
def test_each_role_alone_may_do_its_own_acts_and_no_others(role: Role, action: str) -> None:
    decision = authorise(frozenset({role}), action)
    assert decision.allowed == (action in ALONE[role])


@pytest.mark.parametrize("pair", list(combinations(Role, 2)))
def test_two_roles_together_never_do_both_halves(pair: tuple[Role, Role]) -> None:
    assert allowed(*pair) == MIXED[pair]


def test_every_role_stands_in_the_tables() -> None:
    assert set(ALONE) == set(Role)
    assert set(MIXED) == set(combinations(Role, 2))


def test_another_role_never_adds_an_act_that_neither_role_has() -> None:
    for count in (2, 3, len(Role)):
        for roles in combinations(Role, count):
            assert allowed(*roles) <= set.union(*(ALONE[role] for role in roles))


@pytest.mark.parametrize("crossing", [RUNNING | REVIEWING | {"hold_decision_meeting", "allow_deviation"}, TRAINING])
def test_macro_and_micro_stay_apart_whatever_else_is_carried(crossing: set[str]) -> None:
    """F23: a token with both roles is refused the acts of either."""
    for count in (0, 1, len(Role) - 2):
        for others in combinations(set(Role) - {Role.PERSONNEL, Role.SCHOOL}, count):
            assert not allowed(Role.PERSONNEL, Role.SCHOOL, *others) & crossing


def test_whoever_carries_the_auditor_role_writes_nothing_but_saved_searches_and_webhooks() -> None:
    for count in (0, 1, 2, len(Role) - 1):
        for others in combinations(set(Role) - {Role.AUDITOR}, count):
            assert not allowed(Role.AUDITOR, *others) & set(WRITES) - SEARCHES - HOOKS


def test_nobody_without_a_role_may_do_anything() -> None:
    assert allowed() == set()
    assert "nobody with a role" in authorise(frozenset(), "read_case").why


def test_every_answer_names_its_policies_and_says_why_in_sentences() -> None:
    for role in Role:
        for action in ACTIONS:
            decision = authorise(frozenset({role}), action)
            assert decision.policy_ids and decision.why.endswith(".")
            assert set(decision.policy_ids) <= policies().reasons.keys() | {NO_PERMIT}
            assert decision.allowed or f"`{action}` is for " in decision.why


def test_a_forbidden_crossing_says_which_policy_forbids_it() -> None:
    decision = authorise(frozenset({Role.SCHOOL, Role.PERSONNEL}), "open_case")
    assert decision.policy_ids == ("school-writes-nothing-but-training",)
    assert "`open_case` is for personnel; you act as personnel and school." in decision.why


def test_what_nothing_permits_is_refused_with_the_role_that_may() -> None:
    decision = authorise(frozenset({Role.PERSONNEL}), "hold_decision_meeting")
    assert decision.policy_ids == (NO_PERMIT,)
    assert decision.why == "`hold_decision_meeting` is for decision_body; you act as personnel."


def test_the_same_question_is_asked_of_the_policies_once() -> None:
    first = authorise(frozenset({Role.PERSONNEL, Role.AUDITOR}), "open_case")
    assert authorise(frozenset({Role.AUDITOR, Role.PERSONNEL}), "open_case") is first


def test_every_command_of_the_catalogue_is_named_in_the_policies() -> None:
    written = "".join(file.read_text("utf-8") for file in POLICIES.glob("*.cedar"))
    assert set(WRITES) == {command.name() for command in (*DECIDE, *APART)} | {"adopt_pack"}
    together = {name for kind, names in KINDS.items() for name in names if f'Action::"{kind}"' in written}
    assert [act for act in WRITES + READS if f'Action::"{act}"' not in written and act not in together] == []


def test_an_unknown_action_is_a_fault_of_the_code() -> None:
    with pytest.raises(UnknownAction, match="open_sesame"):
        authorise(frozenset({Role.PERSONNEL}), "open_sesame")


@pytest.mark.parametrize(
    ("spoilt", "because"),
    [
        ('@id("a") @why("B.") permit (principal, action == Action::"open_sesame", resource);', "open_sesame"),
        ('@id("a") @why("B.") forbid (principal in Role::"janitor", action, resource);', "janitor"),
        ('@id("a") @why("B.") forbid (principal,', "cannot be used"),
        ('@why("B.") forbid (principal, action, resource);', "needs an @id"),
        ('@id("a") forbid (principal, action, resource);', "needs an @id and a whole sentence"),
        ('@id("everything") @why("B.") forbid (principal, action, resource);', "Two policies"),
        ('@id("a") @why("B.") forbid (principal, action, resource);', "No policy permits open_case"),
    ],
)
def test_unsound_policies_are_refused_when_they_are_read(tmp_path: Path, spoilt: str, because: str) -> None:
    (tmp_path / "good.cedar").write_text(GOOD, "utf-8")
    (tmp_path / "spoilt.cedar").write_text(spoilt, "utf-8")
    with pytest.raises(PoliciesUnsound, match=because):
        read_policies(tmp_path)


def test_a_folder_without_policies_permits_nothing_and_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PoliciesUnsound):
        read_policies(tmp_path)
