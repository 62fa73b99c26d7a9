"""How many statements a page takes, outside of a transaction, in which facts would be asked for each reader."""

from operator import gt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from releases.services.editions.facts import forget_facts
from tests.factories import make_live

pytestmark = pytest.mark.usefixtures("transactional_db")
MOST_QUERIES = {
    "/": (1, 8),
    "/agencies/": (2, 6),
    "/archive/": (2, 5),
    "/agreements/": (2, 5),
    "/releases/": (4, 7),
    "/releases/?q=fish": (4, 14),
    "/releases/?agency=mti&year=2024": (5, 9),
    "/releases/?agency=mti&agency=imda&from=2024-01-01": (5, 12),
    "/news/press-releases/": (6, 10),
}


@pytest.mark.parametrize("count", [1, 25])
def test_a_page_takes_few_queries_with_its_counts(client, count):
    """For a reader, and for the first of a content version, who finds out what others are given."""
    for _ in range(count):
        make_live(body_html="<p>fish</p>", annexes=[("/files/x.pdf", b"%PDF-1")])
    taken = {}
    for path in MOST_QUERIES:
        forget_facts()
        first, later = asked(client, path), asked(client, path)
        taken[path] = (later, first)
    assert not {path: both for path, both in taken.items() if any(map(gt, both, MOST_QUERIES[path]))}


def asked(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)
