import sqlite3

from tests.commands.conftest import error


def blobs(newsroom):
    return [file for file in (newsroom.folder / "media/blobs").rglob("*") if file.is_file()]


def make_unused(newsroom, site):
    """Two files of which nothing needs the second any more, since nine days."""
    site.write("files/b.pdf", b"%PDF-1.4 that nobody needs")
    newsroom.run("import_posts", site.root)
    with sqlite3.connect(newsroom.database) as database:
        database.execute("DELETE FROM releases_sitefile")
        database.execute("UPDATE releases_blob SET stored_at = '2020-01-01 00:00:00'")


def test_a_dry_run_names_what_would_go_and_removes_nothing(newsroom, site):
    make_unused(newsroom, site)
    done = newsroom.run("prune_files", "--dry-run")
    first, last = done.stdout.splitlines()
    assert first.endswith(": application/pdf, 26 bytes, 2020-01-01")
    assert last == "1 files, 26 bytes, would be removed."
    assert len(blobs(newsroom)) == 2


def test_it_removes_what_it_names_and_the_rest_is_as_it_was_recorded(newsroom, site):
    make_unused(newsroom, site)
    named = newsroom.run("prune_files", "--dry-run").stdout.splitlines()[0]
    done = newsroom.run("prune_files")
    assert done.stdout.splitlines() == [named, "1 files, 26 bytes, removed."]
    assert len(blobs(newsroom)) == 1
    assert newsroom.run("verify_ledger", "--files").returncode == 0
    assert newsroom.run("prune_files").stdout == "0 files, 0 bytes, removed.\n"


def test_the_store_of_another_database_is_one_clear_line(newsroom, site):
    newsroom.run("import_posts", site.root)
    with sqlite3.connect(newsroom.database) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("DELETE FROM releases_blob")
    assert "Is it the right database? Nothing was removed." in error(newsroom.run("prune_files"))
    assert len(blobs(newsroom)) == 1
