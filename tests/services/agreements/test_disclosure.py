"""Whoever approves a release is shown what becomes public of agreements with it, and no more than that."""

import datetime as dt

import pytest
from django.urls import reverse

from releases.models import (
    Agreement,
    AgreementEvent,
    AgreementText,
    Mention,
    Party,
    PartyAction,
    Relation,
    Signatory,
)
from releases.services.agreements.disclosure import disclosed_with
from tests.factories import NOON, make_agency, make_edition, make_live, make_member

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 3, 1)


@pytest.fixture
def pact():
    return Agreement.objects.create(
        slug="pact",
        title="Harbour Pact",
        instrument_type="treaty",
        binding="binding",
        summary="On harbours.",
        former_titles=["Port Pact"],
        contact="ports@example.org",
        duration="Five years",
        renewal="By notes",
        expires_on=dt.date(2029, 3, 4),
        depositary="The harbour master",
        registration="No. 7",
    )


@pytest.fixture
def whole(pact):
    """A record with every kind of fact, all of which wait for one draft."""
    draft = make_edition(annexes=[("/files/pact.pdf", b"%PDF-1.4 pact", "Annex A", "The pact")])
    signs = AgreementEvent.objects.create(
        agreement=pact, kind="signed", date=DAY, place="Seoul", note="At noon.", release=draft.release
    )
    korea = Party.objects.create(agreement=pact, country="KR", position=1)
    late = Party.objects.create(agreement=pact, country="CL", position=2)
    Signatory.objects.create(agreement=pact, party=korea, person="Ms Kim", office="Minister")
    for party, kind in ((korea, "ratification"), (late, "accession")):
        PartyAction.objects.create(
            party=party,
            kind=kind,
            action_on=DAY,
            effective_on=DAY,
            statement="With joy.",
            release=draft.release,
        )
    AgreementText.objects.create(agreement=pact, blob=draft.annexes.get().blob)
    known = Agreement.objects.create(slug="sea", title="Sea Treaty")
    Mention.objects.create(agreement=known, release=make_live().release)
    Relation.objects.create(agreement=pact, kind="amends", other=known)
    return signs, draft


EVERYTHING = [
    "Signed 1 March 2024, Seoul, At noon",
    "South Korea, Ratification 1 March 2024, counts from 1 March 2024, With joy",
    "Chile, Accession 1 March 2024, counts from 1 March 2024, With joy",
    "Status: Signed",
    "Signed for South Korea: Ms Kim, Minister",
    "Duration: Five years",
    "Renewal: By notes",
    "Expires: 4 March 2029",
    "Depositary: The harbour master",
    "Registered: No. 7",
    "Kind: Treaty, binding",
    "Parties: South Korea, Chile",
    "Other titles: Port Pact",
    "Summary: On harbours.",
    "Contact: ports@example.org",
    "Text: Authentic text (en)",
    "Amends Sea Treaty",
]


def test_all_that_waits_for_a_release_is_told_before_its_approval(whole, pact):
    _, draft = whole
    assert disclosed_with([draft], NOON) == [(pact, EVERYTHING)]


@pytest.mark.parametrize("verb", ["approve", "clear", "publish-urgently"])
def test_the_page_that_asks_shows_it(client, whole, verb):
    client.force_login(make_member(make_agency(), is_superuser=True))
    page = client.get(reverse("admin:releases_edition_do", args=[whole[1].pk, verb])).content.decode()
    assert all(f"<li>{line}</li>" in page for line in EVERYTHING)
    assert page.index("Agreement details that will also become public") < page.index("Harbour Pact</a>")


def test_the_page_for_several_shows_what_they_bring_together(client, whole):
    client.force_login(make_member(make_agency(), is_superuser=True))
    other = make_edition()
    page = client.get(f"/admin/releases/edition/together/?editions={whole[1].pk},{other.pk}")
    assert "<li>Depositary: The harbour master</li>" in page.content.decode()


def test_what_waits_for_another_release_or_for_nothing_is_not_told(whole):
    signs, draft = whole
    other = make_edition()
    assert disclosed_with([other], NOON) == []
    signs.release = other.release
    signs.save()
    [(_, lines)] = disclosed_with([draft], NOON)
    assert not any(
        line.startswith(("Signed", "Duration", "Expires", "Depositary", "Registered")) for line in lines
    )


def test_a_signing_brings_the_terms_of_an_agreement_that_readers_know(whole, pact):
    AgreementEvent.objects.create(
        agreement=pact, kind="concluded", date=dt.date(2023, 3, 4), release=make_live().release
    )
    [(_, lines)] = disclosed_with([whole[1]], NOON)
    assert "Status: Signed" in lines and "Expires: 4 March 2029" in lines
    assert not any(line.startswith(("Summary", "Kind", "Contact")) for line in lines)


def test_a_release_that_only_names_an_agreement_makes_it_known(pact):
    draft = make_edition()
    draft.agreements.add(pact)
    [(_, lines)] = disclosed_with([draft], NOON)
    assert "Summary: On harbours." in lines and not any("Duration" in line for line in lines)


def test_what_is_public_already_is_not_told_again(whole):
    live = make_live()
    AgreementEvent.objects.update(release=live.release)
    PartyAction.objects.update(release=live.release)
    assert [lines for _, lines in disclosed_with([whole[1]], NOON)] == [["Text: Authentic text (en)"]]
    assert disclosed_with([live], NOON) == []
