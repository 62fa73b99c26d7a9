"""Which rules are tried at a place, and in which order: kramdown's, by the first sign of a line and by a sign
in a line.

`BLOCK_RULES` are those of a line that may be indented, `FLUSH_RULES` of one that begins at its edge and so is
no code.
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

_ALWAYS = (blocks.read_underlined_heading, tables.read_table)
_OTHER_LINES = (blocks.read_indented_code, *_ALWAYS, blocks.read_paragraph)
_CONTROL = (blocks.read_blank, blocks.read_paragraph)
_FENCE = (blocks.read_indented_code, blocks.read_fenced_code, *_ALWAYS, blocks.read_paragraph)
_RULE_OR_LIST = (
    blocks.read_indented_code,
    blocks.read_rule,
    lists.read_list,
    *_ALWAYS,
    blocks.read_paragraph,
)
_LIST = (blocks.read_indented_code, lists.read_list, *_ALWAYS, blocks.read_paragraph)

BLOCK_RULES: dict[str, tuple[blocks.Rule, ...]] = {
    "\n": (blocks.read_blank, blocks.read_indented_code),
    "\t": (blocks.read_blank, blocks.read_indented_code, blocks.read_stray_line, blocks.read_paragraph),
    "\r": _CONTROL,
    "\f": _CONTROL,
    "\v": _CONTROL,
    "`": _FENCE,
    "~": _FENCE,
    ">": (blocks.read_indented_code, blocks.read_quotation),
    "#": (blocks.read_indented_code, blocks.read_heading, *_ALWAYS, blocks.read_paragraph),
    "*": _RULE_OR_LIST,
    "-": _RULE_OR_LIST,
    "_": (blocks.read_indented_code, blocks.read_rule, *_ALWAYS, blocks.read_paragraph),
    "+": _LIST,
    **dict.fromkeys("0123456789", _LIST),
    ":": (blocks.read_indented_code, lists.read_definitions, *_ALWAYS, blocks.read_paragraph),
    "<": (blocks.read_indented_code, html_blocks.read_html, *_ALWAYS, blocks.read_paragraph),
    "[": (
        blocks.read_indented_code,
        *_ALWAYS,
        blocks.read_note,
        blocks.read_reference,
        blocks.read_paragraph,
    ),
    "{": (
        blocks.read_indented_code,
        *_ALWAYS,
        blocks.read_hidden,
        blocks.read_attribute_line,
        blocks.read_paragraph,
    ),
    "^": (blocks.read_indented_code, *_ALWAYS, blocks.read_boundary, blocks.read_paragraph),
}
FLUSH_RULES = {
    first: tuple(rule for rule in rules if first == "\t" or rule is not blocks.read_indented_code)
    for first, rules in BLOCK_RULES.items()
}

_SIGNS: tuple[inline.Rule, ...] = (typography.read_quotes, typography.read_signs, inline.read_line_break)
INLINE_RULES = inline.Rules(
    {
        "*": (inline.read_emphasis, *_SIGNS),
        "_": (inline.read_emphasis, *_SIGNS),
        "`": (inline.read_code, *_SIGNS),
        "<": (inline.read_autolink, inline_html.read_tag, *_SIGNS),
        "[": (inline.read_note, links.read_link, *_SIGNS),
        "!": (links.read_link, *_SIGNS),
        "{": (typography.read_quotes, inline.read_attributes),
        "&": (typography.read_quotes, inline.read_entity),
        "\\": (*_SIGNS, inline.read_escape),
        "~": (typography.read_quotes, inline.read_struck),
    },
    others=_SIGNS,
    next_sign=inline.find_sign,
)


def find_block_rules(text: str, position: int) -> tuple[blocks.Rule, ...]:
    """The rules that can hold for the line that begins at `position`, by its first character that is no
    space."""
    start = position
    while text[position] == " ":
        position += 1
    return (BLOCK_RULES if position > start else FLUSH_RULES).get(text[position], _OTHER_LINES)
