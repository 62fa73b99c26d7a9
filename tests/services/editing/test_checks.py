import datetime as dt
import io

import pytest
from PIL import Image

from releases.models import Blob, Edition
from releases.services.editing.checks import checks
from tests.factories import NOON, SINGAPORE, make_edition, make_live, make_next, make_section, save

pytestmark = pytest.mark.django_db


def told(edition, *, blocks=None):
    return [check.words for check in checks(edition) if blocks is None or check.blocks == blocks]


def test_an_ordinary_release_has_nothing_to_mend():
    assert told(make_edition(body="1. One.\n\n2. Two.")) == []


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"issuers": []}, "Name at least one issuing agency."),
        ({"body": " "}, "The text is empty."),
        ({"form": "file", "body": ""}, "A release that is a file needs its file."),
        ({"form": "link", "body": ""}, "Say where the release leads."),
        ({"body": "[Annex A](/files/none.pdf)"}, "The link to /files/none.pdf leads nowhere."),
        ({"body": "2. See Annex C."}, "The text names Annex C, which is not attached."),
        ({"body": "2. See Annex C to this release."}, "The text names Annex C, which is not attached."),
        (
            {"embargo": "EMBARGOED", "embargo_is_confirmed": True},
            "The text that was brought here says “EMBARGOED”. Choose the time below “Publish at” and confirm it, or empty “Embargo”.",
        ),
        (
            {"body": "**Embargoed until 9am, 2 December 2030**\n\n1. One."},
            "The text says “**Embargoed until 9am, 2 December 2030**”, and readers would see that. Use it as “Publish at”,"
            " take it out of the text, or confirm that “Publish at” keeps it.",
        ),
        (
            {
                "release_date": dt.date(2024, 2, 1),
                "release_date_is_confirmed": False,
                "wanted_from": NOON,
            },
            "The page will say 1 February 2024, and it is to be published on 1 March 2024. Set the release date, or confirm that"
            " it is right.",
        ),
        (
            {"release_date": dt.date(2024, 2, 1), "release_date_is_confirmed": False},
            "The page will say 1 February 2024, and it is to be published once it is approved. Set the release date, or confirm"
            " that it is right.",
        ),
        ({"body": "![](/images/none.png)"}, "The picture none.png has no description."),
        ({"body": "![Describe this image](/images/none.png)"}, "The picture none.png has no description."),
    ],
)
def test_what_blocks_a_publication(fields, words):
    assert words in told(make_edition(**fields), blocks=True)


def test_an_embargo_in_the_text_is_told_and_stops_until_somebody_confirmed_the_time():
    """That of the version before readers have seen; a changed line or another time asks again."""
    line = "Embargoed until 9am, 2 December 2030"
    edition = make_edition(body=f"1. One.\n\n{line}\n\n2. Two.", release_date_is_set=False)
    ends = dt.datetime(2030, 12, 2, 9, tzinfo=SINGAPORE)
    [check] = checks(edition)
    assert (check.embargo, check.instant, check.blocks) == (line, ends, True)
    save(edition, embargo_is_confirmed=True, wanted_from=ends)
    [told_only] = checks(stored(edition))
    assert "Take it out of the text." in told_only.words and not told_only.blocks
    save(edition, body=f"{line} sharp")
    assert not stored(edition).embargo_is_confirmed and told(stored(edition), blocks=True)
    following = make_next(make_live(body=line, embargo_is_confirmed=True, wanted_from=NOON))
    assert told(following) and told(following, blocks=True) == []


def test_nobody_is_asked_to_confirm_what_is_approved():
    """Such as a post that came with an import, which its old site published at its hour."""
    unsure = {"release_date": dt.date(2030, 12, 1), "release_date_is_confirmed": False}
    edition = make_edition(body="Embargoed until 9am, 2 December 2030", **unsure)
    assert len(told(edition, blocks=True)) == 2
    edition.live_from = NOON
    assert told(edition) == []


