"""Names that outlive every release: histories, schedules and other programs hold them."""

APPOINTMENT_WORKFLOW = "AppointmentWorkflow"
PROBLEM_WORKFLOW = "ProblemWorkflow"
JOINT_MEETING_WORKFLOW = "JointMeetingWorkflow"
ORGAN_REQUEST_WORKFLOW = "OrganRequestWorkflow"
SURVEY_WORKFLOW = "SurveyWorkflow"
SUPERVISION_WATCH_WORKFLOW = "SupervisionWatchWorkflow"
TASK_QUEUE = "investiture"
FACTS_RECORDED = "facts_recorded"
NEXT_DEADLINE = "next_deadline"
VERSION_SEEN = "version_seen"

STAGE = "Stage"
ORGAN = "Organ"
PACK = "Pack"
DUE = "Due"
"""Search attributes; they carry no personal data, because nothing encrypts them."""


def appointment_workflow_id(case_id: str) -> str:
    """The id of a case's workflow, which is also the name of its stream."""
    return f"appointment/{case_id}"
