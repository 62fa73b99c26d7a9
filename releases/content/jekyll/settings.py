"""What `_config.yml` says, and what Jekyll 4.3 would do by it with each post and file of the site.

Rules from its `configuration.rb`, `entry_filter.rb`, `reader.rb`, `collection.rb` and `static_file.rb`.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from releases.content.jekyll.addresses import STYLES
from releases.content.jekyll.defaults import FILES, POSTS, DefaultSet, collect_defaults, read_defaults
from releases.content.jekyll.record import FOLDER

MACHINERY = frozenset("_data _layouts _includes _sass _plugins _site".split())
"""Folders in which Jekyll keeps what it builds with: nothing in them is content."""
NEVER_READ = ("node_modules", "vendor/bundle", "vendor/cache", "vendor/gems", "vendor/ruby")
_ALWAYS_EXCLUDED = (
    "gemfiles",
    "Gemfile",
    "Gemfile.lock",
    *(f"{path}/" for path in NEVER_READ[1:]),
    NEVER_READ[0],
)
_SPECIAL = (".", "_", "#", "~")
_LABEL = re.compile(r"[^a-z0-9_\-.]", re.IGNORECASE)
_GLOB_MARKS = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Collection:
    """`output`: its documents and files were built; `permalink`: the template of their addresses, "" for
    Jekyll's own."""

    output: bool = False
    permalink: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """`host` has no www; `url` is empty where it is no web address. `permalink` is the template of posts'
    addresses, `permalink_of_documents` that of other collections which name none; `zone` is that of `timezone:`, else the newsroom's; `destination` is where the built site lay,
    "" for a folder that is passed over anyhow."""

    title: str = ""
    host: str = ""
    url: str = ""
    baseurl: str = ""
    permalink: str = STYLES["date"]
    permalink_of_documents: str = "/:collection/:path:output_ext"
    zone: dt.tzinfo = dt.UTC
    future: bool = False
    unpublished: bool = False
    show_drafts: bool = False
    include: tuple[str, ...] = (".htaccess",)
    exclude: tuple[str, ...] = _ALWAYS_EXCLUDED
    collections: Mapping[str, Collection] = field(default_factory=dict)
    collections_dir: str = ""
    destination: str = ""
    defaults: tuple[DefaultSet, ...] = ()
    problems: tuple[str, ...] = ()

    def is_walked(self, folder: str) -> bool:
        """Whether a folder may hold anything to bring in, built or not."""
        name = folder.rpartition("/")[2]
        if name.startswith("."):
            return _matches(self.include, name, is_folder=True)
        return folder not in (*NEVER_READ, FOLDER, "_site", self.destination) and name != "node_modules"

    def why_not_built(self, path: str) -> str:
        """Why Jekyll does not look at the post or file at `path`, in plain words; "" where it does."""
        parts = path.split("/")
        if "_drafts" in parts[:-1] and not self.show_drafts:
            return "It lies among the drafts (_drafts)."
        label, inside = self.split_collection(path)
        if label:
            if not self.collections[label].output:
                return f"The collection {label} has no output: true."
            return self._why_not_entry(path, inside)
        for number, name in enumerate(parts):
            is_folder = number < len(parts) - 1
            if name in ("_posts", "_drafts") and is_folder:
                return self._why_no_post(path, "/".join(parts[number + 1 :]))
            if problem := self._why_not_entry("/".join(parts[: number + 1]), name, is_folder=is_folder):
                return problem
        return ""

    def why_not_served(self, file: str) -> str:
        """Why Jekyll did not copy a file, in plain words; "" where it did, as with each file that `include`
        names by its whole path."""
        is_published = self.values_for(file, FILES).get("published", True) not in (None, False)
        hidden = "" if is_published else "defaults in _config.yml say published: false."
        return hidden if file in self.include else self.why_not_built(file) or hidden

    def values_for(self, path: str, kind: str) -> dict[str, Any]:
        """What `defaults:` gives to a post or file."""
        return (
            collect_defaults(self.defaults, self.strip_collections_dir(path), kind) if self.defaults else {}
        )

    def find_label(self, path: str) -> str:
        """The label of the collection of a post or document."""
        return self.split_collection(path)[0] or POSTS

    def find_template(self, label: str) -> str:
        """The template of the addresses of a collection."""
        if label == POSTS:
            return self.permalink
        return self.collections[label].permalink or self.permalink_of_documents

    def strip_collections_dir(self, path: str) -> str:
        """The path as Jekyll calls it."""
        return path.removeprefix(f"{self.collections_dir}/") if self.collections_dir else path

    def split_collection(self, path: str) -> tuple[str, str]:
        """The label of the collection, other than the posts, in which something lies, and its path in there;
        both "" where it lies in none."""
        folder = f"{self.collections_dir}/" if self.collections_dir else ""
        first, _, inside = path.removeprefix(folder).partition("/")
        label = first.removeprefix("_")
        is_one = path.startswith(f"{folder}_") and inside and label != POSTS and label in self.collections
        return (label, inside) if is_one else ("", "")

    def locate_file(self, file: str) -> str:
        """The public path of a file that lies at `file` below the root of the site; one that a folder
        beginning with _ hides is meant for the folder without it."""
        label, rest = self.split_collection(file)
        if not label:
            is_built = file[:1] != "_" or file in self.include or not self.why_not_built(file)
            return f"/{file}" if is_built else "/" + file.removeprefix("_")
        collection = self.collections[label]
        if not collection.permalink:
            return f"/{label}/{rest}"
        stem, dot, extension = rest.rpartition(".") if "." in rest else (rest, "", "")
        values = {
            ":collection": label,
            ":path": f"/{stem}",
            ":name": stem.rpartition("/")[2],
            ":title": "",
            ":output_ext": "",
        }
        path = f"/{collection.permalink}"
        for key, value in values.items():
            path = path.replace(key, value)
        return re.sub("/{2,}", "/", path).rstrip("/") + dot + extension

    def _why_no_post(self, path: str, inside: str) -> str:
        """`inside` lies below `_posts`."""
        if self.collections_dir and not path.startswith(self.collections_dir):
            return f"It lies outside of {self.collections_dir}, where collections_dir says that posts are."
        return self._why_not_entry(path, inside)

    def _why_not_entry(self, path: str, entry: str, *, is_folder: bool = False) -> str:
        """`entry` is the part of `path` that Jekyll judges at once: a name, or all that lies below a folder
        of posts."""
        name = entry.rpartition("/")[2]
        if entry.endswith("."):
            return f"Jekyll does not read {name}, whose name ends with a dot."
        is_included = _matches(self.include, entry, is_folder=is_folder) or _matches(
            self.include, name, is_folder=is_folder
        )
        if is_included:
            return ""
        if _matches(self.exclude, path, is_folder=is_folder):
            return f"exclude in _config.yml names {path}."
        if entry.startswith(_SPECIAL) or name.startswith(_SPECIAL):
            if is_folder:
                return f"It lies in the folder {name}, which Jekyll does not build."
            return f"Its path begins with {entry[0]}, or its name with {name[0]}; Jekyll does not build that."
        return "Its name ends with ~, so Jekyll does not build it." if entry.endswith("~") else ""


