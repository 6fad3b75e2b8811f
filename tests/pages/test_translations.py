"""Every word of the pages exists in both languages, is used, and takes the same facts in both."""

import string
from itertools import chain
from pathlib import Path

import pytest

import pages
from api.attachment import REASONS
from api.staff_page import STAFF_PAGES
from domain.catalogue import EVENTS
from domain.explanation import RULE_OF, Progress
from domain.joint_meeting import ItemAbout, ItemKind, MeetingKind, Seat
from domain.law import Confidence
from domain.nomination import Particulars
from domain.notice_correction import OF_THE_POST
from domain.notice_filter import NoticeFilter, NoticeState
from domain.objection import Disposal
from domain.pack import Pack
from domain.private_note import NoteKind
from domain.public_entry import EntryOutcome
from domain.public_figures import FigureTable
from domain.sender import Identity
from domain.stage import Outcome
from domain.subscription import Often
from domain.supervision_problem import ProblemState, ProblemType, Severity, SubjectKind
from domain.survey import IndexUse, SurveyStatus
from domain.survey_ballot import FlagKind
from domain.taking_part_rule import EntryKind
from domain.teaching_team import TeamSide
from domain.training_act import CoordinationKind
from domain.training_inspection import FindingOutcome, InspectionFinding
from domain.training_promotion import MakeUp
from domain.training_standing import Counts
from domain.transparency_log import AlarmCode
from domain.trend_report import Counted
from domain.working_days import DayKind
from pages.audit_trail import FILTERS
from pages.joint_meeting import STATES as MEETING_STATES
from pages.reviewer_record import WAITS
from pages.staff_page import PARTS as PARTS_OF_A_STAFF_PAGE
from pages.subscription import Said
from pages.supervision import QUESTIONS, VALUES
from pages.supervision_problem import WRITTEN
from pages.survey_ballot import WRONG as WRONG_ON_BALLOT
from pages.survey_index import INDICES
from pages.training_report import AGES, REPORTS
from pages.training_standing import STANDING
from pages.translations import TRANSLATIONS, field_label, words
from pages.transparency_log import LOG_ADDRESSES, sayings
from pages.trend_report import DEPARTURES, WORDED
from pages.yearly_report import PARTS
from projections.digest import Told
from projections.exception_register import KINDS
from projections.notice_change import Became
from projections.taking_part import Status
from projections.training_act import ActKind
from projections.visible_notice import Change, Standing
from tests.pages.test_explanation import steps_to_take

