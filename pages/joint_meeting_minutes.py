"""The minutes of a joint meeting on paper: tagged, archivable, and the same bytes each time for one version.

They are set from the events of the meeting and nothing else, so nobody writes them and nobody can edit them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from domain.date_words import in_words
from domain.law import Language
from pages.tagged_pdf import families, legible, tagged_pdf
from pages.translations import LANGUAGE_TAGS, Words, words

TEMPLATE = Path(__file__).with_name("templates") / "joint_meeting_minutes.typ"
SHORT_HASH = 16
Lines = Sequence[Sequence[str]]


def minutes_pdf(meeting: Mapping[str, Any], language: Language, made: datetime) -> bytes:
    """The minutes of a meeting as `told`. It takes its time and the processor: call it in a thread.

    Source: a local rule on minutes (title, time, place, chair, present and absent with the reason, observers, agenda,
    each statement, resolutions one by one); domain rules 1.4.
    Refuses: GlyphMissing.
    """
    return tagged_pdf(TEMPLATE, _Minutes(meeting, language).matter(made), made, {})


class _Minutes:
    def __init__(self, meeting: Mapping[str, Any], language: Language):
        self._meeting = meeting
        self._language: Language = language
        self._t: Words = words(language)
        self._agenda = {item["item_id"]: place for place, item in enumerate(meeting["agenda"], start=1)}

    def matter(self, made: datetime) -> dict[str, Any]:
        """What the template is given. All of it is data to it."""
        at, t, minutes = made.astimezone(UTC), self._t, self._meeting["minutes"]
        kind = t(f"meeting.kind.{self._meeting['kind']}")
        foot = {
            "id": self._meeting["meeting_id"],
            "position": minutes["position"],
            "hash": minutes["digest"][:SHORT_HASH],
        }
        return {
            "title": t("meeting.minutes_of", kind=kind, day=self._day(self._meeting["held_on"])),
            "house": t("meeting.minutes_house"),
            "made": {name: getattr(at, name) for name in ("year", "month", "day", "hour", "minute", "second")},
            "lang": LANGUAGE_TAGS[self._language].partition("-")[0],
            "fonts": families(),
            "facts": legible([list(row) for row in self._facts(kind)]),
            "sections": [
                {"heading": t(key), "lines": legible([list(line) for line in said]), "nothing": t("meeting.none")}
                for key, said in self._sections()
            ],
            "foot": t("meeting.minutes_foot", **foot),
        }

    def _facts(self, kind: str) -> Iterator[tuple[str, str]]:
        meeting, t = self._meeting, self._t
        yield t("meeting.fact.kind"), kind
        yield t("meeting.fact.day"), self._day(meeting["held_on"])
        yield t("meeting.fact.place"), meeting["place"]
        yield t("meeting.fact.chair"), meeting["chair"]
        guests = [member["organ"] for member in meeting["members"] if member["seat"] == "guest"]
        yield t("meeting.fact.observers"), self._listed([*guests, *(one["organ"] for one in meeting["called_in"])])
        yield t("meeting.fact.pack"), meeting["pack"]
        yield t("meeting.fact.digest"), meeting["minutes"]["digest"]

    def _sections(self) -> Iterator[tuple[str, Lines]]:
        meeting = self._meeting
        yield "meeting.attendance", [self._attended(organ) for organ in meeting["attendance"]]
        yield "meeting.agenda", [self._item(item) for item in meeting["agenda"]]
        yield "meeting.statements", [self._statement(said) for said in meeting["statements"]]
        yield "meeting.findings", [self._carried(found["finding"], found) for found in meeting["findings"]]
        yield "meeting.resolutions", [self._carried(found["text"], found) for found in meeting["resolutions"]]
        yield "meeting.signatures", [self._signature(found) for found in meeting["signatures"]]
        if meeting["annotations"]:
            yield "meeting.annotations", [(found["organ"], found["note"] or "") for found in meeting["annotations"]]

    def _attended(self, organ: Mapping[str, Any]) -> tuple[str, ...]:
        t = self._t
        present = t("meeting.present_are", people=self._listed([self._name(one) for one in organ["present"]]))
        absent = [t("meeting.absent_is", who=self._name(one["officer"]), why=one["reason"]) for one in organ["absent"]]
        return organ["organ"], present, *absent

    def _item(self, item: Mapping[str, Any]) -> tuple[str, ...]:
        t = self._t
        title = item["title"] or t(f"meeting.item.{item['kind']}")
        subject = item["subject"]
        about = f"{t('meeting.about.' + subject['kind'])} {subject['id']}" if subject else ""
        untouched = item["item_id"] in self._meeting["minutes"]["untouched"]
        return title, about, item["asked"] or "", *self._added(item), t("meeting.untouched") if untouched else ""

    def _added(self, item: Mapping[str, Any]) -> Iterator[str]:
        """That an item came after the agenda was settled: who asked for it, why, and that the other one agreed."""
        if (added := item.get("addition")) is None:
            return
        t, agreed = self._t, added["agreed"]
        on = self._day(added["placed_on"])
        yield t("meeting.addition_said", organ=added["placed_by"], day=on, reason=added["reason"])
        if agreed:
            yield t("meeting.addition_agreed_said", organ=agreed["organ"], day=self._day(agreed["agreed_on"]))
        else:
            yield t("meeting.addition_waits")

    def _statement(self, said: Mapping[str, Any]) -> tuple[str, ...]:
        who = f"{said['organ']} · {self._name(said['speaker'])}" if said["speaker"] else said["organ"]
        return who, said["text"] or "", self._on_item(said)

    def _carried(self, text: str, found: Mapping[str, Any]) -> tuple[str, ...]:
        owner = self._t("meeting.owner_and_accepting", owner=found["owner"], accepting=found["accepting"])
        due = self._t("meeting.due", day=self._day(found["due_on"])) if found["due_on"] else ""
        return text, owner, due, self._t("meeting.problem_is", id=found["problem_id"]), self._on_item(found)

    def _on_item(self, said: Mapping[str, Any]) -> str:
        place = self._agenda.get(said["item_id"])
        return self._t("meeting.on_item", n=place) if place else ""

    def _signature(self, found: Mapping[str, Any]) -> tuple[str, ...]:
        people = self._listed([self._name(one) for one in found["signed_by"]])
        signed = self._t("meeting.signed_by", people=people, day=self._day(found["signed_on"]))
        return found["organ"], signed, found["digest"][:SHORT_HASH] + "…"

    def _name(self, officer: str) -> str:
        return str(self._meeting["names"].get(officer, officer))

    def _listed(self, names: Sequence[str]) -> str:
        return ("、" if self._language == "zh" else ", ").join(names) or self._t("meeting.none")

    def _day(self, on: str) -> str:
        return in_words(date.fromisoformat(on), self._language)
