import datetime as dt

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import connection
from django.urls import reverse

from releases.models import (
    Address,
    Agreement,
    AgreementText,
    Annex,
    Blob,
    Comment,
    Edition,
    LedgerEntry,
    Mention,
    Release,
    SiteFile,
    Source,
    Suggestion,
    Upload,
)
from releases.services.editing import previews
from releases.services.editions.transitions import ActionRefused
from releases.services.publishing import approval, erasure, takedown
from tests.factories import (
    NOON,
    make_agency,
    make_edition,
    make_file_address,
    make_live,
    make_member,
    make_user,
)
from tests.services.website.test_resolver import make_redirect

pytestmark = pytest.mark.django_db


def test_text_and_bytes_go_and_the_address_says_gone(client, django_capture_on_commit_callbacks):
    shared = b"%PDF-1.4 shared"
    make_live(annexes=[("/files/kept.pdf", shared)])
    edition = make_live(
        title="Erase me",
        body="Precious",
        body_html="<p>Precious</p>",
        permalink="/news/erase/",
        annexes=[("/files/gone.pdf", b"%PDF-1.4 own"), ("/files/kept.pdf", shared)],
    )
    named = [edition, edition.release, make_redirect("/short/", release=edition.release)]
    for row in named:
        LogEntry.objects.log_actions(make_user().pk, [row], CHANGE, "Changed title.")
    own = edition.annexes.get(address__path="/files/gone.pdf").blob
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase_release(
            edition.release, actor=make_user(is_superuser=True), reason="Order of the court", at=NOON
        )
    stored = Edition.objects.get(pk=edition.pk)
    assert (stored.title, stored.body, stored.body_html, stored.annexes.count()) == ("Erased", "", "", 0)
    assert not Blob.objects.filter(pk=own.pk).exists() and not own.file.exists()
    assert Annex.objects.get().blob.file.exists()
    assert not LogEntry.objects.exists()
    assert client.get("/news/erase/").status_code == 410
    assert client.get("/files/gone.pdf").status_code == 404
    assert client.get("/files/kept.pdf").status_code == 200
    entry = LedgerEntry.objects.get(verb="erase")
    assert entry.note["reason"] == "Order of the court" and entry.before == edition.digest
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM releases_edition_words WHERE rowid = %s", [edition.pk])
        assert cursor.fetchone() == (0,)


def test_no_entry_of_the_ledger_holds_the_title_of_what_was_erased():
    release = make_live(title="Erase me").release
    times = [NOON + dt.timedelta(hours=hour) for hour in range(1, 4)]
    takedown.withdraw(release, actor=make_user(), reason="Wrong", at=times[0])
    takedown.restore(release, actor=make_user(), at=times[1])
    erasure.erase_release(
        release, actor=make_user(is_superuser=True), reason="Order of the court", at=times[2]
    )
    entries = LedgerEntry.objects.all()
    assert [entry.verb for entry in entries] == ["approve", "withdrawn", "restore", "erase"]
    assert not any("Erase me" in f"{entry.subject} {entry.note}" for entry in entries)


@pytest.mark.parametrize("seconds", [0, 1])
def test_what_was_withdrawn_just_now_is_gone_too(client, seconds):
    edition = make_live(permalink="/news/erase/")
    takedown.withdraw(edition.release, actor=make_user(), reason="Wrong.", at=NOON)
    later = NOON + dt.timedelta(seconds=seconds)
    erasure.erase_release(edition.release, actor=make_user(), reason="A court's order", at=later)
    assert client.get("/news/erase/").status_code == 410
    assert [one.kind for one in edition.release.absences.at(later)] == ["removed"]


def test_it_needs_a_reason_and_a_superuser(client):
    edition = make_live()
    with pytest.raises(ActionRefused, match="Give the reason"):
        erasure.erase_release(edition.release, actor=make_user(), reason=" ", at=NOON)
    client.force_login(make_member(make_agency()))
    client.post(reverse("admin:releases_edition_do", args=[edition.pk, "erase"]), {"reason": "x"})
    assert Release.objects.get().editions.get().erased_at is None


