import datetime as dt
import re

import pytest
from django.utils import timezone

from releases.models import Comment, Edition, LedgerEntry, PreviewVisit
from releases.services.editing import previews
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import approval
from tests.factories import make_agency, make_edition, make_live, make_member, make_next, make_user
from tests.markup import tidy

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def edition():
    return make_edition(
        title="Still secret",
        annexes=[("/files/a.pdf", b"%PDF-1.4 a", "Annex A", "Secret annex")],
        body_html='<p>See <a href="/files/a.pdf">Annex A</a></p>\n',
        permalink="/news/still-secret/",
    )


def link_for(edition, person="Anna Lim", **options):
    link, token = previews.make_link(edition, person=person, actor=make_user(), at=timezone.now(), **options)
    return link, f"/accounts/preview/{token}/"


def test_the_holder_sees_the_page_and_its_files_and_nobody_keeps_them(client, edition):
    _, url = link_for(edition)
    response = client.get(url)
    page = tidy(response)
    assert "Still secret" in page and "This preview is for Anna Lim alone" in page and "<title>DRAFT:" in page
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    places = set(re.findall(rf'href="({re.escape(url)}[0-9a-f]{{64}}/)"', page))
    assert len(places) == 1 and "/files/a.pdf" not in page
    file = client.get(places.pop())
    assert b"".join(file.streaming_content) == b"%PDF-1.4 a"
    assert file["Cache-Control"] == "private, no-store"
    assert [visit.what for visit in PreviewVisit.objects.order_by("pk")] == ["", "/files/a.pdf"]


def test_of_two_links_the_revoked_one_ends_at_once(client, edition):
    first, one = link_for(edition)
    _, other = link_for(edition, "Peter Ng")
    file = re.search(r'href="([^"]*/[0-9a-f]{64}/)"', tidy(client.get(one)))[1]
    previews.revoke(first, actor=make_user(), at=timezone.now())
    for url in (one, file):
        assert client.get(url).status_code == 404
    assert client.get(other).status_code == 200
    assert [entry.verb for entry in LedgerEntry.objects.all()] == [
        "preview-link",
        "preview-link",
        "preview-revoked",
    ]


def test_the_token_is_long_and_not_kept(edition):
    link, url = link_for(edition)
    token = url.split("/")[-2]
    assert len(token) >= 43
    assert token not in "".join(str(value) for value in vars(link).values())


def test_a_next_edition_that_is_a_draft_is_not_shown_as_updated_just_now(client):
    first = make_live(permalink="/a/")
    second = approval.approve(make_next(first), approver=make_user(), at=timezone.now())
    draft = make_next(second, at=timezone.now(), change_note="Wrong figure.")
    page = tidy(client.get(link_for(draft)[1]))
    assert "Wrong figure." in page and 'datetime=""' not in page
    assert re.findall(r"Last updated</dt> <dd> *([^(<]+?) *\(", page) == ["Wrong figure."]


def test_a_link_ends_when_its_time_is_over(client, edition):
    link, url = link_for(edition, expires_at=timezone.now() + DAY)
    type(link).objects.filter(pk=link.pk).update(expires_at=timezone.now())
    assert client.get(url).status_code == 404


def test_at_publication_it_leads_to_the_permalink(client, edition):
    _, url = link_for(edition)
    approval.approve(edition, approver=make_user(), at=timezone.now())
    response = client.get(url)
    assert (response.status_code, response["Location"]) == (302, "/news/still-secret/")


def test_a_link_of_one_release_opens_no_file_of_another(client, edition):
    other = make_edition(annexes=[("/files/b.pdf", b"%PDF-1.4 b")])
    _, url = link_for(edition)
    assert client.get(f"{url}{other.annexes.get().blob_id}/").status_code == 404


