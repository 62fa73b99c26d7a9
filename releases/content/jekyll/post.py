"""A post of a Jekyll site: from its bytes and its path to values, and back."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from releases.content.jekyll import frontmatter
from releases.content.jekyll.extension import Extras, parse_extras
from releases.content.jekyll.layout import find_category
from releases.content.text import permalinks
from releases.content.text.dates import MONTHS, make_date
from releases.content.text.limits import CONTROLS, LARGEST_BODY, LINE_CONTROLS, LONGEST_TITLE, SURROGATES

FIRST_YEAR, LAST_YEAR = 1800, 9998

_NAME = re.compile(
    r"(\d{2,4})-(\d{1,2})-(\d{1,2})-([^/" + LINE_CONTROLS + r"]*)\.(?:md|markdown|mkd|mkdn|mkdown|html?|txt)",
    re.ASCII | re.IGNORECASE,
)
_TEXT_DATE = re.compile(r"(\d{1,2})\s{1,3}([A-Za-z]{3,9})\.?,?\s{1,3}(\d{4})", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].{0,40})?", re.ASCII)
_FENCE = re.compile(r"^---[ \t]*$\n?", re.MULTILINE)
_LEAKED = re.compile(
    r"(?:title|permalink|date|layout|description|image|file_url|external|variant|breadcrumbs?|collection_name"
    r"|subtitle|category|third_nav_title)[ \t]*:(?:[ \t].*)?"
)
_CONTROL = re.compile(f"[{CONTROLS}]")
_CONTROL_BYTES = bytes(byte for byte in range(0x80) if _CONTROL.match(chr(byte)))
_UNWRITABLE = re.compile(f"[{CONTROLS}{SURROGATES}]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)


class PostError(ValueError):
    """A post that can't be read: `reason` in plain words, and `line` of the file where it is known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


@dataclass(frozen=True, slots=True)
class Post:
    """`path` lies below the site's root; `permalink` is the address at which Jekyll served the post."""

    path: str
    category: str
    kind: str
    title: str
    permalink: str
    permalink_written: bool
    date: dt.date
    body: str
    description: str
    file_url: str
    image: str
    external: str
    published: bool
    language: str
    extras: Extras
    repairs: tuple[str, ...]
    warnings: tuple[str, ...]


def is_post_name(name: str) -> bool:
    """Whether a file of this base name is a post: year-month-day-slug and the extension of a text."""
    return _NAME.fullmatch(name) is not None


def parse_post(data: bytes, path: str, permalink_style: str = "none") -> Post:
    """Read a post. Front matter wins over the file name. Raises PostError.

    `permalink_style` is the site's own: the name of one of Jekyll's styles, or a template.
    """
    repairs: list[str] = []
    text = _decode(data)
    front, body = frontmatter.split_post(text)
    if front is None:
        front, body = _without_opening(text, repairs)
    values, warnings = _load(front)
    body = _mend_leak(values, body, repairs)
    # asked of the bytes, since a search in the text takes twenty times as long
    if len(data.translate(None, _CONTROL_BYTES)) < len(data):
        body = _without_controls(body, repairs)
    if (size := len(body.encode())) > LARGEST_BODY:
        raise PostError(f"The text has {size:,} bytes; {LARGEST_BODY:,} are allowed.")
    named = _NAME.fullmatch(path.rpartition("/")[2])
    date = _date(values, named, repairs, warnings)
    external, file_url = _address(values, "external", repairs), _text(values, "file_url")
    written, leads_to = _permalink(values, repairs)
    external = external or leads_to
    extras = parse_extras(values)
    return Post(
        path=path,
        category=find_category(path),
        kind=extras.kind or _kind(values, external, file_url),
        title=_title(values),
        permalink=_expanded(written or permalink_style, values, path, date),
        permalink_written=bool(_text(values, "permalink")),
        date=date,
        body=body,
        description=_text(values, "description") or _words_of_subtitle(values, date, warnings),
        file_url=file_url,
        image=_text(values, "image"),
        external=external,
        published=str(values.get("published")).lower() != "false"
        and str(values.get("draft")).lower() != "true",
        language=read_language(values),
        extras=extras,
        repairs=tuple(repairs),
        warnings=tuple(warnings),
    )


