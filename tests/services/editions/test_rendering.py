import pytest

from releases.content.markdown import RENDERER_VERSION, render
from releases.models import Edition, LedgerEntry
from releases.services.editing import drafts
from releases.services.editions.rendering import read_words, rerender_editions
from tests.factories import NOON, make_edition, make_live

pytestmark = pytest.mark.django_db


def no_progress(rows, title):
    return rows


def rendered_before(edition, html):
    Edition.objects.filter(pk=edition.pk).update(body_html=html, renderer_version=RENDERER_VERSION - 1)


def test_a_body_that_is_shown_otherwise_is_stored_and_a_changed_word_is_on_record():
    edition = make_live(permalink="/a/", body="3. Three")
    rendered_before(edition, "<p>Tree</p>")
    report = rerender_editions(at=NOON, progress=no_progress)
    edition.refresh_from_db()
    assert edition.body_html == render("3. Three")
    assert edition.renderer_version == RENDERER_VERSION
    assert (report.rendered, report.changed.total(), report.words) == (1, 1, 1)
    entry = LedgerEntry.objects.get(verb="render")
    assert entry.subject == "/a/ edition 1" and entry.before != entry.after


def test_other_marks_around_the_same_words_are_no_entry():
    rendered_before(make_live(body="**Bold**"), "<p><b>Bold</b></p>")
    report = rerender_editions(at=NOON, progress=no_progress)
    assert (report.changed.total(), report.words) == (1, 0)
    assert not LedgerEntry.objects.filter(verb="render").exists()


def test_only_what_another_version_rendered_can_be_asked_for():
    done = make_live(body="Done")
    Edition.objects.filter(pk=done.pk).update(body_html=render("Done"), renderer_version=RENDERER_VERSION)
    rendered_before(make_edition(body="Old"), "")
    seen = []
    report = rerender_editions(
        at=NOON, progress=lambda rows, title: seen.extend(rows) or rows, outdated_only=True
    )
    assert (len(seen), report.rendered) == (1, 1)
    assert rerender_editions(at=NOON, progress=no_progress, outdated_only=True).rendered == 0


def test_a_refused_body_keeps_its_text_and_is_named():
    edition = make_live(permalink="/deep/", body="> " * 60 + "a")
    rendered_before(edition, "<p>as it was</p>")
    report = rerender_editions(at=NOON, progress=no_progress)
    edition.refresh_from_db()
    assert edition.body_html == "<p>as it was</p>"
    assert "Left as it was: /deep/: The text is nested more than 20 deep" in report.summary()


def test_a_stop_half_way_loses_nothing_and_the_rest_is_done_later():
    for number in range(3):
        rendered_before(make_edition(body=f"Text {number}"), "")

    def stopped(rows, title):
        yield rows[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rerender_editions(at=NOON, progress=stopped)
    assert rerender_editions(at=NOON, progress=no_progress, outdated_only=True).rendered == 2


def test_a_draft_that_is_discarded_meanwhile_stops_nothing():
    discarded = make_edition(body="Old")
    rendered_before(discarded, "")
    rendered_before(make_edition(body="Other"), "")

    def progress(rows, title):
        drafts.discard(discarded)
        yield from rows

    assert rerender_editions(at=NOON, progress=progress).rendered == 1


def test_words_are_what_a_reader_reads():
    assert read_words("<p>A&nbsp;&amp; <b>b</b></p>") == ["A", "&", "b"]
