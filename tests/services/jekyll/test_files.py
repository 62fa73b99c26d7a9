"""Annexes, pictures, issuers, redirects, and the files that no post uses."""

import datetime as dt

import pytest

from releases.models import Address, Annex, Blob, Edition, Illustration, Redirect, SiteFile
from releases.services.publishing import approval, erasure, takedown
from tests.factories import make_edition, make_next, make_user
from tests.sites import AT, PDF

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


@pytest.mark.parametrize(
    "target, file",
    [
        ("/files/2023/Annex%20A.pdf", "files/2023/Annex A.pdf"),
        ("/files/2023/Annex A.pdf", "files/2023/Annex A.pdf"),
        ("/files/2023/a (v1) (final).pdf", "files/2023/a (v1) (final).pdf"),
        ("/files/2023/ANNEX a.PDF", "files/2023/Annex A.pdf"),
        ("/files/2023/annex%20a:%20key.pdf", "files/2023/annex a: key.pdf"),
        ("/files/2023/law &amp; order.pdf", "files/2023/law & order.pdf"),
        ("https://www.news.example/files/2023/a.pdf", "files/2023/a.pdf"),
        ("/cos/resources/x.pdf", "_cos/resources/x.pdf"),
        ("/resources/plan.pdf", "resources/plan.pdf"),
    ],
)
def test_an_annex_is_found_however_its_link_is_written(old_site, client, target, file):
    old_site.write(file, PDF)
    old_site.post(body=f"See [Annex A: Key features]({target}).\n")
    report = old_site.load()
    annex = Annex.objects.select_related("address").get()
    assert (report.annex_links, report.annex_links_resolved, report.unresolved) == (1, 1, [])
    assert (annex.label, annex.title, annex.address.path) == (
        "Annex A",
        "Key features",
        "/" + file.lstrip("_"),
    )
    assert b"".join(client.get(annex.address.path).streaming_content) == PDF


def test_an_annex_that_is_linked_twice_is_listed_once(old_site):
    old_site.write("files/a.pdf", PDF)
    old_site.post(body="[Annex A](/files/a.pdf) and [again](/files/A.pdf)\n")
    report = old_site.load()
    assert (report.annex_links, report.annex_links_resolved, Annex.objects.count()) == (2, 2, 1)


def test_a_file_whose_first_post_failed_comes_in_with_the_next_one(old_site):
    make_edition(permalink="/news/taken/")
    old_site.write("files/2023/a.pdf", PDF)
    old_site.post("2024-03-01-a.md", body="[A](/files/2023/a.pdf)\n", permalink="/news/taken/")
    old_site.post("2024-03-02-b.md", body="[A](/files/2023/a.pdf)\n")
    report = old_site.load()
    assert [row["path"].rpartition("/")[2] for row in report.failed] == ["2024-03-01-a.md"]
    assert Annex.objects.get().edition.release_date == dt.date(2024, 3, 2)


def test_a_file_that_cannot_be_served_is_named_alone(old_site):
    Address.objects.create(path="/images/taken.png", kind=Address.Kind.REDIRECT)
    old_site.write("images/taken.png", PDF)
    old_site.write("files/50%2f.pdf", PDF)
    old_site.write("files/a.pdf", PDF)
    old_site.post(body="[A](/files/a.pdf) ![](/images/taken.png) [B](/files/50%252f.pdf)\n")
    report = old_site.load()
    assert (report.failed, report.created) == ([], 1)
    assert [annex.address.path for annex in Annex.objects.all()] == ["/files/a.pdf"]
    assert {row["target"]: row["reason"] for row in report.absent_bytes} == {
        "images/taken.png": "The address /images/taken.png of a file is also that of a redirect.",
        "files/50%2f.pdf": ("The address holds . or .. as a part of its path, or an encoded slash or dot."),
    }


def test_a_link_in_raw_html_counts_although_it_is_never_rendered(old_site):
    old_site.write("files/a.pdf", PDF)
    old_site.post(body="<p>[PDF version](/files/a.pdf)</p>\n")
    assert old_site.load().annex_links_resolved == 1


