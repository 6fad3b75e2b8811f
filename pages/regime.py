"""What the public reads of a regime: its stages and who is on duty, what each needs, every rule with its source."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from markupsafe import Markup

from domain.law import Citation, Language
from domain.pack import Pack, Stage
from pages.pack_words import CONFIDENCE, WORDS, clocks, record_in_words, records, value_in_words
from pages.regime_diagram import diagram
from pages.translations import LANGUAGE_TAGS, other, section_label
from pages.typesetting import set_page, template

_REGIME = template("regime.html")
_LIST = template("regime_list.html")


@dataclass(frozen=True, slots=True)
class RegimeVersion:
    """A version of a pack as it was adopted here, and whether new cases open under another."""

    pack: Pack
    digest: str
    effective_from: date
    in_force: bool = True


@dataclass(frozen=True, slots=True)
class _Record:
    title: str
    how: str


@dataclass(frozen=True, slots=True)
class _Stage:
    place: int
    title: str
    holder: str
    watcher: str
    watches: str
    records: tuple[_Record, ...]
    clocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """A rule of a pack as a person reads it."""

    path: str
    value: str
    citation: Citation
    confidence: str


def regime_address(pack_id: str, language: Language, version: int | str | None = None) -> str:
    """Where a regime stands; its version in force is shown, unless one is named."""
    return f"/{language}/regimes/{pack_id}{f'?version={version}' if version else ''}"


def regime_pages(pack: str, rule: str = "") -> dict[Language, str]:
    """Where a version of a pack, or one rule of it, is read in each language."""
    pack_id, _, version = pack.partition("@")
    anchor = f"#{rule}" if rule else ""
    return {language: regime_address(pack_id, language, version) + anchor for language in LANGUAGE_TAGS}


def regime_page(version: RegimeVersion, language: Language, *, public_url: str) -> str:
    """A regime from the top: what it is, its order, what each stage needs, and each rule with source and confidence."""
    pack = version.pack
    return set_page(
        _REGIME,
        language,
        version=version,
        pack=pack,
        diagram=Markup(diagram(pack, language)),
        stages=[_stage(place, stage, pack, language) for place, stage in enumerate(pack.stages, start=1)],
        sections=[(name, list(rules)) for name, rules in _sections(pack, language)],
        unverified=sum(not rule.confidence.verified for _, rule in pack.rules()),
        total=sum(1 for _ in pack.rules()),
        here=regime_address(pack.id, language),
        there=regime_address(pack.id, other(language), None if version.in_force else pack.version),
        origin=public_url.rstrip("/"),
    )


def regime_list_page(versions: Iterable[RegimeVersion], language: Language, *, public_url: str) -> str:
    """The regimes under which cases are opened here."""
    return set_page(
        _LIST,
        language,
        versions=sorted(versions, key=lambda found: found.pack.id),
        here=f"/{language}/regimes/",
        there=f"/{other(language)}/regimes/",
        origin=public_url.rstrip("/"),
    )


def _stage(place: int, stage: Stage, pack: Pack, language: Language) -> _Stage:
    return _Stage(
        place=place,
        title=stage.title.in_(language),
        holder=WORDS[str(stage.duty.holder)].in_(language),
        watcher=WORDS[str(stage.duty.watched_by)].in_(language),
        watches=stage.duty.watches.in_(language),
        records=tuple(
            _Record(record.title.in_(language), record_in_words(record, language)) for record in records(pack, stage)
        ),
        clocks=tuple(clock.in_words(language) for clock in clocks(pack, stage)),
    )


def _sections(pack: Pack, language: Language) -> Iterator[tuple[str, Iterable[RuleInWords]]]:
    for section, found in groupby(pack.rules(), key=lambda rule: rule[0].partition(".")[0]):
        yield section_label(section, language), [rule_in_words(path, pack, language) for path, _ in found]


def rule_in_words(path: str, pack: Pack, language: Language) -> RuleInWords:
    """The rule at a path, with its value, its source and how sure it is."""
    citation = pack.cite(path)
    value = value_in_words(pack.rule(path).value, language)
    return RuleInWords(path, value, citation, CONFIDENCE[citation.confidence].in_(language))
