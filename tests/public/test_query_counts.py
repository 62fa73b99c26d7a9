"""How many statements a list takes, outside of a transaction, in which facts would be asked for each reader."""

from operator import gt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from releases.services.editions.facts import forget_facts
from tests.factories import make_live

pytestmark = pytest.mark.usefixtures("transactional_db")
MOST_QUERIES = {
    "/releases/": (4, 16),
    "/releases/?q=fish": (4, 23),
    "/releases/?agency=mti&year=2024": (5, 18),
    "/releases/?agency=mti&agency=imda&from=2024-01-01": (5, 20),
    "/news/press-releases/": (6, 19),
}


@pytest.mark.parametrize("count", [1, 25])
def test_a_list_and_a_search_take_few_queries_with_their_counts(client, count):
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
