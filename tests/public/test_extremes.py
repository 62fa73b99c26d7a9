"""None, one and very many; the longest that archives hold."""

import gzip
import re

import pytest
from django.utils import timezone

from releases.content.markdown import render
from releases.services.agencies import statistics
from tests.factories import make_agency, make_live, make_many, make_section

pytestmark = pytest.mark.django_db
LISTS = [
    "/",
    "/news/press-releases/",
    "/releases/",
    "/agencies/",
    "/agencies/mti/",
    "/archive/",
    "/archive/2024/",
    "/archive/2024/3/",
]
MANY = 10_000


def weight(response):
    assert response.status_code == 200
    return len(gzip.compress(response.content, 9))


@pytest.mark.parametrize("path", ["/", "/news/press-releases/", "/releases/", "/agencies/", "/archive/"])
def test_a_list_of_nothing_says_so(client, path):
    make_section()
    page = client.get(path).content.decode()
    assert "<h1" in page and "<h3>" not in page and "<table" not in page
    assert any(
        words in page for words in ("There are no releases", "No releases match", "No agency has issued")
    )


@pytest.mark.parametrize("path", LISTS)
def test_a_list_of_one_is_whole(client, path):
    make_many(1)
    page = re.sub("<script.*?</script>", "", client.get(path).content.decode(), flags=re.DOTALL)
    assert page.count("One of many") == (0 if path in ("/agencies/", "/archive/") else 1)
    assert 'rel="next"' not in page


def test_lists_of_ten_thousand_stay_light_and_lead_on(client):
    make_many(MANY, title="T" * 269)
    for path in LISTS:
        response = client.get(path)
        page = response.content.decode()
        assert weight(response) < 14_000
        assert page.count("<h3>") <= 20
        if path not in ("/", "/agencies/", "/agencies/mti/", "/archive/"):
            assert 'rel="next"' in page
    assert "10,000 releases" in client.get("/releases/").content.decode()
    assert "(10,000)" in client.get("/").content.decode()


def test_a_release_of_17876_words_and_286_paragraphs_is_whole(client):
    words = [f"word{number}" for number in range(17_876)]
    items = [" ".join(words[start : start + 62]) for start in range(0, 286 * 62, 62)]
    body = "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1))
    body += "\n\n" + " ".join(words[286 * 62 :])
    issuers = [make_agency(f"agency-{number}", f"Agency {number}", f"A{number}") for number in range(12)]
    annexes = [
        (f"/files/{number}.pdf", b"%%PDF-1 %d" % number, f"Annex {number}", "T" * 120) for number in range(16)
    ]
    make_live(
        permalink="/long/",
        title="Title " * 44,
        body=body,
        body_html=render(body),
        issuers=issuers,
        annexes=annexes,
    )
    response = client.get("/long/")
    page = response.content.decode()
    assert weight(response) < 50_500
    shown = re.sub(r"<[^>]*>", " ", page[page.index("release-body") :])
    assert re.findall(r"word\d+", shown) == words
    assert re.findall(r'<li id="p(\d+)"', page) == [str(number) for number in range(1, 287)]
    assert all(f">Agency {number}<" in page for number in range(12))
    assert page.count('<li class="card">') == 16


def test_the_matrix_keeps_to_the_most_active_agencies(client):
    issuers = [make_agency(f"agency-{number}", f"Agency {number}", f"A{number}") for number in range(30)]
    make_live(issuers=issuers)
    now = timezone.now()
    matrix = statistics.build_matrix(now)
    assert len(matrix.columns) == len(matrix.rows) == statistics.MATRIX_SIZE - 1
    assert [cells.count(None) for _, cells in matrix.rows] == list(range(statistics.MATRIX_SIZE - 1))
