"""Speaking to a running service over HTTP: it knows keys, repetitions and problem documents, and no rule."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx2

ATTEMPTS = 4
FIRST_PAUSE_SECONDS = 0.25
TRY_AGAIN = frozenset({502, 503, 504})


class ProblemAnswer(Exception):
    """The service answered with a problem document instead of what was asked for."""

    def __init__(self, status: int, document: Mapping[str, Any]):
        super().__init__(str(document.get("detail", "")))
        self.status = status
        self.document = document

    @property
    def is_fault(self) -> bool:
        """Whether the service failed, rather than said no."""
        return self.status >= 500


class Unreachable(Exception):
    """No answer came from the service; whether it heard the question is not known."""

    def __init__(self, address: str, attempts: int, reason: Exception):
        super().__init__(str(reason))
        self.address, self.attempts = address, attempts
        self.was_never_reached = isinstance(reason, httpx2.ConnectError | httpx2.ConnectTimeout)


class NotThisService(Exception):
    """Something answers at that address, and it is not Investiture."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way: how many rows it has, up to which position of the log, and its parts."""

    rows: int
    position: int
    parts: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Wish:
    """One write: where, what, and the conditions under which it is to be recorded."""

    path: str
    body: Mapping[str, Any]
    key: str
    if_version: int | None = None
    dry_run: bool = False

    def headers(self) -> dict[str, str]:
        """The key, and the version that the caller speaks of."""
        condition = {} if self.if_version is None else {"If-Match": f'"{self.if_version}"'}
        return {"Idempotency-Key": self.key} | condition


class ApiClient:
    """Asks one service as one person."""

    def __init__(self, address: str, token: str, *, pause: Callable[[float], None] = time.sleep, timeout: float = 30.0):
        self.address = address.rstrip("/")
        self._pause = pause
        # The machine's proxy settings are for other hosts than this one.
        self._http = httpx2.Client(
            base_url=f"{self.address}/api/v1",
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            trust_env=False,
            timeout=timeout,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, at: TracebackType | None
    ) -> None:
        self._http.close()

    def record(self, wish: Wish) -> dict[str, Any]:
        """The service's answer to a write.

        Refuses: ProblemAnswer, Unreachable, NotThisService.
        Idempotent by: the wish's key, which every repetition carries.
        Retries: a lost connection and a busy service, a few times.
        """
        query = {"dry_run": "true"} if wish.dry_run else None
        return self._ask("POST", wish.path, params=query, json=dict(wish.body), headers=wish.headers())

    def read(self, path: str, asked: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One document.

        Refuses: ProblemAnswer, Unreachable, NotThisService.
        """
        said = {name: str(value) for name, value in (asked or {}).items() if value is not None}
        return self._ask("GET", path, params=said)

    def ask(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a question that is asked by POST, since its body must not stand in an address.

        Refuses: ProblemAnswer, Unreachable, NotThisService.
        """
        return self._ask("POST", path, json=dict(body))

    def send_file(
        self,
        path: str,
        content: bytes,
        kind: str,
        asked: Mapping[str, str],
        key: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """The service's answer to a file, object by object as it comes; a repeated try begins anew with its head.

        Refuses: ProblemAnswer, Unreachable, NotThisService.
        Idempotent by: the key, which every repetition carries; without one, the file itself.
        Retries: a lost connection and a busy service, a few times.
        """
        repeated = {"Idempotency-Key": key} if key else {}
        headers = {"Content-Type": kind, "Accept": "application/jsonl", **repeated, **(headers or {})}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._http.stream("POST", path, content=content, params=asked, headers=headers) as answer:
                    if answer.is_success:
                        yield from (json.loads(line) for line in answer.iter_lines() if line)
                        return
                    answer.read()
                    if answer.status_code not in TRY_AGAIN or attempt == ATTEMPTS:
                        self._document(answer)
            except httpx2.TransportError as lost:
                if attempt == ATTEMPTS:
                    raise Unreachable(self.address, attempt, lost) from lost
            self._pause(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))

    @contextmanager
    def download(self, path: str, asked: Mapping[str, Any]) -> Iterator["Download"]:
        """A long file as it comes, which need not fit in memory.

        Refuses: ProblemAnswer, Unreachable, NotThisService.
        """
        said = {name: str(value) for name, value in asked.items() if value is not None}
        try:
            with self._http.stream("GET", path, params=said, headers={"Accept": "*/*"}) as answer:
                if not answer.is_success:
                    answer.read()
                    self._document(answer)
                rows, position = (int(answer.headers[f"Investiture-{name}"]) for name in ("Rows", "Position"))
                yield Download(rows, position, answer.iter_bytes())
        except httpx2.TransportError as lost:
            raise Unreachable(self.address, 1, lost) from lost

    def read_text(self, path: str, asked: Mapping[str, str]) -> bytes:
        """What stands at an address that is no document.

        Refuses: ProblemAnswer, Unreachable, NotThisService.
        """
        answer = self._answer("GET", path, params=asked)
        if not answer.is_success:
            self._document(answer)
        return answer.content

    def pages(self, path: str, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """A listing page by page, to its end."""
        cursor = asked.get("cursor")
        while True:
            page = self.read(path, {**asked, "cursor": cursor})
            yield page
            cursor = page.get("next_cursor")
            if cursor is None:
                return

    def _ask(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        return self._document(self._answer(method, path, **request))

    def _document(self, answer: httpx2.Response) -> dict[str, Any]:
        try:
            document = answer.json()
        except ValueError:
            document = None
        if not isinstance(document, dict) or (answer.is_error and "detail" not in document):
            raise NotThisService(
                f"What answers at {self.address} is not Investiture (status {answer.status_code}). Check the address."
            )
        if not answer.is_success:
            raise ProblemAnswer(answer.status_code, document)
        return document

    def _answer(self, method: str, path: str, **request: Any) -> httpx2.Response:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = self._http.request(method, path, **request)
            except httpx2.TransportError as lost:
                if attempt == ATTEMPTS:
                    raise Unreachable(self.address, attempt, lost) from lost
            else:
                if answer.status_code not in TRY_AGAIN or attempt == ATTEMPTS:
                    return answer
            self._pause(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
        raise AssertionError("the last attempt returns or raises")
