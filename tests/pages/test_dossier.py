"""The document: the same bytes twice, tagged and archivable, fifteen parts in order in both languages, proof inside."""

import hashlib
import io
import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import orjson
import pikepdf
import pytest

from domain.appointment import CaseEvent, OpeningEvent
from domain.catalogue import EVENTS
from domain.completeness import Standing
from domain.forgetting import Ground, PersonForgotten
from domain.law import Language
from domain.pack import Pack
from eventstore.codec import decode
from eventstore.packs import reference_of
from eventstore.raw_reading import SealedPart
from eventstore.store import StoredEvent
from eventstore.transparency.merkle import leaf_hash
from pages import tagged_pdf
from pages.dossier import PART_OF, Dossier, dossier
from pages.dossier_bundle import ENTRIES, NOT_PUBLISHED, UnreadableBundle, read_bundle
from pages.dossier_pdf import as_pdf
from pages.dossier_words import CODES, KINDS, PARTS, SAID
from pages.event_words import EVENT
from pages.tagged_pdf import CHINESE_PACKAGE, FONTS, GlyphMissing, families, legible
from projections.dossier import DossierMatter, first_broken, matter_of
from runtime.settings import PROJECT
from tests.examples import pack
from tests.recorded import KEY, stored
from tests.regimes.packs import EVERY_PACK
from tests.regimes.whole_case import Journey, opening

LANGUAGES: tuple[Language, ...] = ("en", "zh")
CHINESE = pytest.mark.skipif(FONTS[-1] not in families(), reason=f"Debian's {CHINESE_PACKAGE} is not installed")
SET = [pytest.param("en"), pytest.param("zh", marks=CHINESE)]
PDFA = "http://www.aiim.org/pdfa/ns/id/"
PDFUA = "http://www.aiim.org/pdfua/ns/id/"


Kept = tuple[list[StoredEvent], dict[int, Sequence[SealedPart]], date]


def matter(journey: Journey, *opened: str) -> DossierMatter:
    """What the log gives a reader for whom these audiences, and with any of them the people, are opened."""
    return matter_in((*stored(journey.story), journey.today), journey.law, *opened)


def matter_in(kept: Kept, law: Pack, *opened: str) -> DossierMatter:
    """The same, from rows that were kept."""
    rows, parts, today = kept
    owners = {part.owner for found in parts.values() for part in found}
    keys = {owner: KEY for owner in owners if opened and ("#" not in owner or owner.partition("#")[2] in opened)}
    read = [decode(row, parts[row.position], keys) for row in rows]
    officers = {row.actor.officer: f"Officer {row.actor.officer}" for row in read}
    return matter_of(rows, read, {reference_of(law): law}, today, officers=officers, opened_for=opened)


@cache
def whole(pack_id: str = "standard") -> DossierMatter:
    return matter(opening(pack(pack_id)).ended(), "decision_body", "supervision")


@cache
def made(language: Language) -> bytes:
    return as_pdf(dossier(whole(), language))


def words(document: Dossier) -> str:
    return orjson.dumps(document.as_data()).decode()


def fingerprints(file: Path) -> str:
    """The hashes of the dossiers of a case whose rows were kept in a file, in both languages."""
    found = matter_in(pickle.loads(file.read_bytes()), pack("standard"), "supervision")
    return " ".join(hashlib.sha256(as_pdf(dossier(found, language))).hexdigest() for language in LANGUAGES)


