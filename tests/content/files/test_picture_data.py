import contextlib
import io
import struct
import zlib
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence
from PIL.PngImagePlugin import PngInfo

from releases.content.files.picture_data import PictureBroken, strip_hidden_data

SECRET = b"Secret camera"
KINDS = ["JPEG", "PNG", "GIF", "WEBP"]


def drawn(kind, mode="RGB", **options):
    picture = Image.effect_noise((48, 32), 80).convert(mode)
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def with_secrets(kind, mode="RGB", **options):
    """A picture that tells of its camera wherever its kind has room for it."""
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    words = PngInfo()
    words.add_text("Comment", SECRET.decode())
    words.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    everywhere = {
        "JPEG": {"exif": exif, "comment": SECRET, "xmp": SECRET},
        "PNG": {"exif": exif, "pnginfo": words},
        "GIF": {"comment": SECRET},
        "WEBP": {"exif": exif, "xmp": SECRET},
    }
    return drawn(kind, mode, **everywhere[kind], **options) + SECRET


def frames(data):
    with Image.open(io.BytesIO(data)) as picture:
        return [
            (frame.convert("RGBA").tobytes(), frame.info.get("duration"))
            for frame in ImageSequence.Iterator(picture)
        ]


@pytest.mark.parametrize(
    "kind, mode, options",
    [
        ("JPEG", "RGB", {"quality": 40}),
        ("JPEG", "L", {}),
        ("JPEG", "RGB", {"progressive": True, "subsampling": 0}),
        ("JPEG", "RGB", {"restart_marker_blocks": 2}),
        ("JPEG", "CMYK", {}),
        ("PNG", "RGB", {}),
        ("PNG", "RGBA", {}),
        ("PNG", "LA", {}),
        ("PNG", "1", {}),
        ("PNG", "P", {}),
        ("PNG", "P", {"transparency": bytes(range(256))}),
        ("PNG", "RGB", {"transparency": (1, 2, 3)}),
        ("PNG", "I;16", {}),
        ("GIF", "P", {}),
        ("GIF", "P", {"transparency": 3}),
        ("GIF", "P", {"interlace": True}),
        ("WEBP", "RGB", {"quality": 30}),
        ("WEBP", "RGBA", {"lossless": True}),
        ("WEBP", "RGBA", {"quality": 30}),
    ],
)
def test_what_is_hidden_goes_and_every_pixel_stays(kind, mode, options):
    data = with_secrets(kind, mode, **options)
    stripped = strip_hidden_data(data, kind)
    assert SECRET in data and SECRET not in stripped
    with Image.open(io.BytesIO(stripped)) as picture:
        assert (picture.format, not picture.getexif(), "comment" in picture.info) == (kind, True, False)
    assert frames(stripped) == frames(data)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_a_picture_that_moves_keeps_its_frames_and_their_times(kind):
    more = [Image.effect_noise((48, 32), 90).convert("RGB") for _ in range(5)]
    options = {"save_all": True, "append_images": more, "duration": [100, 200, 300, 400, 500, 600], "loop": 0}
    data = with_secrets(kind, **options)
    stripped = strip_hidden_data(data, kind)
    assert SECRET not in stripped
    assert len(frames(stripped)) == 6
    assert frames(stripped) == frames(data)
    with Image.open(io.BytesIO(stripped)) as picture:
        assert picture.info["loop"] == 0


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_stripped_stays_as_it_is(kind):
    once = strip_hidden_data(with_secrets(kind, "P" if kind == "GIF" else "RGB"), kind)
    assert strip_hidden_data(once, kind) == once


def test_a_small_picture_within_a_jpeg_goes():
    data = drawn("JPEG")
    small = b"\xff\xe0" + struct.pack(">H", 16 + 27) + data[6:18] + b"\x03\x03" + SECRET + bytes(14)
    stripped = strip_hidden_data(data[:2] + small + data[20:], "JPEG")
    assert SECRET not in stripped
    assert frames(stripped) == frames(data)


def test_a_jpeg_that_lacks_its_end_gets_one():
    data = drawn("JPEG")
    assert strip_hidden_data(data[:-2], "JPEG") == data


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def test_how_bright_a_png_is_stays_unless_a_profile_said_it():
    data = drawn("PNG")
    gamma = chunk(b"gAMA", struct.pack(">I", 45455))
    bright = data[:33] + gamma + data[33:]
    assert strip_hidden_data(bright, "PNG") == bright
    profile = chunk(b"iCCP", b"p\0\0" + zlib.compress(b"profile"))
    assert strip_hidden_data(data[:33] + profile + gamma + data[33:], "PNG") == data


@cache
def same(kind):
    return with_secrets(kind, "P" if kind == "GIF" else "RGB")


@given(st.sampled_from(KINDS), st.data())
def test_whatever_is_broken_is_told_or_left(kind, data):
    whole = same(kind)
    place = data.draw(st.integers(0, len(whole) - 1))
    broken = (
        whole[:place] + data.draw(st.binary(max_size=6)) + whole[data.draw(st.integers(place, len(whole))) :]
    )
    with contextlib.suppress(PictureBroken):
        assert isinstance(strip_hidden_data(broken, kind), bytes)
