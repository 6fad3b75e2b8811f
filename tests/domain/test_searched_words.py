"""A reader finds a notice by what they would type: the beginnings of words, and Chinese without spaces."""

import pytest

from domain.searched_words import as_searched, has_word, narrowing, searched_words

ENGLISH = as_searched("2026/171\nChair of the Harbour Safety Board\nDepartment of Ports\nMarian Oduya")
CHINESE = as_searched("2026/153\n市水务局局长\n临河市水务局\n龑文澜\n第3组")


def found(query: str, said: str) -> bool:
    return all(has_word(said, word) for word in searched_words(query))


@pytest.mark.parametrize(
    "query",
    ["harbour", "HARB", "har saf", "chair, harbour", "2026/171", "171", "odu", "ｈａｒｂｏｕｒ", "“harbour”", ""],
)
def test_english_is_found_by_the_beginnings_of_its_words(query: str) -> None:
    assert found(query, ENGLISH)


@pytest.mark.parametrize("query", ["arbour", "art", "harbours", "harbour fire", "26/171", "72"])
def test_the_middle_of_a_word_finds_nothing(query: str) -> None:
    assert not found(query, ENGLISH)


@pytest.mark.parametrize(
    "query", ["水务局局长", "临河水务", "临河市 局长", "水务局龑文澜", "龑", "第3组", "153水务", "局长2026/153"]
)
def test_chinese_is_found_without_spaces(query: str) -> None:
    assert found(query, CHINESE)


@pytest.mark.parametrize("query", ["财政局", "水务局张三", "临水", "局河"])
def test_characters_that_do_not_stand_together_find_nothing(query: str) -> None:
    assert not found(query, CHINESE)


def test_a_long_search_is_looked_through_once_and_not_in_every_way() -> None:
    assert not found("水务" * 90 + "河", "水务" * 100)


@pytest.mark.parametrize("query", ["harb saf", "临河水务", "2026/153"])
def test_what_an_index_looks_for_first_is_in_every_text_that_is_found(query: str) -> None:
    said = CHINESE if found(query, CHINESE) else ENGLISH
    assert all(part in said for word in searched_words(query) for part in narrowing(word))
