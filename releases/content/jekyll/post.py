"""A post of a Jekyll site: from its bytes and its path to values, and back."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from releases.content.jekyll import frontmatter
from releases.content.jekyll.addresses import STYLES, AddressParts, expand_permalink, make_title
from releases.content.jekyll.defaults import POSTS, merge_values
from releases.content.jekyll.extension import Extras, parse_extras
from releases.content.jekyll.layout import find_category
from releases.content.jekyll.repairs import OpenedPost, open_post
from releases.content.jekyll.settings import Settings
from releases.content.jekyll.stamps import FIRST_YEAR, LAST_YEAR, Stamp, is_far_ahead, read_stamp
from releases.content.text import permalinks
from releases.content.text.dates import MONTHS, make_date, roll_date
from releases.content.text.limits import CONTROLS, LARGEST_BODY, LINE_CONTROLS, LONGEST_TITLE, SURROGATES

LONGEST_LINK = 2_000

_NAME = re.compile(
    r"(\d{2,4})-(\d{1,2})-(\d{1,2})-([^/" + LINE_CONTROLS + r"]*)\.(?:md|markdown|mkd|mkdn|mkdown|html?|txt)",
    re.ASCII | re.IGNORECASE,
)
_TEXT_DATE = re.compile(r"(\d{1,2})\s{1,3}([A-Za-z]{3,9})\.?,?\s{1,3}(\d{4})", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].{0,40})?", re.ASCII)
_UNWRITABLE = re.compile(f"[{CONTROLS}{SURROGATES}]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_DOUBLED = re.compile(r"(?:https?:/{0,2})+(?=https?://[^\s/])", re.IGNORECASE)
_BARE = re.compile(
    r"(?://)?(?=[^/?#]*\.(?!pdf|docx?|xlsx?|pptx?|html?|md)[a-z]{2,}(?:[:/?#]|$))"
    r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?(?:[/?#].*)?",
    re.IGNORECASE,
)
_NO = frozenset("false no off n 0".split())
_HEEDED = frozenset(
    "title date published draft description subtitle excerpt image file_url external redirect_to redirect_from lang"
    " language category categories".split()
)
_UNHEEDED = frozenset(
    "layout tags tag author authors sitemap excerpt_separator render_with_liquid last_modified_at".split()
)


class PostError(ValueError):
    """A post that can't be read: `reason` in plain words, and `line` of the file where it is known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


@dataclass(frozen=True, slots=True)
class Post:
    """`path` lies below the site's root; `permalink` is the address at which Jekyll served the post.

    Jekyll showed it from `at` on (in the zone of the site, whose day is `date`), or never where `kept_back`
    says why not; `has_hour`: somebody wrote that hour; `waits`: until then it was not
    shown, which is so without `future: true`. `defaults` is what the settings put under its
    front matter, `unheeded` has the keys that Jekyll or its plugins know and nothing here does.
    """

    path: str
    category: str
    form: str
    title: str
    permalink: str
    permalink_written: bool
    date: dt.date
    at: dt.datetime
    has_hour: bool
    waits: bool
    body: str
    description: str
    file_url: str
    image: str
    external: str
    kept_back: str
    language: str
    redirect_from: tuple[str, ...]
    defaults: Mapping[str, Any]
    unheeded: tuple[str, ...]
    extras: Extras
    repairs: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def published(self) -> bool:
        """Whether the old site showed it, or will once its hour has come."""
        return not self.kept_back

    def is_shown(self, at: dt.datetime) -> bool:
        """Whether the old site shows it by the instant `at`."""
        return self.published and (self.at <= at or not self.waits)


def is_post_name(name: str) -> bool:
    """Whether a file of this base name is a post: year-month-day-slug and the extension of a text."""
    return _NAME.fullmatch(name) is not None


