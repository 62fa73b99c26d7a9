"""The first mention of a known name in a body leads to its page."""

import html as entities
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^<>]*>")
_CLOSED = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "a", "code", "pre", "abbr", "summary"))


@dataclass(frozen=True, slots=True)
class Name:
    """`text` as it stands in bodies leads to `href`; `full` is what it stands for, "" when it says so
    itself."""

    text: str
    href: str
    full: str = ""


def link_names(html: str, names: Sequence[Name]) -> str:
    """Cleaned HTML with the first mention of each page linked, never inside headings, links or code."""
    if not names:
        return html
    known, pattern = _index(tuple(names))
    parts = []
    done: set[str] = set()
    closed = position = 0

    def link(found: re.Match[str]) -> str:
        name = known[found[0]]
        if name.href in done:
            return found[0]
        done.add(name.href)
        return _link(found[0], name)

    for tag in _TAG.finditer(html):
        text = html[position : tag.start()]
        parts += [text if closed else pattern.sub(link, text), tag[0]]
        position = tag.end()
        if tag[2] in _CLOSED:
            closed += -1 if tag[1] else 1
    return "".join([*parts, pattern.sub(link, html[position:])])


@lru_cache(maxsize=8)
def _index(names: tuple[Name, ...]) -> tuple[dict[str, Name], re.Pattern[str]]:
    """Names by how HTML writes them, and what finds any of them."""
    known = {entities.escape(name.text, quote=False): name for name in names}
    longest_first = sorted(known, key=len, reverse=True)
    return known, re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")


def _link(text: str, name: Name) -> str:
    full = f'<span class="vh"> ({entities.escape(name.full, quote=False)})</span>' if name.full else ""
    return f'<a class="agreement" href="{entities.escape(name.href)}">{text}{full}</a>'