def test_a_dead_link_is_told_with_files_of_the_same_name(old_site):
    old_site.write("files/2022/annex a.pdf", PDF)
    old_site.post(body="[Annex A](/files/2021/Annex%20A.pdf)\n")
    assert old_site.load().unresolved == [
        {
            "post": "news/press-releases/_posts/2024-03-01-a.md",
            "target": "/files/2021/Annex%20A.pdf",
            "candidates": ["files/2022/annex a.pdf"],
        }
    ]


def test_an_empty_link_is_told_with_what_it_surely_meant(old_site):
    old_site.write("files/2024/annex a key features of the harbour agreement.pdf", PDF)
    old_site.post(body="[Annex A: Key features of the harbour agreement]()\n")
    (row,) = old_site.load().empty_links
    assert row["proposed"] == "files/2024/annex a key features of the harbour agreement.pdf"
    assert not Annex.objects.exists()


def test_bytes_that_are_not_there_are_told_and_nothing_is_served_for_them(old_site, client):
    old_site.write("files/pointer.pdf", LFS)
    old_site.write("files/empty.pdf", b"")
    old_site.write("files/unused-pointer.pdf", LFS)
    old_site.post(body="[a](/files/pointer.pdf) [b](/files/empty.pdf)\n")
    report = old_site.load()
    assert (report.created, report.annex_links_resolved) == (1, 2)
    assert [(row["target"], row["reason"]) for row in report.absent_bytes] == [
        ("files/pointer.pdf", "A Git LFS pointer lies in its place."),
        ("files/empty.pdf", "The file is empty."),
        ("files/unused-pointer.pdf", "A Git LFS pointer lies in its place."),
    ]
    assert not Blob.objects.exists()
    assert client.get("/files/pointer.pdf").status_code == 404


def test_pictures_are_illustrations_with_their_text_and_foreign_ones_are_told(old_site, client):
    old_site.write("images/a b.png", b"\x89PNG\r\n\x1a\n picture")
    old_site.post(body="![A harbour](/images/a%20b.png) ![Else](https://else.example/x.png)\n")
    report = old_site.load()
    picture = Illustration.objects.select_related("address", "blob").get()
    assert (picture.address.path, picture.alt_text, picture.blob.media_type) == (
        "/images/a b.png",
        "A harbour",
        "image/png",
    )
    assert [row["image"] for row in report.foreign_images] == ["https://else.example/x.png"]
    assert client.get("/images/a b.png").status_code == 200


def test_files_that_no_post_uses_keep_their_address(old_site, client):
    for path in ("files/old/Form 7.pdf", "images/logo.png", "resources/plan.pdf", "_cos/x.pdf"):
        old_site.write(path, PDF + path.encode())
    for path in (
        "assets/site.css",
        "about.md",
        "README.md",
        ".git/x.pdf",
        "_data/y.pdf",
        "files/.keep",
        "_site/files/z.pdf",
    ):
        old_site.write(path, PDF)
    old_site.post()
    report = old_site.load()
    paths = ["/cos/x.pdf", "/files/old/Form 7.pdf", "/images/logo.png", "/resources/plan.pdf"]
    assert sorted(row["path"] for row in report.site_files) == paths
    assert [client.get(path).status_code for path in paths] == [200] * 4


def test_changed_bytes_take_the_place_of_an_unused_file(old_site, client):
    old_site.write("files/a.pdf", PDF)
    old_site.post()
    old_site.load()
    old_site.write("files/a.pdf", PDF + b" new")
    old_site.load(at=AT + dt.timedelta(days=1))
    assert SiteFile.objects.count() == 2
    assert client.get("/files/a.pdf")["Content-Length"] == str(len(PDF) + 4)


TOO_LONG = "x" * 300_001
NAMED = ["See /files/x.pdf.", "[A]({{site.baseurl}}/files/%78.PDF)", "<img srcset='&#47;files/x.pdf 2x'>"]


