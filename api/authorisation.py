"""What each role may try, read from the policies beside this module; it knows roles and never a single case.

Whose duty a step is within one case, and who must keep out of it, is the domain's to say.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import cedarpy

from domain.catalogue import APART, DECIDE, MACRO, MICRO, MODERATION
from domain.identity import Role

POLICIES = Path(__file__).with_name("policies")
BATCH = "record_batch"
WRITES = (*(command.name() for command in (*DECIDE, *APART)), "adopt_pack")
READS = (
    "read_case",
    "read_cases",
    "read_case_timeline",
    "read_confidential",
    "read_dossier",
    "read_packs",
    "read_yearly_report",
    "read_yearly_reports",
    "read_pack",
    "read_pack_differences",
    "read_duties",
    "read_reviewer_record",
    "read_inquiries",
    "read_inquiry",
    "read_batch",
    "read_exceptions",
    "read_case_exceptions",
    "read_exception_counts",
    "read_unit_balance",
    "read_training_figures",
    "read_training_standing",
    "read_own_training_standing",
    "read_courses",
    "read_course",
    "read_course_participants",
    "read_facilities",
    "read_school_keys",
    "read_training_import",
    "read_training_inspection_remarks",
    "read_case_training",
    "read_readiness",
    "read_training_register",
    "read_forgettings",
    "read_forgetting",
    "read_entries",
    "read_entry",
    "read_attachment",
    "read_moderation_queue",
    "read_audit_trail",
    "export_audit_trail",
    "read_audit_searches",
    "read_webhooks",
    "read_survey_house_report",
    "read_private_notes",
    "read_problems",
    "read_problem",
    "read_problem_counts",
    "export_problems",
    "read_supervision_inputs",
    "read_supervision_input",
    "read_opinion_askings",
    "read_supervision_channels",
    "read_organ_requests",
    "read_organ_request",
    "read_request_particulars",
    "read_problem_details",
    "read_joint_meetings",
    "read_joint_meeting",
    "read_meeting_minutes",
    "read_meeting_statistics",
    "read_check",
    "read_supervision_watches",
    "read_supervision_watch",
    "read_person_overview",
    "read_reviewer_record_of",
    "read_trend_report",
)
KINDS = {
    kind: tuple(command.name() for command in commands)
    for kind, commands in (("macro", MACRO), ("micro", MICRO), ("moderation", MODERATION))
}
"""Writes that policies name together, by the name under which they do."""

ACTIONS = (*WRITES, BATCH, *READS)
NO_PERMIT = "nothing-permits-it"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it is allowed, by or against which policies, and why in a sentence."""

    allowed: bool
    policy_ids: tuple[str, ...]
    why: str


class PoliciesUnsound(Exception):
    """The policies do not say all that they must, or name what does not exist; nothing may start on them."""


class UnknownAction(LookupError):
    """Code asked about an action that no policy can name: a fault of the code, never a refusal."""


@lru_cache(maxsize=4096)
def authorise(roles: frozenset[Role], action: str) -> Decision:
    """The policies' answer to somebody with these roles who tries this action; the same question is asked of them once.

    Refuses: PoliciesUnsound, UnknownAction.
    """
    return policies().decide(roles, action)


@cache
def policies() -> "Policies":
    """The policies of this installation, checked; asked for at the start, it keeps an unsound one from starting.

    Refuses: PoliciesUnsound.
    """
    return read_policies(POLICIES)