def read_language(values: Mapping[str, Any]) -> str:
    """The language that front matter names by its code; "" when it names none."""
    named = (_text(values, "lang") or _text(values, "language")).replace("_", "-")
    return named if _LANGUAGE.fullmatch(named) else ""


def format_post(fields: Mapping[str, object], body: str) -> str:
    """A post of this front matter and body: the inverse of `parse_post`."""
    return f"---\n{frontmatter.format_front_matter(fields)}---\n{body}"


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PostError("The file is not UTF-8 text.", line) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_controls(body: str, repairs: list[str]) -> str:
    if found := _CONTROL.search(body):
        line = body.count("\n", 0, found.start()) + 1
        repairs.append(
            f"Control characters (the first is U+{ord(found[0]):04X} in line {line} of the body) were left out; they show"
            " nothing."
        )
    return _CONTROL.sub("", body) if found else body


def _without_opening(text: str, repairs: list[str]) -> tuple[str, str]:
    """Front matter whose opening --- is missing: what stands before the first --- has a title or a
    permalink."""
    fence = _FENCE.search(text, 0, frontmatter.LARGEST_FRONT_MATTER)
    front = text[: fence.start()] if fence else ""
    if not re.search(r"^(?:title|permalink)[ \t]*:", front, re.MULTILINE):
        raise PostError("The file has no front matter (lines between two --- at its top).", 1)
    repairs.append("The opening --- of the front matter was missing.")
    return front, text[fence.end() :] if fence else ""


def _load(front: str) -> frontmatter.FrontMatter:
    try:
        return frontmatter.parse_front_matter(front)
    except frontmatter.FrontMatterError as error:
        raise PostError(error.reason, error.line or None) from error


def _mend_leak(values: dict[str, Any], body: str, repairs: list[str]) -> str:
    """Front matter that a stray --- cut in two: its rest stands at the head of the body, down to another
    ---."""
    fence = _FENCE.search(body, 0, 4000) if "---" in body[:4000] else None
    if not fence:
        return body
    lines = [line for line in body[: fence.start()].split("\n") if line.strip()]
    first, rest = ("", lines) if not lines or _LEAKED.fullmatch(lines[0]) else (lines[0].strip(), lines[1:])
    if not rest or len(lines) > 12 or not all(_LEAKED.fullmatch(line) for line in rest):
        return body
    leaked = _load("\n".join(rest)).data
    if first and not values.get("permalink"):
        values["permalink"] = first
    values.update({key: value for key, value in leaked.items() if not values.get(key)})
    repairs.append("The front matter was cut in two by a ---; the rest of it was taken out of the body.")
    return body[fence.end() :]


def _title(values: dict[str, Any]) -> str:
    value = values.get("title")
    if value is None or isinstance(value, (list, dict)) or not str(value).strip():
        raise PostError("The post has no title.")
    title = " ".join(str(value).split())
    if len(title) > LONGEST_TITLE:
        raise PostError(f"The title has {len(title):,} characters; {LONGEST_TITLE} are allowed.")
    if _UNWRITABLE.search(title):
        raise PostError("The title holds a control character.")
    return title


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    if value is None or isinstance(value, (list, dict)):
        return ""
    text = " ".join(str(value).split())
    return "" if _UNWRITABLE.search(text) else text


def _date(
    values: dict[str, Any], named: re.Match[str] | None, repairs: list[str], warnings: list[str]
) -> dt.date:
    """The front matter's date as written (no time zone moves it), else the file name's."""
    of_name = _date_of_name(named, repairs)
    if values.get("date") is None:
        if of_name is None:
            raise PostError("Neither the front matter nor the file name gives a date.")
        return of_name
    date = _as_date(values["date"])
    if of_name and date != of_name:
        warnings.append(f"The date {date} differs from the file name's {of_name}; the front matter's counts.")
    return date


