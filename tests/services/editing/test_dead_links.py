import pytest

from releases.services.editing.checks import checks
from tests.factories import make_edition, make_live, make_section

pytestmark = pytest.mark.django_db
ANNEX = ("/files/2026/1f/key features.pdf", b"%PDF-1", "Annex A", "Key features")


def dead(body, **fields):
    fields.setdefault("annexes", [ANNEX])
    return [(one.target, one.likely) for one in checks(make_edition(body=body, **fields)) if one.blocks]


@pytest.mark.parametrize(
    "target, likely",
    [
        ("www.example.gov.sg", "https://www.example.gov.sg"),
        ("example.org/path?q=1#part", "https://example.org/path?q=1#part"),
        ("example.org:8443/report.pdf", "https://example.org:8443/report.pdf"),
        ("https//example.org/a", "https://example.org/a"),
        ("http:/example.org", "http://example.org"),
        ("press@example.org", "mailto:press@example.org"),
        ("annex a", "/files/2026/1f/key%20features.pdf"),
        ("annex-a.pdf", "/files/2026/1f/key%20features.pdf"),
        ("key_features.pdf", "/files/2026/1f/key%20features.pdf"),
        ("annex b", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_target_that_leads_nowhere_blocks_and_what_was_meant_is_offered(target, likely):
    assert dead(f"[our page]({target})") == [(target, likely)]


def test_a_picture_and_an_html_link_count_too():
    assert dead('![A map](www.example.org/map.png) <a href="www.example.org">x</a>') == [
        ("www.example.org", "https://www.example.org"),
        ("www.example.org/map.png", "https://www.example.org/map.png"),
    ]


def test_the_words_of_a_link_tell_which_annex_was_meant():
    assert dead("See [Annex A](/files/old.pdf) and [Annex A]().") == [
        ("/files/old.pdf", "/files/2026/1f/key%20features.pdf"),
        ("", "/files/2026/1f/key%20features.pdf"),
    ]


def test_what_leads_somewhere_or_to_another_site_stops_nobody():
    make_section()
    make_live(permalink="/news/press-releases/other/")
    body = (
        "[a](https://example.org) [b](//example.org/x) [c](mailto:press@example.org) [d](tel:+6560000000) [e](#p1)"
        " [f](../other/) [g](/) A note[^1](said aside).\n\n[^1]: The note."
    )
    assert dead(body, permalink="/news/press-releases/this/") == []
