"""Parts of a body that a page names for those who do not see it: tables, the links of notes, absent files."""

import html as entities
import re
from collections import Counter
from collections.abc import Collection
from urllib.parse import unquote

from releases.content.markdown.page_words import PageWords

LONGEST_NAME = 100
_PLACES = re.compile(
    r"(?P<begin><table\b[^<>]*>)|(?P<end></table>)|<h[1-6]\b[^<>]*>(?P<heading>.*?)</h[1-6]>", re.DOTALL
)
_CAPTION = re.compile(r"\s*<caption[^<>]*>(.*?)</caption>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_NOTE = re.compile(r'(<sup\b[^<>]*?)\s+role="doc-noteref"([^<>]*>\s*<a)\b')
_BACK = re.compile(
    r'<a (?P<given>[^<>]*\bhref="#(?:text-)?fnref:(?P<name>[^":<>]+)(?::(?P<again>\d+))?"[^<>]*)>'
)
_PICTURE = re.compile(r'<img\b[^<>]*\ssrc="(/[^"]+)"')
_FILE_LINK = re.compile(
    r'<a\b[^<>]*\shref="(?P<path>/[^"?#]*\.[A-Za-z0-9]{2,4})(?:[?#][^"]*)?"[^<>]*>(?P<words>.*?)</a>',
    re.DOTALL,
)
_BLANK = r"(?:\s|&nbsp;|</?(?:p|br|strong|b|em|i|u|span)\b[^<>]*>)*"
_EMPTY_LINK = re.compile(rf"<a\b[^<>]*\shref=[^<>]*>({_BLANK})</a>")
_EMPTY_HEADER = re.compile(rf"<th\b([^<>]*)>({_BLANK})</th>")
_UNDESCRIBED = re.compile(r"<img\b(?![^<>]*\salt=)([^<>]*)>")
_SCOPE = re.compile(r'\sscope="[^"]*"')


def drop_empty(html: str) -> str:
    """Without links of no words, which nobody can see or hear; a header cell of no words is a plain one."""
    html = _EMPTY_LINK.sub(r"\1", html)
    return _EMPTY_HEADER.sub(lambda found: f"<td{_SCOPE.sub('', found[1])}>{found[2]}</td>", html)


def name_pictures(html: str, words: PageWords) -> str:
    """Pictures of which nobody said whether they need a description say that they have none, not their file."""
    return _UNDESCRIBED.sub(rf'<img alt="{entities.escape(words.picture)}"\1>', html)


def box_tables(html: str, words: PageWords) -> str:
    """Each table of the top level in a box that scrolls, which has a name of its own: its caption's, that of
    the heading above it, or a number."""
    depth, heading = 0, ""
    names = _Names(words, html.count("<table"))

    def box(found: re.Match[str]) -> str:
        nonlocal depth, heading
        if found["heading"] is not None:
            heading = found["heading"]
            return found[0]
        depth += 1 if found["begin"] else -1
        if found["begin"]:
            caption = _CAPTION.match(html, found.end())
            return names.open_box(caption[1] if caption else heading) + found[0] if depth == 1 else found[0]
        return f"{found[0]}</div>" if depth == 0 else found[0]

    return _PLACES.sub(box, html)


class _Names:
    """Names of the boxes of a page, none of which comes twice."""

    def __init__(self, words: PageWords, tables: int) -> None:
        self.words, self.tables = words, tables
        self.given: Counter[str] = Counter()

    def open_box(self, title: str) -> str:
        title = " ".join(entities.unescape(_TAG.sub("", title)).split())
        name = f"{self.words.table}: {title[:LONGEST_NAME].rstrip()}" if title else self.words.table
        self.given[name] += 1
        if self.given[name] > 1 or (not title and self.tables > 1):
            name = f"{name} {self.given[name]}" if not title else f"{name} ({self.given[name]})"
        return f'<div class="tbl" role="region" tabindex="0" aria-label="{entities.escape(name)}">'


def name_notes(html: str, words: PageWords) -> str:
    """A note's number is the link that refers to it, and the link back says where it leads."""
    if "doc-" not in html:
        return html
    numbers: dict[str, int] = {}

    def name(found: re.Match[str]) -> str:
        number = numbers.setdefault(found["name"], len(numbers) + 1)
        again = f" ({int(found['again']) + 1})" if found["again"] else ""
        return f'<a aria-label="{entities.escape(words.back.format(number))}{again}" {found["given"]}>'

    html = html.replace(' role="doc-endnote"', "")  # an item of the list of notes says enough
    return _BACK.sub(name, _NOTE.sub(r'\1\2 role="doc-noteref"', html))


def find_first_picture(html: str) -> str:
    """The path of the first picture of a cleaned body, as it stands in its attribute; "" for none."""
    found = _PICTURE.search(html)
    return found[1] if found else ""


def list_file_links(html: str) -> list[str]:
    """The paths (decoded) of this site's files that a body links to."""
    return [unquote(entities.unescape(found["path"])) for found in _FILE_LINK.finditer(html)]


def tell_absent(html: str, absent: Collection[str], words: PageWords) -> str:
    """Links to the files at the paths `absent` (decoded) are words that say so."""
    if not absent:
        return html

    def tell(found: re.Match[str]) -> str:
        if unquote(entities.unescape(found["path"])) not in absent:
            return found[0]
        return f'{found["words"]} <span class="by">({words.absent})</span>'

    return _FILE_LINK.sub(tell, html)
