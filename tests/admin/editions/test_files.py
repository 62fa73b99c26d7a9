import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from releases.models import Annex, Blob, Edition
from releases.services.editing.draft_values import name_annex
from releases.services.files import cleanup
from releases.services.files.storage import is_whole
from tests.admin.browsing import sent
from tests.admin.editions.test_markdown import editor, picture, send  # noqa: F401 (the fixture is used by its name)
from tests.factories import (
    make_agency,
    make_edition,
    make_live,
    make_member,
    make_next,
    make_section,
    make_user,
)
from tests.services.editing.test_checks import picture as telephone
from tests.services.editing.test_checks import with_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return make_edition(
        annexes=[("/files/plan.pdf", b"%PDF-1 secret", "Annex A", "Plan")],
        images=[("/images/map.png", picture())],
        body_html='<p><a href="/files/plan.pdf">Plan</a> <img src="/images/map.png" alt="A map"></p>',
    )


def file(edition, sha256):
    return reverse("admin:releases_edition_file", args=[edition.pk, sha256])


def test_annexes_and_pictures_of_a_draft_open_at_the_desk_for_who_may_see_it(client, draft):
    annex, image = draft.annexes.get(), draft.illustrations.get()
    client.force_login(make_member(make_agency()))
    page = client.get(reverse("admin:releases_edition_page", args=[draft.pk])).content.decode()
    assert f'href="{file(draft, annex.blob_id)}"' in page and f'src="{file(draft, image.blob_id)}"' in page
    response = client.get(file(draft, annex.blob_id))
    assert b"".join(response.streaming_content) == b"%PDF-1 secret"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.get(reverse("admin:releases_edition_do", args=[draft.pk, "approve"])).content.count(
        file(draft, annex.blob_id).encode()
    )


def test_another_agency_and_a_stranger_get_no_file_of_it(client, draft):
    path = file(draft, draft.annexes.get().blob_id)
    assert client.get(path).status_code == 302
    client.force_login(make_member(make_agency("imda", "Infocomm Media Development Authority", "IMDA")))
    assert client.get(path).status_code == 404


def test_only_files_of_that_edition_are_handed_out(client, draft):
    other = make_edition(annexes=[("/files/other.pdf", b"%PDF-1 other")])
    client.force_login(make_member(make_agency()))
    assert client.get(file(draft, other.annexes.get().blob_id)).status_code == 404
    assert client.get(file(draft, "0" * 64)).status_code == 404


def test_a_file_without_bytes_is_not_found(client, draft):
    client.force_login(make_member(make_agency()))
    annex = draft.annexes.get()
    annex.blob.file.unlink()
    assert client.get(file(draft, annex.blob_id)).status_code == 404


def test_a_picture_that_was_just_put_into_a_text_is_shown_to_its_editor_only(client, editor):  # noqa: F811
    path = send(client, picture()).json()["image_path"]
    place = reverse("admin:releases_edition_picture")
    response = client.get(place, {"path": path})
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert client.get(place, {"path": "/images/none.png"}).status_code == 404
    client.logout()
    assert client.get(place, {"path": path}).status_code == 302
    client.force_login(make_user(is_staff=True))
    assert client.get(place, {"path": path}).status_code == 403


@pytest.mark.parametrize("name", [".pdf", "./.pdf", "\ud7ff\ufffe.pdf", "a\\.pdf", "noextension"])
def test_a_file_whose_name_says_nothing_gets_a_name(name):
    assert any(name_annex(name))


def test_a_file_without_a_name_is_an_annex_all_the_same(client):
    client.force_login(make_member(make_agency(), role="writer"))
    add = reverse("admin:releases_edition_add")
    values = {
        "title": "T",
        "section": make_section().pk,
        "release_date": "2024-03-01",
        "body": "x",
        "language": "en",
        "form": "text",
        "new_annexes": SimpleUploadedFile(".pdf", b"%PDF-1.4\n%%EOF", "application/pdf"),
    }
    for part in ("issuers", "annexes", "illustrations"):
        values |= {f"{part}-TOTAL_FORMS": 0, f"{part}-INITIAL_FORMS": 0}
    client.post(add, values)
    assert Annex.objects.get().title == "File"


