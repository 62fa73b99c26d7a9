import io

import pytest
from PIL import ExifTags, Image

from releases.models import Blob
from releases.services.files.inspection import inspect_blob, inspect_file, uninspected_blobs
from releases.services.files.pdf_worker import read_file
from releases.services.files.storage import store_bytes
from tests.icc import make_profile


def pdf(*objects):
    """A document of these objects, of which the first is its catalogue."""
    data, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
    return (
        data
        + table
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    )


def written(*lines, fields=()):
    text = b"BT /F1 12 Tf 20 250 Td 14 TL " + b" ".join(b"(%s) Tj T*" % line for line in lines) + b" ET"
    names = b" ".join(b"%d 0 R" % number for number in range(6, 6 + len(fields)))
    widget = b"<</Type/Annot/Subtype/Widget/P 3 0 R/DA(/F1 12 Tf)/Rect[60 %d 300 %d]/T(f%d)%s>>"
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%s]/DR<</Font<</F1 5 0 R>>>>/DA(/F1 12 Tf)>>>>"
        % names,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R/Annots[%s]/Resources<</Font<</F1 5 0 R>>>>>>"
        % names,
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        *(widget % (20 * row, 20 * row + 18, row, field) for row, field in enumerate(fields, 1)),
    )


def read(tmp_path, data, media_type):
    path = tmp_path / "file"
    path.write_bytes(data)
    return read_file(path, media_type)


def thumbnail(found):
    return Image.open(io.BytesIO(bytes.fromhex(found["thumbnail"])))


def test_words_that_a_line_s_end_parted_are_whole(tmp_path):
    found = read(
        tmp_path, written(b"The regional arrange-", b"ment on sus\xad", b"tainability."), "application/pdf"
    )
    assert found["text"] == "The regional arrangement on sustainability."


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b" " * 1000])
def test_a_pdf_behind_a_mark_is_read(tmp_path, mark):
    found = read(tmp_path, mark + written(b"Words."), "application/pdf")
    assert (found["pages"], found["text"]) == (1, "Words.")


def test_what_somebody_filled_in_is_read_and_seen(tmp_path):
    fields = [
        b"/FT/Tx/V(Tan Ah Kow)",
        b"/FT/Tx/V<FEFF540D79F0>",
        b"/FT/Ch/Ff 131072/V(Ministry)/Opt[(Ministry)(Board)]",
        b"/FT/Btn/V/Yes/AS/Yes",
        b"/FT/Tx/Ff 8192/V(a password)",
        b"/FT/Tx",
    ]
    found = read(tmp_path, written(b"Name:", fields=fields), "application/pdf")
    assert found["text"].split("\n") == ["Name:", "Tan Ah Kow", "名称", "Ministry", ""]
    empty = read(tmp_path, written(b"Name:", fields=[b"/FT/Tx"] * 6), "application/pdf")
    assert found["thumbnail"] != empty["thumbnail"]


@pytest.mark.parametrize(
    "kind, mode",
    [("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "P"), ("GIF", "RGBA"), ("WEBP", "RGBA"), ("AVIF", "RGBA")],
)
def test_what_is_clear_is_clear_on_the_thumbnail(tmp_path, kind, mode):
    picture = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    picture.paste((200, 30, 30, 255), (20, 0, 60, 40))
    stream = io.BytesIO()
    picture.convert(mode).save(stream, kind)
    shown = thumbnail(read(tmp_path, stream.getvalue(), f"image/{kind.lower()}")).convert("RGBA")
    assert shown.getpixel((5, 5))[3] < 20 and shown.getpixel((40, 20))[3] > 235


def test_a_picture_of_sixteen_bits_is_no_white_thumbnail(tmp_path):
    stream = io.BytesIO()
    Image.new("I;16", (60, 40), 0x4000).save(stream, "PNG")
    assert thumbnail(read(tmp_path, stream.getvalue(), "image/png")).convert("L").getpixel(
        (5, 5)
    ) == pytest.approx(64, abs=3)


def test_a_thumbnail_has_the_colours_of_screens(tmp_path):
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), (60, 200, 80)).save(stream, "JPEG", icc_profile=make_profile())
    assert thumbnail(read(tmp_path, stream.getvalue(), "image/jpeg")).convert("RGB").getpixel((5, 5))[0] < 50


@pytest.mark.django_db
def test_a_file_is_read_from_wherever_the_worker_was_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blob = inspect_file(store_bytes(written(b"Words."), "a.pdf"))
    assert (blob.problem, blob.text) == ("", "Words.")


def photo(size, **options):
    """A camera's picture, with its place, that lies on its side."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    noise = Image.effect_noise(size, 90).convert("RGB")
    stream = io.BytesIO()
    noise.save(stream, "JPEG", quality=95, exif=exif, **options)
    return stream.getvalue()


def copies(found):
    return {
        int(width): Image.open(io.BytesIO(bytes.fromhex(data))) for width, data in found["copies"].items()
    }


@pytest.mark.parametrize(
    "size, widths", [((600, 2000), [480, 960, 1440]), ((300, 700), [480, 700]), ((200, 300), [300])]
)
def test_a_picture_has_upright_copies_as_wide_as_screens_without_what_nobody_sees(tmp_path, size, widths):
    found = read(tmp_path, photo(size), "image/jpeg")
    assert (found["picture_width"], found["picture_height"]) == size[::-1]
    made = copies(found)
    assert list(made) == widths
    for width, copy in made.items():
        assert copy.format == "WEBP" and copy.width == width
        assert copy.height == round(size[0] * width / size[1])
        assert not {"exif", "icc_profile", "xmp"} & set(copy.info)


def test_what_moves_and_what_would_be_heavier_has_no_copies(tmp_path):
    frames = [Image.new("RGB", (900, 9), colour) for colour in ("red", "blue")]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    assert read(tmp_path, stream.getvalue(), "image/gif")["copies"] == {}
    stream = io.BytesIO()
    Image.effect_mandelbrot((300, 300), (-2, -1, 1, 1), 9).convert("1").save(stream, "PNG")
    assert read(tmp_path, stream.getvalue(), "image/png")["copies"] == {}


@pytest.mark.django_db
def test_pictures_that_an_earlier_version_read_are_read_once_more():
    blob = store_bytes(photo((300, 700)), "a.jpg")
    inspect_file(blob)
    assert list(uninspected_blobs()) == [] and blob.copy(480).is_file()
    Blob.objects.update(picture_width=None, copy_widths="")
    assert list(uninspected_blobs()) == [blob.pk]
    inspect_blob.call(blob.pk)
    assert Blob.objects.get().copy_widths == "480 700"
