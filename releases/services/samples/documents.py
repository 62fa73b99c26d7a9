"""Small PDF documents, whole and valid, written without a library: text in Helvetica on A4 pages."""

import textwrap
from collections.abc import Sequence

SIZE, LEADING, LINES = 11, 16, 44
WIDTH = 84  # characters that surely fit on a line


def write_pdf(title: str, paragraphs: Sequence[str], *, is_tagged: bool) -> bytes:
    """A document in English with a title. `title` and `paragraphs` are ASCII; `is_tagged`: it can be read
    aloud.

    Objects: 1 the catalogue, 2 its pages, 3 the font, 4 title and author, 5 the root of the tags and 6 its
    only one (a document); then for each page the page itself and its text. What is not tagged lacks 5 and 6.
    """
    lines = [line for paragraph in (title, *paragraphs) for line in (*textwrap.wrap(paragraph, WIDTH), "")]
    pages = [lines[start : start + LINES] for start in range(0, len(lines), LINES)]
    kids = " ".join(f"{7 + 2 * number} 0 R" for number in range(len(pages)))
    tags = "/MarkInfo << /Marked true >> /StructTreeRoot 5 0 R " if is_tagged else ""
    marks = " ".join(f"<< /Type /MCR /Pg {7 + 2 * number} 0 R /MCID 0 >>" for number in range(len(pages)))
    places = " ".join(f"{number} [6 0 R]" for number in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /Lang (en) {tags}/ViewerPreferences << /DisplayDocTitle true >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Title ({_escape(title)}) /Author (Sample newsroom) >>",
        f"<< /Type /StructTreeRoot /K 6 0 R /ParentTree << /Nums [{places}] >> >>" if is_tagged else "null",
        f"<< /Type /StructElem /S /P /P 5 0 R /K [{marks}] >>" if is_tagged else "null",
    ]
    for number, page in enumerate(pages):
        objects += _page_objects(number, page, is_tagged=is_tagged)
    return _assemble(objects)


def _page_objects(number: int, lines: Sequence[str], *, is_tagged: bool) -> list[str]:
    tags = f"/StructParents {number} " if is_tagged else ""
    shown = "".join(f"({_escape(line)}) Tj T*\n" for line in lines)
    text = f"BT /F1 {SIZE} Tf {LEADING} TL 56 780 Td\n{shown}ET"
    if is_tagged:
        text = f"/P << /MCID 0 >> BDC\n{text}\nEMC"
    return [
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {tags}/Contents {8 + 2 * number} 0 R"
        " /Resources << /Font << /F1 3 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
    ]


def _assemble(objects: Sequence[str]) -> bytes:
    """The file: its objects, the table of where each begins, and the trailer."""
    parts, places, length = ["%PDF-1.7\n"], [], len("%PDF-1.7\n")
    for number, text in enumerate(objects, 1):
        places.append(length)
        parts.append(f"{number} 0 obj\n{text}\nendobj\n")
        length += len(parts[-1])
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    parts.append(f"xref\n0 {size}\n0000000000 65535 f \n{rows}")
    parts.append(f"trailer\n<< /Size {size} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{length}\n%%EOF\n")
    return "".join(parts).encode("ascii")


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
