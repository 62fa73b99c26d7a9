import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from releases.models import Edition
from releases.services.editing import checks
from tests.admin.browsing import bring, sent
from tests.content.documents.test_release_fields import WHOLE
from tests.factories import make_agency, make_member, make_section

pytestmark = pytest.mark.django_db


def test_a_pasted_release_is_a_draft_with_its_issuers(client):
    agency, _ = make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    client.force_login(make_member(agency, role="writer"))
    values = {"section": make_section().pk, "text": WHOLE}
    page = bring(client, values, follow=True).content.decode()
    edition = Edition.objects.get()
    assert edition.title == "Harbour Pact enters into force"
    assert [row.user for row in edition.contributors.all()] == [edition.author]
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["MTI", "IMDA"]
    assert edition.permalink == "/news/press-releases/harbour-pact-enters-into-force/"
    assert edition.release_date == dt.date(2024, 5, 1)
    assert checks.blocking(edition)[0].field == "release_date_is_confirmed"
    assert edition.contacts.startswith("For media enquiries, please contact:\nMs Lena Ong")
    assert edition.body.endswith("   - a list\n   - a table\n")
    assert edition.awaited == "Annex A: Key features\nAnnex B: Factsheet"
    assert "Attach the files of Annex A: Key features; Annex B: Factsheet." in page


@pytest.fixture
def pasted(client):
    client.force_login(make_member(make_agency(), role="writer"))
    bring(client, {"section": make_section().pk, "text": WHOLE})
    Edition.objects.update(release_date_is_confirmed=True)
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
        "Annex A has not been attached yet.",
        "Annex B has not been attached yet.",
    ]
    assert '<a href="#id_awaited">Annex A has not been attached yet.</a>' in page.content.decode()


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
    bring(client, {"section": make_section().pk, "text": text})
    edition = Edition.objects.get()
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["MTI"]
    assert edition.body == "1. One.\n\nMinistry of Trade and Industry\n"


def test_what_cannot_be_a_body_is_told_and_stays(client):
    client.force_login(make_member(make_agency(), role="writer"))
    text = "Title\n\n" + "漢" * 150_000
    response = bring(client, {"section": make_section().pk, "text": text})
    assert "The text has 450,001 bytes; 300,000 are allowed." in response.content.decode()
    assert not Edition.objects.exists()


def test_a_byline_with_an_unknown_name_stays_in_the_text(client):
    client.force_login(make_member(make_agency(), role="writer"))
    text = (
        "A title\n\nJointly issued by the Ministry of Trade and Industry and the Board of Ferries\n\n1. One."
    )
    bring(client, {"section": make_section().pk, "text": text})
    edition = Edition.objects.get()
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["MTI"]
    assert "Board of Ferries" in edition.body


def paste(client, text, *, follow=False):
    make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    client.force_login(make_member(make_agency(), role="writer"))
    values = {"section": make_section().pk, "text": text}
    answer = bring(client, values, follow=follow)
    return answer, Edition.objects.get()


@pytest.mark.parametrize(
    ("line", "acronyms", "day"),
    [
        ("Joint release by MTI and IMDA", ["MTI", "IMDA"], None),
        ("Joint statement by the Ministry of Trade and Industry and IMDA", ["MTI", "IMDA"], None),
        ("Issued by MTI on 2 December 2026", ["MTI"], dt.date(2026, 12, 2)),
        ("Press release issued by IMDA, 2 December 2026", ["IMDA"], dt.date(2026, 12, 2)),
        ("Issued jointly by IMDA and MTI", ["IMDA", "MTI"], None),
    ],
)
def test_a_byline_names_the_issuers_and_may_name_the_day(client, line, acronyms, day):
    _, edition = paste(client, f"A title\n\n{line}\n\n1. One.")
    assert [issuer.acronym for issuer in edition.issuers.all()] == acronyms
    assert edition.body == "1. One.\n"
    assert day in (None, edition.release_date)


def test_an_embargo_is_wanted_and_stops_the_approval_until_it_is_confirmed(client):
    line = "EMBARGOED UNTIL 9AM, 2 DECEMBER 2096"
    answer, edition = paste(client, f"{line}\nA title\nIssued by MTI\n1. One.", follow=True)
    nine = dt.datetime(2096, 12, 2, 1, tzinfo=dt.UTC)
    assert (edition.wanted_from, edition.embargo, edition.body) == (nine, line, "1. One.\n")
    words = (
        f"The text that was brought here says “{line}”. Confirm that the release may be public from"
        " 2 December 2096, 09:00."
    )
    assert [check.words for check in checks.blocking(edition)] == [words]
    assert f'<a href="#id_embargo_is_confirmed">{words}</a>' in answer.content.decode()
    save(client, edition, embargo_is_confirmed="on")
    assert checks.blocking(edition) == []
    save(client, edition, wanted_from="2096-12-02T10:00")  # another time than the one that was confirmed
    assert [check.field for check in checks.blocking(edition)] == ["embargo_is_confirmed"]


@pytest.mark.parametrize(
    "lines",
    [
        ["Embargoed until midnight, 2 December 2096"],
        ["Embargoed until 2 December 1996, 9am"],
        ["Embargoed until 2 December 2096, 9am", "Not for publication before noon on a day to be named"],
    ],
    ids=["either end of a day", "passed", "one of two names no time"],
)
def test_an_embargo_that_names_no_sure_time_to_come_sets_none_and_still_stops(client, lines):
    _, edition = paste(client, "\n".join([*lines, "A title", "Issued by MTI", "1. One."]))
    assert (edition.wanted_from, edition.embargo.splitlines()) == (None, lines)
    assert [check.field for check in checks.blocking(edition)] == ["wanted_from"]
    save(client, edition, embargo="")
    assert checks.blocking(edition) == []


def test_of_two_embargoes_the_later_one_is_wanted(client):
    lines = ["Embargoed until 2 December 2096, 9am", "EMBARGO: 2 December 2096, 11:00 (SGT)"]
    _, edition = paste(client, "\n".join([*lines, "A title", "1. One."]))
    assert edition.wanted_from == dt.datetime(2096, 12, 2, 3, tzinfo=dt.UTC)
    assert edition.embargo.splitlines() == lines


def test_plain_words_are_shown_as_they_were_pasted(client):
    text = (
        "Harbour fund opens\r\nPress release by Ministry of Trade and Industry\r\nThe fund is for ferries.\r\n"
        "It opens in May.\r\n1.\tA*STAR will lead. A*STAR will report.\r\n2.\tMinister <Name to be confirmed> signs.\r\n"
        "a.\tFerries come first.\r\n(ii)\tPiers_come_second, see [x](y) | z.\r\nA closing paragraph.\r\n"
        "\uf0b7\tferries\r\no\tsmall piers\r\n\uf0a7\tbuoys\r\nYear\tAmount\r\n2026\t12\r\nA last paragraph.\r\n"
    )
    _, edition = paste(client, text)
    page = BeautifulSoup(edition.body_html, "html.parser")
    assert [one.get_text() for one in page.select("p")] == [
        "The fund is for ferries.",
        "It opens in May.",
        "A*STAR will lead. A*STAR will report.",
        "Minister <Name to be confirmed> signs.",
        "a. Ferries come first.",
        "(ii) Piers_come_second, see [x](y) | z.",
        "A closing paragraph.",
        "A last paragraph.",
    ]
    assert [one.get_text(" ", strip=True) for one in page.select("ul > li")] == [
        "ferries",
        "small piers",
        "buoys",
    ]
    assert [one.get_text(" ", strip=True) for one in page.select("tr")] == ["Year Amount", "2026 12"]
