"""What can't be read is named and stops nothing else."""

import os

import pytest

from releases.content.text.tokens import parse_query
from releases.models import Edition, LedgerEntry
from releases.services.jekyll.importer import NotASite
from releases.services.search import editions_with, format_match
from tests.factories import make_edition
from tests.sites import AT, PDF


@pytest.fixture
def good(old_site):
    old_site.post("2024-03-02-good.md", title="Good")
    return old_site


def reasons(report):
    return {row["path"].rsplit("/", 1)[-1]: row["reason"] for row in report.failed}


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"---\ntitle: a\n---\n" + b"x" * 300_001, "The text has 300,001 bytes; 300,000 are allowed."),
        (b"---\ntitle: a\n---\n" + b"x" * 2_100_000, "The post has 2,100,017 bytes; 2,000,000 are allowed."),
    ],
)
def test_a_bad_post_is_named_with_its_reason_and_the_others_come_in(good, content, reason):
    good.write("news/press-releases/_posts/2024-03-01-bad.md", content)
    report = good.load()
    assert reason in reasons(report)["2024-03-01-bad.md"]
    assert (report.posts, report.created) == (2, 1)
    assert list(Edition.objects.values_list("title", flat=True)) == ["Good"]


@pytest.mark.parametrize(
    "content, told",
    [
        (b"no front matter", "The file has no front matter"),
        (b"---\ntitle: &a [*a]\n---\n", "anchors and aliases are not allowed."),
        (b"---\ntitle: " + b"[" * 5000 + b"\n---\n", "nested too deeply"),
        (b"---\ntitle: a\npermalink: /admin/\n---\n", "belong to Press Room itself"),
        (b'---\ntitle: a\ndescription: "a\\0b"\n---\n', "description is no text that can be shown"),
        (b"---\ntitle: a\nexternal: see below\n---\n", "is not a web address"),
        (b"---\ntitle: " + b"a" * 501 + b"\n---\n", "The title has 501 characters"),
        (b"---\ntitle: a\nexternal: https://a.example/" + b"x" * 2000 + b"\n---\n", "has 2,018 characters"),
        (b"---\ntitle: a\npermalink: /" + b"x" * 1000 + b"/\n---\n", "has 1,002 characters"),
        (b"---\ntitle: a\nlang: [en]\ndate: 2021-02-32\n---\n", "The date '2021-02-32' can't be read"),
    ],
)
def test_no_part_of_a_post_takes_the_post_with_it(good, content, told):
    good.write("news/press-releases/_posts/2024-03-01-bad.md", content)
    report = good.load()
    assert (report.failed, report.created) == ([], 2)
    assert told in " ".join(
        str(row) for row in report.warnings if str(row["post"]).endswith("2024-03-01-bad.md")
    )
    assert Edition.objects.live(AT).count() == 2


def test_a_post_that_is_no_utf8_is_a_draft_as_jekyll_does_not_build_it(good):
    good.write("news/press-releases/_posts/2024-03-01-bad.md", b"---\ntitle: a\n---\ncaf\xe9")
    report = good.load()
    assert report.kept_back[0]["reason"] == "The file is not UTF-8 text, so Jekyll builds no page of it."
    assert Edition.objects.get(title="a", state="draft").body == "café"


def test_what_is_no_post_is_told_as_stray(good, tmp_path):
    posts = good.root / "news/press-releases/_posts"
    outside = tmp_path / "secret.md"
    outside.write_text("---\ntitle: Outside\n---\n")
    (posts / "2024-03-01-link.md").symlink_to(outside)
    (posts / "2024-03-01-loop.md").symlink_to("2024-03-01-loop.md")
    os.mkfifo(posts / "2024-03-01-pipe.md")
    (posts / "2024-03-01-folder.md").mkdir()
    (posts / ".2024-03-01-hidden.md").write_text("---\ntitle: Odd\n---\n")
    (posts / ".keep").write_text("")
    (posts / "2023-09019-odd.md").write_text("---\ntitle: Odd\n---\n")
    (posts / "2024-03-01-no-extension").write_text("---\ntitle: Odd\n---\n")
    (posts / "report.pdf").write_bytes(PDF)
    (posts / os.fsdecode(b"2024-03-01-\xff.md")).write_text("---\ntitle: Odd\n---\n")
    report = good.load()
    assert (report.posts, report.created, report.failed) == (1, 1, [])
    told = {row["path"].rsplit("/", 1)[-1]: row["reason"] for row in report.stray}
    assert sorted(told) == sorted(
        [
            "2024-03-01-link.md",
            "2024-03-01-loop.md",
            "2024-03-01-pipe.md",
            "2023-09019-odd.md",
            "2024-03-01-no-extension",
            "report.pdf",
            "2024-03-01-\\udcff.md",
            "2024-03-01-folder.md",
            ".2024-03-01-hidden.md",
        ]
    )
    assert told["2024-03-01-link.md"] == "It is a link that leads out of the folder, or nowhere."
    assert told["2024-03-01-pipe.md"] == "It is not a regular file."