ABOUT = {"id", "version", "title", "effective_from", "jurisdictions", "instruments", "ranks"}
ACTS = {str(kind) for kind in ActKind}
KINDS_OF_STREAM = {key.removeprefix("audit.kind.") for key in TRANSLATIONS if key.startswith("audit.kind.")}
NOTHING = {*ACTS, "courses", "regime", "facility"}
WRONG = {
    "about",
    "text_short",
    "text_long",
    "illegible",
    "identity",
    "name",
    "name_long",
    "message",
    "form_not_ours",
    "form_too_old",
    "work_not_done",
    "command_id_reused",
    "conversation_is_full",
    "conversation_is_over",
    "not_taken_here",
    "refused",
    "too_many_today",
    "too_many_unproven",
}
"""What can be wrong with a form, by the refusal's name or by the field."""
_FOLDER = Path(next(iter(pages.__path__)))
_BY_KIND = {
    "field": {*Particulars.model_fields, *OF_THE_POST},
    "confidence": {str(confidence) for confidence in Confidence},
    "state": {f"{standing}{more}" for standing in Standing for more in ("", "_more")},
    "day": {str(kind) for kind in DayKind},
    "regime.section": {str(found.alias or name) for name, found in Pack.model_fields.items() if name not in ABOUT},
}
_BY_KIND |= {
    "step": steps_to_take(),
    "clock": set(RULE_OF),
    "progress": {str(progress) for progress in Progress},
    "outcome": {str(outcome) for outcome in Outcome},
    "training": {*ACTS, "courses", "counts", "facilities"},
    "training.finding": {str(finding) for finding in InspectionFinding},
    "training.outcome": {str(outcome) for outcome in FindingOutcome},
    "training.kind": {str(kind) for kind in CoordinationKind},
    "standing.state": {"everybody", "ready", "lacking"},
    "standing.counts": {str(counts) for counts in Counts},
    "explain.status": {"open", "suspended", "closed"},
}
_BY_KIND |= {
    "trend.table": {str(table) for table in Counted},
    "trend.says": {str(table) for table in Counted},
    "trend.word": set(WORDED),
    "trend.departure": {str(kind) for kind in DEPARTURES},
}
_BY_KIND |= {
    "listed": {str(standing) for standing in Standing},
    "versions": {str(change) for change in Change},
    "gone": {"ended", "cut_short", "withdrawn", *(f"outcome.{outcome}" for outcome in Disposal)},
    "list": {str(state) for state in NoticeState},
    "tally": {"closing", "open", "to_come"},
    "search": set(NoticeFilter.model_fields),
}
_BY_KIND |= {
    "event": set(EVENTS),
    "audit": {*FILTERS, *(f"export_{form}" for form in ("csv", "jsonl", "ocel", "xes"))},
    "audit.kind": KINDS_OF_STREAM,
    "log_alarm": {str(code) for code in AlarmCode},
}
_BY_KIND |= {
    "problems": set(WRITTEN),
    "problems.state": {str(state) for state in ProblemState},
    "meeting.kind": {str(kind) for kind in MeetingKind},
    "meeting.state": set(MEETING_STATES),
    "meeting.seat": {str(seat) for seat in Seat},
    "meeting.type": {str(kind) for kind in ProblemType},
    "meeting.severity": {str(level) for level in Severity},
    "meeting.subject": {str(kind) for kind in SubjectKind},
    "meeting.item": {str(kind) for kind in ItemKind},
    "meeting.about": {str(about) for about in ItemAbout},
}
_BY_KIND |= {
    "reports.method": set(REPORTS),
    "reports.chart": set(REPORTS),
    "reports.side": {str(side) for side in TeamSide},
    "reports.age_band": set(AGES),
    "reports.staff_type": {"full_time", "part_time", "visiting"},
    "reports.promotion": {"appointed", "not_appointed"},
    "reports.outcome": {*MakeUp, "not_met"},
}
_BY_KIND |= {
    "log.says": set(sayings("en")),  # its own test holds these against the script
    "log.address": {what for what, _ in LOG_ADDRESSES},
    "log.key": {"log", "witness"},
    "log_alarm": {str(code) for code in AlarmCode},
}
_BY_KIND |= {
    "filter": {"all", "those", *NoticeFilter.model_fields} - {"state"},
    "subscribe": {str(often) for often in Often},
    **{f"subscribe.{said}": {"title", "says"} for said in Said},
    **{f"subscribe.{act}": {"title", "says", "press"} for act in ("confirm", "leave")},
    "mail.told": {str(told) for told in Told},
}
_BY_KIND |= {
    f"entry.{kind}": {"title", "lead", "send", *(() if kind is EntryKind.OBJECTION else ("label", "hint", "seen"))}
    for kind in EntryKind
}
_BY_KIND |= {
    f"entry.{field}": {"label", "hint", "seen"} for field in ("about", "grounds", "files", "text", "message", "name")
}
_BY_KIND |= {
    "entry.identity": {"label", "hint", "seen", *(f"{it}{more}" for it in Identity for more in ("", "_more"))},
    "entry.file": set(REASONS),
    "entry.error": WRONG,
    "receipt.title": {str(kind) for kind in EntryKind},
    "receipt.error": {"character", "mistyped", "unknown", "too_often"},
    "status.of": {str(kind) for kind in EntryKind},
    "said.of": {str(kind) for kind in EntryKind},
    "status.state": {
        f"{state}{more}" for state in {*Status, *EntryOutcome} - {Status.ANSWERED} for more in ("", "_more")
    },
    "status.due": {"moderated", "acknowledged", "answered"},
    "status.talk_seen": {"supervision", "personnel"},
}
_BY_KIND |= {
    "problem.state": {str(state) for state in ProblemState},
    "yearly_report.part": set(PARTS),
    "yearly_report.head": {"pack", "from", "reason", "finding", "severity", "owner", "due", "state"}
    | {"index", "closed", "points", "interval", "of"},
}
_LOOKED_UP = {f"{group}.{name}" for group, names in _BY_KIND.items() for name in names}
_LOOKED_UP |= {"entry.files.again", "status.proof_later"}
_LOOKED_UP |= {
    f"entry.{kind}.{part}"
    for kind in ("closed", "refused_site", "too_large", "too_many", "unreadable")
    for part in ("title", "sentence", "next")
}
_LOOKED_UP |= {f"{page}.{part}" for page in ("not_found",) for part in ("title", "sentence", "next")}
_LOOKED_UP |= {page.key(part) for page in (*STAFF_PAGES, STANDING) for part in PARTS_OF_A_STAFF_PAGE}
_LOOKED_UP |= {f"supervise.value.{name}" for name in VALUES} | {f"supervise.kind.{kind}" for kind in NoteKind}
_LOOKED_UP |= {f"supervise.ask_{name}" for name in QUESTIONS}
_LOOKED_UP |= {f"list.whole_{state}" for state in NoticeState}
_LOOKED_UP |= {f"yearly_reports.{name}" for name in ("report", "drawn_up_on", "reason", "digest", "open")}
_LOOKED_UP |= {f"my_record.what.{name}" for name in WAITS}
_LOOKED_UP |= {f"training.no_{what}{more}" for what in NOTHING for more in ("", "_next")}
_LOOKED_UP |= {f"feed.{became}" for became in Became}
_LOOKED_UP |= {f"figures.{table}{more}" for table in FigureTable for more in ("", "_lead", "_method")}
_LOOKED_UP |= {f"figures.none_{what}" for what in ("here", "delays")}
_LOOKED_UP |= {f"figures.exception.{kind}" for kind in KINDS}
_LOOKED_UP |= {f"figures.objection.{outcome}" for outcome in (*Disposal, "rejected")}
_LOOKED_UP |= {f"index.{index}{more}" for index in INDICES for more in ("", "_is")}
_LOOKED_UP |= {f"index.flag.{kind}" for kind in FlagKind} | {f"index.use.{use}" for use in IndexUse}
_LOOKED_UP |= {f"ballot.wrong.{what}" for what in WRONG_ON_BALLOT}
_LOOKED_UP |= {
    f"ballot.{state}.{part}" for state in {"cast", *SurveyStatus} - {SurveyStatus.OPEN} for part in ("title", "says")
}
_LOOKED_UP |= {f"figures.delay.{cause}" for cause in ("objection", "opinion", "query", "stated", "not_stated")}


