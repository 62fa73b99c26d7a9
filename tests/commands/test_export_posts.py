import shutil

from tests.commands.conftest import Newsroom, error


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_an_untouched_site_comes_out_byte_for_byte(newsroom, site, tmp_path):
    site.post("2024-03-05-crlf.md", body="One\r\n\r\n1. Two\r\n", title='"Odd: title"')
    site.write("files/Unused file (1).pdf", b"%PDF-1.4 unused")
    newsroom.run("import_posts", site.root)
    done = newsroom.run("export_posts", tmp_path / "out")
    assert done.stdout == "2 posts: 2 byte for byte as they came, 0 written anew. 2 files.\n"
    before, after = files_of(site.root), files_of(tmp_path / "out")
    assert {path: after.get(path) for path in before} == before


def test_a_folder_with_something_in_it_is_left_alone(newsroom, site):
    before = files_of(site.root)
    assert error(newsroom.run("export_posts", site.root)) == f"CommandError: {site.root} is not empty."
    assert files_of(site.root) == before


def test_what_comes_out_goes_in_again_and_is_the_same(newsroom, migrated, site, tmp_path):
    newsroom.run("import_posts", site.root)
    newsroom.run("export_posts", tmp_path / "out")
    shutil.copytree(migrated, tmp_path / "second")
    second = Newsroom(tmp_path / "second")
    assert second.run("import_posts", tmp_path / "out").returncode == 0
    assert second.run("site_digest").stdout == newsroom.run("site_digest").stdout


def test_redirects_come_out_as_they_went_in(newsroom, site, tmp_path):
    site.write("_redirects", "/content/* https://else.example/:splat 302\n/gone / 410\n")
    newsroom.run("import_posts", site.root)
    newsroom.run("export_posts", tmp_path / "out")
    assert (
        tmp_path / "out/_redirects"
    ).read_text() == "/content/* https://else.example/:splat 301\n/gone / 410\n"
