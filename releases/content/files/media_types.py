"""What a file is, by its bytes; and what may be an annex."""

import io
import re
import zipfile
from dataclasses import dataclass

PDF, SVG, TEXT, UNKNOWN = "application/pdf", "image/svg+xml", "text/plain", "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPENED = {  # what a zip holds when it is an office file
    "word/document.xml": f"{_OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OFFICE}presentationml.presentation",
}
_EXTENSIONS = {
    PDF: ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/tiff": ("tif", "tiff"),
    "image/avif": ("avif",),
    SVG: ("svg",),
    f"{_OFFICE}wordprocessingml.document": ("docx",),
    f"{_OFFICE}spreadsheetml.sheet": ("xlsx",),
    f"{_OFFICE}presentationml.presentation": ("pptx", "ppsx"),
    "application/msword": ("doc",),
    "application/vnd.ms-excel": ("xls",),
    "application/vnd.ms-powerpoint": ("ppt",),
    "application/zip": ("zip",),
    "application/rtf": ("rtf",),
    "audio/mpeg": ("mp3",),
    "audio/wav": ("wav",),
    "video/mp4": ("mp4",),
    "video/quicktime": ("mov",),
    "video/webm": ("webm",),
    "text/csv": ("csv",),
    TEXT: ("txt",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "application/vnd.oasis.opendocument.presentation": ("odp",),
}
_INLINE = frozenset([PDF, "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", SVG])
_NOT_ANNEXES = frozenset([UNKNOWN, "application/zip", SVG])
_SIGNATURES = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LFS = b"version https://git-lfs.github.com/spec/"
_MARKUP = re.compile(rb"<\s{0,9}(?:!|\?|[a-z/])", re.IGNORECASE)
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,99}"
    rb"(?:(?:<\?[^<>]{0,300}>|<!--(?:(?!-->).){0,4000}-->|<!DOCTYPE[^<>\[]{0,300}(?:\[[^\]]{0,4000}\]\s{0,9})?>)\s{0,99}){0,9}"
    rb"<(?:\w{1,30}:)?svg[\s/>]",
    re.DOTALL,
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class FileType:
    """`inline`: a browser may show it itself; everything else is handed out as a download."""

    media_type: str
    extension: str
    inline: bool


def identify_file(data: bytes, name: str) -> FileType:
    """What `data` is, from its bytes (its head is enough but for zips); the name only tells alike ones
    apart."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    media_type = _media_type(data, extension)
    known = _EXTENSIONS.get(media_type, ())
    return FileType(
        media_type, extension if extension in known or not known else known[0], media_type in _INLINE
    )


def is_inline(media_type: str) -> bool:
    """Whether a browser may show a file of this type itself."""
    return media_type in _INLINE


def choose_policy(media_type: str) -> str:
    """The content security policy of a file of this type: nothing in it runs, and nobody may frame it.

    Chromium's own PDF viewer does not open in a sandbox; a drawing may have colours in a style of its own.
    """
    if media_type == SVG:
        return _NOTHING.replace(";", "; style-src 'unsafe-inline'; sandbox;", 1)
    return _NOTHING if media_type == PDF else f"{_NOTHING}; sandbox"


def is_lfs_pointer(data: bytes) -> bool:
    """Whether this is Git LFS's note about a file and not the file."""
    return data.startswith(_LFS)


def find_annex_problem(data: bytes, name: str) -> str:
    """Why a file may not be an annex, in a sentence for the editor; "" when it may."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if not data:
        return f"{name} is empty."
    found = identify_file(data, name)
    if found.media_type == UNKNOWN and any(extension in known for known in _EXTENSIONS.values()):
        return f"{name} ends in .{extension}, but its content is something else. It may be broken, or another file renamed."
    if found.media_type in _NOT_ANNEXES:
        return f"{name} is of a kind that cannot be an annex. PDF, office files, pictures, CSV and text can."
    if extension not in _EXTENSIONS[found.media_type]:
        said = f"ends in .{extension}" if extension else "has no extension"
        return f"{name} {said}, but its content is that of a .{_EXTENSIONS[found.media_type][0]} file."
    return ""


def _media_type(data: bytes, extension: str) -> str:
    for signature, media_type in _SIGNATURES:
        if data.startswith(signature):
            return media_type
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data, extension)
    if data.startswith(_OLE):
        legacy = {
            "doc": "application/msword",
            "xls": "application/vnd.ms-excel",
            "ppt": "application/vnd.ms-powerpoint",
        }
        return legacy.get(extension, UNKNOWN)
    if extension == "svg" and _SVG.match(data):
        return SVG
    return _boxed(data) or _textual(data, extension)


def _zipped(data: bytes, extension: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist()[:5000])
            declared = (
                archive.read("mimetype")[:80].decode("ascii")
                if "mimetype" in names and archive.getinfo("mimetype").file_size < 200
                else ""
            )
    except (zipfile.BadZipFile, ValueError, OSError, KeyError, RuntimeError, NotImplementedError):
        by_name = next(
            (kind for kind, known in _EXTENSIONS.items() if extension in known and _OFFICE in kind), UNKNOWN
        )
        return by_name if b"[Content_Types].xml" in data[:4096] else UNKNOWN
    if declared in _EXTENSIONS:
        return declared
    return next((media_type for part, media_type in _OPENED.items() if part in names), "application/zip")


def _boxed(data: bytes) -> str:
    if data[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(data[8:12], "")
    if data[4:8] == b"ftyp":
        return {b"qt  ": "video/quicktime", b"avif": "image/avif"}.get(data[8:12], "video/mp4")
    return ""


def _textual(data: bytes, extension: str) -> str:
    head = data[:65536]
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return UNKNOWN
    if (
        not head
        or _CONTROL.search(head)
        or (_MARKUP.match(head.lstrip()[:64]) and extension not in ("csv", "txt"))
    ):
        return UNKNOWN
    return {"csv": "text/csv", "txt": TEXT}.get(extension, UNKNOWN)
