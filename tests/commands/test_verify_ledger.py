import sqlite3


def test_an_imported_site_is_as_it_was_recorded_until_somebody_changes_it_by_hand(newsroom, site):
    newsroom.run("import_posts", site.root)
    assert newsroom.run("verify_ledger", "--files").stdout.startswith("All is as it was recorded.")
    with sqlite3.connect(newsroom.database) as database:
        database.execute("DROP TRIGGER edition_immutable")
        database.execute("UPDATE releases_edition SET title = 'Another title'")
    found = newsroom.run("verify_ledger")
    assert found.returncode == 1
    assert found.stderr.splitlines() == [
        "Another title (version 1) at /news/press-releases/good/ is not what was approved.",
        "CommandError: Not as it was recorded: 1.",
    ]
