"""The page on which people ask how they stand holds nothing of anybody, and has words for whatever is answered."""

from typing import get_args

import pytest

from domain.law import Language
from domain.training_standing import Counts
from pages.training_standing import training_standing_page
from pages.translations import words
from tests.pages.training import PACKS

each_language = pytest.mark.parametrize("language", get_args(Language))


def standing_page(language: Language) -> str:
    return training_standing_page(PACKS, language, public_url="http://127.0.0.1")


@each_language
def test_every_rank_part_kind_method_and_reason_has_its_words(language: Language) -> None:
    page = standing_page(language)
    for pack in PACKS:
        for rank in pack.ranks:
            assert f'<option value="{pack.id}:{rank.id}">' in page and f'data-is="serves={pack.id}:{rank.id}"' in page
        for requirement in pack.training.requirements:
            assert all(f'data-is="called={pack.id}:{part.id}"' in page for part in requirement.parts)
        for name, title in pack.training.kinds.items():
            assert f'data-is="kind={pack.id}:{name}">{title.in_(language)}<' in page
        for name, title in pack.training.methods.items():
            assert f'data-is="method={pack.id}:{name}">{title.in_(language)}<' in page
    for counts in Counts:
        assert f'data-is="counts={counts}">{words(language)(f"standing.counts.{counts}")}<' in page
