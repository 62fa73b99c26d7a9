"""What is deleted is what was looked at."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from releases.models import Address, Agreement, Edition, LedgerEntry, Party
from releases.services.editions.digests import digest_site
from releases.services.publishing import workflow
from tests.admin.browsing import delete, sent
from tests.factories import NOON, make_agency, make_edition, make_member, make_section, make_user
from tests.markup import tidy
from tests.services.website.test_resolver import make_redirect

pytestmark = pytest.mark.django_db
REFUSED = "Somebody changed this after you opened the page, so nothing was deleted."


@pytest.fixture
def writer(client):
    user = make_member(make_agency(), role="approver")
    client.force_login(user)
    return user


def place(row, page):
    return reverse(f"admin:releases_{row._meta.model_name}_{page}", args=[row.pk])


def save(client, row, **changes):
    page = place(row, "change")
    assert client.post(page, sent(client.get(page), **changes)).status_code == 302


def submit(client, row, **nothing):
    workflow.perform_verb("submit", row, user=make_user(is_superuser=True), at=NOON)


CHANGES = {
    "a word": (make_edition, save, {"title": "Words that nobody may lose"}),
    "when it is wanted": (make_edition, save, {"wanted_from": "2099-01-14T09:00"}),
    "its state": (make_edition, submit, {}),
    "an agreement": (lambda: Agreement.objects.create(slug="a", title="A"), save, {"title": "Words"}),
    "a row of it": (
        lambda: Agreement.objects.create(slug="a", title="A"),
        save,
        {
            "parties-TOTAL_FORMS": 1,
            "parties-0-kind": "state",
            "parties-0-country": "KR",
            "parties-0-position": 1,
        },
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_after_the_page_that_asks_is_kept_and_shown(client, writer, what):
    make, change, values = CHANGES[what]
    row = make()
    url = place(row, "delete")
    asked = client.get(url)
    assert f'name="seen" value="{asked.context["seen"]}"' in asked.content.decode()
    change(client, row, **values)
    answer = client.post(url, {"post": "yes", "seen": asked.context["seen"]}, follow=True)
    assert REFUSED in answer.content.decode() and answer.redirect_chain == [(url, 302)]
    assert type(row).objects.filter(pk=row.pk).exists()
    delete(client, url)
    assert not type(row).objects.filter(pk=row.pk).exists()


def test_an_answer_to_no_page_deletes_nothing(client, writer):
    draft = make_edition()
    client.post(place(draft, "delete"), {"post": "yes"})
    assert Edition.objects.exists()


def test_of_several_none_goes_when_one_changed(client, writer):
    rows = [Agreement.objects.create(slug=slug, title=slug) for slug in ("one", "two")]
    register = reverse("admin:releases_agreement_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    asked = client.post(register, chosen)
    Party.objects.create(agreement=rows[1], country="KR")
    answer = client.post(register, {**chosen, "post": "yes", "seen": asked.context["seen"]})
    page = answer.content.decode()
    assert REFUSED in page and "South Korea" in page
    assert Agreement.objects.count() == 2
    client.post(register, {**chosen, "post": "yes", "seen": answer.context["seen"]})
    assert not Agreement.objects.exists()


def written_at_the_desk(client, **values):
    """A draft as the form makes it, with its entry in the ledger."""
    add = reverse("admin:releases_edition_add")
    page = client.get(add)
    typed = {
        "section": make_section().pk,
        "body": "1. Words.",
        "issuers-0-agency": make_agency().pk,
        **values,
    }
    assert client.post(add, sent(page, **typed)).status_code == 302
    return Edition.objects.order_by("-pk")[0], sent(page, **typed)


def test_a_draft_of_the_desk_goes_with_its_release_and_the_ledger_keeps_what_was(client, writer):
    draft, form = written_at_the_desk(client, title="Begun by mistake")
    permalink = draft.permalink
    pact = Agreement.objects.create(slug="pact", title="Pact")
    draft.release.mentions.create(agreement=pact)
    answer = delete(client, place(draft, "delete"))
    assert answer.status_code == 302 and not Edition.objects.exists()
    assert not Address.objects.filter(path=permalink).exists()
    assert [entry.verb for entry in LedgerEntry.objects.all()] == ["draft", "discard"]
    assert LedgerEntry.objects.broken() is None
    client.force_login(make_user(is_staff=True, is_superuser=True))
    register = tidy(client.get(reverse("admin:releases_release_changelist")))
    assert "0 releases" in register
    assert client.get(reverse("admin:releases_ledgerentry_changelist")).status_code == 200
    client.force_login(writer)
    client.post(reverse("admin:releases_edition_add"), form)
    assert Edition.objects.get().permalink == permalink


def test_a_newsroom_that_discarded_a_release_is_exported_and_summed_up_as_before(client, writer, tmp_path):
    make_section()
    make_agency()
    before = digest_site()
    draft, _ = written_at_the_desk(client, title="Begun by mistake")
    assert digest_site() != before
    delete(client, place(draft, "delete"))
    assert digest_site() == before
    call_command("export_posts", str(tmp_path / "out"))
    assert not list((tmp_path / "out").rglob("*.md"))


@pytest.mark.parametrize("fact", ["event", "action", "redirect"])
def test_a_draft_that_something_leads_to_stays_and_the_page_says_what(client, writer, fact):
    draft, _ = written_at_the_desk(client, title="Evidence")
    pact = Agreement.objects.create(slug="pact", title="Pact")
    if fact == "event":
        words = "Signed 1 March 2024 (Pact)"
        draft.release.events.create(agreement=pact, kind="signed", date=NOON.date())
    elif fact == "action":
        words = "Signature 1 March 2024, South Korea (Pact)"
        party = Party.objects.create(agreement=pact, country="KR")
        draft.release.party_actions.create(party=party, kind="signature", action_on=NOON.date())
    else:
        words = "Redirect from /old/"
        make_redirect("/old/", release=draft.release)
    answer = delete(client, place(draft, "delete"))
    assert answer.status_code == 200 and words in answer.content.decode()
    assert Edition.objects.exists()


def test_what_is_used_stays_and_the_page_says_what_to_do_instead(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    agency, section = make_agency(), make_section()
    make_edition(issuers=[agency], section=section)
    for row, words in (
        (agency, "It issues 1 release. Make it inactive or name its successor."),
        (section, "It holds 1 release. Move them to another section first."),
    ):
        for answer in (
            client.get(place(row, "delete"), follow=True),
            client.post(
                reverse(f"admin:releases_{row._meta.model_name}_changelist"),
                {"action": "delete_selected", "_selected_action": [row.pk]},
                follow=True,
            ),
        ):
            assert words in tidy(answer)
        assert "Nothing was deleted" in tidy(answer)
        assert type(row).objects.filter(pk=row.pk).exists()
