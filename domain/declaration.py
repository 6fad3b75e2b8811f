"""Declarations of interests that a pack asks for before a stage: who owes one, and who was not looked up.

No act of such a stage passes without: no pack can let the rule be waived, and a stage that ends by a clock has nobody
act. What was done under a version that asked for none owed none, also when the case moves to one that does.
"""

from collections.abc import Iterable

from domain.appointment import LiveCase
from domain.identity import OfficerId, OrganId, Role
from domain.interests import Interests
from domain.occasion import Occasion
from domain.pack import Pack
from domain.refusal import Refusal

DECLARE_BEFORE, CROSS_CHECK = "conflicts.declare_before", "conflicts.cross_check"


class DeclarationMissing(Refusal):
    rule = DECLARE_BEFORE


class CrossCheckMissing(Refusal):
    rule = CROSS_CHECK


def interests_of(case: LiveCase, officer: OfficerId) -> Interests:
    """What a case knows of an officer's interests."""
    return case.interests.get(officer, Interests())


def asked_before(stage: str, pack: Pack) -> bool:
    """Whether whoever acts at a stage has to have declared.

    Source: the pack's `conflicts.declare_before`.
    """
    return pack.conflicts is not None and stage in pack.conflicts.declare_before.value


def declared_as(case: LiveCase, role: Role, organ: OrganId | None = None) -> tuple[OfficerId, ...]:
    """Officers of a role, or of one organ, who have declared about everybody who stands, and are not kept out."""
    return tuple(
        officer
        for officer, known in case.interests.items()
        if role in known.roles and organ in (None, known.organ) and _has_declared(case, known) and not known.kept_out
    )


def not_looked_up(case: LiveCase, officers: Iterable[OfficerId], pack: Pack) -> tuple[OfficerId, ...]:
    """Those of some officers who were not looked up, in one of the pack's registers, for somebody who stands.

    Source: the pack's `conflicts.cross_check`.
    """
    registers = pack.conflicts.cross_check.value if pack.conflicts else ()
    wanted = {(register, candidate.id) for register in registers for candidate in case.standing}
    return tuple(officer for officer in officers if not interests_of(case, officer).checked >= wanted)


def declared_before(case: LiveCase, stage: str, officers: Iterable[OfficerId], on: Occasion) -> None:
    """Whoever acts at a stage that asks for it has declared, about everybody who stands.

    A declaration that was made before somebody was nominated says nothing of them, so it is made again.

    Source: the pack's `conflicts.declare_before`.
    Refuses: DeclarationMissing.
    """
    if not asked_before(stage, on.pack):
        return
    missing = sorted(officer for officer in set(officers) if not _has_declared(case, interests_of(case, officer)))
    if missing:
        raise DeclarationMissing(
            f"{len(missing)} of those who act at this stage have not declared their interests in everybody who stands "
            "in this case. Ask each of them to `declare_interests`, also when there are none, then record it again.",
            citation=on.cite(DECLARE_BEFORE),
            missing=[str(officer) for officer in missing],
        )


def looked_up(case: LiveCase, officers: Iterable[OfficerId], on: Occasion) -> None:
    """Whoever decides at a stage that asks for declarations was looked up in every register of the pack.

    Source: the pack's `conflicts.cross_check` (uk.gcpa2025: the decision-maker's interests and the donation records).
    Refuses: CrossCheckMissing.
    """
    if not asked_before(case.stage, on.pack) or on.pack.conflicts is None:
        return
    if missing := not_looked_up(case, officers, on.pack):
        registers = on.pack.conflicts.cross_check.value
        raise CrossCheckMissing(
            f"{len(missing)} of those who decide were not looked up in every one of {', '.join(registers)}, for "
            "everybody who stands. Ask personnel or supervision to `cross_check_interests` for each of them.",
            citation=on.cite(CROSS_CHECK),
            missing=[str(officer) for officer in missing],
        )


def _has_declared(case: LiveCase, known: Interests) -> bool:
    return known.declared and known.declared_about.issuperset(candidate.id for candidate in case.standing)
