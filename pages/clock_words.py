"""Clocks in words: by the titles of their pack; where no pack is at hand, by what kind of clock they are."""

from domain.law import Text
from domain.pack import Pack
from domain.pack_titles import titles_of_clocks
from pages.translations import TRANSLATIONS

_CLOCK_OF = {
    "stage": TRANSLATIONS["clock.stage"],
    "opinion": Text(en="Opinion: {of}", zh="意见：{of}"),
    "objection": Text(en="Answer to objection {of}", zh="答复异议{of}"),
    "query": Text(en="Answer to query {of}", zh="答复询问{of}"),
    "prior_report": Text(en="Reply to the report on {of}", zh="对事前报告（{of}）的答复"),
}
_ALONE = {
    "objection": Text(en="Answer to an objection", zh="答复异议"),
    "acknowledgement": Text(en="Acknowledgement of an objection", zh="异议受理告知"),
}
"""Of registers, which name the kind of a day that was missed and not whose it was."""


def clock_in_words(name: str, pack: Pack) -> Text:
    """A clock by its title; one that has none shows its name."""
    return clock_title(name, titles_of_clocks(pack).get(name)) or as_it_is(name)


def clock_title(name: str, waits_for: Text | None = None) -> Text | None:
    """What a clock is called, when there is a clock of that name. `waits_for`: what its pack says of it, if known."""
    kind, _, of = name.partition(":")
    if kind in _CLOCK_OF and (waits_for or of):
        return with_facts(_CLOCK_OF[kind], of=waits_for or of.replace("_", " "))
    return waits_for or _ALONE.get(name) or TRANSLATIONS.get(f"clock.{kind}")


def with_facts(said: Text, **facts: str | Text) -> Text:
    """What is said, with its facts in the same language."""
    english = {name: fact.en if isinstance(fact, Text) else fact for name, fact in facts.items()}
    chinese = {name: fact.zh if isinstance(fact, Text) else fact for name, fact in facts.items()}
    return Text(en=said.en.format(**english), zh=said.zh.format(**chinese))


def as_it_is(name: str) -> Text:
    """A name that has no words yet still shows itself."""
    plain = name.replace("_", " ")
    return Text(en=plain, zh=plain)
