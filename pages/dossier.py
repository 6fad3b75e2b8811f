"""The dossier of a case: fifteen parts in the order in which a meeting reads them, as data and for paper."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from domain.completeness import Required
from domain.law import Language
from pages.dossier_acts import SELECTING, checks, conflicts, recommendation, signatures, training
from pages.dossier_case import candidates, post, summary, timeline
from pages.dossier_judged import complete, departures, notice, went_before
from pages.dossier_minutes import minutes
from pages.dossier_objections import objections
from pages.dossier_telling import Block, Telling
from pages.dossier_words import PARTS
from projections.dossier import DossierMatter

TOLD_BY: dict[str, Callable[[Telling], Iterator[Block]]] = {
    "summary": summary,
    "post": post,
    "candidates": candidates,
    "timeline": timeline,
    "recommendation": recommendation,
    "checks": checks,
    "signatures": signatures,
    "training": training,
    "conflicts": conflicts,
    "notice": notice,
    "objections": objections,
    "departures": departures,
    "minutes": minutes,
    "before": went_before,
    "completeness": complete,
}
"""What tells each part."""

PART_OF = {
    "opening": "timeline",
    "stage": "timeline",
    "record": "checks",
    "signature": "signatures",
    "criteria": "post",
    "nomination": "candidates",
    "training": "training",
    "notice": "notice",
    "objection": "objections",
    "opinion": "checks",
    "review": "checks",
    "prior_report": "departures",
    "minutes": "minutes",
    "decision": "minutes",
    "appointment": "timeline",
    "probation": "timeline",
    "declaration": "conflicts",
    "look_up": "conflicts",
    "point": "checks",
    "query": "checks",
    "deviation": "departures",
    "ending": "timeline",
}
"""The part in which a required fact of each kind is told; records by which people are selected have their own."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a dossier."""

    number: int
    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier in one language. The same matter always gives the same one."""

    matter: DossierMatter
    language: Language
    parts: tuple[Part, ...]
    telling: Telling

    @property
    def title(self) -> str:
        """What the document is called."""
        post = self.matter.live.post
        colon = "：" if self.language == "zh" else ": "
        return f"{self.telling.t('dossier')} {self.matter.case_id}{colon}{post.title}{self.telling.pause}{post.unit}"

    def as_data(self) -> dict[str, Any]:
        """The dossier as data: what stands on paper, and the statement of completeness fact by fact."""
        matter = self.matter
        return {
            "case_id": matter.case_id,
            "version": matter.last.version,
            "position": matter.last.position,
            "pack": str(matter.pinned),
            "as_of": matter.today.isoformat(),
            "language": self.language,
            "title": self.title,
            "opened_for": list(matter.opened_for),
            "complete": matter.statement.is_complete,
            "chain_whole": matter.broken_at is None,
            "checkpoint_size": matter.published.size if matter.published else None,
            "completeness": [
                asdict(fact) | {"title": fact.title.model_dump(), "positions": list(fact.positions)}
                for fact in matter.statement.facts
            ],
            "parts": [
                asdict(part) | {"blocks": list(part.blocks), "standing": self._standing(part.id)} for part in self.parts
            ],
        }

    def _standing(self, part: str) -> dict[str, int]:
        """How the required facts stand that a part tells; the last one is the statement of them all."""
        facts = self.matter.statement.facts
        told = [fact for fact in facts if part in ("completeness", self._part_of(fact))]
        return {str(standing): found for standing, found in Counter(fact.standing for fact in told).items()}

    def _part_of(self, fact: Required) -> str:
        selects = {stage.id for stage in self.matter.pack.stages if stage.kind in SELECTING}
        return "recommendation" if fact.kind == "record" and fact.stage in selects else PART_OF[fact.kind]


def dossier(matter: DossierMatter, language: Language) -> Dossier:
    """The dossier of a case, part by part."""
    telling = Telling(matter, language)
    parts = tuple(
        Part(number, name, PARTS[name].in_(language), tuple(TOLD_BY[name](telling)))
        for number, name in enumerate(PARTS, start=1)
    )
    return Dossier(matter, language, parts, telling)
