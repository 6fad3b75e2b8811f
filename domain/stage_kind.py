"""The kinds of stage that the code knows."""

from enum import StrEnum


class StageKind(StrEnum):
    """The kinds of stage that the code knows; a pack orders and parametrises them.

    Those from `MOTION` on have no acts of their own: they end when their records are in and the holder concludes them.
    """

    NOMINATION = "nomination"
    TRAINING_VERIFICATION = "training_verification"
    PUBLIC_NOTICE = "public_notice"
    SUPERVISION_REVIEW = "supervision_review"
    DECISION = "decision"
    APPOINTMENT = "appointment"
    PROBATION = "probation"
    MOTION = "motion"
    RECOMMENDATION = "recommendation"
    INSPECTION = "inspection"
    ADVERTISEMENT = "advertisement"
    PANEL = "panel"
    NOTIFICATION = "notification"
    HEARING = "hearing"
    DELIBERATION = "deliberation"
    ANNOUNCEMENT = "announcement"
    ACTING_SERVICE = "acting_service"


ON_RECORD = frozenset(StageKind) - {
    StageKind.NOMINATION,
    StageKind.TRAINING_VERIFICATION,
    StageKind.PUBLIC_NOTICE,
    StageKind.SUPERVISION_REVIEW,
    StageKind.DECISION,
    StageKind.APPOINTMENT,
    StageKind.PROBATION,
}
"""Kinds of stage that end by `conclude_stage`, when what the pack wants on record is there."""
