"""Filters of Liquid: which of the standard's a post may use, and those that Jekyll adds."""

import calendar
import datetime as dt
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

import nh3
from liquid import TokenStream
from liquid.builtin.expressions import BooleanExpression, tokenize
from liquid.exceptions import FilterError
from liquid.filter import with_context
from liquid.stringify import to_liquid_string
from liquid.token import TOKEN_EXPRESSION, Token
from liquid.undefined import is_undefined

from releases.content.jekyll.liquid_errors import Unknowable
from releases.content.text.dates import DATE, make_date, parse_days

Filter = Callable[..., object]
STANDARD = (
    "abs append at_least at_most capitalize ceil compact concat default divided_by downcase escape escape_once first"
    " floor join last lstrip map minus modulo newline_to_br plus prepend remove remove_first replace replace_first"
    " reverse round rstrip size slice sort_natural split strip strip_newlines times truncate truncatewords uniq upcase"
    " url_decode url_encode"
).split()
UNKNOWABLE = frozenset(["sample"])
"""Filters that give something else at each building of a site."""
LONGEST_FORMAT = 200
LONGEST_CONDITION = 500

_ISO = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d))?[\d.]*\s*(Z|UTC|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_DAY = re.compile(DATE, re.IGNORECASE)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")


def measure(value: object) -> int:
    """About how many characters a value has; what lies in the values of a list is not counted."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, (list, tuple)):
        return sum(1 + (len(one) if isinstance(one, str) else 0) for one in value)
    return len(value) if isinstance(value, (range, Mapping)) else 1


def forecast(name: str, value: object, *given: object) -> int:
    """About how many characters a filter reads and writes."""
    work = measure(value) + sum(map(measure, given))
    sizes = [measure(one) for one in given] or [1]
    if name == "replace" and len(given) > 1:
        work += to_text(value).count(to_text(given[0])) * sizes[1]
    elif name == "join":
        work += measure(value) * sizes[0]
    elif name == "uniq":
        work += measure(value) ** 2 // 10
    elif name.endswith("_exp"):
        work += measure(value) * 200
    return work


def to_text(value: object) -> str:
    """A value as Liquid shows it."""
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M:%S %z}"
    return to_liquid_string(value, autoescape=False)


def make_filters(url: str, zone: dt.tzinfo, render_markdown: Callable[[str], str]) -> dict[str, Filter]:
    """Filters that depend on the site: its own address, its time zone, and how its texts are rendered."""

    def absolute_url(value: object) -> str:
        path = relative_url(value)
        return path if urlsplit(path).scheme or is_nothing(value) else quote_address(url + path)

    def on_day(write: Callable[..., str]) -> Filter:
        def filtered(value: object, *given: object) -> object:
            moment = read_moment(value, zone)
            return write(moment, *given) if moment else value

        return filtered

    return {
        "absolute_url": absolute_url,
        "date": on_day(format_moment),
        "date_to_long_string": on_day(lambda moment, *style: format_day(moment, calendar.month_name, *style)),
        "date_to_rfc822": on_day(format_datetime),
        "date_to_string": on_day(lambda moment, *style: format_day(moment, calendar.month_abbr, *style)),
        "date_to_xmlschema": on_day(lambda moment: moment.isoformat(timespec="seconds")),
        "markdownify": lambda value: render_markdown(to_text(value)),
    }


def is_nothing(value: object) -> bool:
    """Whether it is nil, or undefined."""
    return value is None or is_undefined(value)


def relative_url(value: object) -> str:
    """A path of the site, percent-encoded, from the root at which the site is served here; web addresses as
    they are."""
    text = to_text(value)
    if is_nothing(value) or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
        return text
    return quote_address(text if text.startswith("/") or not text else f"/{text}")


def quote_address(address: str) -> str:
    """With what no address may hold percent-encoded."""
    return quote(address, safe="/:@!$&'()*+,;=~?#%[]")


def read_moment(value: object, zone: dt.tzinfo) -> dt.datetime | None:
    """The instant of a date in a template, in `zone`; a day begins at 00:00 there. None where it is no date.

    Raises Unknowable for the day of building, and ValueError for an hour that there is not.
    """
    if isinstance(value, dt.datetime):
        return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time(), zone)
    text = to_text(value).strip() if isinstance(value, (str, int)) else ""
    if text in ("now", "today"):
        raise Unknowable(f"'{text}' | date")
    if text.isascii() and text.isdecimal():
        return dt.datetime.fromtimestamp(int(text), zone)
    if found := _ISO.match(text):
        return _read_iso(found, zone)
    named = _DAY.search(text)
    days = parse_days(named[0]) if named else None
    return dt.datetime.combine(days.first, dt.time(), zone) if days else None


def _read_iso(found: re.Match[str], zone: dt.tzinfo) -> dt.datetime | None:
    day = make_date(int(found[1]), int(found[2]), int(found[3]))
    if day is None:
        return None
    clock = dt.time(int(found[4] or 0), int(found[5] or 0), int(found[6] or 0))
    offset = (found[7] or "").replace(":", "")
    there: dt.tzinfo = zone
    if offset in ("Z", "UTC"):
        there = dt.UTC
    elif offset:
        minutes = int(offset[1:3]) * 60 + int(offset[3:])
        there = dt.timezone(dt.timedelta(minutes=-minutes if offset[0] == "-" else minutes))
    return dt.datetime.combine(day, clock, there).astimezone(zone)


def format_moment(moment: dt.datetime, form: object = "") -> str:
    """By a format of strftime."""
    pattern = to_text(form)
    if len(pattern) > LONGEST_FORMAT:
        raise FilterError("the format of a date is too long", token=None)
    return moment.strftime(pattern) if pattern else to_text(moment)


def format_day(moment: dt.datetime, months: Any, kind: object = None, style: object = None) -> str:
    """07 Nov 2008; with "ordinal" 7th Nov 2008, and Nov 7th, 2008 in the style "US"."""
    month = months[moment.month]
    if kind != "ordinal":
        return f"{moment:%d} {month} {moment:%Y}"
    end = "th" if 11 <= moment.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(moment.day % 10, "th")
    day = f"{moment.day}{end}"
    return f"{month} {day}, {moment:%Y}" if style == "US" else f"{day} {month} {moment:%Y}"


def slugify(value: object, mode: object = "default") -> str:
    """Jekyll's modes but for `latin`, which spells out accents."""
    kept = "._~!$&'()+,;=@" if mode == "pretty" else ""
    text = to_text(value)
    if mode == "none":
        return text
    if mode == "raw":
        slug = re.sub(r"\s+", "-", text)
    elif mode == "ascii":
        slug = re.sub(r"[^A-Za-z0-9]+", "-", text)
    else:
        slug = "".join(
            one if one in kept or unicodedata.category(one)[0] in "LM" or one.isdecimal() else "-"
            for one in text
        )
    return re.sub(r"-{2,}", "-", slug).strip("-").lower()


def strip_html(value: object) -> str:
    """Without tags, comments, scripts and styles; what is no tag stays."""
    return nh3.clean(to_text(value), tags=set(), clean_content_tags={"script", "style"})


def number_of_words(value: object, mode: object = None) -> int:
    """`cjk` and `auto` count Chinese, Japanese and Korean letters as words."""
    text = to_text(value)
    letters = _CJK.findall(text) if mode in ("cjk", "auto") else []
    return len(_CJK.sub(" ", text).split()) + len(letters) if letters else len(text.split())


def array_to_sentence_string(value: object, connector: object = "and") -> str:
    """1, 2, and 3"""
    words = [to_text(one) for one in read_rows(value)]
    if len(words) < 3:
        return f" {to_text(connector)} ".join(words)
    return f"{', '.join(words[:-1])}, {to_text(connector)} {words[-1]}"


def jsonify(value: object) -> str:
    """As JSON; what it has no word for, as Liquid shows it."""
    return json.dumps(None if is_nothing(value) else value, ensure_ascii=False, default=to_text)


def read_rows(value: object) -> list[Any]:
    """What a filter of lists goes through: the values of a hash, nothing of nil, else the list itself."""
    if is_nothing(value):
        return []
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple, range)) else [value]


