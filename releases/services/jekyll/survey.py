"""The first reading of a site: what each post claims and uses, before anything is written."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from releases.content.files import links as linking
from releases.content.files.links import Link
from releases.content.jekyll.layout import find_category, locate_file, locate_section
from releases.content.jekyll.post import Post, PostError, parse_post, without_body
from releases.content.text import permalinks
from releases.content.text.canonical import digest_of
from releases.services.jekyll.report import ImportReport
from releases.services.jekyll.site import Site

Progress = Callable[[Collection[Any], str], Iterable[Any]]


@dataclass(slots=True)
class PostFacts:
    """What is kept of a post between the two readings: all but its body, of which only the length."""

    post: Post
    permalink: str
    sha256: str
    body_length: int
    links: list[Link]
    images: list[Link]
    address: str = ""
    files: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return self.post.path

    @property
    def category(self) -> str:
        return self.post.category


class Survey:
    """All posts of a site, read once; `address` of each is its own and nobody else's."""

    def __init__(self, site: Site, hosts: Collection[str], report: ImportReport) -> None:
        self.site, self.hosts, self.report = site, frozenset(hosts), report
        self.index = linking.FileIndex(site.files)
        self.posts: list[PostFacts] = []
        self.linked: set[str] = set()

    def read(self, progress: Progress) -> None:
        for path in progress(self.site.posts, "Reading"):
            section = locate_section(find_category(path))
            self.report.count("posts", section)
            try:
                data = self.site.read(path)
                self._take(
                    parse_post(data, path, self.site.permalink_style), hashlib.sha256(data).hexdigest()
                )
            except PostError as error:
                place = f"line {error.line}: " if error.line else ""
                self.report.add("failed", section, path=path, reason=place + error.reason)
            except (OSError, ValueError) as error:
                self.report.add("failed", section, path=path, reason=explain_error(error))

    def settle_addresses(self, owners: dict[str, str]) -> None:
        """Give every post an address of its own.

        Of several claimants the one that holds it already keeps it (`owners`: permalink digest to post path),
        else the newest post does: Jekyll wrote it last, so its readers saw that one. A file keeps its path before
        any post, since its bytes have no other place.
        """
        claims = defaultdict(list)
        files = {permalinks.digest(locate_file(file)) for file in self.site.files}
        for facts in sorted(self.posts, key=lambda facts: (facts.post.date, facts.path)):
            claims[permalinks.digest(facts.permalink)].append(facts)
        for key, claimants in claims.items():
            kept = None
            if key not in files:
                kept = next((facts for facts in claimants if facts.path == owners.get(key)), claimants[-1])
                kept.address = kept.permalink
            others = [facts for facts in claimants if facts is not kept]
            for facts in others:
                facts.address = self._alternative(facts, {*claims, *files}, owners)
            if others:
                self._tell_shared(kept, others)

    def file_of(self, path: str) -> str:
        """The file of the site that a root-relative path leads to, "" when there is none."""
        return self.index.find(path)[1]

    def unused_files(self) -> Iterator[str]:
        return (file for file in self.site.files if file not in self.linked)

    def _take(self, post: Post, sha256: str) -> None:
        facts = PostFacts(
            post=without_body(post),
            permalink=permalinks.normalise(post.permalink),
            sha256=sha256,
            body_length=len(post.body),
            links=_named_annexes(post) + linking.find_links(post.body) + _file_link(post),
            images=linking.find_images(post.body) + _lead_image(post),
        )
        facts.files = sorted({file for file in map(self.file_of, self._own_paths(facts)) if file})
        self.linked.update(facts.files)
        self.posts.append(facts)

    def _own_paths(self, facts: PostFacts) -> Iterator[str]:
        for link in facts.links:
            if path := linking.annex_path(link.target, self.hosts):
                yield path
        for image in facts.images:
            if path := linking.own_path(image.target, self.hosts):
                yield path

    def _alternative(self, facts: PostFacts, claims: Collection[str], owners: dict[str, str]) -> str:
        held = {key for key, path in owners.items() if path != facts.path}
        taken = (
            {permalinks.digest(other.address) for other in self.posts if other.address} | held | set(claims)
        )
        for path in propose_addresses(facts.permalink, str(facts.post.date)):
            if permalinks.digest(path) not in taken:
                return path
        raise AssertionError("alternatives never end")

    def _tell_shared(self, kept: PostFacts | None, others: list[PostFacts]) -> None:
        """`kept` None: a file of the site has the address."""
        self.report.shared_urls.append(
            {
                "url": others[0].permalink,
                "posts": sorted(facts.path for facts in (*others, *filter(None, [kept]))),
                "kept": kept.path if kept else others[0].permalink.lstrip("/"),
                "alternatives": {facts.path: facts.address for facts in others},
            }
        )


def _named_annexes(post: Post) -> list[Link]:
    return [Link(label=annex.title, target=annex.path, line=0) for annex in post.extras.annexes]


def _file_link(post: Post) -> list[Link]:
    return [Link(label=post.title, target=post.file_url, line=0)] if post.file_url else []


def _lead_image(post: Post) -> list[Link]:
    return [Link(label="", target=post.image, line=0)] if post.image else []


def propose_addresses(permalink: str, day: str) -> Iterator[str]:
    """Other addresses for a permalink that is taken: with the day, then with the day and a number."""
    stem, slash = permalink.rstrip("/"), "/" if permalink.endswith("/") else ""
    stem, dot, extension = stem.rpartition(".") if stem.endswith((".html", ".md")) else (stem, "", "")
    number = 1
    while True:
        mark = f"-{day}" if number == 1 else f"-{day}-{number}"
        yield f"{stem}{mark}{dot}{extension}{slash}"
        number += 1


def fingerprint_post(facts: PostFacts, blobs: Iterable[str]) -> str:
    """SHA-256 over the bytes of a post and those of its files: when it is equal, nothing changed."""
    return digest_of([facts.sha256, list(blobs)])


def explain_error(error: Exception) -> str:
    """An exception as a sentence: the operating system's own words without the path, or the message."""
    if isinstance(error, OSError) and error.strerror:
        return f"It cannot be read: {error.strerror}."
    return str(error) or type(error).__name__
