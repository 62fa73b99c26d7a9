"""One digest over all content: whatever readers can see changes it, and keys and times of import do not."""

import pytest

from releases.models import AgencyName, Agreement, AgreementEvent, Mention, Party, PartyAction, Signatory
from releases.services.editions.digests import digest_site
from tests.factories import NOON, make_agency, make_live

pytestmark = pytest.mark.django_db


def make_record(release):
    pact = Agreement.objects.create(slug="sea", title="Agreement on the Sea", lead_agency=make_agency())
    party = Party.objects.create(agreement=pact, country="NO")
    PartyAction.objects.create(party=party, kind="ratification", action_on="2022-12-01", public_from=NOON)
    Signatory.objects.create(agreement=pact, party=party, person="Dr Anna Lim")
    AgreementEvent.objects.create(agreement=pact, kind="signed", date="2022-11-21", release=release)
    Mention.objects.create(agreement=pact, release=release)
    return pact


@pytest.fixture
def pact():
    return make_record(make_live(permalink="/news/signed/").release)


CHANGES = {
    "the terms": lambda pact: Agreement.objects.update(duration="Ten years"),
    "a party": lambda pact: Party.objects.update(name="Kingdom of Norway"),
    "what a party did": lambda pact: PartyAction.objects.update(statement="With a note."),
    "who signed": lambda pact: Signatory.objects.update(office="Minister for Fish"),
    "the evidence": lambda pact: AgreementEvent.objects.update(release=None),
    "a mention": lambda pact: Mention.objects.all().delete(),
    "an agency's name": lambda pact: AgencyName.objects.update(name="Ministry of Fish"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_readers_can_see_changes_it(pact, change):
    before = digest_site()
    change(pact)
    assert digest_site() != before


def test_the_same_record_under_other_keys_is_the_same(pact):
    before = digest_site()
    release = pact.mentions.get().release
    pact.delete()
    assert digest_site() != before
    make_record(release)
    assert digest_site() == before
