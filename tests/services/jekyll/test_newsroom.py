"""What is said of a newsroom and its agencies leaves with an export and comes back from it."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from releases.content.jekyll.record import locate_newsroom
from releases.models import Agency, AgencyContact, AgencyName, Blob, Boilerplate, Edition, Newsroom, Synonym
from releases.services.editions.digests import digest_site
from releases.services.files.logos import store_logo, store_social_picture
from releases.services.jekyll.exporter import export_site
from releases.services.jekyll.importer import import_site
from releases.services.jekyll.importer import load_agencies as load_missing_agencies
from tests.factories import make_agency
from tests.services.files.test_logos import SVG, drawn
from tests.sites import AT, SiteFolder, load_agencies
from tests.stories.emptying import empty_newsroom

pytestmark = pytest.mark.django_db
TEXTS = dict.fromkeys(("about", "contact", "privacy", "terms"), "We *measure* tides.\n\n1. One\n")
SAID = TEXTS | {
    "name": "Ministry of Tides",
    "line": "News of the sea",
    "colour": "#00441b",
    "logo_says_name": False,
    "email": "press@tides.example",
    "phone": "+65 6123 4567",
    "security_contact": "https://tides.example/report",
    "licence": "Open Licence 1.0",
    "licence_url": "https://licence.example/1.0",
    "official_note": "An official website of Atlantis",
    "footer_links": "Careers https://careers.example/\nArchive of old /archive/",
}


def read_files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def all_rows(rows, title):
    return rows


def say_all():
    logo, dark = (
        store_logo(SimpleUploadedFile("a.svg", SVG.encode())),
        store_logo(drawn(160, 40)),
    )
    social = store_social_picture(drawn(1200, 630, "social.jpg"))
    pictures = {"logo": logo.blob, "logo_dark": dark.blob, "social_picture": social.blob}
    Newsroom.objects.create(pk=1, **SAID, **pictures)
    mti = make_agency()
    AgencyContact.objects.create(
        agency=mti, name="Media relations", phone="6123 4567", valid_from=dt.date(2024, 3, 1), hours="Always"
    )
    AgencyContact.objects.create(
        agency=mti, name="A. Person", email="a@mti.example", valid_until=dt.date(2030, 1, 2)
    )
    Boilerplate.objects.create(agency=mti, title="About the Ministry", text="It *trades*.")
    Synonym.objects.create(words="e-scooter, PMD")


@pytest.fixture
def bring_back(tmp_path, settings):
    """Import an export into a newsroom that was emptied; or once more."""

    def bring_back(out, *, into_empty=True):
        if into_empty:
            empty_newsroom()
            for model in (Newsroom, Synonym):
                model.objects.all().delete()
            load_agencies()
            settings.MEDIA_ROOT = tmp_path / "another store"
            settings.MEDIA_ROOT.mkdir(exist_ok=True)
        return import_site(out, at=AT, dry_run=False, progress=all_rows)

    return bring_back


def of_newsroom(report):
    return [row["reason"] for row in report.warnings if row.get("post") == locate_newsroom()]


def test_a_newsroom_comes_back_with_what_is_said_of_it_and_its_agencies(old_site, tmp_path, bring_back):
    old_site.post("2024-03-01-a.md", "As it came.\n")
    old_site.load(at=AT)
    plain = digest_site()
    say_all()
    full = digest_site()
    assert full != plain
    export_site(tmp_path / "out", at=AT, progress=all_rows)
    report = bring_back(tmp_path / "out")
    assert of_newsroom(report) == [] and digest_site() == full
    newsroom = Newsroom.objects.get()
    assert {name: getattr(newsroom, name) for name in SAID} == SAID
    assert [newsroom.logo.picture_width, newsroom.social_picture.picture_width] == [1000, 1200]
    assert all(blob.file.is_file() for blob in Blob.objects.all())
    assert AgencyContact.objects.count() == 2 and Boilerplate.objects.get().text == "It *trades*."
    export_site(tmp_path / "again", at=AT, progress=all_rows)
    assert (tmp_path / "again" / locate_newsroom()).read_bytes() == (
        tmp_path / "out" / locate_newsroom()
    ).read_bytes()


def test_once_it_has_come_in_it_stays_as_people_leave_it(old_site, tmp_path, bring_back):
    old_site.post("2024-03-01-a.md")
    old_site.load(at=AT)
    say_all()
    out = tmp_path / "out"
    export_site(out, at=AT, progress=all_rows)
    bring_back(out)
    AgencyContact.objects.all().delete()
    Newsroom.objects.update(name="Renamed")
    bring_back(out, into_empty=False)
    assert not AgencyContact.objects.exists() and Newsroom.objects.get().name == "Renamed"
    record = json.loads((out / locate_newsroom()).read_bytes())
    record["said"]["name"] = "Another"
    (out / locate_newsroom()).write_text(json.dumps(record))
    (told,) = of_newsroom(bring_back(out, into_empty=False))
    assert told.startswith("The newsroom here says something of itself already")
    assert Newsroom.objects.get().name == "Renamed" and AgencyContact.objects.count() == 2


def test_a_newsroom_that_says_nothing_has_no_record_and_the_digest_that_it_had(old_site, tmp_path):
    old_site.post("2024-03-01-a.md")
    old_site.load(at=AT)
    before = digest_site()
    Newsroom.objects.create(pk=1)
    assert digest_site() == before
    export_site(tmp_path / "out", at=AT, progress=all_rows)
    assert not (tmp_path / "out" / locate_newsroom()).exists()


def test_agencies_of_another_country_come_back_with_their_history(tmp_path, bring_back):
    site = SiteFolder(tmp_path / "tides")
    site.write("_config.yml", "title: Tides\nurl: https://tides.example\ntimezone: Europe/Oslo\n")
    site.post("2024-03-01-a.md", "Text.\n\nIssued by: Ministry of Tides\n")
    site.post("2009-03-01-b.md", "Text.\n\nIssued by: Tide Office\n")
    tides = make_agency("tides", "Ministry of Tides", "MT", kind="ministry", hosts=["tides.example"])
    office = make_agency("office", "Tide Office", "TO", parent=tides, aliases=["The Office"], is_active=False)
    Agency.objects.filter(pk=office.pk).update(successor=tides, succeeded_on="2015-01-01")
    AgencyName.objects.create(agency=tides, name="Ministry of Water", acronym="MW", valid_from="2012-05-01")
    AgencyContact.objects.create(agency=tides, name="Press", phone="6123 4567")
    make_agency("buoys", "Office of Buoys", "OB", parent=office)
    site.load(at=AT)
    before, out = digest_site(), tmp_path / "out"
    export_site(out, at=AT, progress=all_rows)
    empty_newsroom()
    load_missing_agencies(out, singapores=False)
    import_site(out, at=AT, dry_run=False, progress=all_rows)
    assert (digest_site(), Agency.objects.count()) == (before, 3)
    assert sorted(Edition.objects.values_list("issuers__name", flat=True)) == [
        "Ministry of Water",
        "Tide Office",
    ]
    export_site(tmp_path / "again", at=AT, progress=all_rows)
    assert read_files(tmp_path / "again") == read_files(out)
    Agency.objects.get(slug="buoys").delete()
    bring_back(out, into_empty=False)
    assert not Agency.objects.filter(slug="buoys").exists()


def test_agencies_here_stay_and_those_that_nobody_could_have_typed_are_told(old_site, tmp_path, bring_back):
    old_site.post("2024-03-01-a.md")
    old_site.load(at=AT)
    out = tmp_path / "out"
    Agency.objects.filter(slug="mti").update(acronym="TRADE")
    export_site(out, at=AT, progress=all_rows)
    record = json.loads((out / locate_newsroom()).read_bytes())
    assert len(record["agencies"]) == Agency.objects.count()
    odd = record["agencies"][0] | {"slug": "no slug", "parent": "", "successor": ""}
    record["agencies"] += [
        odd,
        odd | {"slug": "odd", "kind": "fleet"},
        odd | {"slug": "own", "parent": "own"},
    ]
    (out / locate_newsroom()).write_text(json.dumps(record))
    reasons = of_newsroom(bring_back(out))
    assert [reason.partition(" did not")[0] for reason in reasons] == ["The agency no slug", "The agency odd"]
    assert Agency.objects.get(slug="mti").acronym == "MTI" and Agency.objects.get(slug="own").parent is None


@pytest.mark.parametrize(
    "change, told",
    [
        (lambda said: said.update(colour="#ffffff"), "did not come in"),
        (lambda said: said.update(colour="red;}body{display:none"), "did not come in"),
        (lambda said: said.update(footer_links="Bad javascript:alert(1)"), "did not come in"),
        (lambda said: said.update(security_contact="a\nb"), "did not come in"),
        (lambda said: said.update(email="nobody"), "valid email address"),
        (lambda said: said.update(licence_url="javascript:alert(1)"), "valid URL"),
        (lambda said: said.update(name=7), "name is missing or no value of its kind"),
        (lambda said: said["pictures"][0].update(sha256="0" * 64), "Its bytes are not in this copy."),
        (lambda said: said["pictures"][0].update(sha256="../secret"), "sha256 is no digest"),
    ],
)
def test_what_nobody_could_have_typed_does_not_come_in(old_site, tmp_path, bring_back, change, told):
    old_site.post("2024-03-01-a.md")
    old_site.load(at=AT)
    say_all()
    out = tmp_path / "out"
    export_site(out, at=AT, progress=all_rows)
    record = json.loads((out / locate_newsroom()).read_bytes())
    change(record["said"])
    (out / locate_newsroom()).write_text(json.dumps(record))
    (reason,) = of_newsroom(bring_back(out))
    assert told in reason
    newsroom = Newsroom.objects.first()
    assert (newsroom is None) == ("bytes" not in reason) and (newsroom is None or newsroom.logo is None)
