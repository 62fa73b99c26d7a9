import pytest

from tests.stories.newsroom import Newsroom


@pytest.fixture
def newsroom(db, monkeypatch):
    return Newsroom(monkeypatch)
