"""Whatever a reader or a program asks, in whatever headers, it is answered: found, not found or refused, never a
fault, and nothing hidden.

More: QUESTIONS=10000 pytest --timeout 0 tests/public/test_any_question.py
"""

import os

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import make_agency, make_edition, make_live

pytestmark = pytest.mark.django_db
PATHS = st.sampled_from(
    """/ /releases/ /releases/feed.atom /releases/feed.json /releases/1/history/ /releases/1/changes/1/ /agencies/
    /agencies/mti/ /agreements/ /agreements/register.csv /archive/ /archive/2026/ /archive/2026/3/ /feeds/ /open-data/
    /opensearch.xml /sitemap.xml /sitemap-pages.xml /sitemap-2026-03.xml /language/ms/ /api/ /api/releases /api/agencies
    /api/agreements /news/a/ /files/a.pdf /annexes/0/ /accounts/preview/x/ /readyz""".split()
)
NAMES = st.sampled_from(
    "q agency agreement kind section year month from to before after page sort language permalink limit body form version"
    " at next since offset fields annexes".split()
)
ODD = st.sampled_from(
    [
        "-1",
        "0",
        "1e9",
        "NaN",
        "9" * 40,
        "\x00",
        "\ud7ff",
        "%",
        "'",
        '"<b>',
        "../..",
        "2026-02-30",
        "\u202e",
        "*",
        '"a',
        "a OR",
    ]
)
TEXTS = st.one_of(ODD, st.text(st.characters(codec="utf-8"), max_size=30), st.integers().map(str))
QUESTIONS = st.lists(st.tuples(NAMES, TEXTS), max_size=5)
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "Accept",
            "Accept-Language",
            "Range",
            "If-None-Match",
            "If-Modified-Since",
            "Cookie",
            "Accept-Encoding",
        ]
    ),
    st.one_of(
        st.sampled_from(
            ["application/json", "text/markdown;q=x", "bytes=5-1", "bytes=-0", "*", 'W/"', "sessionid=x"]
        ),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    ),
    max_size=3,
)
SECRET = "Kanarititle"


@settings(
    max_examples=int(os.environ.get("QUESTIONS", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(path=PATHS, question=QUESTIONS, headers=HEADERS)
def test_any_question_is_answered(newsroom, path, question, headers):
    answer = Client(raise_request_exception=False).get(path, question, headers=headers)
    assert answer.status_code < 500
    assert SECRET.encode() not in b"".join(answer)


@pytest.fixture
def newsroom():
    make_live(
        permalink="/news/a/", issuers=[make_agency()], annexes=[("/files/a.pdf", b"%PDF-1.4", "A", "Map")]
    )
    make_edition(permalink="/news/hidden/", title=SECRET)
