import datetime as dt

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from releases.admin.editions.admin import EditionAdmin
from releases.models import Address, Edition, LedgerEntry, Membership, Redirect, Suggestion
from releases.services.publishing import approval, takedown
from tests.admin.browsing import delete
from tests.factories import (
    make_agency,
    make_blob,
    make_edition,
    make_live,
    make_member,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model.__name__)


@pytest.fixture
def chief(client):
    user = make_user(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def editor(client):
    user = make_member(make_agency(), role="approver")
    Membership.objects.create(user=user, agency=make_agency(), role="administrator")
    client.force_login(user)
    return user


def url(edition, verb=""):
    if verb:
        return reverse("admin:releases_edition_do", args=[edition.pk, verb])
    return reverse("admin:releases_edition_change", args=[edition.pk])


def typed(edition=None, **changes):
    """What the browser would send for an edition's form."""
    values = {
        "title": "A title",
        "permalink": "/news/a-title/",
        "release_date": "2024-03-01",
        "body": "1. *One*",
        "language": "en",
        "form": "text",
        "issuers-TOTAL_FORMS": 0,
        "issuers-INITIAL_FORMS": 0,
        "annexes-TOTAL_FORMS": 0,
        "annexes-INITIAL_FORMS": 0,
        "illustrations-TOTAL_FORMS": 0,
        "illustrations-INITIAL_FORMS": 0,
    }
    if edition:
        values |= {"section": edition.release.section_id, "permalink": edition.address.path}
    return values | changes


def errors(response):
    form = response.context["adminform"].form
    return form.errors


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_is_listed_and_searched(client, chief, model):
    make_live(annexes=[("/files/a.pdf", b"%PDF-1")], images=[("/images/a.png", b"png")])
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for asked in ({}, {"q": "Ministry"}):
        assert client.get(path, asked, follow=True).status_code == 200


@pytest.mark.parametrize(
    "model",
    [model for model in MODELS if model._meta.app_label == "releases"],
    ids=lambda model: model.__name__,
)
def test_every_row_is_shown_and_forms_are_offered_where_rows_are_typed(client, chief, model):
    make_live(annexes=[("/files/a.pdf", b"%PDF-1")], images=[("/images/a.png", b"png")])
    name = f"admin:releases_{model._meta.model_name}"
    row = model.objects.first()
    if row:
        assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    can_add = admin.site._registry[model].has_add_permission(client.get("/admin/").wsgi_request)
    assert client.get(reverse(f"{name}_add")).status_code == (200 if can_add else 403)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_nobody_else_sees_the_desk(client, model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    assert client.get(reverse(name)).status_code == 302
    client.force_login(make_user(is_staff=True))
    assert client.get(reverse(name)).status_code == 403


def test_the_dashboard_shows_what_waits_and_what_one_may_open(client, editor):
    make_edition(title="Waits for me", state="submitted")
    page = client.get("/admin/").content.decode()
    assert "Waits for me" in page and "New release" in page
    assert "Closing texts" in page and "permission to view" not in page


def test_a_new_release_is_written_with_issuers_and_annexes(client, editor):
    section, agencies = (
        make_section(),
        [make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")],
    )
    files = {
        "annexes-TOTAL_FORMS": 1,
        "annexes-0-file": SimpleUploadedFile("annex a - key features.pdf", b"%PDF-1.4 x"),
        "annexes-0-position": 1,
        "issuers-TOTAL_FORMS": 2,
        "issuers-0-agency": agencies[1].pk,
        "issuers-0-position": 1,
        "issuers-1-agency": agencies[0].pk,
        "issuers-1-position": 2,
    }
    response = client.post(reverse("admin:releases_edition_add"), typed(section=section.pk, **files))
    assert response.status_code == 302
    edition = Edition.objects.get()
    assert (edition.state, edition.author, edition.address.path) == ("draft", editor, "/news/a-title/")
    assert [row.user for row in edition.contributors.all()] == [editor]
    assert edition.body_html == "<ol>\n<li><em>One</em></li>\n</ol>\n"
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["IMDA", "MTI"]
    annex = edition.annexes.get()
    assert (annex.label, annex.title, annex.blob.media_type) == ("Annex A", "Key features", "application/pdf")
    assert client.get(annex.address.path).status_code == 404


@pytest.mark.parametrize(
    "name, data, reason",
    [
        (
            "a.pdf",
            b"<html><script>alert(1)</script>",
            "a.pdf ends in .pdf, but its content is something else.",
        ),
        ("a.pdf", b"", "a.pdf is empty."),
        ("half.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "half.png: This is no picture that can be read."),
        ("a.html", b"<html>", "of a kind that cannot be an annex"),
        ("a.svg", b"<svg onload='x'/>", "of a kind that cannot be an annex"),
        ("a.exe", b"MZ\x00\x01", "of a kind that cannot be an annex"),
        ("a.docx", b"%PDF-1.4", "ends in .docx, but its content is that of a .pdf file."),
        ("a", b"%PDF-1.4", "has no extension"),
    ],
)
def test_a_file_of_the_wrong_type_is_refused_at_its_field(client, editor, name, data, reason):
    upload = {
        "annexes-TOTAL_FORMS": 1,
        "annexes-0-file": SimpleUploadedFile(name, data),
        "annexes-0-position": 1,
    }
    response = client.post(reverse("admin:releases_edition_add"), typed(section=make_section().pk, **upload))
    assert response.status_code == 200
    assert reason in response.content.decode()
    assert 'value="A title"' in response.content.decode()
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    "permalink, reason",
    [
        ("/admin/x/", "Addresses below /admin/ belong to Press Room itself."),
        ("/a/../b/", "The address holds . or .. as a part of its path"),
        ("/news/taken/", "This address is taken. Choose another one."),
        ("/news/press-releases/", "This address is taken. Choose another one."),
    ],
)
def test_a_permalink_that_cannot_be_is_refused_at_its_field(client, editor, permalink, reason):
    make_edition(permalink="/news/taken/")
    response = client.post(
        reverse("admin:releases_edition_add"), typed(section=make_section().pk, permalink=permalink)
    )
    assert any(reason in message for message in errors(response)["permalink"])


def test_a_draft_can_be_moved_and_changed(client, editor):
    edition = make_edition(permalink="/news/old/")
    client.post(url(edition), typed(edition, permalink="/news/new/", title="Changed"))
    edition.refresh_from_db()
    assert (edition.title, edition.address.path, edition.lock_version) == ("Changed", "/news/new/", 1)
    assert [row.user for row in edition.contributors.all()] == [editor]


def test_an_approved_edition_is_only_looked_at(client, editor):
    edition = make_live()
    assert client.get(url(edition)).status_code == 200
    assert client.post(url(edition), typed(edition, title="Changed")).status_code == 403
    assert delete(client, reverse("admin:releases_edition_delete", args=[edition.pk])).status_code == 403


def test_an_edition_is_approved_by_somebody_else_at_a_time(client, editor):
    edition = make_edition(author=make_user())
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    response = client.post(url(edition, "approve"), {"live_from": f"{tomorrow:%Y-%m-%dT%H:%M}"}, follow=True)
    edition.refresh_from_db()
    assert edition.state == "approved"
    assert edition.live_from == tomorrow.replace(second=0, microsecond=0)
    assert "The version is approved." in response.content.decode()
    client.post(url(edition, "unschedule"))
    edition.refresh_from_db()
    assert edition.state == "draft"


def test_the_author_is_told_why_not(client, editor):
    edition = make_edition(author=editor)
    response = client.post(url(edition, "approve"), {"live_from": ""}, follow=True)
    edition.refresh_from_db()
    assert edition.state == "draft"
    assert "You wrote this version. Someone else has to approve it." in response.content.decode()


def test_a_live_release_is_corrected_withdrawn_and_brought_back(client, editor):
    edition = make_live(at=timezone.now())
    client.post(url(edition, "next"))
    assert Edition.objects.filter(release=edition.release, state="draft", number=2).count() == 1
    client.post(url(edition, "withdraw"), {"reason": "Wrong figures"})
    assert edition.release.absences.get().reason == "Wrong figures"
    client.force_login(User.objects.create(username="second", is_staff=True, is_superuser=True))
    client.post(url(edition, "restore"))
    assert edition.release.absences.get().until is not None


def test_who_has_erased_a_release_is_led_back_and_not_asked_again(client, chief):
    edition = make_live()
    answer = client.post(url(edition, "erase"), {"reason": "An order", "title": edition.title}, follow=True)
    assert "another person has to confirm it" in answer.content.decode()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    asked = client.get(url(edition, "erase"))
    assert "“An order”" in asked.content.decode()
    answer = client.post(
        url(edition, "erase"), asked.context["form"].initial | {"title": edition.title}, follow=True
    )
    assert answer.redirect_chain[-1][0] == url(edition)
    assert "The release is erased." in answer.content.decode()


@pytest.mark.parametrize(
    "verb", ["approve", "unschedule", "next", "withdraw", "remove", "restore", "nothing"]
)
def test_verbs_need_the_right_and_the_state(client, verb):
    edition = make_edition()
    client.force_login(make_user(is_staff=True))
    client.post(url(edition, verb), {"reason": "x"})
    edition.refresh_from_db()
    assert (edition.state, edition.release.absences.count(), Edition.objects.count()) == ("draft", 0, 1)


def test_a_discarded_draft_frees_its_address(client, editor):
    edition = make_edition(permalink="/news/a/")
    delete(client, reverse("admin:releases_edition_delete", args=[edition.pk]))
    assert not Edition.objects.exists()
    assert not Address.objects.at("/news/a/").exists()


def test_the_ledger_is_nobodys_to_change(client, chief):
    make_live()
    entry = LedgerEntry.objects.get()
    path = reverse("admin:releases_ledgerentry_change", args=[entry.pk])
    assert client.post(path, {"verb": "x"}).status_code == 403
    assert delete(client, reverse("admin:releases_ledgerentry_delete", args=[entry.pk])).status_code == 403


def test_a_redirect_is_typed_as_a_path(client, editor):
    make_live(permalink="/news/a/")
    values = {"path": "/old", "target": "/news/a/", "valid_from": "2024-01-01T00:00"}
    client.post(reverse("admin:releases_redirect_add"), values)
    redirect = Redirect.objects.get()
    assert (redirect.address.path, redirect.target) == ("/old", "/news/a/")
    response = client.post(reverse("admin:releases_redirect_add"), values)
    assert "This address is taken by a redirect." in response.content.decode()


def test_the_bytes_of_a_draft_are_in_no_public_place(client, editor):
    blob = make_blob(b"%PDF-1.4 secret")
    for path in (
        f"/blobs/{blob.pk[:2]}/{blob.pk}",
        f"/media/blobs/{blob.pk[:2]}/{blob.pk}",
        f"/_blobs/{blob.pk[:2]}/{blob.pk}",
    ):
        assert client.get(path).status_code == 404


def test_a_link_is_an_address_on_the_web(client, editor):
    values = typed(section=make_section().pk, form="link", body="", link_url="javascript:alert(1)")
    response = client.post(reverse("admin:releases_edition_add"), values)
    assert errors(response)["link_url"] == ["Type a web address that begins with https://."]
    client.post(reverse("admin:releases_edition_add"), values | {"link_url": "https://www.example.org/a"})
    assert Edition.objects.get().link_url == "https://www.example.org/a"


def test_a_reason_stays_in_its_form_when_the_step_is_refused(client, editor):
    edition = make_live(at=timezone.now())
    client.post(url(edition, "withdraw"), {"reason": "Wrong figures"})
    page = client.post(url(edition, "withdraw"), {"reason": "Wrong figures in paragraph 2"}).content.decode()
    assert "Wrong figures in paragraph 2" in page and "This version has the status “Withdrawn”" in page


def test_a_time_stays_in_its_form_when_the_edition_changed_meanwhile(client, editor):
    edition = make_edition(author=make_user())
    values = {"live_from": "2999-01-01T09:00", "seen": "0" * 64}
    page = client.post(url(edition, "approve"), values)
    assert "This version changed after you opened it" in page.content.decode()
    form = page.context["form"]
    assert form["live_from"].value() == "2999-01-01T09:00"
    assert client.post(url(edition, "approve"), values | {"seen": form["seen"].value()}).status_code == 302


def test_what_was_typed_is_shown_when_the_approval_came_just_before_the_save(client, editor, monkeypatch):
    edition = make_edition(author=make_user())
    before = EditionAdmin.get_object

    def approved_first(self, request, object_id, from_field=None):
        if edition.state == "draft":
            edition.refresh_from_db()
            edition.state = approval.approve(edition, approver=make_user(), at=timezone.now()).state
        return before(self, request, object_id, from_field)

    monkeypatch.setattr(EditionAdmin, "get_object", approved_first)
    response = client.post(url(edition), typed(edition, body="A paragraph that I had typed."))
    assert response.status_code == 403
    assert "A paragraph that I had typed." in response.rendered_content


@pytest.mark.parametrize(
    "path, status",
    [("together/?editions=²", 200), (f"together/?editions={'9' * 30}", 200), ("²/change/", 302)],
)
def test_numbers_that_no_edition_has_are_no_fault(client, editor, path, status):
    assert client.get(f"/admin/releases/edition/{path}").status_code == status


def released(number):
    """As many releases as asked for, each with whatever names a release in a list."""
    for _ in range(number):
        edition = make_live(at=timezone.now())
        takedown.withdraw(edition.release, actor=make_user(), reason="Why", at=timezone.now())
        address = Address.objects.create(path=f"/old-{edition.pk}/", kind="redirect")
        Redirect.objects.create(address=address, release=edition.release, valid_from=timezone.now())
        Suggestion.objects.create(release=edition.release, rule="new", title="A treaty", key=str(edition.pk))


@pytest.mark.parametrize("model", ["absence", "ledgerentry", "redirect", "suggestion", "release", "edition"])
def test_a_list_of_many_takes_as_many_queries_as_one_of_few(client, chief, model):
    path, taken = reverse(f"admin:releases_{model}_changelist"), []
    client.get(path)  # the first request notes that somebody is here
    for number in (2, 6):
        released(number)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        taken.append(len(captured))
    assert taken[0] == taken[1]
