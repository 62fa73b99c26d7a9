"""The page of an annex: its text by page, its addresses, what it is."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases.services.publishing import approval, takedown
from releases.services.search import index_blob
from releases.templatetags.public_tags import language_name, paragraphs_of
from tests.factories import cleared, make_blob, make_live, make_next, make_user
from tests.markup import tidy

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


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


@pytest.mark.parametrize("name", ["thumbnail", "480"])
def test_a_browser_keeps_what_was_made_and_nobody_else_gets_it_once_it_is_removed(client, name):
    blob = make_blob(pages=1, thumbnail_width=10, thumbnail_height=10, copy_widths="480")
    for made in (blob.thumbnail, blob.copy(480)):
        made.parent.mkdir(parents=True)
        made.write_bytes(b"picture")
    release = annexed("/files/a.pdf", blob).release
    paths = (f"/annexes/{blob.pk}/{name}.webp", f"/annexes/{blob.pk}/")
    assert client.get(f"/annexes/{blob.pk}/999.webp").status_code == 404
    answer = client.get(paths[0])
    assert b"".join(answer) == b"picture"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    takedown.remove(release, actor=make_user(), reason="By order", at=timezone.now() - dt.timedelta(hours=1))
    answers = [client.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [410, 410]
    assert [answer["Cache-Control"] for answer in answers] == ["no-cache", "no-cache"]


DATA = b"%PDF-1.4 " + bytes(range(256)) * 4
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
KEPT = "private, max-age=31536000, immutable"


def test_the_address_of_a_digest_answers_as_the_old_address_and_may_be_kept(client, settings):
    old = "/files/a b.pdf"
    sha256 = make_live(permalink="/r/", annexes=[(old, DATA)]).annexes.get().blob_id
    path = f"/annexes/{sha256}/file"
    for headers in ({}, {"Range": "bytes=2-9"}, {"Range": "bytes=9999-"}, {"If-None-Match": f'"{sha256}"'}):
        for ask in (client.get, client.head):
            usual, kept = (ask(one, headers=headers) for one in (old, path))
            assert (kept.status_code, kept.getvalue()) == (usual.status_code, usual.getvalue())
            assert kept["Link"] == '</r/>; rel="up", </files/a%20b.pdf>; rel="canonical"'
            assert usual["Cache-Control"] == "no-cache"
            assert kept["Cache-Control"] == ("no-cache" if kept.status_code == 416 else KEPT)
            own = {"Link", "Cache-Control", "No-Vary-Search"}
            assert {*kept.items()} ^ {*usual.items()} <= {
                pair for answer in (kept, usual) for pair in answer.items() if pair[0] in own
            }
    settings.SENDFILE = "nginx"
    assert client.get(path)["X-Accel-Redirect"] == f"/_blobs/{sha256[:2]}/{sha256}"


def test_the_address_of_a_digest_costs_no_more_statements_than_the_old_one(
    client, django_assert_max_num_queries
):
    sha256 = make_live(annexes=[("/files/a.pdf", DATA)]).annexes.get().blob_id
    with CaptureQueriesContext(connection) as asked:
        client.get("/files/a.pdf")
    for path in (f"/annexes/{sha256}/file", f"/annexes/{sha256}/thumbnail.webp"):
        with django_assert_max_num_queries(len(asked)):
            client.get(path)


def test_what_is_hidden_replaced_or_removed_is_not_at_its_digest(client):
    now = timezone.now()
    first = make_live(at=now - 3 * HOUR, annexes=[("/files/a.pdf", DATA)], images=[("/images/a.png", PNG)])
    waiting = make_live(at=now + HOUR, permalink="/w/", annexes=[("/files/w.pdf", DATA + b"w")])
    paths = [
        f"/annexes/{row.blob_id}/file"
        for row in (first.annexes.get(), first.illustrations.get(), waiting.annexes.get())
    ]
    assert [client.get(path).status_code for path in paths] == [200, 200, 404]
    takedown.remove(first.release, actor=make_user(), reason="By order", at=now - 2 * HOUR)
    answers = [client.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [410, 410, 404]
    assert {answer["Cache-Control"] for answer in answers} == {"no-cache"}


def test_bytes_of_an_edition_that_was_replaced_are_not_at_their_digest(client):
    now = timezone.now()
    first = make_live(at=now - 3 * HOUR, annexes=[("/files/a.pdf", DATA)])
    second = make_next(first)
    second.annexes.update(blob=make_blob(DATA + b"2"))
    approval.approve(cleared(second), approver=make_user(), at=now - HOUR)
    paths = [f"/annexes/{edition.annexes.get().blob_id}/file" for edition in (first, second)]
    assert [client.get(path).status_code for path in paths] == [404, 200]
    assert client.get("/files/a.pdf").getvalue() == DATA + b"2"


def test_a_page_names_its_pictures_and_files_where_they_were_and_each_is_at_its_digest_too(client):
    edition = make_live(
        permalink="/r/",
        body_html='<p><img src="/images/a%20b.png" alt="A"> <img src="/images/other.png" alt="O">'
        ' <a href="/images/a%20b.png">Large</a></p>',
        annexes=[("/files/a.pdf", DATA)],
        images=[("/images/a b.png", PNG)],
    )
    page = tidy(client.get("/r/"))
    place = f"/annexes/{edition.illustrations.get().blob_id}/file"
    assert re.findall(r'<img [^>]*src="([^"]*)"', page) == ["/images/a%20b.png", "/images/other.png"]
    assert client.get(place).getvalue() == client.get("/images/a b.png").getvalue() == PNG
    assert 'href="/images/a%20b.png"' in page and 'href="/files/a.pdf"' in page
    assert client.get("/r/", headers={"Accept": "application/json"}).json()["body_html"] == edition.body_html


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
