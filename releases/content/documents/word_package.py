"""The parts of a Word file, opened with care: it comes from anybody."""

import io
import posixpath
import zipfile
import zlib
from typing import Any
from xml.etree import ElementTree

from releases.content.documents.document import DocumentRefused
from releases.content.files import packages

LARGEST_PART = 30_000_000
LARGEST_TOTAL = 120_000_000
"""Bytes of a part, and of all parts that are read, once unpacked."""
DEEPEST = 150
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = {
    "http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1],
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/drawingml/main": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "http://purl.oclc.org/ooxml/drawingml/picture": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}
"""Namespaces of "Strict Open XML", which Word writes on request, and what they are elsewhere."""
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OLD = b"\xd0\xcf\x11\xe0"
_SAVE_ANEW = "Open it in Word, save it as a Word document (.docx), then choose that file."
BROKEN = f"This file cannot be read as a Word document. {_SAVE_ANEW}"


class Relationship:
    """What a part refers to: the last word of its kind ("footnotes"), and the part or, outside, the address."""

    def __init__(self, element: ElementTree.Element, folder: str) -> None:
        self.key = element.get("Id", "")
        self.kind = element.get("Type", "").rpartition("/")[2]
        self.is_outside = element.get("TargetMode") == "External"
        target = element.get("Target", "")
        inside = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        self.target = target if self.is_outside else inside


class WordPackage:
    """A Word file by its parts. Raises DocumentRefused, also while parts are read."""

    def __init__(self, data: bytes) -> None:
        if data.startswith(_OLD):
            raise DocumentRefused(f"This is an old Word file (.doc), or one with a password. {_SAVE_ANEW}")
        kind = packages.identify_zip(io.BytesIO(data), "docx")
        if kind == packages.WITH_MACROS[packages.DOCUMENT]:
            raise DocumentRefused(f"This Word file holds macros. {_SAVE_ANEW}")
        if kind != packages.DOCUMENT:
            raise DocumentRefused(BROKEN)
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._names = {name.lower(): name for name in self._archive.namelist()}
        self._left = LARGEST_TOTAL
        documents = [one for one in self.relations("") if one.kind == "officeDocument"]
        self.main = documents[0].target if documents else "word/document.xml"

    def read(self, name: str) -> bytes:
        """The bytes of a part; b"" for one that is not there."""
        held = self._names.get(name.lower())
        if held is None:
            return b""
        largest = min(LARGEST_PART, self._left)
        try:
            with self._archive.open(held) as stream:
                data = stream.read(largest + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            RuntimeError,
            NotImplementedError,
            OSError,
            EOFError,
        ) as error:
            raise DocumentRefused(BROKEN) from error
        if len(data) > largest:
            raise DocumentRefused(
                "This Word file is too large once unpacked. Take pictures out, or paste the text."
            )
        self._left -= len(data)
        return data

    def parse(self, name: str) -> ElementTree.Element | None:
        """A part as a tree; None for one that is not there."""
        data = self.read(name)
        return parse_xml(data) if data else None

    def relations(self, part: str) -> list[Relationship]:
        """What a part refers to; that of the file as a whole is ""."""
        folder, name = posixpath.split(part)
        tree = self.parse(posixpath.join(folder, "_rels", f"{name}.rels"))
        return [] if tree is None else [Relationship(one, folder) for one in tree.iter(_RELATIONS)]


class _Builder(ElementTree.TreeBuilder):
    """Without a document type, so without entities, and no deeper than any document."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, *_: Any) -> None:
        raise DocumentRefused(BROKEN)

    def start(self, tag: Any, attrs: Any) -> ElementTree.Element:
        self._depth += 1
        if self._depth > DEEPEST:
            raise DocumentRefused(
                f"This Word file is nested more than {DEEPEST} deep. Paste its text instead."
            )
        return super().start(_known(tag), {_known(name): value for name, value in attrs.items()})

    def end(self, tag: Any) -> ElementTree.Element:
        self._depth -= 1
        return super().end(_known(tag))


def _known(name: str) -> str:
    """The name in the namespace in which everybody else has it."""
    space, _, local = name[1:].partition("}")
    return f"{{{_STRICT[space]}}}{local}" if name.startswith("{") and space in _STRICT else name


def parse_xml(data: bytes) -> ElementTree.Element:
    """XML without a document type. Raises DocumentRefused."""
    try:
        parser = ElementTree.XMLParser(target=_Builder())  # noqa: S314 (it has no entities: the builder refuses them)
        parser.feed(data)
        tree: ElementTree.Element = parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        if isinstance(error, DocumentRefused):
            raise
        raise DocumentRefused(BROKEN) from error
    return tree
