"""What a body may hold once it is stored. nh3 comes last: whatever stands before it, nothing gets past it.

Before it, what a strict policy would take from readers is written in plain attributes: the kind of a list,
alignment, underlining. Frames of other sites and pictures of other sites become links, so that a page asks
nobody else.
"""

import html as entities
import re
from collections.abc import Callable
from urllib.parse import quote, unquote, urlsplit

import nh3

TAGS = set(
    "p br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code table caption colgroup col thead tbody tfoot tr th td"
    " a img figure figcaption div span strong b em i u ins del s sub sup small abbr cite q mark kbd center font details"
    " summary iframe".split()
)
_EVERYWHERE = set("class id title lang dir role".split())
_UNALIGNED = set("br a span strong b em i u ins del s sub sup small abbr cite q mark kbd code font".split())
_ATTRIBUTES = {
    "a": {"href", "target"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "ul": {"type"},
    "li": {"value"},
    "td": {"colspan", "rowspan", "valign", "width", "headers"},
    "th": {"colspan", "rowspan", "valign", "width", "headers", "scope"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "hr": {"width", "size"},
    "iframe": {"src", "width", "height", "allowfullscreen"},
    "font": {"size", "color"},
}
ATTRIBUTES = {tag: _EVERYWHERE | _ATTRIBUTES.get(tag, set()) for tag in TAGS}
for tag in TAGS - _UNALIGNED:
    ATTRIBUTES[tag].add("align")
CLASSES = frozenset(
    "right-side-updated tight address-centered footnote footnotes reversefootnote image bp-youtube table-h table-v"
    " isomer-image-wrapper ol-no-margin sub-list grey-table logos-row spamspan"
    " underlined bold italic struck raised lowered indented".split()
)
_ROLES = {"doc-noteref", "doc-endnotes", "doc-endnote", "doc-backlink"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
_TAKEN_BY_PAGE = re.compile(r"(?:p|g|s\d+-p)\d+(?:-x)*|site-.*", re.DOTALL)
_TAKEN_BY_BROWSER = frozenset(
    "all anchors applets body children cookie domain embeds forms head images links location plugins scripts title"
    " action elements length method name target submit reset dir doctype referrer url contains evaluate open close"
    " write clear normalize prepend append remove".split()
)
_VIDEO = re.compile(
    r"https://www\.youtube(?:-nocookie)?\.com/embed/([\w-]{1,40})(?:\?[\w=&;%.-]*)?", re.ASCII
)
_FOREIGN = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_NO_PART_OF_AN_ADDRESS = re.compile(r'(//\[[\da-fA-F:.]+\])|[ "<>\\^`{|}\[\]]')  # but the brackets of a host
_SAYS_NOTHING = re.compile(
    r"<iframe(?![^<>]*\ssrc=)[^<>]*></iframe>|<colgroup>(?:\s*<col>)*\s*</colgroup>\s*"
)
_PICTURE_LENGTH = re.compile(r"\s*(?!100%)(\d{1,5}%?)", re.ASCII)
"""Pixels, or the part of the column that a picture takes; all of it says nothing."""
_PLACE = re.compile(r"<a(?![^<>]*\shref=)[^<>]*>")
_OF_LINKS = re.compile(r'\s(?:target|rel)="[^"]*"')
_PIECE = re.compile(
    r'<(?P<end>/)?(?P<tag>[a-z][a-z0-9]*)(?P<attributes>(?:\s+[^\s<>="]+(?:="[^"]*")?)*)\s*/?>'
)
_FRAME = re.compile(r"<iframe\b([^<>]*)>(?:(?!</iframe>).)*</iframe>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([^\s<>="]+)(?:="([^"]*)")?')
_LIST_KINDS = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
    "decimal": "1",
    "disc": "disc",
    "circle": "circle",
    "square": "square",
}


def clean(html: str) -> str:
    """HTML that can neither run a script nor ask another host, idempotent."""
    cleaned = _CLEANER.clean(_prepared(html))
    cleaned = _PLACE.sub(lambda found: _OF_LINKS.sub("", found[0]), cleaned)
    return _SAYS_NOTHING.sub("", cleaned)


def _filter(tag: str, name: str, value: str) -> str | None:
    if name in ("src", "href"):
        value = _NO_PART_OF_AN_ADDRESS.sub(lambda found: found[1] or quote(found[0]), value.strip(" "))
    if name == "src":
        return _source(tag, value)
    if tag == "img" and name in ("width", "height"):
        length = _PICTURE_LENGTH.match(value)
        return length[1] if length else None
    if name in ("id", "headers") or (name == "href" and value.startswith("#")):
        return _own_id(value)
    rule = _RULES.get(name)
    return rule(value) if rule else value


def _source(tag: str, value: str) -> str | None:
    if tag != "iframe":
        return None if _FOREIGN.match(value) else value
    found = _VIDEO.fullmatch(value)
    return f"https://www.youtube-nocookie.com/embed/{found[1]}" if found else None


