"""The columns of each file of lines: their headers in both languages, and the cell as the step's body takes it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from api.batch_file import FileNotATable, Line, column_letter
from domain.law import Language
from domain.particulars import Particulars

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FLAGS = {"是": "true", "否": "false", "yes": "true", "no": "false"}
MEMBER = re.compile(r"\s*(?:member|成员)\s*[:：]\s*(.+)", re.IGNORECASE | re.DOTALL)


class LineMalformed(Exception):
    """A line that cannot be a step: each field that is wrong, and how. What its cells say is not repeated."""

    def __init__(self, *errors: tuple[str, str]):
        super().__init__("; ".join(f"{field}: {said}" for field, said in errors))
        self.found = [{"loc": tuple(field.split(".")), "msg": said} for field, said in errors]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` for programs, a title for people in each language, and the body's field that it fills."""

    name: str
    en: str
    zh: str
    field: str = ""
    kind: Literal["text", "day", "flag"] = "text"
    needed: bool = False

    def title(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    @property
    def into(self) -> str:
        """Where in the body it goes."""
        return self.field or self.name


CASE_ID = Column("case_id", "Case id", "案件编号", needed=True)
CANDIDATE_ID = Column("candidate_id", "Candidate id", "候选人编号", needed=True)
_PARTICULARS = {
    "full_name": ("Full name", "姓名"),
    "sex": ("Sex", "性别"),
    "birth_year_month": ("Birth year and month", "出生年月"),
    "education": ("Education", "学历"),
    "party": ("Party", "政治面貌"),
    "present_post": ("Present post", "现任职务"),
    "results": ("Results", "工作实绩"),
    "exceptional_reason": ("Exceptional reason", "破格理由"),
    "integrity_statement": ("Integrity statement", "廉洁情况"),
}
PARTICULARS = tuple(
    Column(name, *_PARTICULARS.get(name, (name.replace("_", " ").capitalize(), name)), f"particulars.{name}")
    for name in Particulars.model_fields
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "open_case": (
        Column("post_id", "Post id", "职务编号", "post.post_id", needed=True),
        Column("title", "Title", "职务名称", "post.title", needed=True),
        Column("unit", "Unit", "单位", "post.unit", needed=True),
        Column("rank", "Rank", "职级", "post.rank", needed=True),
        Column("pack", "Pack", "规则包"),
        Column("jurisdiction", "Jurisdiction", "法域"),
        Column("person", "Person", "人员编号"),
        *PARTICULARS,
    ),
    "close_nominations": (CASE_ID,),
    "verify_training": (
        CASE_ID,
        CANDIDATE_ID,
        Column("conditional", "Conditional", "有条件通过", kind="flag"),
    ),
    "open_public_notice": (
        CASE_ID,
        Column("opens_on", "Opens on", "公示开始日", kind="day"),
        Column("closes_on", "Closes on", "公示结束日", kind="day"),
    ),
    "hold_decision_meeting": (
        CASE_ID,
        Column("candidate_id", "Candidate id", "候选人编号"),
        Column("held_on", "Held on", "会议日期", kind="day", needed=True),
        Column("voted_by", "Voted by", "表决方式"),
        Column("in_favour", "In favour", "赞成票", "counts.in_favour"),
        Column("against", "Against", "反对票", "counts.against"),
        Column("deferred", "Deferred", "暂缓票", "counts.deferred"),
        Column("unresolved", "Unresolved", "暂缓表决原因", "unresolved.why"),
        Column("unresolved_reason", "Unresolved reason", "暂缓表决说明", "unresolved.reason"),
    ),
    "issue_appointment": (CASE_ID, Column("effective_on", "Effective on", "任职日期", kind="day")),
}
WITH_MEMBERS = frozenset({"hold_decision_meeting"})
"""Steps whose file has one column more for each member who was due, in the order in which they spoke."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which column stands where, and what heads the members' columns."""

    columns: Mapping[int, Column]
    members: Mapping[int, str]

    def cells(self, line: Line) -> dict[str, str]:
        """The filled cells of a line, by their column's field.

        Refuses: LineMalformed, for a formula, a cell without a header, a day that is none, and an empty needed cell.
        """
        if line.formulas:
            raise LineMalformed(
                *((_field_at(self, place), "holds a formula; write its value") for place in line.formulas)
            )
        said = {place: cell for place, cell in enumerate(line.cells) if cell}
        if astray := [place for place in said if place not in self.columns and place not in self.members]:
            raise LineMalformed(*((f"column {column_letter(place)}", "has a cell and no header") for place in astray))
        found = {column.into: _said(column, said[place]) for place, column in self.columns.items() if place in said}
        if missing := [column for column in self.columns.values() if column.needed and column.into not in found]:
            raise LineMalformed(*((column.into, "is empty, and the step needs it") for column in missing))
        return found

    def raw(self, line: Line, name: str) -> str:
        """What a line has in a column, read or not."""
        place = next((place for place, column in self.columns.items() if column.name == name), len(line.cells))
        return line.cells[place] if place < len(line.cells) else ""

    def members_of(self, line: Line) -> list[tuple[int, str, str]]:
        """Place, heading and cell of each member's column."""
        return [
            (place, heading, line.cells[place] if place < len(line.cells) else "")
            for place, heading in self.members.items()
        ]


def by_heading(columns: Sequence[Column]) -> dict[str, Column]:
    """Columns by each heading that they may have."""
    return {heading_key(name): column for column in columns for name in (column.name, column.en, column.zh)}


def read_header(action: str, line: Line, columns_of: Mapping[str, Sequence[Column]] = COLUMNS) -> Header:
    """The columns that the first row names, in either language or by their names for programs.

    Refuses: FileNotATable, for a column that is not known, named twice or missing.
    """
    wanted = columns_of[action]
    known = by_heading(wanted)
    named = {place: cell for place, cell in enumerate(line.cells) if cell}
    members = {place: found[1] for place, cell in named.items() if (found := MEMBER.fullmatch(cell))}
    if action not in WITH_MEMBERS:
        members = {}
    columns = {place: known[heading_key(cell)] for place, cell in named.items() if heading_key(cell) in known}
    unknown = [place for place in named if place not in columns and place not in members]
    if not columns or unknown:
        raise _unknown(action, wanted, named, unknown, is_header=bool(columns))
    if len({column.name for column in columns.values()}) < len(columns):
        raise FileNotATable("Two columns have the same header. Keep one of them.", field="file")
    if missing := [column.name for column in wanted if column.needed and column not in columns.values()]:
        raise FileNotATable(
            f"The header lacks {', '.join(missing)}. Add it, or begin with the template of `{action}`.",
            field="file",
            missing=missing,
        )
    return Header(columns, members)


def _unknown(
    action: str, wanted: Sequence[Column], named: Mapping[int, str], places: Sequence[int], *, is_header: bool
) -> FileNotATable:
    known = [column.name for column in wanted] + (["member: NAME"] if action in WITH_MEMBERS else [])
    choose = f"The columns of `{action}` are {', '.join(known)}, or their titles in English or Chinese."
    if not is_header:  # then it is a line, perhaps with somebody's name in it, and is not repeated
        return FileNotATable(f"The first row names no known column. {choose}", field="file", known=known)
    said = []
    for place in places[:3]:
        close = get_close_matches(heading_key(named[place]), [heading_key(name) for name in known], n=1)
        meant = f" (is it `{close[0].replace(' ', '_')}`?)" if close else ""
        said.append(f"column {column_letter(place)}, “{named[place][:60]}”{meant}")
    return FileNotATable(
        f"The header has what `{action}` does not know: {'; '.join(said)}. {choose}", field="file", known=known
    )


def nested(cells: Mapping[str, str]) -> dict[str, Any]:
    """Cells as a body: `post.title` stands under `title` in `post`."""
    body: dict[str, Any] = {}
    for field, said in cells.items():
        *outer, name = field.split(".")
        place = body
        for part in outer:
            place = place.setdefault(part, {})
        place[name] = said
    return body


def _said(column: Column, cell: str) -> str:
    if column.kind == "day" and not DAY.fullmatch(cell):
        raise LineMalformed((column.into, "is no day; write it as YYYY-MM-DD, such as 2026-11-22"))
    return FLAGS.get(cell.lower(), cell) if column.kind == "flag" else cell


def _field_at(header: Header, place: int) -> str:
    column = header.columns.get(place)
    return column.into if column else f"column {column_letter(place)}"


def heading_key(heading: str) -> str:
    """A heading however it is spaced and capitalised."""
    return " ".join(heading.replace("_", " ").lower().split())
