"""Makes one file that a stranger sent harmless: run as a process of its own, with little memory and little time.

It reads the file from its input, and writes a new one that holds what people see and nothing else. It imports nothing
of the service, so that whatever breaks in here has nothing to reach for.

    python -I attachment_cleaning.py {pdf|jpeg|png|text} LARGEST_PIXELS LARGEST_BYTES
"""

import io
import resource
import sys
import unicodedata
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikepdf import Object, Pdf, Stream
    from PIL import Image

MEMORY = 1_073_741_824
"""Units: bytes of address space."""
PROCESSOR_SECONDS = 10
LARGEST_STREAM = 160 * 1_048_576
"""Units: bytes that one compressed part of a PDF may unfold to: a page scanned in colour at 600 dots an inch."""
LARGEST_DOCUMENT = 4 * LARGEST_STREAM
AT_ONCE = 1_048_576
MOST_PAGES = 300
MOST_OBJECTS = 50_000

REFUSED = 3
"""The exit code that goes with a reason on the error output."""

START_OF_SCAN, COMMENT = 0xDA, 0xFE
_PICTURES = frozenset({"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})
_OF_A_PAGE = frozenset(
    {"/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Contents", "/Rotate", "/Group", "/UserUnit"}
)
_OF_NO_STREAM = frozenset(
    {
        "/F",
        "/FFilter",
        "/FDecodeParms",
        "/Metadata",
        "/PieceInfo",
        "/LastModified",
        "/OPI",
        "/Ref",
        "/AF",
        "/Alternates",
    }
)
_ACTIONS = frozenset(
    {
        "/GoTo",
        "/GoToR",
        "/GoToE",
        "/GoToDp",
        "/Launch",
        "/Thread",
        "/URI",
        "/Sound",
        "/Movie",
        "/Hide",
        "/Named",
        "/SubmitForm",
        "/ResetForm",
        "/ImportData",
        "/JavaScript",
        "/SetOCGState",
        "/Rendition",
        "/Trans",
        "/GoTo3DView",
        "/RichMediaExecute",
    }
)
_CARRIERS = frozenset({"/Action", "/Metadata", "/Filespec", "/F", "/EmbeddedFile", "/Annot", "/Sig"})

MEDIA_TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}


class Unfit(Exception):
    """The file cannot be made harmless; says why in one word."""


def main(kind: str, largest_pixels: int, largest_bytes: int) -> int:
    """Cleans what comes in; the exit code says whether it could be."""
    _confine()
    content = sys.stdin.buffer.read()
    try:
        cleaned = _clean(kind, content, largest_pixels)
        if len(cleaned) > largest_bytes:
            raise Unfit("too_large_cleaned")
    except Unfit as reason:
        sys.stderr.write(str(reason))
        return REFUSED
    except (MemoryError, RecursionError):
        sys.stderr.write("too_demanding")
        return REFUSED
    sys.stdout.buffer.write(cleaned)
    return 0


def _confine() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(limit, (most, most))


def _clean(kind: str, content: bytes, largest_pixels: int) -> bytes:
    if kind == "text":
        return _text(content)
    if _media_type(content) != MEDIA_TYPES[kind]:
        raise Unfit("type_differs")
    if kind == "pdf":
        return _pdf(content, largest_pixels)
    return _image(kind, content, largest_pixels)


def _media_type(content: bytes) -> str:
    import puremagic

    try:
        return puremagic.from_string(content, mime=True)
    except (puremagic.PureError, ValueError):
        return ""


def _text(content: bytes) -> bytes:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unfit("not_utf8") from None
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\r\t" for character in text):
        raise Unfit("control_characters")
    return text.replace("\r\n", "\n").replace("\r", "\n").encode()


def _image(kind: str, content: bytes, largest_pixels: int) -> bytes:
    """The picture as pixels, turned the way it is looked at, and written anew."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # ours is told apart from damage, and is checked before a pixel is read
    try:
        picture: Image.Image = Image.open(io.BytesIO(content), formats=[kind.upper()])
        if picture.width * picture.height > largest_pixels:
            raise Unfit("too_many_pixels")
        # A phone's JPEG often has a second picture behind the first one, which is what people see.
        if kind == "png" and getattr(picture, "n_frames", 1) > 1:
            raise Unfit("animated")
        picture = ImageOps.exif_transpose(picture)
        seen = _plain(picture, kind)
    except (OSError, ValueError, SyntaxError, zlib.error):
        raise Unfit("damaged") from None
    out = io.BytesIO()
    if kind == "png":
        seen.save(out, "PNG")
    else:
        seen.save(out, "JPEG", quality=85)
    return out.getvalue()


def _plain(picture: "Image.Image", kind: str) -> "Image.Image":
    from PIL import Image

    see_through = kind == "png" and (picture.mode in ("LA", "RGBA", "PA") or "transparency" in picture.info)
    plain = picture.convert("RGBA" if see_through else "L" if picture.mode in ("1", "L") else "RGB")
    # Pixels alone: whatever else a picture carries stays behind with the old object.
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _pdf(content: bytes, largest_pixels: int) -> bytes:
    """The pages as they are seen, in a new document: what hangs on the old document and not on a page stays behind."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as sent:
            if sent.is_encrypted:
                raise Unfit("encrypted")
            if len(sent.objects) > MOST_OBJECTS or len(sent.pages) > MOST_PAGES:
                raise Unfit("too_many_pages")
            unfolded = 0
            for found in sent.objects:
                if isinstance(found, pikepdf.Stream):
                    unfolded += _unfolds_to(found, largest_pixels)
                    if unfolded > LARGEST_DOCUMENT:
                        raise Unfit("too_demanding")
            return _written_anew(sent)
    except pikepdf.PasswordError:
        raise Unfit("encrypted") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, zlib.error):
        raise Unfit("damaged") from None


