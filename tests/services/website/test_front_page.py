import datetime as dt

import pytest
from django.urls import reverse

from releases.models import Release
from releases.services.publishing import takedown
from releases.services.website import front_page
from releases.services.website.front_page import find_front_page
from tests.factories import NOON, make_agency, make_edition, make_live, make_member, make_scheduled, make_user
from tests.markup import tidy

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def pin(edition, until):
    Release.objects.filter(pk=edition.release_id).update(pinned_until=until)


def titles(at=NOON):
    page = find_front_page(at)
    return [[edition.title for edition in part] for part in (page.pinned, page.main, page.spoken)]


def test_speeches_and_replies_stand_beside_the_others():
    for kind in ("press-release", "speech", "notice", "written-reply"):
        make_live(title=kind, kind=kind)
    assert titles() == [[], ["notice", "press-release"], ["written-reply", "speech"]]


def test_where_nothing_else_is_published_they_stand_in_their_place():
    make_live(title="A talk", kind="speech")
    assert titles() == [[], ["A talk"], []]


def test_what_is_pinned_stands_first_and_once_until_its_end_and_only_while_it_is_listed():
    pinned, other = make_live(title="Pinned", kind="speech"), make_live(title="Other", kind="speech")
    later = make_scheduled(live_from=NOON + HOUR, title="Later")
    draft, gone = make_edition(title="Draft"), make_live(title="Gone")
    for edition in (pinned, later, draft, gone):
        pin(edition, NOON + 3 * HOUR)
    takedown.withdraw(gone.release, actor=make_user(), reason="Wrong", at=NOON)
    assert titles() == [["Pinned"], ["Other"], []]
    assert titles(NOON + HOUR) == [["Later", "Pinned"], ["Other"], []]
    assert titles(NOON + 3 * HOUR) == [[], ["Later"], ["Other", "Pinned"]]
    assert other.pk


def test_it_looks_no_further_than_the_newest_of_the_archive(monkeypatch):
    monkeypatch.setattr(front_page, "LATEST_COUNT", 2)
    front_page._statements.cache_clear()
    for days in range(5):
        make_live(title=f"Talk {days}", kind="speech", release_date=NOON.date() + dt.timedelta(days))
    make_live(title="Old", release_date=NOON.date() - dt.timedelta(1))
    assert "Old" not in str(titles())
    front_page._statements.cache_clear()


def test_what_is_scheduled_takes_no_place_of_what_is_public(monkeypatch):
    monkeypatch.setattr(front_page, "LATEST_COUNT", 2)
    front_page._statements.cache_clear()
    make_live(title="Ferries", release_date=NOON.date())
    for days in range(1, 6):
        later = NOON + dt.timedelta(days)
        make_scheduled(live_from=later, release_date=later.date(), title="Later")
    assert titles() == [[], ["Ferries"], []]
    front_page._statements.cache_clear()


def test_an_approver_of_the_lead_puts_in_focus_what_readers_find_and_nobody_a_draft(client):
    public, draft = make_live(title="Public"), make_edition(title="Draft")
    client.force_login(make_member(make_agency()))
    for edition in (public, draft):
        page = reverse("admin:releases_release_change", args=[edition.release_id])
        release = edition.release
        typed = {
            "section": release.section_id,
            "translation_group": release.translation_group,
            "form": "text",
        }
        day = {"pinned_until": "2099-01-01T00:00"}
        assert client.post(page, typed | day).status_code == 302
    assert Release.objects.get(pinned_until__isnull=False).pk == public.release_id
    assert "In focus" in tidy(client.get("/"))
