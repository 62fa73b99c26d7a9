"""A post of a Jekyll site: from its bytes and its path to values, and back."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from releases.content import frontmatter, permalinks

LARGEST_BODY = 300_000
LONGEST_TITLE = 500
FIRST_YEAR, LAST_YEAR = 1800, 9998
MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september"
        "|oct october|nov november|dec december".split("|"),
        1,
    )
    for name in names.split()
}

_NAME = re.compile(r"(\d{2,4})-(\d{1,2})-(\d{1,2})-([^/]*)(\.[^./]+)", re.ASCII)
_TEXT_DATE = re.compile(r"(\d{1,2})\s{1,3}([A-Za-z]{3,9})\.?,?\s{1,3}(\d{4})", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].{0,40})?", re.ASCII)
_FENCE = re.compile(r"^---[ \t]*$\n?", re.MULTILINE)
_LEAKED = re.compile(
    r"(?:title|permalink|date|layout|description|image|file_url|external|variant|breadcrumbs?|collection_name"
    r"|subtitle|category|third_nav_title)[ \t]*:(?:[ \t].*)?"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
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
    external: str
    published: bool
    language: str
    repairs: tuple[str, ...]
    warnings: tuple[str, ...]


def is_post_name(name: str) -> bool:
    """Whether Jekyll publishes a file of this base name: year-month-day-slug and an extension."""
    return _NAME.fullmatch(name) is not None


def parse_post(data: bytes, path: str) -> Post:
    """Read a post. Front matter wins over the file name. Raises PostError."""
    repairs: list[str] = []
    text = _decode(data)
    front, body = frontmatter.split(text)
    if front is None:
        front, body = _without_opening(text, repairs)
    values, warnings = _load(front)
    body = _without_controls(_mend_leak(values, body, repairs), repairs)
    _check_body(body)
    named = _NAME.fullmatch(path.rpartition("/")[2])
    date = _date(values, named, repairs, warnings)
    external, file_url = _address(values, "external", repairs), _text(values, "file_url")
    permalink, external = _permalink(values, path, named, external, repairs)
    return Post(
        path=path,
        category=path.split("/_posts/")[0] if "/_posts/" in path else "",
        kind=_kind(values, external, file_url),
        title=_title(values),
        permalink=permalink,
        permalink_written=bool(_text(values, "permalink")),
        date=date,
        body=body,
        description=_text(values, "description"),
        file_url=file_url,
        external=external,
        published=str(values.get("published")).lower() != "false"
        and str(values.get("draft")).lower() != "true",
        language=(_text(values, "lang") or _text(values, "language"))[:35],
        repairs=tuple(repairs),
        warnings=tuple(warnings),
    )


def without_body(post: Post) -> Post:
    """What is kept of a post while a whole site is read."""
    return replace(post, body="")


def with_body(post: Post, data: bytes, length: int) -> Post:
    """A post with its body again: the last `length` characters of its bytes. Raises PostError."""
    return replace(post, body=_CONTROL.sub("", _decode(data))[-length:] if length else "")


def format_post(fields: Mapping[str, object], body: str) -> str:
    """A post of this front matter and body: the inverse of `parse_post`."""
    return f"---\n{frontmatter.dump(fields)}---\n{body}"


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
    """Front matter whose opening --- is missing: what stands before the first --- has a title or a permalink."""
    fence = _FENCE.search(text, 0, frontmatter.LARGEST)
    front = text[: fence.start()] if fence else ""
    if not re.search(r"^(?:title|permalink)[ \t]*:", front, re.MULTILINE):
        raise PostError("The file has no front matter (lines between two --- at its top).", 1)
    repairs.append("The opening --- of the front matter was missing.")
    return front, text[fence.end() :] if fence else ""


def _load(front: str) -> tuple[dict[str, Any], list[str]]:
    try:
        return frontmatter.load(front)
    except frontmatter.FrontMatterError as error:
        raise PostError(error.reason, error.line or None) from error


def _mend_leak(values: dict[str, Any], body: str, repairs: list[str]) -> str:
    """Front matter that a stray --- cut in two: its rest stands at the head of the body, down to another ---."""
    fence = _FENCE.search(body, 0, 4000)
    if not fence:
        return body
    lines = [line for line in body[: fence.start()].split("\n") if line.strip()]
    first, rest = ("", lines) if not lines or _LEAKED.fullmatch(lines[0]) else (lines[0].strip(), lines[1:])
    if not rest or len(lines) > 12 or not all(_LEAKED.fullmatch(line) for line in rest):
        return body
    leaked, _ = _load("\n".join(rest))
    if first and not values.get("permalink"):
        values["permalink"] = first
    values.update({key: value for key, value in leaked.items() if not values.get(key)})
    repairs.append("The front matter was cut in two by a ---; the rest of it was taken out of the body.")
    return body[fence.end() :]


def _check_body(body: str) -> None:
    if (size := len(body.encode())) > LARGEST_BODY:
        raise PostError(f"The text has {size:,} bytes; {LARGEST_BODY:,} are allowed.")


def _title(values: dict[str, Any]) -> str:
    value = values.get("title")
    if value is None or isinstance(value, (list, dict)) or not str(value).strip():
        raise PostError("The post has no title.")
    title = " ".join(str(value).split())
    if len(title) > LONGEST_TITLE:
        raise PostError(f"The title has {len(title):,} characters; {LONGEST_TITLE} are allowed.")
    if _CONTROL.search(title) or not _is_unicode(title):
        raise PostError("The title holds a control character.")
    return title


def _text(values: dict[str, Any], key: str) -> str:
    value = values.get(key)
    if value is None or isinstance(value, (list, dict)):
        return ""
    text = " ".join(str(value).split())
    return "" if _CONTROL.search(text) or not _is_unicode(text) else text


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


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


def _as_date(value: object) -> dt.date:
    date = value.date() if isinstance(value, dt.datetime) else value
    if isinstance(date, str):
        date = _parse_date(" ".join(date.split()))
    if not isinstance(date, dt.date) or not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise PostError(f"The date {str(value)[:60]!r} can't be read.")
    return date


def _parse_date(text: str) -> dt.date | None:
    if found := _ISO_DATE.fullmatch(text):
        return _real_date(int(found[1]), int(found[2]), int(found[3]))
    if found := _TEXT_DATE.fullmatch(text):
        return _real_date(int(found[3]), MONTHS.get(found[2].lower(), 0), int(found[1]))
    return None


def _real_date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _date_of_name(named: re.Match[str] | None, repairs: list[str]) -> dt.date | None:
    if not named:
        return None
    year = int(named[1])
    if year < 100:
        year += 2000
        repairs.append(f"The year {named[1]} of the file name was read as {year}.")
    date = _real_date(year, int(named[2]), int(named[3]))
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


def _permalink(
    values: dict[str, Any], path: str, named: re.Match[str] | None, external: str, repairs: list[str]
) -> tuple[str, str]:
    """(permalink, external). A permalink that is a whole web address makes the post a link to it."""
    written = values.get("permalink")
    if written is not None and not isinstance(written, str):
        raise PostError("The permalink is not text.")
    written = (written or "").strip()
    if _WEB.match(written):
        repairs.append("The permalink is a whole web address; the post leads there.")
        external = external or written
    try:
        return permalinks.normalise(written or _derived(path, named)), external
    except permalinks.PermalinkError as error:
        raise PostError(f"The permalink {written[:80]!r} can't be used: {error}") from error


def _derived(path: str, named: re.Match[str] | None) -> str:
    """Jekyll's own: the categories in lower case, and the name without its date, as .html."""
    category = path.split("/_posts/")[0].lower() if "/_posts/" in path else ""
    slug = named[4] if named else path.rpartition("/")[2].rpartition(".")[0]
    return "/".join(["", *filter(None, [category]), f"{permalinks.jekyll_slug(slug)}.html"])


def _kind(values: dict[str, Any], external: str, file_url: str) -> str:
    if external:
        return "link"
    return "file" if file_url and not _text(values, "permalink") else "text"
