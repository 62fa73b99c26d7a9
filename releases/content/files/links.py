"""Links and pictures in the source of a body, and the files of the site that they lead to.

They are read from the source and not from rendered HTML, since some links that editors wrote are never
rendered.
"""

import html
import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

LONGEST_TARGET = 2500
LONGEST_LABEL = 1500

_JOINT = re.compile(r"\]\(")
_TARGET = re.compile(r"\s{0,50}((?:[^()\n]|\([^()\n]*\))*)\)")
_TITLE = re.compile(r"""\s["“'].*["”']$""", re.DOTALL)
_ANCHOR = re.compile(r"<a\b([^<>]{0,4000})>", re.IGNORECASE)
_ANCHOR_END = re.compile(r"</a>", re.IGNORECASE)
_IMG = re.compile(r"<img\b([^<>]{0,4000})>", re.IGNORECASE)
_ATTRIBUTE = r"""\b{}\s{{0,9}}=\s{{0,9}}(?:"([^"]*)"|'([^']*)'|([^\s>"']+))"""
_HREF = re.compile(_ATTRIBUTE.format("href"), re.IGNORECASE)
_SRC = re.compile(_ATTRIBUTE.format("src"), re.IGNORECASE)
_ALT = re.compile(_ATTRIBUTE.format("alt"), re.IGNORECASE)
_EMBED = re.compile(r"<(?:iframe|embed|object|video|audio|source)\b([^<>]{0,4000})>", re.IGNORECASE)
_SHOWN = re.compile(_ATTRIBUTE.format("(?:src|data)"), re.IGNORECASE)
_NAMED = re.compile(_ATTRIBUTE.format("title"), re.IGNORECASE)
_REFERENCE = re.compile(r"^ {0,3}\[(?!\^)([^\[\]\n]{1,200})\]:[ \t]{0,9}(\S.{0,2000})$", re.MULTILINE)
_USED = re.compile(r"\[([^\[\]\n]{1,300})\] ?\[([^\[\]\n]{1,200})\]")
_TAG = re.compile(r"<[^<>]{1,4000}>")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"\.(?:pdf|doc[xm]?|xls[xmb]?|ppt[xm]?|ppsx|csv|zip|txt|rtf|od[tsp]|mp3|mp4|m4a|wav|jpe?g|png|gif|svg|webp|avif|hei[cf]|tiff?)$",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?P<last>[a-z]{2,24})(?::\d{2,5})?(?=[/?#]|\Z)",
    re.IGNORECASE,
)
_STEPS = re.compile(r"/\.\.?/")
"""/./ and /../, which a browser takes before it asks."""
_PAGE = re.compile(r"html?|php|aspx?|jsp|md", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}", re.IGNORECASE)
_SLIP = re.compile(r"(https?)(?::/?|//)(?=[a-z0-9-]+\.)", re.IGNORECASE)
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})


@dataclass(frozen=True, slots=True)
class TypedLink:
    """`target` with entities decoded and without its title; `line` of the body, from 1 (0: not in the
    body)."""

    label: str
    target: str
    line: int


def find_links(body: str) -> list[TypedLink]:
    """Markdown links, `<a href>` and what the body embeds, in the order of the source; no pictures.

    Those without a target are among them. A reference stands where it is defined.
    """
    found = [*_markdown(body, pictures=False), *_anchors(body), *_embedded(body), *_references(body)]
    return _placed(body, found)


def find_images(body: str) -> list[TypedLink]:
    """Markdown pictures and `<img>` in the order of the source; `label` is the alternative text."""
    found = list(_markdown(body, pictures=True))
    for tag in _IMG.finditer(body):
        if source := _SRC.search(tag[1]):
            alt = _ALT.search(tag[1])
            found.append(
                (tag.start(), html.unescape(_value(alt)) if alt else "", html.unescape(_value(source)))
            )
    return _placed(body, found)


def resolve_own_path(target: str, hosts: Collection[str]) -> str | None:
    """The root-relative path of a target on this site (`hosts` without www), without query and fragment; else
    None."""
    target = target.strip()
    if target[:6].lower() in ("http:/", "https:") or target.startswith("//"):
        split = _split(target)
        if split is None or split[0] not in hosts:
            return None
        target = split[1]
    elif _SCHEME.match(target):
        return None
    if not target.startswith("/"):
        if not target.startswith(("files/", "images/")):
            return None
        target = f"/{target}"
    path = target.split("#")[0].split("?")[0]
    return posixpath.normpath(path) if _STEPS.search(path) else path


def complete_target(target: str) -> str:
    """The web or mail address that was meant by one whose scheme is missing or mistyped ("www.example.org",
    "https//example.org", "press@example.org"); "" for any other target."""
    if slip := _SLIP.match(target):
        return f"{slip[1].lower()}://{target[slip.end() :]}"
    if _MAIL.fullmatch(target):
        return f"mailto:{target}"
    host = _HOST.match(target)
    if host is None or _PAGE.fullmatch(host["last"]) or _DOCUMENT.search(f".{host['last']}"):
        return ""
    return f"https://{target}"


def resolve_annex_path(target: str, hosts: Collection[str]) -> str | None:
    """`resolve_own_path` of a target that is a file: below /files/ or /images/, or with a document's
    extension; else None."""
    path = resolve_own_path(target, hosts)
    if path is None:
        return None
    if path.startswith(("/files/", "/images/")) and path.strip("/").count("/"):
        return path
    return path if _DOCUMENT.search(path.strip()) else None