def parse_post(
    data: bytes,
    path: str,
    settings: Settings | None = None,
    *,
    kept_back: str = "",
    changed: dt.date | None = None,
) -> Post:
    """Read a post as the `settings` of its site make Jekyll read it.

    Front matter wins over `defaults:`, and both over the file name. What can't be read of it is left out and
    named in its warnings. `kept_back` says why its place keeps it from readers; `changed` is the day of a
    draft that names none. Raises PostError where the text is too long, or nothing gives a day.
    """
    settings = settings or Settings()
    opened = open_post(data)
    if (size := len(opened.body.encode())) > LARGEST_BODY:
        raise PostError(f"The text has {size:,} bytes; {LARGEST_BODY:,} are allowed.")
    reading = _Reading(opened, path, settings)
    stamp = reading.read_date(changed)
    written, leads_to = reading.read_permalink()
    external = reading.read_link(leads_to)
    file_url = reading.read_text("file_url")
    extras = parse_extras(reading.values)
    return Post(
        path=path,
        category=find_category(path),
        form=extras.form
        or ("link" if external else "file" if file_url and not reading.has_permalink else "text"),
        title=reading.read_title(),
        permalink=reading.find_address(written, stamp.at),
        permalink_written=reading.has_permalink,
        date=stamp.at.date(),
        at=stamp.at,
        has_hour=stamp.has_hour,
        waits=not settings.future,
        body=opened.body,
        description=reading.read_summary(stamp.at.date()),
        file_url=file_url,
        image=reading.read_image(),
        external=external,
        kept_back=kept_back or reading.why_kept_back(),
        language=read_language(reading.values),
        redirect_from=reading.read_redirects(),
        defaults={key: value for key, value in reading.defaults.items() if key in _HEEDED},
        unheeded=tuple(key for key in opened.values if key in _UNHEEDED),
        extras=extras,
        repairs=tuple(opened.repairs),
        warnings=tuple(opened.warnings),
    )


def read_language(values: Mapping[str, Any]) -> str:
    """The language that front matter names by its code; "" when it names none."""
    named = (_text(values, "lang") or _text(values, "language")).replace("_", "-")
    return named if _LANGUAGE.fullmatch(named) else ""


def format_post(fields: Mapping[str, object], body: str) -> str:
    """A post of this front matter and body: the inverse of `parse_post`."""
    return f"---\n{frontmatter.format_front_matter(fields)}---\n{body}"