def told_about(edition, name):
    """Everything that the newsroom can hold of a release besides its text, each with a name of its own."""
    picture, annex = edition.illustrations.get(), edition.annexes.get()
    Source.objects.create(
        release=edition.release,
        edition=edition,
        path=f"{name}.md",
        path_digest=name,
        content=name.encode(),
        fingerprint=name,
    )
    Upload.objects.create(address=picture.address, blob=picture.blob)
    SiteFile.objects.create(address=annex.address, blob=annex.blob, live_from=NOON)
    Suggestion.objects.create(release=edition.release, rule="new", title=name, key=name)
    link, _ = previews.make_link(edition, person=name, actor=make_user(), at=NOON, may_comment=True)
    previews.comment(link, text=name, consents=False, at=NOON)
    Comment.objects.create(edition=edition, author=make_user(), at=NOON, text=name)
    pact = edition.agreements.get()
    AgreementText.objects.create(agreement=pact, blob=annex.blob, language=name)
    LogEntry.objects.log_actions(make_user().pk, [edition, edition.release], CHANGE, name)


def held_of(edition):
    """How much of that there is."""
    release, now = edition.release, Edition.objects.get(pk=edition.pk)
    annexes, pictures = (
        Address.objects.filter(path__startswith=f"/{folder}/{edition.title}")
        for folder in ("files", "images")
    )
    kept = {
        "words": Edition.objects.filter(pk=edition.pk, title=edition.title, body=edition.body),
        "parts": (now.annexes, now.illustrations, now.issuers, now.agreements),
        "source": Source.objects.filter(release=release).exclude(content=b""),
        "upload": Upload.objects.filter(address__in=pictures),
        "site file": SiteFile.objects.filter(address__in=annexes),
        "suggestion": release.suggestions,
        "link": edition.preview_links,
        "comments": edition.comments,
        "text": AgreementText.objects.filter(language=edition.title),
        "log": LogEntry.objects.filter(change_message=edition.title),
        "absence": release.absences,
    }
    return {
        name: [one.count() for one in (rows if isinstance(rows, tuple) else (rows,))]
        for name, rows in kept.items()
    }


def test_all_that_was_held_of_a_release_goes_and_nothing_of_another():
    pact = Agreement.objects.create(slug="pact", title="A pact")
    editions = []
    for name in ("one", "two"):
        files = {"annexes": [(f"/files/{name}.pdf", b"%PDF " + name.encode())]}
        draft = make_edition(title=name, **files, images=[(f"/images/{name}.png", name.encode())])
        draft.agreements.add(pact)
        told_about(draft, name)
        editions.append(approval.approve(draft, approver=make_user(), at=NOON))
    erased, kept = editions
    before = held_of(kept)
    assert held_of(erased) == before
    assert all(all(numbers) for name, numbers in before.items() if name != "absence")
    erasure.erase_release(erased.release, actor=make_user(), reason="Why", at=NOON)
    assert held_of(kept) == before
    assert held_of(erased) == {
        **{name: [0] * len(numbers) for name, numbers in before.items()},
        "absence": [1],
    }
    paths = {make_file_address(path).path_digest for path in ("/files/one.pdf", "/images/one.png")}
    assert erasure.erased_path_digests() == paths


def test_what_another_release_shows_too_stays_with_it():
    """Its address, what an import put there, and the text of an agreement that it has as an annex."""
    pact = Agreement.objects.create(slug="pact", title="A pact")
    erased, other = (make_live(annexes=[("/files/shared.pdf", b"%PDF-1.4 shared")]) for _ in range(2))
    annex = other.annexes.get()
    SiteFile.objects.create(address=annex.address, blob=annex.blob, live_from=NOON)
    AgreementText.objects.create(agreement=pact, blob=annex.blob)
    erasure.erase_release(erased.release, actor=make_user(), reason="Why", at=NOON)
    assert SiteFile.objects.exists() and AgreementText.objects.exists() and annex.blob.file.exists()
    assert erasure.erased_path_digests() == set()


