"""The shipped stylesheet: every text at 7 to 1 or more, borders of controls and the focus ring at 3 to 1,
light and dark."""

import re
from itertools import product
from pathlib import Path

import pytest

SHEETS = Path(__file__).parent.parent / "releases" / "static" / "releases"
TOKENS, SHEET = (SHEETS / "tokens.css").read_text(), (SHEETS / "site.css").read_text()
TEXTS = ("text", "muted", "link", "link-hover", "visited")
GROUNDS = ("bg", "surface", "target")
HEAT = ("heat-1", "heat-2", "heat-3", "heat-4")
LINES = ("line-strong", "accent", "link")
DECORATION = {"line"}
ONE_COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6});")
TWO_COLOURS = re.compile(r"--([\w-]+): var\(--light, (#[0-9a-f]{3,6})\) var\(--dark, (#[0-9a-f]{3,6})\);")


def schemes():
    always = dict(ONE_COLOUR.findall(TOKENS))
    pairs = TWO_COLOURS.findall(TOKENS)
    light = {name: colour for name, colour, _ in pairs}
    dark = {name: colour for name, _, colour in pairs}
    return {"light": always | light, "dark": always | dark}


SCHEMES = schemes()


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def declared_pairs():
    """(text, background) that one rule sets together."""
    for rule in re.findall(r"\{([^{}]*)\}", SHEET):
        text = re.search(r"(?<!-)color: var\(--([\w-]+)\)", rule)
        ground = re.search(r"background: var\(--([\w-]+)\)", rule)
        if text and ground:
            yield text[1], ground[1]


PAIRS = sorted({*declared_pairs(), *product(TEXTS, GROUNDS), *product(["text"], HEAT)})


def test_the_measure_is_that_of_wcag():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out(scheme, text, ground):
    tokens = SCHEMES[scheme]
    assert contrast(tokens[text], tokens[ground]) >= 7


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["bg", "surface"])
def test_borders_bars_and_the_focus_ring_stand_out(scheme, ground):
    tokens = SCHEMES[scheme]
    assert min(contrast(tokens[line], tokens[ground]) for line in LINES) >= 3
    assert max(contrast(tokens[ring], tokens[ground]) for ring in ("ink", "focus")) >= 3
    assert contrast(tokens["ink"], tokens["focus"]) >= 3


def test_every_colour_is_a_token_that_is_measured():
    measured = {name for pair in PAIRS for name in pair} | {*LINES, "ink", "focus"}
    assert set(SCHEMES["light"]) - measured == DECORATION
    rules = re.sub(r"@media print.*", "", SHEET, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(|\bopacity\b", rules) == []
