"""A school's or a department's file of lines about people: CSV, XLSX or JSON Lines, the same columns in each."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from api.batch_columns import Column, Header, LineMalformed, by_heading, heading_key, read_header
from api.batch_file import Limits, Line, cell_text, decoded, read_lines, too_many_lines

OF_AN_IMPORT = Limits(lines=200_000, unpacked=256 * 1_048_576)
PERSON = Column("person", "Person", "人员编号", needed=True)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "import_training": (
        PERSON,
        Column("number", "Number", "记录编号", "record.number", needed=True),
        Column("title", "Title", "培训名称", "record.title", needed=True),
        Column("kind", "Kind", "培训类别", "record.kind", needed=True),
        Column("method", "Method", "培训方式", "record.method", needed=True),
        Column("began_on", "Began on", "开始日期", "record.began_on", "day", needed=True),
        Column("ended_on", "Ended on", "结束日期", "record.ended_on", "day", needed=True),
        Column("hours", "Hours", "学时", "record.hours", needed=True),
        Column("attended_hours", "Attended hours", "实到学时", "record.attended_hours", needed=True),
        Column("leave_hours", "Leave hours", "请假学时", "record.leave_hours"),
        Column("days", "Days", "天数", "record.days"),
        Column("score", "Score", "成绩", "record.score"),
        Column("passed", "Passed", "是否合格", "record.passed", "flag", needed=True),
        Column("assessment", "Assessment", "考核鉴定", "record.assessment"),
        Column("course_id", "Course id", "班次编号", "record.course_id"),
    ),
    "import_services": (
        PERSON,
        Column("unit", "Unit", "单位", needed=True),
        Column("pack", "Pack", "规则包"),
        Column("rank", "Rank", "职级", needed=True),
        Column("since_on", "Since", "任职起始日期", kind="day", needed=True),
    ),
}


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A line of which not even the cells can be told apart."""

    number: int
    problem: LineMalformed


FileLine = Line | UnreadLine


def read_file(action: str, content: bytes) -> tuple[Header, list[FileLine]]:
    """The columns, and every line that is not blank; JSON Lines are told by their first character.

    Refuses: FileNotATable.
    """
    if content[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return _json_lines(action, content)
    first, lines = read_lines(content, OF_AN_IMPORT)
    return read_header(action, first, COLUMNS), list(lines)


def _json_lines(action: str, content: bytes) -> tuple[Header, list[FileLine]]:
    columns = COLUMNS[action]
    header = Header(dict(enumerate(columns)), {})
    known = by_heading(columns)
    places = {column.name: place for place, column in enumerate(columns)}
    found: list[FileLine] = []
    for number, text in enumerate(decoded(content).split("\n"), start=1):
        if text.strip():
            found.append(_json_line(number, text, known, places))
    if len(found) > OF_AN_IMPORT.lines:
        raise too_many_lines(OF_AN_IMPORT)
    return header, found


def _json_line(number: int, text: str, known: Mapping[str, Column], places: Mapping[str, int]) -> FileLine:
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict):
        return UnreadLine(number, LineMalformed(("line", "is no JSON object; write one object on each line")))
    cells = [""] * len(places)
    for name, value in said.items():
        column = known.get(heading_key(name))
        if column is None:
            return UnreadLine(number, LineMalformed(("line", f"has a field that is none of {', '.join(places)}")))
        if isinstance(value, list | dict):
            return UnreadLine(number, LineMalformed((column.into, "is a list or an object; write one value")))
        cells[places[column.name]] = cell_text(value)
    return Line(number, tuple(cells))


def template(action: str) -> str:
    """The names of the columns of a file, for whoever writes a program that makes one."""
    return ", ".join(column.name for column in COLUMNS[action])
