import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from releases.models import Edition
from releases.services.editing import checks
from tests.admin.browsing import sent
from tests.content.extraction.test_pasted_release import WHOLE
from tests.factories import make_agency, make_member, make_section

pytestmark = pytest.mark.django_db


def test_a_pasted_release_is_a_draft_with_its_issuers(client):
    agency, _ = make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    client.force_login(make_member(agency, role="writer"))
    values = {"section": make_section().pk, "text": WHOLE}
    page = client.post(reverse("admin:releases_edition_paste"), values, follow=True).content.decode()
    edition = Edition.objects.get()
    assert edition.title == "Harbour Pact enters into force"
    assert [row.user for row in edition.contributors.all()] == [edition.author]
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["MTI", "IMDA"]
    assert edition.permalink == "/news/press-releases/harbour-pact-enters-into-force/"
    assert edition.release_date == dt.date(2024, 5, 1)
    assert edition.contacts.startswith("For media enquiries, please contact:\nMs Lena Ong")
    assert edition.body.endswith("- a list\n- a table\n")
    assert edition.awaited == "Annex A: Key features\nAnnex B: Factsheet"
    assert "Attach the files of Annex A: Key features; Annex B: Factsheet." in page
    assert "Left out of the text: “PRESS RELEASE”; “- End -”; “Annexes:”." in page


@pytest.fixture
def pasted(client):
    client.force_login(make_member(make_agency(), role="writer"))
    client.post(reverse("admin:releases_edition_paste"), {"section": make_section().pk, "text": WHOLE})
    return Edition.objects.get()


def save(client, edition, **changes):
    place = reverse("admin:releases_edition_change", args=[edition.pk])
    response = client.post(place, sent(client.get(place), **changes))
    edition.refresh_from_db()
    return response


def pdf(name):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF " + name.encode(), "application/pdf")


def test_an_annex_of_the_list_waits_for_its_file_and_nothing_is_published_before(client, pasted):
    place = reverse("admin:releases_edition_change", args=[pasted.pk])
    page = client.get(place)
    rows = page.context["inline_admin_formsets"][1].formset.forms
    assert [(row["label"].value(), row["title"].value()) for row in rows] == [
        ("Annex A", "Key features"),
        ("Annex B", "Factsheet"),
    ]
    assert [check.words for check in checks.blocking(pasted)] == [
        "The file of Annex A is still to come.",
        "The file of Annex B is still to come.",
    ]
    assert '<a href="#id_awaited">The file of Annex A is still to come.</a>' in page.content.decode()


def test_a_save_without_the_files_keeps_them_awaited(client, pasted):
    assert save(client, pasted, title="Another title").status_code == 302
    assert pasted.title == "Another title"
    assert pasted.awaited == "Annex A: Key features\nAnnex B: Factsheet"


def test_files_take_the_names_of_the_list_by_row_or_by_picker(client, pasted):
    files = {"annexes-1-file": pdf("f2.pdf"), "new_annexes": pdf("annex-a-final-v3.pdf")}
    assert save(client, pasted, **files).status_code == 302
    assert {(annex.label, annex.title) for annex in pasted.annexes.all()} == {
        ("Annex A", "Key features"),
        ("Annex B", "Factsheet"),
    }
    assert pasted.awaited == ""
    assert checks.blocking(pasted) == []


def test_an_annex_that_will_not_come_is_taken_out_of_the_list(client, pasted):
    assert save(client, pasted, awaited="Annex A: Key features").status_code == 302
    assert pasted.awaited == "Annex A: Key features"
    emptied = {"annexes-0-label": "", "annexes-0-title": "", "awaited": ""}
    assert save(client, pasted, **emptied).status_code == 302
    assert checks.blocking(pasted) == []


def test_a_signature_below_the_text_names_the_issuer_and_stays(client):
    client.force_login(make_member(make_agency(), role="writer"))
    text = "A title\n\n1. One.\n\nMinistry of Trade and Industry\n1 May 2024"
    client.post(reverse("admin:releases_edition_paste"), {"section": make_section().pk, "text": text})
    edition = Edition.objects.get()
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["MTI"]
    assert edition.body == "1. One.\n\nMinistry of Trade and Industry\n"


def test_what_cannot_be_a_body_is_told_and_stays(client):
    client.force_login(make_member(make_agency(), role="writer"))
    text = "Title\n\n" + "".join("> " * depth + "a\n" for depth in range(40))
    response = client.post(
        reverse("admin:releases_edition_paste"), {"section": make_section().pk, "text": text}
    )
    assert "nested more than 20 deep" in response.content.decode()
    assert not Edition.objects.exists()


def test_a_byline_with_an_unknown_name_stays_in_the_text(client):
    client.force_login(make_member(make_agency(), role="writer"))
    text = (
        "A title\n\nJointly issued by the Ministry of Trade and Industry and the Board of Ferries\n\n1. One."
    )
    client.post(reverse("admin:releases_edition_paste"), {"section": make_section().pk, "text": text})
    edition = Edition.objects.get()
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["MTI"]
    assert "Board of Ferries" in edition.body