@CHINESE
def test_the_same_matter_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    journey, file = opening(pack("standard")).ended(), tmp_path / "case"
    file.write_bytes(pickle.dumps((*stored(journey.story), journey.today)))
    code = (
        "import pathlib, sys; "
        "from tests.pages.test_dossier import fingerprints; print(fingerprints(pathlib.Path(sys.argv[1])))"
    )
    run = [sys.executable, "-c", code, str(file)]
    other = subprocess.run(run, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.strip()
    assert other == fingerprints(file)


@pytest.mark.parametrize("language", SET)
def test_it_is_tagged_and_archivable_and_says_its_language_and_title(language: Language) -> None:
    with pikepdf.open(io.BytesIO(made(language))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked) and pdf.Root.StructTreeRoot.K is not None
        assert str(pdf.Root.Lang).startswith(language)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as said:
            assert (said[f"{{{PDFA}}}part"], said[f"{{{PDFA}}}conformance"]) == ("3", "A")
            assert said[f"{{{PDFUA}}}part"] == "1"
            assert said["dc:title"] == dossier(whole(), language).title
            assert said["xmp:CreateDate"].startswith(whole().last.recorded_at.strftime("%Y-%m-%dT%H:%M:%S"))


@pytest.mark.parametrize("language", SET)
def test_the_fifteen_parts_stand_in_order_in_its_outline(language: Language) -> None:
    with pikepdf.open(io.BytesIO(made(language))) as pdf, pdf.open_outline() as outline:
        titles = [str(item.title) for item in outline.root]
    found = dossier(whole(), language)
    assert titles == [found.telling.t("part", n=part.number, title=part.title) for part in found.parts]
    assert [part.id for part in found.parts] == list(PARTS) and len(titles) == 15
    assert all(part.blocks for part in found.parts)


@pytest.mark.parametrize("law", EVERY_PACK, ids=lambda law: law.id)
def test_the_dossier_of_every_pack_is_told_in_both_languages(law: Pack) -> None:
    for journey in (opening(law), opening(law).ended()):
        found = {language: dossier(matter(journey), language) for language in LANGUAGES}
        rows = [[len(block.get("rows", ())) for part in each.parts for block in part.blocks] for each in found.values()]
        assert rows[0] == rows[1]
        assert found["en"].as_data()["complete"]


def test_it_carries_every_entry_as_it_is_stored() -> None:
    carried = read_bundle(made("en"))
    assert [entry.entry for entry in carried.entries] == [row.entry for row in whole().stored]
    assert [entry.leaf for entry in carried.entries] == [leaf_hash(row.entry) for row in whole().stored]
    assert (carried.proof, carried.checkpoint) == (None, None)
    with pikepdf.open(io.BytesIO(made("en"))) as pdf:
        assert "not yet published" in pdf.attachments[NOT_PUBLISHED].get_file().read_bytes().decode()
        assert {str(file.AFRelationship) for file in pdf.Root.AF} == {"/Data"}


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        (lambda lines: [lines[0].replace(b"Post", b"Pest"), *lines[1:]], "does not give its hash"),
        (lambda lines: [lines[0], *lines[2:]], "does not follow"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], "does not follow"),
        (lambda lines: [b"{}", *lines[1:]], "is no entry"),
        (lambda lines: [], "is empty"),
    ],
)
def test_a_bundle_that_was_changed_is_named(changed: object, because: str) -> None:
    with pikepdf.open(io.BytesIO(made("en"))) as pdf:
        lines = pdf.attachments[ENTRIES].get_file().read_bytes().splitlines()
        assert callable(changed)
        pdf.attachments[ENTRIES] = b"\n".join(changed(lines))
        out = io.BytesIO()
        pdf.save(out)
    with pytest.raises(UnreadableBundle, match=because):
        read_bundle(out.getvalue())


def test_what_is_no_dossier_is_refused() -> None:
    empty = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(empty)
    for document in (b"", b"%PDF-1.7 no", empty.getvalue()):
        with pytest.raises(UnreadableBundle):
            read_bundle(document)


def test_the_chain_is_checked_entry_by_entry() -> None:
    rows = list(whole().stored)
    assert first_broken(rows) is None
    without = [*rows[:3], *rows[4:]]
    assert first_broken(without) == rows[4].position


