"""The text of a PDF as a reader would copy it out, with everything that is said about the file beside its pages."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf


def text_of_pdf(content: bytes) -> str:
    """All of its text, and its metadata."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        told = [str(value) for value in pdf.docinfo.values()] if "/Info" in pdf.trailer else []
        metadata = pdf.Root.get("/Metadata")
        if metadata is not None:
            told.append(metadata.read_bytes().decode("utf-8", "replace"))
        return " ".join([*told, *("".join(_words(page)) for page in pdf.pages)])


def _words(page: Any) -> Iterator[str]:
    fonts = {name: _unicode(font) for name, font in page.Resources.get("/Font", {}).items()}
    codes: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "Tf":
                codes = fonts[str(operands[0])]
            case "Tj":
                yield from _decoded(operands[0], codes)
            case "TJ":
                for part in operands[0]:
                    if isinstance(part, pikepdf.String):
                        yield from _decoded(part, codes)


def _decoded(said: Any, codes: dict[int, str]) -> Iterator[str]:
    raw = bytes(said)
    for place in range(0, len(raw) - 1, 2):
        yield codes.get(int.from_bytes(raw[place : place + 2], "big"), "\ufffd")


def _unicode(font: Any) -> dict[int, str]:
    """What each code of a font stands for, by its own table."""
    table = font["/ToUnicode"].read_bytes().decode("latin-1") if "/ToUnicode" in font else ""
    return {
        int(code, 16): bytes.fromhex(text).decode("utf-16-be")
        for code, text in re.findall(r"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>\s*\n", table)
    }