def read_settings(config: Mapping[str, Any], newsroom: dt.tzinfo) -> Settings:
    """The settings in a `_config.yml` that was read. `newsroom` is the zone that counts where it names
    none."""
    collections_dir = _text(config, "collections_dir").strip("/")
    collections = _read_collections(config.get("collections"))
    style = _text(config, "permalink")
    include = (*_texts(config.get("include")), *(() if "include" in config else (".htaccess",)))
    excluded = (*_texts(config.get("exclude")), *_ALWAYS_EXCLUDED)
    zone, problems = _read_zone(config.get("timezone"), newsroom)
    return Settings(
        title=_text(config, "title"),
        host=_read_host(config),
        url=url if re.match("https?://[^/]", url := _text(config, "url").rstrip("/")) else "",
        baseurl=_text(config, "baseurl").rstrip("/"),
        permalink=collections.get(POSTS, Collection()).permalink
        or STYLES.get(style, style)
        or STYLES["date"],
        permalink_of_documents=f"/:collection/:path{_find_ending(style)}",
        zone=zone,
        future=_is_true(config.get("future")),
        show_drafts=_is_true(config.get("show_drafts")),
        unpublished=_is_true(config.get("unpublished")),
        include=include,
        exclude=tuple(one for one in excluded if one not in include),
        collections=collections,
        collections_dir=collections_dir,
        destination=_text(config, "destination").removeprefix("./").strip("/"),
        defaults=read_defaults(config, collections_dir),
        problems=problems,
    )


def _find_ending(style: str) -> str:
    """How the addresses of documents end where posts have this style."""
    if style in ("", "date", "ordinal", "none") or style.endswith(":output_ext"):
        return ":output_ext"
    return "/" if style == "pretty" or style.endswith("/") else ""


def _read_zone(value: object, newsroom: dt.tzinfo) -> tuple[dt.tzinfo, tuple[str, ...]]:
    if value is None or value == "":
        return newsroom, (f"_config.yml names no timezone; that of the newsroom counts ({newsroom}).",)
    try:
        return ZoneInfo(str(value)), ()
    except (ValueError, OSError, LookupError):
        return newsroom, (
            f"The timezone {str(value)[:60]} of _config.yml is not known; that of the newsroom counts ({newsroom}).",
        )


def _read_host(config: Mapping[str, Any]) -> str:
    try:
        return (urlsplit(_text(config, "url")).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _read_collections(value: object) -> dict[str, Collection]:
    """By their labels; a list names some of which nothing is built."""
    if isinstance(value, list):
        value = {str(label): None for label in value if not isinstance(label, Mapping)}
    if not isinstance(value, Mapping):
        return {}
    rows = {
        _LABEL.sub("", str(label)): row if isinstance(row, Mapping) else {} for label, row in value.items()
    }
    return {
        label: Collection(_is_true(row.get("output")), _text(row, "permalink")) for label, row in rows.items()
    }


def _matches(patterns: Iterable[str], path: str, *, is_folder: bool) -> bool:
    """Whether one of `patterns` is a beginning of a path, or a glob for it in which `*` stands for slashes
    too."""
    return any(
        path.startswith(pattern)
        or (is_folder and pattern == f"{path}/")
        or (not _GLOB_MARKS.isdisjoint(pattern) and fnmatchcase(path, pattern.replace("[^", "[!")))
        for pattern in patterns
    )


def _is_true(value: object) -> bool:
    """As Ruby takes it: everything but nothing and false."""
    return value is not None and value is not False


def _text(config: Mapping[str, Any], key: str) -> str:
    value = config.get(key)
    return "" if value is None or isinstance(value, (list, dict, bool)) else str(value).strip()


def _texts(value: object) -> tuple[str, ...]:
    """Paths of a list, without a slash at their beginning."""
    rows = value if isinstance(value, list) else [value]
    return tuple(path for row in rows if isinstance(row, str) and (path := row.removeprefix("/")))
