"""A file of lines as somebody kept it: CSV in the encodings that offices use, or the first sheet of an XLSX workbook.

Nothing in it is run: a formula is told apart from its value and never worked out.
"""

import codecs
import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from domain.refusal import Refusal

MOST_PARTS = 500
MOST_LINES = 5_000
MOST_COLUMNS = 200
DELIMITERS = ",;\t"
WOULD_RUN = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet reads as the beginning of a formula."""


class FileNotATable(Refusal):
    """The file cannot be read as lines under a header."""

    rule = "house.a_batch_is_a_table"
    unlawful = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold.

    Units: `unpacked` in bytes that the parts of a workbook may have together; zip takes a thousand to one without any
    trick.
    """

    lines: int = MOST_LINES
    unpacked: int = 64 * 1_048_576


OF_A_BATCH = Limits()


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the spreadsheet numbers it (the header is row 1); `formulas` are the places of cells that hold one."""

    number: int
    cells: tuple[str, ...]
    formulas: tuple[int, ...] = ()


def read_lines(content: bytes, limits: Limits = OF_A_BATCH) -> tuple[Line, list[Line]]:
    """The header, and every row that is not blank.

    Refuses: FileNotATable.
    """
    rows = _workbook(content, limits) if content.startswith(b"PK") else _text(content, limits)
    found = [line for line in rows if any(line.cells) or line.formulas]
    if len(found) < 2:
        raise _unreadable("has a header and no line, or nothing at all. Write one line for each step under the header")
    if len(found) > limits.lines + 1:
        raise too_many_lines(limits)
    return found[0], found[1:]


def too_many_lines(limits: Limits) -> FileNotATable:
    """What is said of a file that is longer than one file may be."""
    return _unreadable(f"has more than {limits.lines} lines, the most that one file takes. Send it in parts")


def _text(content: bytes, limits: Limits) -> Iterator[Line]:
    text = decoded(content)
    head = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(islice(reader, limits.lines * 2), start=1):
            yield _line(number, [cell.strip() for cell in row], [cell.lstrip().startswith("=") for cell in row])
    except csv.Error as problem:
        raise _unreadable("is no CSV: a quotation mark is not closed, or a cell is too long. Save it anew") from problem


def decoded(content: bytes) -> str:
    """Text in UTF-8, in UTF-16 that says so, or in GB18030, the encoding of Chinese offices.

    Source: GB 18030-2022, which also holds what GBK and GB 2312 do.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable("is text in neither UTF-8 nor GB18030. Save it as “CSV UTF-8” or as XLSX")


def _workbook(content: bytes, limits: Limits) -> Iterator[Line]:
    _no_bomb(content, limits)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        # The sheet's own word for its size may be wrong, and is not asked.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MOST_COLUMNS)
        for number, row in enumerate(islice(rows, limits.lines * 2), start=1):
            yield _line(number, [cell_text(cell.value) for cell in row], [cell.data_type == "f" for cell in row])
    except Exception as problem:  # whatever its reader stumbles over is a fault of the file
        raise _unreadable("cannot be read as an XLSX workbook. Save it anew, or as CSV") from problem


def _no_bomb(content: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as problem:
        raise _unreadable("cannot be read as an XLSX workbook. Save it anew, or as CSV") from problem
    # Python's reader gives no more of a part than its stated size, so the stated sizes can be relied on.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked:
        raise _unreadable("unpacks to more than one file may hold. Keep one plain table in it, or save it as CSV")
    if any(part.flag_bits & 1 for part in parts):
        raise _unreadable("is protected by a password. Save it without one")


def _line(number: int, cells: list[str], formulas: Iterable[bool]) -> Line:
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise _unreadable(f"has more than {MOST_COLUMNS} columns in row {number}. Keep those of the template")
    return Line(number, tuple(cells), tuple(place for place, is_one in enumerate(formulas) if is_one))


def cell_text(value: Any) -> str:
    """A cell as text; a day as ISO 8601, whatever its format shows."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime() if value.time() == datetime.min.time():
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value).strip()


def _unreadable(why: str) -> FileNotATable:
    return FileNotATable(f"The file {why}.", field="file")


def column_letter(place: int) -> str:
    """What a spreadsheet calls its column: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def as_csv(rows: Iterable[Sequence[object]], *, mark: bool = True) -> bytes:
    """Rows as spreadsheets open them: no cell that would be run as a formula, and at the beginning a mark of UTF-8.

    Source: OWASP, CSV injection.
    """
    written = StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows([_inert(cell) for cell in row] for row in rows)
    return (codecs.BOM_UTF8 if mark else b"") + written.getvalue().encode()


def _inert(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(WOULD_RUN) else text
