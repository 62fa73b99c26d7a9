"""What the templates of a site's posts may use: its settings, its posts, its data, and where all lies."""

import csv
import datetime as dt
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from releases.content.jekyll.config import CONFIGS, read_data
from releases.content.jekyll.defaults import POSTS, merge_values
from releases.content.jekyll.layout import find_category, read_base_path, read_front_matter
from releases.content.jekyll.liquid import LazyValues, LiquidSite
from releases.content.jekyll.liquid_text import may_hold_liquid
from releases.content.jekyll.post import Post
from releases.content.jekyll.settings import Settings
from releases.content.markdown import BodyRefused, render_body
from releases.content.text.permalinks import quote_path
from releases.services.jekyll.site import LARGEST_POST, Site

STAYS_BEHIND = tuple(
    "time pages html_pages html_files static_files documents collections related_posts".split()
)
"""What no import can tell of a site: the day on which it was built, and its other pages."""
NEIGHBOURS = ("next", "previous")
_ENDING = re.compile(r"\.\w+$")
_NO_WORD = re.compile(r"[^\w\s-]+")
_SPACES = re.compile(r"\s+")


def gather_liquid_site(site: Site, posts: Mapping[str, tuple[Post, bytes]], at: dt.datetime) -> LiquidSite:
    """The values of a site for its templates; `posts` are all that could be read, with their bytes, by path.

    A site is served from its root here, so its `baseurl` is empty. Its list of posts can't be known while one
    of them is not public as of the instant `at`, or was not on that day: no text may tell of it.
    """
    config, zone = site.config, site.settings.zone
    newest_first = sorted(
        (post for post, _ in posts.values()), key=lambda post: (post.date, post.path), reverse=True
    )
    shown = [  # in `site.posts`: documents of collections are not among them
        post for post in newest_first if post.published and site.settings.find_label(post.path) == POSTS
    ]
    hidden = frozenset(post.path for post in newest_first if not post.is_shown(at))
    unknowable = {*STAYS_BEHIND, *(("github",) if "github" not in config else ())}
    if isinstance(collections := config.get("collections"), (dict, list)):
        unknowable |= {str(name) for name in collections} - {"posts"}
    if shown and shown[0].date >= at.astimezone(zone).date():
        unknowable |= {"posts", "categories", "tags"}

    def list_posts() -> list[dict[str, object]]:
        return [describe_post(post, posts[post.path][1], site.settings) for post in shown]

    values = LazyValues(
        "site",
        {**config, "baseurl": ""},
        {
            "posts": list_posts,
            "data": lambda: _read_data(site.root / "_data", site.root, "site.data"),
            "categories": lambda: _group_posts(list_posts(), "categories"),
            "tags": lambda: _group_posts(list_posts(), "tags"),
        },
        unknowable,
    )
    return LiquidSite(
        values=values,
        url=str(config.get("url") or "").rstrip("/"),
        base=read_base_path(config),
        zone=zone,
        locate_post=lambda name: _locate_post(name, newest_first, hidden),
        locate_file=lambda path: _locate_path(path.lstrip("/"), site, posts, hidden),
        render_markdown=_render_markdown,
    )


def describe_page(post: Post, content: bytes, settings: Settings) -> LazyValues:
    """A post as its own template knows it."""
    told = describe_post(post, content, settings)
    values = {name: value for name, value in told.items() if name not in NEIGHBOURS}
    return LazyValues("page", values, {}, NEIGHBOURS)


