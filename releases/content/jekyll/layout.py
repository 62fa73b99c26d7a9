"""How a Jekyll or Isomer site is laid out: where its posts, pages and files lie, and at which paths it serves
them."""

import datetime as dt
from collections.abc import Mapping

from releases.content.jekyll import frontmatter

LONGEST_TITLE = 200


def find_category(path: str) -> str:
    """The category of the post at `path`: `media-centre/speeches` of
    `media-centre/speeches/_posts/2024-03-01-a.md`.

    Empty where `_posts` or `_drafts` stands at the root of the site. A document of another collection has
    that for a category: `reports` of `_reports/2024/a.md`.
    """
    above = path.split("/")[:-1]
    for place, name in enumerate(above):
        if name in ("_posts", "_drafts"):
            return "/".join(above[:place])
    folders = [place for place, name in enumerate(above) if name.startswith("_")]
    return "/".join([*above[: folders[0]], above[folders[0]][1:]]) if folders else ""


def locate_section(category: str) -> str:
    """The public path at which the old site listed a category; posts at the root are listed at /releases/."""
    return f"/{category}/" if category else "/releases/"


def locate_page(category: str) -> str:
    """Where the page of a category lies below the root of the site."""
    return f"{category}/index.html".removeprefix("/")


def read_front_matter(page: bytes) -> dict[str, object]:
    """The front matter of a page or post; empty where it has none, or none that can be read."""
    try:
        front, _ = frontmatter.split_post(page.decode("utf-8-sig").replace("\r\n", "\n"))
        return frontmatter.parse_front_matter(front)[0] if front else {}
    except ValueError:
        return {}


def read_base_path(config: Mapping[str, object]) -> str:
    """The path of its host below which a site lay, without a slash at its end; "" for the root."""
    base = str(config.get("baseurl") or "").strip("/")
    return f"/{base}" if base else ""


def read_title(page: Mapping[str, object], category: str) -> str:
    """What the front matter of its page calls a category, else what its folder does, in at most 200
    characters.

    The breadcrumb counts where there is one, since some sites give all their pages one title.
    """
    named = str(page.get("breadcrumb") or page.get("title") or "").strip()
    folder = category.rpartition("/")[2].strip("-").replace("-", " ").capitalize()
    return (named or folder or "Releases")[:LONGEST_TITLE]


def begin_day(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """The instant at which a post of this date is public: 00:00 of the day in `zone`."""
    return dt.datetime.combine(day, dt.time(), tzinfo=zone)
