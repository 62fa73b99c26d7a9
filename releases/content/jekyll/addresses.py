"""The address that Jekyll 4.3 makes of a post: its styles, its placeholders, and what it does to the result.

Rules from its `configuration.rb`, `drops/url_drop.rb`, `utils.rb` (slugify) and `url.rb`.
"""

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from releases.content.text.permalinks import make_slug

STYLES = {
    "none": "/:categories/:title:output_ext",
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
}
_MARKDOWN = ("md", "markdown", "mkd", "mkdn", "mkdown")

_OF_INSTANTS = {
    "year": "%Y",
    "short_year": "%y",
    "month": "%m",
    "short_month": "%b",
    "day": "%d",
    "y_day": "%j",
    "w_year": "%G",
    "week": "%V",
    "w_day": "%u",
    "short_day": "%a",
    "long_day": "%A",
    "hour": "%H",
    "minute": "%M",
    "second": "%S",
}
_PLACEHOLDER = re.compile(r":([a-z_]+)")
_SLASHES = re.compile(r"/{2,}")
_NO_MARKS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AddressParts:
    """What an address is made of: a post's path below the site (without `collections_dir`), its categories as
    written, its slug, its instant in the zone of the site, and the label of its collection."""

    path: str
    categories: Sequence[str]
    slug: str
    at: dt.datetime
    collection: str = "posts"


def expand_permalink(template: str, place: AddressParts) -> str:
    """The decoded path that a permalink, or the template of a style, makes of a post.

    A placeholder that Jekyll does not know stays as written; Jekyll stops there.
    """
    template = unquote(template) if "\ufffd" not in unquote(template) else template
    if ":" in template:
        values = _fill(place)
        template = _PLACEHOLDER.sub(lambda found: _replace(found, values), template)
    return _SLASHES.sub("/", f"/{template}".replace("..", "/").replace("./", ""))


def make_title(slug: str) -> str:
    """The title that Jekyll gives to a post which names none: `budget-reply` is Budget Reply."""
    return " ".join(word.capitalize() for word in slug.split("-")).strip()


def _fill(place: AddressParts) -> dict[str, str]:
    stem, _, extension = place.path.rpartition(".")
    folder, _, name = stem.rpartition("/")
    categories = dict.fromkeys(place.categories)
    return {
        **{key: place.at.strftime(form) for key, form in _OF_INSTANTS.items()},
        "long_month": calendar.month_name[place.at.month],
        "i_month": str(place.at.month),
        "i_day": str(place.at.day),
        "categories": "/".join(dict.fromkeys(map(str.lower, categories))),
        "slugified_categories": "/".join(
            dict.fromkeys(make_slug(one, _NO_MARKS).lower() for one in categories)
        ),
        "title": make_slug(place.slug),
        "slug": make_slug(place.slug, _NO_MARKS).lower(),
        "name": make_slug(name, _NO_MARKS).lower(),
        "path": f"{folder.replace(f'_{place.collection}', '', 1)}/{name.rstrip('.')}",
        "collection": place.collection,
        "output_ext": ".html" if extension.lower() in _MARKDOWN else f".{extension}",
    }


def _replace(found: re.Match[str], values: dict[str, str]) -> str:
    """`:month_` is `:month` and an underscore."""
    name = found[1]
    if name not in values and name.removesuffix("_") in values:
        return f"{values[name.removesuffix('_')]}_"
    return values.get(name, found[0])
