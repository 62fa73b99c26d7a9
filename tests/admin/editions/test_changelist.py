import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from releases.admin.editions import changelist
from releases.models import Address, Agency, Edition, Redirect
from releases.services.editing import checks
from releases.services.publishing import approval, takedown, workflow
from tests.factories import (
    make_agency,
    make_edition,
    make_live,
    make_member,
    make_next,
    make_scheduled,
    make_section,
    make_user,
)
from tests.markup import tidy

pytestmark = pytest.mark.django_db
LIST = reverse("admin:releases_edition_changelist")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def editor(client):
    user = make_member(make_agency(), role="writer")
    client.force_login(user)
    return user


def titles(response):
    return {edition.title for edition in response.context["cl"].result_list}


def test_what_must_be_mended_stands_in_the_list_and_can_be_asked_for(client, editor):
    make_edition(title="Whole", author=editor)
    make_edition(title="Without a text", body="", author=editor)
    make_edition(title="With a dead link", body="[x](/files/none.pdf)", author=editor)
    make_live(title="Public", at=timezone.now())
    page = client.get(LIST)
    assert page.content.decode().count("1 to fix") == 2
    assert "The link to /files/none.pdf leads nowhere." in page.content.decode()
    assert titles(client.get(LIST, {"problems": "some"})) == {"Without a text", "With a dead link"}
    assert titles(client.get(LIST, {"problems": "none"})) == {"Whole"}
    assert titles(client.get(LIST, {"problems": "some", "q": "dead"})) == {"With a dead link"}


@pytest.mark.parametrize(
    "origin, hour, shown",
    [("import", 0, "14 Jan 2020"), ("import", 9, "14 Jan 2020 09:00"), ("desk", 0, "14 Jan 2020 00:00")],
)
def test_an_hour_that_an_old_site_never_told_is_not_told(client, editor, origin, hour, shown):
    starts = dt.datetime(2020, 1, 14, hour, tzinfo=timezone.get_default_timezone())
    make_live(title="Harbours", at=starts, origin=origin, release_date=starts.date())
    page = client.get(LIST).content.decode()
    assert re.findall(r"field-publication[^>]*>([^<]*)<", page) == [shown]


@pytest.mark.parametrize(
    "asked, expected",
    [
        ("arbou", {"Harbours"}),
        ("tonnages", {"Harbours", "Draft"}),
        ("onnag", {"Draft"}),
        ("quay", {"Harbours"}),
        ('"tonnage dues"', {"Draft"}),
        ("tonnage harbours", {"Harbours"}),
        ("annexed", {"Harbours", "Draft"}),
        ("/news/har", {"Harbours"}),
        ("ministry", {"Harbours", "Draft"}),
        ("— nothing", set()),
    ],
)
def test_a_word_is_looked_for_where_people_remember_it(client, editor, asked, expected):
    made = {"issuers": [make_agency()], "author": editor}
    make_live(
        title="Harbours",
        permalink="/news/harbours/",
        body_html="<p>The tonnage of quays</p>",
        annexes=[("/files/a.pdf", b"%PDF-1", "", "Annexed map")],
        at=timezone.now() - HOUR,
        **made,
    )
    annexes = [("/files/b.pdf", b"%PDF-2", "", "Annexed table")]
    make_edition(title="Draft", body="The tonnages, tonnage dues", annexes=annexes, **made)
    assert titles(client.get(LIST, {"q": asked})) == expected


@pytest.mark.parametrize(
    "asked, expected",
    [
        ("arbou", {"Harbours now", "Draft of harbours"}),
        ("harbours", {"Harbours then", "Harbours now", "Draft of harbours"}),
        ("/news/then/", {"Harbours then"}),
    ],
)
def test_of_the_archive_whole_words_and_permalinks_are_found(client, editor, monkeypatch, asked, expected):
    """But parts of words of what was saved last, and of all that is being written."""
    monkeypatch.setattr(changelist, "SAVED_LAST", 1)
    made = {"issuers": [make_agency()], "author": editor}
    before = timezone.now() - HOUR
    make_edition(title="Draft of harbours", **made)
    make_live(title="Harbours then", permalink="/news/then/", at=before, **made)
    Edition.objects.update(updated_at=before)
    make_live(title="Harbours now", permalink="/news/now/", at=before, **made)
    assert titles(client.get(LIST, {"q": asked})) == expected


