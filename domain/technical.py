"""Which events of the log only keep the record going: a reader of the trail sees them folded, and can open them.

Beside the catalogue: an event that is not listed here is shown to everybody who reads on.
"""

from domain.access import (
    ForgettingRead,
    InspectionRemarksRead,
    PersonOverviewRead,
    ProblemDetailsRead,
    RequestParticularsRead,
    ReviewerRecordRead,
    SealedPartsRead,
    SupervisionInputRead,
    SupervisionWatchRead,
    SurveyHouseReportRead,
    TrainingFileRead,
    TrainingListRead,
)
from domain.audit_trail import AuditEventRead, AuditTrailExported, AuditTrailRead, SearchRemoved, SearchSaved
from domain.breach import BreachFound
from domain.clock import ClockStarted, ClockStopped
from domain.conflict import UndeclaredRelationFound
from domain.deviation import DeviationAllowed
from domain.due_date import DueDatesRecounted
from domain.event import Event
from domain.exceptional_appointment import ExceptionProposed, ExceptionWithdrawn
from domain.notice_publishing import PublicNoticePublished
from domain.officer import OfficerIdentified
from domain.private_note import PrivateNotesRead
from domain.reusable_check import CheckRead
from domain.training_verification import MakeUpTrainingReminded

TECHNICAL: frozenset[str] = frozenset(
    event.alias
    for event in (
        OfficerIdentified,
        SealedPartsRead,
        SupervisionInputRead,
        SupervisionWatchRead,
        PersonOverviewRead,
        ReviewerRecordRead,
        TrainingFileRead,
        InspectionRemarksRead,
        TrainingListRead,
        ForgettingRead,
        AuditTrailRead,
        AuditTrailExported,
        AuditEventRead,
        SearchSaved,
        SearchRemoved,
        ClockStarted,
        ClockStopped,
        DueDatesRecounted,
        MakeUpTrainingReminded,
        PublicNoticePublished,
        PrivateNotesRead,
        ProblemDetailsRead,
        RequestParticularsRead,
        CheckRead,
        SurveyHouseReportRead,
    )
)
"""Who officers are, what was read, and what follows from a clock: nothing that anybody decided.

An attempt that was refused is not technical, nor is a clock that expired."""

DEPARTURES: tuple[type[Event], ...] = (
    DeviationAllowed,
    ExceptionProposed,
    ExceptionWithdrawn,
    BreachFound,
    UndeclaredRelationFound,
)
"""Events that are themselves a departure from the pack; one recorded under a deviation names it."""
