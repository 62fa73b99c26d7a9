"""The first step of an import: every post of a site is read, once, with what it claims and what it links
to."""

import os
from dataclasses import dataclass
from pathlib import Path

from releases.content.files.links import Link, find_images, find_links
from releases.content.jekyll.post import Post, PostError, parse_post
from releases.services.jekyll.report import Progress, explain_error
from releases.services.jekyll.site import LARGEST_POST, Site


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A post as it lies in the site: its values, its bytes, and the address that it claims.

    `links` and `images` are those of its front matter and its body, wherever they lead, in their order.
    """

    post: Post
    content: bytes
    permalink: str
    links: tuple[Link, ...]
    images: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FailedPost:
    """A post that is none of ours, with its bytes where they could be read."""

    path: str
    reason: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Survey:
    """The posts of a site in the order of their paths."""

    posts: tuple[PostFacts, ...]
    failed: tuple[FailedPost, ...]


def survey_posts(site: Site, progress: Progress) -> Survey:
    """Read all posts of a site. What can't be read is among `failed` and stops nothing else."""
    found = [_survey_post(site, path) for path in progress(site.posts, "Reading")]
    return Survey(
        posts=tuple(one for one in found if isinstance(one, PostFacts)),
        failed=tuple(one for one in found if isinstance(one, FailedPost)),
    )


def _survey_post(site: Site, path: str) -> PostFacts | FailedPost:
    content = b""
    try:
        content = _read(site.root, path)
        post = parse_post(
            content,
            path,
            site.settings,
            kept_back=site.kept_back.get(path, ""),
            changed=site.find_day_of_draft(path),
        )
        annexes = [Link(label=one.title, target=one.path, line=0) for one in post.extras.annexes]
        file = [Link(label=post.title, target=post.file_url, line=0)] if post.file_url else []
        lead_image = [Link(label="", target=post.image, line=0)] if post.image else []
        return PostFacts(
            post=post,
            content=content,
            permalink=post.permalink,
            links=(*annexes, *find_links(post.body), *file),
            images=(*find_images(post.body), *lead_image),
        )
    except PostError as error:
        place = f"line {error.line}: " if error.line else ""
        return FailedPost(path, place + error.reason, content)
    except (OSError, ValueError) as error:
        return FailedPost(path, explain_error(error), content)


def _read(root: Path, path: str) -> bytes:
    """Raises ValueError with the reason when a post is too large, OSError when it can't be read."""
    with open(f"{root}/{path}", "rb") as file:  # noqa: PTH123 (a Path costs more than the reading)
        if (size := os.fstat(file.fileno()).st_size) > LARGEST_POST:
            raise ValueError(f"The post has {size:,} bytes; {LARGEST_POST:,} are allowed.")
        return file.read()