_RULES: dict[str, Callable[[str], str | None]] = {
    "class": lambda value: " ".join(word for word in value.split() if word in CLASSES) or None,
    "role": lambda value: value if value in _ROLES else None,
    "lang": lambda value: value if _LANGUAGE.fullmatch(value) else None,
    "target": lambda value: "_blank" if value in ("_blank", "new", "_new") else None,
}


def _own_id(value: str) -> str:
    """An id or `#id` that is neither one of the page's own nor a name that browsers give to something
    else."""
    mark, name = ("#", value[1:]) if value.startswith("#") else ("", value)
    taken = _TAKEN_BY_PAGE.fullmatch(name) or name.lower() in _TAKEN_BY_BROWSER
    return f"{mark}text-{name}" if taken else value


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style"},
    attributes=ATTRIBUTES,
    attribute_filter=_filter,
    link_rel="noopener noreferrer",
    url_schemes={"http", "https", "mailto", "tel"},
)


def _prepared(html: str) -> str:
    if "<iframe" in html:
        html = _FRAME.sub(_frame, html)
    if "<img" not in html and "style=" not in html:
        return html
    return _PIECE.sub(_PicturesAndStyles().replace, html)


class _PicturesAndStyles:
    """Replaces, tag by tag in their order, pictures of other sites by links and styles by plain
    attributes."""

    def __init__(self) -> None:
        self.inside_link = False

    def replace(self, found: re.Match[str]) -> str:
        tag = found["tag"]
        if tag == "a":
            self.inside_link = not found["end"]
        if found["end"] or (tag != "img" and "style=" not in found["attributes"]):
            return found[0]
        given = _given(found["attributes"])
        if tag == "img" and _FOREIGN.match(given.get("src", "")):
            return _as_link(given["src"], given.get("alt", ""), "Picture", inside_link=self.inside_link)
        return _styled(tag, given) if "style" in given else found[0]


def _given(attributes: str) -> dict[str, str]:
    return {name.lower(): entities.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}


def _frame(found: re.Match[str]) -> str:
    given = _given(found[1])
    source = given.get("src", "").strip()
    source = f"https:{source}" if source.startswith("//") else source
    if _VIDEO.fullmatch(source):
        return _tag("iframe", {**given, "src": source}) + "</iframe>"
    if not re.match(r"https?://|/", source, re.IGNORECASE):
        return ""
    return f"<p>{_as_link(source, given.get('title', ''), 'Page', inside_link=False)}</p>"


def _as_link(address: str, words: str, what: str, *, inside_link: bool) -> str:
    """A picture or frame of another site as a link with its own words, else with its file's and host's
    name."""
    address = f"https:{address.strip()}" if address.strip().startswith("//") else address.strip()
    text = entities.escape(words.strip() or f"{what}: {_name_of(address)}")
    return text if inside_link else f'<a href="{entities.escape(address)}">{text}</a>'


def _name_of(address: str) -> str:
    try:
        split = urlsplit(address)
    except ValueError:
        return address
    return unquote(split.path.rstrip("/").rpartition("/")[2]) or split.netloc or address


def _tag(name: str, given: dict[str, str]) -> str:
    return f"<{name}" + "".join(f' {key}="{entities.escape(value)}"' for key, value in given.items()) + ">"


def _styled(tag: str, given: dict[str, str]) -> str:
    style = dict(_declarations(given.pop("style")))
    kind = _LIST_KINDS.get(style.get("list-style-type", style.get("list-style", "")))
    if kind and tag in ("ol", "ul"):
        given.setdefault("type", kind)
    if (where := style.get("text-align")) in ("center", "right") and tag != "img":
        given.setdefault("align", where)
    words = [*given.get("class", "").split(), *_classes(style)]
    if words:
        given["class"] = " ".join(words)
    return _tag(tag, given)


def _declarations(style: str) -> list[tuple[str, str]]:
    pairs = (declaration.partition(":") for declaration in style.lower().split(";"))
    return [(name.strip(), value.replace("!important", "").strip()) for name, _, value in pairs]


def _classes(style: dict[str, str]) -> list[str]:
    decoration = style.get("text-decoration", "") + style.get("text-decoration-line", "")
    weight = style.get("font-weight", "")
    held = {
        "underlined": "underline" in decoration,
        "struck": "line-through" in decoration,
        "bold": weight in ("bold", "bolder", "600", "700", "800", "900"),
        "italic": style.get("font-style") in ("italic", "oblique"),
        "raised": style.get("vertical-align") == "super",
        "lowered": style.get("vertical-align") == "sub",
        "indented": _pixels(style.get("margin-left", "")) >= 20
        or _pixels(style.get("padding-left", "")) >= 20,
    }
    return [name for name, wanted in held.items() if wanted]


def _pixels(length: str) -> float:
    found = re.fullmatch(r"(\d{1,4}(?:\.\d{1,4})?)(px|pt|em|rem|cm)", length)
    return float(found[1]) * {"px": 1, "pt": 1.33, "em": 16, "rem": 16, "cm": 38}[found[2]] if found else 0
