"""A Jekyll or Isomer site as it lies on the disk: its posts, its files, what it says of itself."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from releases.content.jekyll.layout import read_config, read_front_matter
from releases.content.jekyll.post import is_post_name, read_language

LARGEST_POST = 2_000_000
UNSERVED = {
    "_posts",
    "_drafts",
    "_data",
    "_layouts",
    "_includes",
    "_sass",
    "_site",
    "_plugins",
    "node_modules",
    "vendor",
}
DOCUMENTS = tuple(
    ".pdf .doc .docx .xls .xlsx .ppt .pptx .ppsx .csv .zip .txt .rtf .odt .ods .odp .mp3 .mp4 .wav .m4a .mov .webm"
    " .jpg .jpeg .png .gif .svg .webp .tif .tiff .avif .ico".split()
)
NO_POST_NAME = "Its name is not that of a post (year-month-day-name and .md or another extension of texts)."
KEEPERS = (".keep", ".gitkeep", ".DS_Store")


class NotASite(ValueError):
    """The source is no folder or post that can be imported; the message says why."""


@dataclass
class Site:
    """`only` is the path of the one post to import, where the source names a post and not a folder."""

    root: Path
    only: str = ""
    posts: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    strays: list[tuple[str, str]] = field(default_factory=list)
    _languages: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, source: Path) -> "Site":
        """List a site. Raises NotASite, and OSError when the folder itself cannot be read."""
        if not source.exists():
            raise NotASite(f"There is no folder or post at {source}.")
        if source.is_file() and not is_post_name(source.name):
            raise NotASite(f"{source} is neither a folder nor a post (year-month-day-name and an extension).")
        site = cls(find_root(source), only="") if source.is_file() else cls(source.resolve())
        if source.is_file():
            site.only = source.resolve().relative_to(site.root).as_posix()
        site.look_around()
        if not site.posts and not site.strays:
            raise NotASite(f"{source} holds no posts: no folder named _posts lies in it or below it.")
        return site

    def read(self, path: str) -> bytes:
        """The bytes of a post. Raises ValueError with the reason when it is too large, OSError when unreadable."""
        with open(f"{self.root}/{path}", "rb") as file:  # noqa: PTH123 (each post is opened twice: a Path costs more than the reading)
            if (size := os.fstat(file.fileno()).st_size) > LARGEST_POST:
                raise ValueError(f"The post has {size:,} bytes; {LARGEST_POST:,} are allowed.")
            return file.read()

    @cached_property
    def config(self) -> dict[str, object]:
        """`_config.yml`; empty when there is none or it can't be read."""
        return read_config(self.page("_config.yml"))

    def front_matter_of(self, path: str) -> dict[str, object]:
        """The front matter of a page of the site; empty when there is none."""
        return read_front_matter(self.page(path))

    def page(self, path: str) -> bytes:
        """The bytes of a page beside the posts; none where it is missing, too large or outside of the folder."""
        page = self.root / path
        try:
            inside = page.resolve(strict=True).is_relative_to(self.root)
            return page.read_bytes() if inside and page.stat().st_size <= LARGEST_POST else b""
        except (OSError, RuntimeError):
            return b""

    @property
    def permalink_style(self) -> str:
        """How addresses are made of posts that name none: as `_config.yml` says, else as Isomer does."""
        return str(self.config.get("permalink") or "none")

    @cached_property
    def host(self) -> str:
        """The site's own web host, without www; empty when `_config.yml` does not tell."""
        try:
            return (urlsplit(str(self.config.get("url", ""))).hostname or "").removeprefix("www.")
        except ValueError:
            return ""

    def language_of(self, category: str) -> str:
        """What the page of a category says, else `_config.yml`, else English."""
        if category not in self._languages:
            told = self.front_matter_of(f"{category}/index.html")
            self._languages[category] = read_language(told) or read_language(self.config) or "en"
        return self._languages[category]

    def look_around(self) -> None:
        """Fill `posts`, `files` and `strays`."""
        for path, problem in _walk(self.root, self.root):
            if problem:
                self.strays.append((path, problem))
            elif "_posts" in path.split("/")[:-1] or path == self.only:
                self._take_post(path)
            elif _is_served(path):
                self.files.append(path)
        if self.only:
            self.posts, self.strays = [self.only], []

    def _take_post(self, path: str) -> None:
        if is_post_name(path.rsplit("/", 1)[-1]):
            self.posts.append(path)
        elif "title" in self.front_matter_of(path):
            self.strays.append((path, f"{NO_POST_NAME} It reads like one; rename it to bring it in."))
        elif path.lower().endswith(DOCUMENTS):
            self.strays.append((path, "It is a file among the posts; the old site did not serve it."))
        else:
            self.strays.append((path, NO_POST_NAME))


def find_root(post: Path) -> Path:
    """The root of the site that a single post belongs to: what holds `_config.yml`, `files` or `images`.

    Without such a mark it is Isomer's layout, room/category/_posts; a post in no `_posts` folder is its own site.
    """
    folder = post.resolve().parent
    if "_posts" not in folder.parts:
        return folder
    above = [parent for parent in (folder, *folder.parents) if "_posts" not in parent.parts]
    for parent in above[:4]:
        if any((parent / mark).exists() for mark in ("_config.yml", "files", "images")):
            return parent
    return above[2] if len(above) > 2 else above[0]


def _walk(folder: Path, root: Path) -> Iterator[tuple[str, str]]:
    """(path below the root, "" or why it is passed over), in a stable order; hidden names are not looked at."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path = Path(entry.path).relative_to(root).as_posix()
        among_posts = "_posts" in path.split("/")[:-1]
        if entry.name.startswith(".") or entry.name in ("node_modules", "_site"):
            if among_posts and entry.name not in KEEPERS:
                yield path, "Its name begins with a dot, so the old site did not show it."
        elif entry.is_dir(follow_symlinks=False):
            if among_posts and is_post_name(entry.name):
                yield path, "It is a folder."
            yield from _walk(Path(entry.path), root)
        elif problem := _problem(entry, root):
            if "_posts" in path.split("/"):
                yield path.encode("utf-8", "backslashreplace").decode(), problem
        else:
            yield path, ""


def _problem(entry: "os.DirEntry[str]", root: Path) -> str:
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


def _is_served(path: str) -> bool:
    """Whether the old site served this as a file: anything in files/ or images/, documents and pictures elsewhere."""
    first = path.split("/", 1)[0]
    if first in UNSERVED or "/" not in path:
        return False
    return first.removeprefix("_") in ("files", "images") or path.lower().endswith(DOCUMENTS)
