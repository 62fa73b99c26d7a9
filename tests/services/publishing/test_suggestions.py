"""Agencies that seem to sign a release: they join it by a draft, as any other issuer, or not at all."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from releases.models import Edition, LedgerEntry, Notice, Suggestion
from releases.services.accounts import consent
from releases.services.accounts.permissions import Authority
from releases.services.editions.transitions import refuse_if
from releases.services.publishing import approval
from releases.services.publishing.suggestions import (
    OF_ISSUERS,
    PUBLISHED,
    SCHEDULED,
    UNWRITTEN,
    accept_issuer,
    decide_suggestions,
    find_record,
    why_not_decide,
)
from tests.factories import (
    NOON,
    cleared,
    make_agency,
    make_edition,
    make_live,
    make_member,
    make_next,
    make_scheduled,
    save,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def imda():
    return make_agency("imda", "An authority", "IMDA")


@pytest.fixture
def person(imda):
    make_member(imda, username="theirs")
    return make_member(make_agency(), username="ours")


def suggest(edition, agency):
    return Suggestion.objects.create(
        release=edition.release, rule="issuer", agency=agency, sentence="An authority", key=str(edition.pk)
    )


def decide(verb, suggestion, person, at=NOON + HOUR):
    done = decide_suggestions(verb, [suggestion], actor=person, at=at).number
    suggestion.refresh_from_db()
    return done


def why_not(verb, suggestion, person, at=NOON + HOUR):
    return why_not_decide(verb, suggestion, Authority(person, at))


def slugs(edition):
    return [one.agency.slug for one in edition.issuers.order_by("position")]


def test_an_agency_joins_a_public_release_by_a_draft_that_it_has_to_clear(imda, person):
    live = make_live()
    suggestion = suggest(live, imda)
    assert decide("accept", suggestion, person) == 1 and decide("accept", suggestion, person) == 0
    draft = find_record(suggestion)
    assert (draft.based_on, draft.state, slugs(draft)) == (live, "draft", ["mti", "imda"])
    assert slugs(live) == ["mti"]
    assert [debt.agency for debt in consent.find_debts(draft)] == [imda]
    assert "named your agency as an issuer" in Notice.objects.get(agency=imda).text
    entry = LedgerEntry.objects.filter(verb="suggestion").get()
    assert (entry.note["state"], entry.note["agency"], entry.actor) == ("accepted", "imda", person)


def test_taking_it_back_discards_the_draft_that_was_begun_for_it(imda, person):
    live = make_live()
    suggestion = suggest(live, imda)
    decide("accept", suggestion, person)
    assert decide("undo", suggestion, person) == 1 and suggestion.state == "open"
    assert list(Edition.objects.all()) == [live]
    assert LedgerEntry.objects.filter(verb="discard").count() == 1


@pytest.mark.parametrize("begun", ["a draft", "a next version", "a comment"])
def test_from_a_draft_that_others_work_on_only_the_agency_goes(imda, person, begun):
    if begun == "a draft":
        draft = make_edition()
    else:
        live = make_live()
        draft = make_next(live, author=person) if begun == "a next version" else live
    suggestion = suggest(draft, imda)
    decide("accept", suggestion, person)
    made = find_record(suggestion)
    assert slugs(made) == ["mti", "imda"] and (made == draft or begun == "a comment")
    if begun == "a comment":
        made.comments.create(author=person, text="Is it theirs?", at=NOON)
    decide("undo", suggestion, person)
    assert suggestion.state == "open" and slugs(made) == ["mti"]


def test_an_agency_that_issues_it_already_needs_no_draft(imda, person):
    suggestion = suggest(make_live(issuers=[make_agency(), imda]), imda)
    assert decide("accept", suggestion, person) == 1
    assert find_record(suggestion) is None and Edition.objects.count() == 1


def test_what_was_dismissed_comes_back_by_undo(imda, person):
    suggestion = suggest(make_live(), imda)
    decide("dismiss", suggestion, person)
    assert suggestion.state == "dismissed" and Edition.objects.count() == 1
    decide("undo", suggestion, person)
    assert suggestion.state == "open"


def test_who_does_not_write_it_decides_nothing_and_what_is_settled_stays(imda, person):
    stranger = make_member(imda, username="stranger")
    suggestion = suggest(make_live(), imda)
    for verb in ("accept", "dismiss"):
        assert why_not(verb, suggestion, stranger) == UNWRITTEN and decide(verb, suggestion, stranger) == 0
    later = suggest(make_scheduled(live_from=NOON + 2 * HOUR), imda)
    assert why_not("accept", later, person) == SCHEDULED
    assert why_not("accept", later, person, at=NOON + 3 * HOUR) == ""
    decide("accept", suggestion, person)
    draft = find_record(suggestion)
    save(draft, actor=person, change_class="typography")
    approval.approve(
        cleared(draft), approver=make_member(make_agency(), username="chief"), at=NOON + 2 * HOUR
    )
    assert why_not("undo", suggestion, person, at=NOON + 3 * HOUR) == PUBLISHED


def test_only_people_of_the_lead_take_another_agency_out_again(imda, person):
    csa = make_agency("csa", "CSA", "CSA")
    suggestion = suggest(make_edition(issuers=[make_agency(), imda]), csa)
    theirs = make_member(imda, username="joint")
    decide("accept", suggestion, theirs)
    assert "Only people of MTI" in why_not("undo", suggestion, theirs)
    assert decide("undo", suggestion, theirs) == 0 and decide("undo", suggestion, person) == 1


def test_the_desk_lists_it_with_the_others_and_leads_to_the_draft(imda, person, client):
    live = make_live(at=timezone.now() - HOUR, title="New rules for herring")
    suggestion = suggest(live, imda)
    client.force_login(person)
    queue = reverse("admin:releases_suggestion_changelist")
    assert "1 to accept or dismiss" in " ".join(client.get(reverse("admin:index")).content.decode().split())
    listed = client.get(queue + "?state__exact=open").content.decode()
    assert "IMDA issues it too<br>New rules for herring" in listed and "Seems to sign the release" in listed
    page = client.get(reverse("admin:releases_suggestion_change", args=[suggestion.pk])).content.decode()
    assert "An authority" in page and "field-agreement" not in page
    answer = client.post(reverse("admin:releases_suggestion_decide", args=[suggestion.pk, "edit"]))
    draft = Edition.objects.get(number=2)
    assert answer.url == reverse("admin:releases_edition_change", args=[draft.pk])
    listed = client.get(queue + "?state__exact=accepted").content.decode()
    assert f'href="{answer.url}"' in listed and "Undo" in listed


def test_what_the_state_of_a_release_refuses_is_said_and_the_others_are_decided(imda, person, monkeypatch):
    """As where somebody schedules the release between the look and the click."""
    first, second = (suggest(make_live(title=title), imda) for title in ("First", "Second"))

    def refuse_the_first(suggestion, **given):
        refuse_if(["Somebody has scheduled it."] if suggestion == first else [])
        accept_issuer(suggestion, **given)

    monkeypatch.setitem(OF_ISSUERS, "accept", refuse_the_first)
    done = decide_suggestions("accept", [first, second], actor=person, at=NOON + HOUR)
    assert done == (1, ["Somebody has scheduled it."])
    states = Suggestion.objects.values_list("state", flat=True).order_by("pk")
    assert list(states) == ["open", "accepted"]
