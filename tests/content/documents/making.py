"""Documents made of a seed, in the shapes in which offices write them; what is seen of each is known."""

import html
import io
import random
import zipfile
from dataclasses import dataclass, field
from functools import cache

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Inches
from PIL import Image

from releases.content.documents.numerals import write_numeral

WORDS = (
    "harbour ferry A*STAR _Ong_ #12 <tbc> fund [draft] 5% $6,000 R&D co-operation C:\\temp 10:30 e.g. U.S. “quoted” naïve"
    " 渡轮 ferries' x^2 a|b {:x} ~~so~~ 2026. --- *star* `tick` !now &amp; mail_me 3.5 (b) §4 Ⅳ ½ 1,200 +65 =sum"
).split()
FORMATS = ("decimal", "lowerLetter", "lowerRoman", "upperLetter", "upperRoman", "decimalZero")
TEXTS = ("%1.", "(%1)", "%1)", "Paragraph %1:", "%1")


@dataclass
class Run:
    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass
class Piece:
    """`marker` is what a list shows of it; `rows` are those of a table; `level` of a list or a heading."""

    kind: str
    runs: list[Run] = field(default_factory=list)
    marker: str = ""
    level: int = 0
    rows: list[list[str]] = field(default_factory=list)
    note: str = ""

    @property
    def text(self):
        words = "".join(run.text for run in self.runs)
        table = " ".join(cell for row in self.rows for cell in row)
        return f"{self.marker} {words} {table}"


@dataclass
class Outline:
    """`list_format` and `list_text` are those of the first level of its numbered list."""

    pieces: list[Piece]
    list_format: str = "decimal"
    list_text: str = "%1."
    start: int = 1
    header: str = ""
    box: str = ""

    @property
    def notes(self):
        return [piece.note for piece in self.pieces if piece.note]

    @property
    def seen(self):
        """Every word that a reader sees, with the marks of notes and the numbers before them."""
        marks = [f"{number} {number} {note}" for number, note in enumerate(self.notes, 1)]
        return " \n".join([self.header, *(piece.text for piece in self.pieces), *marks, self.box])


def make_runs(rng, length=None):
    words = [rng.choice(WORDS) for _ in range(length or rng.randint(2, 9))]
    runs = []
    for word in words:
        link = f"https://example.org/{rng.randint(1, 99)}_(x)" if rng.random() < 0.08 else ""
        runs.append(Run(word, rng.random() < 0.15, rng.random() < 0.15, link))
        runs.append(Run(" "))
    return runs[:-1]


def make_outline(seed, *, formats=FORMATS, texts=TEXTS):
    rng = random.Random(seed)  # noqa: S311 (documents, no secrets)
    outline = Outline([], rng.choice(formats), rng.choice(texts), rng.choice([1, 1, 1, 3]))
    outline.pieces.append(Piece("title", [Run(f"Title {seed} of the harbour", bold=rng.random() < 0.5)]))
    if rng.random() < 0.5:
        outline.pieces.append(Piece("paragraph", [Run("Joint release by MTI and IMDA")]))
    counts = {"number": outline.start - 1, "letter": 0}
    for _ in range(rng.randint(3, 12)):
        kind = rng.choice("number number number letter bullet paragraph heading table".split())
        if kind != "letter" or counts["number"] >= outline.start:
            outline.pieces.append(make_piece(rng, kind, outline, counts))
    prose = [piece for piece in outline.pieces if piece.kind in ("number", "paragraph")]
    for piece in prose[2:]:
        if rng.random() < 0.2:
            piece.note = f"Note about {rng.choice(WORDS)} quays"
    return outline


def make_piece(rng, kind, outline, counts):
    piece = Piece(kind, make_runs(rng))
    if kind == "number":
        counts |= {"number": counts["number"] + 1, "letter": 0}
        number = write_numeral(counts["number"], outline.list_format)
        piece.marker = outline.list_text.replace("%1", number)
    elif kind == "letter":
        counts["letter"] += 1
        piece.marker, piece.level = f"{write_numeral(counts['letter'], 'lowerLetter')}.", 1
    elif kind == "heading":
        piece.runs = [Run(f"About ferries {rng.randint(1, 9)}", bold=True)]
    elif kind == "table":
        width = rng.randint(2, 4)
        piece.runs = []
        piece.rows = [[rng.choice(WORDS) for _ in range(width)] for _ in range(rng.randint(2, 4))]
    return piece


