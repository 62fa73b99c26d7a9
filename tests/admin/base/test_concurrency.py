"""Two editors at once: what does not touch combines, what does is shown and chosen, nothing is lost."""

import json
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django import forms
from django.contrib.admin import site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse

from releases.admin.base.authority import authority_of
from releases.admin.base.concurrency import MergingForm, is_saving
from releases.models import Agreement, Edition, Party
from releases.services.accounts.permissions import Right
from tests.admin.browsing import sent
from tests.factories import make_agency, make_edition, make_live, make_member

pytestmark = pytest.mark.django_db
BODY = "1. The first paragraph.\n\n2. The second paragraph.\n\n3. The third paragraph.\n"


@pytest.fixture
def editors(client):
    """A client that is each of two editors in turn."""
    users = [make_member(make_agency()), make_member(make_agency())]

    def be(number):
        client.force_login(users[number])
        return client

    return be


def change_url(row):
    return reverse(f"admin:releases_{row._meta.model_name}_change", args=[row.pk])


def race(editors, row, first, second):
    """Both open the form, the first saves, then the second; what the second gets."""
    opened = [editors(number).get(change_url(row)) for number in (0, 1)]
    answer = editors(0).post(change_url(row), sent(opened[0], **first))
    assert answer.status_code == 302, answer.context["errors"]
    return editors(1).post(change_url(row), sent(opened[1], **second))


def test_different_fields_are_both_kept_and_the_second_is_told(editors):
    edition = make_edition(title="Old", summary="Old")
    response = race(editors, edition, {"title": "New title"}, {"summary": "New summary"})
    assert response.status_code == 302
    edition.refresh_from_db()
    assert (edition.title, edition.summary) == ("New title", "New summary")
    assert "Both changes were kept (title)" in editors(1).get(change_url(edition)).content.decode()


def test_different_paragraphs_are_both_kept_and_rendered(editors):
    edition = make_edition(body=BODY)
    race(
        editors,
        edition,
        {"body": BODY.replace("first", "very first")},
        {"body": BODY.replace("third", "last")},
    )
    edition.refresh_from_db()
    assert edition.body == BODY.strip().replace("first", "very first").replace("third", "last")
    assert "very first" in edition.body_html and "last paragraph" in edition.body_html


