"""What is done with several releases at once: each is named first, then all is done, or nothing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from releases.models import Edition, LedgerEntry, Notice
from releases.services.accounts.permissions import Authority
from releases.services.desk.dashboard import build_dashboard
from tests.factories import NOON, make_agency, make_edition, make_live, make_member, make_section
from tests.markup import tidy

pytestmark = pytest.mark.django_db
LIST = reverse("admin:releases_edition_changelist")


@pytest.fixture
def mti():
    return make_agency()


@pytest.fixture
def editor(client, mti):
    user = make_member(mti, first_name="Lea")
    client.force_login(user)
    return user


def page(step, *editions):
    keys = ",".join(str(edition.pk) for edition in editions)
    return f"{reverse('admin:releases_edition_bulk', args=[step])}?editions={keys}"


def test_what_is_ticked_in_the_list_leads_to_a_page_that_names_it(client, editor, mti):
    first, second = (make_edition(title=title, issuers=[mti]) for title in ("First", "Second"))
    ticked = {"action": "assign", "_selected_action": [first.pk, second.pk]}
    shown = client.post(LIST, ticked, follow=True)
    assert shown.redirect_chain[0][0].startswith("/admin/releases/edition/bulk/assign/?editions=")
    text = tidy(shown)
    assert "2 releases." in text and "First" in text and "Second" in text
    assert "delete_selected" not in tidy(client.get(LIST))


def test_who_is_assigned_finds_the_release_on_their_desk_and_in_the_list(client, editor, mti):
    other = make_member(mti, role="writer", first_name="Wen")
    stranger = make_member(make_agency("csa", "Cyber Security Agency", "CSA"), first_name="Sam")
    draft = make_edition(title="To be seen to", issuers=[mti], author=editor)
    assert "Sam" not in client.get(page("assign", draft)).content.decode()
    client.post(page("assign", draft), {"person": stranger.pk})
    draft.release.refresh_from_db()
    assert draft.release.assignee is None
    client.post(page("assign", draft), {"person": other.pk})
    entry = LedgerEntry.objects.get(verb="assign")
    assert entry.note == {"to": other.username}
    assert "(for Wen)" in tidy(client.get(LIST))
    assert [one.edition for one in build_dashboard(Authority(other, timezone.now())).waiting] == [draft]
    client.force_login(other)
    assert "To be seen to" in tidy(client.get(LIST, {"whose": "assigned"}))
    client.post(page("assign", draft), {"person": ""})
    assert "To be seen to" not in tidy(client.get(LIST, {"whose": "assigned"}))


def test_several_are_moved_and_all_concerned_are_told(client, editor, mti):
    live, draft = make_live(issuers=[mti], at=timezone.now()), make_edition(issuers=[mti])
    section = make_section("/news/speeches/", "Speeches", "speech")
    client.post(page("move", live, draft), {"section": section.pk})
    for edition in (live, draft):
        edition.release.refresh_from_db()
        assert edition.release.section == section
    assert LedgerEntry.objects.filter(verb="move").count() == 2
    assert "to Speeches" in Notice.objects.filter(edition=live).get().text


def test_drafts_are_discarded_only_with_their_number_and_only_all_together(client, editor, mti):
    drafts = [make_edition(issuers=[mti]) for _ in range(2)]
    live = make_live(issuers=[mti], at=timezone.now())
    refused = tidy(client.post(page("discard", *drafts, live), {"number": "3"}))
    assert "Only a draft can be discarded" in refused and Edition.objects.count() == 3
    assert "not 3" in tidy(client.post(page("discard", *drafts), {"number": "3"}))
    client.post(page("discard", *drafts), {"number": "2"})
    assert list(Edition.objects.all()) == [live]
    assert LedgerEntry.objects.filter(verb="discard").count() == 2


def test_several_are_withdrawn_each_with_its_reason_or_none(client, editor, mti):
    first, second = (make_live(title=title, issuers=[mti], at=timezone.now()) for title in ("One", "Two"))
    theirs = make_live(issuers=[make_agency("csa", "Cyber Security Agency", "CSA")], at=timezone.now())
    reasons = {f"reason-{one.pk}": f"Wrong {one.title}" for one in (first, second, theirs)}
    refused = client.post(page("withdraw", first, theirs), {**reasons, "number": "2"})
    assert "Only an approver of the lead agency" in tidy(refused)
    assert not first.release.absences.exists()
    incomplete = client.post(page("withdraw", first, second), {f"reason-{first.pk}": "Wrong", "number": "2"})
    assert incomplete.status_code == 200 and not first.release.absences.exists()
    client.post(page("withdraw", first, second), {**reasons, "number": "2"})
    assert [one.release.absences.get().reason for one in (first, second)] == ["Wrong One", "Wrong Two"]


def test_what_somebody_may_not_see_cannot_be_named(client, editor):
    hidden = make_edition(title="Secret", issuers=[make_agency("csa", "Cyber Security Agency", "CSA")])
    answer = client.get(page("assign", hidden), follow=True)
    assert answer.redirect_chain and "Secret" not in answer.content.decode()


def test_one_ticked_release_is_duplicated_and_opened(client, editor, mti):
    last_year, other = (make_live(title=title, issuers=[mti], at=NOON) for title in ("Last year", "Other"))
    asked = {"action": "duplicate", "_selected_action": [last_year.pk, other.pk]}
    assert "Tick one release to duplicate it." in tidy(client.post(LIST, asked, follow=True))
    opened = client.post(LIST, {**asked, "_selected_action": [last_year.pk]})
    draft = Edition.objects.get(state="draft")
    assert opened.url == reverse("admin:releases_edition_change", args=[draft.pk])
    assert draft.title == "Last year"
