"""The first step of an import: every post of a site is read, once, with what it claims and what it links
to."""

import datetime as dt
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from releases.content.files.links import TypedLink, find_images, find_links
from releases.content.jekyll.layout import read_base_path, read_front_matter
from releases.content.jekyll.liquid_text import is_template, lead_to_root, may_hold_liquid
from releases.content.jekyll.post import Post, PostError, parse_post
from releases.services.editions.progress import Progress
from releases.services.jekyll.report import explain_error
from releases.services.jekyll.site import LARGEST_POST, Site, open_site


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A post as it lies in the site: its values, its bytes, and the address that it claims.

    Its body is the text after Liquid; `unknown_liquid` names what of that is not understood, and
    `is_rewritten` tells whether it is another than the post's. `links` and
    `images` are those of its front matter and its body, wherever they lead, in their order.
    """

    post: Post
    content: bytes
    permalink: str
    links: tuple[TypedLink, ...]
    images: tuple[TypedLink, ...]
    is_liquid: bool = False
    is_rewritten: bool = False
    unknown_liquid: tuple[str, ...] = ()


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


def survey_posts(site: Site, progress: Progress, at: dt.datetime) -> Survey:
    """Read all posts of a site as of the instant `at`. What can't be read is among `failed` and stops nothing
    else.

    Templates are rendered once all are read, since they may name any other post.
    """
    base = read_base_path(site.config)
    found = [_survey_post(site, path, base) for path in progress(site.posts, "Reading")]
    posts = [one for one in found if isinstance(one, PostFacts)]
    if any(facts.is_liquid for facts in posts):
        posts = _render_liquid(site, posts, at)
    return Survey(posts=tuple(posts), failed=tuple(one for one in found if isinstance(one, FailedPost)))


def _survey_post(site: Site, path: str, base: str) -> PostFacts | FailedPost:
    content = b""
    try:
        content = _read(site.root, path)
        typed = parse_post(
            content,
            path,
            site.settings,
            kept_back=site.kept_back.get(path, ""),
            changed=site.find_day_of_draft(path),
        )
        post = _lead_to_root(typed, base)
        return find_targets(
            PostFacts(
                post=post,
                content=content,
                permalink=post.permalink,
                links=(),
                images=(),
                is_rewritten=post != typed,
                is_liquid=may_hold_liquid(post.body) and is_template(read_front_matter(content)),
            )
        )
    except PostError as error:
        place = f"line {error.line}: " if error.line else ""
        return FailedPost(path, place + error.reason, content)
    except (OSError, ValueError) as error:
        return FailedPost(path, explain_error(error), content)


def _lead_to_root(post: Post, base: str) -> Post:
    """A post whose links begin at the root, where its site is served here and not below `base`."""
    if not base or f"{base}/" not in f"{post.image} {post.file_url} {post.body}":
        return post
    image, file_url = (
        path.removeprefix(base) if path.startswith(f"{base}/") else path
        for path in (post.image, post.file_url)
    )
    return replace(post, body=lead_to_root(post.body, "", base), image=image, file_url=file_url)


def find_targets(facts: PostFacts) -> PostFacts:
    """The same post with the links and pictures of its present body."""
    post = facts.post
    annexes = [TypedLink(label=one.title, target=one.path, line=0) for one in post.extras.annexes]
    file = [TypedLink(label=post.title, target=post.file_url, line=0)] if post.file_url else []
    lead_image = [TypedLink(label="", target=post.image, line=0)] if post.image else []
    return replace(
        facts,
        links=(*annexes, *find_links(post.body), *file),
        images=(*find_images(post.body), *lead_image),
    )


def _render_liquid(site: Site, posts: Sequence[PostFacts], at: dt.datetime) -> list[PostFacts]:
    """The same posts with what their templates say, and the links of that."""
    from releases.content.jekyll.liquid import LiquidRenderer  # noqa: PLC0415 (few sites have templates)
    from releases.services.jekyll.liquid_site import describe_page, gather_liquid_site  # noqa: PLC0415

    known = {facts.post.path: (facts.post, facts.content) for facts in (*_survey_others(site), *posts)}
    liquid_site = gather_liquid_site(site, known, at)
    renderer = LiquidRenderer(liquid_site)
    rendered = []
    for facts in posts:
        if facts.is_liquid:
            page = describe_page(facts.post, facts.content, site.settings)
            text = renderer.render_text(facts.post.body, page)
            post = replace(facts.post, body=text.text)
            is_rewritten = facts.is_rewritten or post.body != facts.post.body
            facts = find_targets(
                replace(facts, post=post, is_rewritten=is_rewritten, unknown_liquid=text.unknown)
            )
        rendered.append(facts)
    return rendered


def _survey_others(site: Site) -> Iterable[PostFacts]:
    """All posts of the site of which only one is to be imported."""
    whole = open_site(site.root) if site.only else site
    others = (_survey_post(whole, path, "") for path in whole.posts) if site.only else ()
    return (one for one in others if isinstance(one, PostFacts))


def _read(root: Path, path: str) -> bytes:
    """Raises ValueError with the reason when a post is too large, OSError when it can't be read."""
    with open(f"{root}/{path}", "rb") as file:  # noqa: PTH123 (a Path costs more than the reading)
        if (size := os.fstat(file.fileno()).st_size) > LARGEST_POST:
            raise ValueError(f"The post has {size:,} bytes; {LARGEST_POST:,} are allowed.")
        return file.read()
