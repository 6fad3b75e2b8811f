"""Files that a stranger might send: ordinary ones that tell too much, and ones made to do harm."""

import io
import struct
import zipfile
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, PngImagePlugin

SECRET = b"Amina-Okafor-12-Well-Lane"
SCRIPT = b"<script>alert('Amina')</script>"


def photograph(width: int = 40, height: int = 20, orientation: int = 6) -> bytes:
    """A photograph as a phone takes it: turned, with place, time and camera, and a note of an editor's."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    exif[0x8825] = {1: "N", 2: (31.0, 14.0, 0.0)}
    out = io.BytesIO()
    picture = Image.new("RGB", (width, height), "white")
    picture.paste((200, 0, 0), (0, 0, width // 2, height))
    picture.save(out, "JPEG", exif=exif, comment=SECRET + SCRIPT)
    return out.getvalue()


def drawing() -> bytes:
    """A picture with text in it that nobody sees."""
    note = PngImagePlugin.PngInfo()
    note.add_text("Author", SECRET.decode())
    note.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{SECRET.decode()}</x:xmpmeta>")
    out = io.BytesIO()
    Image.new("RGBA", (30, 30), (0, 0, 0, 90)).save(out, "PNG", pnginfo=note)
    return out.getvalue()


def moving_picture() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (9, 9)).save(out, "GIF")
    return out.getvalue()


def enormous_picture(side: int = 50_000) -> bytes:
    """A PNG of a few hundred kilobytes that wants gigabytes."""
    deflate = zlib.compressobj(9)
    row = b"\0" * (1 + side // 8)
    data = b"".join(deflate.compress(row) for _ in range(side)) + deflate.flush()
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def archive(content: bytes = SCRIPT) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("evil.html", content)
    return out.getvalue()


def saved(pdf: pikepdf.Pdf, **how: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **how)  # type: ignore[arg-type]
    return out.getvalue()


def page_with(pdf: pikepdf.Pdf, text: bytes = b"What came") -> pikepdf.Page:
    page = pdf.add_blank_page(page_size=(300, 200))
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    # A font may be called like a key that is taken out elsewhere.
    page.obj.Resources = Dictionary(Font=Dictionary({"/AA": font}))
    page.obj.Contents = Stream(pdf, b"BT /AA 12 Tf 20 100 Td (" + text + b") Tj ET")
    return page


def telling_pdf() -> bytes:
    """A document with all that a document can carry beside what is seen: author, scripts, files, links, a form."""
    pdf = pikepdf.new()
    page = page_with(pdf)
    pdf.docinfo["/Author"] = String(SECRET.decode())
    with pdf.open_metadata() as about:
        about["dc:creator"] = [SECRET.decode()]
    script = Dictionary(Type=Name.Action, S=Name.JavaScript, JS=String("app.alert('Amina')"))
    pdf.Root.OpenAction = pdf.make_indirect(script)
    pdf.Root.AA = Dictionary(WC=script)
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))
    pdf.attachments["evil.exe"] = pikepdf.AttachedFileSpec(
        pdf,
        SECRET,
        description="",
        filename="evil.exe",
        mime_type="application/x-msdownload",
        creation_date="",
        mod_date="",
    )
    link = Dictionary(S=Name.URI, URI=String("https://example.org/" + SECRET.decode()))
    launch = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("who"), Rect=Array([10, 10, 90, 30]), V=String("x")
    )
    field.AP = Dictionary(N=_appearance(pdf))
    widget = pdf.make_indirect(field)
    pdf.Root.AcroForm = Dictionary(Fields=Array([widget]), XFA=Stream(pdf, b"<xdp>Amina-Okafor</xdp>"))
    page.obj.Annots = Array(
        [
            widget,
            *(
                pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=act))
                for act in (link, launch)
            ),
        ]
    )
    page.obj.AA = Dictionary(O=script)
    page.obj.PieceInfo = Dictionary(Word=Dictionary(Private=String(SECRET.decode())))
    page.obj.Metadata = Stream(pdf, SECRET, Type=Name.Metadata, Subtype=Name.XML)
    page.obj.Resources.XObject = Dictionary(Photo=_photo(pdf))
    return saved(pdf)


def _appearance(pdf: pikepdf.Pdf) -> pikepdf.Object:
    form = Stream(pdf, b"BT /Helv 9 Tf 2 5 Td (Filled in) Tj ET")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 80, 20])
    form.Metadata = Stream(pdf, SECRET, Type=Name.Metadata)
    return pdf.make_indirect(form)


def _photo(pdf: pikepdf.Pdf, width: int = 40, height: int = 20) -> pikepdf.Object:
    image = Stream(pdf, photograph())
    image.Type, image.Subtype, image.Filter = Name.XObject, Name.Image, Name.DCTDecode
    image.Width, image.Height, image.BitsPerComponent, image.ColorSpace = width, height, 8, Name.DeviceRGB
    return pdf.make_indirect(image)


def locked_pdf() -> bytes:
    pdf = pikepdf.new()
    page_with(pdf)
    return saved(pdf, encryption=pikepdf.Encryption(owner="o", user=""))


def pdf_of_an_enormous_picture() -> bytes:
    pdf = pikepdf.new()
    page_with(pdf).obj.Resources.XObject = Dictionary(Photo=_photo(pdf, 50_000, 50_000))
    return saved(pdf)


def unfolding_pdf(times: int = 1) -> bytes:
    """A page whose text is two hundred megabytes of blanks, packed once or more often."""
    deflate = zlib.compressobj(9)
    packed = b"".join(deflate.compress(b" " * 1_048_576) for _ in range(200)) + deflate.flush()
    for _ in range(times - 1):
        packed = zlib.compress(packed, 9)
    pdf = pikepdf.new()
    page = page_with(pdf)
    page.obj.Contents = Stream(pdf, packed, Filter=Array([Name.FlateDecode] * times))
    return saved(pdf, recompress_flate=False)


def nested_pdf(depth: int = 100_000) -> bytes:
    """Brackets in brackets, as deep as a reader's stack is not."""
    head = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R /X " + b"[" * depth + b"]" * depth + b" >>\nendobj\n"
    pages = b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    page = b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n"
    return head + pages + page + b"trailer\n<< /Root 1 0 R /Size 4 >>\n%%EOF\n"


def crowded_pdf(pages: int = 400) -> bytes:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
    return saved(pdf)