@pytest.mark.parametrize("take_away", [takedown.withdraw, takedown.remove])
def test_a_release_that_was_taken_away_before_is_removed_once(take_away):
    release = make_live().release
    take_away(release, actor=make_user(), reason="Why", at=NOON)
    later = NOON + dt.timedelta(hours=1)
    erasure.erase_release(release, actor=make_user(), reason="Order of the court", at=later)
    assert list(release.absences.at(later).values_list("kind", flat=True)) == ["removed"]


def test_no_word_of_an_erased_edition_is_left_in_its_row():
    words = {
        name: f"Precious {name}"
        for name in (
            "title",
            "summary",
            "body",
            "body_html",
            "contacts",
            "awaited",
            "change_note",
            "link_url",
            "rejection",
        )
    }
    draft = make_edition(**(words | {"awaited": ""}))
    edition = approval.approve(draft, approver=make_user(), at=NOON)
    following = make_edition(release=edition.release, number=2, **words)
    erasure.erase_release(edition.release, actor=make_user(), reason=" Order ", at=NOON)
    for row in Edition.objects.filter(pk__in=[edition.pk, following.pk]):
        assert {name: getattr(row, name) for name in words} == dict.fromkeys(words, "") | {"title": "Erased"}
    entry = LedgerEntry.objects.get(verb="erase")
    assert (entry.note["reason"], entry.note["digests"]) == ("Order", [edition.digest, ""])
    assert edition.release.absences.get().reason == "Order"


def test_the_log_of_the_desk_forgets_what_names_the_release_wherever_it_stands():
    pact, other = (Agreement.objects.create(slug=slug, title=slug) for slug in ("pact", "other"))
    release = make_live().release
    suggestion, kept = (
        Suggestion.objects.create(release=one, rule="new", title="x", key=str(one.pk))
        for one in (release, make_live().release)
    )
    Mention.objects.create(agreement=pact, release=release)
    rows = (pact, other, suggestion, kept, release.section)
    for row in rows:
        LogEntry.objects.log_actions(make_user().pk, [row], CHANGE, "Named it.")
    LogEntry.objects.filter(content_type__model="section").update(object_id=str(release.pk))
    assert {pact.pk, suggestion.pk}.isdisjoint({other.pk, kept.pk})
    erasure.erase_release(release, actor=make_user(), reason="Why", at=NOON)
    left = LogEntry.objects.values_list("object_id", "content_type__model")
    assert set(left) == {
        (str(other.pk), "agreement"),
        (str(kept.pk), "suggestion"),
        (str(release.pk), "section"),
    }


@pytest.mark.parametrize("files", ["annexes", "images"])
def test_an_address_is_given_up_unless_another_release_shows_a_file_there(files):
    erased = make_live(annexes=[("/files/shared.png", b"png"), ("/files/own.png", b"own")])
    make_live(**{files: [("/files/shared.png", b"png")]})
    erasure.erase_release(erased.release, actor=make_user(), reason="Why", at=NOON)
    assert erasure.erased_path_digests() == {make_file_address("/files/own.png").path_digest}


def test_the_same_bytes_that_somebody_put_elsewhere_stay():
    erased = make_live(images=[("/images/a.png", b"png")])
    picture, elsewhere = erased.illustrations.get(), make_file_address("/images/b.png")
    for address in (picture.address, elsewhere):
        Upload.objects.create(address=address, blob=picture.blob)
    erasure.erase_release(erased.release, actor=make_user(), reason="Why", at=NOON)
    assert [upload.address for upload in Upload.objects.all()] == [elsewhere]
    assert picture.blob.file.exists()
