"""The ledger can never be changed, so it holds no word of a release: any of them may have to be erased one
day."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from releases.content.markdown import RENDERER_VERSION
from releases.models import Agreement, Edition, LedgerEntry, Suggestion
from releases.services.accounts import consent, members
from releases.services.agreements import decisions, suggestions
from releases.services.editing import assignments, comments, duplicates, outside_links, previews
from releases.services.editions import derivation
from releases.services.editions.rendering import rerender_editions
from releases.services.publishing import approval, erasure, proposals, review, takedown
from tests.admin.browsing import delete, sent
from tests.factories import make_agency, make_edition, make_member, make_next, make_section, make_user
from tests.services.website.test_resolver import make_redirect

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
WORD = "Canary"
Verb = LedgerEntry.Verb
OF_PEOPLE = {
    Verb.CONFIRM,
    Verb.DELEGATE,
    Verb.GRANT,
    Verb.INVITE,
    Verb.PASSWORD,
    Verb.RESET,
    Verb.SECOND_FACTOR,
    Verb.SIGN_OUT,
    Verb.TAKE,
}
ELSEWHERE = OF_PEOPLE | {Verb.IMPORT, Verb.SITE_FILE, Verb.REOPEN}  # nobody reopens any more


@pytest.fixture
def chief(client):
    chief = make_member(make_agency(), is_superuser=True, username="chief")
    client.force_login(chief)
    return chief


def spoken(**fields):
    """An edition every word of which is the canary; its address is not made of its title."""
    words = {
        "title": f"{WORD} signs the {WORD} Agreement (CANA)",
        "summary": f"{WORD} summary",
        "contacts": f"{WORD} desk",
        "body": f"The {WORD} Agreement (CANA) was signed on 4 March 2024 by Mr {WORD} Tan.",
        "author": make_user(),
        "annexes": [
            (f"/files/{fields.get('permalink', '/d/')[1]}.pdf", b"%PDF-1.4", f"{WORD} A", f"{WORD} figures")
        ],
    }
    return make_edition(**words | fields)


def through_review(edition, now):
    """Every verb before an edition is public, each by somebody who may."""
    writer, approver = edition.author, make_member(make_agency())
    review.submit(edition, actor=writer, at=now)
    review.take_back(edition, actor=writer, at=now)
    review.submit(edition, actor=writer, at=now)
    review.reject(edition, actor=approver, reason="A figure is missing.", at=now)
    review.submit(edition, actor=writer, at=now)
    for agency in review.uncleared_agencies(edition):
        review.record_clearance(edition, agency=agency, actor=approver, at=now)
    comments.add_comment(edition, text=f"Is {WORD} right?", actor=approver, at=now)
    link, _ = previews.make_link(edition, person="A reporter", actor=approver, at=now, may_comment=True)
    previews.comment(link, text=f"{WORD} is wrong", consents=False, at=now)
    previews.revoke(link, actor=approver, at=now)
    approval.approve(edition, approver=approver, at=now, live_from=timezone.now() + HOUR)
    approval.reschedule(edition, actor=approver, at=now, live_from=timezone.now() + 2 * HOUR)
    approval.unschedule_edition(edition, actor=approver, at=now)
    for agency in review.uncleared_agencies(edition):
        review.record_clearance(edition, agency=agency, actor=approver, at=now)
    approval.approve(edition, approver=approver, at=now)


def through_the_desk(client, edition, now):
    """What is written, moved and thrown away in forms: drafts, a redirect to the release, its section, its
    agreement."""
    next_one = make_next(edition, author=make_user(), at=now)
    page = reverse("admin:releases_edition_change", args=[next_one.pk])
    assert client.post(page, sent(client.get(page), title=f"{WORD} corrected")).status_code == 302
    delete(client, reverse("admin:releases_edition_delete", args=[next_one.pk]))
    add = reverse("admin:releases_redirect_add")
    there = {
        "path": "/typed/",
        "release": str(edition.release_id),
        "target": "",
        "valid_from": "2026-11-01T09:00",
    }
    assert client.post(add, sent(client.get(add), **there)).status_code == 302
    row = make_redirect("/old/", release=edition.release)
    page = reverse("admin:releases_redirect_change", args=[row.pk])
    assert client.post(page, sent(client.get(page), path="/older/")).status_code == 302
    delete(client, reverse("admin:releases_redirect_delete", args=[row.pk]))
    page = reverse("admin:releases_release_change", args=[edition.release_id])
    other = make_section("/news/replies/", "Replies")
    assert client.post(page, sent(client.get(page), section=str(other.pk))).status_code == 302
    page = reverse("admin:releases_agreement_change", args=[Agreement.objects.get().pk])
    told = {"mentions-TOTAL_FORMS": "2", "mentions-1-release": str(make_edition().release_id)}
    assert client.post(page, sent(client.get(page), **told)).status_code == 302


def through_the_queue(client, edition, user, now):
    suggestions.save_suggestions([edition])
    kept, other = Suggestion.objects.order_by("pk")[:2]
    page = reverse("admin:releases_suggestion_change", args=[kept.pk])
    pact = Agreement.objects.create(slug="pact", title="The pact", lead_agency=make_agency())
    assert client.post(page, sent(client.get(page), agreement=str(pact.pk))).status_code == 302
    kept.refresh_from_db()
    decisions.accept_suggestion(kept, actor=user, at=now)
    decisions.dismiss_suggestion(other, actor=user, at=now)


def rendered_otherwise(edition, now):
    Edition.objects.filter(pk=edition.pk).update(
        body_html=f"<p>{WORD}</p>", renderer_version=RENDERER_VERSION - 1
    )
    rerender_editions(at=now, progress=lambda rows, title: rows)


def found_otherwise(now):
    """What an earlier rule found in an import is found anew."""
    spoken(
        permalink="/b/",
        origin="import",
        body_html=f"<p>{WORD} said so.</p>",
        lead_text="",
        lead_rule="lead 0",
    )
    derivation.rederive_editions(at=now, progress=lambda rows, title: rows)


def test_no_verb_leaves_a_word_of_a_release_in_the_ledger(client, chief):
    now = timezone.now() - 9 * HOUR
    edition = spoken(permalink="/a/", issuers=[make_agency(), make_agency("imda", "An authority", "IMDA")])
    through_review(edition, now)
    through_the_queue(client, edition, chief, now)
    through_the_desk(client, edition, now)
    rendered_otherwise(edition, now)
    found_otherwise(now)
    members.leave(make_next(edition, author=make_user(), at=now).author, colleague=chief, actor=chief, at=now)
    assignments.assign_releases([edition], chief, actor=chief, at=now)
    duplicates.duplicate_release(edition, actor=chief, at=now)
    outside_links.ask_for_check(edition, actor=chief, at=now)
    for number, verb in enumerate((takedown.withdraw, takedown.remove), 1):
        verb(edition.release, actor=chief, reason="It was wrong.", at=now + number * HOUR)
    proposals.remove(edition, actor=chief, reason="It was wrong.", at=now + 2 * HOUR)
    proposals.keep(edition, actor=chief, at=now + 2 * HOUR)
    for stake in consent.find_stakes(edition)[1:]:
        later = now + 3 * HOUR
        review.agree_to_return(edition, agency=stake.agency, actor=chief, at=later)
    takedown.restore(edition.release, actor=make_user(), at=now + 3 * HOUR)
    erasure.erase_release(edition.release, actor=chief, reason="A court's order", at=now + 4 * HOUR)
    entries = LedgerEntry.objects.all()
    assert {entry.verb for entry in entries} >= set(Verb.values) - ELSEWHERE
    told = {f"{entry.verb} {entry.subject} {entry.note}" for entry in entries}
    assert [words for words in told if WORD.lower() in words.lower()] == []
