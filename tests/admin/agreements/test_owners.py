"""Whose an agreement is: its lead, its parties and who issued what it is tied to; and approvers, once readers
will see it."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from releases.models import (
    Agreement,
    AgreementEvent,
    AgreementText,
    LedgerEntry,
    Mention,
    Party,
    PartyAction,
    Relation,
    Signatory,
    Suggestion,
)
from tests.admin.browsing import sent
from tests.factories import make_agency, make_blob, make_edition, make_live, make_member
from tests.markup import tidy

pytestmark = pytest.mark.django_db


@pytest.fixture
def pact():
    agreement = Agreement.objects.create(slug="sea", title="Agreement on the Sea", lead_agency=make_agency())
    Party.objects.create(agreement=agreement, country="SG")
    return agreement


def a_stranger(role="writer"):
    return make_member(make_agency("imda", "An authority", "IMDA"), role=role)


def page_of(row):
    return reverse(f"admin:releases_{row._meta.model_name}_change", args=[row.pk])


def draft_of(agency):
    return make_edition(issuers=[agency])


def everywhere(client, pact):
    """What the desk says of an agreement, to whoever is signed in: lists, what forms offer, its own pages."""
    lists = [reverse(f"admin:releases_{name}_changelist") for name in ("agreement", "party", "suggestion")]
    edition = make_edition(author=User.objects.get(pk=client.session["_auth_user_id"]))
    forms = [
        reverse("admin:releases_edition_add"),
        page_of(edition),
        page_of(suggestion(edition, rule="new", title="A")),
    ]
    other = f"{reverse('admin:autocomplete')}?app_label=releases&model_name=relation&field_name=other&term="
    own = [page_of(pact), page_of(pact.parties.first()), page_of(pact).replace("change", "history")]
    answers = [client.get(url, follow=True) for url in (*lists, *forms, other, *own)]
    return "".join(answer.content.decode() for answer in answers)


TIES = {
    "lead": lambda pact, agency: Agreement.objects.filter(pk=pact.pk).update(lead_agency=agency),
    "party": lambda pact, agency: Party.objects.create(agreement=pact, kind="agency", agency=agency),
    "mention": lambda pact, agency: Mention.objects.create(agreement=pact, release=draft_of(agency).release),
    "event": lambda pact, agency: AgreementEvent.objects.create(
        agreement=pact, kind="signed", date="2024-01-01", release=draft_of(agency).release
    ),
    "action": lambda pact, agency: PartyAction.objects.create(
        party=pact.parties.first(), kind="signature", action_on="2024-01-01", release=draft_of(agency).release
    ),
}


@pytest.mark.parametrize("tie", TIES)
def test_its_agencies_change_it_and_others_know_nothing_of_it(client, pact, tie):
    agency = make_agency("imda", "An authority", "IMDA")
    client.force_login(make_member(agency, role="writer"))
    client.post(page_of(pact), {"title": "Theirs"})
    assert pact.title not in everywhere(client, pact)
    TIES[tie](pact, agency)
    assert pact.title in everywhere(client, pact)
    assert client.post(page_of(pact), sent(client.get(page_of(pact)), title="Ours")).status_code == 302
    pact.refresh_from_db()
    assert pact.title == "Ours"


def test_a_draft_that_names_it_makes_nobody_a_keeper(client, pact):
    stranger = a_stranger("approver")
    draft_of(make_agency("imda")).agreements.add(pact)
    client.force_login(stranger)
    assert client.post(page_of(pact), {"title": "Theirs"}).status_code == 403


def test_others_read_of_a_public_record_what_readers_know(client, pact):
    shown_by_a_release(pact)
    other = Agreement.objects.create(slug="hidden", title="A hidden pact", lead_agency=make_agency())
    Relation.objects.create(agreement=pact, kind="related", other=other)
    for kind, note, made in (
        ("signed", "A hidden day", make_edition()),
        ("launched", "A known day", make_live()),
    ):
        AgreementEvent.objects.create(
            agreement=pact, kind=kind, date="2024-01-01", release=made.release, note=note
        )
    Mention.objects.create(agreement=pact, release=make_edition(title="A hidden release").release)
    joins = Party.objects.create(agreement=pact, name="A hidden party", kind="organisation")
    PartyAction.objects.create(
        party=joins, kind="accession", action_on="2024-01-01", release=make_edition().release
    )
    client.force_login(a_stranger("approver"))
    read = client.get(page_of(pact)).content.decode()
    assert "kept by MTI" in read or "approver of MTI" in read
    assert "A known day" in read and "A hidden" not in read
    assert client.post(page_of(pact), {"title": "Theirs"}).status_code == 403
    assert "A hidden" not in everywhere(client, pact)
    client.force_login(make_member(make_agency(), role="writer", username="tan"))
    assert all(
        f"A hidden {what}" in client.get(page_of(pact)).content.decode() for what in ("day", "pact", "party")
    )


@pytest.mark.parametrize("rows", ["events", "mentions", "relations", "texts"])
def test_nobody_names_in_a_record_what_they_may_not_know(client, pact, rows):
    """Neither a draft, a record nor a file of another agency, by guessing its key; what is named already
    stays."""
    agency = make_agency("imda", "An authority", "IMDA")
    mine = Agreement.objects.create(slug="land", title="Agreement on the Land", lead_agency=agency)
    hidden = make_edition(annexes=[("/files/hidden.pdf", b"%PDF-1.4 hidden")])
    values = {
        "events": {"kind": "signed", "date": "2024-01-01", "release": hidden.release_id},
        "mentions": {"release": hidden.release_id},
        "relations": {"kind": "related", "other": pact.pk},
        "texts": {"kind": "authentic", "language": "en", "blob": hidden.annexes.get().blob_id},
    }[rows]
    client.force_login(make_member(agency, role="writer"))
    added = {f"{rows}-TOTAL_FORMS": 1, **{f"{rows}-0-{name}": value for name, value in values.items()}}
    answer = client.post(page_of(mine), sent(client.get(page_of(mine)), **added))
    assert answer.status_code == 200 and pact.title not in answer.content.decode()
    assert not getattr(mine, rows).exists()
    keys = {"release": "release_id", "other": "other_id", "blob": "blob_id"}
    getattr(mine, rows).create(**{keys.get(name, name): value for name, value in values.items()})
    assert client.post(page_of(mine), sent(client.get(page_of(mine)), summary="Kept")).status_code == 302
    assert getattr(mine, rows).count() == 1


def test_a_redirect_leads_to_no_release_that_its_maker_may_not_know(client):
    hidden = make_edition()
    client.force_login(a_stranger("administrator"))
    values = {
        "path": "/old/",
        "release": hidden.release_id,
        "valid_from": "2024-01-01T09:00",
    }
    assert client.post(reverse("admin:releases_redirect_add"), values).status_code == 200
    assert (
        client.post(
            reverse("admin:releases_redirect_add"), values | {"release": make_live().release_id}
        ).status_code
        == 302
    )


def test_a_redirect_with_two_targets_is_told_in_words(client):
    client.force_login(a_stranger("administrator"))
    values = {
        "path": "/old/",
        "target": "https://other.example/",
        "release": make_live().release_id,
        "valid_from": "2024-01-01T09:00",
    }
    page = client.post(reverse("admin:releases_redirect_add"), values).content.decode()
    assert "Choose a release or type a target, not both." in page and "Constraint" not in page


def test_who_changed_a_record_and_what_is_told_to_its_keepers(client, pact):
    shown_by_a_release(pact)
    client.force_login(make_member(make_agency()))
    added = {"events-TOTAL_FORMS": 1, "events-0-kind": "signed", "events-0-date": "2031-01-02"}
    assert client.post(page_of(pact), sent(client.get(page_of(pact)), **added)).status_code == 302
    pages = [page_of(row).replace("change", "history") for row in (pact, pact.parties.first())]
    assert "2031" in client.get(pages[0]).content.decode()
    client.force_login(a_stranger("approver"))
    assert [client.get(page).status_code for page in pages] == [403, 403]


def test_what_a_signing_settles_is_for_its_keepers_until_readers_know_of_it(client, pact):
    shown_by_a_release(pact)
    words = dict.fromkeys(("duration", "renewal", "depositary", "registration"), "Settled that day")
    Agreement.objects.filter(pk=pact.pk).update(**words)
    Signatory.objects.create(agreement=pact, person="Settled that day too")
    AgreementText.objects.create(agreement=pact, blob=make_blob(), language="settled-that-day")
    event = AgreementEvent.objects.create(agreement=pact, kind="signed", date="2024-01-01")
    for reader, knows in ((a_stranger("approver"), False), (make_member(make_agency()), True)):
        client.force_login(reader)
        page = client.get(page_of(pact)).content.decode()
        assert ("Settled that day" in page, "settled-that-day" in page) == (knows, knows)
    AgreementEvent.objects.filter(pk=event.pk).update(public_from=timezone.now())
    client.force_login(a_stranger("approver"))
    page = client.get(page_of(pact)).content.decode()
    assert "Settled that day<" in page and "Settled that day too" in page and "settled-that-day" not in page


@pytest.mark.parametrize("public", [False, True])
def test_a_check_against_the_record_tells_no_day_that_its_reader_may_not_know(client, pact, public):
    if public:
        shown_by_a_release(pact)
    event = AgreementEvent.objects.create(agreement=pact, kind="signed", date="2031-01-02")
    agency = make_agency("imda", "An authority", "IMDA")
    body = "The Agreement on the Sea was signed on 1 January 2024."
    drafts = [make_edition(issuers=[one], body=body) for one in (agency, make_agency())]
    told = []
    for draft in drafts:
        client.force_login(make_member(*(issuer.agency for issuer in draft.issuers.all()), role="writer"))
        told.append("the record says 2 January 2031" in client.get(page_of(draft)).content.decode())
    assert told == [False, True]
    if public:
        AgreementEvent.objects.filter(pk=event.pk).update(public_from=timezone.now())
        client.force_login(make_member(agency, role="writer"))
        assert "the record says 2 January 2031" in client.get(page_of(drafts[0])).content.decode()


def test_a_suggestion_names_no_record_that_its_reader_may_not_know(client, pact):
    edition = draft_of(make_agency("imda", "An authority", "IMDA"))
    suggestion(edition, rule="name", agreement=pact)
    suggestion(draft_of(make_agency("imda")), rule="new", title=pact.title)
    client.force_login(a_stranger())
    shown = tidy(client.get(reverse("admin:releases_suggestion_changelist")))
    assert "Merge into" not in shown and "1 suggestion" in shown


def test_a_record_without_keepers_is_everybodys(client):
    record = Agreement.objects.create(slug="a", title="A title")
    client.force_login(a_stranger())
    client.post(page_of(record), sent(client.get(page_of(record)), title="Known"))
    record.refresh_from_db()
    assert record.title == "Known"


def shown_by_an_event(pact):
    AgreementEvent.objects.create(
        agreement=pact, kind="signed", date="2024-01-01", public_from="2999-01-01T00:00Z"
    )


def shown_by_a_release(pact):
    Mention.objects.create(agreement=pact, release=make_live(at=timezone.now()).release)


@pytest.mark.parametrize("show", [shown_by_an_event, shown_by_a_release])
def test_what_readers_will_see_is_changed_by_an_approver(client, pact, show):
    client.force_login(make_member(make_agency(), role="writer"))
    opened = sent(client.get(page_of(pact)), title="What I typed")
    show(pact)
    answer = client.post(page_of(pact), opened)
    assert answer.status_code == 403 and "What I typed" in answer.content.decode()
    told = client.get(page_of(pact)).content.decode()
    assert (
        "Readers see this record, or will, so an approver of MTI changes it." in told
        and 'name="_save"' not in told
    )
    party = pact.parties.first()
    assert client.post(page_of(party), {"name": "Atlantis"}).status_code == 403
    assert (
        client.post(reverse("admin:releases_agreement_delete", args=[pact.pk]), {"post": "y"}).status_code
        == 403
    )
    client.force_login(make_member(make_agency(), role="approver", username="tan"))
    assert client.post(page_of(pact), sent(client.get(page_of(pact)), title="Approved")).status_code == 302
    pact.refresh_from_db()
    assert pact.title == "Approved"
    assert LedgerEntry.objects.get(verb="change", subject__contains="agreement").actor.username == "tan"


def event(**more):
    row = {"kind": "signed", "date": "2024-01-01", **more}
    return {"events-TOTAL_FORMS": "1"} | {f"events-0-{name}": value for name, value in row.items()}


@pytest.mark.parametrize("role, status", [("writer", 200), ("approver", 302)])
@pytest.mark.parametrize("what", ["public from", "evidence", "mention", "action"])
def test_a_writer_makes_nothing_public_that_nobody_approves(client, pact, what, role, status):
    client.force_login(make_member(make_agency(), role=role))
    release = str(make_live(at=timezone.now()).release_id)
    typed = {
        "public from": event(public_from="2999-01-01T00:00"),
        "evidence": event(release=release),
        "mention": {"mentions-TOTAL_FORMS": "1", "mentions-0-release": release},
        "action": {
            "actions-TOTAL_FORMS": "1",
            "actions-0-kind": "signature",
            "actions-0-action_on": "2024-01-01",
            "actions-0-release": release,
        },
    }[what]
    page = page_of(pact.parties.first() if what == "action" else pact)
    answer = client.post(page, sent(client.get(page), **typed))
    assert answer.status_code == status
    assert ("Readers would see this without anybody" in answer.content.decode()) is (role == "writer")


def test_a_writer_prepares_what_becomes_public_with_a_release(client, pact):
    client.force_login(make_member(make_agency(), role="writer"))
    release = make_edition().release
    typed = event(release=str(release.pk))
    assert client.post(page_of(pact), sent(client.get(page_of(pact)), **typed)).status_code == 302
    assert pact.events.get().release == release


def test_a_new_record_is_shown_by_nobody_but_an_approver(client):
    add = reverse("admin:releases_agreement_add")
    client.force_login(make_member(make_agency(), role="writer"))
    typed = {"title": "New", "slug": "new", **event(public_from="2024-01-01T00:00")}
    assert client.post(add, sent(client.get(add), **typed)).status_code == 200
    assert client.post(add, sent(client.get(add), **typed | event(public_from=""))).status_code == 302
    assert not Agreement.objects.public(timezone.now()).exists()


def test_a_party_stays_in_its_agreement_and_is_made_there(client, pact):
    client.force_login(make_member(make_agency(), role="writer"))
    other, party = Agreement.objects.create(slug="other", title="Other"), pact.parties.first()
    client.post(page_of(party), sent(client.get(page_of(party)), agreement=str(other.pk)))
    party.refresh_from_db()
    assert party.agreement == pact
    assert client.get(reverse("admin:releases_party_add")).status_code == 403


def suggestion(edition, **facts):
    return Suggestion.objects.create(
        release=edition.release, key=str(edition.pk), sentence="A line.", **facts
    )


def decide(client, one, name="accept"):
    url = reverse("admin:releases_suggestion_decide", args=[one.pk, name])
    return client.post(url, follow=True).content.decode()


@pytest.mark.parametrize("live", [True, False])
def test_what_readers_would_see_at_once_is_accepted_by_an_approver(client, pact, live):
    """From a public release, or of a record that they know."""
    if not live:
        shown_by_an_event(pact)
    edition = make_live(at=timezone.now()) if live else make_edition()
    one = suggestion(edition, rule="name", agreement=pact)
    client.force_login(make_member(make_agency(), role="writer"))
    assert "1 left open: readers would see it at once" in decide(client, one)
    assert not Mention.objects.exists()
    client.force_login(make_member(make_agency(), role="approver"))
    assert "Accepted: 1." in decide(client, one)
    assert Mention.objects.get().agreement == pact


def test_a_new_name_that_a_public_record_has_is_its(client, pact):
    shown_by_an_event(pact)
    one = suggestion(make_edition(), rule="new", title=pact.title)
    client.force_login(make_member(make_agency(), role="writer"))
    assert "left open" in decide(client, one) and "left open" in decide(client, one, "merge")


def test_a_writer_accepts_for_a_draft_and_dismisses_anything(client, pact):
    client.force_login(make_member(make_agency(), role="writer"))
    assert "Accepted: 1." in decide(client, suggestion(make_edition(), rule="name", agreement=pact))
    live = make_live(at=timezone.now())
    assert "Dismissed: 1." in decide(client, suggestion(live, rule="name", agreement=pact), "dismiss")


@pytest.mark.parametrize("verb", ["accept", "merge"])
def test_nobody_becomes_a_keeper_by_a_draft_that_says_its_name(client, pact, verb):
    edition = draft_of(make_agency("imda", "An authority", "IMDA"))
    client.force_login(a_stranger("approver"))
    assert "1 left open" in decide(client, suggestion(edition, rule="new", title=pact.title), verb)
    assert not Mention.objects.exists() and client.get(page_of(pact)).status_code == 302
