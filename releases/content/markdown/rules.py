"""Which rules are tried at a place, and in which order: kramdown's, by the first sign of a line and by a sign in a line.

`BLOCK_RULES` are those of a line that may be indented, `FLUSH_RULES` of one that begins at its edge and so is no code.
"""

from releases.content.markdown import (
    blocks,
    html_blocks,
    inline,
    inline_html,
    links,
    lists,
    tables,
    typography,
)

_ALWAYS = (blocks.underlined, tables.table)
_OTHER_LINES = (blocks.indented_code, *_ALWAYS, blocks.paragraph)
_CONTROL = (blocks.blank, blocks.paragraph)
_FENCE = (blocks.indented_code, blocks.fenced_code, *_ALWAYS, blocks.paragraph)
_RULE_OR_LIST = (blocks.indented_code, blocks.rule, lists.bullets_or_numbers, *_ALWAYS, blocks.paragraph)
_LIST = (blocks.indented_code, lists.bullets_or_numbers, *_ALWAYS, blocks.paragraph)

BLOCK_RULES: dict[str, tuple[blocks.Rule, ...]] = {
    "\n": (blocks.blank, blocks.indented_code),
    "\t": (blocks.blank, blocks.indented_code, blocks.stray_line, blocks.paragraph),
    "\r": _CONTROL,
    "\f": _CONTROL,
    "\v": _CONTROL,
    "`": _FENCE,
    "~": _FENCE,
    ">": (blocks.indented_code, blocks.quotation),
    "#": (blocks.indented_code, blocks.heading, *_ALWAYS, blocks.paragraph),
    "*": _RULE_OR_LIST,
    "-": _RULE_OR_LIST,
    "_": (blocks.indented_code, blocks.rule, *_ALWAYS, blocks.paragraph),
    "+": _LIST,
    **dict.fromkeys("0123456789", _LIST),
    ":": (blocks.indented_code, lists.definitions, *_ALWAYS, blocks.paragraph),
    "<": (blocks.indented_code, html_blocks.html, *_ALWAYS, blocks.paragraph),
    "[": (blocks.indented_code, *_ALWAYS, blocks.note, blocks.reference, blocks.paragraph),
    "{": (blocks.indented_code, *_ALWAYS, blocks.hidden, blocks.attribute_line, blocks.paragraph),
    "^": (blocks.indented_code, *_ALWAYS, blocks.boundary, blocks.paragraph),
}
FLUSH_RULES = {
    first: tuple(rule for rule in rules if first == "\t" or rule is not blocks.indented_code)
    for first, rules in BLOCK_RULES.items()
}

_SIGNS: tuple[inline.Rule, ...] = (typography.quotes, typography.signs, inline.line_break)
INLINE_RULES = inline.Rules(
    {
        "*": (inline.emphasis, *_SIGNS),
        "_": (inline.emphasis, *_SIGNS),
        "`": (inline.code, *_SIGNS),
        "<": (inline.autolink, inline_html.tag, *_SIGNS),
        "[": (inline.note, links.link, *_SIGNS),
        "!": (links.link, *_SIGNS),
        "{": (typography.quotes, inline.span_attributes),
        "&": (typography.quotes, inline.entity),
        "\\": (*_SIGNS, inline.escaped),
        "~": (typography.quotes, inline.struck),
    },
    others=_SIGNS,
    next_sign=inline.next_sign,
)


def block_rules_at(text: str, position: int) -> tuple[blocks.Rule, ...]:
    """The rules that can hold for the line that begins at `position`, by its first character that is no space."""
    start = position
    while text[position] == " ":
        position += 1
    return (BLOCK_RULES if position > start else FLUSH_RULES).get(text[position], _OTHER_LINES)