def read_property(row: object, name: object) -> object:
    """A value of a row by its key, or by keys with dots between; None where there is none."""
    for key in to_text(name).split("."):
        row = row.get(key) if isinstance(row, Mapping) else None
    return row


def where(value: object, name: object, wanted: object = None) -> list[object]:
    """The rows with this value, or with it in a list."""
    return [row for row in read_rows(value) if _is_equal(read_property(row, name), wanted)]


def _is_equal(held: object, wanted: object) -> bool:
    if is_nothing(wanted):
        return held is None
    return any(
        to_text(one) == to_text(wanted)
        for one in (held if isinstance(held, list) else [held])
        if one is not None
    )


def find(value: object, name: object, wanted: object = None) -> object:
    """The first row with this value."""
    return next(iter(where(value, name, wanted)), None)


def group_by(value: object, name: object) -> list[dict[str, object]]:
    """Groups with `name`, `items` and `size`, in the order of their first rows."""
    return _group(read_rows(value), lambda row: to_text(read_property(row, name)))


def _group(rows: list[Any], choose: Callable[[Any], str]) -> list[dict[str, object]]:
    groups: dict[str, list[object]] = {}
    for row in rows:
        groups.setdefault(choose(row), []).append(row)
    return [{"name": name, "items": items, "size": len(items)} for name, items in groups.items()]


