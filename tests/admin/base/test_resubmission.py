import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from releases.admin.editions.admin import EditionAdmin
from releases.models import Agency, Agreement, Edition, LedgerEntry, Release
from tests.admin.browsing import bring, sent
from tests.factories import make_agency, make_edition, make_member, make_section

pytestmark = pytest.mark.django_db
ADD = reverse("admin:releases_edition_add")


@pytest.fixture
def form(client):
    """What a browser sends from the form of a new release, once it is filled in."""
    client.force_login(make_member(make_agency(), role="writer"))
    changes = {"title": "Ferry times", "section": make_section().pk, "body": "1. One.", "permalink": ""}
    return sent(client.get(ADD), **changes) | {"issuers-0-agency": make_agency().pk, "_continue": "Save"}


def test_back_and_save_again_makes_no_second_release(client, form):
    client.post(ADD, form)
    response = client.post(ADD, form, follow=True)
    edition = Edition.objects.get()
    assert response.redirect_chain[-1][0] == reverse("admin:releases_edition_change", args=[edition.pk])
    assert "Already saved; this is it." in response.content.decode()


def test_back_and_another_text_is_told_and_stays_in_the_form(client, form):
    client.post(ADD, form)
    response = client.post(ADD, form | {"body": "1. Another text."})
    page = response.content.decode()
    edition = Edition.objects.get()
    assert edition.body == "1. One."
    assert "You have saved this release already." in page and "1. Another text." in page
    assert reverse("admin:releases_edition_change", args=[edition.pk]) in page


def test_back_and_a_file_more_is_told_and_not_passed_over(client, form):
    first, second = ({"new_annexes": [SimpleUploadedFile(f"annex {one}.pdf", b"%PDF-1.4")]} for one in "ab")
    client.post(ADD, form | first)
    told = client.post(ADD, form | second).content.decode()
    assert "You have saved this release already." in told and "Chosen: annex b.pdf." in told
    assert client.post(ADD, form).status_code == 302


def test_two_saves_at_one_instant_end_in_a_message(client, form, monkeypatch):
    """The second looked before the first was there: the database refuses, the form looks again."""
    whole, calls = EditionAdmin.save_model, []

    def meanwhile(self, request, edition, form, change):
        calls.append(1)
        if len(calls) == 1:
            raise IntegrityError("somebody was faster")
        whole(self, request, edition, form, change)

    monkeypatch.setattr(EditionAdmin, "save_model", meanwhile)
    assert client.post(ADD, form).status_code == 302
    assert Edition.objects.count() == 1


def test_the_database_keeps_one_release_a_form():
    release = make_edition().release
    Release.objects.filter(pk=release.pk).update(opened="6e1c1d7a-52a3-4c35-9c9b-0a2f6f1c2d11")
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(section=release.section, opened="6e1c1d7a-52a3-4c35-9c9b-0a2f6f1c2d11")


def test_a_document_brought_twice_by_one_form_makes_one_draft(client, form):
    values = {"section": form["section"], "text": "A title\n\n1. One.", "opened": form["opened"]}
    bring(client, values)
    bring(client, values)
    assert Edition.objects.count() == 1
    page = bring(client, values | {"text": "Another\n\n1. Two."}).content.decode()
    assert "has made a draft already" in page and "Two." in page
    assert Edition.objects.count() == 1


def test_one_save_sent_twice_adds_no_row_twice(client):
    """Two clicks, or Back and Save again, on a form that adds a file and a row."""
    edition = make_edition()
    client.force_login(make_member(make_agency(), role="writer"))
    url = reverse("admin:releases_edition_change", args=[edition.pk])
    form = sent(client.get(url), title="Another title")
    for _ in range(2):
        file = SimpleUploadedFile("annex a - figures.pdf", b"%PDF-1.4 a")
        answer = client.post(url, form | {"new_annexes": [file], "_continue": "Save"}, follow=True)
    assert "Already saved; this is it." in answer.content.decode()
    assert [annex.title for annex in edition.annexes.all()] == ["Figures"]
    other = SimpleUploadedFile("annex a - figures.pdf", b"%PDF-1.4 other bytes")
    client.post(url, form | {"new_annexes": [other]})
    assert edition.annexes.count() == 2


