"""When the words of releases are written, and that they are the same whoever writes them."""

from django.db import connection

from releases.models import Edition
from releases.services.search import index_editions, index_missing
from releases.services.search.engine import EDITIONS, delete_row
from releases.services.search.indexing import BATCH
from tests.sites import PDF


def words_of(edition):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT title, lead, words FROM {EDITIONS} WHERE rowid = %s", [edition.pk])
        return cursor.fetchone()


def test_an_import_writes_the_words_that_an_approval_writes(old_site):
    old_site.write("files/annex a.pdf", PDF)
    old_site.post(
        title="A treaty on fish & chips",
        description="In short",
        body="**Sounds** & 数字经济\n\n[Annex A: Boundaries](/files/annex%20a.pdf)\n\nIssued by: Ministry of Health\n",
    )
    old_site.load()
    edition = Edition.objects.get()
    imported = words_of(edition)
    assert all(word in str(imported) for word in ("treati", "字经", "boundari", "health", "short"))
    index_editions([edition])
    assert words_of(edition) == imported


def test_more_posts_than_a_batch_holds_are_all_indexed(old_site):
    for number in range(BATCH + 3):
        old_site.post(f"2024-03-01-p{number}.md", title=f"Number {number}")
    old_site.post("2024-03-02-draft.md", title="A draft", published="false")
    old_site.load()
    indexed = [edition.title for edition in Edition.objects.all() if words_of(edition)]
    assert len(indexed) == BATCH + 3 and "A draft" not in indexed


def test_words_that_a_killed_import_left_out_are_written_when_it_runs_again(old_site):
    old_site.post()
    old_site.load()
    edition = Edition.objects.get()
    before = words_of(edition)
    delete_row(EDITIONS, edition.pk)
    assert old_site.load().unchanged == 1
    assert words_of(edition) == before


def test_indexing_what_is_missing_leaves_the_rest_alone(old_site):
    old_site.post()
    old_site.load()
    told = []
    index_missing(lambda rows, title: told.append(list(rows)) or rows)
    assert told == [[]]
