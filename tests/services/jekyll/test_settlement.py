"""What people settle after they have read a report: pictures that they saved, files that they chose."""

import pytest

from releases.content.files.foreign_pictures import name_picture
from releases.models import Annex, Edition, Illustration
from releases.services.jekyll.exporter import export_site
from releases.services.jekyll.importer import import_site
from releases.services.jekyll.settlement import NoTable, Settlement, read_candidates, write_candidates
from tests.sites import AT, PDF, SiteFolder

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n a picture"
CHART = "https://pics.example/u/chart.png"
BARE = "https://pics.example/assets/17-af"
ERROR = "https://pics.example/gone.png"
BODY = (
    f"![A chart]({CHART})\n\n<img src='{BARE}' alt='Bare'>\n\n![Gone]({ERROR})\n\n"
    "[Annex A](/file/annex-a.pdf), [Annex B](/files/old/annex-b.pdf), [Annex C](/files/old/annex-c.pdf)\n"
)


@pytest.fixture
def folder(tmp_path):
    folder = SiteFolder(tmp_path / "site")
    folder.write("files/2024/annex-a.pdf", PDF + b"a")
    folder.write("files/2024/annex-b.pdf", PDF + b"b")
    folder.write("files/2023/annex-c.pdf", PDF + b"c")
    folder.write("files/2024/annex-c.pdf", PDF + b"d")
    folder.post(body=BODY)
    return folder


def load(root, **settled):
    return import_site(
        root, at=AT, dry_run=False, progress=lambda rows, title: rows, settlement=Settlement(**settled)
    )


def test_saved_pictures_and_chosen_files_come_in_and_stay(folder, tmp_path):
    first = folder.load()
    assert [(row["image"], row["save_as"]) for row in first.foreign_images] == [
        (one, name_picture(one)) for one in (CHART, BARE, ERROR)
    ]
    saved, table = tmp_path / "saved", tmp_path / "candidates.csv"
    assert write_candidates(table, first.unresolved)
    lines = table.read_text().splitlines()
    post = "news/press-releases/_posts/2024-03-01-a.md"
    assert lines == [
        "post,target,file",
        f"{post},/file/annex-a.pdf,files/2024/annex-a.pdf",
        f"{post},/files/old/annex-b.pdf,files/2024/annex-b.pdf",
    ]
    table.write_text("\n".join([*lines[:2], f"{post},/lost.pdf,files/2024/annex-a.pdf"]))
    saved.mkdir()
    (saved / name_picture(CHART)).write_bytes(PNG)
    (saved / f"{name_picture(BARE)}.png").write_bytes(PNG + b"2")
    (saved / name_picture(ERROR)).write_bytes(b"<html>Not found</html>")
    (saved / "holiday.png").write_bytes(PNG)
    second = load(folder.root, pictures=saved, candidates=read_candidates(table))
    assert second.updated == 1
    assert sorted(row["post"] for row in second.warnings) == sorted(
        [post, name_picture(ERROR), "holiday.png"]
    )
    assert [row["image"] for row in second.foreign_images] == [ERROR]
    edition = Edition.objects.get(number=2)
    shown = [
        f"/images/from-other-sites/{name_picture(CHART)}",
        f"/images/from-other-sites/{name_picture(BARE)}.png",
    ]
    assert edition.body == BODY.replace(CHART, shown[0]).replace(BARE, shown[1]).replace(
        "/file/annex-a.pdf", "/files/2024/annex-a.pdf"
    )
    assert sorted(Illustration.objects.values_list("address__path", flat=True)) == sorted(shown)
    assert list(Annex.objects.values_list("address__path", flat=True)) == ["/files/2024/annex-a.pdf"]
    assert load(folder.root, pictures=saved, candidates=read_candidates(table)).unchanged == 1
    assert folder.load().unchanged == 1

    export_site(tmp_path / "out", at=AT, progress=lambda rows, title: rows)
    assert (tmp_path / "out" / post).read_bytes() == (folder.root / post).read_bytes()
    assert (tmp_path / "out" / shown[0].lstrip("/")).read_bytes() == PNG


def test_pictures_that_an_export_brought_along_are_shown_again(folder):
    folder.write(f"images/from-other-sites/{name_picture(CHART)}", PNG)
    report = folder.load()
    assert CHART not in [row["image"] for row in report.foreign_images]
    assert Illustration.objects.get().address.path.endswith("-chart.png")


@pytest.mark.parametrize("text", [b"post,target\na,b\n", b"\xff\xfe\x00", b"a;b;c\n1;2;3\n"])
def test_a_table_that_is_none_is_refused_in_words(tmp_path, text):
    table = tmp_path / "table.csv"
    table.write_bytes(text)
    with pytest.raises(NoTable, match=r"table\.csv"):
        read_candidates(table)