def read_policies(folder: Path) -> "Policies":
    """The policies of a folder.

    Refuses: PoliciesUnsound, for a policy that does not parse, that names an unknown role or action, or that lacks its
    `@id` or its `@why`, and for an action that no policy permits to anybody.
    """
    files = sorted(folder.glob("*.cedar"))
    for file in files:
        found = cedarpy.validate_policies(file.read_text("utf-8"), SCHEMA)
        if not found.validation_passed:
            raise PoliciesUnsound(f"{file.name} cannot be used: {'; '.join(str(error) for error in found.errors)}.")
    text = "\n".join(file.read_text("utf-8") for file in files)
    written = list(json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"].values())
    reasons = _reasons(written)
    named = {action for policy in written if policy["effect"] == "permit" for action in _actions_in(policy)}
    permitted = named.union(*(names for kind, names in KINDS.items() if kind in named))
    if missing := [action for action in ACTIONS if action not in permitted]:
        raise PoliciesUnsound(f"No policy permits {', '.join(missing)} to anybody. Say in {folder.name} who may do it.")
    return Policies(cedarpy.PolicySet.from_str(text), reasons)


class Policies:
    """A set of policies, asked one question at a time; forbidding wins over permitting."""

    def __init__(self, parsed: cedarpy.PolicySet, reasons: dict[str, str]):
        self._parsed = parsed
        self._schema = cedarpy.Schema.from_str(SCHEMA)
        self.reasons = reasons
        """The sentence of each policy, by its id."""
        self._roles: dict[str, tuple[Role, ...]] = {}

    def decide(self, roles: frozenset[Role], action: str) -> Decision:
        """What the policies say, without remembering it.

        Refuses: UnknownAction.
        """
        if action not in ACTIONS:
            raise UnknownAction(f"`{action}` is no action that a policy can name.")
        allowed, ids = self._ask(roles, action)
        reasons = [self.reasons[policy] for policy in ids]
        if allowed:
            return Decision(True, ids, " ".join(reasons))
        return Decision(False, ids or (NO_PERMIT,), " ".join([*reasons, self._who_may(action, roles)]))

    def _who_may(self, action: str, roles: frozenset[Role]) -> str:
        if action not in self._roles:
            self._roles[action] = tuple(role for role in Role if self._ask(frozenset({role}), action)[0])
        acting = " and ".join(sorted(roles)) or "nobody with a role"
        return f"`{action}` is for {' or '.join(self._roles[action])}; you act as {acting}."

    def _ask(self, roles: frozenset[Role], action: str) -> tuple[bool, tuple[str, ...]]:
        request = {
            "principal": 'Officer::"caller"',
            "action": f'Action::"{action}"',
            "resource": 'Service::"investiture"',
            "context": {},
        }
        held = [{"type": "Role", "id": str(role)} for role in sorted(roles)]
        caller = {"uid": {"type": "Officer", "id": "caller"}, "attrs": {}, "parents": held}
        answer = cedarpy.is_authorized(request, self._parsed, [caller], self._schema)
        # A policy that fails to evaluate is skipped by Cedar; skipping a forbidding one would open the door.
        if answer.diagnostics.errors:
            raise PoliciesUnsound(f"`{action}` cannot be decided: {'; '.join(answer.diagnostics.errors)}.")
        return answer.allowed, tuple(sorted(answer.diagnostics.id_annotations_by_reason.values()))


def _schema() -> str:
    """The words that a policy may use: the roles, the commands of the catalogue, and the reads."""
    roles = ", ".join(f'"{role}"' for role in Role)
    kept_together = {name for names in KINDS.values() for name in names}
    asked_of = "appliesTo { principal: Officer, resource: Service }"
    return "\n".join(
        [
            f"entity Role enum [{roles}];",
            "entity Officer in [Role];",
            "entity Service;",
            "action write, read;",
            f"action {', '.join(KINDS)} in [write];",
            *(f"action {', '.join(names)} in [{kind}] {asked_of};" for kind, names in KINDS.items()),
            f"action {', '.join(set(WRITES) - kept_together)} in [write] {asked_of};",
            f"action {', '.join(READS)} in [read] {asked_of};",
            f"action {BATCH} {asked_of};",  # no write itself: each of its lines is asked about as the write that it is
        ]
    )


SCHEMA = _schema()


def _reasons(written: list[Any]) -> dict[str, str]:
    reasons: dict[str, str] = {}
    for policy in written:
        notes = policy.get("annotations", {})
        name, why = notes.get("id"), notes.get("why")
        if not name or not why or not why.endswith("."):
            raise PoliciesUnsound(f"Policy {name or 'without a name'} needs an @id and a whole sentence as its @why.")
        if name in reasons:
            raise PoliciesUnsound(f"Two policies are called {name}; a refusal could not say which one it was.")
        reasons[name] = why
    return reasons


def _actions_in(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("type") == "Action":
            yield part["id"]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _actions_in(inner)