def sort(value: object, name: object = None, nothing: object = "first") -> list[object]:
    """By a property of the rows, or by themselves; rows without it come first, or `last`."""
    rows = read_rows(value)
    pairs: list[tuple[Any, object]] = [
        (row if is_nothing(name) else read_property(row, name), row) for row in rows
    ]
    without = [row for key, row in pairs if key is None]
    held = [
        row for _, row in sorted((pair for pair in pairs if pair[0] is not None), key=lambda pair: pair[0])
    ]
    return [*held, *without] if nothing == "last" else [*without, *held]


@with_context
def where_exp(value: object, name: object, condition: object, *, context: Any) -> list[object]:
    """The rows for which a condition holds, in which each is called `name`."""
    return [row for row, holds in _evaluate(value, name, condition, context) if holds]


@with_context
def find_exp(value: object, name: object, condition: object, *, context: Any) -> object:
    """The first row for which a condition holds."""
    return next(iter(where_exp(value, name, condition, context=context)), None)


def _evaluate(value: object, name: object, condition: object, context: Any) -> Iterable[tuple[object, bool]]:
    text = to_text(condition)
    if len(text) > LONGEST_CONDITION:
        raise FilterError("a condition is too long", token=None)
    token = Token(TOKEN_EXPRESSION, text, 0, text)
    expression = BooleanExpression.parse(context.env, TokenStream(tokenize(text, token)))
    for row in read_rows(value):
        with context.extend({to_text(name): row}):
            yield row, bool(expression.evaluate(context))


def push(value: object, row: object) -> list[object]:
    """A list with one more row, which is no list itself."""
    if isinstance(row, (list, Mapping)) and not is_nothing(row):
        raise FilterError("a list in a list", token=None)
    return [*read_rows(value), row]


JEKYLL: dict[str, Filter] = {
    "array_to_sentence_string": array_to_sentence_string,
    "cgi_escape": lambda value: quote_plus(to_text(value)),
    "find": find,
    "find_exp": find_exp,
    "group_by": group_by,
    "jsonify": jsonify,
    "normalize_whitespace": lambda value: " ".join(to_text(value).split()),
    "number_of_words": number_of_words,
    "pop": lambda value, number=1: read_rows(value)[: -int(number) or None],
    "push": push,
    "relative_url": relative_url,
    "shift": lambda value, number=1: read_rows(value)[int(number) :],
    "slugify": slugify,
    "sort": sort,
    "strip_html": strip_html,
    "strip_index": lambda value: re.sub(r"/index\.html?$", "/", to_text(value)),
    "to_integer": lambda value: int(float(value)),
    "unshift": lambda value, row: [*push([], row), *read_rows(value)],
    "uri_escape": lambda value: quote_address(to_text(value)),
    "where": where,
    "where_exp": where_exp,
    "xml_escape": lambda value: html.escape(to_text(value), quote=False).replace('"', "&quot;"),
}
