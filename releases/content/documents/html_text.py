"""HTML of a clipboard (Word, Google Docs, WPS, a web page) and of a Word file as lines of a document."""

import base64
import binascii
import itertools
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

import nh3
from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PageElement

from releases.content.documents import numerals
from releases.content.documents.document import DocumentRefused, FoundPicture, ReadDocument
from releases.content.documents.inline_markdown import write_inline
from releases.content.documents.lines import BREAK, Line, find_marker, name_marker
from releases.content.documents.notes import take_notes
from releases.content.documents.plain_text import has_heading, write_table
from releases.content.markdown.escaping import escape_words

DEEPEST = 60
MOST_PIECES = 10_000
"""Elements and words side by side in one element."""
MOST_COLUMNS = 100
LONGEST_HEADING = 100
TAB = "\u2003"
"""Stands for a tab, which is no more than a space in HTML."""
_INLINE = frozenset(
    "a b strong i em u s del strike sub sup span br img code font small mark abbr cite".split()
)
_BLOCKS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 ul ol li table thead tbody tfoot tr td th caption blockquote pre section article main"
    " header footer aside nav dl dt dd figure figcaption address hr body center".split()
)
_STYLES = {"font-weight", "font-style", "list-style-type", "mso-list", "vertical-align", "display"}
_ATTRIBUTES = {
    "*": {"id", "style", "class"},
    "a": {"href", "name"},
    "img": {"src", "alt"},
    "ol": {"start", "type"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_DROPPED = {
    "script",
    "style",
    "head",
    "title",
    "template",
    "noscript",
    "svg",
    "math",
    "object",
    "iframe",
    "select",
    "button",
}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BOLD = re.compile(r"font-weight:\s*(?:bold|[6-9]00)")
_NOT_BOLD = re.compile(r"font-weight:\s*(?:normal|[1-5]00)")
_ITALIC = re.compile(r"font-style:\s*italic")
_LEVEL = re.compile(r"mso-list:[^;]*level(\d)")
_KIND = re.compile(r"list-style-type:\s*([\w-]+)")
_PLACED = re.compile(r"([\ue000-\ue008])")
_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_DATA = re.compile(r"data:(image/[\w.+-]+)(;base64)?,(.*)", re.DOTALL)


def read_html(html: str, pictures: list[FoundPicture] | None = None) -> ReadDocument:
    """Paragraphs with the markers that are typed or that their lists give them, headings, tables, notes.

    `pictures` are those that the HTML shows at `picture:N`; those inside a `data:` address join them. What lies
    elsewhere is not fetched. Raises DocumentRefused.
    """
    reading = ReadDocument([], pictures=list(pictures or []))
    soup = BeautifulSoup(_clean(html), "html.parser")
    tags = soup.find_all(True)
    # By no more of its parents than there may be: a page can nest tens of thousands.
    if any(next(itertools.islice(tag.parents, DEEPEST, None), None) for tag in tags):
        raise DocumentRefused(f"The text is nested more than {DEEPEST} deep. Paste it as plain text instead.")
    if any(len(tag.contents) > MOST_PIECES for tag in tags):
        raise DocumentRefused(f"A part has more than {MOST_PIECES:,} pieces. Paste it as plain text instead.")
    reading.html = nh3.clean(
        _PLACED.sub("", html), tags=nh3.ALLOWED_TAGS - {"img", "a"}, clean_content_tags=_DROPPED
    )
    _take_pictures(soup, reading)
    _normalise(soup)
    soup.smooth()
    notes = take_notes(soup)
    reading.lines = list(_read_children(soup, 0))
    for name, note in notes:
        paragraphs = [one for one in _read_children(note, 0) if one.markdown]
        text = " ".join(one.text for one in paragraphs)
        words = "\n\n    ".join(" ".join(filter(None, [one.marker, one.markdown])) for one in paragraphs)
        reading.lines.append(Line(text, f"[^{name}]: {words}", "note"))
    return reading


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_INLINE | _BLOCKS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel", "data", "picture"},
        filter_style_properties=_STYLES,
        link_rel=None,
    )


def _take_pictures(soup: BeautifulSoup, reading: ReadDocument) -> None:
    known = {f"picture:{number}" for number in range(len(reading.pictures))}
    for image in soup.find_all("img"):
        source, alt = str(image.get("src", "")), _SPACE.sub(" ", str(image.get("alt", ""))).strip()
        image["alt"] = alt
        if source in known:
            continue
        if found := _read_data(source):
            image["src"] = f"picture:{len(reading.pictures)}"
            reading.pictures.append(FoundPicture(*found, alt))
            continue
        where = f" from {source[:200]}" if source.startswith("http") else ""
        reading.left_out.append(f"Picture: {alt}" if alt else f"Picture{where}")
        image.decompose()


def _read_data(source: str) -> tuple[bytes, str] | None:
    found = _DATA.match(source)
    if found is None:
        return None
    try:
        data = base64.b64decode(found[3]) if found[2] else unquote_to_bytes(found[3])
    except (binascii.Error, ValueError):
        return None
    return data, found[1]


def _normalise(soup: BeautifulSoup) -> None:
    """Bold and italic as `strong` and `em`, however they were said, and runs that touch as one."""
    for tag in soup.find_all(["b", "strong", "i", "em", "span", "font"]):
        _name_emphasis(tag)
    for tag in soup.find_all(["strong", "em"]):
        if any(parent.name == tag.name for parent in tag.parents):
            tag.unwrap()
    for tag in soup.find_all(["strong", "em"]):
        following = tag.next_sibling
        while isinstance(following, Tag) and following.name == tag.name:
            tag.extend(list(following.contents))
            following.decompose()
            following = tag.next_sibling


def _name_emphasis(tag: Tag) -> None:
    """An element as what it does to its words; one that does nothing, or holds blocks, goes."""
    style = str(tag.get("style", ""))
    is_bold = tag.name in ("b", "strong") and not _NOT_BOLD.search(style)
    is_italic = tag.name in ("i", "em") and "font-style" not in style
    holds = {"strong": is_bold or _BOLD.search(style), "em": is_italic or _ITALIC.search(style)}
    wanted = [name for name, does in holds.items() if does]
    if not wanted or any(map(_holds_block, tag.children)):
        tag.unwrap()
        return
    tag.name = wanted[0]
    if len(wanted) > 1:
        inner = Tag(name="em")
        inner.extend(list(tag.contents))
        tag.append(inner)


def _holds_block(element: PageElement) -> bool:
    """Whether it is a block or has one inside."""
    return isinstance(element, Tag) and (element.name in _BLOCKS or element.find(_BLOCKS) is not None)


def _read_children(parent: Tag, depth: int) -> Iterator[Line]:
    """The lines of what stands in an element; what is in no block of its own makes paragraphs."""
    loose: list[PageElement] = []
    for child in list(parent.children):
        if not _holds_block(child):
            loose.append(child)
            continue
        yield from _read_loose(loose)
        loose = []
        yield from _read_block(child, depth)  # type: ignore[arg-type]  # what holds a block is a tag
    yield from _read_loose(loose)


def _read_loose(elements: list[PageElement]) -> Iterator[Line]:
    if not elements:
        return
    holder = Tag(name="p")
    for element in elements:
        holder.append(element.extract())
    yield from _read_paragraph(holder)


def _read_block(tag: Tag, depth: int) -> Iterator[Line]:
    if tag.name in ("ul", "ol"):
        yield from _read_list(tag, depth)
    elif tag.name == "table":
        yield from _read_table(tag, depth)
    elif tag.name in ("h1", "h2", "h3", "h4", "h5", "h6") and not any(map(_holds_block, tag.children)):
        yield from _read_heading(tag)
    elif any(map(_holds_block, tag.children)):
        yield from _read_children(tag, depth)
    elif tag.name == "blockquote":
        yield from (Line(one.text, one.markdown, "quote") for one in _read_paragraph(tag))
    elif tag.name == "pre":
        for line in tag.get_text().split("\n"):
            yield from _read_paragraph(BeautifulSoup(f"<p>{nh3.clean_text(line)}</p>", "html.parser"))
    else:
        yield from _read_paragraph(tag)


def _read_heading(tag: Tag) -> Iterator[Line]:
    text, level = _text_of(tag), int(tag.name[1])
    for strong in tag.find_all("strong"):
        strong.unwrap()
    markdown = write_inline(tag).replace(BREAK, " ").rstrip("#").strip()
    if text:
        yield Line(text, markdown, "heading", level=level)


def _read_paragraph(tag: Tag) -> Iterator[Line]:
    """A line; several where it breaks, unless it is a point of a list."""
    found = find_marker(_raw_text(tag))
    kind, marker = name_marker(found)
    text = _text_of(tag)
    level = _level_of(tag, found)
    if found:
        _cut_start(tag, found.end())
        if kind == "number" and level:
            kind, marker = "letter", f"{marker}."
        yield Line(text, write_inline(tag), kind, marker, level if kind == "bullet" else 0)
    elif _is_heading(tag, text):
        yield from (Line(one.text, one.markdown, "heading", level=2) for one in _split(tag, plain=True))
    else:
        yield from _split(tag)


def _level_of(tag: Tag, found: re.Match[str] | None) -> int:
    """How deep a point lies, which the passes before told by a sign of their own or Word by a style."""
    placed = _PLACED.match(found[0].strip()) if found else None
    if placed:
        return ord(placed[1]) - 0xE000
    style = _LEVEL.search(str(tag.get("style", "")))
    return int(style[1]) - 1 if style else 0


def _is_heading(tag: Tag, text: str) -> bool:
    """A short line, all of it bold, that is no sentence."""
    strong = tag.find_all("strong")
    bold = sum(len(one.get_text().strip()) for one in strong)
    return bool(
        strong
        and text
        and len(text) <= LONGEST_HEADING
        and text[-1] not in ".,;:?!"
        and bold >= len(tag.get_text().strip())
    )


def _split(tag: Tag, *, plain: bool = False) -> Iterator[Line]:
    if plain:
        for strong in tag.find_all("strong"):
            strong.unwrap()
    texts = [_PLACED.sub("", part).strip() for part in _raw_text(tag).split("\n")]
    parts = [part.strip() for part in write_inline(tag).split(BREAK)]
    if len(texts) != len(parts):
        yield Line(" ".join(" ".join(texts).split()), " ".join(parts))
        return
    for text, markdown in zip(texts, parts, strict=True):
        is_picture = not text and "](picture:" in markdown
        if text or markdown:
            yield Line(" ".join(text.split()), markdown, "picture" if is_picture else "")


def _raw_text(tag: Tag) -> str:
    """The words with tabs, and with "\\n" where a line breaks; the marker is cut by places in this."""
    parts = []
    for node in tag.descendants:
        if isinstance(node, NavigableString):
            parts.append(_SPACE.sub(" ", node).replace(TAB, "\t"))
        elif isinstance(node, Tag) and node.name == "br":
            parts.append("\n")
    return "".join(parts)


def _text_of(tag: Tag) -> str:
    return " ".join(_PLACED.sub("", _raw_text(tag)).split())


def _cut_start(tag: Tag, length: int) -> None:
    """Take that many characters of `_raw_text` off its beginning."""
    for node in list(tag.descendants):
        if length <= 0:
            return
        if isinstance(node, NavigableString):
            shown = _SPACE.sub(" ", node)
            node.replace_with(NavigableString(shown[length:]))
            length -= len(shown)
        elif isinstance(node, Tag) and node.name == "br":
            node.extract()
            length -= 1


def _read_list(tag: Tag, depth: int) -> Iterator[Line]:
    style = _KIND.search(str(tag.get("style", "")))
    kind = style[1] if style else _TYPES.get(str(tag.get("type", "1")), "decimal")
    number = _number(tag.get("start"), 1) - 1
    for child in tag.find_all(True, recursive=False):
        if child.name != "li":
            yield from _read_block(child, depth + 1) if _holds_block(child) else _read_paragraph(child)
            continue
        own = _KIND.search(str(child.get("style", "")))
        number = _number(child.get("value"), number + 1)
        yield from _read_item(child, depth, own[1] if own else kind, number if tag.name == "ol" else None)


def _number(value: object, otherwise: int) -> int:
    text = str(value)
    return int(text) if re.fullmatch(r"\d{1,6}", text) else otherwise


def _read_item(item: Tag, depth: int, kind: str, number: int | None) -> Iterator[Line]:
    """An item with the marker of its list, then what else stands in it."""
    first, *others = [*_read_children(item, depth + 1)] or [Line("", "")]
    if first.kind in ("", "heading", "letter", "number", "bullet"):
        yield _mark_item(first, depth, kind, number)
    else:
        yield first
    for line in others:
        goes_on = line.kind == "" and number is not None
        yield Line(line.text, line.markdown, "letter") if goes_on else line


def _mark_item(line: Line, depth: int, kind: str, number: int | None) -> Line:
    """The first line of an item, with the marker of the list; one that it has itself is typed."""
    typed = escape_words(_marker_of(line)) if line.kind in ("letter", "number") else ""
    markdown = f"{typed} {line.markdown}".strip()
    if number is None:
        return Line(line.text, markdown, "bullet", "-", depth)
    marker = numerals.write_numeral(number, kind)
    text = f"{marker}. {line.text}"
    if kind == "decimal" and depth == 0:
        return Line(text, markdown, "number", marker)
    return Line(text, markdown, "letter", f"{marker}.")


def _read_table(table: Tag, depth: int) -> Iterator[Line]:
    """A table; one of one row or one column is a layout, whose cells hold lines."""
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    cells = [list(row.find_all(["td", "th"], recursive=False)) for row in rows]
    parts = table.find_all("caption", recursive=False)
    is_layout = len(rows) <= 1 or max(map(len, cells)) <= 1
    for part in [*parts, *(itertools.chain(*cells) if is_layout else [])]:
        yield from _read_children(part, depth)
    if not is_layout:
        yield _make_table(rows[0], cells, depth)


def _make_table(first: Tag, cells: list[list[Tag]], depth: int) -> Line:
    is_headed = all(cell.name == "th" for cell in cells[0]) or first.find_parent("thead") is not None
    texts = [[" ".join(_raw_text(cell).split()) for cell in row] for row in cells]
    words = " ".join(" ".join(row) for row in texts)
    grid = _lay_out(cells, depth)
    return Line(words, write_table(grid, is_headed=is_headed or has_heading(texts)), "block")


def _lay_out(rows: list[list[Tag]], depth: int) -> list[list[str]]:
    """Each cell's Markdown in its column; a cell that spans several leaves the others empty."""
    grid: list[list[str]] = []
    below: dict[int, int] = {}
    for row in rows:
        written: list[str] = []
        waiting, below = below, {}
        for cell in row:
            _hold(waiting, below, written)
            span = min(_number(cell.get("colspan"), 1) or 1, max(MOST_COLUMNS - len(written), 1))
            down = min(_number(cell.get("rowspan"), 1) or 1, 500) - 1
            below |= dict.fromkeys(range(len(written), len(written) + span), down)
            written += [_write_cell(cell, depth), *[""] * (span - 1)]
        _hold(waiting, below, written)
        grid.append(written)
    return grid


def _hold(waiting: dict[int, int], below: dict[int, int], written: list[str]) -> None:
    """Leave the next places empty that cells above reach into."""
    while waiting.get(len(written)) and len(written) < MOST_COLUMNS:
        below[len(written)] = waiting[len(written)] - 1
        written.append("")


def _write_cell(cell: Tag, depth: int) -> str:
    lines = [
        " ".join(filter(None, ["•" if one.kind == "bullet" else _marker_of(one), one.markdown]))
        for one in _read_children(cell, depth)
    ]
    return "<br>".join(line.replace(BREAK, "<br>").replace("\n", " ") for line in lines if line)


def _marker_of(line: Line) -> str:
    """The marker of a line in a cell, as typed."""
    return f"{line.marker}." if line.kind == "number" else line.marker
