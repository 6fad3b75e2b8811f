"""The catalogue of events as a document: what each says, and which of its fields are not for everybody."""

import re

from domain.catalogue import EVENTS
from domain.event import Confidential, Event, Personal

HEAD = """# Events

Written by `investiture events-document`; a test holds it against the code. *Public* fields stand in the log's entry;
*personal* ones are sealed with the key of the person named by the field in brackets, *confidential* ones with a key of
the stream that only the audience in brackets may use. Sealed fields rest beside the entry, which holds their hash.

| event | version | field | type | class |
|---|---|---|---|---|
"""


def events_document() -> str:
    """The document, by alias."""
    return HEAD + "".join(_rows(alias, kind) for alias, kind in sorted(EVENTS.items()))


def _rows(alias: str, kind: type[Event]) -> str:
    rows = []
    for place, (name, field) in enumerate(kind.model_fields.items()):
        head = f"`{alias}` | {kind.schema_version}" if place == 0 else " | "
        shown = str(getattr(field.annotation, "__name__", field.annotation)).replace("domain.", "").replace("|", "or")
        rows.append(f"| {head} | `{name}` | {_plain(shown)} | {_class(kind, name)} |\n")
    return "".join(rows)


def _plain(shown: str) -> str:
    return re.sub(r"\b([a-z_]+\.)+", "", shown).replace("Optional", "optional ").strip()


def _class(kind: type[Event], name: str) -> str:
    match kind.sealed_fields.get(name):
        case Personal(of=field):
            return f"personal (`{field}`)"
        case Confidential(to=audience):
            return f"confidential ({audience})"
        case _:
            return "public"


def print_events_document() -> None:
    """Write the catalogue of events as Markdown.

    Example: investiture events-document > docs/events.md
    """
    print(events_document(), end="")