@pytest.mark.parametrize("body", NAMED)
@pytest.mark.parametrize(
    "name, front, more",
    [
        ("2999-03-01-a.md", {}, ""),
        ("2024-03-01-a.md", {"published": "false"}, ""),
        ("2999-03-01-a.md", {}, TOO_LONG),
        ("2024-03-01-a.md", {"published": "false"}, TOO_LONG),
    ],
    ids=["future", "unpublished", "failed future", "failed unpublished"],
)
def test_a_file_that_a_hidden_post_names_in_whatever_way_is_hidden_too(
    old_site, client, body, name, front, more
):
    old_site.write("files/x.pdf", PDF)
    old_site.post(name, body=body + more, **front)
    old_site.load()
    assert client.get("/files/x.pdf").status_code == 404
    old_site.post("2024-03-02-b.md", body=body)
    old_site.load(at=AT + dt.timedelta(days=1))
    assert client.get("/files/x.pdf").status_code == 200


def test_it_becomes_public_with_its_post_and_moves_with_it(old_site):
    old_site.write("files/x.pdf", PDF)
    old_site.post("2026-01-07-a.md", body="See /files/x.pdf.")
    old_site.load()
    live = SiteFile.objects.get().live_from
    assert live == dt.datetime(2026, 1, 7, tzinfo=AT.tzinfo)
    old_site.write("files/x.pdf", PDF + b" new")
    old_site.post("2026-01-07-a.md", body="[Annex](/files/x.pdf)")
    old_site.load(at=AT + dt.timedelta(hours=1))
    assert not SiteFile.objects.exists()


def test_the_files_of_a_failed_post_that_was_public_keep_their_addresses(old_site, client):
    old_site.write("files/x.pdf", PDF)
    old_site.post(body="[Annex](/files/x.pdf)" + TOO_LONG)
    assert len(old_site.load().failed) == 1
    assert client.get("/files/x.pdf").status_code == 200


def test_new_bytes_that_a_hidden_post_names_wait_for_it(old_site, client):
    old_site.write("files/x.pdf", PDF)
    old_site.post()
    old_site.load()
    old_site.write("files/x.pdf", PDF + b" new")
    old_site.post("2026-01-07-b.md", body="See /files/x.pdf.")
    for hours in (1, 2):
        old_site.load(at=AT + dt.timedelta(hours=hours))
        assert sorted(SiteFile.objects.values_list("live_from", flat=True)) == [
            AT,
            dt.datetime(2026, 1, 7, tzinfo=AT.tzinfo),
        ]


def test_the_files_of_a_hidden_post_are_hidden_too(old_site, client):
    old_site.write("files/secret.pdf", PDF)
    old_site.post(body="[Annex A](/files/secret.pdf)\n", published="false")
    old_site.load()
    assert client.get("/files/secret.pdf").status_code == 404


@pytest.mark.parametrize(
    "body, acronyms",
    [
        (
            "*Jointly issued by the Ministry of Trade and Industry and the Ministry of Law*\n\nText.\n",
            ["MTI", "MinLaw"],
        ),
        ("Text.\n\nPress release issued by the Monetary Authority of Singapore\n", ["MAS"]),
        ("Text without a byline that mentions the Ministry of Health.\n", ["MinLaw"]),
    ],
)
def test_issuers_come_from_the_byline_else_the_sites_owner(old_site, body, acronyms):
    old_site.post(body=body)
    old_site.load()
    assert [issuer.acronym for issuer in Edition.objects.get().issuers.all()] == acronyms


def test_issuers_have_the_name_of_their_day(old_site):
    body = "Press release issued by the Ministry of Communications and Information\n"
    old_site.post("2023-01-13-a.md", body=body)
    old_site.load()
    issuer = Edition.objects.get().issuers.get()
    assert (issuer.agency.slug, issuer.name) == ("mddi", "Ministry of Communications and Information")


def test_an_unknown_issuer_is_told_and_not_invented(old_site):
    old_site.post(body="Press release issued by Harbour Pilots Limited\n\nText.\n")
    (row,) = old_site.load().unknown_issuers
    assert row["name"] == "Harbour Pilots Limited"


