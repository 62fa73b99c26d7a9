from django.apps import apps

from tests.factories import make_live
from tests.models.test_rules import refused


def test_what_real_transactions_wrote_is_gone_and_the_rules_stand(transactional_db, emptied):
    before = rows()
    make_live()
    assert rows() != before
    emptied.restore()
    assert rows() == before
    edition = make_live()
    assert refused("UPDATE releases_edition SET title = 'Changed' WHERE id = %s", edition.pk)


def rows():
    """How many there are of each model."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}
