from pathlib import Path

ANNEX = (
    "files/Press Releases 2023/annex a: key features of the korea-singapore digital partnership agreement.pdf"
)
SAMPLE = Path(__file__).resolve().parents[2] / "fixtures/site"


def test_files_wait_for_the_worker_or_are_read_at_once(newsroom, site):
    site.write("files/a.pdf", (SAMPLE / ANNEX).read_bytes())
    newsroom.run("import_posts", site.root)
    assert newsroom.run("inspect_files").stdout == "1 files are waiting for the worker.\n"
    assert newsroom.run("inspect_files", "--now").stdout == "1 files read, 0 with a problem.\n"
    assert newsroom.run("inspect_files", "--now").stdout == "0 files read, 0 with a problem.\n"


def test_a_damaged_file_is_counted_and_stops_nothing(newsroom, site):
    newsroom.run("import_posts", site.root)
    assert newsroom.run("inspect_files", "--now").stdout == "1 files read, 1 with a problem.\n"
