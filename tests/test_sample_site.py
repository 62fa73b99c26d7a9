import json
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import call_command
from django.utils import timezone

from releases.models import Agreement, Edition, Release
from releases.services.jekyll.importer import import_site

ROOT = Path(__file__).parent.parent / "fixtures"
SEED = "/news/press-releases/the-korea-singapore-digital-partnership-agreement-enters-into-force/"


@pytest.fixture
def report(db):
    call_command("loaddata", "agencies", "agreements", verbosity=0)
    return import_site(ROOT / "site", at=timezone.now(), dry_run=False, progress=lambda rows, title: rows)


def test_the_sample_comes_in_whole_with_one_of_each_oddity(report):
    assert (report.posts, report.created, report.failed) == (44, 44, [])
    assert (report.annex_links, report.annex_links_resolved) == (17, 16)
    told = ("stray", "unresolved", "empty_links", "shared_urls", "site_files", "unknown_issuers")
    assert [len(getattr(report, key)) for key in told] == [1, 1, 1, 1, 1, 0]
    assert [row["problem"] for row in report.redirects] == [""] * 5
    forms = [Release.objects.filter(form=form).count() for form in ("text", "file", "link")]
    assert forms == [42, 1, 1]


def test_the_release_on_the_agreement_is_as_it_should_be(report, client):
    page = client.get(SEED)
    assert page.status_code == 200
    edition = Edition.objects.get(address__path=SEED)
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["MTI", "MCI", "IMDA"]
    assert [annex.label for annex in edition.annexes.all()] == ["Annex A", "Annex B", "Annex C"]
    assert edition.body_html.count("<li>") == 4
    for annex in edition.annexes.select_related("address"):
        assert annex.address.path.startswith(f"/files/Press Releases 2023/{annex.label.lower()}: ")
        served = b"".join(client.get(annex.address.path).streaming_content)
        assert served == (ROOT / "site" / annex.address.path.lstrip("/")).read_bytes()


def test_what_is_a_draft_or_in_the_future_is_not_public(report, client):
    for path in (
        "/news/press-releases/plans-for-the-jubilee-exhibition/",
        "/news/press-releases/the-jubilee-exhibition-opens/",
        "/files/Press Releases 2030/programme.pdf",
    ):
        assert client.get(path).status_code == 404


def test_the_agreement_has_its_dates(report):
    events = Agreement.objects.get(slug="korea-singapore-digital-partnership-agreement").events.all()
    dates = {event.kind: f"{event.date}" for event in events}
    assert dates == {"concluded": "2021-12-15", "signed": "2022-11-21", "entry-into-force": "2023-01-14"}


def test_all_but_two_pdfs_are_tagged_and_titled():
    raw = pypdfium2.raw
    plain = []
    for path in sorted((ROOT / "site").rglob("*.pdf")):
        document = pypdfium2.PdfDocument(path)
        if not (raw.FPDFCatalog_IsTagged(document) and document.get_metadata_value("Title")):
            plain.append(path.name)
    assert plain == ["guide-for-parents.pdf", "wifi-usage.pdf"]


def test_the_fixtures_are_valid_json():
    for path in ROOT.glob("*.json"):
        assert json.loads(path.read_text())
