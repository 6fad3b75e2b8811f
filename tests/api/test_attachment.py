"""Files of strangers: harmless ones lose what nobody sees, harmful ones are refused, and the service goes on."""

import asyncio
import io
from collections.abc import Callable
from time import monotonic

import pikepdf
import pytest
from PIL import Image

from api.attachment import REASONS, AttachmentRefused, CleanFile, FileLimits, SentFile, clean_files
from tests.api import hostile_files
from tests.api.hostile_files import SCRIPT, SECRET, archive, drawing, photograph, telling_pdf
from tests.domain.refusals import assert_whole

LIMITS = FileLimits()
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "txt": "text/plain"}


def sent(name: str, content: bytes, declared: str | None = None) -> SentFile:
    return SentFile(name, declared or TYPES.get(name.rpartition(".")[2], "application/octet-stream"), content)


async def cleaned(name: str, content: bytes) -> CleanFile:
    (clean,) = await clean_files([sent(name, content)], LIMITS)
    return clean


async def why_refused(*files: SentFile) -> str:
    with pytest.raises(AttachmentRefused) as refused:
        await clean_files(files, LIMITS)
    assert_whole(refused.value)
    assert refused.value.field == "files" and refused.value.facts["reason"] in REASONS
    return str(refused.value.facts["reason"])


async def test_a_photograph_is_turned_upright_and_loses_place_time_and_notes() -> None:
    clean = await cleaned("Amina at home.jpg", photograph())
    assert (clean.name, clean.media_type) == ("file-1.jpg", "image/jpeg")
    assert SECRET not in clean.content and SCRIPT not in clean.content and b"Exif" not in clean.content
    with Image.open(io.BytesIO(clean.content)) as seen:
        assert seen.size == (20, 40) and not seen.getexif()
        grey = seen.convert("L").tobytes()
    assert max(grey[:100]) < 100 and min(grey[-100:]) > 200  # what was left of the camera is above


async def test_a_drawing_keeps_what_can_be_seen_through_and_loses_its_notes() -> None:
    clean = await cleaned("drawing.png", drawing())
    assert SECRET not in clean.content
    with Image.open(io.BytesIO(clean.content)) as seen:
        assert seen.mode == "RGBA" and seen.getpixel((3, 3)) == (0, 0, 0, 90) and not seen.info


async def test_a_document_loses_author_scripts_files_links_and_forms_and_keeps_its_pages() -> None:
    clean = await cleaned("letter.pdf", telling_pdf())
    with pikepdf.open(io.BytesIO(clean.content)) as seen:
        unpacked = hostile_files.saved(
            seen,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )
        assert set(seen.Root.keys()) <= {"/Type", "/Pages"}
        assert "/AA" in seen.pages[0].obj.Resources.Font
    assert b"(What came)" in unpacked and b"(Filled in)" in unpacked
    for gone in (
        SECRET,
        b"JavaScript",
        b"evil",
        b"Launch",
        b"/URI",
        b"XFA",
        b"Metadata",
        b"PieceInfo",
        b"Exif",
        b"GPS",
    ):
        assert gone not in unpacked, gone


async def test_the_same_file_always_comes_out_the_same() -> None:
    """A form that is sent twice must be the same wish twice."""
    for name, content in (("a.pdf", telling_pdf()), ("b.jpg", photograph()), ("c.png", drawing())):
        assert await cleaned(name, content) == await cleaned(name, content)


async def test_plain_text_is_kept_as_it_is_with_lines_that_end_as_ours_do() -> None:
    clean = await cleaned("事实.txt", "\ufeff第一行\r\n<b>second</b>\tline\r".encode())
    assert clean.content.decode() == "第一行\n<b>second</b>\tline\n"
    assert (clean.name, clean.media_type) == ("file-1.txt", "text/plain")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("bell.txt", b"ring \x07", "control_characters"),
        ("nul.txt", b"a\x00b", "control_characters"),
        ("gbk.txt", "事实".encode("gbk"), "not_utf8"),
        ("nothing.txt", b"", "empty"),
        ("archive.zip", archive(), "type_unknown"),
        ("page.html", SCRIPT, "type_unknown"),
        ("seal.svg", b"<svg onload='alert(1)'/>", "type_unknown"),
        ("no-suffix", b"text", "type_unknown"),
        ("archive.pdf", archive(), "type_differs"),
        ("page.png", SCRIPT, "type_differs"),
        ("seal.png", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "type_differs"),
        ("moving.png", hostile_files.gif(), "type_differs"),
        ("photo.png", photograph(), "type_differs"),
        ("moving.png", hostile_files.moving_picture(), "animated"),
        ("half.jpg", photograph()[:200], "damaged"),
        ("half.png", drawing()[:60], "damaged"),
        ("half.pdf", b"%PDF-1.7\n%%EOF", "damaged"),
        ("locked.pdf", hostile_files.locked_pdf(), "encrypted"),
    ],
)
async def test_what_is_none_of_the_kinds_that_it_claims_to_be_is_refused(
    name: str, content: bytes, reason: str
) -> None:
    assert await why_refused(sent(name, content)) == reason


async def test_name_and_declared_type_must_agree() -> None:
    assert await why_refused(sent("photo.jpg", photograph(), "text/html")) == "type_differs"


async def test_more_than_three_files_and_more_than_five_megabytes_are_refused() -> None:
    assert await why_refused(*[sent("a.txt", b"a")] * 4) == "too_many"
    assert await why_refused(sent("a.txt", b"a" * (LIMITS.largest_bytes + 1))) == "too_large"


@pytest.mark.parametrize(
    ("name", "make", "reasons"),
    [
        ("enormous.png", hostile_files.enormous_picture, {"too_many_pixels"}),
        ("enormous.pdf", hostile_files.pdf_of_an_enormous_picture, {"too_many_pixels"}),
        ("unfolding.pdf", hostile_files.unfolding_pdf, {"too_demanding"}),
        ("unfolding-twice.pdf", lambda: hostile_files.unfolding_pdf(2), {"too_demanding"}),
        ("nested.pdf", hostile_files.nested_pdf, {"damaged", "too_demanding"}),
        ("crowded.pdf", hostile_files.crowded_pdf, {"too_many_pages"}),
    ],
)
async def test_a_bomb_is_refused_soon_and_takes_nothing_else_with_it(
    name: str, make: Callable[[], bytes], reasons: set[str]
) -> None:
    content = make()
    assert len(content) < LIMITS.largest_bytes
    began = monotonic()
    alone = asyncio.create_task(why_refused(sent(name, content)))
    assert (await cleaned("beside.txt", b"beside")).content == b"beside"
    assert await alone in reasons
    assert monotonic() - began < 15


@pytest.mark.parametrize("behind", [archive(), SCRIPT, b"MZ\x90\x00"])
async def test_what_hides_behind_or_before_a_file_is_left_behind(behind: bytes) -> None:
    for name, content in (
        ("a.jpg", photograph() + behind),
        ("a.png", drawing() + behind),
        ("a.pdf", telling_pdf() + behind),
    ):
        assert behind not in (await cleaned(name, content)).content


async def test_files_are_named_by_their_place_whatever_they_were_called() -> None:
    names = ("../../etc/passwd.txt", "Amina Okafor <b>.txt", "c.txt")
    clean = await clean_files([sent(name, b"text") for name in names], LIMITS)
    assert [file.name for file in clean] == ["file-1.txt", "file-2.txt", "file-3.txt"]
