"""What a file is, by its bytes; and what may be an annex."""

import io
import re
from dataclasses import dataclass
from typing import BinaryIO

from releases.content.files.iso_boxes import identify_boxes
from releases.content.files.packages import (
    BINARY_SHEET,
    DOCUMENT,
    PRESENTATION,
    SHEET,
    WITH_MACROS,
    ZIP,
    identify_zip,
)

PDF, SVG, TEXT, UNKNOWN = "application/pdf", "image/svg+xml", "text/plain", "application/octet-stream"
HEAD = 65_536
"""Bytes at the beginning of a file that say what it is; of a zip its end counts too."""
VAGUE = (UNKNOWN, ZIP, "video/mp4")
"""Types that tell little: of files that may be found to be something else by looking closer."""
_FURTHEST_PDF = 1024
"""Where in a file viewers still look for the mark of a PDF."""
_EXTENSIONS = {
    PDF: ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/tiff": ("tif", "tiff"),
    "image/avif": ("avif",),
    SVG: ("svg",),
    "image/heic": ("heic", "heif", "hif"),
    DOCUMENT: ("docx", "dotx"),
    SHEET: ("xlsx", "xltx"),
    PRESENTATION: ("pptx", "ppsx", "potx"),
    WITH_MACROS[DOCUMENT]: ("docm", "dotm"),
    WITH_MACROS[SHEET]: ("xlsm", "xltm"),
    WITH_MACROS[PRESENTATION]: ("pptm", "ppsm", "potm"),
    BINARY_SHEET: ("xlsb",),
    "application/msword": ("doc",),
    "application/vnd.ms-excel": ("xls",),
    "application/vnd.ms-powerpoint": ("ppt",),
    ZIP: ("zip",),
    "application/rtf": ("rtf",),
    "audio/mpeg": ("mp3",),
    "audio/wav": ("wav",),
    "audio/mp4": ("m4a", "m4b"),
    "video/mp4": ("mp4", "m4v"),
    "video/3gpp": ("3gp",),
    "video/quicktime": ("mov",),
    "video/webm": ("webm",),
    "text/csv": ("csv",),
    TEXT: ("txt",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "application/vnd.oasis.opendocument.presentation": ("odp",),
}
_INLINE = frozenset([PDF, "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", SVG])
_NOT_ANNEXES = frozenset([UNKNOWN, ZIP, SVG])
_UNREADABLE = {
    "image/heic": "a HEIC picture, which most computers can't show. Save it as JPEG (in Photos: Export as JPEG) and add that.",
    "video/3gpp": "a 3GP film, which few programs play. Save it as MP4 and add that.",
}
"""Kinds that few readers could open, and what to do instead."""
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
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
_MP3_FRAMES = (b"\xff\xfa", b"\xff\xf2", b"\xff\xf3")
"""Recordings of speech begin so; so may anything else."""
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LFS = b"version https://git-lfs.github.com/spec/"
_MARKUP = re.compile(r"<\s{0,9}(?:!|\?|[a-z/])", re.IGNORECASE)
_SVG = re.compile(
    r"\ufeff?\s*+"
    r"(?:(?:<\?[^<>]*+>|<!--(?:(?!-->).)*+-->|<!DOCTYPE[^<>\[]*+(?:\[[^\]]*+\]\s*+)?+>)\s*+)*+"
    r"<(?:\w{1,30}:)?svg[\s/>]",
    re.DOTALL,
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BYTE_ORDER = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)


@dataclass(frozen=True, slots=True)
class FileType:
    """`inline`: a browser may show it itself; everything else is handed out as a download."""

    media_type: str
    extension: str
    inline: bool


def identify_file(data: bytes, name: str) -> FileType:
    """What `data`, a whole file, is, from its bytes; the name only tells alike ones apart."""
    return identify_stream(io.BytesIO(data), name)


def identify_stream(stream: BinaryIO, name: str) -> FileType:
    """`identify_file` of a file that is not read whole."""
    extension = _extension(name)
    media_type = _media_type(stream, extension)
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
    extension = _extension(name)
    if not data:
        return f"{name} is empty."
    media_type = identify_file(data, name).media_type
    is_misnamed = extension not in _EXTENSIONS.get(media_type, ())
    if media_type in (UNKNOWN, ZIP) and is_misnamed and any(extension in one for one in _EXTENSIONS.values()):
        return f"{name} ends in .{extension}, but its content is something else. It may be broken, or another file renamed."
    if media_type in _UNREADABLE:
        return f"{name} is {_UNREADABLE[media_type]}"
    if media_type in _NOT_ANNEXES:
        return f"{name} is of a kind that cannot be an annex. PDF, office files, pictures, CSV and text can."
    if is_misnamed:
        said = f"ends in .{extension}" if extension else "has no extension"
        return f"{name} {said}, but its content is that of a .{_EXTENSIONS[media_type][0]} file."
    return ""


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _media_type(stream: BinaryIO, extension: str) -> str:
    head = stream.read(HEAD)
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head.startswith(b"PK\x03\x04"):
        return identify_zip(stream, extension) or UNKNOWN
    if head.startswith(_OLE):
        legacy = {
            "doc": "application/msword",
            "xls": "application/vnd.ms-excel",
            "ppt": "application/vnd.ms-powerpoint",
        }
        return legacy.get(extension, UNKNOWN)
    if extension == "svg" and _SVG.match(_decode(head)):
        return SVG
    if extension == "pdf" and b"%PDF-" in head[: _FURTHEST_PDF + 4] and not head.startswith(_PROGRAMS):
        return PDF  # a mark, a line or the head of a mail stands before it
    return _boxed(head, extension) or _textual(head, extension)


def _boxed(head: bytes, extension: str) -> str:
    """By what the first of its parts is called; "" for a file that is not made of such parts."""
    if extension == "mp3" and head.startswith(_MP3_FRAMES):
        return "audio/mpeg"
    if head.startswith(b"RIFF"):
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    return identify_boxes(head, extension)


def _textual(head: bytes, extension: str) -> str:
    """Text of a table or a note, in whatever encoding it was saved; it is handed out and never shown."""
    text = _decode(head)
    if not text.strip() or _CONTROL.search(text):
        return UNKNOWN
    if _MARKUP.match(text.lstrip("\ufeff \t\r\n")[:64]) and (
        extension not in ("csv", "txt") or not head.isascii()
    ):
        return UNKNOWN
    return {"csv": "text/csv", "txt": TEXT}.get(extension, UNKNOWN)


def _decode(head: bytes) -> str:
    """The letters of `head`, which may end within one; those of an encoding that no mark names only as far
    as they are no control characters in any."""
    for mark, encoding in _BYTE_ORDER:
        if head.startswith(mark):
            return head.decode(encoding, "ignore")
    return head.decode("latin-1")
