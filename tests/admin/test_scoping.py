"""What somebody of another agency meets of a public release whose next edition is still being written:
nothing of it."""

import datetime as dt

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from releases.models import Edition, LedgerEntry, Redirect, SiteFile, Suggestion
from releases.services.editing import previews
from releases.services.publishing import takedown
from tests.admin.browsing import delete, sent
from tests.factories import (
    make_agency,
    make_blob,
    make_edition,
    make_file_address,
    make_live,
    make_member,
    make_next,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
SECRET = "Tunnel to open in June"


@pytest.fixture
def public():
    """A public release with a draft of its next edition, which somebody has talked about."""
    edition = make_live(title="Known to all")
    draft = make_next(edition, title=SECRET)
    LedgerEntry.objects.record(
        LedgerEntry.Verb.SAVE, at=timezone.now(), actor=make_user(), edition=draft, note={"about": SECRET}
    )
    link, _ = previews.make_link(draft, person=SECRET, actor=make_user(), at=timezone.now(), may_comment=True)
    previews.comment(link, text=SECRET, consents=False, at=timezone.now())
    moved = make_file_address("/news/tunnel-to-open/")
    moved.kind, moved.release = "release", edition.release
    moved.save()
    Edition.objects.filter(pk=draft.pk).update(address=moved)
    other = make_file_address("/old/")
    other.kind = "redirect"
    other.save()
    Redirect.objects.create(address=other, release=edition.release, valid_from=timezone.now())
    Suggestion.objects.create(release=edition.release, rule="new", title=SECRET, sentence=SECRET, key="x")
    return edition


@pytest.mark.parametrize(
    "model", ["redirect", "ledgerentry", "absence", "release", "address", "edition", "source", "suggestion"]
)
def test_lists_do_not_tell(client, public, model):
    client.force_login(make_member(make_agency("imda", "An authority", "IMDA"), role="administrator"))
    page = client.get(reverse(f"admin:releases_{model}_changelist")).content.decode()
    assert SECRET not in page and "tunnel-to-open" not in page


def redirect_to_come(path, **fields):
    address = make_file_address(path)
    address.kind = "redirect"
    address.save()
    fields.setdefault("valid_from", timezone.now() + dt.timedelta(days=1))
    return Redirect.objects.create(address=address, **fields)


def test_what_will_lead_on_tomorrow_is_told_to_whose_agency_it_is(client, public):
    imda = make_agency("imda", "An authority", "IMDA")
    redirect_to_come("/theirs/", release=public.release)
    redirect_to_come("/to-theirs/", target=public.address.path)
    redirect_to_come("/written-for-them/", target="", agency=make_agency())
    redirect_to_come("/ours/", target="https://imda.example/", agency=imda)
    theirs, listed = (
        {"/theirs/", "/to-theirs/", "/written-for-them/"},
        reverse("admin:releases_redirect_changelist"),
    )
    client.force_login(make_member(imda, role="administrator"))
    page = client.get(listed).content.decode()
    assert not {path for path in theirs if path in page} and "/ours/" in page
    client.force_login(make_member(make_agency(), role="administrator"))
    page = client.get(listed).content.decode()
    assert {path for path in theirs if path in page} == theirs and "/ours/" not in page


@pytest.mark.parametrize("role", ["writer", "administrator"])
def test_the_list_of_addresses_tells_none_that_will_lead_on_tomorrow(client, public, role):
    redirect_to_come("/theirs/", release=public.release)
    client.force_login(make_member(make_agency("imda", "An authority", "IMDA"), role=role))
    page = client.get(reverse("admin:releases_address_changelist")).content.decode()
    assert "/old/" in page and "/theirs/" not in page


def test_a_redirect_is_changed_and_deleted_by_administrators_of_its_agency_alone(client, public):
    imda = make_agency("imda", "An authority", "IMDA")
    valid = redirect_to_come("/theirs/", release=public.release, valid_from=timezone.now())
    url, deleting = (
        reverse(f"admin:releases_redirect_{verb}", args=[valid.pk]) for verb in ("change", "delete")
    )
    client.force_login(make_member(imda, role="administrator"))
    assert "/theirs/" in client.get(reverse("admin:releases_redirect_changelist")).content.decode()
    assert client.post(url, {"path": "/mine/"}).status_code == 403
    assert client.post(deleting, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [valid.pk], "post": "yes"}
    client.post(reverse("admin:releases_redirect_changelist"), chosen)
    assert Redirect.objects.filter(pk=valid.pk).exists()
    client.force_login(make_member(make_agency(), role="administrator"))
    assert client.get(url).status_code == 200
    assert delete(client, deleting).status_code == 302 and not Redirect.objects.filter(pk=valid.pk).exists()


def test_a_redirect_is_written_for_the_agency_of_who_writes_it(client):
    imda = make_agency("imda", "An authority", "IMDA")
    client.force_login(make_member(imda, role="administrator"))
    sent = {"path": "/gone/", "target": "", "valid_from": "2024-03-01T09:00"}
    client.post(reverse("admin:releases_redirect_add"), sent)
    table = SimpleUploadedFile("table.csv", b"/old/,https://imda.example/\n")
    client.post(reverse("admin:releases_redirect_load"), {"file": table})
    assert [one.agency for one in Redirect.objects.all()] == [imda, imda]


def test_a_site_file_that_is_to_come_is_told_to_nobody_but_superusers(client):
    later = timezone.now() + dt.timedelta(days=1)
    SiteFile.objects.create(address=make_file_address("/files/plan.pdf"), blob=make_blob(), live_from=later)
    pages = [reverse(f"admin:releases_{model}_changelist") for model in ("sitefile", "address")]
    client.force_login(make_member(make_agency(), role="administrator"))
    assert not [page for page in pages if "plan.pdf" in client.get(page).content.decode()]
    client.force_login(make_user(is_staff=True, is_superuser=True))
    assert all("plan.pdf" in client.get(page).content.decode() for page in pages)


@pytest.mark.parametrize("word", ["Tunnel", "tunnel-to-open"])
@pytest.mark.parametrize("model", ["absence", "release"])
def test_searching_for_the_words_of_a_hidden_draft_finds_nothing(client, public, model, word):
    takedown.withdraw(public.release, actor=make_user(), reason="A reason", at=timezone.now())
    url = reverse(f"admin:releases_{model}_changelist")
    client.force_login(make_member(make_agency("imda", "An authority", "IMDA")))
    assert client.get(url, {"q": "Known"}).context["cl"].result_count == 1
    assert client.get(url, {"q": word}).context["cl"].result_count == 0
    client.force_login(make_member(make_agency()))
    assert client.get(url, {"q": word}).context["cl"].result_count == (model == "release")


def test_the_page_of_the_public_edition_tells_neither_drafts_nor_talk(client, public):
    client.force_login(make_member(make_agency("imda", "An authority", "IMDA")))
    page = client.get(reverse("admin:releases_edition_change", args=[public.pk])).content.decode()
    assert "Known to all" in page and SECRET not in page and "Compare with version 2" not in page
    assert client.get(reverse("admin:releases_edition_ledger", args=[public.pk])).status_code == 403


@pytest.mark.parametrize("model", ["edition", "release"])
def test_who_changed_what_is_told_to_those_who_make_it(client, public, model):
    row = public if model == "edition" else public.release
    LogEntry.objects.log_actions(make_user().pk, [row], CHANGE, f"Deleted annex {SECRET}.")
    url = reverse(f"admin:releases_{model}_history", args=[row.pk])
    client.force_login(make_member(make_agency("imda", "An authority", "IMDA")))
    assert client.get(url).status_code == 403
    client.force_login(make_member(make_agency()))
    assert SECRET in client.get(url, follow=True).content.decode()


def test_what_was_approved_as_a_text_does_not_become_a_link(client, public):
    client.force_login(make_member(make_agency()))
    url = reverse("admin:releases_release_change", args=[public.release_id])
    values = {"section": public.release.section_id, "translation_group": public.release.translation_group}
    assert client.post(url, values | {"form": "link"}).status_code == 302
    public.release.refresh_from_db()
    assert public.release.form == "text"


def test_its_own_people_are_told_all(client, public):
    client.force_login(make_member(make_agency()))
    page = client.get(reverse("admin:releases_edition_change", args=[public.pk])).content.decode()
    assert "Compare with version 2" in page
    ledger = client.get(reverse("admin:releases_edition_ledger", args=[public.pk])).content.decode()
    assert SECRET in ledger and "The chain of the ledger is broken" not in ledger


def test_another_agency_does_not_move_a_public_release(client, public):
    client.force_login(make_member(make_agency("imda", "An authority", "IMDA")))
    url = reverse("admin:releases_release_change", args=[public.release_id])
    assert client.get(url).status_code == 200
    assert (
        client.post(url, {"section": public.release.section_id, "translation_group": "x"}).status_code == 403
    )


def test_a_writer_does_not_move_a_public_release_and_an_approver_does_on_record(client, public):
    page = reverse("admin:releases_release_change", args=[public.release_id])
    other = make_section("/news/replies/", "Replies")
    client.force_login(make_member(make_agency(), role="writer"))
    told = client.get(page).content.decode()
    assert "is changed by an approver of the agency that is its lead" in told and 'name="_save"' not in told
    assert client.post(page, {"section": other.pk, "translation_group": "x"}).status_code == 403
    draft = reverse("admin:releases_edition_change", args=[public.release.editions.get(number=2).pk])
    client.post(draft, sent(client.get(draft), section=str(other.pk)))
    public.release.refresh_from_db()
    assert public.release.section != other
    client.force_login(make_member(make_agency()))
    assert client.post(page, sent(client.get(page), section=str(other.pk))).status_code == 302
    public.release.refresh_from_db()
    assert public.release.section == other
    move = LedgerEntry.objects.get(verb="move")
    assert (move.release, move.note) == (public.release, {"from": "Press releases", "to": "Replies"})


def test_a_writer_moves_a_draft(client):
    draft, other = make_edition(), make_section("/news/replies/", "Replies")
    page = reverse("admin:releases_edition_change", args=[draft.pk])
    client.force_login(make_member(make_agency(), role="writer"))
    assert client.post(page, sent(client.get(page), section=str(other.pk))).status_code == 302
    draft.release.refresh_from_db()
    assert draft.release.section == other


def test_a_release_is_called_by_its_public_title(public):
    assert str(public.release) == "Known to all"
    assert str(make_edition(title=SECRET).release).startswith("Release ")


def test_together_means_what_was_read_and_all_that_was_chosen(client):
    lead, hidden = (
        make_member(make_agency()),
        make_edition(issuers=[make_agency("imda", "An authority", "IMDA")]),
    )
    editions = [make_edition(), make_edition()]
    client.force_login(lead)
    url = reverse("admin:releases_edition_together")
    chosen = ",".join(str(edition.pk) for edition in editions)
    page = client.get(f"{url}?editions={chosen}")
    seen = {f"seen-{edition.pk}": digest for edition, digest, *_ in page.context["editions"]}
    Edition.objects.filter(pk=editions[1].pk).update(body="Other words.")
    told = client.post(f"{url}?editions={chosen}", {"act": "now", **seen}).content.decode()
    assert "changed after you opened it" in told and not Edition.objects.filter(state="approved").exists()
    assert client.get(f"{url}?editions={chosen},{hidden.pk}").status_code == 302
    client.post(f"{url}?editions={chosen}", {"act": "now"})
    assert Edition.objects.filter(state="approved").count() == 2


def test_edit_pressed_twice_begins_one_draft(client, public):
    client.force_login(make_member(make_agency()))
    draft = public.release.editions.get(number=2)
    delete(client, reverse("admin:releases_edition_delete", args=[draft.pk]))
    assert public.release.editions.count() == 1, "a draft goes with what was said about it"
    url = reverse("admin:releases_edition_do", args=[public.pk, "next"])
    answers = [client.post(url) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert public.release.editions.count() == 2