def _facts(wording: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(wording) if name is not None}


@pytest.mark.parametrize("key", sorted(TRANSLATIONS))
def test_both_languages_say_something_and_take_the_same_facts(key: str) -> None:
    text = TRANSLATIONS[key]
    assert text.en.strip() and text.zh.strip()
    assert _facts(text.en) == _facts(text.zh)


def test_every_kind_of_thing_that_is_shown_has_its_words() -> None:
    assert set(TRANSLATIONS) >= _LOOKED_UP
    assert {key for key in TRANSLATIONS if key.startswith(("field.", "confidence."))} <= _LOOKED_UP


def test_every_key_is_used() -> None:
    sources = chain(_FOLDER.glob("*.py"), _FOLDER.glob("templates/*.html"))
    written = "\n".join(path.read_text("utf-8") for path in sources)
    unused = {key for key in TRANSLATIONS if f'"{key}"' not in written and f"'{key}'" not in written}
    assert unused - _LOOKED_UP == set()


def test_unknown_key_is_a_mistake_and_not_a_gap() -> None:
    with pytest.raises(KeyError):
        words("en")("no.such.key")


def test_facts_with_braces_are_shown_as_they_are() -> None:
    assert words("en")("notice.number", number="{facts}") == "Notice No. {facts}"


def test_field_that_is_not_known_yet_shows_its_own_name() -> None:
    assert field_label("years_of_service", "zh") == "years of service"
