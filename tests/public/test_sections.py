"""Pages of sections: what lies below them, and one page after the other."""

import datetime as dt
import re

import pytest

from tests.factories import make_live, make_section
from tests.markup import tidy

pytestmark = pytest.mark.django_db


def test_a_room_lists_what_lies_in_its_sections(client):
    room = make_section("/news/", "News")
    make_live(title="Inside", section=make_section("/news/speeches/", "Speeches", parent=room))
    page = tidy(client.get("/news/"))
    assert "Inside" in page
    assert '<a href="/news/speeches/">Speeches</a>' in page


def test_paging_by_position_shows_each_release_once(client):
    for number in range(45):
        make_live(title=f"Number {number:02}", release_date=dt.date(2024, 3, 1 + number // 15))
    seen, path = [], "/news/press-releases/"
    while path:
        page = tidy(client.get(path))
        seen += re.findall(r"<h3><a [^>]*>([^<]*)", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = older[1] if older else ""
    assert len(seen) == 45
    assert sorted(set(seen)) == [f"Number {number:02}" for number in range(45)]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "1-2",
        "20240301-x-1",
        "99999999-1-1",
        "20240301-1-99999999999999999999",
        "--",
        "20240301-" + "9" * 30 + "-1",
    ],
)
def test_a_position_that_nobody_was_given_is_not_found(client, cursor):
    make_live()
    assert client.get("/news/press-releases/", {"before": cursor}).status_code == 404
