"""Colours that can be read: an office's own, as it is on light pages and on dark ones."""

import re
from typing import NamedTuple

LEAST = 7.0
"""Contrast of text to what lies behind it, as WCAG 2.2 asks at level AAA."""
LIGHT = ("#ffffff", "#f4f6f8", "#fff4c2")
DARK = ("#10181f", "#1a252e", "#2d280c")
"""What texts and links lie on: `--bg`, `--surface` and `--target` of tokens.css."""
BLACK, WHITE = "#000000", "#ffffff"
_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")
STEPS = 100


class ColourRefused(ValueError):
    """A colour that can't be read on light pages; the message says so, and which one near it can."""


class Shades(NamedTuple):
    """A colour on light and on dark pages, and as it is under the pointer."""

    light: str
    dark: str
    light_hover: str
    dark_hover: str


def read_colour(typed: str) -> str:
    """#1a2b3c, in small letters. Raises ColourRefused."""
    found = _COLOUR.fullmatch(typed.strip())
    if found is None:
        raise ColourRefused("A colour is # and six digits or letters from a to f, such as #0a4a8f.")
    return f"#{found[1].lower()}"


def find_shades(colour: str) -> Shades:
    """Of a colour that `read_colour` gave. Raises ColourRefused."""
    nearest = _move_until_read(colour, BLACK, LIGHT)
    if nearest != colour:
        seen = min(contrast(colour, ground) for ground in LIGHT)
        raise ColourRefused(
            f"{colour} is too light to be read on a white page: its contrast is {seen:.1f} to 1, and {LEAST:.0f} to 1 is"
            f" needed. The nearest that can be read is {nearest}."
        )
    dark = _move_until_read(colour, WHITE, DARK)
    return Shades(colour, dark, _mix(colour, BLACK, 0.35), _mix(dark, WHITE, 0.5))


def contrast(one: str, other: str) -> float:
    """As WCAG defines it: 1 for the same colour, 21 for black and white."""
    lights = sorted((_luminance(one), _luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _move_until_read(colour: str, towards: str, grounds: tuple[str, ...]) -> str:
    mixed = (_mix(colour, towards, step / STEPS) for step in range(STEPS + 1))
    return next(one for one in mixed if all(contrast(one, ground) >= LEAST for ground in grounds))


def _mix(colour: str, other: str, share: float) -> str:
    """With so much of `other`."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