def _unfolds_to(stream: "Stream", largest_pixels: int) -> int:
    """How many bytes a stream is once it is read, without ever holding them.

    Refuses: a picture of too many pixels, and what is compressed so often that nobody can tell beforehand.
    """
    if stream.get("/Subtype") == "/Image" and int(stream["/Width"]) * int(stream["/Height"]) > largest_pixels:
        raise Unfit("too_many_pixels")
    filters = _filters(stream)
    if len(filters) > 2 or filters.count("/FlateDecode") > 1:
        raise Unfit("too_demanding")
    if "/FlateDecode" not in filters:
        return len(stream.read_bytes()) if filters and not _PICTURES.intersection(filters) else 0
    if filters[0] != "/FlateDecode":
        raise Unfit("too_demanding")
    unfolding, rest, size = zlib.decompressobj(), stream.read_raw_bytes(), 0
    while rest and not unfolding.eof:
        size += len(unfolding.decompress(rest, AT_ONCE))
        rest = unfolding.unconsumed_tail
        if size > LARGEST_STREAM:
            raise Unfit("too_demanding")
    return size


def _filters(stream: "Stream") -> list[str]:
    import pikepdf

    named = stream.get("/Filter")
    if named is None:
        return []
    return [str(one) for one in named] if isinstance(named, pikepdf.Array) else [str(named)]


def _written_anew(sent: "Pdf") -> bytes:
    import pikepdf

    if len(sent.pages) == 0:
        raise Unfit("damaged")
    sent.flatten_annotations("screen")  # what was filled into a form is a part of what people see
    for page in sent.pages:
        for name in set(page.obj.keys()) - _OF_A_PAGE:
            del page.obj[name]
    new = pikepdf.new()
    new.pages.extend(sent.pages)
    for found in new.objects:
        if isinstance(found, pikepdf.Stream):
            for name in _OF_NO_STREAM & set(found.keys()):
                del found[name]
            if (filters := _filters(found)) and filters[-1] == "/DCTDecode":
                raw = found.read_raw_bytes()
                picture = without_comments(raw if len(filters) == 1 else zlib.decompress(raw))
                found.write(picture, filter=pikepdf.Name.DCTDecode)
        _without_acts(found)
    out = io.BytesIO()
    new.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _without_acts(found: "Object") -> None:
    """Takes out what does something or carries something: actions, files, metadata; drawing needs none of them."""
    import pikepdf

    if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        for name, inner in list(found.items()):
            if isinstance(inner, pikepdf.Dictionary | pikepdf.Stream) and _acts(inner):
                del found[name]
            elif not getattr(inner, "is_indirect", True):
                _without_acts(inner)
    elif isinstance(found, pikepdf.Array):
        for inner in found:
            if not getattr(inner, "is_indirect", True):
                _without_acts(inner)


def _acts(found: "Object") -> bool:
    return str(found.get("/S", "")) in _ACTIONS or str(found.get("/Type", "")) in _CARRIERS or "/EF" in found


def without_comments(picture: bytes) -> bytes:
    """A JPEG without what a camera or a program wrote beside the pixels, and without what stands behind its end.

    Source: ITU-T T.81 Annex B; APP0 and APP14 say how colours are meant, APP2 may hold their profile.
    """
    if not picture.startswith(b"\xff\xd8"):
        raise Unfit("damaged")
    kept, at = bytearray(picture[:2]), 2
    while picture[at : at + 1] == b"\xff" and (marker := picture[at + 1]) != START_OF_SCAN:
        length = 2 + int.from_bytes(picture[at + 2 : at + 4], "big")
        profile = marker == 0xE2 and picture[at + 4 : at + 15] == b"ICC_PROFILE"
        if not (0xE0 <= marker <= 0xEF or marker == COMMENT) or marker in (0xE0, 0xEE) or profile:
            kept += picture[at : at + length]
        at += length
    end = picture.rfind(b"\xff\xd9")
    if picture[at : at + 2] != bytes((0xFF, START_OF_SCAN)) or end < at:
        raise Unfit("damaged")
    return bytes(kept) + picture[at : end + 2]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
