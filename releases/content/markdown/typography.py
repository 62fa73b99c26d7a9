"""Quotes, dashes, ellipses: the rules of SmartyPants in the order in which kramdown applies them.

A rule looks at the character before a quotation mark where that character is plain text, and at what follows.
White space and word characters are ASCII only, word boundaries are not.
"""

import re

from markdown_it.rules_inline import StateInline

_PUNCTUATION = r"""[!"#$%'()*+,\-./:;<=>?@\[\\\]^_`{|}~]"""
_WORD = r"[A-Za-z0-9_]"
_SPACE = r"[ \t\r\n\f\v]"
_OPENING = {"'": "‘", '"': "“"}
_CLOSING = {"'": "’", '"': "”"}

_RULES = [
    (re.compile(r"()([\"'])(?=[_*]{1,2}[^ \t\r\n\f\v])"), _OPENING),
    (re.compile(rf"()([\"'])(?={_PUNCTUATION}(?!\.\.)\B)"), _CLOSING),
    (re.compile(rf"({_SPACE}?)(\"')(?={_WORD})"), _OPENING),
    (re.compile(rf"({_SPACE}?)('\")(?={_WORD})"), _OPENING),
    (re.compile(rf"({_SPACE}?)(')(?=[0-9][0-9]s)"), _CLOSING),
    (re.compile(rf"({_SPACE})(['\"])(?={_WORD})"), _OPENING),
    (re.compile(r"([^ \\\t\r\n\[{(-])(['\"])"), _CLOSING),
    (re.compile(rf"()([\"'])(?={_SPACE}|s\b|$)", re.MULTILINE), _CLOSING),
    (re.compile(r"((?s:.)?)(['\"])"), _OPENING),
]
_SIGNS = {
    "---": "—",
    "--": "–",
    "...": "…",
    "\\<<": "<<",
    "\\>>": ">>",
    "<< ": "«\u00a0",
    " >>": "\u00a0»",
    "<<": "«",
    ">>": "»",
}
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)))


def read_quotes(state: StateInline) -> bool:
    """A quotation mark at the position or one behind it."""
    following = state.src[state.pos : state.pos + 2]
    if following[:1] not in "'\"" and (following[1:] not in ("'", '"') or following[0] == "\\"):
        return False
    for rule, marks in _RULES:
        if found := rule.match(state.src, state.pos):
            state.append_pending(found[1] + "".join([marks[mark] for mark in found[2]]))
            state.pos = found.end()
            return True
    return False


def read_signs(state: StateInline) -> bool:
    found = _SIGN.match(state.src, state.pos)
    if found:
        state.append_pending(_SIGNS[found[0]])
        state.pos = found.end()
    return bool(found)
