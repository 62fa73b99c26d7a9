import pytest
from django.db import connection

from releases.models import rules
from tests.sites import SiteFolder, load_agencies


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Every test has a store of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def emptied(transactional_db):
    """A database that is emptied by deleting rows afterwards, which the rules would refuse."""
    yield
    rules.uninstall(connection)


@pytest.fixture
def old_site(db, tmp_path):
    """An empty site to write posts into, and the agencies that its bylines name."""
    load_agencies()
    return SiteFolder(tmp_path / "site")
