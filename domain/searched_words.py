"""The words that a reader looks for, and whether a text has them: English by its beginnings, Chinese without spaces."""

import re
import unicodedata

LONGEST_WORD = 12
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}](?:[^\s{_HAN},;，、；。“”\"()（）]*[^\W_{_HAN}])?")
_IS_HAN = re.compile(f"[{_HAN}]")


def searched_words(text: str) -> tuple[str, ...]:
    """What is looked for, word by word; characters without spaces between them are one word."""
    return tuple(_WORD.findall(as_searched(text)))


def as_searched(text: str) -> str:
    """A text as it is looked through: wide and narrow, large and small letters are the same."""
    return unicodedata.normalize("NFKC", text).casefold()


def has_word(said: str, word: str) -> bool:
    """Whether a text, as it is looked through, has a word of the search.

    A word of letters stands at the beginning of one of its words. Characters stand in it together, or can be cut into
    words that do: 临河水务 is found in 临河市水务局.
    """
    if _IS_HAN.match(word) is None:
        return re.search(rf"(?<![^\W_]){re.escape(word)}", said) is not None or _beside_characters(said, word)
    return word in said or _cut_into_words(word, said)


def narrowing(word: str) -> list[str]:
    """Parts that every text with this word has, for an index to look for first."""
    return list(word) if _IS_HAN.match(word) else re.findall(r"[^\W_]+", word)


def _beside_characters(said: str, word: str) -> bool:
    return re.search(rf"(?<=[{_HAN}]){re.escape(word)}", said) is not None


def _cut_into_words(run: str, said: str) -> bool:
    """Units: words of 2 to 12 characters."""
    reached = {0}
    for end in range(2, len(run) + 1):
        starts = range(max(0, end - LONGEST_WORD), end - 1)
        if any(start in reached and run[start:end] in said for start in starts):
            reached.add(end)
    return len(run) in reached
