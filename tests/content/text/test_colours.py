import re
from pathlib import Path

import pytest

from releases.content.text.colours import (
    DARK,
    LEAST,
    LIGHT,
    ColourRefused,
    contrast,
    find_shades,
    read_colour,
)

TOKENS = (Path(__file__).parents[3] / "releases/static/releases/tokens.css").read_text()


def test_what_texts_lie_on_is_what_the_tokens_say():
    found = dict(re.findall(r"--(\w+): var\(--light, (#\w+)\)", TOKENS))
    dark = dict(re.findall(r"--(\w+): var\(--light, #\w+\) var\(--dark, (#\w+)\)", TOKENS))
    names = ("bg", "surface", "target")
    assert ("#ffffff", *(found[name] for name in names[1:])) == LIGHT and found["bg"] == "#fff"
    assert tuple(dark[name] for name in names) == DARK


def test_black_and_white_are_twenty_one_to_one():
    assert contrast("#000000", "#ffffff") == 21 and contrast("#123456", "#123456") == 1


@pytest.mark.parametrize("colour", ["#0a4a8f", "#8a1538", "#000000", "#00441b", "#3b0070"])
def test_a_colour_that_can_be_read_can_be_on_dark_pages_too(colour):
    shades = find_shades(colour)
    assert shades.light == colour
    for light in (shades.light, shades.light_hover):
        assert min(contrast(light, ground) for ground in LIGHT) >= LEAST
    for dark in (shades.dark, shades.dark_hover):
        assert min(contrast(dark, ground) for ground in DARK) >= LEAST


@pytest.mark.parametrize("colour", ["#ff0000", "#ffffff", "#00a0e0", "#777777"])
def test_one_that_cannot_is_refused_with_the_nearest_that_can(colour):
    with pytest.raises(ColourRefused, match="is needed") as refused:
        find_shades(colour)
    nearest = re.findall("#[0-9a-f]{6}", str(refused.value))[-1]
    assert find_shades(nearest).light == nearest


@pytest.mark.parametrize("typed", ["red", "#fff", "#12345g", "url(x)", ""])
def test_what_is_no_colour_is_refused(typed):
    with pytest.raises(ColourRefused, match="six digits"):
        read_colour(typed)
    assert read_colour(" 0A4A8F ") == "#0a4a8f"
