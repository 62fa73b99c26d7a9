"""A newsroom carries its own name, wherever it names itself."""

import re

import pytest
from django.utils import timezone

from tests.factories import make_live

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/releases/", "/agencies/", "/no-such-page/", "/news/named/"])
def test_a_page_carries_the_name_of_the_newsroom(client, settings, path):
    settings.SITE_NAME = "Harbours & Ports"
    make_live(permalink="/news/named/")
    page = client.get(path).content.decode()
    assert re.search(r'<a class="name" href="/">\s*Harbours &amp; Ports\s*</a>', page)
    assert "Harbours &amp; Ports" in page.partition("<title>")[2].partition("</title>")[0]
    assert "Press Room" not in page


@pytest.mark.parametrize(
    "path", ["/releases/feed.atom", "/releases/feed.json", "/sitemap-news.xml", "/feeds/", "/accessibility/"]
)
def test_what_programs_read_carries_the_name_of_the_newsroom_too(client, settings, path):
    settings.SITE_NAME = "Harbours Office"
    make_live(at=timezone.now())
    answer = client.get(path).content.decode()
    assert "Harbours Office" in answer and "Press Room" not in answer
