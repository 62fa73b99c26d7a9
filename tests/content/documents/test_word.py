import io
import zipfile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from releases.content.documents.document import DocumentRefused
from releases.content.documents.release_fields import find_fields
from releases.content.documents.word import read_word
from tests.content.documents.making import add_picture, change_parts, make_outline, make_picture, make_word


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_text(*texts):
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    return document


def body_of(document):
    return find_fields(read_word(saved(document)).lines).body


LEVELS = """<w:abstractNum {w} w:abstractNumId="77">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="{style}"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="{second}"/><w:lvlText w:val="{text}"/>{more}</w:lvl></w:abstractNum>"""


def numbered(places, *, second="lowerRoman", text="(%2)", more="", changes=""):
    """Paragraphs in a list of two levels: each place is (level, number of the list)."""
    document = with_text("A title")
    root = document.part.numbering_part.element
    shape = LEVELS.format(w=nsdecls("w"), second=second, text=text, more=more, style="none")
    root.insert(0, parse_xml(shape))
    for key in (77, 78):
        inside = changes if key == 78 else ""
        root.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{key}"><w:abstractNumId w:val="77"/>{inside}</w:num>')
        )
    for level, key in places:
        properties = document.add_paragraph("x")._p.get_or_add_pPr()
        number = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{key}"/></w:numPr>'
        properties.append(parse_xml(number))
    lines = read_word(saved(document)).lines[1:]
    return [line.text.removesuffix(" x") for line in lines]


RESTART = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride>'


@pytest.mark.parametrize(
    ("places", "options", "markers"),
    [
        ([(0, 77), (1, 77), (1, 77), (0, 77), (1, 77)], {}, "1. (i) (ii) 2. (i)"),
        ([(0, 77), (1, 77), (0, 77), (1, 77)], {"more": '<w:lvlRestart w:val="0"/>'}, "1. (i) 2. (ii)"),
        ([(0, 77), (0, 78), (0, 77)], {}, "1. 2. 3."),
        ([(0, 77), (0, 78), (0, 78)], {"changes": RESTART}, "1. 4. 5."),
        ([(0, 77), (1, 77), (0, 77), (1, 77)], {"text": "%1.%2", "second": "decimal"}, "1. 1.1 2. 2.1"),
        ([(0, 77), (1, 77)], {"text": "%1.%2", "second": "upperRoman", "more": "<w:isLgl/>"}, "1. 1.1"),
        ([(1, 77), (1, 77)], {"text": "%2)", "second": "upperLetter"}, "A) B)"),
        ([(0, 77), (1, 77)], {"text": "%2", "second": "ordinal"}, "1. 1st"),
        ([(0, 77), (1, 77)], {"text": "", "second": "none"}, "1. x"),
        ([(0, 0), (0, 77)], {}, "x 1."),
    ],
    ids=[
        "levels",
        "never",
        "one count",
        "restart",
        "of both levels",
        "in figures",
        "alone",
        "ordinal",
        "none",
        "taken off",
    ],
)
def test_an_automatic_number_is_typed_as_word_shows_it(places, options, markers):
    shape = {name: value.replace("<w:", "<w:") for name, value in options.items()}
    assert numbered(places, **shape) == markers.split()


def test_a_style_gives_its_number_and_a_style_on_it_too():
    document = with_text("A title")
    document.styles.add_style("Own", 1).base_style = document.styles["List Number"]
    document.add_paragraph("One", style="List Number")
    document.add_paragraph("Two", style="Own")
    assert body_of(document) == "1. One\n\n2. Two\n"


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ('<w:ins w:id="1" w:author="A"><w:r><w:t>new</w:t></w:r></w:ins>', "tracked changes"),
        ('<w:del w:id="1" w:author="A"><w:r><w:delText>old</w:delText></w:r></w:del>', "tracked changes"),
        ('<w:moveTo w:id="1" w:author="A"><w:r><w:t>moved</w:t></w:r></w:moveTo>', "tracked changes"),
        ('<w:r><w:commentReference w:id="1"/></w:r>', "comments of colleagues"),
    ],
)
def test_what_colleagues_have_not_settled_stops_with_a_sentence(inside, words):
    document = with_text("A title", "Text")
    found = parse_xml(f"<w:p {nsdecls('w')}>{inside}</w:p>")
    document.paragraphs[-1]._p.addnext(found)
    with pytest.raises(DocumentRefused, match=words):
        read_word(saved(document))


def test_what_is_around_and_beside_the_text_is_handed_over():
    document = with_text("A title", "Text")
    section = document.sections[0]
    section.header.paragraphs[0].text = "Strictly for the press"
    footer = section.footer.paragraphs[0]
    footer.text = "Page "
    footer._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>7</w:t></w:r></w:fldSimple>')
    )
    document.paragraphs[-1].add_run(" not seen").font.hidden = True
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    formula = f'<m:oMath xmlns:m="{math}"><m:r><m:t>E=mc²</m:t></m:r></m:oMath>'
    document.paragraphs[-1]._p.append(parse_xml(formula))
    reading = read_word(saved(document))
    assert reading.edges == ["Strictly for the press", "Page"]
    assert reading.left_out == ["Hidden text: not seen", "Layout of the formula E=mc²"]
    assert find_fields(reading.lines).body == "TextE=mc²\n"


