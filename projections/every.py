"""Every projection of the house."""

from eventstore.keys import KeyStore
from eventstore.packs import PackLibrary
from eventstore.store import EventStore
from projections.audit_trail import AuditTrail
from projections.batch import Batches
from projections.case_board import CaseBoard
from projections.course import Courses
from projections.duty_register import DutyRegister
from projections.exception_register import ExceptionRegister
from projections.forgetting import Forgettings
from projections.inquiry import Inquiries
from projections.joint_meeting import JointMeetings
from projections.officer import Officers
from projections.organ_request import OrganRequests
from projections.pack_adoption import PackAdoptions
from projections.projection import Projection
from projections.public_notice import PublicNotices
from projections.retention import CaseFiles
from projections.subscription import Subscriptions
from projections.supervision_channel import SupervisionChannels
from projections.supervision_point import SupervisionPoints
from projections.supervision_problem import SupervisionProblems
from projections.supervision_watch import SupervisionWatches
from projections.survey import Surveys
from projections.taking_part import TakingPart
from projections.training_act import TrainingActs
from projections.training_register import TrainingRegister
from projections.trend_report import TrendReports
from projections.unit_balance import UnitBalances
from projections.webhook import Webhooks


def projections_of_people(store: EventStore, keys: KeyStore, packs: PackLibrary) -> tuple[Projection, ...]:
    """Those that open what is sealed: built anew when somebody is forgotten, so that their old files are gone."""
    return (
        PublicNotices(store, keys, packs),
        Officers(store, keys),
        UnitBalances(store, keys),
        TrainingRegister(store, keys),
        Courses(store, keys),
        SupervisionChannels(store, keys),
        SupervisionWatches(store, keys),
    )


def every_projection(store: EventStore, keys: KeyStore, packs: PackLibrary) -> tuple[Projection, ...]:
    """One of each."""
    return (
        AuditTrail(),
        CaseBoard(store, packs),
        PackAdoptions(),
        Batches(),
        ExceptionRegister(packs),
        Inquiries(packs),
        DutyRegister(store, packs),
        TrainingActs(),
        Forgettings(),
        CaseFiles(),
        TakingPart(),
        Subscriptions(),
        Surveys(),
        Webhooks(),
        SupervisionProblems(),
        OrganRequests(),
        JointMeetings(),
        SupervisionPoints(packs),
        TrendReports(),
        *projections_of_people(store, keys, packs),
    )
