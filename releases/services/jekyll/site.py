"""A Jekyll or Isomer site as it lies on the disk: its posts, its files, what it says of itself."""

import datetime as dt
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.utils import timezone

from releases.content.jekyll.config import CONFIGS, Config, ConfigError, read_config
from releases.content.jekyll.defaults import POSTS
from releases.content.jekyll.layout import find_category, locate_page, read_front_matter
from releases.content.jekyll.post import is_post_name, read_language
from releases.content.jekyll.settings import MACHINERY, Settings, read_settings

LARGEST_POST = 2_000_000
TEXTS = (".md", ".markdown", ".mkd", ".mkdn", ".mkdown", ".htm", ".html", ".txt")
DOCUMENTS = tuple(
    ".pdf .doc .docx .docm .xls .xlsx .xlsm .xlsb .ppt .pptx .pptm .ppsx .csv .zip .txt .rtf .odt .ods .odp .mp3 .mp4 .wav .m4a .mov .webm"
    " .jpg .jpeg .png .gif .svg .webp .tif .tiff .avif .ico".split()
)
NO_POST_NAME = "Its name is not that of a post (year-month-day-name and .md or another extension of texts)."
KEEPERS = (".keep", ".gitkeep", ".DS_Store")


class NotASite(ValueError):
    """The source is no folder or post that can be imported; the message says why."""


class UnknownCollection(ValueError):
    """A collection that is asked for and that the old site did not show; the message says which it did."""


class Stray(NamedTuple):
    """Something that lies among the posts and is none."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Site:
    """A site, listed once; all paths lie below `root`, in a stable order.

    `only` is the path of the one post to import, where the source names a post and not a folder. `files` are
    those that the site served; `unbuilt` are others like them, each with the reason why Jekyll did not build
    it, and `kept_back` has the posts of which the same is true. `texts` may be pages, or documents of
    collections. `pages` has `_config.yml` and the pages of the posts' categories, and of what lies above
    these, by path; a page that is too large, or leads out of the folder, has no bytes there. `config` is what
    `_config.yml` says as it stands, and `problems` what of it could not be read or does not say. `languages`
    has the language of each category: what its page says, else `_config.yml`, else English. `elsewhere` has
    the files whose bytes lie outside of the root.
    """

    root: Path
    only: str
    posts: tuple[str, ...]
    kept_back: Mapping[str, str]
    files: tuple[str, ...]
    unbuilt: Mapping[str, str]
    texts: tuple[str, ...]
    strays: tuple[Stray, ...]
    pages: Mapping[str, bytes]
    config: Mapping[str, object]
    problems: tuple[str, ...]
    settings: Settings
    languages: Mapping[str, str]
    elsewhere: Mapping[str, Path] = field(default_factory=dict)

    def place_file(self, file: str) -> Path:
        """Where the bytes of a file are."""
        return self.elsewhere.get(file, self.root / file)

    def find_day_of_draft(self, path: str) -> dt.date | None:
        """The day on which a draft without a day in its name was changed, which is Jekyll's date of it."""
        if is_post_name(path.rpartition("/")[2]):
            return None
        changed = (self.root / path).stat().st_mtime
        return dt.datetime.fromtimestamp(changed, self.settings.zone).date()


@dataclass(slots=True)
class _Listing:
    posts: list[str]
    files: list[str]
    texts: list[str]
    strays: list[Stray]


