import pytest
from django.utils import timezone

from releases.models import Agency, AgencyName, Edition, LedgerEntry, Suggestion
from releases.services.agreements.suggestions import suggest_for_all
from releases.services.jekyll.importer import UnknownOwner, load_agencies
from releases.services.publishing.verification import find_discrepancies
from releases.services.search.filters import Filters
from releases.services.search.results import search
from tests.factories import make_agency
from tests.sites import SiteFolder

pytestmark = pytest.mark.django_db
NOBODYS = "title: Harbour newsroom\nurl: https://old.example\n"


def issuers():
    """Of the newest edition of each release, by slug."""
    newest = {edition.release_id: edition for edition in Edition.objects.order_by("release_date", "number")}
    return [
        [issuer.agency.slug for issuer in edition.issuers.order_by("position")] for edition in newest.values()
    ]


def test_an_owner_that_is_told_later_issues_what_names_nobody(old_site):
    old_site.write("_config.yml", NOBODYS)
    old_site.post("2024-03-01-a.md")
    old_site.post("2024-03-02-b.md", "Text.\n\nIssued by: Ministry of Law\n")
    told = old_site.load().summary().splitlines()[0]
    assert "isn't known: 1 release has no issuer" in told and "SITE_AGENCY" in told and "--owner" in told
    assert issuers() == [[], ["minlaw"]]
    report = old_site.load(owner="mti")
    assert (report.updated, report.unchanged) == (1, 1) and "isn't known" not in report.summary()
    assert issuers() == [["mti"], ["minlaw"]]
    assert set(Edition.objects.values_list("number", "issuers_rule")) == {(1, "owner 1"), (1, "byline 1")}
    assert LedgerEntry.objects.get(verb="derive").note["issuers"] == [[], ["mti"]]
    assert list(find_discrepancies()) == [] and found_by_words("trade") == ["/news/press-releases/a/"]
    assert old_site.load(owner="mti").unchanged == 2


def found_by_words(words):
    return [one.permalink for one in search(timezone.now(), Filters.read({"q": words})).editions]


def test_an_owner_that_nobody_knows_is_refused(old_site):
    old_site.post()
    with pytest.raises(UnknownOwner, match="no agency “nobody”"):
        old_site.load(owner="nobody")


def test_an_agency_that_is_added_later_issues_what_names_it(old_site):
    old_site.post(body="Text.\n\nIssued by: Herring Board\n")
    assert [row["name"] for row in old_site.load().unknown_issuers] == ["Herring Board"]
    assert issuers() == [["minlaw"]]
    board = Agency.objects.create(slug="herring", acronym="HB")
    AgencyName.objects.create(agency=board, name="Herring Board", acronym="HB", valid_from="2000-01-01")
    assert old_site.load().updated == 1
    assert issuers() == [["herring"]]


def test_what_people_have_written_since_becomes_a_draft_to_compare(old_site):
    old_site.write("_config.yml", NOBODYS)
    old_site.post()
    old_site.load()
    Edition.objects.update(lock_version=1)
    assert old_site.load(owner="mti").unchanged == 1
    Edition.objects.update(lock_version=0)
    first = Edition.objects.get()
    Edition.objects.create(
        release=first.release,
        number=2,
        based_on=first,
        origin="desk",
        title="Ours",
        address=first.address,
        release_date=first.release_date,
    )
    report = old_site.load(owner="mti")
    assert [row["post"] for row in report.conflicts] == ["news/press-releases/_posts/2024-03-01-a.md"]
    assert [edition.state for edition in Edition.objects.order_by("number")] == ["approved", "draft", "draft"]
    assert old_site.load(owner="mti").unchanged == 1


def test_a_signature_that_has_nothing_to_do_with_the_owner_is_told_and_is_no_issuer(old_site):
    old_site.post("2024-03-01-a.md", "Text.\n\nMinistry of Finance\n")
    old_site.post("2024-03-02-b.md", "Text.\n\nMinistry of Finance\n\nMinistry of Law\n")
    minlaw = Agency.objects.get(slug="minlaw")
    below = make_agency("buoys", "Office of Buoys", parent=minlaw)
    old_site.post("2024-03-03-c.md", "Text.\n\nOffice of Buoys\n")
    report = old_site.load()
    assert issuers() == [["minlaw"], ["mof", "minlaw"], [below.slug]]
    assert [row["post"][-4] for row in report.doubtful_issuers] == ["a"]
    assert "1 agency seems to sign a release" in report.summary()
    assert old_site.load().unchanged == 3


def doubts():
    """What the queue says of signatures: agency, line, state."""
    rows = Suggestion.objects.filter(rule="issuer").order_by("pk")
    return [(one.agency.slug, one.sentence, one.state) for one in rows]


def test_a_signature_without_the_owner_is_a_suggestion_once(old_site):
    old_site.post("2024-03-01-a.md", "Text.\n\nMinistry of Finance\n")
    old_site.post("2024-03-02-b.md", "Text.\n\nMinistry of Finance\n")
    old_site.load(dry_run=True)
    assert doubts() == []
    old_site.load()
    found = ("mof", "Ministry of Finance", "open")
    assert doubts() == [found, found]
    Suggestion.objects.filter(pk=Suggestion.objects.earliest("pk").pk).update(state="dismissed")
    old_site.load()
    assert doubts() == [("mof", "Ministry of Finance", "dismissed"), found]
    old_site.load(owner="mof")
    assert doubts() == [("mof", "Ministry of Finance", "dismissed")]


def test_a_suggested_issuer_hides_no_agreement_of_the_same_release(old_site):
    old_site.post(body="The Sea Agreement was signed today.\n\nMinistry of Finance\n")
    old_site.load()
    suggest_for_all.func()
    assert set(Suggestion.objects.values_list("rule", flat=True)) >= {"issuer", "new"}


@pytest.mark.parametrize(
    ("config", "singapores", "loaded"),
    [
        ("title: T\nurl: https://www.news.gov.sg\n", False, True),
        ("title: Singapore News\nurl: https://old.example\n", False, True),
        ("title: T\nurl: https://old.example\ntimezone: Asia/Singapore\n", False, True),
        ("title: T\nurl: https://old.example\nremote_theme: isomerpages/template\n", False, True),
        ("", False, True),
        ("title: T\nurl: https://news.gov.uk\ntimezone: Europe/London\n", False, False),
        ("title: T\nurl: https://news.gov.uk\n", True, True),
    ],
)
def test_singapores_agencies_are_loaded_for_singapores_sites(tmp_path, config, singapores, loaded):
    site = SiteFolder(tmp_path)
    site.write("_config.yml", config)
    site.post()
    load_agencies(site.root, singapores=singapores)
    assert Agency.objects.exists() == loaded
