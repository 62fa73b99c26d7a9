import pytest

from releases.models import Annex
from releases.services.editing import drafts
from tests.factories import make_blob, make_edition

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "media_type, is_read", [("application/pdf", True), ("text/csv", False)], ids=["a PDF", "a table"]
)
def test_the_worker_reads_what_an_editor_attaches(media_type, is_read, django_capture_on_commit_callbacks):
    blob = make_blob(b"%PDF-1.4 chosen by an editor", media_type)
    with django_capture_on_commit_callbacks(execute=True):
        drafts.attach(make_edition(), Annex(label="Annex A"), blob, "a.pdf")
    blob.refresh_from_db()
    assert bool(blob.inspected_at) == is_read
