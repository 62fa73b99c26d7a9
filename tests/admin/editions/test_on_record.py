"""What the public sees changes on no path of the desk without an entry in the ledger, not even for a
superuser."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from releases.models import Address, Agreement, LedgerEntry, Redirect
from releases.services.publishing import approval, erasure
from tests.admin.browsing import delete, sent
from tests.factories import NOON, make_agency, make_edition, make_live, make_member, make_next, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client):
    client.force_login(make_member(make_agency(), is_superuser=True, username="chief"))
    return client


def a_redirect():
    address = Address.objects.create(path="/old/", kind=Address.Kind.REDIRECT)
    return Redirect.objects.create(address=address, target="/new/", valid_from=NOON)


ROWS = {
    "agency": (lambda: make_agency("a", "An agency", "AA"), {"names-0-name": "Another name"}),
    "section": (lambda: make_section("/x/", "A title"), {"title": "Another title"}),
    "agreement": (lambda: Agreement.objects.create(slug="a", title="One"), {"title": "Another"}),
    "redirect": (a_redirect, {"target": "/releases/"}),
    "release": (lambda: make_edition().release, {"form": "link"}),
    "user": (lambda: make_member(make_agency()), {"first_name": "Another"}),
}


@pytest.mark.parametrize("kind", ROWS)
def test_a_change_leaves_who_what_and_both_digests(chief, kind):
    make, change = ROWS[kind]
    row = make()
    url = reverse(f"admin:{row._meta.app_label}_{kind}_change", args=[row.pk])
    assert chief.post(url, sent(chief.get(url), **change)).status_code == 302
    entry = LedgerEntry.objects.get(verb="change")
    assert entry.actor.username == "chief" and entry.note["fields"] and kind in entry.subject
    assert len(entry.before) == len(entry.after) == 64 and entry.before != entry.after
    chief.post(url, sent(chief.get(url), **{next(iter(change)): "link" if kind == "release" else "Third"}))
    last = LedgerEntry.objects.filter(verb="change").last()
    assert last.pk == entry.pk or last.before == entry.after


def test_a_redirect_that_is_deleted_leaves_what_it_was(chief):
    row = a_redirect()
    delete(chief, reverse("admin:releases_redirect_delete", args=[row.pk]))
    entry = LedgerEntry.objects.get(verb="delete")
    assert entry.subject == "redirect /old/ → /new/" and len(entry.before) == 64


def test_an_account_made_let_go_and_given_a_password_is_on_record(chief):
    made = chief.post(
        reverse("admin:auth_user_add"),
        {
            "username": "tan",
            "usable_password": "true",
            "password1": "long words 17",
            "password2": "long words 17",
        },
    )
    assert made.status_code == 302
    tan = User.objects.get(username="tan")
    url = reverse("admin:auth_user_change", args=[tan.pk])
    chief.post(url, sent(chief.get(url), is_active=None))
    words = {"usable_password": "true", "password1": "other words 18", "password2": "other words 18"}
    chief.post(reverse("admin:auth_user_password_change", args=[tan.pk]), words)
    chief.post(
        reverse("admin:auth_user_changelist"), {"action": "end_sessions", "_selected_action": [tan.pk]}
    )
    told = [
        (entry.verb, entry.actor and entry.actor.username)
        for entry in LedgerEntry.objects.filter(subject__endswith="tan")
    ]
    assert told == [
        ("password", None),
        ("add", "chief"),
        ("change", "chief"),
        ("password", None),
        ("change", "chief"),
        ("sign-out", "chief"),
    ]


@pytest.mark.parametrize("kind", ["agency", "agreement"])
def test_what_an_approved_edition_names_keeps_its_slug_and_its_row(chief, kind):
    agreement = Agreement.objects.create(slug="cptpp", title="The CPTPP")
    draft = make_edition()
    draft.agreements.add(agreement)
    row = agreement if kind == "agreement" else make_agency()
    url = reverse(f"admin:releases_{kind}_change", args=[row.pk])
    form = sent(chief.get(url))
    approval.approve(draft, approver=make_member(make_agency()), at=NOON)
    assert chief.post(url, form | {"slug": "another"}).status_code == 302
    page = chief.post(reverse(f"admin:releases_{kind}_delete", args=[row.pk]), {"post": "yes"}, follow=True)
    row.refresh_from_db()
    assert row.slug != "another"
    told = {"agency": "It issues 1 release. Make it inactive or name its successor."}
    assert told.get(kind, f"Cannot delete {kind}") in page.content.decode()


def test_a_text_far_too_long_comes_back_with_the_message_at_its_field(chief):
    edition = make_edition(title="Old")
    url = reverse("admin:releases_edition_change", args=[edition.pk])
    long = "word " * 600_000
    page = chief.post(url, sent(chief.get(url), body=long, title="New")).content.decode()
    assert "300,000 are allowed" in page
    assert 'value="New"' in page and page.count("word ") >= 599_999


def test_more_than_can_be_read_is_told_in_words(chief):
    url = reverse("admin:releases_edition_change", args=[make_edition().pk])
    answer = chief.post(url, {"body": "x" * 10_000_001})
    assert answer.status_code == 400
    assert "go back in your browser" in answer.content.decode()


def test_a_live_text_has_no_form(chief):
    edition = make_live()
    url = reverse("admin:releases_edition_change", args=[edition.pk])
    assert chief.post(url, {"title": "Another"}).status_code == 403
    edition.refresh_from_db()
    assert edition.title != "Another"


def test_nobody_writes_on_in_a_draft_that_was_erased(chief):
    live = make_live()
    draft = make_next(live)
    erasure.erase_release(
        live.release, actor=make_member(make_agency()), reason="A court order", at=timezone.now()
    )
    url = reverse("admin:releases_edition_change", args=[draft.pk])
    assert chief.post(url, {"title": "The name again"}).status_code == 403
    draft.refresh_from_db()
    assert draft.title == "Erased"