def test_a_link_out_of_the_folder_is_no_file_of_the_site(good, tmp_path, client):
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(PDF)
    (good.root / "files").mkdir()
    (good.root / "files/a.pdf").symlink_to(secret)
    good.post(
        body="[Annex A](/files/a.pdf) [b](/files/../../secret.pdf) [c](/files/%2e%2e/%2e%2e/secret.pdf)\n"
    )
    report = good.load()
    assert (report.annex_links, report.annex_links_resolved) == (3, 0)
    assert client.get("/files/a.pdf").status_code == 404


def test_a_post_in_a_folder_that_a_slash_made_is_a_post(good):
    good.write(
        "news/press-releases/_posts/permalink: /x/2024-05-07-a.md",
        "---\ntitle: Deep\npermalink: /deep/\n---\n",
    )
    assert good.load().created == 2


def test_an_unreadable_picture_of_a_folder_is_no_reason_to_stop(good):
    (good.root / "images").mkdir()
    (good.root / "images/dangling.png").symlink_to("nowhere.png")
    assert good.load().created == 1


@pytest.mark.parametrize(
    "make", [lambda root: root / "nowhere", lambda root: root / "_config.yml", lambda root: root / "empty"]
)
def test_what_is_no_site_is_refused(old_site, make):
    (old_site.root / "empty").mkdir()
    with pytest.raises(NotASite):
        old_site.load(source=make(old_site.root).name)


def test_an_address_that_people_have_taken_is_named(good):
    good.load()
    make_edition(permalink="/news/taken/")
    good.post("2024-03-05-late.md", permalink="/news/taken/")
    report = good.load()
    assert reasons(report) == {
        "2024-03-05-late.md": "The address /news/taken/ is taken by a release that is in already."
    }


def test_a_post_that_the_database_refuses_takes_none_of_those_with_it_that_are_written_beside_it(good):
    make_edition(permalink="/news/taken/")
    good.post("2024-03-01-before.md", title="Before", body="[Map](/files/map.pdf)")
    good.post("2024-03-03-bad.md", permalink="/news/taken/", body="[Plan](/files/plan.pdf)")
    good.post("2024-03-04-after.md", title="After", body="[Plan](/files/plan.pdf)")
    for name in ("map", "plan"):
        good.write(f"files/{name}.pdf", PDF + name.encode())
    report = good.load()
    assert (report.created, list(reasons(report))) == (3, ["2024-03-03-bad.md"])
    found = editions_with(format_match(parse_query("plan").terms))
    assert [one.title for one in Edition.objects.filter(pk__in=found)] == ["After"]
    assert LedgerEntry.objects.broken() is None
    assert LedgerEntry.objects.filter(verb=LedgerEntry.Verb.IMPORT).count() == 3


def test_a_pdf_among_the_posts_and_a_post_without_its_ending_are_strays_with_advice(good):
    posts = good.root / "news/press-releases/_posts"
    (posts / "2025-09-10-file-Care week.pdf").write_bytes(PDF + b"\xff\xfe")
    (posts / "2020-07-22-Statement").write_text("---\ntitle: A statement\n---\nText.\n")
    report = good.load()
    assert (report.posts, report.failed) == (1, [])
    assert [row["reason"] for row in report.stray] == [
        "Its name is not that of a post (year-month-day-name and .md or another extension of texts)."
        " It reads like one; rename it to bring it in.",
        "It is a file among the posts; the old site did not serve it.",
    ]