# As Word files


@cache
def write_template():
    """An empty Word file, without the hundred styles of tables of python-docx, which each reading would parse."""
    document, stream = Document(), io.BytesIO()
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and not style.element.default:
            style.delete()
    document.save(stream)
    return stream.getvalue()


def make_word(outline, *, with_notes=True):
    """A `.docx`: a list with levels of its own, hyperlinks, tables, footnotes, a header and a text box."""
    document = Document(io.BytesIO(write_template()))
    number = _add_list(document, outline)
    if outline.header:
        document.sections[0].header.paragraphs[0].text = outline.header
    notes = 0
    for piece in outline.pieces:
        if piece.kind == "table":
            _add_table(document, piece)
            continue
        style = {"title": "Title", "heading": "Heading 1"}.get(piece.kind)
        paragraph = document.add_paragraph(style=style)
        if piece.kind in ("number", "letter", "bullet"):
            place = 0 if piece.kind == "bullet" else piece.level
            _number(paragraph, number + (piece.kind == "bullet"), place)
        for run in piece.runs:
            _add_run(document, paragraph, run)
        if piece.note and with_notes:
            notes += 1
            paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="{notes}"/></w:r>'))
    if outline.box:
        document.add_paragraph()._p.append(_box(outline.box))
    stream = io.BytesIO()
    document.save(stream)
    return _with_notes(stream.getvalue(), outline.notes) if notes else stream.getvalue()


def _add_list(document, outline):
    root = document.part.numbering_part.element
    text = html.escape(outline.list_text)
    root.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="901"><w:multiLevelType w:val="multilevel"/>'
            f'<w:lvl w:ilvl="0"><w:start w:val="{outline.start}"/><w:numFmt w:val="{outline.list_format}"/><w:lvlText w:val="{text}"/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
        ),
    )
    root.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="902"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
            '<w:lvlText w:val="&#xF0B7;"/></w:lvl></w:abstractNum>'
        ),
    )
    for key in (901, 902):
        root.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>')
        )
    return 901


def _number(paragraph, key, place):
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{place}"/><w:numId w:val="{key}"/></w:numPr>')
    )


def _add_run(document, paragraph, run):
    added = paragraph.add_run(run.text)
    added.bold, added.italic = run.bold or None, run.italic or None
    if run.link:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
        key = document.part.relate_to(run.link, kind, is_external=True)
        link = parse_xml(f'<w:hyperlink {nsdecls("w", "r")} r:id="{key}"/>')
        paragraph._p.append(link)
        link.append(added._r)


def _add_table(document, piece):
    table = document.add_table(len(piece.rows), len(piece.rows[0]))
    for number, row in enumerate(piece.rows):
        for place, cell in enumerate(row):
            table.cell(number, place).text = cell


def _box(words):
    shown = f"<w:txbxContent><w:p><w:r><w:t>{html.escape(words)}</w:t></w:r></w:p></w:txbxContent>"
    return parse_xml(
        f'<w:r {nsdecls("w", "wp", "a")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml">'
        '<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><wp:extent cx="914400" cy="914400"/>'
        '<wp:docPr id="77" name="Box"/><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"<wps:wsp><wps:cNvSpPr/><wps:spPr/><wps:txbx>{shown}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{shown}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def _with_notes(data, notes):
    """The file with a part for its footnotes, which python-docx does not write."""
    said = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> {html.escape(note)}</w:t></w:r></w:p></w:footnote>'
        for number, note in enumerate(notes, 1)
    )
    part = f"<w:footnotes {nsdecls('w')}>{said}</w:footnotes>"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    relation = f'<Relationship Id="rIdNotes" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    media = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{media}"/></Types>'
    changes = {
        "word/_rels/document.xml.rels": lambda text: text.replace("</Relationships>", relation),
        "[Content_Types].xml": lambda text: text.replace("</Types>", override),
    }
    return change_parts(data, changes, {"word/footnotes.xml": part})


