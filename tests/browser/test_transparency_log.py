"""A stranger checks a proof of the real log in the page, and in a file from a disk with no network at all."""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from eventstore.transparency.checkpoint import Checkpoint, Policy
from eventstore.transparency.merkle import leaf_hash, root_of
from eventstore.transparency.note import KeyKind, Signer
from eventstore.transparency.proof_file import Proof
from pages.translations import words
from runtime.embedded import Postgres
from tests.browser.published import Published, publishing
from tests.browser.serving import served

pytestmark = pytest.mark.browser

Lang = Literal["en", "zh"]
EN = words("en")
STEPS = ["keys", "file", "entries", "chain", "inclusion", "log", "witness"]


@dataclass(frozen=True)
class Kept:
    """What a stranger has on their disk."""

    verifier: dict[Lang, Path]
    proof: bytes
    published: Published


@pytest.fixture(scope="module")
def published(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The service, its log published and cosigned."""
    prepare = publishing(tmp_path_factory.mktemp("supervision"))
    with served(postgres, tmp_path_factory.mktemp("published"), prepare) as found:
        yield found


@pytest.fixture(scope="module")
def kept(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The verifier of both languages, saved; and the proof of a case."""
    folder = tmp_path_factory.mktemp("a-stranger's-disk")
    saved: dict[Lang, Path] = {"en": folder / "en.html", "zh": folder / "zh.html"}
    with httpx2.Client(base_url=published.origin, trust_env=False) as http:
        for language, path in saved.items():
            path.write_bytes(http.get(f"/{language}/log/verifier.html").raise_for_status().content)
        proof = http.get(f"/log/proof/cases/{published.case_id}").raise_for_status().content
    return Kept(saved, proof, published)


@contextmanager
def opened(browser: Browser, address: str, width: int = 1280, *, offline: bool = False) -> Iterator[Page]:
    """A page in a window of its own."""
    context = browser.new_context(viewport=ViewportSize(width=width, height=900), offline=offline)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


@contextmanager
def from_disk(browser: Browser, kept: Kept, language: Lang = "en", width: int = 1280) -> Iterator[Page]:
    """The saved verifier, opened from the disk with the network off."""
    with opened(browser, kept.verifier[language].as_uri(), width, offline=True) as page:
        yield page


def choose(page: Page, proof: bytes, name: str = "case.tlog-proof") -> None:
    page.locator("#proof").set_input_files({"name": name, "mimeType": "text/plain", "buffer": proof})
    expect(page.locator(".outcome h3:focus")).to_be_visible()


def outcome(page: Page, kind: str) -> list[str]:
    """The steps with that outcome."""
    return [str(found.get_attribute("data-step")) for found in page.locator(f".step.{kind}").all()]


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_real_proof_is_verified_from_a_disk_with_the_network_off(
    browser: Browser, kept: Kept, language: Lang
) -> None:
    say = words(language)
    with from_disk(browser, kept, language, 390) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        assert not page.evaluate("navigator.onLine")
        choose(page, kept.proof)
        assert page.locator(":focus").inner_text() == say("log.says.verdict_holds")
        assert outcome(page, "holds") == STEPS and outcome(page, "fails") == []
        text = page.locator("#outcome").inner_text()
        assert "supervision.example" in text and "public notice opened" in text
        assert "undefined" not in text and "null" not in text and "{" not in page.locator(".steps").inner_text()
        assert all(address.startswith("file:") for address in asked)
        assert_accessible(page)
        assert overflow(page) == 0


def head_and_note(proof: bytes) -> tuple[list[str], list[str]]:
    head, _, note = proof.decode().partition("\n\n")
    return head.split("\n"), note.split("\n")


def flipped(text: str, place: int = -1) -> str:
    """A base64 text with one bit of what it stands for changed."""
    raw = bytearray(b64decode(text))
    raw[place] ^= 1
    return b64encode(raw).decode()


def with_entries(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    def changed(proof: bytes) -> bytes:
        head, note = head_and_note(proof)
        entries = b64decode(head[1].removeprefix("extra ")).split(b"\n")
        head[1] = "extra " + b64encode(b"\n".join(change(entries))).decode()
        return ("\n".join(head) + "\n\n" + "\n".join(note)).encode()

    return changed


def of_head(line: int, place: int = -1) -> Callable[[bytes], bytes]:
    def changed(proof: bytes) -> bytes:
        head, note = head_and_note(proof)
        head[line] = flipped(head[line], place)
        return ("\n".join(head) + "\n\n" + "\n".join(note)).encode()

    return changed


def of_note(of: Callable[[list[str]], int], place: int = -1) -> Callable[[bytes], bytes]:
    def changed(proof: bytes) -> bytes:
        head, note = head_and_note(proof)
        line = of(note)
        *before, packed = note[line].split(" ")
        note[line] = " ".join([*before, flipped(packed, place)])
        return ("\n".join(head) + "\n\n" + "\n".join(note)).encode()

    return changed


def witness_line(note: list[str]) -> int:
    return next(n for n, line in enumerate(note) if line.startswith("— supervision.example "))


def log_line(note: list[str]) -> int:
    return next(n for n, line in enumerate(note) if line.startswith(f"— {note[0]} "))


FALSE = {
    "the first entry": (with_entries(lambda all: [all[0].replace(b"Head", b"Hear"), *all[1:]]), ["chain"]),
    "the last entry": (with_entries(lambda all: [*all[:-1], all[-1].replace(b"T", b"S", 1)]), ["inclusion"]),
    "an entry taken out": (with_entries(lambda all: [*all[:1], *all[2:]]), ["chain"]),
    "the last one taken out": (with_entries(lambda all: all[:-1]), ["inclusion"]),
    "an entry twice": (with_entries(lambda all: [all[0], *all]), ["chain"]),
    "a hash": (of_head(3), ["inclusion"]),
    "the root": (of_note(lambda note: 2), ["inclusion", "log", "witness"]),
    "the signature": (of_note(log_line), ["log"]),
    "the key's id": (of_note(log_line, 0), ["log"]),
    "the cosignature": (of_note(witness_line), ["witness"]),
    "the time of the cosignature": (of_note(witness_line, 11), ["witness"]),
}


@pytest.mark.parametrize("what", FALSE)
def test_what_was_changed_is_refused_at_its_step(browser: Browser, kept: Kept, what: str) -> None:
    change, steps = FALSE[what]
    proof = change(kept.proof)
    assert proof != kept.proof
    with from_disk(browser, kept) as page:
        choose(page, proof)
        assert outcome(page, "fails") == steps
        named = " · ".join(EN(f"log.says.step_{step}") for step in steps)
        assert page.locator(":focus").inner_text() == EN("log.says.verdict_fails", steps=named)
        assert page.get_by_role("status").inner_text() == EN("log.says.verdict_fails", steps=named)


def test_no_byte_of_a_proof_can_be_changed_unseen(browser: Browser, kept: Kept) -> None:
    chance, proof = Random(22), kept.proof
    with from_disk(browser, kept) as page:
        check = "([bytes, keys]) => checkProof(Uint8Array.from(bytes), keys).steps.every(({ holds }) => holds === true)"
        assert page.evaluate(check, [list(proof), kept.published.keys])
        head = proof.index(b"\nindex ")
        places = [*chance.sample(range(head), 60), *chance.sample(range(head, len(proof)), 120)]
        for place in places:
            changed = bytearray(proof)
            changed[place] ^= 1 << chance.randrange(8)
            assert not page.evaluate(check, [list(changed), kept.published.keys]), (place, bytes(changed[place - 9 :]))


def test_what_is_no_proof_is_said_to_be_none(browser: Browser, kept: Kept) -> None:
    with from_disk(browser, kept) as page:
        for content in (b"", b"\xff\xfe", b"c2sp.org/tlog-proof@v1", b"<html>c2sp.org/tlog-proof@v1\n</pre>"):
            choose(page, content)
            assert outcome(page, "fails") == ["file"], content


def test_keys_of_others_do_not_open_it_and_without_a_witness_it_holds_by_half(browser: Browser, kept: Kept) -> None:
    log = next(line for line in kept.published.keys.splitlines() if line.startswith("log "))
    stranger = Signer.make(log.split("+")[0].removeprefix("log ")).verifier
    with from_disk(browser, kept) as page:
        choose(page, kept.proof)
        keys = page.locator("#keys")
        keys.fill(log)
        assert outcome(page, "not_asked") == ["witness"]
        assert page.locator(".outcome h3").first.inner_text() == EN("log.says.verdict_half")
        keys.fill(f"log {stranger}")
        assert outcome(page, "fails") == ["log"]
        keys.fill(log.replace("+", "+0", 1))
        assert outcome(page, "fails") == ["keys"]
        keys.fill("witness " + log.removeprefix("log "))
        assert outcome(page, "fails") == ["keys"]
        keys.fill("# nothing")
        assert outcome(page, "fails") == ["keys"]
        other = Signer.make("supervision.example", KeyKind.COSIGNATURE).verifier
        keys.fill(f"{log}\nwitness {other}")
        assert outcome(page, "fails") == ["witness"]


def test_a_notice_page_that_was_saved_carries_its_proof(browser: Browser, kept: Kept) -> None:
    published = kept.published
    with opened(browser, f"{published.origin}/zh/notices/{published.notice_id}") as page:
        assert page.get_by_text("supervision.example").first.is_visible()
        saved = page.content().encode()  # as a browser writes it to a disk
        proof = page.request.get(published.origin + str(page.locator(".ways a").nth(1).get_attribute("href"))).body()
        page.locator(".ways a").nth(2).click()
        expect(page.locator("#check")).to_be_in_viewport()
    with from_disk(browser, kept) as page:
        choose(page, saved.replace(b"\n", b"\r\n"), "notice.html")
        assert outcome(page, "holds") == STEPS
        assert published.notice_id in page.locator("#outcome").inner_text()
        choose(page, proof)
        assert outcome(page, "holds") == STEPS
        assert published.notice_id in page.locator("#outcome").inner_text()
        choose(page, re.sub(rb"index (\d+)", rb"index 1\1", saved), "notice.html")
        assert outcome(page, "fails") == ["inclusion"]


def invented(title: str) -> tuple[bytes, str]:
    """A proof that holds, of a log of another service, whose entry has such words in it."""
    signer = Signer.make("other.example/log")
    said = f'"actor":{{"organ":"{title}"}},"at":"no time","data":{{"{title}":"{title}"}},"type":"{title}"'
    entry = f'{{{said},"stream":"{title}","version":1}}'.encode()
    note = Checkpoint(signer.name, 1, root_of([leaf_hash(entry)])).signed([signer])
    return bytes(Proof(0, (), note, entry)), str(Policy((signer.verifier,)))


def test_a_witness_of_the_installation_s_own_is_none(browser: Browser, kept: Kept) -> None:
    signer = Signer.make("other.example/log")
    entry = b'{"stream":"appointment/1","version":1}'
    for name, says in (("other.example/log/own-witness", "verdict_half"), ("other.example", "verdict_holds")):
        witness = Signer.make(name, KeyKind.COSIGNATURE)
        note = Checkpoint(signer.name, 1, root_of([leaf_hash(entry)])).signed([signer])
        note = note.signed_also([witness.sign(note.text, 1_790_000_000)])
        with from_disk(browser, kept) as page:
            page.locator("#keys").fill(str(Policy((signer.verifier,), (witness.verifier,))))
            choose(page, bytes(Proof(0, (), note, entry)))
            assert page.locator(".outcome h3").first.inner_text() == EN(f"log.says.{says}")


def test_words_of_an_entry_are_text_and_never_markup(browser: Browser, kept: Kept) -> None:
    evil = "<img src=x onerror=alert(1)>"
    proof, keys = invented(evil)
    with from_disk(browser, kept) as page:
        page.locator("#keys").fill(keys)
        choose(page, proof, evil)
        assert page.locator(".outcome h3").first.inner_text() == EN("log.says.verdict_half")
        assert page.locator("#outcome").inner_text().count(evil) >= 4 and page.locator("#outcome img").count() == 0


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_says_how_the_log_stands_and_checks_a_proof(
    browser: Browser, kept: Kept, language: Lang, width: int
) -> None:
    say, published = words(language), kept.published
    with opened(browser, f"{published.origin}/{language}/", width) as page:
        page.get_by_role("link", name=say("site.log")).click()
        text = page.locator("main").inner_text()
        assert say("log.no_alarm") in text and "supervision.example" in text
        for line in published.keys.splitlines():
            assert line in text
            assert re.search(rf"\b{line.split('+')[1]}\b", text)
        assert page.locator("#keys").input_value() == published.keys
        assert_accessible(page)
        choose(page, kept.proof)
        assert outcome(page, "holds") == STEPS
        assert_accessible(page)
        assert overflow(page) == 0
        page.emulate_media(color_scheme="dark")
        choose(page, FALSE["the root"][0](kept.proof))
        assert_accessible(page)
        page.emulate_media(media="print")
        assert page.locator("#verifier").is_hidden() and page.locator(".step").first.is_visible()
        assert_accessible(page)


def test_a_proof_can_be_dropped(browser: Browser, kept: Kept) -> None:
    with from_disk(browser, kept) as page:
        carried = page.evaluate_handle(
            """(text) => {
              const carried = new DataTransfer();
              carried.items.add(new File([text], "dropped.tlog-proof"));
              return carried;
            }""",
            kept.proof.decode(),
        )
        page.dispatch_event("#verifier", "drop", {"dataTransfer": carried})
        expect(page.locator(".verdict-file")).to_have_text("dropped.tlog-proof")
        assert outcome(page, "holds") == STEPS


def test_it_is_worked_from_the_keyboard(browser: Browser, kept: Kept) -> None:
    with from_disk(browser, kept) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "proof"
        choose(page, kept.proof)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator("details.log-entry").first.get_attribute("open") is not None


def test_without_scripts_the_page_says_how_to_check(browser: Browser, kept: Kept) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{kept.published.origin}/en/log")
    assert page.get_by_text(EN("log.no_script")).is_visible() and page.locator("#verifier").is_hidden()
    context.close()
