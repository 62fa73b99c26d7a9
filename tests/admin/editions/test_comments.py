import pytest
from django.urls import reverse
from django.utils import timezone

from releases.models import Comment, LedgerEntry
from releases.services.editing import comments, previews
from releases.services.editions.transitions import ActionRefused
from tests.factories import make_agency, make_edition, make_live, make_member, make_user
from tests.markup import tidy

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client):
    user = make_member(make_agency(), role="writer", first_name="Aisha", last_name="Tan")
    client.force_login(user)
    return user


def place(edition):
    return reverse("admin:releases_edition_comment", args=[edition.pk])


def form(edition):
    return reverse("admin:releases_edition_change", args=[edition.pk])


def test_a_colleague_s_comment_stands_with_name_day_and_zone_and_in_the_ledger(client, writer):
    edition = make_edition(author=make_user())
    response = client.post(place(edition), {"text": "Is “1,000” right?\r\nSee <b>table 2</b>.\u202e"})
    assert response["Location"] == f"{form(edition)}#comments"
    said = Comment.objects.get()
    assert said.text == "Is “1,000” right?\nSee <b>table 2</b>."
    page = tidy(client.get(form(edition)))
    assert "Is “1,000” right?<br>See &lt;b&gt;table 2&lt;/b&gt;." in page
    local = timezone.localtime(said.at)
    assert f"Aisha Tan, {local:%A} {local.day} {local:%B %Y, %H:%M} (Asia/Singapore)" in page
    entry = LedgerEntry.objects.get()
    assert (entry.verb, entry.actor, entry.release) == ("remark", writer, edition.release)
    assert entry.after == said.digest


def test_the_same_comment_sent_twice_is_one(client, writer):
    edition = make_edition()
    for _ in range(2):
        client.post(place(edition), {"text": "Fine."})
    assert Comment.objects.count() == LedgerEntry.objects.count() == 1


@pytest.mark.parametrize(
    "text, words", [("  ", "Write the comment first."), ("x" * 10_001, "10,000 are allowed.")]
)
def test_a_comment_that_cannot_be_kept_is_shown_again_with_the_reason(client, writer, text, words):
    page = client.post(place(make_edition()), {"text": text}).content.decode()
    assert words in page
    assert text in page
    assert not Comment.objects.exists()


def test_people_of_another_agency_neither_comment_nor_read_comments(client, writer):
    live = make_live(at=timezone.now())
    comments.add_comment(live, text="Between us.", actor=writer, at=timezone.now())
    stranger = make_member(make_agency("imda", "Infocomm Media Development Authority", "IMDA"))
    client.force_login(stranger)
    assert client.post(place(live), {"text": "Hello"}).status_code == 403
    page = client.get(form(live)).content.decode()
    assert "Between us." not in page and 'id="desk-comment-text"' not in page
    with pytest.raises(ActionRefused):
        comments.add_comment(live, text="Hello", actor=stranger, at=timezone.now())


def test_readers_never_see_a_comment(client, writer):
    live = make_live(at=timezone.now())
    comments.add_comment(live, text="Between us.", actor=writer, at=timezone.now())
    client.logout()
    assert b"Between us." not in client.get(live.permalink).content


def desk(client):
    return tidy(client.get(reverse("admin:index")))


def test_a_comment_is_new_on_the_desk_of_all_who_follow_until_they_have_seen_it(client, writer):
    agency = make_agency()
    edition = make_edition(author=writer, issuers=[agency])
    reader, author = make_member(agency), make_member(agency, first_name="Ivy")
    comments.add_comment(edition, text="Is 4 right?", actor=author, at=timezone.now())
    client.force_login(author)
    assert "Is 4 right?" not in desk(client)
    for person in (reader, writer):
        client.force_login(person)
        assert "Ivy: “Is 4 right?”" in desk(client)
        assert '<span class="tag comment">New</span>' in tidy(client.get(form(edition)))
        assert "Is 4 right?" not in desk(client)
        assert '<span class="tag comment">New</span>' not in tidy(client.get(form(edition)))


def test_a_reply_stands_under_its_comment_which_can_be_resolved_and_opened_again(client, writer):
    edition = make_edition(author=writer)
    asked = comments.add_comment(
        edition, text="Is 4 right?", actor=make_member(make_agency()), at=timezone.now()
    )
    page = f"{place(edition)}?reply_to={asked.pk}"
    assert "Is 4 right?" in client.get(page).content.decode()
    client.post(page, {"text": "It is 5.", "reply_to": asked.pk})
    answer = Comment.objects.get(text="It is 5.")
    assert answer.reply_to == asked
    client.post(page, {"text": "Thank you.", "reply_to": answer.pk})
    assert Comment.objects.get(text="Thank you.").reply_to == asked
    for _ in range(2):  # of two who press it, or of one who presses twice, the second changes nothing
        client.post(place(edition), {"resolve": asked.pk})
    page = tidy(client.get(form(edition)))
    assert "Resolved by Aisha Tan: Is 4 right?" in page and 'name="reopen"' in page
    client.post(place(edition), {"reopen": asked.pk})
    assert "Comments (1 open)" in tidy(client.get(form(edition)))
    elsewhere = make_edition(author=writer)
    assert client.post(place(elsewhere), {"resolve": asked.pk}).status_code == 404


def test_one_answer_to_two_comments_stands_under_both(client, writer):
    edition, colleague = make_edition(author=writer), make_member(make_agency())
    asked = [
        comments.add_comment(edition, text=text, actor=colleague, at=timezone.now()) for text in ("A?", "B?")
    ]
    for comment in (asked[0], asked[1], asked[1]):
        client.post(place(edition), {"text": "Yes.", "reply_to": comment.pk})
    answers = Comment.objects.filter(text="Yes.").order_by("pk")
    assert [answer.reply_to for answer in answers] == asked


def test_several_people_get_a_preview_link_each_at_once(client, writer):
    edition = make_edition()
    page = reverse("admin:releases_edition_links", args=[edition.pk])
    told = client.post(page, {"person": "Anna Lim\n\nBo Tan\nAnna Lim"}, follow=True).content.decode()
    assert {link.person for link in edition.preview_links.all()} == {"Anna Lim", "Bo Tan"}
    assert told.count("is shown this once") == 2
    assert (
        "Name up to 20 people"
        in client.post(page, {"person": "\n".join(map(str, range(21)))}).content.decode()
    )


def test_the_page_of_links_says_when_each_ends_in_the_newsroom_s_zone(client, writer):
    edition = make_edition()
    link, _ = previews.make_link(edition, person="Anna Lim", actor=writer, at=timezone.now())
    ends = timezone.localtime(link.expires_at)
    page = client.get(reverse("admin:releases_edition_links", args=[edition.pk])).content.decode()
    assert f"{ends:%A} {ends.day} {ends:%B %Y, %H:%M} (Asia/Singapore)" in page
    client.post(reverse("admin:releases_edition_links", args=[edition.pk]), {"revoke": link.pk})
    again = client.post(
        reverse("admin:releases_edition_links", args=[edition.pk]), {"revoke": link.pk}, follow=True
    )
    assert "Revoked</span>" in again.content.decode()
    assert LedgerEntry.objects.filter(verb="preview-revoked").count() == 1