def draft(editor, number):
    """One that takes every check: links to pages, files and redirects, annexes, pictures, an edition
    before."""
    live = make_live(at=timezone.now() - HOUR, annexes=[(f"/files/{number}.pdf", b"%PDF-1")])
    gone = Address.objects.create(path=f"/old/{number}/", kind="redirect")
    Redirect.objects.create(address=gone, release=live.release, valid_from=timezone.now() - HOUR)
    body = f"[a]({live.permalink}) [b](/files/{number}.pdf) [c](/old/{number}/) [d](/none/{number}/) ![](/images/{number}.png)"
    other = make_live(at=timezone.now() - HOUR)
    takedown.withdraw(other.release, actor=make_user(), reason="Wrong.", at=timezone.now())
    return make_next(live, author=editor, body=body, title=f"Draft {number}")


def test_a_row_costs_no_query(client, editor):
    counts = []
    for number in (1, 2, 3, 4, 5):
        draft(editor, number)
        if number in (2, 5):
            for query in ({}, {"problems": "some"}):
                client.get(LIST, query)
                with CaptureQueriesContext(
                    connection,
                ) as asked:
                    page = client.get(LIST, query)
                counts.append(len(asked))
    assert len(titles(page)) == 5
    assert counts[:2] == counts[2:]


def test_times_in_the_list_are_short_and_their_zone_is_told_once(client, editor):
    make_edition(wanted_from="2033-01-14T09:00+08:00", author=editor)
    page = tidy(client.get(LIST))
    assert "14 Jan 2033 09:00<" in page and strip_tags(page).count("Asia/Singapore") == 1


def test_a_release_stands_there_once_and_older_versions_on_request(client, editor):
    live = make_live(title="First words", issuers=[Agency.objects.get()], at=timezone.now() - HOUR)
    make_next(live, title="Second words", author=editor)
    elsewhere = make_live(title="Of others", issuers=[make_agency("moh")], at=timezone.now() - HOUR)
    make_next(elsewhere, title="A draft of others")
    assert titles(client.get(LIST)) == {"Second words", "Of others"}
    assert titles(client.get(LIST, {"q": "words"})) == {"Second words"}
    assert titles(client.get(LIST, {"versions": "all"})) == {"First words", "Second words", "Of others"}
    assert titles(client.get(LIST, {"stage": "live"})) == {"First words", "Of others"}


def test_what_has_the_words_in_its_title_comes_first(client, editor):
    made = {"issuers": [Agency.objects.get()], "at": timezone.now() - HOUR}
    make_live(title="Scam calls fall", **made)
    make_live(title="Saved later", body_html="<p>Scam calls</p>", **made)
    Edition.objects.filter(title="Scam calls fall").update(updated_at=timezone.now() - HOUR)
    found = client.get(LIST, {"q": "scam calls"}).context["cl"].result_list
    assert [edition.title for edition in found] == ["Scam calls fall", "Saved later"]


def test_every_status_can_be_asked_for(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    actor, now = make_user(), timezone.now()
    for state in ("draft", "submitted", "rejected"):
        make_edition(title=state, state=state)
    make_scheduled(title="scheduled", live_from=now + HOUR, at=now)
    replaced = make_live(title="superseded", at=now - 2 * HOUR)
    approval.approve(make_next(replaced, title="live"), approver=actor, at=now - HOUR)
    withdrawn = make_live(title="withdrawn", at=now - HOUR).release
    takedown.withdraw(withdrawn, actor=actor, reason="Why", at=now)
    removed = make_live(title="removed", at=now - HOUR).release
    takedown.remove(removed, actor=actor, reason="Why", at=now)
    for stage in workflow.STAGE_NAMES:
        assert titles(client.get(LIST, {"stage": stage})) == ({stage} - {"erased"})


def test_many_editions_are_checked_together_as_each_alone(editor):
    make_section()
    found = [make_edition(body=body) for body in ("", "See Annex A.", "[x](/none/)", "![](/i.png)", "Fine.")]
    together = checks.problems(edition.pk for edition in found)
    assert [together[edition.pk] for edition in found] == [checks.blocking(edition) for edition in found]
    assert [len(together[edition.pk]) for edition in found] == [1, 1, 1, 2, 0]