def test_pictures_come_with_their_descriptions():
    document = with_text("A title", "Text")
    add_picture(document, "Ferries [at] the *pier*")
    reading = read_word(saved(document))
    [picture] = reading.pictures
    assert (picture.data, picture.media_type) == (make_picture(), "image/png")
    assert find_fields(reading.lines).body == "Text\n\n![Ferries \\[at\\] the \\*pier\\*](picture:0)\n"


def test_a_crest_above_the_title_is_left_out_by_name():
    document = Document()
    add_picture(document, "Crest")
    document.add_paragraph("A title")
    document.add_paragraph("Text")
    found = find_fields(read_word(saved(document)).lines)
    assert (found.title, found.body, found.left_out) == ("A title", "Text\n", ["Picture above the title"])


def test_a_styled_title_is_the_title_whatever_stands_above():
    document = with_text("Ministry of Ferries", "1 Harbour Road")
    document.add_heading("The title", 0)
    document.add_heading("A heading", 1)
    document.add_paragraph("Text")
    found = find_fields(read_word(saved(document)).lines)
    assert found.title == "The title"
    assert found.body == "Ministry of Ferries\n\n1 Harbour Road\n\n## A heading\n\nText\n"


def test_strict_open_xml_reads_the_same():
    """Word writes other namespaces on request."""
    plain = make_word(make_outline(5))
    strict = {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "http://purl.oclc.org/ooxml/wordprocessingml/main",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "http://purl.oclc.org/ooxml/officeDocument/relationships",
    }

    def translate(text):
        for usual, other in strict.items():
            text = text.replace(usual, other)
        return text

    parts = ["word/document.xml", "word/styles.xml", "word/numbering.xml"]
    changed = change_parts(plain, dict.fromkeys(parts, translate))
    assert find_fields(read_word(changed).lines) == find_fields(read_word(plain).lines)


def test_web_suites_name_the_main_part_as_they_like():
    data = make_word(make_outline(5))
    with zipfile.ZipFile(io.BytesIO(data)) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    for name in ("word/document.xml", "word/_rels/document.xml.rels"):
        parts[name.replace("document.xml", "document2.xml")] = parts.pop(name)
    for name in ("_rels/.rels", "[Content_Types].xml"):
        parts[name] = parts[name].replace(b"word/document.xml", b"word/document2.xml")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as after:
        for name, part in parts.items():
            after.writestr(name, part)
    assert find_fields(read_word(stream.getvalue()).lines) == find_fields(read_word(data).lines)


BOMB = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


def document_type(text):
    return text.replace("<w:document", f"{BOMB}<w:document").replace("A title", "&c;")


def nested(text):
    return text.replace("<w:body>", "<w:body>" + "<w:sdt><w:sdtContent>" * 200, 1).replace(
        "</w:body>", "</w:sdtContent></w:sdt>" * 200 + "</w:body>"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (document_type, "cannot be read as a Word document"),
        (nested, "nested more than 150 deep"),
        (lambda text: text[:-20], "cannot be read as a Word document"),
        (lambda text: "<x/>", "cannot be read as a Word document"),
        (lambda text: text.replace("A title", "A" * 31_000_000), "too large once unpacked"),
    ],
    ids=["entities", "deep", "cut", "another root", "a bomb"],
)
def test_a_hostile_file_is_refused_in_words(change, words):
    data = change_parts(saved(with_text("A title")), {"word/document.xml": change})
    with pytest.raises(DocumentRefused, match=words):
        read_word(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old Word file"),
        (b"%PDF-1.4", "cannot be read as a Word document"),
        (b"", "cannot be read as a Word document"),
    ],
)
def test_another_file_is_refused_in_words(data, words):
    with pytest.raises(DocumentRefused, match=words):
        read_word(data)


def test_nothing_outside_the_file_is_opened(monkeypatch):
    """A picture that is linked, not put in, may name any file of the server."""
    document = with_text("A title")
    add_picture(document, "Ferries")

    def link(text):
        return text.replace("r:embed", "r:link")

    def outside(text):
        return text.replace('Target="media/image1.png"', 'Target="file:///etc/passwd" TargetMode="External"')

    changes = {"word/document.xml": link, "word/_rels/document.xml.rels": outside}
    try:
        reading = read_word(change_parts(saved(document), changes))
    except DocumentRefused:
        return
    assert reading.pictures == []


def test_a_bold_heading_of_the_letterhead_is_not_the_title():
    document = Document()
    for words in ("MEDIA RELEASE", "Ferries run at night"):
        document.add_paragraph().add_run(words).bold = True
    document.add_paragraph("They run until two.")
    document.add_heading("What comes next", 2)
    found = find_fields(read_word(saved(document)).lines)
    assert (found.title, found.left_out) == ("Ferries run at night", ["MEDIA RELEASE"])