def describe_post(post: Post, content: bytes, settings: Settings) -> dict[str, object]:
    """A post as templates know it: its front matter over `defaults:`, and what Jekyll adds."""
    label = settings.find_label(post.path)
    front = merge_values(settings.values_for(post.path, label), read_front_matter(content))
    base = post.path.rpartition("/")[2]
    name = _ENDING.sub("", base)
    categories = [one for one in find_category(post.path).split("/") if one and label == POSTS]
    first = post.body.strip().split("\n\n")[0]
    return {
        "draft": False,
        "ext": base.removeprefix(name),
        **front,
        "name": base,
        "title": post.title,
        "url": quote_path(post.permalink),
        "date": post.at.astimezone(settings.zone),
        "path": post.path,
        "id": _ENDING.sub("", post.permalink.rstrip("/")),
        "slug": front.get("slug") or name.split("-", 3)[-1],
        "collection": label,
        "categories": [*categories, *_read_words(front, "category", "categories")],
        "tags": _read_words(front, "tag", "tags"),
        "excerpt": front.get("excerpt") or ("" if may_hold_liquid(first) else _render_markdown(first)),
    }


def _read_words(front: Mapping[str, object], one: str, many: str) -> list[str]:
    found = front.get(many) or []
    more = found.split() if isinstance(found, str) else found if isinstance(found, list) else []
    return [str(word) for word in ([front[one]] if front.get(one) else []) + list(more)]


def _group_posts(posts: Sequence[Mapping[str, object]], key: str) -> dict[str, list[object]]:
    groups: dict[str, list[object]] = {}
    for post in posts:
        words = post[key]
        for word in words if isinstance(words, list) else ():
            groups.setdefault(word, []).append(post)
    return groups


def _render_markdown(text: str) -> str:
    try:
        return render_body(text).html
    except BodyRefused as error:
        raise ValueError(str(error)) from error


def _locate_post(wanted: str, posts: Sequence[Post], hidden: Collection[str]) -> str | None:
    """Where the post of a file's name is, None for one of the `hidden` paths; the folder above its `_posts` may be
    named before it."""
    folder, _, name = re.sub(r"\.(?:md|markdown)$", "", wanted.strip("/")).rpartition("/")
    named = [post for post in posts if _ENDING.sub("", post.path.rpartition("/")[2]) == name]
    folder = folder.removesuffix("_posts").strip("/")
    found = [post for post in named if find_category(post.path) == folder] or (named if not folder else [])
    if found and found[0].path in hidden:
        return None
    return quote_path(found[0].permalink) if found else ""


def _locate_path(
    path: str, site: Site, posts: Mapping[str, tuple[Post, bytes]], hidden: Collection[str]
) -> str | None:
    """Where a post or file of the site is, None for a post of the `hidden` paths; a page at its own permalink,
    else where its folder is."""
    if path in hidden:
        return None
    if path in posts:
        return quote_path(posts[path][0].permalink)
    if path in site.files:
        return quote_path(site.settings.locate_file(path))
    if path in site.pages and path not in CONFIGS:
        told = read_front_matter(site.pages[path]).get("permalink")
        return quote_path(str(told or f"/{path.removesuffix('index.html')}"))
    return ""


def _read_data(folder: Path, root: Path, name: str) -> Mapping[str, object]:
    """The files of a folder of data, by the names that templates call them; one that can't be read can't be
    known."""
    values: dict[str, object] = {}
    unread = []
    for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
        key = _SPACES.sub("_", _NO_WORD.sub("", entry.stem))
        if entry.is_dir() and not entry.is_symlink():
            values[key] = _read_data(entry, root, f"{name}.{key}")
        elif (read := READERS.get(entry.suffix.lower())) and _is_inside(entry, root):
            try:
                values[key] = read(entry.read_bytes())
            except (OSError, ValueError, RecursionError):
                unread.append(key)
    return LazyValues(name, values, {}, unread) if unread else values


def _is_inside(file: Path, root: Path) -> bool:
    try:
        return (
            file.resolve(strict=True).is_relative_to(root)
            and file.is_file()
            and file.stat().st_size <= LARGEST_POST
        )
    except (OSError, RuntimeError):
        return False


READERS: dict[str, Callable[[bytes], object]] = {
    ".yml": read_data,
    ".yaml": read_data,
    ".json": json.loads,
    ".csv": lambda file: list(csv.DictReader(file.decode("utf-8-sig").splitlines())),
    ".tsv": lambda file: list(csv.DictReader(file.decode("utf-8-sig").splitlines(), delimiter="\t")),
}
