"""A Word file as a document: mammoth reads it once what mammoth passes over is written as text.

Automatic numbers become typed ones, text boxes stand below their paragraph, what is in headers and footers is
handed over, and tracked changes or comments stop the reading: nobody can tell which of two texts is meant.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import mammoth

from releases.content.documents.document import DocumentRefused, FoundPicture, ReadDocument
from releases.content.documents.html_text import TAB, read_html
from releases.content.documents.word_numbering import Numbering
from releases.content.documents.word_package import BROKEN, Relationship, W, WordPackage

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_SHAPE = "{urn:schemas-microsoft-com:vml}"
_BOX = f"{W}txbxContent"
_TRACKED = {f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel")}
_COMMENTS = {f"{W}{name}" for name in ("commentReference", "commentRangeStart")}
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='heading 1'] => h2:fresh
p[style-name='heading 2'] => h3:fresh
p[style-name='heading 3'] => h4:fresh
p[style-name='heading 4'] => h5:fresh
p[style-name='heading 5'] => h6:fresh
p[style-name='Quote'] => blockquote:fresh
p[style-name='Intense Quote'] => blockquote:fresh
strike => s
"""
_UNREADABLE = (
    KeyError,
    AttributeError,
    ValueError,
    TypeError,
    IndexError,
    OSError,
    RecursionError,
    zipfile.BadZipFile,
)
_HIDDEN, _OFF = f"{W}rPr/{W}vanish", ("0", "false", "off")
_PAGE_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES")


def read_word(data: bytes) -> ReadDocument:
    """The lines of a `.docx`, its headers and footers, and what a body cannot hold. Raises DocumentRefused."""
    package = WordPackage(data)
    relations = package.relations(package.main)
    document = package.parse(package.main)
    if document is None or document.find(f"{W}body") is None:
        raise DocumentRefused(BROKEN)
    parts = {package.main: document}
    parts |= _parse_parts(package, relations, {"footnotes", "endnotes"})
    for tree in parts.values():
        _refuse_unfinished(tree)
    styles = _first(_parse_parts(package, relations, {"styles"}))
    numbering = _first(_parse_parts(package, relations, {"numbering"}))
    left_out: list[str] = []
    for tree in parts.values():
        _prepare(tree, Numbering(numbering, styles), left_out)
    pictures: list[FoundPicture] = []
    html = _convert(_pack(package, relations, parts), pictures)
    reading = read_html(html, pictures)
    reading.left_out[:0] = left_out
    edges = _parse_parts(package, relations, {"header", "footer"}).values()
    found = (words for tree in edges for words in _read_edge(tree, reading.left_out))
    reading.edges = list(dict.fromkeys(found))
    return reading


def _parse_parts(
    package: WordPackage, relations: list[Relationship], kinds: set[str]
) -> dict[str, ElementTree.Element]:
    parsed = {
        one.target: package.parse(one.target) for one in relations if one.kind in kinds and not one.is_outside
    }
    return {name: tree for name, tree in parsed.items() if tree is not None}


def _first(parts: dict[str, ElementTree.Element]) -> ElementTree.Element | None:
    return next(iter(parts.values()), None)


def _refuse_unfinished(tree: ElementTree.Element) -> None:
    tags = {one.tag for one in tree.iter()}
    if tags & _TRACKED:
        raise DocumentRefused(
            "This file has tracked changes, so nobody can tell which text is meant. In Word choose Review, Accept, Accept"
            " All Changes; save it, then choose it again."
        )
    if tags & _COMMENTS:
        raise DocumentRefused(
            "This file has comments of colleagues. In Word choose Review, Delete, Delete All Comments in Document; save it,"
            " then choose it again."
        )


def _prepare(tree: ElementTree.Element, numbering: Numbering, left_out: list[str]) -> None:
    """Write as text what mammoth passes over."""
    _unfold(tree, left_out)
    while _take_out_boxes(tree):
        pass
    for paragraph in tree.iter(f"{W}p"):
        marker = numbering.write_marker(paragraph)
        properties = paragraph.find(f"{W}pPr")
        if properties is not None and (number := properties.find(f"{W}numPr")) is not None:
            properties.remove(number)
        if marker:
            paragraph.insert(0 if properties is None else 1, _make_run(marker))


def _unfold(element: ElementTree.Element, left_out: list[str]) -> None:
    element[:] = [one for child in element for one in _unfolded(child, left_out)]


def _unfolded(child: ElementTree.Element, left_out: list[str]) -> list[ElementTree.Element]:
    """What stands in the place of an element: its content where it only wraps that, nothing where it is
    hidden."""
    if child.tag == f"{_COMPATIBILITY}AlternateContent" or child.tag == f"{W}sdt":
        content = child.find(f"{W}sdtContent") if child.tag == f"{W}sdt" else _choose(child)
        if content is None:
            return []
        _unfold(content, left_out)
        return list(content)
    if child.tag in (f"{_MATH}oMath", f"{_MATH}oMathPara"):
        words = "".join(one.text or "" for one in child.iter(f"{_MATH}t"))
        left_out.append(f"Layout of the formula {words}")
        return [_make_run(words)]
    if unseen := _name_unseen(child):
        left_out.append(unseen)
        return []
    child.tag = f"{W}tab" if child.tag == f"{W}ptab" else child.tag
    _unfold(child, left_out)
    return [child]