def test_a_reviewer_comments_and_agrees_where_that_is_allowed(client, edition):
    _, silent = link_for(edition)
    client.post(silent, {"text": "Hello"})
    assert not Comment.objects.exists()
    _, url = link_for(edition, "Peter Ng", may_comment=True)
    seen = client.get(url).context["seen"]
    client.post(url, {"text": "Paragraph 2: <b>two</b> dates", "consents": "on", "seen": seen})
    comment = Comment.objects.get()
    assert (comment.text, comment.consents, comment.link.person) == (
        "Paragraph 2: <b>two</b> dates",
        True,
        "Peter Ng",
    )
    assert "&lt;b&gt;two&lt;/b&gt;" in tidy(client.get(url))
    assert Edition.objects.get(pk=edition.pk).state == "draft"


@pytest.mark.parametrize(
    "values, reason",
    [
        ({"person": " "}, "Name the one person"),
        ({"expires_at": timezone.now() + 60 * DAY}, "up to 30 days"),
        ({"expires_at": timezone.now() - DAY}, "up to 30 days"),
    ],
)
def test_what_no_link_can_be(edition, values, reason):
    with pytest.raises(ActionRefused, match=reason):
        previews.make_link(
            edition, **{"person": "Anna", "actor": make_user(), "at": timezone.now(), **values}
        )


def test_a_public_edition_needs_no_link():
    with pytest.raises(ActionRefused, match="is public"):
        previews.make_link(make_live(), person="Anna", actor=make_user(), at=timezone.now())


def test_the_desk_makes_shows_and_revokes_links(client, edition):
    client.force_login(make_member(make_agency(), role="writer"))
    path = f"/admin/releases/edition/{edition.pk}/links/"
    page = tidy(client.post(path, {"person": "Anna Lim", "may_comment": "on"}, follow=True))
    url = re.search(r"http://testserver(/accounts/preview/[\w-]+/)", page)[1]
    assert client.get(url).status_code == 200
    link = edition.preview_links.get()
    assert "Revoke the link for Anna Lim" in tidy(client.get(path))
    client.post(path, {"revoke": link.pk})
    assert client.get(url).status_code == 404


def test_nobody_agrees_to_a_text_that_changed_while_they_read_and_their_words_stay(client, edition):
    _, url = link_for(edition, "Peter Ng", may_comment=True)
    seen = client.get(url).context["seen"]
    Edition.objects.filter(pk=edition.pk).update(body="Other words.")
    page = tidy(client.post(url, {"text": "Well said.", "consents": "on", "seen": seen}))
    assert "The text changed after you opened it." in page and "Well said.</textarea>" in page
    assert not Comment.objects.exists()


def test_a_comment_says_something_or_agrees(client, edition):
    _, url = link_for(edition, "Peter Ng", may_comment=True)
    assert "Write a comment, or tick that you agree." in tidy(client.post(url, {"text": " \x00\n"}))
    assert not Comment.objects.exists()


def test_a_comment_that_is_too_long_is_not_cut(client, edition):
    _, url = link_for(edition, "Peter Ng", may_comment=True)
    page = tidy(client.post(url, {"text": "word " * 3000}))
    assert "10,000 are allowed" in page and page.count("word ") >= 2999
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"text": "Well\x00 said."},
        {"text": "Well said.", "seen": "x" * 500},
        {"text": "Well said.", "seen": "\x00"},
    ],
)
def test_no_comment_is_too_odd_to_keep(client, edition, typed):
    _, url = link_for(edition, "Peter Ng", may_comment=True)
    assert client.post(url, typed).status_code == 302
    comment = Comment.objects.get()
    assert (comment.text, comment.digest) == ("Well said.", digest_edition(edition))


def test_a_person_has_one_link_to_an_edition(client, edition):
    _, first = link_for(edition, "Anna Lim")
    _, other = link_for(edition, "Peter Ng")
    _, second = link_for(edition, "anna lim")
    assert [client.get(url).status_code for url in (first, second, other)] == [404, 200, 200]
    assert LedgerEntry.objects.filter(verb="preview-revoked").count() == 1


def test_after_publication_files_lead_to_their_public_address(client, edition):
    _, url = link_for(edition)
    file = re.search(r'href="(/accounts/preview/[^"]+/[0-9a-f]{64}/)"', tidy(client.get(url)))[1]
    approval.approve(edition, approver=make_user(), at=timezone.now())
    response = client.get(file)
    assert (response.status_code, response["Location"]) == (302, "/files/a.pdf")
