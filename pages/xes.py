"""The audit trail as XES: a trace a stream, so that a case is one trace, with its steps in order.

Source: IEEE 1849-2016; extensions concept, time, organizational, lifecycle.
"""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from pages.event_attributes import attributes
from projections.audit_trail import TrailRow

EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Organizational", "org"), ("Lifecycle", "lifecycle"))
TAGS = {"string": "string", "integer": "int", "boolean": "boolean", "time": "date"}
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SINCE = "1970-01-01T00:00:00Z"
GLOBALS = (
    ("string", "concept:name", "name"),
    ("date", "time:timestamp", SINCE),
    ("string", "org:resource", "resource"),
    ("string", "org:group", "group"),
    ("string", "lifecycle:transition", "complete"),
)
"""What every event has."""


async def xes(rows: AsyncIterator[TrailRow]) -> AsyncIterator[bytes]:
    """The log as one XML document, one event a line; rows come stream by stream."""
    yield "".join(_head()).encode()
    stream = None
    async for row in rows:
        parts: list[str] = []
        if row.stream != stream:
            parts += ["</trace>\n"] if stream is not None else []
            parts += [f"<trace>{_attribute('string', 'concept:name', row.stream.partition('/')[2] or row.stream)}"]
            parts += [_attribute("string", "kind", row.kind), "\n"]
            stream = row.stream
        parts += _event(row)
        yield "".join(parts).encode()
    yield b"</log>\n" if stream is None else b"</trace>\n</log>\n"


def _head() -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    for name, prefix in EXTENSIONS:
        yield f'<extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
    yield f'<global scope="trace">{_attribute("string", "concept:name", "name")}</global>\n'
    yield f'<global scope="event">{"".join(_attribute(*one) for one in GLOBALS)}</global>\n'
    yield '<classifier name="Activity" keys="concept:name lifecycle:transition"/>\n'
    yield '<classifier name="Resource" keys="org:resource"/>\n'
    yield f"{_attribute('string', 'concept:name', 'Audit trail')}\n"
    yield f"{_attribute('string', 'lifecycle:model', 'standard')}\n"


def _event(row: TrailRow) -> Iterator[str]:
    yield "<event>"
    yield _attribute("string", "concept:name", row.type)
    yield _attribute("date", "time:timestamp", row.recorded_at.isoformat().replace("+00:00", "Z"))
    yield _attribute("string", "org:resource", row.officer)
    yield _attribute("string", "org:group", row.organ)
    yield _attribute("string", "lifecycle:transition", "complete")
    for name, kind, value in attributes(row):
        yield _attribute(TAGS[kind], name, value)
    yield "</event>\n"


def _attribute(tag: str, key: str, value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else _ILLEGAL.sub("\ufffd", str(value))
    return f"<{tag} key={quoteattr(key)} value={quoteattr(text)}/>"