def test_a_release_date_that_was_confirmed_for_one_day_is_not_for_another():
    edition = make_edition(release_date=dt.date(2024, 2, 1), wanted_from=NOON)
    assert told(edition) == []
    save(edition, wanted_from=NOON + dt.timedelta(days=1))
    assert [check.field for check in checks(stored(edition))] == ["release_date_is_confirmed"]
    save(edition, release_date_is_confirmed=True)
    assert told(stored(edition)) == []
    save(edition, release_date=dt.date(2024, 2, 2))
    assert [check.blocks for check in checks(stored(edition))] == [True]


def stored(edition):
    return Edition.objects.get(pk=edition.pk)


def test_links_to_own_files_pages_and_other_releases_lead_somewhere():
    make_section()
    make_live(permalink="/news/other/")
    edition = make_edition(
        annexes=[("/files/annex a.pdf", b"%PDF-1")],
        body="[a](/files/annex%20a.pdf) [b](/news/other/) [c](/agreements/) [d](https://example.org/x) [e](#p1) [f](/news/press-releases/)",
    )
    assert told(edition, blocks=True) == []


def test_a_file_that_is_missing_or_cut_off_blocks():
    edition = make_edition(annexes=[("/files/a.pdf", b"%PDF-1 whole", "Annex A", "")])
    file = Blob.objects.get().file
    file.write_bytes(b"%PDF")
    assert told(edition, blocks=True) == ["The file of Annex A is empty or cut off. Attach it again."]
    file.unlink()
    assert told(edition, blocks=True) == ["The file of Annex A is missing. Attach it again."]


def test_an_empty_file_blocks_even_if_it_never_held_more():
    edition = make_edition(annexes=[("/files/a.pdf", b"", "Annex A", "")])
    assert told(edition, blocks=True) == ["The file of Annex A is empty or cut off. Attach it again."]


@pytest.mark.parametrize(
    "fields",
    [
        {"form": "file", "body": "", "annexes": [("/files/a.pdf", b"%PDF-1")]},
        {"form": "file", "body": "See Annex C.", "annexes": [("/files/a.pdf", b"%PDF-1")]},
        {"form": "link", "body": "", "link_url": "https://example.org/"},
    ],
)
def test_a_release_that_is_a_file_or_a_link_needs_no_text(fields):
    assert told(make_edition(**fields), blocks=True) == []


def test_a_file_that_is_still_to_come_blocks():
    assert told(make_edition(body="See Annex A.", awaited="Annex A: Tables"), blocks=True) == [
        "Annex A has not been attached yet."
    ]


def test_a_picture_without_a_description_in_the_edition_before_stops_nobody():
    live = make_edition(body="![](/images/a.png)", images=[("/images/a.png", b"a"), ("/images/b.png", b"b")])
    draft = make_edition(
        body="![](/images/a.png) ![ ](/images/b.png)",
        based_on=live,
        change_class="typography",
        images=[("/images/a.png", b"a"), ("/images/b.png", b"b")],
    )
    assert told(draft, blocks=True) == ["The picture b.png has no description."]


def test_typing_errors_are_mended_without_a_note():
    assert told(make_next(make_live(), change_class="typography", change_note="")) == []


def test_a_dead_link_of_the_edition_before_is_a_warning_only():
    live = make_edition(body="[x](/files/old.pdf)", state="draft")
    live = type(live).objects.get(pk=live.pk)
    draft = make_edition(
        body="[x](/files/old.pdf) [y](/files/new.pdf)", based_on=live, change_class="typography"
    )
    assert told(draft, blocks=True) == ["The link to /files/new.pdf leads nowhere."]
    assert "The link to /files/old.pdf leads nowhere. It is so in the version before, too." in told(draft)


