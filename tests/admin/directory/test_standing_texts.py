import pytest
from django.urls import reverse

from releases.models import AgencyContact, Boilerplate, Edition, LedgerEntry
from releases.services.publishing import review
from tests.admin.browsing import sent
from tests.factories import NOON, make_agency, make_edition, make_member, make_section, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    return AgencyContact.objects.create(agency=make_agency(), name="Media relations", phone="6000 0000")


def test_what_is_ticked_on_a_release_comes_into_its_text_and_goes_with_the_tick(client, contact):
    about = Boilerplate.objects.create(agency=contact.agency, title="About MTI", text="It leads.")
    client.force_login(make_member(contact.agency, role="writer"))
    make_section()
    url = reverse("admin:releases_edition_add")
    form = sent(client.get(url), title="A title", body="1. One.", agency_contacts=[contact.pk])
    form |= {"boilerplates": [about.pk], "section": make_section().pk, "contacts": "Mr Lim"}
    client.post(url, form | {"issuers-0-agency": contact.agency_id})
    edition = Edition.objects.get()
    assert edition.contacts == "Mr Lim\n\nMedia relations\n6000 0000"
    assert edition.body == "1. One.\n\n## About MTI\n\nIt leads." and "About MTI</h2>" in edition.body_html
    url = reverse("admin:releases_edition_change", args=[edition.pk])
    form = sent(client.get(url))
    assert form["agency_contacts"] == [str(contact.pk)] and form["boilerplates"] == [str(about.pk)]
    client.post(url, form | {"agency_contacts": []})
    edition.refresh_from_db()
    assert edition.contacts == "Mr Lim" and edition.body.endswith("It leads.")


def test_words_changed_by_hand_stay_though_the_box_is_ticked(client, contact):
    edition = make_edition(contacts=contact.block, issuers=[contact.agency])
    client.force_login(make_member(contact.agency, role="writer"))
    url = reverse("admin:releases_edition_change", args=[edition.pk])
    client.post(url, sent(client.get(url), contacts="Media relations\n6111 1111"))
    edition.refresh_from_db()
    assert edition.contacts == "Media relations\n6111 1111"


def test_drafts_are_named_with_their_clearances_before_a_change_and_only_those_that_are_ticked_change(
    client, contact
):
    other = make_agency("imda", "Infocomm", "IMDA")
    issuers = [contact.agency, other]
    first = make_edition(title="First", contacts=contact.block, issuers=issuers)
    second = make_edition(title="Second", contacts=contact.block, issuers=issuers)
    make_edition(title="Not theirs", contacts=contact.block, issuers=[other])
    review.record_clearance(first, agency=other, actor=make_user(), at=NOON)
    client.force_login(make_member(contact.agency, role="approver"))
    url = reverse("admin:releases_agencycontact_change", args=[contact.pk])
    page = client.get(url)
    assert "First (the clearance of IMDA becomes void)" in page.content.decode()
    assert "Not theirs" not in page.content.decode()
    client.post(url, sent(page, phone="6111 1111", drafts=[first.pk]))
    told = dict(Edition.objects.values_list("title", "contacts"))
    assert told["First"].endswith("6111 1111") and told["Second"].endswith("6000 0000")
    assert list(review.uncleared_agencies(Edition.objects.get(pk=first.pk))) == [other]
    assert LedgerEntry.objects.filter(subject="media contact MTI: Media relations").exists()
    assert second.pk


@pytest.mark.parametrize("role, status", [("writer", 200), ("approver", 302)])
def test_who_approves_for_an_agency_says_whom_journalists_ask(client, contact, role, status):
    other = make_agency("imda", "Infocomm", "IMDA")
    client.force_login(make_member(other, role=role))
    url = reverse("admin:releases_agencycontact_change", args=[contact.pk])
    assert client.post(url, {"name": "Somebody else", "phone": "1"}).status_code == 403
    own = AgencyContact.objects.create(agency=other, name="Desk", phone="1")
    url = reverse("admin:releases_agencycontact_change", args=[own.pk])
    answer = client.post(url, {"agency": other.pk, "name": "The desk", "phone": "2", "base": ""})
    own.refresh_from_db()
    assert (answer.status_code, own.name) == ((302, "The desk") if status == 302 else (403, "Desk"))


def test_lines_of_a_browser_are_found_again_in_texts_and_in_drafts(client, contact):
    """A form sends every line with a carriage return."""
    agency, section = contact.agency, make_section()
    client.force_login(make_member(agency))
    url = reverse("admin:releases_boilerplate_add")
    client.post(url, {"agency": agency.pk, "title": "About MTI", "text": "It leads.\r\n\r\nAnd so on."})
    about = Boilerplate.objects.get()
    url = reverse("admin:releases_edition_add")
    form = sent(client.get(url), title="A title", body="1. One.", section=section.pk, boilerplates=[about.pk])
    form |= {"contacts": contact.block.replace("\n", "\r\n"), "issuers-0-agency": agency.pk}
    client.post(url, form)
    edition = Edition.objects.get()
    url = reverse("admin:releases_edition_change", args=[edition.pk])
    form = sent(client.get(url))
    assert (form["boilerplates"], form["agency_contacts"]) == ([str(about.pk)], [str(contact.pk)])
    for row in (about, contact):
        page = reverse(f"admin:releases_{row._meta.model_name}_change", args=[row.pk])
        assert [one.pk for one in client.get(page).context["adminform"].form.holding] == [edition.pk]
    client.post(url, form | {"boilerplates": []})
    edition.refresh_from_db()
    assert edition.body == "1. One."


def test_a_draft_that_cannot_hold_the_new_words_is_named_and_nothing_is_saved(client, contact):
    about = Boilerplate.objects.create(agency=contact.agency, title="About MTI", text="It leads.")
    body = f"{'x ' * 149_900}\n\n{about.block}"
    edition = make_edition(title="A long one", body=body, issuers=[contact.agency])
    client.force_login(make_member(contact.agency))
    url = reverse("admin:releases_boilerplate_change", args=[about.pk])
    page = client.post(url, sent(client.get(url), text="y " * 200, drafts=[edition.pk]))
    assert "“A long one” cannot hold these words. The text has " in page.content.decode()
    about.refresh_from_db()
    assert about.text == "It leads."
