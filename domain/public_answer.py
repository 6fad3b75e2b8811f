"""What an organ says in public about what it was told: words for everybody, in which nobody is named or reached."""

import re

from domain.refusal import Refusal

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_NUMBER = re.compile(r"\d(?:[ \-./]?\d){6,}")
"""Seven figures and more in one go: a telephone, an identity card, an account."""


class PublicAnswerNamesSomebody(Refusal):
    rule = "house.a_public_answer_names_nobody"
    unlawful = False


def refuse_personal_data(text: str, *, field: str, names: frozenset[str] = frozenset()) -> None:
    """Nothing that reaches or names a person stands in public words: no e-mail address, no long number, no `names`.

    A name that nobody told this function of passes: whoever writes the words answers for them.

    Source: features F45 (the department replies in public without personal data).
    Refuses: PublicAnswerNamesSomebody.
    """
    found = _ADDRESS.search(text) or _NUMBER.search(_DAY.sub("", text))
    if found is not None:
        raise PublicAnswerNamesSomebody(
            "What is published holds an e-mail address or a long number, which may be somebody's own. Leave it out.",
            field=field,
        )
    if any(name.strip() and name.strip().casefold() in text.casefold() for name in names):
        raise PublicAnswerNamesSomebody(
            "What is published names somebody of this case. Write it without the name.",
            field=field,
        )