def test_annexes_of_another_text_and_those_that_the_edition_before_lacked_stop_nobody():
    assert (
        told(make_edition(body="Annex 2 of the Convention lists the goods; Annex B to it the ports.")) == []
    )
    first = make_live(
        body="See Annex A.", origin="import", annexes=[("/files/a.pdf", b"%PDF-1", "Annex A", "")]
    )
    draft = make_next(first)
    draft.annexes.all().delete()
    assert told(draft) == []


def test_every_later_edition_says_what_changed():
    first = make_live()
    assert told(make_next(first, change_class="", change_note="")) == ["Say what kind of change this is."]


def test_a_correction_needs_a_note_for_readers():
    first = make_live()
    assert told(make_next(first, change_note="")) == ["Tell readers in a note what changed and why."]


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"title": "x" * 120}, "The title has 120 characters; lists read best up to 100."),
        ({"body": "1. a\n\n3. b"}, "Paragraph 3 follows 1."),
        ({"body": "1. a\n\n2. b\n\n2. c"}, "Paragraph 2 comes twice."),
    ],
)
def test_what_an_editor_should_look_at(fields, words):
    assert told(make_edition(**fields), blocks=False) == [words]


@pytest.mark.parametrize(
    "facts, words",
    [
        ({"language": ""}, "the PDF has no language."),
        ({"language": "", "title": "", "text": "", "problem": "It does not open."}, "It does not open."),
    ],
)
def test_what_a_pdf_lacks_is_told_in_english_and_of_one_that_does_not_open_only_that(facts, words):
    edition = make_edition(annexes=[("/files/a.pdf", b"%PDF-1", "Annex A", "")])
    whole = {"tagged": True, "language": "en", "title": "T", "text": "T"}
    Blob.objects.update(inspected_at="2024-01-01T00:00Z", **whole | facts)
    assert told(edition) == [f"Annex A: {words}"]


def test_a_pdf_without_tags_is_told():
    edition = make_edition(annexes=[("/files/a.pdf", b"%PDF-1", "Annex A", "")])
    Blob.objects.update(inspected_at="2024-01-01T00:00Z", tagged=False, language="en", title="T", text="")
    assert told(edition) == ["Annex A: the PDF has no tags, no text that can be read aloud or searched."]


def picture(kind, *, exif=None, **facts):
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, kind, exif=(exif or Image.Exif()).tobytes(), **facts)
    return stream.getvalue()


def with_place():
    """What a telephone writes: its make, and that it was in Singapore."""
    exif = Image.Exif()
    exif[0x010F] = "A telephone"
    exif[0x8825] = {1: "N", 2: (1.0, 17.0, 30.0), 3: "E", 4: (103.0, 51.0, 0.0)}
    return exif


def without_place():
    exif = Image.Exif()
    exif[0x010F] = "A telephone"
    exif[0x8825] = {0: b"\x02\x03\x00\x00"}
    return exif


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf exif:GPSLatitude="1,17.5N"/></x:xmpmeta>'
PLACE = (
    "Annex A: the picture says where it was taken (GPS). Attach a copy without that, unless readers may know."
)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_an_annex_that_says_where_it_was_taken_is_told_before_approval(kind):
    for exif, words in ((with_place(), [PLACE]), (without_place(), []), (None, [])):
        name = f"/files/{kind}-{len(words)}-{bool(exif)}"
        edition = make_edition(annexes=[(name, picture(kind, exif=exif), "Annex A", "")])
        Blob.objects.filter(annexes__edition=edition).update(media_type=f"image/{kind.lower()}")
        assert told(edition, blocks=False) == words and told(edition, blocks=True) == []


@pytest.mark.parametrize(
    "data, words",
    [
        (picture("JPEG", xmp=XMP), [PLACE]),
        (picture("JPEG", exif=with_place())[:120], []),
        (b"\xff\xd8\xff", []),
    ],
)
def test_a_place_in_xmp_counts_and_what_cannot_be_read_stops_nobody(data, words):
    edition = make_edition(annexes=[("/files/a.jpg", data, "Annex A", "")])
    Blob.objects.update(media_type="image/jpeg")
    assert told(edition) == words
