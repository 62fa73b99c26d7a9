"""The language of words in another script, so that a screen reader says them right: Chinese in an English
text."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

BEGINNING_CHARS = 2_000
"""Characters in which a text in another script has some of it, though it begin with an English byline."""

_SCRIPTS = (
    ("ja", r"[\u4e00-\u9fff]*[\u3040-\u30ff][\u3040-\u30ff\u3400-\u9fff]*"),
    ("zh-Hans", r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+"),
    ("ko", r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]+"),
    ("ta", r"[\u0b80-\u0bff]+(?:[\u200c\u200d]+[\u0b80-\u0bff]+)*"),
    ("hi", r"[\u0900-\u097f]+"),
    ("th", r"[\u0e00-\u0e7f]+"),
    ("ar", r"[\u0600-\u06ff]+"),
)
_BETWEEN = r"[\s\d\u00b7\u2014\u2018-\u201d\u2026\u3001-\u3011\uff01-\uff1f,.:;!?()-]*"
_RUN = re.compile(
    "|".join(f"(?P<{code.partition('-')[0]}>{run}(?:{_BETWEEN}{run})*)" for code, run in _SCRIPTS)
)
_LATIN_LETTERS = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_LATIN_BETWEEN = r"(?:[\s\d,.:;!?()/'\u2018-\u201d\"%+@_\u2013\u2014-]|&[a-z]{2,6};|&(?![a-z]{2,6};))"
_LATIN_RUN = rf"(?P<en>(?<![&{_LATIN_LETTERS}])[{_LATIN_LETTERS}]+(?:{_LATIN_BETWEEN}+[{_LATIN_LETTERS}]+)*)"
_RUN_OR_LATIN = re.compile(f"{_RUN.pattern}|{_LATIN_RUN}")
# A name of letters, such as AI or SMU, is said in any language.
_LATIN_WORDS = re.compile(
    f"[a-z\u00df-\u00ff]{{3}}|[{_LATIN_LETTERS}]{{2,}}[^{_LATIN_LETTERS}]+[{_LATIN_LETTERS}]{{2,}}"
)
_CODES = {code.partition("-")[0]: code for code, _ in _SCRIPTS} | {"en": "en"}
_NOT_LATIN = frozenset(_CODES) - {"en"}
_ANY = re.compile(
    "[\u0600-\u06ff\u0900-\u097f\u0b80-\u0bff\u0e00-\u0e7f\u1100-\u11ff\u3040-\uffdc\U00020000-\U0003134f]"
)
_TEXT = re.compile(r"(?s)(<[^<>]*>)")
_MARKUP = re.compile(r"<[^<>]*>|\]\([^()]*\)")


class Run(NamedTuple):
    """A piece of a text in one script; `language` is "" where it is the text's own."""

    text: str
    language: str


def has_other_script(text: str, own: str = "") -> bool:
    """Some of a text is not in the script of the language `own`, so it may have to be split."""
    if _primary(own) in _NOT_LATIN:
        return _LATIN_WORDS.search(text) is not None or _ANY.search(text) is not None
    return not text.isascii() and _ANY.search(text) is not None


def split_scripts(text: str, own: str = "") -> Iterator[Run]:
    """The pieces of a text in the language `own`, in their order; together they are the text."""
    position, own = 0, _primary(own)
    for found in (_RUN_OR_LATIN if own in _NOT_LATIN else _RUN).finditer(text):
        language = _CODES[str(found.lastgroup)]
        if found.lastgroup == own or (language == "en" and not _LATIN_WORDS.search(found[0])):
            continue
        if found.start() > position:
            yield Run(text[position : found.start()], "")
        yield Run(found[0], language)
        position = found.end()
    if position < len(text):
        yield Run(text[position:], "")


def _primary(language: str) -> str:
    return language.lower().partition("-")[0]


def detect_language(text: str) -> str:
    """The language in whose script more than half of the letters of a Markdown text are; "" where that tells
    none."""
    if not _ANY.search(text, 0, BEGINNING_CHARS):
        return ""
    text = _MARKUP.sub(" ", text)
    letters: Counter[str] = Counter()
    for piece, language in split_scripts(text):
        letters[language] += sum(map(str.isalpha, piece))
    language, most = letters.most_common(1)[0]
    return language if 2 * most > letters.total() else ""


def mark_scripts(html: str, own: str = "") -> str:
    """Cleaned HTML with a `<span lang>` around every run in another script."""
    if not has_other_script(html, own):
        return html
    parts = _TEXT.split(html)
    parts[::2] = [
        "".join(
            f'<span lang="{language}">{piece}</span>' if language else piece
            for piece, language in split_scripts(text, own)
        )
        for text in parts[::2]
    ]
    return "".join(parts)