def _words_of_subtitle(values: dict[str, Any], date: dt.date, warnings: list[str]) -> str:
    """What a subtitle says; some sites keep a date in it, which is told where it is another than the
    post's."""
    text = _text(values, "subtitle")
    try:
        day = _as_date(values.get("subtitle")) if text else date
    except PostError:
        return text
    if day != date:
        warnings.append(f"The date {day} of the subtitle differs from the post's {date}; the post's counts.")
    return ""


def _as_date(value: object) -> dt.date:
    date = value.date() if isinstance(value, dt.datetime) else value
    if isinstance(date, str):
        date = _parse_date(" ".join(date.split()))
    if not isinstance(date, dt.date) or not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise PostError(f"The date {str(value)[:60]!r} can't be read.")
    return date


def _parse_date(text: str) -> dt.date | None:
    if found := _ISO_DATE.fullmatch(text):
        return make_date(int(found[1]), int(found[2]), int(found[3]))
    if found := _TEXT_DATE.fullmatch(text):
        return make_date(int(found[3]), MONTHS.get(found[2].lower(), 0), int(found[1]))
    return None


def _date_of_name(named: re.Match[str] | None, repairs: list[str]) -> dt.date | None:
    if not named:
        return None
    year = int(named[1])
    if year < 100:
        year += 2000
        repairs.append(f"The year {named[1]} of the file name was read as {year}.")
    date = make_date(year, int(named[2]), int(named[3]))
    if date is None or not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise PostError(f"The file name's date {named[1]}-{named[2]}-{named[3]} does not exist.")
    return date


def _address(values: dict[str, Any], key: str, repairs: list[str]) -> str:
    """A web address; one without its scheme gets https."""
    text = _text(values, key)
    if text.lower().startswith("www."):
        repairs.append(f"{text} was given without https://.")
        text = f"https://{text}"
    if text and not _WEB.match(text):
        raise PostError(f"The address {text[:80]!r} under {key} is not a web address.")
    return text


def _permalink(values: dict[str, Any], repairs: list[str]) -> tuple[str, str]:
    """(permalink as written, web address).

    A permalink that is a whole web address makes the post a link to it.
    """
    written = values.get("permalink")
    if written is not None and not isinstance(written, str):
        raise PostError("The permalink is not text.")
    written = (written or "").strip()
    decoded = unquote(written)
    if not _WEB.match(written):
        return written if "\ufffd" in decoded else decoded, ""
    repairs.append("The permalink is a whole web address; the post leads there.")
    return written, written


def _expanded(template: str, values: dict[str, Any], path: str, date: dt.date) -> str:
    """The address that a permalink, or the site's style, makes of a post."""
    name = path.rpartition("/")[2]
    named = _NAME.fullmatch(name)
    try:
        return permalinks.normalise_path(
            permalinks.expand_template(
                permalinks.STYLES.get(template, template),
                categories=_categories(values, path),
                date=date,
                name=named[4] if named else name.rpartition(".")[0],
            )
        )
    except permalinks.PermalinkError as error:
        raise PostError(f"The permalink {template[:80]!r} can't be used: {error}") from error


def _categories(values: dict[str, Any], path: str) -> list[str]:
    """The folders above _posts, then those that the front matter names."""
    folders = find_category(path).split("/") if "/_posts/" in path else []
    one, more = values.get("category"), values.get("categories")
    named = more.split() if isinstance(more, str) else more if isinstance(more, list) else []
    return [*folders, *([str(one)] if one else []), *map(str, named)]


def _kind(values: dict[str, Any], external: str, file_url: str) -> str:
    if external:
        return "link"
    return "file" if file_url and not _text(values, "permalink") else "text"