def open_site(source: Path, collections: Collection[str] = ()) -> Site:
    """List the site at `source`, a folder with `_posts` in it or below it, or one post of such a site; among
    its posts are the documents of the `collections` with these labels.

    Raises NotASite, UnknownCollection, and OSError when a folder cannot be read.
    """
    root, only = _find_root(source)
    config_name, config = _read_config(root)
    settings = read_settings(config.values, timezone.get_default_timezone())
    _check_collections(collections, settings)
    found = _list_site(root, only, settings, collections)
    if not found.posts and not found.strays:
        raise NotASite(f"{source} holds no posts: no folder named _posts lies in it or below it.")
    categories = {find_category(path) for path in found.posts}
    pages = _read_pages(root, config_name, categories)
    reasons = {path: settings.why_not_built(path) for path in found.posts}
    reasons |= {path: settings.why_not_served(path) for path in found.files}
    return Site(
        root=root,
        only=only,
        posts=tuple(found.posts),
        kept_back={path: reasons[path] for path in found.posts if reasons[path]},
        files=tuple(path for path in found.files if not reasons[path]),
        unbuilt={path: reasons[path] for path in found.files if reasons[path]},
        texts=tuple(found.texts),
        strays=tuple(found.strays),
        pages=pages,
        config=config.values,
        problems=(*config.problems, *settings.problems),
        settings=settings,
        languages={category: _find_language(category, pages, config.values) for category in categories},
    )


def _check_collections(labels: Iterable[str], settings: Settings) -> None:
    """Raises UnknownCollection."""
    shown = [label for label, one in settings.collections.items() if one.output and label != POSTS]
    for label in labels:
        if label not in shown:
            there = ", ".join(shown) or "none"
            raise UnknownCollection(
                f"The site shows no collection {label} (output: true in _config.yml). Those that it shows: {there}."
            )


def read_site_settings(source: Path) -> tuple[Mapping[str, object], Settings]:
    """What `_config.yml` of the site at `source` says, and what Jekyll makes of it. Raises NotASite."""
    config = _read_config(_find_root(source)[0])[1]
    return config.values, read_settings(config.values, timezone.get_default_timezone())


def _find_root(source: Path) -> tuple[Path, str]:
    """The root of a site, and the path of the one post in it that `source` names. Raises NotASite."""
    if not source.exists():
        raise NotASite(f"There is no folder or post at {source}.")
    if not source.is_file():
        return source.resolve(), ""
    if not is_post_name(source.name):
        raise NotASite(f"{source} is neither a folder nor a post (year-month-day-name and an extension).")
    root = find_root(source)
    return root, source.resolve().relative_to(root).as_posix()


def find_root(post: Path) -> Path:
    """The root of the site that a single post belongs to: what holds `_config.yml`, `files` or `images`.

    Without such a mark it is Isomer's layout, room/category/_posts; a post in no `_posts` folder is its own
    site.
    """
    folder = post.resolve().parent
    if "_posts" not in folder.parts:
        return folder
    above = [parent for parent in (folder, *folder.parents) if "_posts" not in parent.parts]
    for parent in above[:4]:
        if any((parent / mark).exists() for mark in (*CONFIGS, "files", "images")):
            return parent
    return above[2] if len(above) > 2 else above[0]


def _read_config(root: Path) -> tuple[str, Config]:
    """(name, what it says) of the settings of the site; those that can't be read are no reason to guess what
    it kept back."""
    name = next((name for name in CONFIGS if (root / name).is_file()), CONFIGS[0])
    try:
        if (root / name).is_file() and (root / name).stat().st_size > LARGEST_POST:
            raise ConfigError(f"{name} can't be read: it is too large.")
        return name, read_config(_read_page(root, name), name)
    except ConfigError as error:
        raise NotASite(f"{error} It says what the old site kept back; put it right first.") from error


def _list_site(root: Path, only: str, settings: Settings, collections: Collection[str]) -> _Listing:
    found = _Listing([], [], [], [])
    for path, problem in _walk(root, root, settings):
        folders = path.split("/")[:-1]
        if problem:
            readable = path.encode("utf-8", "backslashreplace").decode()
            found.strays.append(Stray(readable, problem))
        elif path == only or _is_post(path) or _is_document(root, path, settings, collections):
            found.posts.append(path)
        elif "_posts" in folders:
            found.strays.append(Stray(path, _why_no_post(root, path)))
        elif _is_file(path):
            found.files.append(path)
        elif path.lower().endswith(TEXTS) and path.split("/")[0] not in MACHINERY:
            found.texts.append(path)
    return _Listing([only], found.files, [], []) if only else found


