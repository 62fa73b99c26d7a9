import io
import zipfile

import pytest

from releases.models import Blob
from releases.services.files.storage import store_bytes, store_file

pytestmark = pytest.mark.django_db
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def document():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/film.bin", bytes(3_000_000))
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("word/document2.xml", "x")
    return stream.getvalue()


def test_a_file_is_known_by_its_end_too_whichever_way_it_comes(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(document())
    assert store_file(path).media_type == WORD
    Blob.objects.all().delete()
    assert store_bytes(document(), "a.docx").media_type == WORD


@pytest.mark.parametrize("earlier", ["application/octet-stream", "application/zip", "video/mp4"])
def test_what_an_earlier_version_did_not_know_is_known_when_it_is_brought_again(earlier):
    blob = store_bytes(document(), "a.docx")
    Blob.objects.filter(pk=blob.pk).update(media_type=earlier)
    assert store_bytes(document(), "a.docx").media_type == WORD


def test_a_type_that_is_known_stays_whatever_the_next_name_says():
    assert store_bytes(b"a,b", "a.csv").media_type == "text/csv"
    assert store_bytes(b"a,b", "a.txt").media_type == "text/csv"
    assert store_bytes(b"a,b", "a.html").media_type == "text/csv"
