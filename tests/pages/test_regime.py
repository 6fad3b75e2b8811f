"""The page of a regime shows its whole order and each rule with its source, in both languages."""

import re
from html.parser import HTMLParser
from typing import get_args

import pytest

from domain.law import Language, Text
from domain.pack import Pack
from eventstore.packs import reference_of
from pages.pack_words import clocks
from pages.regime import RegimeVersion, regime_list_page, regime_page
from pages.regime_diagram import diagram
from runtime.packs import read_packs
from runtime.settings import PROJECT
from tests.domain.village import VILLAGE

PACKS = [*read_packs(PROJECT / "packs"), VILLAGE]
LANGUAGES: tuple[Language, ...] = get_args(Language)
each_pack = pytest.mark.parametrize("pack", PACKS, ids=[pack.id for pack in PACKS])
each_language = pytest.mark.parametrize("language", LANGUAGES)


class Said(HTMLParser):
    """What a reader of the page reads."""

    def __init__(self, page: str):
        super().__init__()
        self.parts: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.parts))


def page_of(pack: Pack, language: Language) -> str:
    version = RegimeVersion(pack, reference_of(pack).digest, pack.effective_from)
    return regime_page(version, language, public_url="http://127.0.0.1")


@each_pack
@each_language
def test_the_page_shows_every_stage_record_clock_and_rule_with_its_source(pack: Pack, language: Language) -> None:
    text = Said(page_of(pack, language)).text
    for stage in pack.stages:
        assert stage.title.in_(language) in text and stage.duty.watches.in_(language) in text
        assert all(clock.in_words(language) in text for clock in clocks(pack, stage))
    assert all(record.title.in_(language) in text for record in pack.records)
    for path, rule in pack.rules():
        assert path in text and re.sub(r"\s+", " ", rule.says.in_(language)) in text
        assert pack.instruments[rule.source.instrument].title.in_(language) in text


@each_pack
def test_what_is_not_confirmed_is_marked_at_each_rule(pack: Pack) -> None:
    marked = page_of(pack, "en").count('class="chip provisional"')
    assert marked == sum(not rule.confidence.verified for _, rule in pack.rules())


@each_pack
@each_language
def test_the_drawing_has_each_stage_and_stays_inside_its_frame(pack: Pack, language: Language) -> None:
    drawn = diagram(pack, language, alone=True)
    height = int(re.search(r'viewBox="0 0 900 (\d+)"', drawn)[1])  # type: ignore[index]
    assert max(int(y) for y in re.findall(r'<text[^>]* y="(\d+)"', drawn)) <= height
    read = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", drawn))
    assert all(stage.title.in_(language).replace("&", "&amp;") in read for stage in pack.stages)


@each_language
def test_a_long_name_of_a_stage_stays_inside_its_box(language: Language) -> None:
    pack = PACKS[0]
    name = Text(en="Recommendation of the standing commission " * 3, zh="常务委员会推荐" * 12)
    long = pack.model_copy(update={"stages": (pack.stages[0].model_copy(update={"title": name}), *pack.stages[1:])})
    lines = re.findall(r'<text class="stage"[^>]*>([^<]*)</text>', diagram(long, language, alone=True))
    assert len(lines) > len(pack.stages)
    assert max(map(len, lines)) <= {"en": 46, "zh": 22}[language]


@each_language
def test_the_list_leads_to_each_regime(language: Language) -> None:
    versions = [RegimeVersion(pack, reference_of(pack).digest, pack.effective_from) for pack in PACKS]
    page = regime_list_page(versions, language, public_url="http://127.0.0.1")
    assert all(f'href="/{language}/regimes/{pack.id}"' in page for pack in PACKS)
    assert Said(regime_list_page([], language, public_url="http://127.0.0.1")).text
