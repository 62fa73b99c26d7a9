import json
import sqlite3

import pytest
from django.core.management import CommandError, call_command

from tests.commands.conftest import error
from tests.sites import PDF, SiteFolder


def titles(newsroom):
    with sqlite3.connect(newsroom.database) as database:
        return [title for (title,) in database.execute("SELECT title FROM releases_edition ORDER BY title")]


def test_an_import_tells_what_came_in_and_writes_its_report(newsroom, site, tmp_path):
    done = newsroom.run("import_posts", site.root, "--report", tmp_path / "report.json")
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout.startswith("1 post: 1 new, 0 changed, 0 unchanged, 0 failed.\n")
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["created"], report["annex_links"], report["annex_links_resolved"]) == (1, 1, 1)
    assert report["sections"]["/news/press-releases/"]["posts"] == 1


def test_a_second_import_changes_nothing(newsroom, site):
    newsroom.run("import_posts", site.root)
    before = newsroom.run("site_digest").stdout
    assert "0 new, 0 changed, 1 unchanged" in newsroom.run("import_posts", site.root).stdout
    assert newsroom.run("site_digest").stdout == before


def test_a_dry_run_writes_nothing(newsroom, site):
    done = newsroom.run("import_posts", site.root, "--dry-run")
    assert done.stdout.startswith("Dry run, nothing was written. 1 post: 1 new")
    assert titles(newsroom) == [] and not (newsroom.folder / "media").exists()


def test_a_failed_post_is_named_and_the_exit_status_tells(newsroom, site):
    site.write("news/press-releases/_posts/2024-03-01-bad.md", b"---\ntitle: a\n---\n" + b"x" * 300_001)
    done = newsroom.run("import_posts", site.root)
    assert done.returncode == 1
    assert (
        "Failed: news/press-releases/_posts/2024-03-01-bad.md: The text has 300,001 bytes; 300,000 are allowed."
        in done.stdout
    )
    assert titles(newsroom) == ["Good"]


@pytest.mark.parametrize(
    "source, reason",
    [
        ("nowhere", "CommandError: There is no folder or post at {source}."),
        ("empty", "CommandError: {source} holds no posts: no folder named _posts lies in it or below it."),
        (
            "notes.txt",
            "CommandError: {source} is neither a folder nor a post (year-month-day-name and an extension).",
        ),
    ],
)
def test_what_is_no_site_is_one_clear_line(newsroom, tmp_path, source, reason):
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("no post")
    place = tmp_path / source
    assert error(newsroom.run("import_posts", place)) == reason.format(source=place)


def test_a_locked_database_is_one_clear_line_and_nothing_is_lost(newsroom, site):
    newsroom.run("import_posts", site.root)
    site.post("2024-03-03-late.md", title="Late")
    with sqlite3.connect(newsroom.database, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        url = f"sqlite:///{newsroom.database}?timeout=1"
        done = newsroom.run("import_posts", site.root, DATABASE_URL=url)
        other.execute("ROLLBACK")
    assert (
        error(done)
        == "CommandError: The import stopped: the database says: database is locked. Run it again to go on."
    )
    assert titles(newsroom) == ["Good"]
    assert newsroom.run("import_posts", site.root).returncode == 0
    assert titles(newsroom) == ["Good", "Late"]


def test_a_database_that_is_gone_is_one_clear_line(newsroom, site):
    done = newsroom.run("import_posts", site.root, DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert error(done).startswith("CommandError: The import stopped: the database can't be reached:")


def test_a_database_without_tables_is_one_clear_line(newsroom, site, tmp_path):
    done = newsroom.run("import_posts", site.root, DATABASE_URL=f"sqlite:///{tmp_path}/new.sqlite3")
    assert "manage.py migrate" in error(done)


def test_a_full_disk_is_one_clear_line_and_the_next_run_goes_on(newsroom, site):
    newsroom.run("import_posts", site.root)
    site.write("files/large.pdf", b"%PDF-1.4 " + b"x" * 20_000_000)
    site.post("2024-03-04-large.md", title="Large", body="[Annex](/files/large.pdf)\n")
    done = newsroom.run("import_posts", site.root, largest_file=10_000_000)
    assert error(done).startswith("CommandError: The import stopped: File too large")
    assert titles(newsroom) == ["Good"]
    assert not [file for file in (newsroom.folder / "media").rglob("*") if file.name.startswith("tmp")]
    assert newsroom.run("import_posts", site.root).returncode == 0
    assert titles(newsroom) == ["Good", "Large"]


def test_a_report_that_cannot_be_written_is_one_clear_line_and_the_posts_are_in(newsroom, site, tmp_path):
    done = newsroom.run("import_posts", site.root, "--report", tmp_path / "no such folder" / "report.json")
    assert "report" in error(done)
    assert titles(newsroom) == ["Good"]


@pytest.mark.django_db
def test_the_table_of_candidates_lies_beside_the_report_and_is_taken_back(tmp_path, capsys):
    folder = SiteFolder(tmp_path / "site")
    folder.write("files/new/a.pdf", PDF)
    folder.post(body="[A](/files/old/a.pdf)\n")
    report, table = tmp_path / "r.json", tmp_path / "r-candidates.csv"
    call_command("import_posts", folder.root, report=report)
    assert f"run the import again with --take-candidates {table}" in capsys.readouterr().out
    call_command("import_posts", folder.root, report=report, take_candidates=table, fetch_pictures=tmp_path)
    assert "1 link to annexes: 1 leads to a file" in capsys.readouterr().out
    for option in ({"fetch_pictures": tmp_path / "none"}, {"take_candidates": report}):
        with pytest.raises(CommandError, match=r"none\. Save|r\.json lacks"):
            call_command("import_posts", folder.root, **option)
