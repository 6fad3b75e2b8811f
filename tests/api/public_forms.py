"""Somebody at the public's own pages: opens a form, lets the device do its sum, sends it, and keeps the code."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import httpx2
from altcha.v1 import Payload, solve_challenge

from tests.desk import Desk

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
DATA = re.compile(r'data-(\w+)="([^"]*)"')
GROUP = re.compile(r'<li aria-label="[^"]*">([0-9A-Z]{3})</li>')

OBJECTION = {
    "about": "procedure",
    "grounds": "On 3 February 2026 the vote was taken before the papers were there.",
    "identity": "anonymous",
    "name": "",
}

File = tuple[str, bytes, str]
"""Name, content, and the type that a browser declares."""


@dataclass(frozen=True)
class Form:
    """A form as it came: its hidden fields, and the sum that it asks for."""

    address: str
    hidden: dict[str, str]
    data: dict[str, str]

    def solved(self) -> str:
        """What the page's script puts into the field for its work."""
        found = solve_challenge(
            challenge=self.data["challenge"],
            salt=self.data["salt"],
            algorithm="SHA-256",
            max_number=int(self.data["most"]),
            start=0,
        )
        assert found is not None
        return Payload(
            "SHA-256", self.data["challenge"], found.number, self.data["salt"], self.data["signature"]
        ).to_base64()


def form_in(answer: httpx2.Response, address: str) -> Form:
    """The form that stands in a page."""
    data = {name: unescape(value) for name, value in DATA.findall(answer.text)}
    return Form(address, {name: unescape(value) for name, value in HIDDEN.findall(answer.text)}, data)


async def opened_form(desk: Desk, notice: str, last: str = "object", language: str = "en") -> Form:
    """A form, opened in a browser."""
    address = f"/{language}/notices/{notice}/{last}"
    answer = await desk.http.get(address)
    assert answer.status_code == 200, answer.text
    return form_in(answer, address)


async def send(
    desk: Desk,
    form: Form,
    values: dict[str, str],
    *files: File,
    work: bool = True,
    headers: dict[str, str] | None = None,
) -> httpx2.Response:
    """The answer to a form that is sent, with its work done or without."""
    said = {**form.hidden, **values, **({"work": form.solved()} if work else {})}
    parts: list[Any] = [("files", file) for file in files] or [("files", ("", b"", "application/octet-stream"))]
    return await desk.http.post(form.address, data=said, files=parts, headers=headers)


def code_in(answer: httpx2.Response) -> str:
    """The code that a page shows."""
    assert answer.status_code == 200, answer.text
    groups = GROUP.findall(answer.text)
    assert len(groups) == 7
    return "".join(groups)


async def objected(desk: Desk, notice: str, *files: File, work: bool = True, **values: str) -> str:
    """The code of an objection that was just sent."""
    form = await opened_form(desk, notice)
    code = code_in(await send(desk, form, {**OBJECTION, **values}, *files, work=work))
    await desk.project()
    return code


async def status(desk: Desk, code: str, language: str = "en") -> httpx2.Response:
    """The page behind a code."""
    return await desk.http.post(f"/{language}/receipt", data={"code": code})
