"""What the public reads of training: which training counts and why, what is planned, done and inspected, and where."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from domain.law import Language, Text
from domain.pack import Pack
from pages.regime import RuleInWords, regime_address, rule_in_words
from pages.training_report import reports_address
from pages.training_standing import STANDING
from pages.translations import other
from pages.typesetting import set_page, template
from projections.course import CourseToCome
from projections.training_act import ActKind, ActRow

_PAGE = template("training.html")
ACTS_SHOWN = 50
"""Acts of a kind on the page, the latest; the API has them all."""
COURSES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class TrainingMatter:
    """Everything that stands on the page, as it stands today."""

    today: date
    packs: Sequence[Pack]
    acts: Mapping[ActKind, Sequence[ActRow]]
    courses: Sequence[CourseToCome]
    facilities: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Regime:
    title: str
    page: str
    rules: tuple[RuleInWords, ...]
    kinds: tuple[str, ...]
    methods: tuple[str, ...]


def training_address(language: Language) -> str:
    """Where everybody reads of training."""
    return f"/{language}/training"


def training_page(matter: TrainingMatter, language: Language, *, public_url: str) -> str:
    """Training from the top: what counts, plans, acts, courses to come and where they are held."""
    terms = {pack.id: {**pack.training.kinds, **pack.training.methods} for pack in matter.packs}
    ranks = {pack.id: {rank.id: rank.title for rank in pack.ranks} for pack in matter.packs}
    return set_page(
        _PAGE,
        language,
        matter=matter,
        regimes=[_regime(pack, language) for pack in matter.packs],
        acts={str(kind): rows[:ACTS_SHOWN] for kind, rows in matter.acts.items()},
        more={str(kind) for kind, rows in matter.acts.items() if len(rows) > ACTS_SHOWN},
        more_courses=len(matter.courses) > COURSES_SHOWN,
        courses=matter.courses[:COURSES_SHOWN],
        term=partial(_term, terms, language),
        rank=partial(_term, ranks, language),
        worded=partial(_worded, language),
        day=date.fromisoformat,
        reports=reports_address(language),
        standing=STANDING.address(language),
        here=training_address(language),
        there=training_address(other(language)),
        origin=public_url.rstrip("/"),
    )


def _regime(pack: Pack, language: Language) -> _Regime:
    return _Regime(
        title=pack.title.in_(language),
        page=regime_address(pack.id, language),
        rules=tuple(_rules(pack, language)),
        kinds=tuple(title.in_(language) for title in pack.training.kinds.values()),
        methods=tuple(title.in_(language) for title in pack.training.methods.values()),
    )


def _rules(pack: Pack, language: Language) -> Iterator[RuleInWords]:
    return (rule_in_words(path, pack, language) for path, _ in pack.rules() if path.startswith("training."))


def _term(known: Mapping[str, Mapping[str, Text]], language: Language, pack: str, name: str) -> str:
    """A kind, method or rank by its title in a pack; one that is in force no more still shows its name."""
    title = known.get(pack.partition("@")[0], {}).get(name)
    return title.in_(language) if title else name.replace("_", " ")


def _worded(language: Language, said: Mapping[str, str | None]) -> str:
    """What was said in one language or both, in the page's own if it can be."""
    return said[language] or said[other(language)] or ""
