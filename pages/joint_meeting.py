"""The pages on which a joint meeting is found and held: agenda, dossier of the item, findings and resolutions.

They hold nothing of any meeting: their script asks the API with the reader's own token, and forgets both.
"""

from domain.joint_meeting import ItemAbout, ItemKind, MeetingKind, Seat, Statistic
from domain.law import Language
from domain.supervision_problem import ProblemType, Severity, SubjectKind
from pages.translations import other, words
from pages.typesetting import set_page, template

_LIST = template("joint_meeting_list.html")
_MEETING = template("joint_meeting.html")
STATES = ("convened", "agenda_settled", "open", "closed", "concluded", "not_held")


def joint_meeting_address(language: Language, meeting_id: str | None = None) -> str:
    """Where the meetings are found, or one of them is held."""
    return f"/{language}/joint-meetings" + (f"/{meeting_id}" if meeting_id else "")


def joint_meeting_list_page(language: Language, *, public_url: str) -> str:
    """The form that asks for the meetings, and the sheet that its script fills in."""
    here, there = joint_meeting_address(language), joint_meeting_address(other(language))
    return set_page(_LIST, language, origin=public_url.rstrip("/"), here=here, there=there, **_called(language))


def joint_meeting_page(language: Language, meeting_id: str, *, public_url: str) -> str:
    """The room of one meeting; the same for everybody until a token is given."""
    t = words(language)
    return set_page(
        _MEETING,
        language,
        origin=public_url.rstrip("/"),
        here=joint_meeting_address(language, meeting_id),
        there=joint_meeting_address(other(language), meeting_id),
        meeting_id=meeting_id,
        items={str(kind): t(f"meeting.item.{kind}") for kind in ItemKind},
        abouts={str(about): t(f"meeting.about.{about}") for about in ItemAbout},
        types={str(kind): t(f"meeting.type.{kind}") for kind in ProblemType},
        severities={str(level): t(f"meeting.severity.{level}") for level in Severity},
        subjects={str(kind): t(f"meeting.subject.{kind}") for kind in SubjectKind},
        seats={str(seat): t(f"meeting.seat.{seat}") for seat in Seat},
        statistics=[str(statistic) for statistic in Statistic if statistic is not Statistic.REQUESTS],
        **_called(language),
    )


def _called(language: Language) -> dict[str, dict[str, str]]:
    t = words(language)
    kinds = {str(kind): t(f"meeting.kind.{kind}") for kind in MeetingKind}
    return {"kinds": kinds, "states": {state: t(f"meeting.state.{state}") for state in STATES}}
