"""A browser that may reach one loopback server, which serves the rendered pages with their real headers."""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import get_args

import pytest
from playwright.sync_api import Browser, sync_playwright

from api.staff_page import STAFF_PAGES
from domain.law import Language
from domain.notice_filter import NoticeFilter, NoticeState
from eventstore.packs import reference_of
from pages.notice_list import front_page, notice_list_page, unreadable_search_page
from pages.public_figures import public_figures_page
from pages.public_notice import not_found_page, public_notice_page
from pages.regime import RegimeVersion, regime_list_page, regime_page
from pages.response_headers import STATIC_HEADERS, headers
from pages.staff_index import staff_index_page
from pages.static_files import STATIC_FILES
from pages.subscription import Said, button_page, said_page, subscribe_page
from pages.training import training_page
from pages.training_report import training_report_page
from projections.notice_list import NoticePage
from projections.visible_notice import Objections
from runtime.packs import read_packs
from runtime.settings import PROJECT
from tests.pages import figures, training, training_reports
from tests.pages.notices import (
    AFTERWARDS,
    CHINESE,
    ENGLISH,
    LAST_DAY,
    PROVISIONAL,
    WHILE_OPEN,
    corrected,
    forgotten,
    held,
    on,
)
from tests.pages.published_log import PUBLISHED, published_as

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: drives a real browser; skipped where Chromium is missing")


DISPOSED = Objections(lodged=3, open=0, outcomes=(("dismissed", 2), ("upheld", 1)))
REGIMES = [pack for pack in read_packs(PROJECT / "packs") if pack.id in ("standard", "cn.sr2019")]
"""The default and the longest: all are set by one template, and the words of each are looked at elsewhere."""


def _pages(language: Language) -> Iterator[tuple[str, str]]:
    closing = on(held(CHINESE, 2), LAST_DAY)
    both = [on(ENGLISH, WHILE_OPEN), on(CHINESE, WHILE_OPEN)]
    url = "http://127.0.0.1"
    lists = [*both, on(replace(held(CHINESE, 1), notice_id="soon"), LAST_DAY), on(PROVISIONAL, WHILE_OPEN)]
    lists += [on(replace(CHINESE, notice_id="over"), AFTERWARDS)]
    yield f"/{language}/", front_page(lists, language, today=WHILE_OPEN, public_url=url)
    yield f"/{language}/empty", front_page([], language, today=WHILE_OPEN, public_url=url)
    found = NoticePage((*both, on(held(PROVISIONAL, 1), WHILE_OPEN)), "153")
    wanted = NoticeFilter(q="水务 153", state=NoticeState.OPEN, place="GB-ENG")
    for name, notice, day in (
        ("to-come", CHINESE, date(2026, 9, 29)),
        ("ended-held", replace(held(CHINESE, 1), rules=()), date(2026, 10, 20)),
        ("tombstone", replace(CHINESE, objections=DISPOSED, names_end_by=CHINESE.rules[2]), AFTERWARDS),
        ("cut-short", replace(corrected(ENGLISH), ended_on=WHILE_OPEN), AFTERWARDS),
        ("withdrawn", replace(ENGLISH, ended_on=WHILE_OPEN, withdrawn=True), WHILE_OPEN),
        ("corrected", corrected(CHINESE), WHILE_OPEN),
    ):
        yield f"/{language}/{name}", public_notice_page(on(notice, day), language, public_url=url)
    yield f"/{language}/large-print", public_notice_page(both[1], language, public_url=url, large=True)
    yield f"/{language}/notices", notice_list_page(found, wanted, language, places=("CN", "GB-ENG"), public_url=url)
    nothing = notice_list_page(NoticePage((), None), NoticeFilter(), language, places=(), public_url=url)
    yield f"/{language}/found-nothing", nothing
    misread = unreadable_search_page({"from_on": "31 June", "q": "clerk"}, {"from_on"}, language, places=("CN",))
    yield f"/{language}/misread", misread
    yield f"/{language}/gone", not_found_page(language)
    for notice, today in ((CHINESE, WHILE_OPEN), (ENGLISH, WHILE_OPEN), (forgotten(PROVISIONAL), LAST_DAY)):
        address = f"/{language}/notices/{notice.notice_id}"
        yield address, public_notice_page(on(notice, today), language, public_url=url)
    sealed = public_notice_page(on(published_as(CHINESE, PUBLISHED), WHILE_OPEN), language, public_url=url)
    yield f"/{language}/sealed", sealed
    regimes = [RegimeVersion(pack, reference_of(pack).digest, pack.effective_from) for pack in REGIMES]
    yield f"/{language}/regimes/", regime_list_page(regimes, language, public_url=url)
    for regime in regimes:
        yield f"/{language}/regimes/{regime.pack.id}", regime_page(regime, language, public_url=url)
    for path, reports, unit in (
        ("reports", training_reports.REPORTS, ""),
        ("unit", training_reports.REPORTS, "Registry"),
        ("no-reports", training_reports.EMPTY, ""),
    ):
        yield f"/{language}/training/{path}", training_report_page(reports, language, unit=unit, public_url=url)
    yield f"/{language}/staff", staff_index_page(STAFF_PAGES, language, public_url=url)
    yield f"/{language}/figures", public_figures_page(figures.FULL, language, public_url=url)
    yield f"/{language}/figures-empty", public_figures_page(figures.EMPTY, language, public_url=url)
    yield f"/{language}/training", training_page(training.FULL, language, public_url=url)
    yield f"/{language}/training-empty", training_page(training.EMPTY, language, public_url=url)
    wrong = {"address": "nobody", "organ": ENGLISH.unit}
    yield (
        f"/{language}/subscribe",
        subscribe_page(language, wrong, wrong={"address"}, mail_goes="into_a_folder", public_url=url),
    )
    yield f"/{language}/subscribe/asked", said_page(language, Said.ASKED, mail_goes="into_a_folder")
    yield f"/{language}/subscribe/leave", button_page(language, "leave")
    yield f"/{language}/closing", public_notice_page(closing, language, public_url=url)


PAGES: dict[str, str] = {path: html for language in get_args(Language) for path, html in _pages(language)}


class _Door(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path in PAGES:
            sent = headers("zh" if path.startswith("/zh/") else "en", names_people="/notices/" in path)
            self._answer(PAGES[path].encode(), sent)
        elif (file := STATIC_FILES.get(path.removeprefix("/static/"))) is not None:
            self._answer(file.content, {**STATIC_HEADERS, "Content-Type": file.media_type})
        else:
            self.send_error(404)

    def _answer(self, body: bytes, sent: dict[str, str]) -> None:
        self.send_response(200)
        for name, value in {**sent, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The tests say what went wrong; the server need not."""


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """The address of the loopback server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Door) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; where it is missing the test is skipped, unless it must not be.

    One a file: its driver keeps a loop running in this thread, beside which no other file's loop could run.
    """
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is missing; install the Debian packages chromium and fonts-noto-cjk"
        if os.environ.get("INVESTITURE_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield launched
        launched.close()
