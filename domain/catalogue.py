"""Every event and every command by its durable name."""

from collections.abc import Callable
from typing import Any

from domain.access import (
    AccessRefused,
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
from domain.appointment import Case
from domain.attachment import AttachmentFiled, FileAttachment
from domain.audit_trail import (
    AuditEventRead,
    AuditTrailExported,
    AuditTrailRead,
    RemoveAuditSearch,
    SaveAuditSearch,
    SearchRemoved,
    SearchSaved,
)
from domain.authority import DeclineToDecide, TakeDecision, decline_to_decide, take_decision
from domain.batch import BatchCompleted, BatchReceived
from domain.breach import BreachFound, RecordBreach, record_breach
from domain.case_move import CaseMoved, MoveCase, move_case
from domain.case_opening import (
    CaseOpened,
    CaseResumed,
    CaseSuspended,
    CaseWithdrawn,
    OpenCase,
    ResumeCase,
    SuspendCase,
    WithdrawCase,
    open_case,
    resume_case,
    suspend_case,
    withdraw_case,
)
from domain.clock import ClockExpired, ClockResumed, ClockStarted, ClockStopped
from domain.clock_pause import ClockPaused, PauseClock, ResumeClock, pause_clock, resume_clock
from domain.command import Command
from domain.conflict import (
    ConflictDecided,
    CrossCheckInterests,
    DecideConflict,
    DeclareInterests,
    InterestsCrossChecked,
    InterestsDeclared,
    UndeclaredRelationFound,
    cross_check_interests,
    decide_conflict,
    declare_interests,
)
from domain.conversation import AnswerObjector, AskObjector, MessageSent, ObjectorAnswered, ObjectorAsked, SendMessage
from domain.course import CancelCourse, ChangeCourse, CourseCancelled, CourseChanged, CourseScheduled, ScheduleCourse
from domain.course_attendance import AttendanceRecorded, CourseEndedByLeave, CourseTakenUpAgain, RecordAttendance
from domain.course_completion import CompleteCourse, CourseCompleted, CourseRated, RateCourse
from domain.course_record import (
    AssessmentRecorded,
    ExaminationRecorded,
    RecordAssessment,
    RecordExamination,
    RecordStudy,
    StudyRecorded,
)
from domain.decision import (
    DecisionDeferred,
    DecisionMeetingHeld,
    DecisionNotPassed,
    DecisionTaken,
    HoldDecisionMeeting,
    hold_decision_meeting,
)
from domain.deviation import AllowDeviation, DeviationAllowed, allow_deviation
from domain.due_date import DueDatesRecounted, RecountDueDates, recount_due_dates
from domain.duty import AssignDuty, DutyAssigned, assign_duty
from domain.entry_admission import AdmitEntry, RejectEntry
from domain.event import Event
from domain.exceptional_appointment import (
    ExceptionProposed,
    ExceptionWithdrawn,
    ProposeException,
    WithdrawException,
    propose_exception,
    withdraw_exception,
)
from domain.facility import (
    ChangeFacility,
    FacilityBooked,
    FacilityChanged,
    FacilityHeld,
    FacilityRegistered,
    RegisterFacility,
)
from domain.forgetting import (
    ApproveForgetting,
    ForgettingApproved,
    ForgettingProposed,
    ForgettingRefused,
    ForgettingWithdrawn,
    PersonForgotten,
    ProposeForgetting,
    RefuseForgetting,
    WithdrawForgetting,
)
from domain.hold import HoldLifted, HoldPlaced, LiftHold, PlaceHold, lift_hold, place_hold
from domain.in_service import EndService, RegisterService, ServiceEnded, ServiceRegistered
from domain.inquiry import ConcludeInquiry, FindingRecorded, InquiryConcluded, InquiryOpened, OpenInquiry, RecordFinding
from domain.joint_meeting import JOINT_MEETING_EVENTS
from domain.joint_meeting_steps import MEETING
from domain.merit import CriteriaSet, SetCriteria, set_criteria
from domain.minutes import AnnotateMinutes, MinutesAnnotated, annotate_minutes
from domain.nomination import (
    CandidateNominated,
    CandidateWithdrawn,
    CloseNominations,
    NominateCandidate,
    NominationsClosed,
    UnitOfOriginStated,
    WithdrawCandidate,
    close_nominations,
    nominate_candidate,
    withdraw_candidate,
)
from domain.notice_correction import CorrectPublicNotice, PublicNoticeCorrected, correct_public_notice
from domain.notice_publishing import PublicNoticePublished
from domain.objection import (
    DisposeObjection,
    LodgeObjection,
    ObjectionAnswerOverdue,
    ObjectionDisposed,
    ObjectionLodged,
    dispose_objection,
    lodge_objection,
)
from domain.objection_admission import (
    AcknowledgeObjection,
    AdmitObjection,
    ObjectionAcknowledged,
    ObjectionAdmitted,
    ObjectionRejected,
    RejectObjection,
    acknowledge_objection,
    admit_objection,
    reject_objection,
)
from domain.occasion import Occasion
from domain.officer import OfficerIdentified
from domain.opinion_asking import ASKING, OPINION_EVENTS
from domain.organ_request import REQUEST_EVENTS, REQUESTING
from domain.pack_adoption import PackAdopted
from domain.participant import (
    EnrolParticipant,
    ParticipantEnrolled,
    ParticipantWithdrawn,
    PersonSentToCourse,
    SendToCourse,
    WithdrawParticipant,
)
from domain.prior_report import (
    RecordSuperiorReply,
    ReportedToSuperior,
    ReportToSuperior,
    SuperiorReplied,
    SuperiorSilent,
    record_superior_reply,
    report_to_superior,
)
from domain.private_note import PRIVATE_NOTE_COMMANDS, PRIVATE_NOTE_EVENTS
from domain.probation import (
    AppointmentIssued,
    ConfirmProbation,
    FailProbation,
    IssueAppointment,
    ProbationConfirmed,
    ProbationEnded,
    ProbationFailed,
    confirm_probation,
    fail_probation,
    issue_appointment,
)
from domain.problem_mending import MENDING
from domain.public_entry import AnswerEntry, EntryAdmitted, EntryAnswered, EntryReceived, EntryRejected, FileEntry
from domain.public_notice import (
    OpenPublicNotice,
    PublicNoticeElapsed,
    PublicNoticeOpened,
    PublicNoticeWithdrawn,
    open_public_notice,
)
from domain.query import (
    AnswerQuery,
    QueryAnswered,
    QueryAnswerOverdue,
    QueryRunner,
    RunnerQueried,
    answer_query,
    query_runner,
)
from domain.reconsideration import (
    DecisionReconsidered,
    ReconsiderationLapsed,
    ReconsiderDecision,
    reconsider_decision,
)
from domain.record import ConcludeStage, EnterRecord, RecordEntered, StageConcluded, conclude_stage, enter_record
from domain.record_signature import RecordSigned, SignRecord, sign_record
from domain.retention import CaseFileDestroyed, CaseFileExpired
from domain.reusable_check import CHECK_EVENTS, CHECKING
from domain.sanction import RecordSanction, SanctionRecorded
from domain.school_key import RegisterSchoolKey, RevokeSchoolKey, SchoolKeyRegistered, SchoolKeyRevoked
from domain.service_import import ImportServices, ServiceImportReceived
from domain.stage import CaseEnded, StageBegun, StageCompleted, StageLimitExpired
from domain.subscription import (
    ConfirmationMailed,
    ConfirmSubscription,
    DigestSent,
    EndSubscription,
    MailRefused,
    RequestSubscription,
    SubscriptionConfirmed,
    SubscriptionEnded,
    SubscriptionLapsed,
    SubscriptionRequested,
)
from domain.supervision_input import INPUT_EVENTS, INPUTS
from domain.supervision_point import AttendSupervisionPoint, SupervisionPointAttended, attend_supervision_point
from domain.supervision_problem import PROBLEM_EVENTS
from domain.supervision_review import (
    ConcludeSupervisionReview,
    OpinionOverdue,
    OpinionRequested,
    OpinionReturned,
    RequestOpinion,
    ReturnOpinion,
    SupervisionReviewConcluded,
    conclude_supervision_review,
    request_opinion,
    return_opinion,
)
from domain.supervision_watch import WATCH_EVENTS, WATCHING
from domain.survey import SURVEY_EVENTS
from domain.survey_method import PublishSurveyMethod, SurveyMethodPublished
from domain.survey_running import SURVEY_COMMANDS
from domain.teacher import RegisterTeacher, TeacherRegistered
from domain.timer import LetTimerRunOut, let_timer_run_out
from domain.training_act import (
    CoordinateTraining,
    IssueTrainingGuidance,
    IssueTrainingRule,
    TrainingCoordinated,
    TrainingGuidanceIssued,
    TrainingRuleIssued,
)
from domain.training_doubt import DoubtTraining, doubt_training
from domain.training_file import TrainingRecordCorrected, TrainingRecorded
from domain.training_import import ImportTraining, TrainingImportCompleted, TrainingImportReceived
from domain.training_inspection import (
    AnswerTrainingInspection,
    InspectTraining,
    TrainingInspected,
    TrainingInspectionAnswered,
)
from domain.training_plan import AdoptTrainingPlan, CloseTrainingPlan, TrainingPlanAdopted, TrainingPlanClosed
from domain.training_record import CorrectTrainingRecord, RecordTraining
from domain.training_verification import (
    MakeUpTrainingExpired,
    MakeUpTrainingRecorded,
    MakeUpTrainingReminded,
    RecordMakeUpTraining,
    TrainingVerified,
    VerifyTraining,
    record_make_up_training,
    verify_training,
)
from domain.transparency_log import LogAlarmEnded, LogAlarmRaised, LogKeyIntroduced, LogKeyRetired
from domain.webhook import (
    EndWebhook,
    RegisterWebhook,
    TryWebhook,
    WebhookDisabled,
    WebhookEnded,
    WebhookRegistered,
    WebhookTestAsked,
)
from domain.yearly_report import YEARLY_REPORT_EVENTS, DrawUpYearlyReport

_EVENTS: tuple[type[Event], ...] = (
    CaseOpened,
    StageBegun,
    StageCompleted,
    StageLimitExpired,
    RecordEntered,
    RecordSigned,
    StageConcluded,
    ClockStarted,
    ClockStopped,
    ClockPaused,
    ClockResumed,
    ClockExpired,
    CriteriaSet,
    CandidateNominated,
    UnitOfOriginStated,
    CandidateWithdrawn,
    NominationsClosed,
    TrainingVerified,
    PublicNoticeOpened,
    PublicNoticeCorrected,
    PublicNoticeElapsed,
    PublicNoticeWithdrawn,
    ObjectionLodged,
    ObjectionAcknowledged,
    ObjectionAdmitted,
    ObjectionRejected,
    ObjectionDisposed,
    AttachmentFiled,
    MessageSent,
    ObjectorAsked,
    ObjectorAnswered,
    EntryReceived,
    EntryAdmitted,
    EntryRejected,
    EntryAnswered,
    ObjectionAnswerOverdue,
    OpinionRequested,
    OpinionReturned,
    OpinionOverdue,
    SupervisionReviewConcluded,
    DecisionMeetingHeld,
    DecisionTaken,
    DecisionNotPassed,
    DecisionDeferred,
    DecisionReconsidered,
    ReconsiderationLapsed,
    MinutesAnnotated,
    AppointmentIssued,
    ProbationEnded,
    ProbationConfirmed,
    ProbationFailed,
    MakeUpTrainingRecorded,
    MakeUpTrainingReminded,
    MakeUpTrainingExpired,
    DeviationAllowed,
    CaseMoved,
    DueDatesRecounted,
    ExceptionProposed,
    ExceptionWithdrawn,
    ReportedToSuperior,
    SuperiorReplied,
    SuperiorSilent,
    BreachFound,
    InterestsDeclared,
    InterestsCrossChecked,
    UndeclaredRelationFound,
    ConflictDecided,
    DutyAssigned,
    SupervisionPointAttended,
    HoldPlaced,
    HoldLifted,
    RunnerQueried,
    QueryAnswered,
    QueryAnswerOverdue,
    InquiryOpened,
    FindingRecorded,
    InquiryConcluded,
    SanctionRecorded,
    ServiceRegistered,
    ServiceEnded,
    TrainingRecorded,
    TrainingRecordCorrected,
    FacilityRegistered,
    FacilityChanged,
    FacilityHeld,
    FacilityBooked,
    TeacherRegistered,
    CourseScheduled,
    CourseChanged,
    CourseCancelled,
    PersonSentToCourse,
    ParticipantEnrolled,
    ParticipantWithdrawn,
    StudyRecorded,
    AttendanceRecorded,
    ExaminationRecorded,
    AssessmentRecorded,
    CourseEndedByLeave,
    CourseTakenUpAgain,
    CourseCompleted,
    CourseRated,
    SchoolKeyRegistered,
    SchoolKeyRevoked,
    TrainingImportReceived,
    TrainingImportCompleted,
    ServiceImportReceived,
    TrainingRuleIssued,
    TrainingPlanAdopted,
    TrainingPlanClosed,
    TrainingGuidanceIssued,
    TrainingCoordinated,
    TrainingInspected,
    TrainingInspectionAnswered,
    CaseSuspended,
    CaseResumed,
    CaseWithdrawn,
    CaseEnded,
    OfficerIdentified,
    PackAdopted,
    AccessRefused,
    SealedPartsRead,
    SupervisionInputRead,
    PersonOverviewRead,
    ReviewerRecordRead,
    SupervisionWatchRead,
    TrainingFileRead,
    InspectionRemarksRead,
    TrainingListRead,
    ForgettingRead,
    ForgettingProposed,
    ForgettingApproved,
    ForgettingRefused,
    ForgettingWithdrawn,
    PersonForgotten,
    CaseFileExpired,
    CaseFileDestroyed,
    AuditTrailRead,
    AuditTrailExported,
    AuditEventRead,
    SearchSaved,
    SearchRemoved,
    BatchReceived,
    BatchCompleted,
    SubscriptionRequested,
    ConfirmationMailed,
    SubscriptionConfirmed,
    DigestSent,
    MailRefused,
    SubscriptionLapsed,
    SubscriptionEnded,
    WebhookRegistered,
    WebhookTestAsked,
    WebhookDisabled,
    WebhookEnded,
    LogKeyIntroduced,
    LogKeyRetired,
    LogAlarmRaised,
    LogAlarmEnded,
    PublicNoticePublished,
    *PROBLEM_EVENTS,
    *YEARLY_REPORT_EVENTS,
    *REQUEST_EVENTS,
    *CHECK_EVENTS,
    ProblemDetailsRead,
    RequestParticularsRead,
    SurveyHouseReportRead,
    *PRIVATE_NOTE_EVENTS,
    *JOINT_MEETING_EVENTS,
    *INPUT_EVENTS,
    *OPINION_EVENTS,
    SurveyMethodPublished,
    *SURVEY_EVENTS,
    *WATCH_EVENTS,
)
EVENTS: dict[str, type[Event]] = {event.alias: event for event in _EVENTS}

DECIDE: dict[type[Command], Callable[[Case, Any, Occasion], list[Event]]] = {
    OpenCase: open_case,
    SetCriteria: set_criteria,
    NominateCandidate: nominate_candidate,
    WithdrawCandidate: withdraw_candidate,
    CloseNominations: close_nominations,
    VerifyTraining: verify_training,
    OpenPublicNotice: open_public_notice,
    CorrectPublicNotice: correct_public_notice,
    LodgeObjection: lodge_objection,
    AcknowledgeObjection: acknowledge_objection,
    AdmitObjection: admit_objection,
    RejectObjection: reject_objection,
    DisposeObjection: dispose_objection,
    RequestOpinion: request_opinion,
    ReturnOpinion: return_opinion,
    ConcludeSupervisionReview: conclude_supervision_review,
    HoldDecisionMeeting: hold_decision_meeting,
    TakeDecision: take_decision,
    DeclineToDecide: decline_to_decide,
    ReconsiderDecision: reconsider_decision,
    AnnotateMinutes: annotate_minutes,
    IssueAppointment: issue_appointment,
    RecordMakeUpTraining: record_make_up_training,
    ConfirmProbation: confirm_probation,
    FailProbation: fail_probation,
    EnterRecord: enter_record,
    SignRecord: sign_record,
    ConcludeStage: conclude_stage,
    PauseClock: pause_clock,
    ResumeClock: resume_clock,
    AllowDeviation: allow_deviation,
    MoveCase: move_case,
    ProposeException: propose_exception,
    WithdrawException: withdraw_exception,
    ReportToSuperior: report_to_superior,
    RecordSuperiorReply: record_superior_reply,
    RecordBreach: record_breach,
    DeclareInterests: declare_interests,
    CrossCheckInterests: cross_check_interests,
    DecideConflict: decide_conflict,
    AssignDuty: assign_duty,
    AttendSupervisionPoint: attend_supervision_point,
    PlaceHold: place_hold,
    LiftHold: lift_hold,
    QueryRunner: query_runner,
    AnswerQuery: answer_query,
    SuspendCase: suspend_case,
    ResumeCase: resume_case,
    WithdrawCase: withdraw_case,
    LetTimerRunOut: let_timer_run_out,
    RecountDueDates: recount_due_dates,
    DoubtTraining: doubt_training,
}

BY_THE_PUBLIC: tuple[type[Command], ...] = (
    FileEntry,
    FileAttachment,
    SendMessage,
    RequestSubscription,
    ConfirmSubscription,
    EndSubscription,
)
"""What is done without an account, beside an objection that somebody lodges for themselves: no role is asked."""

COURSES: tuple[type[Command], ...] = (
    RegisterFacility,
    ChangeFacility,
    RegisterTeacher,
    ScheduleCourse,
    ChangeCourse,
    CancelCourse,
    EnrolParticipant,
    WithdrawParticipant,
    RecordStudy,
    RecordAttendance,
    RecordExamination,
    RecordAssessment,
    CompleteCourse,
)
"""What the school does to hold a course."""

APART: tuple[type[Command], ...] = (
    OpenInquiry,
    RecordFinding,
    ConcludeInquiry,
    RecordSanction,
    RegisterService,
    EndService,
    RecordTraining,
    CorrectTrainingRecord,
    *COURSES,
    SendToCourse,
    RateCourse,
    RegisterSchoolKey,
    RevokeSchoolKey,
    ImportTraining,
    ImportServices,
    IssueTrainingRule,
    AdoptTrainingPlan,
    CloseTrainingPlan,
    IssueTrainingGuidance,
    CoordinateTraining,
    InspectTraining,
    AnswerTrainingInspection,
    ProposeForgetting,
    ApproveForgetting,
    RefuseForgetting,
    WithdrawForgetting,
    SaveAuditSearch,
    RemoveAuditSearch,
    AskObjector,
    AnswerObjector,
    AdmitEntry,
    RejectEntry,
    AnswerEntry,
    RegisterWebhook,
    EndWebhook,
    TryWebhook,
    *MENDING,
    DrawUpYearlyReport,
    *REQUESTING,
    *MEETING,
    *CHECKING,
    *PRIVATE_NOTE_COMMANDS,
    *INPUTS,
    *ASKING,
    PublishSurveyMethod,
    *SURVEY_COMMANDS,
    *WATCHING,
)
"""Commands whose events stand in streams of their own, beside those of the cases that they are about."""


MODERATION: tuple[type[Command], ...] = (AdmitObjection, RejectObjection, AdmitEntry, RejectEntry)
"""What a moderator does and nobody else: look at what strangers have sent in before it goes further."""

MICRO: tuple[type[Command], ...] = (
    VerifyTraining,
    RecordMakeUpTraining,
    RecordTraining,
    CorrectTrainingRecord,
    *COURSES,
    RegisterSchoolKey,
    RevokeSchoolKey,
    ImportTraining,
    AnswerTrainingInspection,
)
"""What the training school does and nobody else: study, examination, attendance, assessment."""

MACRO: tuple[type[Command], ...] = (
    RegisterService,
    EndService,
    SendToCourse,
    ImportServices,
    IssueTrainingRule,
    AdoptTrainingPlan,
    CloseTrainingPlan,
    IssueTrainingGuidance,
    CoordinateTraining,
    InspectTraining,
)
"""What the personnel department does for training and the school does not: plan, guide, coordinate, inspect, rule."""
