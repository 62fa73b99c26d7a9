import pytest
from django.urls import reverse
from django.utils import timezone

from releases.models import Agreement, AgreementEvent, Mention, Party, PartyAction, Relation
from tests.admin.browsing import delete, sent
from tests.factories import make_agency, make_live, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def pact():
    agreement = Agreement.objects.create(slug="sea", title="Agreement on the Sea", acronyms=["SEAP", "AS"])
    Party.objects.create(agreement=agreement, country="SG")
    AgreementEvent.objects.create(agreement=agreement, kind="signed", date="2022-11-21")
    return agreement


@pytest.fixture
def save(client):
    """Saves a record as a browser would, with changes; gives the answer."""
    client.force_login(make_user(is_staff=True, is_superuser=True))

    def post(record, **changes):
        url = reverse(f"admin:releases_{record._meta.model_name}_change", args=[record.pk])
        return client.post(url, sent(client.get(url), **changes), follow=True)

    return post


def new_row(prefix, number, **values):
    return {f"{prefix}-TOTAL_FORMS": str(number + 1)} | {
        f"{prefix}-{number}-{name}": value for name, value in values.items()
    }


def test_the_address_of_an_agreement_stays(pact, save):
    save(pact, slug="other", title="Agreement on the Shore")
    pact.refresh_from_db()
    assert (pact.slug, pact.title) == ("sea", "Agreement on the Shore")


def test_names_are_typed_one_a_line(pact, save):
    save(pact, acronyms="SEAP\r\n\r\n SEA \r\nSEAP", former_titles="Pact of the Shore")
    pact.refresh_from_db()
    assert (pact.acronyms, pact.former_titles) == (["SEAP", "SEA"], ["Pact of the Shore"])


@pytest.mark.parametrize(
    "prefix, number, typed, words",
    [
        (
            "events",
            1,
            {"kind": "entry-into-force", "date": "2022-01-01"},
            "before signed on 21 November 2022",
        ),
        ("events", 1, {"kind": "entry-into-force", "date": ""}, "An event needs its date."),
        (
            "parties",
            1,
            {"kind": "agency", "name": "singapore", "position": "2"},
            "Singapore is a party twice.",
        ),
        (
            "parties",
            1,
            {"kind": "state", "name": "Atlantis", "position": "2"},
            "Choose the state, or another kind",
        ),
        (
            "parties",
            1,
            {"kind": "organisation", "country": "KR", "position": "2"},
            "Type the name of the organisation.",
        ),
        (
            "parties",
            1,
            {"kind": "agency", "country": "KR", "position": "2"},
            "Choose the agency, or type its name",
        ),
        (
            "events",
            1,
            {"kind": "amended", "date": "2023-01-01", "source_url": "javascript:alert(1)"},
            "Enter a valid URL.",
        ),
    ],
)
def test_rows_that_contradict_each_other_are_refused_where_they_are_typed(
    pact, save, prefix, number, typed, words
):
    answer = save(pact, **new_row(prefix, number, **typed))
    assert words in answer.content.decode()
    assert f'id="id_{prefix}-{number}-kind"' in answer.content.decode()
    assert (pact.events.count(), pact.parties.count()) == (1, 1)


def test_an_agency_is_chosen_as_a_party_once(pact, save):
    board = make_agency("fish", "Fish Board")
    save(pact, **new_row("parties", 1, kind="agency", agency=str(board.pk), position="2"))
    assert [str(party) for party in pact.parties.all()] == ["Singapore", "Fish Board"]
    answer = save(pact, **new_row("parties", 2, kind="agency", agency=str(board.pk), position="3"))
    assert "An agency can be a party only once." in answer.content.decode()
    answer = save(
        pact, **new_row("parties", 2, kind="state", country="CL", agency=str(board.pk), position="3")
    )
    assert "Choose “Agency” for a party that is an agency." in answer.content.decode()
    assert pact.parties.count() == 2


def test_an_event_that_nobody_will_see_and_an_early_ratification_are_told(pact, save):
    party = pact.parties.get()
    PartyAction.objects.create(
        party=party, kind="ratification", action_on="2022-11-20", effective_on="2022-11-01"
    )
    told = save(pact).content.decode()
    assert "Signed 21 November 2022: it has no release and no public date" in told
    assert "Ratification 20 November 2022 is before the signing on 21 November 2022." in told
    assert "Ratification 20 November 2022 counts from 1 November 2022, before it was done." in told


def test_relations_that_lead_back_are_refused(pact, save):
    other = Agreement.objects.create(slug="other", title="Other")
    Relation.objects.create(agreement=other, kind="supersedes", other=pact)
    answer = save(pact, **new_row("relations", 0, kind="implements", other=str(other.pk)))
    assert "Its relations lead back to itself." in answer.content.decode()
    assert not pact.relations.exists()
    save(pact, **new_row("relations", 0, kind="related", other=str(other.pk)))
    assert pact.relations.get().other == other


@pytest.mark.parametrize("binding, saved", [("not-stated", 0), ("binding", 1)])
def test_a_memorandum_has_no_ratifications_unless_it_binds(pact, save, binding, saved):
    Agreement.objects.update(instrument_type="memorandum-of-understanding", binding=binding)
    answer = save(pact.parties.get(), **new_row("actions", 0, kind="ratification", action_on="2022-12-01"))
    assert PartyAction.objects.count() == saved
    assert ("has no ratifications" in answer.content.decode()) is not bool(saved)


def test_an_acronym_that_two_share_is_saved_and_told(pact, save):
    Agreement.objects.create(slug="other", title="Other", acronyms=["OTH"])
    assert "OTH is also the acronym of Other." in save(pact, acronyms="OTH").content.decode()
    pact.refresh_from_db()
    assert pact.acronyms == ["OTH"]


def test_a_release_is_chosen_by_its_name(pact, client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    page = client.get(reverse("admin:releases_agreement_change", args=[pact.pk])).content.decode()
    assert 'data-field-name="release"' in page and 'class="vForeignKeyRawIdAdminField"' not in page


def test_a_public_record_is_deleted_by_a_superuser_alone(client):
    hidden, public = (Agreement.objects.create(slug=slug, title=slug) for slug in ("hidden", "public"))
    Mention.objects.create(agreement=public, release=make_live(at=timezone.now()).release)
    client.force_login(make_member(make_agency(), role="approver"))
    chosen = {"action": "delete_selected", "_selected_action": [hidden.pk, public.pk]}
    register = reverse("admin:releases_agreement_changelist")
    seen = client.post(register, chosen).context["seen"]
    client.post(register, {**chosen, "post": "yes", "seen": seen})
    for agreement in (hidden, public):
        delete(client, reverse("admin:releases_agreement_delete", args=[agreement.pk]))
    assert list(Agreement.objects.all()) == [public]
    client.force_login(make_member(make_agency(), is_superuser=True))
    delete(client, reverse("admin:releases_agreement_delete", args=[public.pk]))
    assert not Agreement.objects.exists()