def test_one_paragraph_changed_by_both_is_shown_and_nothing_is_saved_until_somebody_chose(editors):
    edition = make_edition(body=BODY)
    response = race(
        editors, edition, {"body": BODY.replace("second", "2nd")}, {"body": BODY.replace("second", "zweite")}
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert "Somebody else changed this while you were editing." in page
    assert "The 2nd paragraph" in page and "The zweite paragraph" in page
    edition.refresh_from_db()
    assert edition.body == BODY.strip().replace("second", "2nd")
    chosen = editors(1).post(change_url(edition), sent(response))
    assert chosen.status_code == 302
    edition.refresh_from_db()
    assert edition.body == BODY.strip().replace("second", "zweite")


def test_a_row_that_the_first_added_and_one_that_the_second_changed_both_stay(editors):
    edition = make_edition(annexes=[("/files/a.pdf", b"%PDF-1.4 a", "Annex A", "Old")])
    file = SimpleUploadedFile("annex b - figures.pdf", b"%PDF-1.4 b")
    race(editors, edition, {"new_annexes": [file]}, {"annexes-0-title": "Changed", "body": "New body"})
    assert [(annex.label, annex.title) for annex in edition.annexes.all()] == [
        ("Annex A", "Changed"),
        ("Annex B", "Figures"),
    ]


def test_a_row_that_the_first_took_out_is_gone_and_what_the_second_typed_there_is_shown(editors):
    edition = make_edition(annexes=[("/files/a.pdf", b"%PDF-1.4 a", "Annex A", "Old")])
    response = race(editors, edition, {"annexes-0-DELETE": "on"}, {"annexes-0-title": "Precious words"})
    assert "Precious words" in response.content.decode()
    assert "Somebody else took out what you were changing." in response.content.decode()
    assert editors(1).post(change_url(edition), sent(response)).status_code == 302
    assert edition.annexes.count() == 0


@pytest.mark.parametrize("typed", [{}, {"annexes-0-title": "Other words", "annexes-0-DELETE": "on"}])
def test_a_row_that_the_first_took_out_stops_nobody_who_wanted_nothing_of_it(editors, typed):
    edition = make_edition(annexes=[("/files/a.pdf", b"%PDF-1.4 a", "Annex A", "Old")])
    response = race(editors, edition, {"annexes-0-DELETE": "on"}, {**typed, "title": "Another title"})
    assert response.status_code == 302
    edition.refresh_from_db()
    assert edition.title == "Another title" and edition.annexes.count() == 0


def test_a_row_that_the_first_changed_is_taken_out_by_the_second_once_they_saw_that(editors):
    edition = make_edition(annexes=[("/files/a.pdf", b"%PDF-1.4 a", "Annex A", "Old")])
    response = race(editors, edition, {"annexes-0-title": "Precious words"}, {"annexes-0-DELETE": "on"})
    page = response.content.decode()
    assert response.status_code == 200 and "while you were taking it out" in page and "Precious words" in page
    assert edition.annexes.get().title == "Precious words"
    assert editors(1).post(change_url(edition), sent(response)).status_code == 302
    assert edition.annexes.count() == 0


def test_what_both_choose_of_several_is_chosen_and_what_either_takes_out_is_not(editors):
    first, second, third = (Agreement.objects.create(slug=slug, title=slug) for slug in ("a", "b", "c"))
    edition = make_edition()
    edition.agreements.add(first)
    both = {"agreements": [first.pk, second.pk]}
    response = race(editors, edition, both, {"agreements": [third.pk]})
    assert response.status_code == 302
    assert set(edition.agreements.all()) == {second, third}


def test_the_orders_of_both_become_one_without_gaps(editors):
    imda = make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    csa = make_agency("csa", "Cyber Security Agency", "CSA")
    edition = make_edition()
    added = {"issuers-TOTAL_FORMS": 2, "issuers-1-position": 2}
    race(editors, edition, {**added, "issuers-1-agency": imda.pk}, {**added, "issuers-1-agency": csa.pk})
    assert {issuer.acronym for issuer in edition.issuers.all()} == {"MTI", "IMDA", "CSA"}
    assert [issuer.position for issuer in edition.issuers.all()] == [1, 2, 3]


def test_what_was_typed_into_an_edition_that_was_approved_meanwhile_is_shown(editors):
    edition = make_live()
    response = editors(0).post(change_url(edition), {"title": "My words", "body": "More of my words"})
    assert response.status_code == 403
    assert "My words" in response.content.decode() and "More of my words" in response.content.decode()


FORGED = [
    "not json",
    "[1]",
    "5",
    "null",
    '"text"',
    "[" * 100_000,
    '{"title": 5}',
    '{"title": null, "body": [1]}',
]


@pytest.mark.parametrize("base", FORGED, ids=lambda base: base[:20])
def test_a_form_that_cannot_say_what_it_was_opened_with_overwrites_nothing_unseen(editors, base):
    edition = make_edition(
        title="Stored title", body=BODY, annexes=[("/files/a.pdf", b"%PDF-1.4 a", "Annex A", "Old")]
    )
    opened = editors(0).get(change_url(edition))
    typed = {"title": "Typed title", "base": base, "annexes-0-title": "Typed name", "annexes-0-base": base}
    response = editors(0).post(change_url(edition), sent(opened, **typed))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Stored title" in page and 'value="Typed title"' in page and 'value="Typed name"' in page
    edition.refresh_from_db()
    assert (edition.title, edition.annexes.get().title) == ("Stored title", "Old")
    assert editors(0).post(change_url(edition), sent(response)).status_code == 302
    edition.refresh_from_db()
    assert (edition.title, edition.annexes.get().title) == ("Typed title", "Typed name")


@pytest.mark.parametrize("base", FORGED[:6], ids=lambda base: base[:20])
def test_what_was_typed_into_a_row_that_is_gone_is_shown_whatever_its_base(editors, base):
    edition = make_edition(annexes=[("/files/a.pdf", b"%PDF-1.4 a", "Annex A", "Old")])
    response = race(
        editors,
        edition,
        {"annexes-0-DELETE": "on"},
        {"annexes-0-title": "Precious words", "annexes-0-base": base},
    )
    assert response.status_code == 200 and "Precious words" in response.content.decode()


def pact():
    return Agreement.objects.create(slug="sea", title="Agreement on the Sea", lead_agency=make_agency())


def imda():
    return make_agency("imda", "An authority", "IMDA").pk


SAME = {
    "issuers": (make_edition, lambda: {"issuers-1-agency": imda()}),
    "mentions": (pact, lambda: {"mentions-0-release": make_live().release_id}),
    "events": (pact, lambda: {"events-0-kind": "signed", "events-0-date": "2024-01-01"}),
    "parties": (
        pact,
        lambda: {"parties-0-kind": "state", "parties-0-country": "SG", "parties-0-position": "1"},
    ),
    "relations": (
        pact,
        lambda: {
            "relations-0-kind": "related",
            "relations-0-other": Agreement.objects.create(slug="b", title="B").pk,
        },
    ),
}


@pytest.mark.parametrize("rows", SAME)
def test_a_row_that_both_add_is_told_to_the_second_at_its_place(editors, rows):
    make, added = SAME[rows]
    added = added()
    total = 1 + max(int(name.split("-")[1]) for name in added)
    added[f"{rows}-TOTAL_FORMS"] = total
    row = make()
    response = race(editors, row, added, added | {"title": "Another title"})
    page = response.content.decode()
    assert response.status_code == 200 and "Another title" in page
    assert "Somebody else has added the same meanwhile." in page
    out = sent(response, **{f"{rows}-{total - 1}-DELETE": "on"})
    assert editors(1).post(change_url(row), out).status_code == 302
    row.refresh_from_db()
    assert row.title == "Another title" and getattr(row, rows).count() == total


def test_annexes_to_come_that_one_adds_while_the_other_brings_the_last_file_stay(editors):
    edition = make_edition(awaited="Annex A: Map\nAnnex B: Figures")
    files = [SimpleUploadedFile(f"annex {one}.pdf", b"%PDF-1.4") for one in "ab"]
    typed = {"awaited": "Annex A: Map\nAnnex B: Figures\nAnnex C: Quotes", "title": "Another title"}
    response = race(editors, edition, {"new_annexes": files}, typed)
    assert response.status_code == 200 and "Annex C: Quotes" in response.content.decode()
    assert editors(1).post(change_url(edition), sent(response, awaited="Annex C: Quotes")).status_code == 302
    edition.refresh_from_db()
    assert (edition.awaited, edition.title) == ("Annex C: Quotes", "Another title")


def test_a_row_that_waits_for_a_file_which_somebody_else_brought_stops_no_save(editors):
    edition = make_edition(awaited="Annex A: Map\nAnnex B: Figures")
    file = SimpleUploadedFile("annex a.pdf", b"%PDF-1.4")
    response = race(editors, edition, {"new_annexes": [file]}, {"title": "Another title"})
    assert response.status_code == 302
    edition.refresh_from_db()
    assert (edition.awaited, edition.title) == ("Annex B: Figures", "Another title")


def test_two_issuers_change_places_by_their_agencies(editors):
    edition = make_edition(issuers=[make_agency(), make_agency("imda", "An authority", "IMDA")])
    form = sent(editors(0).get(change_url(edition)))
    first, second = form["issuers-0-agency"], form["issuers-1-agency"]
    changes = {"issuers-0-agency": second, "issuers-1-agency": first}
    assert editors(0).post(change_url(edition), form | changes).status_code == 302
    assert [issuer.agency.slug for issuer in edition.issuers.all()] == ["imda", "mti"]


def test_a_draft_without_a_section_is_told_at_the_field(editors):
    edition = make_edition()
    opened = editors(0).get(change_url(edition))
    response = editors(0).post(change_url(edition), sent(opened, section="", title="Another title"))
    assert response.status_code == 200 and "Another title" in response.content.decode()
    assert response.context["adminform"].form.errors["section"] == ["This field is required."]


def test_no_agreement_is_related_to_itself(editors):
    row = pact()
    changes = {"relations-TOTAL_FORMS": 1, "relations-0-kind": "related", "relations-0-other": row.pk}
    response = editors(0).post(change_url(row), sent(editors(0).get(change_url(row)), **changes))
    assert "Its relations lead back to itself." in response.content.decode()


def test_what_only_the_database_refuses_is_shown_and_not_lost(client):
    client.force_login(make_member(make_agency(), is_superuser=True))
    agency = make_agency()
    names = {"names-TOTAL_FORMS": 2, "names-1-name": "A second first name"}
    response = client.post(change_url(agency), sent(client.get(change_url(agency)), **names))
    assert response.status_code == 409
    assert "A second first name" in response.content.decode()


def test_whoever_saves_has_the_rights_that_they_have_once_the_row_is_locked(rf):
    record, writer = pact(), make_member(make_agency("csa", "CSA", "CSA"), role="writer")
    request = rf.post(change_url(record))
    request.user = writer
    assert not authority_of(request).may(Right.OWN, record)
    Party.objects.create(agreement=record, kind="agency", agency=make_agency("csa"))
    with transaction.atomic():
        site.get_model_admin(Agreement).get_object(request, str(record.pk))
    assert authority_of(request).may(Right.OWN, record)


@pytest.mark.parametrize("in_transaction", [True, False])
def test_neither_a_look_nor_what_begins_no_transaction_is_a_save(rf, monkeypatch, in_transaction):
    known = SimpleNamespace(in_atomic_block=in_transaction)
    monkeypatch.setattr("releases.admin.base.concurrency.connection", known)
    assert [is_saving(request) for request in (rf.get("/"), rf.post("/"))] == [False, in_transaction]


class Fields(MergingForm):
    """One of each kind."""

    kept = forms.CharField(required=False)
    file = forms.FileField(required=False)
    fixed = forms.CharField(disabled=True, required=False)

    class Meta:
        model = Edition
        fields = ("title", "body", "agreements")


def test_two_people_may_both_change_what_is_neither_a_file_nor_fixed_nor_the_forms_own():
    form = Fields(instance=make_edition(body="One.\r\nTwo."))
    assert set(form.mergeable_fields) == {"title", "body", "agreements"}
    assert form.db_values()["body"] == "One.\nTwo."


def test_what_others_saved_is_in_the_field_or_beside_it():
    edition = make_edition(title="New", body="1.\n\ntwo.")
    opened = {"title": "Old", "body": "1.\n\n2.", "agreements": "", "gone": None}
    typed = {"title": "Mine", "body": " one.\r\n\r\n2.\r\n", "base": json.dumps(opened)}
    form = Fields(QueryDict(urlencode(typed)), instance=edition)
    assert not form.is_valid() and set(form.errors) == {"title"}
    assert form.cleaned_data["body"] == form.merge.texts["body"] == "one.\n\ntwo."
    assert form.data["title"] == "Mine"
    assert json.loads(form.data["base"]) == {"title": "New", "body": "1.\n\n2.", "agreements": ""}
    again = Fields(form.data, instance=Edition.objects.get(pk=edition.pk))
    assert again.is_valid() and again.cleaned_data["title"] == "Mine"


def test_a_text_of_which_one_paragraph_is_asked_for_has_the_others_of_both():
    edition = make_edition(title="Old", body="1.\n\nzwei.\n\nthree.")
    opened = {"title": "Old", "body": "1.\n\n2.\n\n3.", "agreements": ""}
    typed = {"title": "Old", "body": "one.\n\ntwo.\n\n3.", "base": json.dumps(opened)}
    form = Fields(QueryDict(urlencode(typed)), instance=edition)
    assert not form.is_valid() and form.data["body"] == "one.\n\ntwo.\n\nthree."
    assert json.loads(form.data["base"])["body"] == "1.\n\nzwei.\n\nthree."


def test_a_row_that_the_first_adds_and_the_second_thinks_better_of_stops_no_save(editors):
    edition = make_edition()
    added = {"issuers-TOTAL_FORMS": 2, "issuers-1-agency": imda()}
    out = {**added, "issuers-1-DELETE": "on"}
    response = race(editors, edition, added, {**out, "title": ""})
    assert response.status_code == 200 and "added the same meanwhile" not in response.content.decode()
    assert editors(1).post(change_url(edition), sent(response, title="Another title")).status_code == 302
    edition.refresh_from_db()
    assert edition.title == "Another title" and edition.issuers.count() == 2
