import datetime as dt

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from releases.models import Address, Edition, LedgerEntry, Redirect
from tests.factories import make_agency, make_blob, make_edition, make_live, make_section, make_user

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model.__name__)


@pytest.fixture
def chief(client):
    user = make_user(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def editor(client):
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="releases"))
    client.force_login(user)
    return user


def url(edition, verb=""):
    if verb:
        return reverse("admin:releases_edition_do", args=[edition.pk, verb])
    return reverse("admin:releases_edition_change", args=[edition.pk])


def typed(edition=None, **changes):
    """What the browser would send for an edition's form."""
    values = {
        "title": "A title", "permalink": "/news/a-title/", "release_date": "2024-03-01", "body": "1. *One*", "language": "en",
        "kind": "text", "version": edition.lock_version if edition else 0,
        "issuers-TOTAL_FORMS": 0, "issuers-INITIAL_FORMS": 0, "annexes-TOTAL_FORMS": 0, "annexes-INITIAL_FORMS": 0,
        "illustrations-TOTAL_FORMS": 0, "illustrations-INITIAL_FORMS": 0,
    }  # fmt: skip
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
    assert client.get(path).status_code == 200
    assert client.get(path, {"q": "Ministry"}).status_code == 200


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


def test_a_new_release_is_written_with_issuers_and_annexes(client, editor):
    section, agencies = (
        make_section(),
        [make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")],
    )
    files = {
        "annexes-TOTAL_FORMS": 1, "annexes-0-file": SimpleUploadedFile("annex a - key features.pdf", b"%PDF-1.4 x"),
        "annexes-0-position": 1, "issuers-TOTAL_FORMS": 2,
        "issuers-0-agency": agencies[1].pk, "issuers-0-position": 1, "issuers-1-agency": agencies[0].pk, "issuers-1-position": 2,
    }  # fmt: skip
    response = client.post(reverse("admin:releases_edition_add"), typed(section=section.pk, **files))
    assert response.status_code == 302
    edition = Edition.objects.get()
    assert (edition.state, edition.author, edition.address.path) == ("draft", editor, "/news/a-title/")
    assert edition.body_html == "<ol>\n<li><em>One</em></li>\n</ol>\n"
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["IMDA", "MTI"]
    annex = edition.annexes.get()
    assert (annex.label, annex.title, annex.blob.media_type) == ("Annex A", "key features", "application/pdf")
    assert client.get(annex.address.path).status_code == 404


@pytest.mark.parametrize(
    "name, data, reason",
    [
        ("a.pdf", b"<html><script>alert(1)</script>", "of a kind that cannot be an annex"),
        ("half.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "half.png: This is no picture that can be read."),
        ("a.html", b"<html>", "of a kind that cannot be an annex"),
        ("a.svg", b"<svg onload='x'/>", "of a kind that cannot be an annex"),
        ("a.exe", b"MZ\x00\x01", "of a kind that cannot be an annex"),
        ("a.docx", b"%PDF-1.4", "ends in .docx, but its content is application/pdf"),
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


def test_a_second_save_from_an_old_form_is_refused_and_loses_nothing(client, editor):
    edition = make_edition(permalink="/news/a/")
    old = typed(edition, body="The second editor's words")
    client.post(url(edition), typed(edition, body="The first editor's words"))
    response = client.post(url(edition), old)
    edition.refresh_from_db()
    assert edition.body == "The first editor's words"
    assert "Somebody else saved this edition" in response.content.decode()
    assert "The second editor&#x27;s words" in response.content.decode()


def test_an_approved_edition_is_only_looked_at(client, editor):
    edition = make_live()
    assert client.get(url(edition)).status_code == 200
    assert client.post(url(edition), typed(edition, title="Changed")).status_code == 403
    assert (
        client.post(reverse("admin:releases_edition_delete", args=[edition.pk]), {"post": "yes"}).status_code
        == 403
    )


def test_an_edition_is_approved_by_somebody_else_at_a_time(client, editor):
    edition = make_edition(author=make_user())
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    response = client.post(url(edition, "approve"), {"live_from": f"{tomorrow:%Y-%m-%dT%H:%M}"}, follow=True)
    edition.refresh_from_db()
    assert edition.state == "approved"
    assert edition.live_from == tomorrow.replace(second=0, microsecond=0)
    assert "The edition is approved." in response.content.decode()
    client.post(url(edition, "unschedule"))
    edition.refresh_from_db()
    assert edition.state == "draft"


def test_the_author_is_told_why_not(client, editor):
    edition = make_edition(author=editor)
    response = client.post(url(edition, "approve"), {"live_from": ""}, follow=True)
    edition.refresh_from_db()
    assert edition.state == "draft"
    assert "You wrote this edition. Someone else has to approve it." in response.content.decode()


def test_a_live_release_is_corrected_withdrawn_and_brought_back(client, editor):
    edition = make_live(at=timezone.now())
    client.post(url(edition, "next"))
    assert Edition.objects.filter(release=edition.release, state="draft", number=2).count() == 1
    client.post(url(edition, "withdraw"), {"reason": "Wrong figures"})
    assert edition.release.absences.get().reason == "Wrong figures"
    client.force_login(User.objects.create(username="second", is_staff=True, is_superuser=True))
    client.post(url(edition, "restore"))
    assert edition.release.absences.get().until is not None


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
    client.post(reverse("admin:releases_edition_delete", args=[edition.pk]), {"post": "yes"})
    assert not Edition.objects.exists()
    assert not Address.objects.at("/news/a/").exists()


def test_the_ledger_is_nobodys_to_change(client, chief):
    make_live()
    entry = LedgerEntry.objects.get()
    path = reverse("admin:releases_ledgerentry_change", args=[entry.pk])
    assert client.post(path, {"verb": "x"}).status_code == 403
    assert (
        client.post(
            reverse("admin:releases_ledgerentry_delete", args=[entry.pk]), {"post": "yes"}
        ).status_code
        == 403
    )


def test_a_redirect_is_typed_as_a_path(client, editor):
    values = {"path": "/old", "target": "/news/a/", "valid_from_0": "2024-01-01", "valid_from_1": "00:00"}
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