def test_who_only_looks_at_an_edition_sees_its_text_as_readers_do(client):
    live = make_live(body="1. One.", body_html="<ol><li>One.</li></ol>", at=timezone.now())
    make_next(live)
    client.force_login(make_member(make_agency()))
    page = client.get(reverse("admin:releases_edition_change", args=[live.pk])).content.decode()
    assert 'aria-label="The text as readers see it"' in page and 'id="p1"' in page
    assert Edition.objects.count() == 2


def test_a_file_that_is_too_large_is_told_by_name_and_the_page_knows_the_limit(client, settings):
    settings.LARGEST_FILE = 1_000
    edition = make_edition()
    client.force_login(make_member(make_agency(), role="writer"))
    place = reverse("admin:releases_edition_change", args=[edition.pk])
    page = client.get(place)
    assert 'data-largest="1000"' in page.content.decode()
    files = [
        SimpleUploadedFile("large.pdf", b"%PDF-1.4" + b"x" * 1_000),
        SimpleUploadedFile("a.pdf", b"%PDF-1.4"),
    ]
    answer = client.post(place, sent(page, new_annexes=files)).content.decode()
    assert "large.pdf has 1,008 bytes; 1,000 are allowed." in answer
    assert "Chosen: a.pdf." in answer


def test_a_file_of_a_form_that_is_refused_day_after_day_is_not_removed_as_unused(client):
    edition = make_next(make_live(annexes=[("/files/kept.pdf", b"%PDF-1.4 kept")]))
    client.force_login(make_user(is_superuser=True, is_staff=True))
    place = reverse("admin:releases_edition_change", args=[edition.pk])
    refused = client.post(
        place, sent(client.get(place), title="", new_annexes=[SimpleUploadedFile("a.pdf", b"%PDF-1.4")])
    )
    Blob.objects.update(stored_at=timezone.now() - dt.timedelta(days=9))
    refused = client.post(place, sent(refused, title=""))
    assert list(cleanup.prune_files(timezone.now())) == []
    client.post(place, sent(refused, title="Saved at last"))
    assert is_whole(edition.annexes.last().blob) and edition.annexes.count() == 2


def test_files_that_are_too_large_together_are_told_and_the_page_knows(client, settings):
    settings.LARGEST_FILE, settings.FILES_TOGETHER = 1_000, 1_500
    edition = make_edition()
    client.force_login(make_member(make_agency(), role="writer"))
    place = reverse("admin:releases_edition_change", args=[edition.pk])
    page = client.get(place)
    assert 'data-together="1500"' in page.content.decode()
    files = [SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.4" + b"x" * 892) for name in "ab"]
    answer = client.post(place, sent(page, new_annexes=files, title="Kept")).content.decode()
    assert "These files have 1,800 bytes together; 1,500 are sent at once." in answer
    assert 'value="Kept"' in answer and not edition.annexes.exists()


def test_keys_above_a_thousand_stay_whole_where_a_form_sends_them(client):
    make_edition(pk=12_345)
    client.force_login(make_member(make_agency()))
    page = client.get(f"{reverse('admin:releases_edition_together')}?editions=12345").content.decode()
    assert 'name="seen-12345"' in page


def test_beside_a_picture_that_says_where_it_was_taken_stands_that_it_does(client):
    """Its bytes stay as they are; the same picture without a place says nothing."""
    client.force_login(make_member(make_agency()))
    for exif, times in ((with_place(), 1), (None, 0)):
        data = telephone("JPEG", exif=exif)
        edition = make_edition(annexes=[(f"/files/{times}.jpg", data, "Annex A", "")])
        Blob.objects.filter(annexes__edition=edition).update(media_type="image/jpeg")
        page = client.get(reverse("admin:releases_edition_change", args=[edition.pk])).content.decode()
        assert page.count("says where it was taken (GPS)</span>") == times
        assert edition.annexes.get().blob.file.read_bytes() == data
