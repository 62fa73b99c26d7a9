"""Run in a process of its own: reads one PDF or picture and prints what it found as JSON."""

import io
import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageOps

from releases.content.files.pdf_text import clean_pages
from releases.services.files.colours import convert_to_srgb

SECONDS, BYTES = 100, 1 << 30
MAX_TEXT_LENGTH = 2_000_000
THUMBNAIL_WIDTH = 200
COPY_WIDTHS = (480, 960, 1440)
COPY_QUALITY = 78
HIGHEST_WEBP = 16_383
THUMBNAIL_BYTES = 12_000
QUALITIES = (75, 60, 45, 30, 15)
MAX_PICTURE_PIXELS = 80_000_000
PDF = "application/pdf"
FIELDS_OF_WORDS = (
    pdfium.FPDF_FORMFIELD_TEXTFIELD,
    pdfium.FPDF_FORMFIELD_COMBOBOX,
    pdfium.FPDF_FORMFIELD_LISTBOX,
)
PASSWORD = 1 << 13


def read_file(path: Path, media_type: str) -> dict[str, object]:
    """Facts of a file by the names of Blob's fields; `thumbnail` as hex of a WebP, and `copies` by their widths."""
    return read_pdf(path) if media_type == PDF else read_picture(path)


def read_pdf(path: Path) -> dict[str, object]:
    """Pages, text, language, title, whether it is tagged or encrypted, and the first page's picture."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        problem = "It opens only with a password." if locked else "It is damaged: it does not open."
        return {"problem": problem, "encrypted": True if locked else None}
    if document.get_formtype() != pdfium.FORMTYPE_NONE:
        document.init_forms()
    width, height = document[0].get_size()
    scale = min(2 * THUMBNAIL_WIDTH / max(width, 1), 4000 / max(height, 1))
    return {
        "pages": len(document),
        "text": "\f".join(clean_pages(_list_texts(document)))[:MAX_TEXT_LENGTH],
        "tagged": bool(pdfium.FPDFCatalog_IsTagged(document)),
        "language": _language(document)[:35],
        "title": " ".join(str(document.get_metadata_value("Title")).replace("\0", "").split())[:500],
        "encrypted": pdfium.FPDF_GetSecurityHandlerRevision(document) != -1,
        **_thumbnail(document[0].render(scale=scale).to_pil()),
    }


def read_picture(path: Path) -> dict[str, object]:
    """The pixels of a picture, its `thumbnail` and its smaller `copies`: turned as its Exif data say, in colours of
    the screen, without any such data. What moves has no copies."""
    Image.MAX_IMAGE_PIXELS = MAX_PICTURE_PIXELS
    with Image.open(path, formats=("JPEG", "PNG", "GIF", "WEBP", "AVIF")) as picture:
        is_moving = picture.format in ("GIF", "PNG", "WEBP") and getattr(picture, "is_animated", False)
        shown = _flatten(convert_to_srgb(ImageOps.exif_transpose(picture)))
        return {
            "picture_width": shown.width,
            "picture_height": shown.height,
            "copies": {} if is_moving else _copies(shown, path.stat().st_size),
            **_thumbnail(shown),
        }


def _copies(picture: Image.Image, most: int) -> dict[str, str]:
    """WebP files as hex by their widths: those that are lighter than the picture, which has `most` bytes."""
    widths = [width for width in COPY_WIDTHS if width < picture.width]
    if picture.width <= COPY_WIDTHS[-1]:
        widths.append(picture.width)
    found = {}
    for width in widths:
        height = max(1, round(picture.height * width / picture.width))
        if height > HIGHEST_WEBP:
            continue
        stream = io.BytesIO()
        copy = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
        copy.save(stream, "WEBP", quality=COPY_QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
        if stream.tell() < most:
            found[str(width)] = stream.getvalue().hex()
    return found


def _list_texts(document: pypdfium2.PdfDocument) -> Iterator[str]:
    """What stands on each page, and behind it what somebody filled in there."""
    length = 0
    for page in document:
        text = "\n".join([page.get_textpage().get_text_bounded(), *_list_filled(document, page)])
        yield text
        length += len(text)
        if length > MAX_TEXT_LENGTH:
            break


def _list_filled(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> Iterator[str]:
    """The values of the fields of a form on `page` that hold words."""
    for number in range(pdfium.FPDFPage_GetAnnotCount(page) if document.formenv else 0):
        field = pdfium.FPDFPage_GetAnnot(page, number)
        if (
            pdfium.FPDFAnnot_GetFormFieldType(document.formenv, field) in FIELDS_OF_WORDS
            and not pdfium.FPDFAnnot_GetFormFieldFlags(document.formenv, field) & PASSWORD
        ):
            yield _read_value(document, field)
        pdfium.FPDFPage_CloseAnnot(field)


def _read_value(document: pypdfium2.PdfDocument, field: pdfium.FPDF_ANNOTATION) -> str:
    size = pdfium.FPDFAnnot_GetFormFieldValue(document.formenv, field, None, 0)
    buffer = (pdfium.FPDF_WCHAR * (size // 2 + 1))()
    pdfium.FPDFAnnot_GetFormFieldValue(document.formenv, field, buffer, size)
    return bytes(buffer)[:size].decode("utf-16-le", "replace").strip("\0 ")


def _language(document: pypdfium2.PdfDocument) -> str:
    size = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = (pdfium.FPDF_WCHAR * (size // 2 + 1))()
    pdfium.FPDFCatalog_GetLanguage(document, buffer, size)
    return bytes(buffer)[:size].decode("utf-16-le", "replace").strip("\0 ")


def _thumbnail(picture: Image.Image) -> dict[str, object]:
    picture = _flatten(picture)
    picture.thumbnail((THUMBNAIL_WIDTH, 4 * THUMBNAIL_WIDTH))
    return {
        "thumbnail": _light(picture).hex(),
        "thumbnail_width": picture.width,
        "thumbnail_height": picture.height,
    }


def _flatten(picture: Image.Image) -> Image.Image:
    """A copy in eight bits of each colour."""
    if picture.mode.startswith("I"):  # sixteen bits a pixel, of which Pillow would keep the lower ones
        picture = picture.point(lambda value: value / 256).convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _light(picture: Image.Image) -> bytes:
    """A WebP of at most THUMBNAIL_BYTES: the best quality that is, else the lowest."""
    for quality in QUALITIES:
        stream = io.BytesIO()
        picture.save(stream, "WEBP", quality=quality, method=4)
        if stream.tell() <= THUMBNAIL_BYTES:
            break
    return stream.getvalue()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    sys.stdout.write(json.dumps(read_file(Path(sys.argv[1]), sys.argv[2])))
