"""Links of a text that lead nowhere on this site, each with the address that was probably meant."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings

from releases.content.files import links
from releases.content.text.permalinks import digest_path, quote_path
from releases.models import Annex, Edition, Illustration, Upload
from releases.services.website.resolver import is_own_page, reachable_paths

_ELSEWHERE = re.compile(r"//|(?:https?|mailto|tel):", re.IGNORECASE)
_WEB = re.compile(r"(https?:)?//", re.IGNORECASE)
_ANY_SCHEME = re.compile(r"[a-z][a-z0-9+-]*:(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DeadLink:
    """`target` as it is typed; `likely`: what can stand in its place ("": nobody knows)."""

    target: str
    label: str
    likely: str

    @property
    def words(self) -> str:
        fault = f"The link to {self.target} leads nowhere."
        if not self.target:
            fault = f"The link “{self.label[:80]}” has no address."
        return f"{fault} Did you mean {self.likely}?" if self.likely else fault


def find_dead_links(editions: list[Edition], at: datetime) -> dict[int, list[DeadLink]]:
    """By edition, in the order of its text: links and pictures that lead nowhere at the instant `at`.

    Every path is asked once, and all together. The edition's own page and files are there. Pages of other
    sites are not asked; an address without its scheme is none of another site, and leads nowhere.
    """
    asked = {edition.pk: _find_own_targets(edition) for edition in editions}
    paths = {path for targets in asked.values() for _, path in targets if path}
    there = {path for path in paths if is_own_page(path)}
    digests = [digest_path(path) for path in paths - there]
    there |= set(
        Upload.objects.filter(address__path_digest__in=digests).values_list("address__path", flat=True)
    )
    there |= reachable_paths(paths - there, at)
    return {
        edition.pk: [
            DeadLink(link.target, link.label, _likely_target(link, edition))
            for link, path in asked[edition.pk]
            if path not in there
        ]
        for edition in editions
    }


def find_outside_urls(edition: Edition) -> list[str]:
    """Pages and pictures of other sites that the text leads to, each once, without the fragment: it stays with
    the browser."""
    hosts = _own_hosts()
    written = [*links.find_links(edition.body), *links.find_images(edition.body)]
    targets = [target.strip() for target in (edition.link_url, *(link.target for link in written))]
    begun = ((target, _WEB.match(target)) for target in targets)
    urls = [f"{(web[1] or 'https:').lower()}//{target[web.end() :]}" for target, web in begun if web]
    return list(
        dict.fromkeys(url.split("#")[0] for url in urls if links.resolve_own_path(url, hosts) is None)
    )


def _find_own_targets(edition: Edition) -> list[tuple[links.TypedLink, str]]:
    """Links and pictures that lead to this site or to none, each target once, with the path that it leads to
    ("": none); not those to the edition's own page and files."""
    own = {edition.address.path, *(file.address.path for file in _files_of(edition))}
    hosts = _own_hosts()
    found: dict[str, tuple[links.TypedLink, str]] = {}
    for link in [*links.find_links(edition.body), *links.find_images(edition.body)]:
        path = _resolve_path(link, edition.address.path, hosts)
        if path is not None and path not in own:
            found.setdefault(link.target or link.label, (link, path))
    return list(found.values())


def _own_hosts() -> set[str]:
    return {(urlsplit(settings.SITE_URL).hostname or "").removeprefix("www.")}


def _resolve_path(link: links.TypedLink, page: str, hosts: set[str]) -> str | None:
    """Where a link of `page` leads on this site; "" for nowhere, None for what is fine wherever it leads."""
    target = link.target.strip()
    path = links.resolve_own_path(target, hosts)
    if path is not None:
        return unquote(path) if path.strip("/") else None
    if target.startswith("#") or link.label.startswith("^"):  # a footnote is no link
        return None
    if not target or links.complete_target(target):
        return ""
    if _ELSEWHERE.match(target):
        return None
    if _ANY_SCHEME.match(target):  # no browser gets it: the sanitizer takes it away
        return ""
    return unquote(urljoin(page, target.split("#")[0].split("?")[0]))


def _likely_target(link: links.TypedLink, edition: Edition) -> str:
    """The address without a slip of the pen, else that of the edition's own file which the target names, or
    which the link's words name."""
    if complete := links.complete_target(link.target.strip()):
        return complete
    files = {name: file.address.path for file in _files_of(edition) for name in _names_of(file)}
    asked = PurePosixPath(unquote(link.target))
    for name in (asked.name, asked.stem, link.label):
        if path := files.get(_plain(name)):
            return quote_path(path)
    return ""


def _names_of(file: Annex | Illustration) -> set[str]:
    """By what an editor may call a file: its name with and without the ending, its label, its title."""
    path = PurePosixPath(file.address.path)
    said = [file.label, file.title, f"{file.label} {file.title}"] if isinstance(file, Annex) else []
    return {_plain(name) for name in (path.name, path.stem, *said)} - {""}


def _plain(name: str) -> str:
    return links.squeeze_path(re.sub(r"[-_\s:–—]+", " ", name))


def _files_of(edition: Edition) -> list[Annex | Illustration]:
    return [*edition.annexes.all(), *edition.illustrations.all()]
