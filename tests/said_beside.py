"""What the departments keep about somebody beside their case: notes, an input, a watch, a check, and more."""

from collections.abc import Generator
from typing import Any

from domain.identity import Role

P, V, D = Role.PERSONNEL, Role.SUPERVISION, Role.DECISION_BODY
Step = tuple[str, dict[str, Any], Role, str | None]
"""Where something is sent, what, as whom, and as which officer of theirs; None: the usual one."""

SECRET = "Zephyrine pawned the seal of Ghent"
LABELS = {"membership": "non_party", "voice": "petitions", "source": "system"}
PROBLEM = {
    "type": "procedure",
    "severity": "minor",
    "finding": "A seal was not where the register has it.",
    "owner": "personnel-department",
    "accepting": "supervision-organ",
}


def said_beside(case_id: str, person: str) -> Generator[Step, dict[str, Any], None]:
    """Each step of it, which is given the answer to it; all that is open is settled in the end."""
    case = {"subject": {"kind": "case", "id": case_id}}
    for role in (P, V, D):
        yield "/private-notes", {"about": {"kind": "case", "id": case_id}, "text": SECRET}, role, None
    received = yield "/supervision-inputs", {"labels": LABELS, "person": person, "text": SECRET}, V, None
    watch = {"subject": {"kind": "daily_management", "id": "Archive"}, "points": ["Where the seal is"]}
    watched = yield "/supervision-watches", watch | {"people": [person], "grounds": SECRET}, V, None
    check = {"person": person, "kind": "petitions"}
    yield "/checks", check | {"asked": "supervision-organ", "case_id": case_id}, P, None
    yield "/check-results", check | {"outcome": SECRET}, V, None
    asked = yield "/opinion-askings", case | {"asked": [{"direction": "peer", "number": 9}]}, P, None
    counted = {"direction": "peer", "counts": [{"opinion": "opposes", "number": 7}]}
    yield f"/opinion-askings/{asked['asking_id']}/counts", counted, P, None
    found = yield "/problems", PROBLEM | case | {"details": SECRET}, V, None
    about = {"kind": "problem", "id": found["problem_id"]}
    yield "/private-notes", {"about": about, "text": SECRET}, P, None
    question = {"asked": "personnel-department", "question": "Where is the seal?", "case_id": case_id, **case}
    yield "/organ-requests", question | {"particulars": SECRET}, V, None
    yield f"/supervision-inputs/{received['input_id']}/verifications", {"verified_with": SECRET}, V, "a-colleague"
    seen = {"point": 1, "observation": "remark", "text": SECRET}
    yield f"/supervision-watches/{watched['watch_id']}/points", seen, V, None
    concluded = {"outcome": "shortcomings", "remarks": SECRET}
    yield f"/supervision-watches/{watched['watch_id']}/conclusions", concluded, V, None
