import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from releases.models import Agreement, AgreementEvent, LedgerEntry, Mention, Signatory, Suggestion
from releases.services import suggesting
from releases.services.checking import findings
from tests.factories import NOON, make_live, make_user

pytestmark = pytest.mark.django_db
BODY = (
    "1. The Sea Agreement (SEAP) will enter into force on 14 January 2023.\n\n"
    "2. It follows the Fish Trade Agreement (FITA).\n"
)


@pytest.fixture
def pact():
    return Agreement.objects.create(
        slug="sea", title="Sea Agreement", acronyms=["SEAP"], instrument_type="treaty"
    )


@pytest.fixture
def edition(pact):
    return make_live(title="On the sea", body=BODY, release_date=dt.date(2023, 1, 13))


def suggested():
    suggesting.suggest(suggesting.newest_editions())
    return {suggestion.rule: suggestion for suggestion in Suggestion.objects.all()}


def test_a_release_suggests_names_new_names_and_events(edition, pact):
    found = suggested()
    assert found["name"].agreement == pact
    assert (found["new"].title, found["new"].acronym) == ("Fish Trade Agreement", "FITA")
    assert (found["event"].event_kind, found["event"].event_date) == (
        "entry-into-force",
        dt.date(2023, 1, 14),
    )
    assert found["event"].sentence == "The Sea Agreement (SEAP) will enter into force on 14 January 2023."
    assert not Mention.objects.exists() and not AgreementEvent.objects.exists()


def test_what_was_decided_is_not_suggested_again(edition):
    suggesting.dismiss(suggested()["name"], actor=make_user(), at=NOON)
    assert suggesting.suggest(suggesting.newest_editions()) == 0
    assert Suggestion.objects.get(rule="name").state == "dismissed"


def test_accepting_a_name_puts_the_release_into_the_dossier(edition, client):
    suggesting.accept(suggested()["name"], actor=make_user(), at=NOON)
    assert "On the sea" in client.get("/agreements/sea/").content.decode()
    assert LedgerEntry.objects.get(verb="suggestion").note == {"state": "accepted"}


def test_accepting_an_event_makes_it_evidenced_by_the_release(edition, pact):
    suggesting.accept(suggested()["event"], actor=make_user(), at=NOON)
    event = pact.events.get()
    assert (event.kind, event.date, event.release) == (
        "entry-into-force",
        dt.date(2023, 1, 14),
        edition.release,
    )


def test_a_new_name_makes_an_agreement_or_is_merged_into_one(edition, pact):
    new = suggested()["new"]
    made = suggesting.accept(new, actor=make_user(), at=NOON)
    assert (made.slug, made.acronyms) == ("fish-trade-agreement", ["FITA"])
    new.agreement = pact
    suggesting.accept(new, actor=make_user(), at=NOON)
    pact.refresh_from_db()
    assert (pact.former_titles, pact.acronyms) == (["Fish Trade Agreement"], ["SEAP", "FITA"])


def test_the_queue_takes_one_click_each(edition, client):
    chief = User.objects.create_superuser("chief", password="a long enough password")
    client.force_login(chief)
    found = suggested()
    listed = client.get(reverse("admin:releases_suggestion_changelist")).content.decode()
    assert "will enter into force on 14 January 2023" in listed
    for rule, verb in (("name", "accept"), ("new", "dismiss")):
        url = reverse("admin:releases_suggestion_decide", args=[found[rule].pk, verb])
        assert client.get(url, follow=True).status_code == 200
        assert Suggestion.objects.get(rule=rule).state == "open"
        client.post(url)
    assert {one.rule: one.state for one in Suggestion.objects.all()} == {
        "name": "accepted", "new": "dismissed", "event": "open",
    }  # fmt: skip


def test_a_date_that_differs_from_the_record_is_one_finding(edition, pact):
    event = AgreementEvent.objects.create(agreement=pact, kind="entry-into-force", date="2023-01-14")
    assert findings(edition) == []
    AgreementEvent.objects.filter(pk=event.pk).update(date="2023-01-15")
    (finding,) = findings(edition)
    assert finding.paragraph == 1
    assert finding.words == (
        "Sea Agreement, entered into force: the text says 14 January 2023, the record says 15 January 2023."
    )


def test_a_signatory_whom_the_text_does_not_name_is_a_finding(pact):
    Signatory.objects.create(agreement=pact, person="Dr Anna Lim")
    named = make_live(body="The Sea Agreement was signed by Anna Lim.")
    other = make_live(body="The Sea Agreement was signed by Peter Ng.")
    assert findings(named) == []
    assert "names Dr Anna Lim" in findings(other)[0].words


def test_the_findings_stand_before_the_approval(edition, pact, client):
    AgreementEvent.objects.create(agreement=pact, kind="entry-into-force", date="2023-01-15")
    client.force_login(User.objects.create_superuser("chief", password="a long enough password"))
    draft = type(edition).objects.get(pk=edition.pk)
    draft.pk, draft.number, draft.state, draft.live_from, draft.first_live_at = None, 2, "draft", None, None
    draft.based_on = edition
    draft._state.adding = True
    draft.save()
    page = client.get(reverse("admin:releases_edition_do", args=[draft.pk, "approve"])).content.decode()
    assert "Paragraph 1: " in page and "the record says 15 January 2023" in page
