"""What readers would type to find the releases of the sample site, and which they would want, by reading
them."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import call_command

from releases.models import Blob
from releases.services.files.inspection import inspect_file
from releases.services.jekyll.importer import import_site
from releases.services.search.did_you_mean import correct_query
from releases.services.search.filters import Filters
from releases.services.search.results import search_with_facets

SITE = Path(__file__).parents[3] / "fixtures" / "site"
NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
KOREA = {
    "the-korea-singapore-digital-partnership-agreement-enters-into-force",
    "korea-and-singapore-sign-their-digital-partnership-agreement",
    "korea-and-singapore-conclude-negotiations-on-a-digital-partnership-agreement",
}
WANTED = {
    "KSDPA": KOREA,
    '"digital partnership agreement"': KOREA,
    "korea -negotiations artificial": {"singapore-and-korea-sign-a-memorandum-on-artificial-intelligence"},
    "november 2022 korea": {"korea-and-singapore-sign-their-digital-partnership-agreement"},
    "source code": {"the-korea-singapore-digital-partnership-agreement-enters-into-force"},
    "cryptography": {"the-korea-singapore-digital-partnership-agreement-enters-into-force"},
    "forty containers": {"the-korea-singapore-digital-partnership-agreement-enters-into-force"},
    "islands mail": {"report-on-mail-deliveries.md"},
    "4,200 test letters": {"report-on-mail-deliveries.md"},
    "humidity rack": {"standard-for-cooler-data-centres-published.html"},
    "sign language": {"file-Annual-report-of-the-communications-fund.html"},
    "baker": {"what-the-budget-means-for-small-shops-online"},
    "small shops grant": {"what-the-budget-means-for-small-shops-online"},
    "ten inventions": {"the-jubilee-exhibition-opens"},
    "undersea cables": {"second-undersea-cable-lands-in-the-east"},
    "libraries": {"three-public-libraries-reopen", "remarks-at-the-congress-of-public-libraries"},
    "broadband rental flats": {"reply-on-broadband-in-rental-flats"},
    "archives council 2025": {"appointment-to-the-archives-council-2025-06-16"},
    "全球数字能力": {"全球数字能力排名"},
    "kedudukan": {"全球数字能力排名"},
    "சிங்கப்பூர்": {"全球数字能力排名"},
    "MDDI new name": {"the-ministry-has-a-new-name"},
    "scams helpline": {"one number for scams"},
    "phishing": {"reply-on-phishing-sites"},
    "citizens abroad": {"reply-on-digital-identity-for-citizens-abroad"},
}
BEFORE, AFTER = dt.datetime(2029, 12, 31, tzinfo=dt.UTC), dt.datetime(2030, 2, 1, tzinfo=dt.UTC)
COMING = "ten inventions"
MISTYPED = {
    "libaries": "libraries",
    "Korea memorandun": "Korea memorandum",
    "artifical": "artificial",
    "jubille": "",
}


@pytest.fixture
def sample(db):
    call_command("loaddata", "agencies", verbosity=0)
    import_site(SITE, at=NOW, dry_run=False, progress=lambda rows, title: rows)
    for blob in Blob.objects.filter(media_type="application/pdf"):
        inspect_file(blob)


def found(at, words):
    listing, facets, *_ = search_with_facets(at, Filters.read({"q": words}))
    assert facets.total >= len(listing.editions)
    return [edition.address.path.strip("/").rpartition("/")[2] for edition in listing.editions]


def test_what_a_reader_wants_comes_first(sample):
    answers = {words: found(AFTER, words)[: len(slugs)] for words, slugs in WANTED.items()}
    assert {words: set(slugs) for words, slugs in answers.items()} == WANTED
    assert "the-jubilee-exhibition-opens" not in found(BEFORE, COMING)
    assert {typed: correct_query(BEFORE, Filters.read({"q": typed})) for typed in MISTYPED} == MISTYPED
    assert correct_query(AFTER, Filters.read({"q": "jubille"})) == "jubilee"
