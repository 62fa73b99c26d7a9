"""Any two editions compared: whatever readers see of a release shows where it differs, and nothing else
does."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from releases.content.markdown import render
from releases.models import Agreement, Annex, Edition
from releases.services.publishing import approval, new_editions
from releases.services.website.history import compare_editions
from tests.factories import (
    NOON,
    make_agency,
    make_blob,
    make_edition,
    make_file_address,
    make_live,
    make_member,
    make_next,
    make_user,
)

HOUR = dt.timedelta(hours=1)
pytestmark = pytest.mark.django_db
FILES = [(f"/files/{name}.pdf", f"%PDF-1.4 {name}".encode(), f"Annex {name}", "A title") for name in "AB"]
BEFORE = {"title": "A title", "summary": "A line.", "contacts": "Ms Tan", "body": "One."}


@pytest.fixture
def two():
    """A live edition and the draft of the next, in which nothing differs yet."""
    first = make_live(**BEFORE, annexes=FILES, images=[("/files/a.png", b"png")])
    return first, make_next(first)


def compared(first, draft):
    return compare_editions(Edition.objects.get(pk=first.pk), Edition.objects.get(pk=draft.pk))


def test_what_is_the_same_is_not_shown(two):
    found = compared(*two)
    assert (found.words, found.texts, found.facts, found.files) == (0, [], [], [])


OLD = "1. It was [agreed](/old/).\n2. One *stayed*.\n3. Two stayed.\n\n[Video](/v/)"
NEW = "1. It was [agreed](/new/).\n2. One stayed.\n3. Two stayed.\n4. Three came.\n\nVideo"


def test_readers_see_the_text_not_how_it_was_typed(two):
    first, draft = two
    Edition.objects.filter(pk=first.pk).update(body_html=render(OLD))
    Edition.objects.filter(pk=draft.pk).update(body_html=render(NEW))
    found = compared(first, draft)
    folded = [(stretch.changed, len(stretch.paragraphs)) for stretch in found.stretches]
    assert folded == [(False, 3), (True, 1), (False, 1)] and found.words == 3
    assert found.links == ["“agreed” now leads to /new/, not to /old/.", "“Video” no longer leads to /v/."]


def test_a_text_of_the_same_words_says_that_only_its_layout_changed(two):
    first, draft = two
    Edition.objects.filter(pk=draft.pk).update(body_html="<p><strong>A paragraph.</strong></p>")
    found = compared(first, draft)
    assert (found.words, found.links) == (0, ["The words are the same. Only their layout changed."])


@pytest.mark.parametrize("name, shown", [("summary", "Summary"), ("contacts", "Contact")])
def test_the_shorter_texts_are_compared_word_by_word(two, name, shown):
    first, draft = two
    Edition.objects.filter(pk=draft.pk).update(**{name: "Another line."})
    found = compared(first, draft)
    assert [text for text, _ in found.texts] == [shown] and found.words > 0


def test_every_fact_beside_the_text_shows_what_it_was_and_is(two):
    first, draft = two
    draft.issuers.create(
        position=2, agency=make_agency("imda", "Infocomm Media", "IMDA"), name="Infocomm Media"
    )
    draft.agreements.add(Agreement.objects.create(slug="cptpp", title="The CPTPP"))
    new = make_edition(release=draft.release, permalink="/news/moved/", number=9).address
    changes = {
        "release_date": dt.date(2024, 5, 1),
        "language": "ms",
        "link_url": "https://example.org/",
        "address": new,
    }
    Edition.objects.filter(pk=draft.pk).update(**changes)
    facts = {fact.name: (fact.before, fact.after) for fact in compared(first, draft).facts}
    assert facts == {
        "From": (("Ministry of Trade and Industry",), ("Ministry of Trade and Industry", "Infocomm Media")),
        "Date": ((dt.date(2024, 3, 1),), (dt.date(2024, 5, 1),)),
        "Address": ((first.permalink,), ("/news/moved/",)),
        "Language": (("en",), ("ms",)),
        "Link": ((), ("https://example.org/",)),
        "Agreements": ((), ("The CPTPP",)),
    }


def test_annexes_are_compared_by_their_bytes_names_and_order(two):
    first, draft = two
    a, b = draft.annexes.all()
    Annex.objects.filter(pk=a.pk).update(blob=make_blob(b"%PDF-1.4 longer"), title="Figures", position=3)
    draft.annexes.create(position=4, label="Annex C", blob=b.blob, address=make_file_address("/files/c.pdf"))
    assert compared(first, draft).files == [
        "Annex C was added.",
        "Annex A: A title is now called Annex A: Figures.",
        "Annex A: Figures was replaced (10 bytes before, 15 now).",
        "The order of the annexes is now: Annex B: A title, Annex A: Figures, Annex C.",
    ]


def test_an_annex_that_was_taken_out_and_put_in_again_is_the_same_one(two):
    first, draft = two
    draft.annexes.filter(position=1).delete()
    new = make_blob(b"%PDF-1.4 new bytes")
    draft.annexes.create(
        position=1, label="Annex A", title="A title", blob=new, address=make_file_address("/files/x.pdf")
    )
    assert compared(first, draft).files == ["Annex A: A title was replaced (10 bytes before, 18 now)."]


def test_pictures_are_compared_too(two):
    first, draft = two
    draft.illustrations.update(alt_text="A ferry")
    draft.illustrations.create(
        blob=make_blob(b"2", "image/png"), address=make_file_address("/files/b.png"), alt_text="A pier"
    )
    assert compared(first, draft).files == [
        "b.png (A pier) was added.",
        "a.png (A picture.) is now called a.png (A ferry).",
    ]


def test_readers_and_the_desk_see_all_of_it(client, two):
    first, draft = two
    draft.annexes.filter(position=2).delete()
    Edition.objects.filter(pk=draft.pk).update(contacts="Mr Lim", language="ms")
    approval.approve(Edition.objects.get(pk=draft.pk), approver=make_user(), at=timezone.now())
    client.force_login(make_member(make_agency()))
    for url in (
        reverse("comparison", args=[first.release_id, 2]),
        reverse("admin:releases_edition_compare", args=[draft.pk, first.pk]),
    ):
        page = client.get(url).content.decode()
        assert "Annex B: A title was taken away." in page
        assert "removed: </span>English" in page and "added: </span>Malay" in page
        assert "Mr Lim</" in page


def test_an_old_text_that_is_asked_for_twice_comes_back_once():
    first = approval.approve(make_edition(body="Old."), approver=make_user(), at=NOON)
    approval.approve(make_next(first, body="New."), approver=make_user(), at=NOON + HOUR)
    person, old = make_member(make_agency()), Edition.objects.get(pk=first.pk)
    draft, again = (new_editions.restore_as_draft(old, author=person, at=NOON + 2 * HOUR) for _ in range(2))
    assert again == draft
    Edition.objects.filter(pk=draft.pk).update(body="Old, and changed.")
    assert new_editions.restore_as_draft(old, author=person, at=NOON + 2 * HOUR) != draft
