"""What a reader sees of a stored body: its blocks as texts with their numbers, and where its links lead."""

from html.parser import HTMLParser
from typing import NamedTuple

from releases.content.text.whole_numbers import read_whole_number

_BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6 pre blockquote div dl dt dd figcaption caption tr ul ol li".split())
Attributes = dict[str, str]


class Link(NamedTuple):
    words: str
    address: str


class RenderedText(NamedTuple):
    """`blocks` are paragraphs, headings, items of lists with their number or bullet, and rows of tables; none
    has a line break."""

    blocks: list[str]
    links: list[Link]


def read_rendered(body_html: str) -> RenderedText:
    """The blocks and links of a cleaned body, in their order. A video is a link without words."""
    reader = _Reader()
    reader.feed(body_html)
    reader.close()
    reader.end_block()
    return RenderedText(reader.blocks, reader.links)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.links: list[Link] = []
        self._words: list[str] = []
        self._mark = ""
        self._numbers: list[int | None] = []
        self._link = ("", 0)
        self._row = ""
        self._beginnings = {
            "a": self._begin_link,
            "br": self._break,
            "iframe": self._begin_video,
            "li": self._begin_item,
            "ol": self._begin_numbers,
            "td": self._begin_cell,
            "th": self._begin_cell,
            "tr": self._begin_row,
            "ul": self._begin_list,
        }

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._separate()
        if begin := self._beginnings.get(tag):
            begin({name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        elif tag == "tr":
            self._row = ""
        if tag in _BLOCKS:
            self._separate()
        if tag in ("ol", "ul") and self._numbers:
            self._numbers.pop()

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def _separate(self) -> None:
        """A row of a table is one block, whatever stands in its cells."""
        if self._row:
            self._words.append(" ")
        else:
            self.end_block()

    def _begin_row(self, given: Attributes) -> None:
        self._row = "first cell"

    def _begin_cell(self, given: Attributes) -> None:
        if self._row == "next cell":
            self._words.append(" | ")
        self._row = "next cell"

    def _begin_list(self, given: Attributes) -> None:
        self._numbers.append(None)

    def _begin_numbers(self, given: Attributes) -> None:
        self._numbers.append(
            read_whole_number(given.get("start", ""), 1) if given.get("type", "1") == "1" else None
        )

    def _begin_item(self, given: Attributes) -> None:
        number = self._numbers[-1] if self._numbers else None
        if number is not None:
            number = read_whole_number(given.get("value", ""), number)
            self._numbers[-1] = number + 1
        mark = "• " if number is None else f"{number}. "
        if self._row:
            self._words.append(mark)
        else:
            self._mark = mark

    def _begin_link(self, given: Attributes) -> None:
        self._link = (given.get("href", ""), len(self._words))

    def _end_link(self) -> None:
        address, place = self._link
        if address:
            self.links.append(Link(_join(self._words[place:]), address))
        self._link = ("", 0)

    def _begin_video(self, given: Attributes) -> None:
        self.links.append(Link("", given.get("src", "")))

    def _break(self, given: Attributes) -> None:
        self._words.append(" ")

    def end_block(self) -> None:
        """A number stays for the first words of its item."""
        if text := _join(self._words):
            self.blocks.append(self._mark + text)
            self._mark = ""
        self._words = []
        self._link = (self._link[0], 0)


def _join(words: list[str]) -> str:
    return " ".join("".join(words).split())