def is_foreign(target: str, hosts: Collection[str]) -> bool:
    """Whether a picture's target lies on another site."""
    return (
        bool(re.match(r"(?:https?:)?//", target.strip(), re.IGNORECASE))
        and resolve_own_path(target, hosts) is None
    )


class FoundFile(NamedTuple):
    """A file of the site by its path, and the `step` that found it: "literal", "decoded", "nfc", "casefold",
    …"""

    step: str
    path: str


class FileIndex:
    """The files of a site, found by the ways in which posts write their paths."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.exact = set(paths)
        self.composed = {unicodedata.normalize("NFC", path): path for path in sorted(self.exact)}
        self.folded = {path.casefold(): file for path, file in self.composed.items()}
        self.loose = {squeeze_path(path): file for path, file in self.composed.items()}
        self.names = defaultdict(list)
        for path in sorted(self.exact):
            self.names[squeeze_path(path.rpartition("/")[2])].append(path)

    def find(self, path: str) -> "FoundFile":
        """As written, percent-decoded, composed, whatever case, in a collection, squeezed; both fields "" for
        none."""
        written = path.lstrip("/")
        decoded = unquote(written)
        composed = unicodedata.normalize("NFC", decoded)
        for step, known, key in (
            ("literal", self.exact, written),
            ("decoded", self.exact, decoded),
            ("nfc", self.composed, composed),
            ("casefold", self.folded, composed.casefold()),
            ("collection", self.composed, f"_{composed}"),
            ("squeezed", self.loose, squeeze_path(composed)),
        ):
            if key in known:
                return FoundFile(step, known[key] if isinstance(known, dict) else key)
        return FoundFile("", "")

    def same_name(self, path: str) -> list[str]:
        """Files elsewhere in the site with the same base name, to offer to an editor."""
        return list(self.names.get(squeeze_path(unquote(path.rpartition("/")[2])), ()))


def squeeze_path(path: str) -> str:
    """A path with quotes, dashes and runs of spaces and slashes made plain, in small letters."""
    return re.sub(r"/+", "/", re.sub(r"\s+", " ", path.casefold().translate(_PLAIN).strip()))


def _markdown(body: str, *, pictures: bool) -> Iterator[tuple[int, str, str]]:
    """(offset, label, target) of each `[label](target)`, found from its middle outwards."""
    for joint in _JOINT.finditer(body):
        target = _TARGET.match(body, joint.end(), joint.end() + LONGEST_TARGET)
        start = _label_start(body, joint.start()) if target else -1
        if target and start >= 0 and (start > 0 and body[start - 1] == "!") == pictures:
            yield start, body[start + 1 : joint.start()], _without_title(target[1])


def _label_start(body: str, end: int) -> int:
    """Where the bracket opens that closes at `end`; brackets may be nested once. -1 when there is none."""
    depth = 0
    lowest = max(0, end - LONGEST_LABEL)
    position = end - 1
    while position >= lowest:
        if body[position] == "]":
            depth += 1
        elif body[position] == "[":
            if not depth:
                return position
            depth -= 1
        position -= 1
    return -1


def _without_title(target: str) -> str:
    target = target.strip()
    title = _TITLE.search(target) if target[-1:] in "\"”'" and target else None
    return html.unescape(target[: title.start()] if title else target).strip().strip("<>")


def _anchors(body: str) -> Iterator[tuple[int, str, str]]:
    """(offset, label, target) of each `<a href>`; an anchor reaches to its end tag, or to the end."""
    position = 0
    while tag := _ANCHOR.search(body, position):
        position = tag.end()
        href = _HREF.search(tag[1])
        if not href:
            continue
        end = _ANCHOR_END.search(body, position)
        label = body[position : end.start() if end else len(body)][:LONGEST_LABEL]
        position = end.end() if end else len(body)
        yield tag.start(), _TAG.sub("", label), html.unescape(_value(href)).strip()


def _embedded(body: str) -> Iterator[tuple[int, str, str]]:
    """(offset, title, target) of films, sounds and documents that are shown within the text."""
    for tag in _EMBED.finditer(body):
        if (source := _SHOWN.search(tag[1])) and (target := html.unescape(_value(source))):
            named = _NAMED.search(tag[1])
            yield tag.start(), html.unescape(_value(named)) if named else "", target


def _references(body: str) -> Iterator[tuple[int, str, str]]:
    """(offset, label, target) of each `[key]: target`; the label is what a link with that key says."""
    defined = list(_REFERENCE.finditer(body)) if "]:" in body else []
    said: dict[str, str] = {}
    if defined:
        said = {key.casefold(): label for label, key in _USED.findall(body)}
    for found in defined:
        yield found.start(), said.get(found[1].casefold(), found[1]), _without_title(found[2])


def _value(attribute: re.Match[str]) -> str:
    return next((value for value in attribute.groups() if value is not None), "").strip()


def _placed(body: str, found: list[tuple[int, str, str]]) -> list[TypedLink]:
    links, line, last = [], 1, 0
    for offset, label, target in sorted(found):
        line += body.count("\n", last, offset)
        last = offset
        links.append(TypedLink(label, target, line))
    return links


def _split(url: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").removeprefix("www."), parts.path
    except ValueError:
        return None