class _Reading:
    """The values of a post, one by one; what is wrong with one is told and costs no other."""

    def __init__(self, opened: OpenedPost, path: str, settings: Settings) -> None:
        self.opened, self.path, self.settings = opened, path, settings
        self.label = settings.find_label(path)
        self.defaults = settings.values_for(path, self.label)
        self.values = merge_values(self.defaults, opened.values)
        self.has_permalink = bool(_text(opened.values, "permalink"))
        self.named = _NAME.fullmatch(path.rpartition("/")[2])

    @property
    def slug(self) -> str:
        """Of the file name."""
        name = self.named[4] if self.named else self.path.rpartition("/")[2].rpartition(".")[0]
        return name.rstrip(".")

    def warn(self, words: str) -> None:
        self.opened.warnings.append(words)

    def read_text(self, key: str) -> str:
        value = _text(self.values, key)
        if value or self.values.get(key) in (None, "", [], {}):
            return value
        self.warn(f"{key} is no text that can be shown; it was left out.")
        return ""

    def read_title(self) -> str:
        """As written; else as Jekyll makes it of the file name."""
        value = self.values.get("title")
        title = "" if isinstance(value, (list, dict)) or value is False else _words(value)
        if _UNWRITABLE.search(title):
            self.warn("The title holds control characters; they were left out.")
            title = " ".join(_UNWRITABLE.sub("", title).split())
        if not title:
            title = make_title(self.slug) or "Untitled"
            why = "missing" if value in (None, False) else "empty" if value == "" else "no text"
            self.warn(f"The title is {why}; the file name gives “{title[:80]}”. Give it a title of its own.")
        if len(title) > LONGEST_TITLE:
            self.warn(f"The title has {len(title):,} characters; the first {LONGEST_TITLE} of them came in.")
        return title[:LONGEST_TITLE].rstrip()

    def read_date(self, changed: dt.date | None) -> Stamp:
        """The front matter's day and hour, else the file name's day."""
        zone, value = self.settings.zone, self.values.get("date")
        of_name = self._read_date_of_name()
        stamp = None if value is None else read_stamp(value, zone)
        if stamp:
            if of_name and (written := stamp.at.date()) != of_name:
                self.warn(
                    f"The date {written} differs from the file name's {of_name}; the front matter's counts."
                )
            return stamp
        day = of_name or changed
        if day is None:
            given = "" if value is None else f"The date {str(value)[:60]!r} can't be read. "
            raise PostError(f"{given}Neither the front matter nor the file name gives a date.")
        if value is not None:
            self.warn(f"The date {str(value)[:60]!r} can't be read; {day} counts, the file name's.")
        elif self.label != POSTS and not of_name:
            self.warn(f"It has no date; {day} counts, when its file was changed. Give it a date of its own.")
        return Stamp(dt.datetime.combine(day, dt.time(), tzinfo=zone), has_hour=False)

    def _read_date_of_name(self) -> dt.date | None:
        if not self.named:
            return None
        year = int(self.named[1])
        if year < 100:
            year += 1900 if len(self.named[1]) == 2 and year > 68 else 2000
            self.opened.repairs.append(f"The year {self.named[1]} of the file name was read as {year}.")
        date = roll_date(year, int(self.named[2]), int(self.named[3]))
        if date is None or not FIRST_YEAR <= date.year <= LAST_YEAR:
            self.warn(f"The file name's date {'-'.join(self.named.groups()[:3])} does not exist.")
            return None
        return date

    def read_permalink(self) -> tuple[str, str]:
        """(permalink as written, web address).

        A permalink that is a whole web address makes the post a link to it.
        """
        written = self.values.get("permalink")
        if written is not None and not isinstance(written, str):
            self.warn("The permalink is not text; the address is that of a post without one.")
        written = " ".join(written.split("\n")).strip() if isinstance(written, str) else ""
        if not _WEB.match(written) or len(written) > LONGEST_LINK:
            return written, ""
        self.opened.repairs.append("The permalink is a whole web address; the post leads there.")
        return written, written

    def find_address(self, written: str, at: dt.datetime) -> str:
        """What Jekyll makes of the permalink, or of the site's template where there is none; of one that
        can't be an address here, the next best."""
        path = self.settings.strip_collections_dir(self.path)
        slug = _text(self.values, "slug") or self.slug
        place = AddressParts(path, self._read_categories(path), slug, at, self.label)
        templates = [written] if written else []
        for template in (*templates, self.settings.find_template(self.label), "/releases" + STYLES["date"]):
            try:
                address = permalinks.normalise_path(expand_permalink(template, place), is_old=True)
            except permalinks.PermalinkError as error:
                self.warn(f"The permalink {template[:80]!r} can't be used: {error}")
            else:
                return address
        return f"/releases/{at:%Y/%m/%d}/{permalinks.digest_path(self.path)[:12]}/"

    def _read_categories(self, path: str) -> list[str]:
        """The folders above _posts, then those that defaults and front matter name."""
        above, is_among_posts, _ = path.partition("_drafts" if "_drafts/" in path else "_posts")
        folders = above.split("/") if is_among_posts else []
        one = self.values.get("category")
        named: list[object] = [
            *filter(None, folders),
            *_split_categories(self.defaults.get("categories")),
            *_split_categories(self.opened.values.get("categories")),
            *(one if isinstance(one, list) else [one] if one else []),
        ]
        return [_words(name) for name in named if name is not None]

    def read_link(self, leads_to: str) -> str:
        """The web address to which a post leads; one without its scheme gets https."""
        redirect = self.values.get("redirect_to")
        redirect = redirect[0] if isinstance(redirect, list) and redirect else redirect
        if isinstance(redirect, str) and re.match("/(?!/)", redirect):
            redirect = f"{self.settings.url}{redirect}"
        if external := self.read_text("external"):
            return self._complete_link("external", external) or leads_to
        return leads_to or (self._complete_link("redirect_to", redirect) if isinstance(redirect, str) else "")

    def _complete_link(self, key: str, text: str) -> str:
        if len(text) > LONGEST_LINK:
            self.warn(f"The address under {key} has {len(text):,} characters; {LONGEST_LINK:,} are allowed.")
            return ""
        if doubled := _DOUBLED.match(text):
            whole = text[doubled.end() :]
            self.opened.repairs.append(f"{text} under {key} has its https:// twice; it leads to {whole}.")
            return whole
        if _WEB.match(text):
            return text
        if text and _BARE.fullmatch(text):
            whole = "https://" + text.removeprefix("//")
            self.opened.repairs.append(f"{text} under {key} was given without https://; it leads to {whole}.")
            return whole
        if text:
            self.warn(
                f"The address {text[:80]!r} under {key} is not a web address; the post came in without a link."
            )
        return ""

    def read_summary(self, date: dt.date) -> str:
        """The description, else what a subtitle or an excerpt says; some sites keep a date in the subtitle,
        which is told where it is another than the post's."""
        text = self.read_text("subtitle")
        day = self._read_day_of_subtitle()
        if day and day != date:
            self.warn(f"The date {day} of the subtitle differs from the post's {date}; the post's counts.")
        return self.read_text("description") or ("" if day else text) or self.read_text("excerpt")

    def _read_day_of_subtitle(self) -> dt.date | None:
        value = self.values.get("subtitle")
        if isinstance(value, dt.datetime):
            return value.date()
        text = _words(value)
        if found := _ISO_DATE.fullmatch(text):
            return make_date(int(found[1]), int(found[2]), int(found[3]))
        if found := _TEXT_DATE.fullmatch(text):
            return make_date(int(found[3]), MONTHS.get(found[2].lower(), 0), int(found[1]))
        return None

    def read_image(self) -> str:
        image = self.values.get("image")
        return _text(image, "path") if isinstance(image, dict) else self.read_text("image")

    def read_redirects(self) -> tuple[str, ...]:
        """The old addresses that jekyll-redirect-from led to the post."""
        rows = list(_flatten(self.values.get("redirect_from")))
        if odd := [str(row)[:60] for row in rows if not isinstance(row, str)]:
            self.warn(f"redirect_from holds {', '.join(odd)}, which is no address; it was left out.")
        return tuple(path for row in rows if isinstance(row, str) and (path := row.strip()))

    def why_kept_back(self) -> str:
        """Why Jekyll showed nothing of it, or would not if its author had been understood; "" where it
        did."""
        if not self.opened.is_utf8:
            return "The file is not UTF-8 text, so Jekyll builds no page of it."
        published, draft = self.values.get("published", True), self.values.get("draft")
        where = (
            "Its front matter says" if "published" in self.opened.values else "defaults in _config.yml say"
        )
        if not self.settings.future and is_far_ahead(date := self.values.get("date")):
            return f"Its date {str(date)[:60]} lies ahead, so Jekyll does not build it yet."
        if not self.settings.unpublished:
            if published is None or published is False:
                return f"{where} published: {'false' if published is False else 'nothing'}."
            if _words(published).lower() in _NO:
                return f"{where} published: {published}, which Jekyll built all the same; publish it if it was public."
        if _words(draft).lower() == "true":
            return "It says draft: true, which Jekyll built all the same; publish it if it was public."
        return ""


def _flatten(value: object) -> Iterator[object]:
    """What a list holds, and the lists in it."""
    if isinstance(value, list):
        for one in value:
            yield from _flatten(one)
    elif value is not None:
        yield value


def _split_categories(value: object) -> list[object]:
    if isinstance(value, str):
        return list(value.split())
    return value if isinstance(value, list) else []


def _words(value: object) -> str:
    """A value as it is read aloud, in one line."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else " ".join(str(value).split())


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    text = "" if isinstance(value, (list, dict)) else _words(value)
    return "" if _UNWRITABLE.search(text) else text
