"""What is typed and not saved is kept for whoever typed it: found again by them alone, and gone with the save, the
draft, the release and the month."""

import datetime as dt
import json
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from releases.models import Autosave, ContentVersion, Edition, LedgerEntry, Membership, Release
from releases.services.accounts.permissions import Authority
from releases.services.editing import autosaves, drafts
from releases.services.publishing import approval, erasure
from tests.admin.browsing import sent
from tests.factories import make_agency, make_edition, make_live, make_member, make_next, make_section

pytestmark = pytest.mark.django_db
ADD = reverse("admin:releases_edition_add")
KEEP = reverse("admin:releases_edition_autosave")
SECOND = dt.timedelta(seconds=1)
OFFER = "data-typed="


@pytest.fixture
def mti():
    return make_agency()


@pytest.fixture
def writer(client, mti):
    user = make_member(mti, role="writer")
    client.force_login(user)
    return user


def page_of(edition):
    return reverse("admin:releases_edition_change", args=[edition.pk])


def keep(client, values, edition=None):
    """What the browser sends while somebody types; returns the answer's status."""
    typed = [
        (name, str(one))
        for name, value in values.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    told = {"token": str(values["opened"]), "edition": edition and edition.pk, "values": typed}
    return client.post(KEEP, json.dumps(told), content_type="application/json").status_code


def typed_in(client, edition, **changes):
    """The form of the edition with what somebody types in it, which is kept."""
    values = sent(client.get(page_of(edition)), **changes)
    assert keep(client, values, edition) == 204
    return values


def age(delta):
    Autosave.objects.update(typed_at=timezone.now() - delta)


def test_what_was_typed_is_offered_to_its_author_alone_and_is_no_part_of_the_edition(client, writer, mti):
    edition = make_edition(title="Ferries", author=writer, issuers=[mti])
    before = Edition.objects.values().get(), ContentVersion.objects.get().version, LedgerEntry.objects.count()
    typed_in(client, edition, title="Ferries at night", body="1. A secret word.")
    assert (
        Edition.objects.values().get(),
        ContentVersion.objects.get().version,
        LedgerEntry.objects.count(),
    ) == before
    token = Autosave.objects.get().form_token
    places = [
        reverse("admin:releases_edition_typed", args=[token]),
        reverse("admin:releases_edition_typed_values", args=[token]),
    ]
    assert OFFER in client.get(page_of(edition)).content.decode()
    assert all("secret" in client.get(place).content.decode() for place in places)
    assert not admin.site.is_registered(Autosave)
    for other in (make_member(mti), User.objects.create_superuser("root", password="x" * 20)):
        browser = Client()
        browser.force_login(other)
        assert OFFER not in browser.get(page_of(edition)).content.decode()
        assert [browser.get(place).status_code for place in places] == [404, 404]
        assert browser.post(places[0]).status_code == 404


def test_the_page_shows_each_field_that_differs_in_words(client, writer, mti):
    imda = make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    edition = make_edition(
        title="Ferries",
        author=writer,
        issuers=[mti],
        annexes=[("/files/a.pdf", b"%PDF-1", "Annex A", "A map")],
    )
    typed_in(client, edition, **{"issuers-0-agency": mti.acronym})
    page = client.get(reverse("admin:releases_edition_typed", args=[Autosave.objects.get().form_token]))
    assert page.context["differences"] == []
    Autosave.objects.all().delete()
    typed_in(
        client,
        edition,
        **{"title": "Ferries at night", "annexes-0-title": "The map", "issuers-0-agency": imda.acronym},
    )
    page = client.get(reverse("admin:releases_edition_typed", args=[Autosave.objects.get().form_token]))
    found = {one.label: one.paragraphs for one in page.context["differences"]}
    assert set(found) == {"Title", "Annexes 1, title", "Issuers 1, agency"}
    assert [piece.mark for piece in found["Title"][0].pieces] == ["", "ins"]


def test_two_tabs_keep_each_its_own(client, writer):
    section = make_section()
    for title in ("One", "Another"):
        assert keep(client, sent(client.get(ADD), title=title, section=section.pk)) == 204
        age(2 * SECOND)
    assert client.get(ADD).content.decode().count(OFFER) == 2


def test_a_save_forgets_it_and_what_arrives_late_is_not_kept(client, writer, mti):
    edition = make_edition(author=writer, issuers=[mti])
    values = typed_in(client, edition, title="Ferries at night")
    assert client.post(page_of(edition), values | {"_continue": "Save"}).status_code == 302
    assert [one.values for one in Autosave.objects.all()] == ["[]"]
    age(2 * SECOND)
    assert keep(client, values, edition) == 409
    assert OFFER not in client.get(page_of(edition)).content.decode()


def test_the_first_save_of_a_new_release_forgets_it(client, writer, mti):
    values = sent(client.get(ADD), title="Ferries", section=make_section().pk, body="1. One.")
    values |= {"issuers-0-agency": mti.acronym}
    assert keep(client, values) == 204
    client.post(ADD, values | {"_continue": "Save"})
    assert Edition.objects.get().title == "Ferries"
    assert not Autosave.objects.filter(ended_at=None).exists()


def test_what_was_typed_of_a_new_release_is_shown_given_back_and_discarded(client, writer, mti):
    assert keep(client, sent(client.get(ADD), title="Ferries at night", body="1. One.")) == 204
    token = Autosave.objects.get().form_token
    place = reverse("admin:releases_edition_typed", args=[token])
    page = client.get(place)
    assert {one.label for one in page.context["differences"]} == {"Title", "Text"}
    assert f"{ADD}?restore={token}" in page.content.decode()
    values = client.get(reverse("admin:releases_edition_typed_values", args=[token])).json()["values"]
    assert ["title", "Ferries at night"] in values
    assert client.post(place).url == ADD
    assert not Autosave.objects.exists()


def test_a_save_that_is_refused_keeps_it(client, writer, mti):
    edition = make_edition(author=writer, issuers=[mti])
    values = typed_in(client, edition, title="")
    assert client.post(page_of(edition), values | {"_continue": "Save"}).status_code == 200
    assert Autosave.objects.get().ended_at is None


def test_what_somebody_typed_in_an_edition_that_was_approved_meanwhile_can_be_copied(client, writer, mti):
    edition = make_edition(author=writer, issuers=[mti])
    typed_in(client, edition, title="Ferries at night")
    approval.approve(edition, approver=make_member(mti), at=timezone.now())
    page = client.get(page_of(edition)).content.decode()
    assert OFFER in page
    assert "data-restore" not in page
    asked = client.get(reverse("admin:releases_edition_typed", args=[Autosave.objects.get().form_token]))
    assert "You can no longer change this version, so copy what you need." in " ".join(
        asked.content.decode().split()
    )


def test_who_may_not_see_the_edition_any_more_reads_nothing_of_it(client, writer, mti):
    other = make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    edition = make_edition(issuers=[mti])
    typed_in(client, edition, title="Ferries at night")
    Membership.objects.filter(user=writer).update(agency=other)
    token = Autosave.objects.get().form_token
    for name in ("typed", "typed_values"):
        assert client.get(reverse(f"admin:releases_edition_{name}", args=[token])).status_code == 404
    unseen = make_edition(issuers=[other], permalink="/other/")
    assert keep(client, {"opened": uuid4(), "title": "x"}, unseen) == 409


def test_it_goes_with_a_draft_that_is_discarded_and_with_a_release_that_is_erased(client, writer, mti):
    live = make_live(issuers=[mti], at=timezone.now() - dt.timedelta(hours=1))
    following = make_next(live, author=writer)
    typed_in(client, following, body="1. A secret word.")
    erasure.erase_release(
        Release.objects.get(), actor=make_member(mti), reason="A court's order", at=timezone.now()
    )
    assert not Autosave.objects.exists()
    draft = make_edition(author=writer, issuers=[mti], permalink="/draft/")
    typed_in(client, draft, body="1. A secret word.")
    drafts.discard(draft)
    assert not Autosave.objects.exists()


def test_it_is_found_for_30_days_and_then_forgotten(client, writer, mti):
    edition = make_edition(author=writer, issuers=[mti])
    typed_in(client, edition, title="Ferries at night")
    age(autosaves.KEPT - dt.timedelta(minutes=1))
    assert OFFER in client.get(page_of(edition)).content.decode()
    autosaves.forget_old(timezone.now())
    assert Autosave.objects.exists()
    age(autosaves.KEPT)
    assert OFFER not in client.get(page_of(edition)).content.decode()
    autosaves.forget_old(timezone.now())
    assert not Autosave.objects.exists()


def test_copies_are_small_work_and_bounded(client, writer, mti):
    edition = make_edition(author=writer, issuers=[mti])
    now, token = timezone.now(), uuid4()

    def type_at(at, of_form=token):
        return autosaves.keep_typed(Authority(writer, at), of_form, edition.pk, [("body", "長" * 100_000)])

    assert type_at(now)
    assert not type_at(now + SECOND / 2)
    assert not type_at(now + SECOND / 2, uuid4())
    with CaptureQueriesContext(connection) as asked:
        assert type_at(now + SECOND)
    assert len(asked) == 1
    for number in range(2, autosaves.MOST_FORMS + 5):
        assert type_at(now + number * SECOND, uuid4())
    assert Autosave.objects.count() == autosaves.MOST_FORMS
    assert not Autosave.objects.filter(form_token=token).exists()


TOKEN = "0d5b1f2a-5f0e-4b9e-9a53-8f6f0a3c7e11"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("[" * 100_000, 400),
        ('{"values": [["a"]], "edition": null, "token": "x"}', 400),
        (json.dumps({"values": [], "edition": 2**70, "token": TOKEN}), 400),
        (json.dumps({"values": [["a", "\0"]], "edition": None, "token": TOKEN}), 204),
        (" " * (autosaves.LARGEST + 1), 413),
    ],
)
def test_whatever_is_sent_is_taken_or_refused(client, writer, body, status):
    assert client.post(KEEP, body, content_type="application/json").status_code == status


