"""A database with releases in it takes a migration that rebuilds their table, and has its rules again afterwards."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from releases.models import Edition
from tests.factories import make_live


@pytest.mark.usefixtures("transactional_db")
def test_a_newsroom_in_use_can_be_migrated():
    edition = make_live(title="Kept")
    call_command("migrate", "releases", "0011", verbosity=0)
    call_command("migrate", verbosity=0)
    assert Edition.objects.get(pk=edition.pk).title == "Kept"
    with pytest.raises(DatabaseError, match="does not change"), connection.cursor() as cursor:
        cursor.execute("UPDATE releases_edition SET title = 'Changed' WHERE id = %s", [edition.pk])
