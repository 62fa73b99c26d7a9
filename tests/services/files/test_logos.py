"""Logos and pictures for sharing: small enough for every page, without hidden data, of the size that is told."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from releases.services.files.images import PictureRefused
from releases.services.files.logos import LARGEST, LARGEST_SOCIAL, store_logo, store_social_picture

pytestmark = pytest.mark.django_db
SVG = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 10'><path d='M0 0h9'/></svg>"


def drawn(width, height, name="logo.png", colour=(9, 90, 190, 128), **options):
    mode = "RGBA" if name.endswith(("png", "webp")) else "RGB"
    stream = io.BytesIO()
    picture = Image.new(mode, (width, height), colour[: len(mode)])
    picture.save(stream, Image.registered_extensions()[f".{name.rpartition('.')[2]}"], **options)
    return SimpleUploadedFile(name, stream.getvalue())


def noise(width, height, name):
    stream = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(stream, "PNG")
    return SimpleUploadedFile(name, stream.getvalue())


def opened(blob):
    return Image.open(blob.file)


@pytest.mark.parametrize("name", ["logo.png", "logo.webp"])
def test_a_large_logo_is_made_as_small_as_pages_show_it_and_stays_clear(name):
    blob = store_logo(drawn(2880, 960, name)).blob
    with opened(blob) as picture:
        assert picture.size == (720, 240) == (blob.picture_width, blob.picture_height)
        assert picture.has_transparency_data and f"image/{name[5:]}" == blob.media_type
    assert blob.inspected_at is None, "The worker may still read it."


def test_a_small_logo_keeps_every_pixel_and_loses_its_hidden_data():
    exif = Image.Exif()
    exif[0x9286] = "where it was taken"
    blob = store_logo(drawn(160, 40, exif=exif)).blob
    with opened(blob) as picture:
        assert picture.size == (160, 40) and picture.getpixel((1, 1)) == (9, 90, 190, 128)
    assert b"where it was taken" not in blob.file.read_bytes()


def test_a_drawing_is_cleaned_and_tells_its_proportion():
    hostile = SVG.replace("<path", "<script>alert(1)</script><path")
    blob = store_logo(SimpleUploadedFile("Logo.SVG", hostile.encode())).blob
    assert b"script" not in blob.file.read_bytes()
    assert (blob.media_type, blob.picture_width, blob.picture_height) == ("image/svg+xml", 1000, 250)


@pytest.mark.parametrize(
    "file, words",
    [
        (lambda: drawn(40, 40, "logo.jpg"), "A logo is a PNG, WebP or SVG file"),
        (lambda: drawn(40, 40, "logo.gif"), "A logo is a PNG, WebP or SVG file"),
        (lambda: SimpleUploadedFile("logo.svg", b"<svg/>"), "no SVG drawing that can be read"),
        (lambda: SimpleUploadedFile("logo.svg", SVG.encode() + b" " * LARGEST), "100 kB are allowed"),
        (lambda: SimpleUploadedFile("logo.png", b"no picture"), "no picture that can be read"),
        (lambda: SimpleUploadedFile("logo.png", b""), "0 bytes"),
        (lambda: SimpleUploadedFile("logo.png", drawn(9, 9, "a.webp").read()), "but it is a WEBP picture"),
        (lambda: noise(720, 240, "logo.png"), "100 kB are allowed"),
    ],
)
def test_what_can_be_no_logo_is_refused_in_words(file, words):
    with pytest.raises(PictureRefused, match=words):
        store_logo(file())


@pytest.mark.parametrize(
    "size, told",
    [
        ((1200, 630), ""),
        ((2400, 1260), ""),
        ((1600, 630), "400 of its 1600 pixels went, left and right"),
        ((1200, 1200), "570 of its 1200 pixels went, above and below"),
    ],
)
def test_a_picture_for_sharing_is_cut_to_its_size_and_says_so(size, told):
    stored = store_social_picture(drawn(*size, "social.png"))
    with opened(stored.blob) as picture:
        assert picture.size == (1200, 630) and picture.format == "JPEG"
        assert picture.getpixel((600, 300)) == pytest.approx((132, 172, 222), abs=4), "on white"
    assert told in stored.told and bool(told) == bool(stored.told)


def test_a_picture_for_sharing_is_light_enough_for_who_asks_for_it():
    assert store_social_picture(noise(1400, 700, "social.png")).blob.size <= LARGEST_SOCIAL


@pytest.mark.parametrize("size", [(1199, 630), (1200, 629)])
def test_a_picture_that_would_be_blurred_is_refused(size):
    with pytest.raises(PictureRefused, match="at least as large"):
        store_social_picture(drawn(*size, "social.png"))