def test_what_is_missing_is_said_first_and_in_red() -> None:
    journey = opening(pack("standard")).ended()
    rows, _ = stored(journey.story)
    kept = [row for row in rows if row.type != "supervision_review_concluded"]
    found = matter_of(
        kept, [decode(row) for row in kept], {reference_of(journey.law): journey.law}, journey.today, officers={}
    )
    told = dossier(found, "en")
    assert [fact.what for fact in found.statement.missing] == ["supervision_review_concluded"]
    urgent = [block["text"] for part in told.parts for block in part.blocks if block["is"] == "urgent"]
    assert urgent == ["1 required facts are missing; part 15 names them.", "The record is not complete."]
    assert found.broken_at is not None and "Broken at position" in words(told)


def test_what_is_sealed_is_shown_to_whom_it_is_opened_and_named_to_others() -> None:
    journey = opening(pack("standard")).ended()
    opened, closed = dossier(whole(), "en"), dossier(matter(journey), "en")
    assert "Name of person-0" in words(opened) and "Name of person-0" not in words(closed)
    assert "sealed for supervision" in words(closed) and "sealed for deciding body" in words(closed)
    body = dossier(matter(journey, "decision_body"), "en")
    assert "Name of person-0" in words(body) and "sealed for supervision" in words(body)


def test_a_forgotten_candidate_has_a_tombstone_with_day_and_ground() -> None:
    journey = opening(pack("standard")).ended()
    closed = matter(journey)
    (candidate,) = closed.live.candidates.values()
    stone = PersonForgotten(
        person_id=candidate.person,
        forgotten_on=date(2026, 11, 20),
        ground=Ground.REQUEST,
        approved_on=date(2026, 11, 19),
        proposed_by=(),
        approved_by=(),
        sealed_parts=3,
    )
    told = words(dossier(replace(closed, forgotten={candidate.person: stone}), "en"))
    assert "forgotten on 20 November 2026 (by their own request)" in told


def test_data_is_never_read_as_markup() -> None:
    nasty = '#panic("x") $x$ *bold* `raw` [#let a = 1] \\ "said" <label> @ref // \u0000 \U0001f600 \u00ad \u0645 \u3040'
    matter_with = whole()
    told = dossier(matter_with, "en")
    part = told.parts[0]
    blocks = (
        {"is": "facts", "rows": [[nasty, nasty]]},
        {"is": "table", "head": [nasty], "rows": [[nasty]], "widths": [1]},
    )
    changed = replace(told, parts=(replace(part, blocks=(*blocks, {"is": "text", "text": nasty})), *told.parts[1:]))
    assert as_pdf(changed).startswith(b"%PDF")
    assert legible(["a\u0000b", {"key": ("\U0001f600", 1)}]) == ["a‹U+0000›b", {"key": ["‹U+1F600›", 1]}]


def test_a_character_that_no_font_has_is_named_with_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagged_pdf, "FONTS", ("Libertinus Serif",))
    assert as_pdf(dossier(whole(), "en")).startswith(b"%PDF")
    with pytest.raises(GlyphMissing, match="fonts-noto-cjk"):
        as_pdf(dossier(whole(), "zh"))


def test_every_word_is_there_for_every_event_kind_and_standing() -> None:
    told = {name for name, kind in EVENTS.items() if issubclass(kind, CaseEvent | OpeningEvent)}
    assert set(EVENT) == told
    assert {str(standing) for standing in Standing} <= set(CODES)
    kinds = {fact.kind for law in EVERY_PACK for fact in matter(opening(law).ended()).statement.facts}
    assert kinds <= set(KINDS) == set(PART_OF)
    assert set(PART_OF.values()) <= set(PARTS)
    assert all(text.en and text.zh for table in (PARTS, SAID, CODES, KINDS, EVENT) for text in table.values())


def test_every_word_of_it_is_used() -> None:
    source = "".join(path.read_text("utf-8") for path in sorted((PROJECT / "pages").glob("dossier*.py")))
    unused = [key for key in SAID if source.count(f'"{key}"') + source.count(f"'{key}'") < 2]
    assert unused == []
