"""Whatever a document is made of, each of its words is in a field, in the text or named as left out, its numbers in
their order."""

import os
import re
import subprocess
from collections import Counter

import pytest

from releases.content.documents.document import ReadDocument
from releases.content.documents.html_text import read_html
from releases.content.documents.plain_text import read_plain_text
from releases.content.documents.release_fields import find_fields
from releases.content.documents.word import read_word
from releases.content.markdown import render
from tests.content.documents import making
from tests.visible import count_words, visible_text

RUNS = int(os.environ.get("DOCUMENT_RUNS", "20"))
SAMPLES = 9  # of each clipboard
READABLE = {"formats": ("decimal",), "texts": ("%1.",)}  # what a list of HTML can say


def told(reading):
    """All words, in the order in which a reader meets them."""
    found = find_fields(reading.lines)
    parts = [*found.embargoes, *found.left_out, found.title, found.byline, found.day_line]
    parts += [visible_text(render(found.body)), found.contacts, *(" ".join(annex) for annex in found.annexes)]
    return " \n".join([*reading.edges, *reading.left_out, *parts])


def differ(expected, shown):
    before, after = count_words(expected), count_words(shown)
    return {"lost": dict(before - after), "new": dict(after - before)} if before != after else {}


@pytest.mark.parametrize("first", range(0, RUNS, 20))
def test_a_word_file(first):
    wrong = {}
    for seed in range(first, min(first + 20, RUNS)):
        outline = making.make_outline(seed)
        outline.header = f"Desk {seed}" if seed % 3 == 0 else ""
        outline.box = f"Box {seed} of quays" if seed % 4 == 0 else ""
        if found := differ(outline.seen, told(read_word(making.make_word(outline)))):
            wrong[seed] = found
    assert wrong == {}


@pytest.mark.parametrize("program", making.CLIPBOARDS)
def test_a_clipboard(program):
    wrong = {}
    for seed in range(SAMPLES):
        outline = making.make_outline(1000 + seed, **READABLE)
        reading = read_html(making.CLIPBOARDS[program](outline))
        if found := differ(outline.seen, told(reading)):
            wrong[seed] = found
    assert wrong == {}


@pytest.mark.parametrize("seed", range(SAMPLES))
def test_plain_text_of_a_word_processor(seed):
    outline = making.make_outline(2000 + seed)
    lines = [
        "\n".join("\t".join(row) for row in piece.rows)
        if piece.rows
        else f"{piece.marker or '•' * (piece.kind == 'bullet')}\t{''.join(run.text for run in piece.runs)}".strip()
        for piece in outline.pieces
    ]
    for piece in outline.pieces:
        piece.note = ""
    assert differ(outline.seen, told(ReadDocument(read_plain_text("\r\n".join(lines))))) == {}


def test_numbers_stay_in_their_order():
    for seed in range(8):
        outline = making.make_outline(seed, **READABLE)
        for piece in outline.pieces:
            piece.note = ""
        markers = [piece.marker[:-1] for piece in outline.pieces if piece.kind == "number"]
        body = find_fields(read_word(making.make_word(outline)).lines).body
        assert re.findall(r"^(\d+)\. ", body, re.MULTILINE) == markers


@pytest.mark.program("soffice", "libreoffice-writer")
def test_a_word_file_as_libreoffice_reads_it(tmp_path):
    """An office that is not ours says which words and numbers the file shows."""
    outlines = {seed: making.make_outline(seed) for seed in range(RUNS)}
    for seed, outline in outlines.items():
        for piece in outline.pieces:
            piece.note = ""  # LibreOffice's plain text has no footnotes
        (tmp_path / f"{seed}.docx").write_bytes(making.make_word(outline))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    files = sorted(map(str, tmp_path.glob("*.docx")))
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "txt:Text (encoded):UTF8",
        "--outdir",
        str(tmp_path),
        *files,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    wrong = {}
    for seed in outlines:
        seen = (tmp_path / f"{seed}.txt").read_text("utf-8-sig")
        if found := differ(seen, told(read_word((tmp_path / f"{seed}.docx").read_bytes()))):
            wrong[seed] = found
    assert wrong == {}


def test_the_check_sees_a_word_that_is_lost():
    assert differ("one two two", "one two") == {"lost": {"two": 1}, "new": {}}
    assert Counter() == count_words("")
