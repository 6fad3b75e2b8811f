"""The API as one application: routes, problem documents, health, metrics."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog
from fastapi import APIRouter, Depends, FastAPI

from api import (
    audit_export,
    audit_search,
    audit_trail,
    authority,
    batch,
    breach,
    case_board,
    case_move,
    case_opening,
    case_standing,
    case_timeline,
    clock,
    confidential,
    conflict,
    course,
    course_record,
    decision,
    deviation,
    dossier,
    duty,
    entry,
    entry_data,
    entry_inbox,
    entry_sealed,
    exception_register,
    exceptional_appointment,
    explanation,
    facility,
    forgetting,
    health,
    hold,
    in_service,
    inquiry,
    joint_meeting,
    joint_meeting_reading,
    merit,
    minutes,
    nomination,
    notice_calendar,
    notice_correction,
    notice_feed,
    notice_list,
    notice_poster,
    notice_stream,
    objection,
    open_data,
    opinion_asking,
    organ_request,
    pack_adoption,
    participant,
    person_overview,
    private_note,
    probation,
    public_figures,
    public_notice,
    query,
    readiness,
    receipt,
    reconsideration,
    record,
    reference,
    regime,
    reusable_check,
    reviewer_record,
    sanction,
    school_key,
    service_import,
    sitemap,
    staff_page,
    static,
    subscription,
    supervision_channel,
    supervision_input,
    supervision_point,
    supervision_problem,
    supervision_problem_details,
    supervision_problem_export,
    supervision_review,
    supervision_watch,
    survey,
    survey_ballot,
    survey_index,
    taking_part,
    teacher,
    training,
    training_act,
    training_figures,
    training_import,
    training_import_receipt,
    training_inspection,
    training_plan,
    training_record,
    training_register,
    training_report,
    training_standing,
    training_verification,
    transparency_log,
    transparency_log_page,
    trend_report,
    unit_balance,
    webhook,
    yearly_report,
)
from api.audit_reading import Readings
from api.authorisation import policies
from api.body import SizeLimited, legible_query
from api.daily_limit import DailyLimit
from api.description import describe
from api.form_answer import install_forms
from api.kept_pages import MOST_POSTERS, KeptPages
from api.metrics import Measured
from api.notice_stream import NoticeListeners
from api.problem import install
from api.transparency_log import AlarmOnPages, LogStanding
from api.visitor import Directory, Services
from projections.training_counting import TrainingCounter

WRITES = (
    case_opening.router,
    nomination.router,
    training_verification.router,
    public_notice.router,
    notice_correction.router,
    objection.router,
    entry.router,
    supervision_review.router,
    decision.router,
    authority.router,
    reconsideration.router,
    minutes.router,
    probation.router,
    deviation.router,
    record.router,
    clock.router,
    exceptional_appointment.router,
    breach.router,
    pack_adoption.router,
    conflict.router,
    duty.router,
    supervision_point.router,
    hold.router,
    query.router,
    batch.router,
    case_move.router,
    merit.router,
    inquiry.router,
    sanction.router,
    private_note.router,
    supervision_input.router,
    opinion_asking.router,
    supervision_channel.router,
    supervision_watch.router,
    person_overview.router,
    in_service.router,
    training_record.router,
    facility.router,
    teacher.router,
    course.router,
    participant.router,
    course_record.router,
    school_key.router,
    training_import.router,
    service_import.router,
    training_act.router,
    training_plan.router,
    training_inspection.router,
    forgetting.router,
    audit_search.router,
    subscription.router,
    webhook.router,
    survey.router,
    yearly_report.router,
    supervision_problem_details.router,
    supervision_problem_export.router,  # before the register, as its addresses are longer
    supervision_problem.router,
    organ_request.router,
    joint_meeting.router,
    joint_meeting_reading.router,
    reusable_check.router,
)

READS = (
    case_board.router,
    case_standing.router,
    case_timeline.router,
    audit_trail.router,
    audit_export.router,
    explanation.router,
    exception_register.router,
    trend_report.router,
    reviewer_record.router,
    confidential.router,
    entry_inbox.router,
    entry_sealed.router,
    dossier.router,
    unit_balance.router,
    training_standing.router,
    school_key.reading,
    training_import_receipt.router,
    training_report.open_data,
    training_figures.router,
    readiness.router,
    training_register.router,
    notice_stream.router,  # before the notices, whose ids its address would be taken for
    public_notice.open_data,
    open_data.router,
    public_figures.open_data,
    entry_data.router,
)

AROUND = (
    health.router,
    reference.router,
    static.router,
    sitemap.router,
    transparency_log.router,
)

PAGES = (
    staff_page.page,
    regime.public,
    transparency_log_page.public,
    training_report.public,
    training.public,
    subscription.public,
    notice_list.public,
    notice_calendar.public,
    notice_poster.public,
    notice_feed.public,
    survey_ballot.public,
    survey_index.public,
    public_figures.public,
    taking_part.public,
    receipt.public,
    public_notice.public,
)
"""The last of them takes addresses that those before it are more exact about."""

DESCRIPTION = """
Staff advance a case by **recording facts**: each write is one command, decided under the case's policy pack and
appended to the log before the answer comes. The engine (Temporal) keeps time: when a window has run its days, it
records that itself. An answer means: recorded, durable, hash-chained.

Every write takes an `Idempotency-Key` and may take `If-Match`; `?dry_run=true` says what would happen and records
nothing. Refusals are problem documents that carry the rule, its source, its confidence and the facts.
"""


def create_app(
    *,
    services: Services | None = None,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
    routers: tuple[APIRouter, ...] = (),
) -> FastAPI:
    """The application. `services` may also be put on `app.state` by the lifespan.

    Refuses: PoliciesUnsound, at the start.
    """
    policies()
    app = FastAPI(
        title="Investiture",
        version="1",
        summary="Selection and appointment to public office, step by step on the record",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=lifespan,
    )
    remember_nothing(app)
    if services is not None:
        app.state.services = services
    install(app, structlog.get_logger("api"))
    install_forms(app)
    for router in (*WRITES, *READS):
        app.include_router(router, dependencies=[Depends(legible_query)])
    for router in (*AROUND, *routers, *PAGES):
        app.include_router(router)
    describe(app)
    app.add_middleware(AlarmOnPages)
    app.add_middleware(SizeLimited)
    app.add_middleware(Measured)
    return app


def remember_nothing(app: FastAPI) -> None:
    """What the application keeps from one request to the next, with nothing in it yet."""
    app.state.directory = Directory()
    app.state.log_standing = LogStanding()
    app.state.audit_readings = Readings()
    app.state.notice_listeners = NoticeListeners()
    app.state.kept_pages = KeptPages()
    app.state.kept_posters = KeptPages(MOST_POSTERS)
    app.state.training_counter = TrainingCounter()
    app.state.daily_limit = DailyLimit(lambda: app.state.services.clock())