@pytest.mark.parametrize("owner", ["mti", "MTI"])
def test_the_owner_may_be_set(old_site, settings, owner):
    settings.SITE_AGENCY = owner
    old_site.post()
    old_site.load()
    assert Edition.objects.get().issuers.get().acronym == "MTI"


@pytest.mark.parametrize(
    "rule, problem",
    [
        ("/old /news/ 301", ""),
        ("/old https://else.example/x", ""),
        ("/old/* https://else.example/:splat 302", ""),
        ("/old / 410", ""),
        ("/https://www.news.example/x /y", "The old address is not a path of this site."),
        ("old /y", "The old address is not a path of this site."),
        ("/old javascript:alert(1)", "The target is neither a path nor a web address."),
        ("/old //else.example/x", "The target is neither a path nor a web address."),
        ("/old", "The target is neither a path nor a web address."),
        ("/old /app.html 200", "Status 200 is not a redirect."),
        ("/old /old", "This redirect would lead back to itself."),
        ("/a/../b /c", "The address holds . or .. as a part of its path, or an encoded slash or dot."),
        ("/news/press-releases/a/ /c", "A release has this address."),
    ],
)
def test_redirects_are_read_and_what_is_none_is_told(old_site, rule, problem):
    old_site.post()
    old_site.write("_redirects", f"# a comment\n\n{rule}\n")
    assert old_site.load().redirects == [{"line": 3, "rule": rule, "problem": problem}]
    assert Redirect.objects.count() == (0 if problem else 1)


def test_rules_that_lead_round_in_a_circle_or_nowhere_that_fits_are_told_like_those_typed_at_the_desk(
    old_site,
):
    old_site.post()
    old_site.write("_redirects", f"/a /b\n/b /a\n/long /{'x' * 3000}\n")
    circle, too_long = (
        "This redirect would lead back to itself.",
        "The target has 3,001 characters; 2,000 are allowed.",
    )
    assert [row["problem"] for row in old_site.load().redirects] == ["", circle, too_long]


def test_an_imported_redirect_leads_on(old_site, client):
    old_site.post()
    old_site.write("_redirects", "/content/* https://else.example/:splat\n/gone / 410\n")
    old_site.load(at=AT)
    assert client.get("/content/a b/c")["Location"] == "https://else.example/a%20b/c"
    assert client.get("/gone").status_code == 410


def test_the_picture_of_the_front_matter_belongs_to_its_post(old_site, client):
    old_site.write("images/lead.png", b"\x89PNG\r\n\x1a\n lead")
    old_site.write("images/secret.png", b"\x89PNG\r\n\x1a\n secret")
    old_site.post("2024-03-01-a.md", image="/images/lead.png")
    old_site.post("2099-03-01-later.md", image="/images/secret.png")
    assert old_site.load().site_files == []
    assert client.get("/images/lead.png").status_code == 200
    assert client.get("/images/secret.png").status_code == 404


def test_a_file_keeps_its_path_before_a_post_that_claims_it(old_site, client):
    old_site.write("files/plan.pdf", PDF)
    old_site.post(permalink="/files/plan.pdf", body="[Annex A](/files/plan.pdf)\n")
    report = old_site.load()
    assert (report.created, report.failed) == (1, [])
    assert b"".join(client.get("/files/plan.pdf").streaming_content) == PDF
    assert client.get("/files/plan.pdf-2024-03-01").status_code == 200
    assert report.shared_urls == [
        {
            "url": "/files/plan.pdf",
            "posts": ["news/press-releases/_posts/2024-03-01-a.md"],
            "kept": "files/plan.pdf",
            "alternatives": {"news/press-releases/_posts/2024-03-01-a.md": "/files/plan.pdf-2024-03-01"},
        }
    ]


