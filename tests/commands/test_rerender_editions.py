import sqlite3

from releases.content.markdown import RENDERER_VERSION
from tests.commands.conftest import error


def test_it_tells_how_many_bodies_changed_and_why(newsroom, site):
    newsroom.run("import_posts", site.root)
    assert newsroom.run("rerender_editions").stdout.startswith(
        f"1 bodies rendered by version {RENDERER_VERSION}: 0 changed"
    )
    with sqlite3.connect(newsroom.database) as database:
        database.execute("UPDATE releases_edition SET body_html = '<p>Other</p>', renderer_version = 1")
    assert newsroom.run("rerender_editions", "--outdated").stdout == (
        f"1 bodies rendered by version {RENDERER_VERSION}: 1 changed, 1 of them in their words.\n"
        "1 were rendered by version 1 before.\n"
    )
    assert newsroom.run("rerender_editions", "--outdated").stdout.startswith("0 bodies")


def test_a_database_that_cannot_be_written_is_one_line(newsroom, site):
    newsroom.run("import_posts", site.root)
    with sqlite3.connect(newsroom.database) as database:
        database.execute("DROP TABLE releases_ledgerentry")
        database.execute("UPDATE releases_edition SET body_html = '<p>Other</p>', renderer_version = 1")
    assert error(newsroom.run("rerender_editions")).startswith("CommandError: ")
