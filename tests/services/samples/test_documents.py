"""Documents that are written here are read by PDFium as any other."""

import pypdfium2
import pytest

from releases.services.files.pdf_worker import read_file
from releases.services.samples.documents import LINES, write_pdf


@pytest.mark.parametrize("is_tagged", [True, False])
def test_a_document_says_what_was_written(tmp_path, is_tagged):
    file = tmp_path / "a.pdf"
    paragraphs = [f"Paragraph {number} (in brackets \\ and a stroke)." for number in range(LINES)]
    file.write_bytes(write_pdf("A title (really)", paragraphs, is_tagged=is_tagged))
    found = read_file(file, "application/pdf")
    assert (found["title"], found["language"], found["tagged"]) == ("A title (really)", "en", is_tagged)
    assert (found["pages"], found["encrypted"]) == (3, False)
    text = " ".join(str(found["text"]).split())
    assert text.startswith("A title (really) Paragraph 0 (in brackets \\ and a stroke).")
    assert all(f"Paragraph {number} (" in text for number in range(LINES))
    assert found["thumbnail"]


def test_the_table_of_its_objects_leads_to_each(tmp_path):
    data = write_pdf("Title", ["Text."] * 60, is_tagged=True)
    start = int(data.rsplit(b"startxref\n", 1)[1].split()[0])
    rows = data[start:].split(b"\n")
    assert rows[0] == b"xref"
    size = int(rows[1].split()[1])
    for number in range(1, size):
        place = int(rows[2 + number].split()[0])
        assert data[place:].startswith(b"%d 0 obj\n" % number)
    assert len(pypdfium2.PdfDocument(data)) == 3
