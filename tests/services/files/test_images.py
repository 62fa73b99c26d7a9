import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageChops, ImageStat

from releases.models import Blob
from releases.services.files.images import PictureRefused, check_picture, store_picture
from tests.icc import ADOBE_RGB, DISPLAY_P3, make_grey_profile, make_profile

pytestmark = pytest.mark.django_db
GREEN = (60, 200, 80)


def encoded(picture, kind, **options):
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def stored(data, name="a.png"):
    """(the bytes that readers get, as a picture)"""
    store_picture(ContentFile(data, name))
    blob = Blob.objects.get().file.read_bytes()
    return blob, Image.open(io.BytesIO(blob))


def lines(mode="RGB"):
    """A chart of fine lines."""
    picture = Image.new(mode, (64, 48), "white")
    for column in range(0, 64, 4):
        picture.paste("black", (column, 0, column + 1, 48))
    return picture


@pytest.mark.parametrize("kind, suffix", [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
@pytest.mark.parametrize("quality", [30, 75, 95])
def test_lines_are_as_sharp_as_they_were(kind, suffix, quality):
    data = encoded(lines(), kind, quality=quality)
    _, picture = stored(data, f"a.{suffix}")
    assert picture.tobytes() == Image.open(io.BytesIO(data)).tobytes()


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_clear_pixels_stay_clear(kind):
    picture = lines("RGBA")
    picture.putpixel((1, 1), (0, 0, 0, 0))
    _, shown = stored(encoded(picture, kind, lossless=True), f"a.{kind.lower()}")
    assert shown.convert("RGBA").getpixel((1, 1))[3] == 0
    assert shown.convert("RGBA").getpixel((2, 2)) == (255, 255, 255, 255)


def test_a_picture_that_moves_goes_on_moving():
    more = [Image.new("RGB", (9, 9), colour) for colour in ("red", "green", "blue")]
    data = encoded(
        Image.new("RGB", (9, 9)), "GIF", save_all=True, append_images=more, duration=300, comment=b"secret"
    )
    blob, shown = stored(data, "a.gif")
    assert (shown.n_frames, shown.info["duration"], b"secret" in blob) == (4, 300, False)


@pytest.mark.parametrize("kind, suffix", [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
@pytest.mark.parametrize("primaries", [DISPLAY_P3, ADOBE_RGB], ids=["P3", "Adobe"])
def test_colours_of_a_wide_profile_are_turned_to_those_of_every_screen(kind, suffix, primaries):
    data = encoded(Image.new("RGB", (16, 16), GREEN), kind, icc_profile=make_profile(primaries), quality=95)
    _, shown = stored(data, f"a.{suffix}")
    assert "icc_profile" not in shown.info
    red, green, blue = shown.getpixel((8, 8))[:3]
    assert red < GREEN[0] - 8 and green >= GREEN[1] and blue < GREEN[2]  # more of a green than sRGB's


def test_clear_pixels_stay_clear_when_colours_are_turned():
    picture = Image.new("RGBA", (16, 16), (*GREEN, 255))
    picture.putpixel((1, 1), (0, 0, 0, 0))
    _, shown = stored(encoded(picture, "PNG", icc_profile=make_profile()))
    assert (shown.getpixel((1, 1))[3], shown.getpixel((2, 2))[3]) == (0, 255)


def test_clear_colours_of_a_palette_stay_clear_when_colours_are_turned():
    picture = Image.new("P", (16, 16), 1)
    picture.putpalette([*GREEN, 200, 30, 30])
    picture.putpixel((1, 1), 0)
    _, shown = stored(encoded(picture, "PNG", transparency=0, icc_profile=make_profile()))
    assert (shown.getpixel((1, 1))[3], shown.getpixel((2, 2))[3]) == (0, 255)


def test_a_grey_profile_is_honoured():
    data = encoded(
        Image.new("L", (16, 16), 128), "JPEG", icc_profile=make_grey_profile(gamma=1.0), quality=95
    )
    _, shown = stored(data, "a.jpg")
    assert shown.convert("L").getpixel((8, 8)) == pytest.approx(188, abs=2)


@pytest.mark.parametrize("profile", [b"no profile", make_profile()[:200], b"\0" * 500])
def test_a_profile_that_nobody_can_read_is_left_out(profile):
    data = encoded(Image.new("RGB", (16, 16), GREEN), "PNG", icc_profile=profile)
    _, shown = stored(data)
    assert (shown.getpixel((8, 8)), "icc_profile" in shown.info) == (GREEN, False)


def test_colours_of_print_are_turned_to_those_of_screens():
    data = encoded(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG", quality=95)
    _, shown = stored(data, "a.jpg")
    assert (shown.mode, shown.getpixel((8, 8))[0] > 200, shown.getpixel((8, 8))[1] < 60) == (
        "RGB",
        True,
        True,
    )


@pytest.mark.parametrize(
    "orientation, corner", [(3, (63, 47)), (6, (47, 0)), (8, (0, 63)), (2, (63, 0)), (5, (0, 0))]
)
@pytest.mark.parametrize("kind, suffix", [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_picture_is_upright(kind, suffix, orientation, corner):
    picture = Image.new("RGB", (64, 48), "white")
    picture.paste("red", (0, 0, 8, 8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    _, shown = stored(encoded(picture, kind, exif=exif, quality=95), f"a.{suffix}")
    column, row = corner
    assert shown.size == ((64, 48) if orientation < 5 else (48, 64))
    assert (
        shown.convert("RGB").getpixel((min(column, shown.width - 3) or 2, min(row, shown.height - 3) or 2))[1]
        < 60
    )
    assert not shown.getexif()


def test_a_turned_photo_is_as_fine_as_it_was():
    exif = Image.Exif()
    exif[0x0112] = 3
    data = encoded(Image.effect_noise((128, 96), 60).convert("RGB"), "JPEG", exif=exif, quality=92)
    _, shown = stored(data, "a.jpg")
    difference = ImageChops.difference(shown.rotate(180), Image.open(io.BytesIO(data)))
    assert max(ImageStat.Stat(difference).rms) < 2


def test_a_photo_with_further_pictures_beside_it_shows_the_first():
    """As telephones write them (MPO): a picture for eyes, and one of depth or brightness."""
    data = encoded(
        Image.new("RGB", (32, 32), GREEN),
        "MPO",
        save_all=True,
        append_images=[Image.new("RGB", (32, 32), "red")],
    )
    blob, shown = stored(data, "a.jpg")
    assert (shown.format, getattr(shown, "n_frames", 1), len(blob) < len(data)) == ("JPEG", 1, True)
    assert all(abs(one - other) < 6 for one, other in zip(shown.getpixel((16, 16)), GREEN, strict=True))


def test_sixteen_bits_stay_sixteen():
    picture = Image.new("I;16", (16, 16), 51_234)
    _, shown = stored(encoded(picture, "PNG"))
    assert shown.getpixel((3, 3)) == 51_234


@pytest.mark.parametrize(
    "name, words",
    [
        ("a.heic", "HEIC pictures can't be shown by most browsers. Save it as JPEG"),
        ("a.avif", "Save it as PNG, JPEG or WebP"),
        ("a.tiff", "Save it as PNG or JPEG"),
        ("a.bmp", "Save the picture as PNG"),
    ],
)
def test_a_picture_that_is_not_taken_is_told_what_to_be_saved_as(name, words):
    with pytest.raises(PictureRefused, match=words):
        store_picture(ContentFile(b"anything", name))


def test_a_picture_that_moves_and_is_turned_is_refused_in_words():
    more = [Image.new("RGB", (9, 9), "red")]
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(Image.new("RGB", (9, 9)), "WEBP", save_all=True, append_images=more, exif=exif)
    with pytest.raises(PictureRefused, match="upright and in sRGB"):
        store_picture(ContentFile(data, "a.webp"))


def test_a_picture_of_endless_frames_is_refused_before_all_are_decoded(monkeypatch):
    monkeypatch.setattr("releases.services.files.images.MAX_MOVING_PIXELS", 3 * 81)
    more = [Image.new("RGB", (9, 9), (number, 0, 0)) for number in range(4)]
    data = encoded(Image.new("RGB", (9, 9)), "GIF", save_all=True, append_images=more)
    with pytest.raises(PictureRefused, match="moves for too long"):
        check_picture(ContentFile(data, "a.gif"))


def test_a_frame_that_is_broken_is_found_behind_those_that_are_not():
    more = [Image.effect_noise((40, 40), 50).convert("RGB") for _ in range(3)]
    data = encoded(Image.new("RGB", (40, 40)), "PNG", save_all=True, append_images=more)
    with pytest.raises(PictureRefused, match="no picture that can be read"):
        check_picture(ContentFile(data[:-400], "a.png"))
