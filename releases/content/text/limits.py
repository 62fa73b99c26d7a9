"""What a text may have: its size, and the characters that belong into none."""

LARGEST_BODY = 300_000
"""Bytes of a body in UTF-8."""
LONGEST_TITLE = 500
"""Characters of a title."""

# Parts of a character class, as `[...]` of a regular expression.
CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f"
"""ASCII's control characters but for tabs and the ends of lines: they show nothing."""
LINE_CONTROLS = r"\x00-\x1f\x7f"
"""All of ASCII's control characters: a path, which is one line, has none."""
DIRECTIONS = r"\u202a-\u202e\u2066-\u2069"
"""Characters that turn the direction in which a line is read, so that it shows other words than it has."""
SURROGATES = r"\ud800-\udfff"
"""Halves of characters, which no UTF-8 can hold."""