def _is_post(path: str) -> bool:
    """Whether Jekyll would read it as a post, or as a draft of one."""
    *folders, name = path.split("/")
    is_draft = "_drafts" in folders and name.lower().endswith(TEXTS)
    return is_draft or ("_posts" in folders and is_post_name(name))


def _is_document(root: Path, path: str, settings: Settings, collections: Collection[str]) -> bool:
    """Whether it is a text with front matter in one of these collections, which Jekyll makes a page of."""
    if not collections or settings.split_collection(path)[0] not in collections:
        return False
    return path.lower().endswith(TEXTS) and _read_page(root, path).startswith((b"---", b"\xef\xbb\xbf---"))


def _why_no_post(root: Path, path: str) -> str:
    if "title" in read_front_matter(_read_page(root, path)):
        return f"{NO_POST_NAME} It reads like one; rename it to bring it in."
    if path.lower().endswith(DOCUMENTS):
        return "It is a file among the posts; the old site did not serve it."
    return NO_POST_NAME


def _read_pages(root: Path, config: str, categories: Iterable[str]) -> dict[str, bytes]:
    """`_config.yml`, or what is called so, and the pages of categories, and of the folders above them, those
    that there are, by path."""
    above = {category.rpartition("/")[0] for category in categories} - {""}
    paths = [config, *sorted(map(locate_page, {*categories, *above}))]
    return {path: _read_page(root, path) for path in paths if (root / path).is_file()}


def _read_page(root: Path, path: str) -> bytes:
    """The bytes of a page beside the posts; none where it is missing, too large or outside of the folder."""
    page = root / path
    try:
        inside = page.resolve(strict=True).is_relative_to(root)
        return page.read_bytes() if inside and page.stat().st_size <= LARGEST_POST else b""
    except (OSError, RuntimeError):
        return b""


def _find_language(category: str, pages: Mapping[str, bytes], config: Mapping[str, object]) -> str:
    page = read_front_matter(pages.get(locate_page(category), b""))
    return read_language(page) or read_language(config) or "en"


def _walk(folder: Path, root: Path, settings: Settings) -> Iterator[tuple[str, str]]:
    """(path below the root, "" or why it is passed over), in a stable order."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path = Path(entry.path).relative_to(root).as_posix()
        problem = _why_passed_over(entry, path, root)
        if problem is not None:
            yield path, problem
        if entry.is_dir(follow_symlinks=False) and settings.is_walked(path):
            yield from _walk(Path(entry.path), root, settings)


def _why_passed_over(entry: "os.DirEntry[str]", path: str, root: Path) -> str | None:
    """Why it is neither a post nor a file of the site, "" when it may be; None: nobody need be told."""
    above = path.split("/")[:-1]
    if entry.name.startswith("."):
        is_told = "_posts" in above and entry.name not in KEEPERS
        return "Its name begins with a dot, so the old site did not show it." if is_told else None
    if entry.is_dir(follow_symlinks=False):
        return "It is a folder." if "_posts" in above and is_post_name(entry.name) else None
    problem = _why_no_file(entry, root)
    return problem if not problem or "_posts" in path.split("/") else None


def _why_no_file(entry: "os.DirEntry[str]", root: Path) -> str:
    if not _is_unicode(entry.name):
        return "Its name is not valid UTF-8."
    if entry.is_symlink() and not _leads_inside(entry, root):
        return "It is a link that leads out of the folder, or nowhere."
    if not entry.is_file():
        return "It is not a regular file."
    return ""


def _leads_inside(entry: "os.DirEntry[str]", root: Path) -> bool:
    try:
        return Path(entry.path).resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_file(path: str) -> bool:
    """Whether it is a file to serve: anything in files/ or images/, documents and pictures elsewhere.

    At the root of a site other `.txt` and `.ico` lie, which are of its machinery.
    """
    first, slash, _ = path.partition("/")
    if not slash:
        return path.lower().endswith(DOCUMENTS) and not path.lower().endswith((".txt", ".ico"))
    if first in MACHINERY:
        return False
    return first.removeprefix("_") in ("files", "images") or path.lower().endswith(DOCUMENTS)