def test_a_signatory_that_is_sent_twice_is_kept_once(client):
    agreement = Agreement.objects.create(slug="a", title="An agreement")
    client.force_login(make_member(make_agency()))
    url = reverse("admin:releases_agreement_change", args=[agreement.pk])
    form = sent(client.get(url)) | {"signatories-TOTAL_FORMS": 1, "signatories-0-person": "Ms Tan"}
    for _ in range(2):
        assert client.post(url, form).status_code == 302
    assert agreement.signatories.count() == 1


def test_a_change_made_undone_and_made_again_is_no_repetition(client):
    agreement = Agreement.objects.create(slug="a", title="One")
    client.force_login(make_member(make_agency()))
    url = reverse("admin:releases_agreement_change", args=[agreement.pk])
    for title in ("Two", "One", "Two"):
        client.post(url, sent(client.get(url), title=title))
        agreement.refresh_from_db()
        assert agreement.title == title


def change_url(edition):
    return reverse("admin:releases_edition_change", args=[edition.pk])


def test_saving_what_is_saved_already_still_submits_it(client):
    client.force_login(make_member(make_agency(), role="writer"))
    edition = make_edition()
    for button in ("_continue", "_submit", "_submit"):
        answer = client.post(change_url(edition), sent(client.get(change_url(edition))) | {button: "Save"})
        assert answer.status_code == 302
    edition.refresh_from_db()
    assert edition.state == "submitted"
    assert LedgerEntry.objects.filter(verb="submit").count() == 1


def test_back_from_a_new_release_and_another_button_submits_it(client, form):
    client.post(ADD, form)
    told = client.post(ADD, form | {"_submit": "Save"}, follow=True).content.decode()
    assert "Already saved; this is it" in told and "Submitted for approval." in told
    assert Edition.objects.get().state == "submitted"


def test_a_time_that_was_changed_back_and_forth_is_the_last_one(client):
    client.force_login(make_member(make_agency(), role="writer"))
    edition = make_edition()
    for time in ("09:00", "10:00", "09:00", "10:00"):
        client.post(
            change_url(edition), sent(client.get(change_url(edition)), wanted_from=f"2999-01-01T{time}")
        )
    edition.refresh_from_db()
    assert timezone.localtime(edition.wanted_from).hour == 10


def test_a_second_click_that_comes_before_the_first_answer_is_seen(client):
    """Its request began with the session as it was before the first save."""
    agreement = Agreement.objects.create(slug="a", title="An agreement")
    client.force_login(make_member(make_agency()))
    url = reverse("admin:releases_agreement_change", args=[agreement.pk])
    form = sent(client.get(url)) | {"signatories-TOTAL_FORMS": 1, "signatories-0-person": "Ms Tan"}
    requests = [RequestFactory().post(url, form) for _ in range(2)]
    for request in requests:
        request.session, request.user = client.session, User.objects.get()
        request.session.get("anything")
        request._messages, request._dont_enforce_csrf_checks = CookieStorage(request), True
        request.resolver_match = resolve(url)
    for request in requests:
        assert admin.site._registry[Agreement].change_view(request, str(agreement.pk)).status_code == 302
    assert agreement.signatories.count() == 1


@pytest.mark.parametrize("way", ["inactive", "deleted"])
def test_an_agency_that_vanished_meanwhile_is_told_at_its_field(client, form, way):
    agency = make_agency("gone", "Board of the Past", "BOP")
    form |= {"issuers-0-agency": agency.pk}
    if way == "deleted":
        agency.delete()
    else:
        Agency.objects.filter(pk=agency.pk).update(is_active=False)
    page = client.post(ADD, form).content.decode()
    assert "No agency that is active here is called that. Choose one from the list." in page
    assert "1. One." in page and not Edition.objects.exists()


def test_an_acronym_of_two_agencies_names_none_of_them(client, form):
    health = make_agency("moh", "Ministry of Health", "MOH")
    make_agency("housing", "Ministry of Housing", "MOH")
    page = client.post(ADD, form | {"issuers-0-agency": "MOH"}).content.decode()
    assert "Several agencies are called that. Choose one from the list." in page
    assert not Edition.objects.exists()
    client.post(ADD, form | {"issuers-0-agency": "MOH – Ministry of Health"})
    assert Edition.objects.get().issuers.get().agency == health


def test_what_was_wrong_is_listed_above_with_links_to_the_fields(client, form):
    page = client.post(ADD, form | {"permalink": "/admin/x/", "release_date": "never"}).content.decode()
    assert "Not saved yet. Nothing that you typed is lost." in page
    assert (
        '<a href="#id_permalink">Web address</a>' in page
        and '<a href="#id_release_date">Release date</a>' in page
    )