def _name_unseen(element: ElementTree.Element) -> str:
    """What an element is that a body cannot hold; "" for any other."""
    if element.tag == f"{W}r" and any(one.get(f"{W}val") not in _OFF for one in element.findall(_HIDDEN)):
        return f"Hidden text: {_text_of(element)}"
    if element.tag != f"{W}drawing" or any(one.tag in (_BOX, f"{_DRAWING}blip") for one in element.iter()):
        return ""
    told = next((one.get("descr") or one.get("title") for one in element.iter(f"{_PLACED}docPr")), "")
    return f"Chart or drawing: {told}" if told else "Chart or drawing"


def _choose(alternatives: ElementTree.Element) -> ElementTree.Element:
    """The alternative whose words or picture can be read."""
    for one in alternatives:
        if any(found.tag in (_BOX, f"{_DRAWING}blip", f"{_SHAPE}imagedata") for found in one.iter()):
            return one
    return alternatives[0] if len(alternatives) else alternatives


def _make_run(words: str) -> ElementTree.Element:
    run = ElementTree.Element(f"{W}r")
    text = ElementTree.SubElement(run, f"{W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    text.text = words
    return run


def _take_out_boxes(tree: ElementTree.Element) -> bool:
    """Put the paragraphs of text boxes behind the paragraph that holds them; whether there were any."""
    is_changed = False
    for parent in list(tree.iter()):
        held: list[ElementTree.Element] = []
        for child in list(parent):
            held.append(child)
            if child.tag == f"{W}p":
                held += _boxes_of(child)
        if len(held) > len(parent):
            parent[:] = held
            is_changed = True
    return is_changed


def _boxes_of(paragraph: ElementTree.Element) -> list[ElementTree.Element]:
    """What stands in the text boxes of a paragraph, which lose it."""
    found: list[ElementTree.Element] = []
    for box in list(paragraph.iter(_BOX)):
        found += list(box)
        box[:] = []
    return found


def _pack(
    package: WordPackage, relations: list[Relationship], parts: dict[str, ElementTree.Element]
) -> io.BytesIO:
    """A Word file of what is to be read alone: the text, its styles and pictures."""
    folder, _, name = package.main.rpartition("/")
    around = ("[Content_Types].xml", "_rels/.rels", f"{folder}/_rels/{name}.rels")
    trees = {other: package.parse(other) for other in around}
    trees |= _parse_parts(package, relations, {"styles"}) | parts
    inside = [one for one in relations if one.kind == "image" and not one.is_outside]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part, tree in trees.items():
            if tree is not None:
                archive.writestr(part, ElementTree.tostring(tree))
        for picture in {one.target for one in inside}:
            archive.writestr(picture, package.read(picture))
    packed.seek(0)
    return packed


def _convert(packed: io.BytesIO, pictures: list[FoundPicture]) -> str:
    """HTML by mammoth, with pictures at `picture:N`."""

    def keep(image: Any) -> dict[str, str]:
        with image.open() as stream:
            pictures.append(FoundPicture(stream.read(), image.content_type or "", image.alt_text or ""))
        return {"src": f"picture:{len(pictures) - 1}"}

    try:
        converted = mammoth.convert_to_html(
            packed, style_map=_STYLES, convert_image=mammoth.images.img_element(keep)
        )
    except _UNREADABLE as error:
        raise DocumentRefused(BROKEN) from error
    return str(converted.value).replace("\t", TAB)


def _read_edge(tree: ElementTree.Element, left_out: list[str]) -> Iterator[str]:
    """The words of each paragraph of a header or footer but page numbers."""
    _unfold(tree, left_out)
    if any(one.tag in (f"{_DRAWING}blip", f"{_SHAPE}imagedata") for one in tree.iter()):
        left_out.append("Picture in the header or footer")
    while _take_out_boxes(tree):
        pass
    for paragraph in tree.iter(f"{W}p"):
        if words := _text_of(paragraph):
            yield words


def _text_of(element: ElementTree.Element) -> str:
    """The words that are seen of a run or paragraph, without those of fields that count pages."""
    counted = _find_page_numbers(element)
    parts: list[str] = []
    for one in element.iter():
        if one.tag == f"{W}t" and one not in counted:
            parts.append(one.text or "")
        elif one.tag in (f"{W}tab", f"{W}br"):
            parts.append(" ")
    return " ".join("".join(parts).split())


def _find_page_numbers(element: ElementTree.Element) -> set[ElementTree.Element]:
    """The texts that fields put there which count pages."""
    found: set[ElementTree.Element] = set()
    field, is_page = "", False
    for one in element.iter():
        if one.tag == f"{W}fldChar":
            is_page = one.get(f"{W}fldCharType") == "separate" and _counts_pages(field)
            field = ""
        elif one.tag == f"{W}instrText":
            field += one.text or ""
        elif one.tag == f"{W}fldSimple" and _counts_pages(one.get(f"{W}instr", "")):
            found.update(one.iter(f"{W}t"))
        elif one.tag == f"{W}t" and is_page:
            found.add(one)
    return found


def _counts_pages(field: str) -> bool:
    return field.strip().upper().startswith(_PAGE_FIELDS)