def test_nothing_is_kept_without_the_token_of_the_page_or_without_a_role(mti):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_member(mti, role="writer"))
    assert browser.post(KEEP, "{}", content_type="application/json").status_code == 403
    nobody = Client()
    nobody.force_login(make_member())
    assert nobody.post(KEEP, "{}", content_type="application/json").status_code == 403


def test_colleagues_are_told_who_is_editing_now_and_nobody_who_only_reads(client, writer, mti):
    """For ten minutes since the last key, and not once it is saved; never what is typed."""
    edition, colleague = make_edition(), make_member(mti, first_name="Ann", last_name="Lim")
    reader = Client()
    reader.force_login(colleague)
    client.get(page_of(edition))
    assert "is editing this version" not in reader.get(page_of(edition)).content.decode()
    values = typed_in(client, edition, title="A secret title")
    told = reader.get(page_of(edition)).content.decode()
    assert f"{writer.get_username()} is editing this version" in told and "A secret title" not in told
    assert "is editing this version" not in client.get(page_of(edition)).content.decode()
    Autosave.objects.update(typed_at=timezone.now() - dt.timedelta(minutes=11))
    assert "is editing this version" not in reader.get(page_of(edition)).content.decode()
    Autosave.objects.update(typed_at=timezone.now())
    client.post(page_of(edition), values)
    assert "is editing this version" not in reader.get(page_of(edition)).content.decode()
