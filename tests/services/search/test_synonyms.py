"""Another name of what a reader typed finds as much."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from releases.models import AgencyName, Agreement, Synonym
from releases.services.search import results
from releases.services.search.filters import Filters
from releases.services.search.synonyms import add_synonyms
from tests.factories import NOON, make_agency, make_edition, make_live

pytestmark = pytest.mark.django_db
AGREEMENT = "Korea-Singapore Digital Partnership Agreement"


def find(words, at=NOON + dt.timedelta(minutes=1)):
    filters = add_synonyms(at, Filters.read({"q": words}))
    return [edition.title for edition in results.search(at, filters).editions]


@pytest.fixture
def board():
    agency = make_agency("pub", "Public Utilities Board", "PUB")
    AgencyName.objects.create(
        agency=agency, name="National Water Office", acronym="NWO", valid_from=dt.date(2020, 1, 1)
    )
    return agency


@pytest.mark.parametrize("typed", ["nwo", "PUB", "public utilities board", "National Water Office rates"])
def test_an_agency_is_found_by_any_of_its_names(board, typed):
    make_live(title="Water rates of the Public Utilities Board")
    make_live(title="Buses")
    assert find(typed) == ["Water rates of the Public Utilities Board"]


def test_words_that_people_leave_out_of_a_name_are_not_needed(board):
    make_agency("mti2", "Ministry of Trade and Industry", "MOTI")
    make_live(title="MOTI reads the figures")
    assert find("ministry trade industry") == ["MOTI reads the figures"]


def test_an_agency_is_not_found_by_a_name_that_it_only_will_have(board):
    AgencyName.objects.create(
        agency=board, name="Rivers Authority", acronym="RIVA", valid_from=dt.date(2030, 1, 1)
    )
    make_live(title="Water rates of the Public Utilities Board")
    assert find("riva") == []


def test_an_agreement_is_found_by_its_acronym_once_it_is_public():
    agreement = Agreement.objects.create(
        slug="ksdpa", title=AGREEMENT, acronyms=["KSDPA"], instrument_type="treaty"
    )
    make_live(title=f"The {AGREEMENT}")
    assert find("ksdpa") == []
    agreement.events.create(kind="signed", date=NOON.date(), public_from=NOON)
    assert find("ksdpa") == [f"The {AGREEMENT}"]


def test_what_editors_wrote_down_serves_both_ways():
    Synonym.objects.create(words="e-scooter, personal mobility device, PMD")
    make_live(title="Rules for personal mobility devices")
    make_live(title="Where e-scooters may go")
    for typed in ("PMD", "e-scooters", "personal mobility devices"):
        assert set(find(typed)) == {"Rules for personal mobility devices", "Where e-scooters may go"}


def test_what_was_typed_without_stays_without():
    Synonym.objects.create(words="bus, omnibus")
    make_live(title="An omnibus")
    assert find("-bus an") == find("an") == ["An omnibus"]


def test_a_draft_lends_no_name(board):
    make_edition(title="Water rates of the Public Utilities Board")
    assert find("nwo") == []


@pytest.mark.parametrize("words", ["alone", " , ", "same, same", ",".join(map(str, range(20)))])
def test_a_line_of_one_name_or_of_very_many_is_refused(words):
    with pytest.raises(ValidationError, match="Type two names or more"):
        Synonym(words=words).full_clean()


def test_an_acronym_that_a_text_introduces_serves_both_ways():
    make_live(title="Opening", body_html="<p>At the Committee of Supply (COS) debate.</p>")
    make_live(title="COS: what was said")
    make_live(title="The Committee of Supply rises")
    for typed in ("cos", "committee of supply"):
        assert set(find(typed)) == {"Opening", "COS: what was said", "The Committee of Supply rises"}


def test_an_acronym_stands_for_what_most_texts_say():
    for title in ("Shore", "Coast"):
        make_live(title=title, body_html="<p>The Water Board (WB) works.</p>")
    make_live(title="Loans", body_html="<p>The World Bank (WB) lends.</p>")
    make_live(title="Rates of the Water Board")
    assert "Rates of the Water Board" in find("wb")
    assert find("world bank") == ["Loans"]


def test_an_acronym_that_texts_have_as_a_word_stands_for_nothing():
    make_live(title="Talks", body_html="<p>With the United States (US), and information technology (IT).</p>")
    make_live(title="Tell us whether it rains")
    assert find("united states") == find("information technology") == ["Talks"]


def test_a_release_that_is_not_public_introduces_nothing():
    later = NOON + dt.timedelta(days=1)
    make_live(title="Opening", body_html="<p>At the Committee of Supply (COS) debate.</p>", at=later)
    make_live(title="The Committee of Supply rises")
    assert find("cos") == []
    assert find("cos", later) == ["The Committee of Supply rises", "Opening"]
