"""A save as a service: what was typed becomes rows, and what follows from it comes with it."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from releases.content.markdown import render
from releases.models import AgencyName, Agreement, AgreementEvent, Edition, LedgerEntry, Release, Upload
from releases.services.editing import drafts
from releases.services.editing.draft_values import AnnexValues, DraftValues, IssuerValues, in_order
from releases.services.editing.draft_writer import AddressTaken, DraftToWrite, read_draft, write_drafts
from releases.services.editing.drafts import save_draft
from releases.services.editions.digests import digest_edition
from releases.services.editions.transitions import ActionRefused
from tests.factories import (
    NOON,
    make_agency,
    make_blob,
    make_edition,
    make_file_address,
    make_live,
    make_section,
    make_user,
    save,
)

pytestmark = pytest.mark.django_db


def values(**more):
    given = {
        "title": "Ferry times",
        "release_date": NOON.date(),
        "permalink": "/news/press-releases/ferries/",
        "section": make_section(),
        "body": "1. One.",
        "issuers": (IssuerValues(make_agency()),),
    }
    return DraftValues(**given | more)


def test_a_new_edition_gets_all_that_a_save_brings():
    actor = make_user()
    saved = save_draft(Edition(), values(), base=None, actor=actor, at=NOON)
    edition = Edition.objects.get()
    assert (edition.author, edition.number, edition.lock_version) == (actor, 1, 0)
    assert (edition.permalink, edition.body_html) == ("/news/press-releases/ferries/", render("1. One."))
    assert [issuer.name for issuer in edition.issuers.all()] == ["Ministry of Trade and Industry"]
    assert (saved.before, saved.after) == ("", digest_edition(edition))
    entry = LedgerEntry.objects.get()
    assert (entry.verb, entry.actor, entry.before, entry.after) == ("draft", actor, "", saved.after)


def test_a_save_says_the_digests_that_the_rows_have_and_counts_up():
    agency = make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    pact = Agreement.objects.create(slug="pact", title="A pact")
    edition = make_edition(
        annexes=[("/files/a.pdf", b"%PDF-1.4 a", "Annex A", "Map")], images=[("/p.png", b"x")]
    )
    before = digest_edition(edition)
    stored = read_draft(edition.pk)
    assert stored.digest == before
    changed = replace(
        stored.values,
        title="Another",
        issuers=(IssuerValues(agency), *stored.values.issuers),
        agreements=(pact,),
    )
    saved = save_draft(edition, changed, base=0, actor=make_user(is_superuser=True), at=NOON)
    edition = Edition.objects.get()
    assert (saved.before, saved.after) == (before, digest_edition(edition))
    assert edition.lock_version == 1
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["IMDA", "MTI"]
    assert LedgerEntry.objects.get().verb == "save"


def test_a_save_that_changes_no_word_leaves_no_entry():
    edition = save(make_edition(body_html=render("A paragraph.")))
    assert (LedgerEntry.objects.count(), Edition.objects.get(pk=edition.pk).lock_version) == (0, 1)


def test_values_that_stand_on_an_earlier_save_overwrite_nothing():
    edition = save(make_edition(), title="New")
    with pytest.raises(ActionRefused, match="Somebody else saved this edition meanwhile"):
        save_draft(edition, values(title="Mine"), base=0, actor=make_user(), at=NOON)
    assert Edition.objects.get(pk=edition.pk).title == "New"


def test_rows_keep_their_keys_while_they_change_places_and_go():
    edition = make_edition(annexes=[(f"/files/{one}.pdf", b"%PDF-1.4", f"Annex {one}", one) for one in "ABC"])
    first, _, third = edition.annexes.all()
    stored = read_draft(edition.pk).values
    save(edition, annexes=(stored.annexes[2], replace(stored.annexes[0], title="Map")))
    left = [(annex.pk, annex.position, annex.title) for annex in edition.annexes.all()]
    assert left == [(third.pk, 1, "C"), (first.pk, 2, "Map")]


def test_agencies_that_move_round_are_written_whatever_row_held_them():
    agencies = [make_agency(one, f"Agency {one}", one.upper()) for one in ("aa", "bb", "cc", "dd")]
    edition = make_edition(issuers=agencies[:3])
    rows = read_draft(edition.pk).values.issuers
    moved = [replace(row, agency=agency, name="") for row, agency in zip(rows, agencies[1:], strict=True)]
    save(edition, actor=make_user(is_superuser=True), issuers=tuple(moved))
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["BB", "CC", "DD"]
    assert [issuer.name for issuer in edition.issuers.all()] == ["Agency bb", "Agency cc", "Agency dd"]


def test_an_annex_that_has_come_is_awaited_no_more_and_has_an_address_nobody_can_guess():
    edition = make_edition(awaited="Annex A: Map\nAnnex B: Figures")
    annex = AnnexValues(make_blob().pk, "Annex A", "Map", file_name="The map.PDF")
    save(edition, annexes=(annex,))
    edition.refresh_from_db()
    assert edition.awaited == "Annex B: Figures"
    assert edition.annexes.get().address.path.endswith("/the-map.pdf")
    assert len(edition.annexes.get().address.path.split("/")[3]) == 16


def test_a_permalink_of_another_release_is_refused_and_nothing_is_saved():
    other = make_edition(permalink="/taken/")
    with pytest.raises(AddressTaken, match="/taken/ is taken by a release"):
        save_draft(Edition(), values(permalink=other.permalink), base=None, actor=make_user(), at=NOON)
    assert Release.objects.count() == 1


def test_a_release_that_was_approved_stays_where_readers_find_it():
    live = make_live()
    section = make_section("/elsewhere/", "Elsewhere")
    draft = Edition(release=live.release, number=2, based_on=live)
    [written] = write_drafts([DraftToWrite(draft, replace(values(), permalink=live.permalink))])
    save(written.edition, section=section, form="link")
    live.release.refresh_from_db()
    assert (live.release.section, live.release.form) == (make_section(), "text")


@pytest.mark.parametrize(
    "media_type, is_read", [("application/pdf", True), ("text/csv", False)], ids=["a PDF", "a table"]
)
def test_the_worker_reads_what_an_editor_attaches(media_type, is_read, django_capture_on_commit_callbacks):
    blob = make_blob(b"%PDF-1.4 chosen by an editor", media_type)
    with django_capture_on_commit_callbacks(execute=True):
        save(make_edition(), annexes=(AnnexValues(blob.pk, "Annex A", file_name="a.pdf"),))
    blob.refresh_from_db()
    assert bool(blob.inspected_at) == is_read


def test_a_batch_is_written_at_once_with_the_digests_of_its_rows():
    address = make_file_address("/files/a.pdf")
    batch = [
        DraftToWrite(
            Edition(origin=Edition.Origin.IMPORT),
            values(
                permalink=f"/news/{number}/",
                body_html="<p>One.</p>",
                annexes=(AnnexValues(make_blob().pk, "Annex A", address=address),),
            ),
        )
        for number in range(20)
    ]
    with CaptureQueriesContext(connection) as queries:
        written = write_drafts(batch)
    parts = [query["sql"] for query in queries if '"releases_issuer"' in query["sql"]]
    assert len(queries) < 5 * len(batch) and len(parts) <= len(batch)
    for done in written:
        assert done.digest == digest_edition(Edition.objects.get(pk=done.edition.pk))


def test_parts_without_a_place_follow_in_the_order_of_the_form():
    assert in_order([(None, "new"), (2, "b"), (1, "a"), (None, "last")]) == ("a", "b", "new", "last")


def test_whoever_changes_a_draft_is_one_of_its_writers():
    first, second, third = (make_user() for _ in range(3))
    edition = save_draft(Edition(), values(), base=None, actor=first, at=NOON).edition
    save(edition, actor=second, title="Another")
    save(edition, actor=third, title="Another")
    assert {row.user for row in edition.contributors.all()} == {first, second}


def test_a_draft_moves_to_another_place_until_it_is_approved():
    edition, section = make_edition(), make_section("/elsewhere/", "Elsewhere")
    before = edition.address_id
    save(edition, section=section, form="link", permalink="/elsewhere/new/")
    stored = Edition.objects.get(pk=edition.pk)
    assert (stored.release.section, stored.release.form, stored.permalink) == (
        section,
        "link",
        "/elsewhere/new/",
    )
    assert stored.address_id != before and stored.lock_version == 1


def test_a_draft_has_the_uploaded_pictures_that_its_text_shows():
    for name in ("a", "b"):
        address, blob = make_file_address(f"/images/{name}.png"), make_blob(name.encode(), "image/png")
        Upload.objects.create(address=address, blob=blob)
    edition = make_edition()
    shown = []
    for body in ("![A](/images/a.png)", "![A](/images/a.png) ![B](/images/b.png)", "![B](/images/b.png)", ""):
        save(edition, body=body)
        shown.append(sorted(one.alt_text for one in edition.illustrations.all()))
    assert shown == [["A"], ["A", "B"], ["B"], []]


def test_an_issuer_is_called_what_it_was_called_on_the_day_of_release():
    agency = make_agency()
    AgencyName.objects.create(agency=agency, name="Ministry of Bits", acronym="MOB", valid_from=NOON.date())
    before = NOON.date() - dt.timedelta(days=1)
    for day, name in ((NOON.date(), "Ministry of Bits"), (before, "Ministry of Trade and Industry")):
        draft = values(permalink=f"/news/{day}/", release_date=day)
        saved = save_draft(Edition(), draft, base=None, actor=make_user(), at=NOON)
        assert saved.edition.issuers.get().name == name
    typed = values(permalink="/news/typed/", issuers=(IssuerValues(agency, name="As typed"),))
    saved = save_draft(Edition(), typed, base=None, actor=make_user(), at=NOON)
    assert saved.edition.issuers.get().name == "As typed"


def test_with_its_last_edition_a_release_goes_unless_the_ledger_tells_of_it():
    live = make_live()
    drafts.discard(make_edition(release=live.release, number=2))
    assert live.release.addresses.exists()
    untold = make_edition()
    drafts.discard(untold)
    assert not Release.objects.filter(pk=untold.release_id).exists()
    told = save_draft(Edition(), values(), base=None, actor=make_user(), at=NOON).edition
    release = told.release
    drafts.discard(told)
    assert Release.objects.filter(pk=release.pk).exists() and not release.addresses.exists()


def test_what_a_release_is_the_evidence_of_depends_on_its_last_edition():
    pact, draft = Agreement.objects.create(slug="pact", title="A pact"), make_edition()
    AgreementEvent.objects.create(agreement=pact, kind="signed", date=NOON.date(), release=draft.release)
    assert len(drafts.dependents(draft)) == 1
    make_edition(release=draft.release, number=2)
    assert drafts.dependents(draft) == []