def change_parts(data, changes, added=None):
    """A zip whose parts are changed as texts, and new parts."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, changes[name](part.decode()).encode() if name in changes else part)
        for name, text in (added or {}).items():
            after.writestr(name, text)
    return stream.getvalue()


def make_picture():
    stream = io.BytesIO()
    Image.new("RGB", (30, 20), "navy").save(stream, "PNG")
    return stream.getvalue()


def add_picture(document, alt):
    """A picture with an alternative text, in a paragraph of its own."""
    document.add_picture(io.BytesIO(make_picture()), width=Inches(1))
    document.paragraphs[-1]._p.find(f".//{qn('wp:docPr')}").set("descr", alt)


# As the clipboards of programs have them


def _styled(run, bold, italic, span="span"):
    words = html.escape(run.text).replace("\n", " ")
    if run.bold:
        words = bold.format(words)
    if run.italic:
        words = italic.format(words)
    return f'<a href="{html.escape(run.link)}">{words}</a>' if run.link else f"<{span}>{words}</{span}>"


def _runs(piece, bold, italic):
    return "".join(_styled(run, bold, italic) for run in piece.runs)


def _table(piece, cell="{}", attributes=""):
    rows = "".join(
        f"<tr>{''.join(f'<td>{cell.format(html.escape(one))}</td>' for one in row)}</tr>"
        for row in piece.rows
    )
    return f"<table {attributes}><tbody>{rows}</tbody></table>"


def _as_office(outline, *, mark, note, marker, bold, italic, paragraph="p class=MsoNormal"):
    """Paragraphs with typed markers: Word, WPS, Outlook."""
    parts, count = [], 0
    for piece in outline.pieces:
        words = _runs(piece, bold, italic)
        if piece.note:
            count += 1
            words += mark.format(n=count)
        if piece.kind == "table":
            parts.append(_table(piece, "<p class=MsoNormal>{}</p>", "class=MsoTableGrid border=1"))
        elif piece.kind == "heading":
            parts.append(f"<h1>{words}</h1>")
        elif piece.kind in ("number", "letter", "bullet"):
            sign = html.escape(piece.marker) or "·"
            parts.append(marker.format(sign=sign, level=piece.level + 1, words=words))
        else:
            parts.append(f"<{paragraph}>{words}</p>")
    notes = "".join(
        note.format(n=number, words=html.escape(words)) for number, words in enumerate(outline.notes, 1)
    )
    return "".join(parts) + (
        f"<div style='mso-element:footnote-list'><br clear=all><hr>{notes}</div>" if notes else ""
    )


def word_clipboard(outline):
    body = _as_office(
        outline,
        mark='<a style=\'mso-footnote-id:ftn{n}\' href="#_ftn{n}" name="_ftnref{n}" title=""><span class=MsoFootnoteReference>'
        "<span style='mso-special-character:footnote'><![if !supportFootnotes]>[{n}]<![endif]></span></span></a>",
        note="<div style='mso-element:footnote' id=ftn{n}><p class=MsoFootnoteText><a style='mso-footnote-id:ftn{n}' href=\"#_ftnref{n}\""
        ' name="_ftn{n}" title="">[{n}]</a> {words}<o:p></o:p></p></div>',
        marker="<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level{level} lfo1'><![if !supportLists]><span"
        " style='mso-list:Ignore'>{sign}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span><![endif]>{words}<o:p></o:p></p>",
        bold="<b style='mso-bidi-font-weight:normal'>{}</b>",
        italic="<i>{}</i>",
    )
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15">'
        "<style><!-- p.MsoNormal {margin:0cm;} --></style></head><body lang=EN-SG><!--StartFragment-->"
        f"{body}<!--EndFragment--></body></html>"
    )


def wps_clipboard(outline):
    return '<html><head><meta name=Generator content="WPS Office"></head><body>' + _as_office(
        outline,
        mark='<a href="#_ftn{n}" id="_ftnref{n}"><sup>{n}</sup></a>',
        note='<p class="ft"><a href="#_ftnref{n}" id="_ftn{n}">{n}</a> {words}</p>',
        marker="<p class='16' style='mso-list:l0 level{level} lfo1'><span>{sign}&nbsp;&nbsp;</span>{words}</p>",
        bold='<b><span style="font-weight:bold">{}</span></b>',
        italic='<i><span style="font-style:italic">{}</span></i>',
        paragraph='p class="MsoNormal" style="text-align:justify"',
    )


def outlook_clipboard(outline):
    return _as_office(
        outline,
        mark='<sup><a href="#n{n}" id="r{n}">[{n}]</a></sup>',
        note='<p class="MsoNormal"><a href="#r{n}" id="n{n}">[{n}]</a> {words}</p>',
        marker='<p class="MsoListParagraph">{sign}<span>&nbsp;&nbsp; </span>{words}</p>',
        bold="<strong>{}</strong>",
        italic="<em>{}</em>",
        paragraph='p class="MsoNormal"',
    )


def _as_lists(
    outline, *, mark, note, bold, italic, item, opened="<ol{start}>", wrap="{}", letters='<ol type="a">'
):
    """Real lists: Google Docs, LibreOffice, web pages. Only numbers that count by ones have a list."""
    parts, count, notes = [], outline.start - 1, 0
    for piece in outline.pieces:
        words = _runs(piece, bold, italic)
        if piece.note:
            notes += 1
            words += mark.format(n=notes)
        if piece.kind == "table":
            parts.append(_table(piece))
        elif piece.kind == "number":
            count += 1
            start = f' start="{count}"'
            parts.append(opened.format(start=start) + item.format(words) + "</ol>")
        elif piece.kind == "letter":
            number = ord(piece.marker[0]) - 96
            parts.append(letters.replace(">", f' start="{number}">') + item.format(words) + "</ol>")
        elif piece.kind == "bullet":
            parts.append(f"<ul>{item.format(words)}</ul>")
        elif piece.kind == "heading":
            parts.append(f"<h2>{words}</h2>")
        else:
            parts.append(f"<p>{words}</p>")
    written = "".join(
        note.format(n=number, words=html.escape(words)) for number, words in enumerate(outline.notes, 1)
    )
    return wrap.format("".join(parts) + written)


def google_clipboard(outline):
    return _as_lists(
        outline,
        mark='<sup><a href="#ftnt{n}" id="ftnt_ref{n}">[{n}]</a></sup>',
        note='<div><p><a href="#ftnt_ref{n}" id="ftnt{n}">[{n}]</a><span>&nbsp;{words}</span></p></div>',
        bold='<span style="font-weight:700;font-style:normal">{}</span>',
        italic='<span style="font-style:italic;font-weight:400">{}</span>',
        item='<li dir="ltr" aria-level="1"><p dir="ltr" role="presentation">{}</p></li>',
        wrap='<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1">{}</b>',
        letters='<ol style="list-style-type:lower-alpha">',
    )


def libreoffice_clipboard(outline):
    return _as_lists(
        outline,
        mark='<a class="sdfootnoteanc" name="sdfootnote{n}anc" href="#sdfootnote{n}sym"><sup>{n}</sup></a>',
        note='<div id="sdfootnote{n}"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote{n}sym" href="#sdfootnote{n}anc">{n}</a>\n\t{words}</p></div>',
        bold="<b>{}</b>",
        italic="<i>{}</i>",
        item='<li><p style="margin-bottom: 0cm">\n\t{}</p></li>\n',
        wrap="<!DOCTYPE html><html><head><meta name='generator' content='LibreOffice'/></head><body>\n{}</body></html>",
    )


def web_clipboard(outline):
    return _as_lists(
        outline,
        mark='<sup id="fnref:{n}" role="doc-noteref"><a href="#fn:{n}" class="footnote">{n}</a></sup>',
        note='<ol><li id="fn:{n}"><p>{words} <a href="#fnref:{n}" class="reversefootnote">↩</a></p></li></ol>',
        bold="<strong>{}</strong>",
        italic="<em>{}</em>",
        item="<li>{}</li>",
        wrap='<main><nav></nav><article class="content"><div><script>let x = "never";</script>{}</div></article></main>',
    )


CLIPBOARDS = {
    "Word": word_clipboard,
    "WPS": wps_clipboard,
    "Outlook": outlook_clipboard,
    "Google Docs": google_clipboard,
    "LibreOffice": libreoffice_clipboard,
    "a web page": web_clipboard,
}
