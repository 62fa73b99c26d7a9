"""The page of an annex: its text by page, its addresses, what it is."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from releases.services.publishing import takedown
from releases.services.search import index_blob
from releases.templatetags.public_tags import language_name, paragraphs_of
from tests.factories import make_blob, make_live, make_user
from tests.markup import tidy

pytestmark = pytest.mark.django_db


def page_of(client, blob):
    return tidy(client.get(f"/annexes/{blob.pk}/"))


def annexed(path, blob, **fields):
    return make_live(annexes=[(path, blob.file.read_bytes(), "Annex A", "Figures")], **fields)


def test_every_address_of_a_file_is_shown_once_with_the_release_that_it_belongs_to(client):
    blob = make_blob(language="ms", pages=2)
    annexed("/files/a b.pdf", blob, title="First")
    annexed("/files/a b.pdf", blob, title="Second")
    annexed("/files/c.pdf", blob, title="Third")
    page = page_of(client, blob)
    places = page[page.index("<dt>Address</dt>") : page.index("<dt>Checksum</dt>")]
    assert re.findall(r'href="(/files/[^"]*)"', places) == ["/files/c.pdf", "/files/a%20b.pdf"]
    assert "First" not in places and "Third" in places
    assert "(<a" in places and blob.pk in page and "<dd>Malay</dd>" in page


def test_many_pages_lead_to_each(client):
    blob = make_blob(text="One.\fTwo.\fThree.", pages=3)
    index_blob(blob)
    annexed("/files/a.pdf", blob)
    page = page_of(client, blob)
    assert re.findall(r'href="(#page-\d)"', page) == ["#page-1", "#page-2", "#page-3"]
    assert re.findall(r'<h2 id="(page-\d)"', page) == ["page-1", "page-2", "page-3"]


def test_a_browser_keeps_a_thumbnail_and_nobody_else_gets_it_once_it_is_removed(client):
    blob = make_blob(pages=1, thumbnail_width=10, thumbnail_height=10)
    blob.thumbnail.parent.mkdir(parents=True)
    blob.thumbnail.write_bytes(b"picture")
    release = annexed("/files/a.pdf", blob).release
    paths = (f"/annexes/{blob.pk}/thumbnail.webp", f"/annexes/{blob.pk}/")
    answer = client.get(paths[0])
    assert b"".join(answer) == b"picture"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    takedown.remove(release, actor=make_user(), reason="By order", at=timezone.now() - dt.timedelta(hours=1))
    answers = [client.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [410, 410]
    assert [answer["Cache-Control"] for answer in answers] == ["no-cache", "no-cache"]


def test_marks_of_fonts_and_hyphens_are_read_as_they_look(client):
    blob = make_blob(text="France\x02Singapore\ufffepact\n\uf0b7 first\n\x01\x81second", pages=1)
    index_blob(blob)
    annexed("/files/a.pdf", blob)
    page = page_of(client, blob)
    assert "<p>France-Singapore-pact</p>" in page and "<p>• first second</p>" in page


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        ("A line that is as wide as its page\nruns on.", ["A line that is as wide as its page runs on."]),
        (
            "Payments\nElectronic payments are to work across.",
            ["Payments", "Electronic payments are to work across."],
        ),
        ("It ends here.\nAnother one begins.", ["It ends here.", "Another one begins."]),
        ("1. One of a long list of things\n2. Two", ["1. One of a long list of things", "2. Two"]),
        ("", []),
    ],
)
def test_lines_of_a_page_become_paragraphs(lines, paragraphs):
    assert paragraphs_of(lines) == paragraphs


@pytest.mark.parametrize(
    ("code", "name"), [("en", "English"), ("en-SG", "English"), ("ta", "Tamil"), ("x-none", "x-none")]
)
def test_a_language_is_named(code, name):
    assert language_name(code) == name


def test_numbers_that_browsers_read_are_not_grouped(client):
    """Those that people read are: page 1,000 is at #page-1000, and a tall thumbnail has its height in
    digits."""
    blob = make_blob(
        text="\f".join("Fish." for _ in range(1_000)),
        pages=1_000,
        thumbnail_width=200,
        thumbnail_height=1_200,
    )
    index_blob(blob)
    annexed("/files/a.pdf", blob, permalink="/news/tall/")
    page = page_of(client, blob)
    assert '<a href="#page-1000">Page 1,000</a>' in page and '<h2 id="page-1000">Page 1,000</h2>' in page
    for path in (f"/annexes/{blob.pk}/", "/news/tall/"):
        assert 'width="200" height="1200"' in tidy(client.get(path))
