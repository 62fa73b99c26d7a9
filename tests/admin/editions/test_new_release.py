import base64
import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from releases.models import Edition, Upload
from releases.services.editing import checks
from tests.admin.browsing import bring
from tests.content.documents.making import add_picture, make_picture
from tests.factories import make_agency, make_edition, make_member, make_section

pytestmark = pytest.mark.django_db
PLACE = "admin:releases_edition_from_document"


@pytest.fixture
def writer(client):
    make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    client.force_login(make_member(make_agency(), role="writer"))
    return client


def word_file(name="Harbour v7 FINAL.docx", *, annexes=("Annex A: Key features", "Annex B: Factsheet")):
    document = Document()
    document.sections[0].header.paragraphs[0].text = "EMBARGOED UNTIL 9AM, 2 DECEMBER 2096"
    document.sections[0].footer.paragraphs[0].text = "Not for the web"
    document.add_paragraph().add_run("Harbour fund opens").bold = True
    document.add_paragraph("Joint release by MTI and IMDA")
    document.add_paragraph("The fund opens.", style="List Number")
    add_picture(document, "A ferry")
    for line in ("Media contact", "Ms Ong, 6123 4567", *annexes):
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return SimpleUploadedFile(name, stream.getvalue())


def pdf(name):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF " + name.encode(), "application/pdf")


def test_a_word_file_and_its_annexes_become_a_draft(writer):
    files = [pdf("annex b v2.pdf"), word_file(), pdf("Key features.pdf"), pdf("quotes.pdf")]
    values = {"section": make_section().pk, "brought": files}
    bring(writer, values, embargo_is_confirmed="on")
    edition = Edition.objects.get()
    picture = Upload.objects.get().address.path
    assert (edition.title, edition.body) == (
        "Harbour fund opens",
        f"1. The fund opens.\n\n![A ferry]({picture})\n",
    )
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["MTI", "IMDA"]
    assert edition.contacts == "Media contact\nMs Ong, 6123 4567"
    assert [(one.label, one.title) for one in edition.annexes.all()] == [
        ("Annex A", "Key features"),
        ("Annex B", "Factsheet"),
        ("", "Quotes"),
    ]
    assert edition.wanted_from == dt.datetime(2096, 12, 2, 1, tzinfo=dt.UTC)
    assert edition.release_date == dt.date(2096, 12, 2)
    assert edition.illustrations.get().alt_text == "A ferry"
    assert checks.blocking(edition) == []


def test_the_page_between_names_what_is_left_out_and_missing(writer):
    values = {"section": make_section().pk, "brought": [word_file(), pdf("annex a.pdf")]}
    page = writer.post(reverse(PLACE), values).content.decode()
    assert "Annex B is named in the text and not among the files." in page
    assert "Not for the web" in page and "1 part left out unless ticked" in page
    assert 'src="/admin/releases/edition/picture/?path=%2Fimages%2F' in page
    assert not Edition.objects.exists()


def test_what_was_left_out_goes_below_the_text_where_somebody_ticks_it(writer):
    bring(writer, {"section": make_section().pk, "brought": [word_file()]}, put_in="0")
    edition = Edition.objects.get()
    assert edition.body.endswith("\n\nNot for the web\n")
    assert edition.awaited == "Annex A: Key features\nAnnex B: Factsheet"
    assert [check.field for check in checks.blocking(edition)] == [
        "embargo_is_confirmed",
        "awaited",
        "awaited",
    ]


def test_a_clipboard_with_its_formatting_wins_over_the_words_beside_it(writer):
    picture = f"data:image/png;base64,{base64.b64encode(make_picture()).decode()}"
    html = (
        "<h1>A title</h1><p>Issued by MTI</p><ol start=4><li>See <a href='https://example.org/'>the <b>map</b></a>"
        f"<script>alert(1)</script></li></ol><img src='{picture}' alt='Map'><img src='https://example.org/x.png'>"
    )
    bring(writer, {"section": make_section().pk, "html": html, "text": "A title\nIssued by MTI"})
    edition = Edition.objects.get()
    path = Upload.objects.get().address.path
    assert edition.body == f"4. See [the **map**](https://example.org/)\n\n![Map]({path})\n"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Choose the Word file of the release, or paste its text."),
        ({"text": " \n "}, "Choose the Word file of the release, or paste its text."),
        ({"html": "<table><tr><td>a<td>b<tr><td>c<td>d</table>"}, "Nothing was found that could be a title."),
        ({"html": "<div>" * 80 + "x"}, "nested more than 60 deep"),
    ],
)
def test_what_cannot_be_read_is_said(writer, values, words):
    page = writer.post(reverse(PLACE), {"section": make_section().pk, **values})
    assert words in page.content.decode()
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("release.doc", "old Word file (.doc)"),
        ("release.odt", "release.odt is no Word document (.docx)"),
        ("release.docx", "cannot be read as a Word document"),
    ],
)
def test_another_kind_of_document_is_refused_and_the_annexes_stay_chosen(writer, name, words):
    file = SimpleUploadedFile(name, b"\xd0\xcf\x11\xe0" if name.endswith(".doc") else b"x")
    values = {"section": make_section().pk, "brought": [file, pdf("annex a.pdf")]}
    answer = writer.post(reverse(PLACE), values)
    assert words in answer.content.decode()
    assert "Chosen: annex a.pdf" in answer.content.decode()
    again = {
        "section": values["section"],
        "kept": answer.context["form"]["kept"].value(),
        "text": "A title\nText",
    }
    bring(writer, again)
    assert [annex.label for annex in Edition.objects.get().annexes.all()] == ["Annex A"]


def test_of_two_word_files_the_release_is_the_one_that_is_no_annex(writer):
    annex = word_file("annex a.docx", annexes=())
    bring(writer, {"section": make_section().pk, "brought": [annex, word_file()]})
    edition = Edition.objects.get()
    assert [str(one) for one in edition.annexes.all()] == ["Annex A: Key features"]


def test_an_embargo_cannot_be_confirmed_without_a_time_or_for_one_that_passed(writer):
    values = {
        "section": make_section().pk,
        "text": "Embargoed until midnight, 2 December 2096\nA title\nText",
    }
    page = bring(writer, values, embargo_is_confirmed="on").content.decode()
    assert "Choose the day and time that keep the embargo." in page
    page = bring(writer, values, wanted_from="2020-01-01T09:00").content.decode()
    assert "This time has passed." in page
    assert not Edition.objects.exists()


def test_what_was_recognised_and_somebody_changed_on_the_way_makes_nothing(writer):
    answer = writer.post(reverse(PLACE), {"section": make_section().pk, "recognised": "forged"}, follow=True)
    assert "This page is too old. Choose the document again." in answer.content.decode()
    assert not Edition.objects.exists()


def test_the_section_is_the_one_that_this_person_used_last(client):
    member = make_member(make_agency(), role="writer")
    make_section("/a/", "A section")
    used = make_section("/speeches/", "Speeches")
    make_edition(author=member, section=used)
    client.force_login(member)
    assert client.get(reverse(PLACE)).context["form"].initial["section"] == used


def test_who_may_not_write_gets_no_page(client):
    client.force_login(make_member())
    assert client.get(reverse(PLACE)).status_code == 403