def test_a_file_of_a_release_stays_with_it_when_its_post_is_gone(old_site, client):
    """With its own bytes, whatever the old site has there now; taken away with it, and brought back with
    it."""
    old_site.post("2024-03-01-a.md", "[Annex A](/files/a.pdf)\n")
    old_site.post("2024-03-02-b.md")
    old_site.write("files/a.pdf", PDF)
    old_site.load()
    (old_site.root / "news/press-releases/_posts/2024-03-01-a.md").unlink()
    old_site.write("files/a.pdf", PDF + b" of another kind")
    report = old_site.load(at=AT + dt.timedelta(hours=1))
    assert b"".join(client.get("/files/a.pdf")) == PDF
    assert [row["post"] for row in report.warnings] == ["files/a.pdf"]
    release = Annex.objects.get().edition.release
    takedown.remove(release, actor=make_user(), reason="An order", at=AT + dt.timedelta(hours=2))
    assert client.get("/files/a.pdf").status_code == 410
    takedown.restore(release, actor=make_user(), at=AT + dt.timedelta(hours=3))
    assert b"".join(client.get("/files/a.pdf")) == PDF


def test_a_file_that_was_there_before_its_release_goes_when_that_is_removed(old_site, client):
    old_site.post("2024-03-01-a.md")
    old_site.write("files/a.pdf", PDF)
    old_site.load()
    old_site.post("2024-03-01-a.md", "[Annex A](/files/a.pdf)\n")
    old_site.load(at=AT + dt.timedelta(hours=1))
    release = Annex.objects.get().edition.release
    takedown.remove(release, actor=make_user(), reason="An order", at=AT + dt.timedelta(hours=2))
    assert client.get("/files/a.pdf").status_code == 410


def test_what_people_took_out_of_a_release_is_not_served_again(old_site, client):
    old_site.post("2024-03-01-a.md", "[Annex A](/files/a.pdf)\n")
    old_site.post("2024-03-02-b.md")
    old_site.write("files/a.pdf", PDF)
    old_site.load()
    draft = make_next(Annex.objects.get().edition, body="Without it.", at=AT)
    draft.annexes.all().delete()
    approval.approve(draft, approver=make_user(), at=AT)
    (old_site.root / "news/press-releases/_posts/2024-03-01-a.md").unlink()
    old_site.load(at=AT + dt.timedelta(hours=1))
    assert client.get("/files/a.pdf").status_code == 404


@pytest.mark.parametrize("post", ["[Annex A](/files/a.pdf)\n\nChanged, and as much to be forgotten.\n", None])
def test_nothing_that_was_erased_comes_in_again(old_site, client, post, django_capture_on_commit_callbacks):
    """Not by a post that changes over there, not by a file that its post has left behind."""
    old_site.post("2024-03-01-a.md", "[Annex A](/files/a.pdf) To be forgotten.\n")
    old_site.post("2024-03-02-b.md")
    old_site.write("files/a.pdf", PDF)
    old_site.load()
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase_release(
            Annex.objects.get().edition.release, actor=make_user(is_superuser=True), reason="An order", at=AT
        )
    if post:
        old_site.post("2024-03-01-a.md", post)
    else:
        (old_site.root / "news/press-releases/_posts/2024-03-01-a.md").unlink()
    for hours in (1, 2):
        report = old_site.load(at=AT + dt.timedelta(hours=hours))
        assert (report.created, report.updated) == (0, 0)
    assert not Blob.objects.exists() and not Edition.objects.filter(body__contains="forgotten").exists()
    assert (client.get("/files/a.pdf").status_code, client.get("/news/press-releases/a/").status_code) == (
        404,
        410,
    )


def test_a_drawing_keeps_its_bytes_and_an_earlier_import_of_it_becomes_one(old_site):
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    old_site.write("images/logo.svg", drawing)
    old_site.post(body="![Our logo](/images/logo.svg)\n")
    old_site.load()
    blob = Illustration.objects.get().blob
    assert (blob.media_type, blob.file.read_bytes()) == ("image/svg+xml", drawing)
    Blob.objects.update(media_type="application/octet-stream")
    assert old_site.load().unchanged == 1
    assert Blob.objects.get().media_type == "image/svg+xml"
