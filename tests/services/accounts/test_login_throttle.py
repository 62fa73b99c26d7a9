from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from releases.models import SignInCount
from releases.services.accounts import login_throttle
from tests.factories import NOON


def guess(_):
    try:
        return login_throttle.is_allowed("anna", "192.0.2.7", NOON)
    finally:
        connection.close()


@pytest.mark.postgres
def test_connections_count_together(django_db_setup, django_db_blocker):
    """As processes do; outside a test's own transaction, so it tidies up itself."""
    with django_db_blocker.unblock():
        try:
            with ThreadPoolExecutor(8) as pool:
                tries = list(pool.map(guess, range(32)))
        finally:
            SignInCount.objects.all().delete()
            connection.close()
    assert sum(tries) == login_throttle.MOST_FOR_A_NAME
