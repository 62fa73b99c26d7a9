"""What a page adds to a stored body: addresses of paragraphs, headings one level below its own, quiet
videos."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType

from releases.content.markdown.agreement_links import Name, link_names
from releases.content.markdown.bold_headings import promote_headings
from releases.content.markdown.page_parts import (
    box_tables,
    drop_empty,
    name_notes,
    name_pictures,
    tell_absent,
)
from releases.content.markdown.page_words import ENGLISH, PageWords
from releases.content.markdown.pictures import Picture, caption_pictures, show_pictures

TAG = re.compile(r"<(?P<end>/)?(?P<name>[a-z][a-z0-9]*)(?P<attributes>[^<>]*)>")
_VOID = frozenset(("br", "hr", "img", "col"))
_ID = re.compile(r'\sid="([^"]*)"')
_START = re.compile(r'\sstart="(-?\d{1,9})"')
_VALUE = re.compile(r'\svalue="(-?\d{1,9})"')
_KIND = re.compile(r'\stype="(?!1")')
_TYPED = re.compile(r"\s*(?:<(?:strong|b)>)?(\d{1,3})\.(?=[\s\u00a0]|&nbsp;)")
_PARAGRAPH_NEXT = re.compile(r"\s*<p[\s>]")
_VIDEO = re.compile(r"<iframe([^<>]*)></iframe>")
_SOURCE = re.compile(r'\ssrc="https://www\.youtube-nocookie\.com/embed/([\w-]+)"')
_TITLE = re.compile(r'\stitle="([^"]+)"')
_ADDRESS = re.compile(r'(<(?:a|img)\b[^<>]*?\s)(href|src)="([/#][^"]*)"')
_HEADING = re.compile(r"<(/?)h([1-6])\b")


def decorate(
    html: str,
    *,
    heading_level: int = 2,
    names: Sequence[Name] = (),
    words: PageWords = ENGLISH,
    absent: Collection[str] = (),
    pictures: Mapping[str, Picture] = MappingProxyType({}),
) -> str:
    """A cleaned body for a page whose own headings end above `heading_level`; `html` must come from `clean`.

    Numbered paragraphs get the address of their number (`#p3`; `#s2-p3` where a number comes again), others
    count from `#g1`. Bold lines that stand for headings are headings. The first mention of one of `names`
    leads to its page. A video is a link that asks nobody until it is followed; a wide table scrolls in a box
    of its own; a link to a file whose path is `absent` says so; `pictures`, by their paths, come in the size
    that a screen needs. `words` are in the language of the body.
    """
    html = _VIDEO.sub(
        lambda found: _video_link(found, words), _with_each_id_once(name_pictures(drop_empty(html), words))
    )
    html = promote_headings(_Paragraphs(tell_absent(html, absent, words), words.paragraph).numbered())
    html = _shifted(link_names(html, names), heading_level)
    html = show_pictures(caption_pictures(html), pictures)
    return name_notes(box_tables(html, words), words)


def make_portable(html: str, page: str, absolute: Callable[[str], str]) -> str:
    """A cleaned body for a reader elsewhere: its addresses are whole, by `absolute` and those in it by its
    `page`, and a video is a link."""

    def whole(found: re.Match[str]) -> str:
        address: str = found[3]
        if address.startswith("//"):  # of another site, and maybe of none
            return f'{found[1]}{found[2]}="https:{address}"'
        return f'{found[1]}{found[2]}="{page + address if address.startswith("#") else absolute(address)}"'

    return _ADDRESS.sub(whole, _VIDEO.sub(lambda found: _video_link(found, ENGLISH), html))


def _with_each_id_once(html: str) -> str:
    """An old page may give an address to several elements; the first keeps it."""
    if len(found := _ID.findall(html)) == len(seen := set(found)):
        return html

    def once(tag: re.Match[str]) -> str:
        named = _ID.search(tag["attributes"])
        if named is None or named[1] in seen:
            seen.discard(named[1] if named else "")
            return tag[0]
        return tag[0].replace(named[0], "", 1)

    return TAG.sub(once, html)


def _video_link(found: re.Match[str], words: PageWords) -> str:
    source = _SOURCE.search(found[1])
    if source is None:
        return ""
    title = _TITLE.search(found[1])
    told = title[1] if title and title[1].lower() != "youtube video player" else words.video
    return (
        f'<p class="video"><a href="https://www.youtube.com/watch?v={source[1]}" rel="noopener noreferrer">'
        f"{told} (YouTube)</a></p>"
    )


def _shifted(html: str, top: int) -> str:
    """Headings in their order, so that none skips a level and the first stands at `top`."""
    above: list[int] = []

    def level(found: re.Match[str]) -> str:
        typed = int(found[2])
        if not found[1]:
            while above and above[-1] >= typed:
                above.pop()
            above.append(typed)
        return f"<{found[1]}h{min(top + len(above) - 1, 6)}"

    return _HEADING.sub(level, html)


class _Paragraphs:
    """Gives addresses to the paragraphs of the top level: items of decimal lists, and plain paragraphs."""

    def __init__(self, html: str, word: str) -> None:
        self.html = html
        self.word = word
        self.taken = set(_ID.findall(html))
        self.seen: Counter[int] = Counter()
        self.open: list[str] = []
        self.number = 0
        self.plain = 0
        self.waiting = ""
        self.numbers_only = bool(re.search(r"<ol|<p>\s*\d{1,3}\.(?:[\s\u00a0]|&nbsp;)", html))

    def numbered(self) -> str:
        return TAG.sub(self._tag, self.html)

    def _tag(self, found: re.Match[str]) -> str:
        name, given = found["name"], found["attributes"]
        if found["end"]:
            if self.open:
                self.open.pop()
            return found[0]
        outer = tuple(self.open)
        has_letters = name == "ol" and bool(_KIND.search(given))
        if name not in _VOID:
            self.open.append("ol of letters" if has_letters else name)
        if name == "ol" and not outer and not has_letters:
            return self._list(found[0], given)
        if name == "li" and outer == ("ol",):
            return self._item(given, found.end())
        return self._paragraph(found, outer) if name == "p" else found[0]

    def _list(self, tag: str, given: str) -> str:
        start = _START.search(given)
        self.number = int(start[1]) - 1 if start else 0
        if "reversed" in given:
            self.open[-1] = "ol of letters"
            return tag
        if ' class="' in given:
            return tag.replace(' class="', ' role="list" class="paras ', 1)
        return tag.replace("<ol", '<ol class="paras" role="list"', 1)

    def _item(self, given: str, end: int) -> str:
        value = _VALUE.search(given)
        self.number = int(value[1]) if value else self.number + 1
        named = _ID.search(given)
        address = named[1] if named else self._address(self.number)
        own = "" if named else f' id="{address}"'
        anchor = f'<a class="pn" href="#{address}"><span class="vh">{self.word} </span>{self.number}</a>'
        if _PARAGRAPH_NEXT.match(self.html, end):
            self.waiting = anchor
            return f"<li{own}{given}>"
        return f"<li{own}{given}>{anchor} "

    def _paragraph(self, found: re.Match[str], outer: tuple[str, ...]) -> str:
        given = found["attributes"]
        if self.waiting:
            anchor, self.waiting = self.waiting, ""
            return f"{found[0]}{anchor} "
        if outer or _ID.search(given):
            return found[0]
        if typed := _TYPED.match(self.html, found.end()):
            return f'<p id="{self._address(int(typed[1]))}"{given}>'
        if self.numbers_only:
            return f"<p{given}>"
        self.plain += 1
        return f'<p id="{self._free(f"g{self.plain}")}"{given}>'

    def _address(self, number: int) -> str:
        self.seen[number] += 1
        again = self.seen[number]
        return self._free(f"p{number}" if again == 1 else f"s{again}-p{number}")

    def _free(self, name: str) -> str:
        while name in self.taken:
            name = f"{name}-x"
        self.taken.add(name)
        return name
