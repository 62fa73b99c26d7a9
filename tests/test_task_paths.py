import pytest
from django.utils.module_loading import import_string

from releases.services.agreements import suggestions
from releases.services.files import inspection


@pytest.mark.parametrize(
    ("path", "task"),
    [
        ("releases.services.inspecting.inspect_blob", inspection.inspect_blob),
        ("releases.services.suggesting.suggest_for_all", suggestions.suggest_for_all),
    ],
)
def test_a_task_that_an_earlier_version_queued_is_still_found(path, task):
    assert import_string(path) is task
