"""Where an old site sent its readers on: `_redirects`, jekyll-redirect-from, and the addresses of its
feeds."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.db import transaction

from releases.content.jekyll.layout import find_category
from releases.content.text import permalinks
from releases.models import Absence, Address, Redirect, Source
from releases.services.jekyll.embargo import find_start
from releases.services.jekyll.plan import Plan, PlannedPost
from releases.services.jekyll.report import ImportReport
from releases.services.jekyll.site import Site
from releases.services.website.redirects import why_not_redirect

FEED = "/releases/feed.atom"
FEED_PAGES = ("feed.xml", "atom.xml", "rss.xml")
WAITS = "Its post is kept back; add the redirect when you publish the release."


@dataclass(frozen=True, slots=True)
class RedirectWriter:
    """Keeps the redirects of a site as of the instant `at`; what is none is told, not guessed."""

    plan: Plan
    report: ImportReport
    at: dt.datetime
    dry_run: bool

    def save_rules(self) -> None:
        """The rules of `_redirects`: old path, target, optional status."""
        try:
            text = (self.plan.site.root / "_redirects").read_text(encoding="utf-8-sig")
        except (OSError, ValueError):
            return
        for number, line in enumerate(text.splitlines(), 1):
            words = line.split("#")[0].split() if line.lstrip().startswith("#") else line.split()
            if words:
                problem = self._save_rule(words)
                self.report.add("redirects", "", line=number, rule=line.strip(), problem=problem)

    def save_redirects_of_posts(self) -> None:
        """What `redirect_from` of a post names leads to its release, from when that is public on."""
        releases = dict(Source.objects.values_list("path", "release"))
        for planned in self.plan.posts:
            for old in planned.facts.post.redirect_from:
                problem = self._save_old_address(old, planned, releases.get(planned.facts.post.path))
                rule = f"{old} {planned.address} 301"
                self.report.add("redirects", "", path=planned.facts.post.path, rule=rule, problem=problem)

    def save_feeds(self) -> None:
        """The addresses that readers' software asks for the old site's feeds lead to ours."""
        for old, target in _list_feeds(self.plan.site):
            problem = self._save_rule([old, target, "301"])
            rule = f"{old} {target} 301"
            self.report.add("redirects", "", path="_config.yml", rule=rule, problem=problem)

    def _save_rule(self, words: list[str]) -> str:
        """Save one rule; returns why it was left out, "" when it is in."""
        source, target, status = (*words, "", "")[:3]
        gone = "410" in (target, status)
        problem = _why_no_redirect(source, "" if gone else target, status, gone=gone)
        if problem or self.dry_run:
            return problem
        return _save(source, Redirect(target="" if gone else target, valid_from=self.at))

    def _save_old_address(self, old: str, planned: PlannedPost, release: int | None) -> str:
        post, settings = planned.facts.post, self.plan.site.settings
        path = (
            urlsplit(old)._replace(scheme="", netloc="").geturl()
            if settings.url and old.startswith(f"{settings.url}/")
            else f"/{old.lstrip('/')}"
        )
        problem = WAITS if post.kept_back else _why_no_redirect(path, planned.address, "", gone=False)
        if problem or self.dry_run or release is None:
            return problem
        start = max(self.at, find_start(post, self.at))
        return _save(path, Redirect(release_id=release, valid_from=start))


def _list_feeds(site: Site) -> Iterator[tuple[str, str]]:
    """(old address, ours) of the feeds that jekyll-feed made, or that a page at the root was."""
    told = site.config.get("feed")
    feed = told if isinstance(told, dict) else {}
    plugins = [one for key in ("plugins", "gems", "whitelist") for one in _rows(site.config.get(key))]
    if feed or "jekyll-feed" in plugins:
        yield _locate_feed(feed, "feed.xml"), FEED
    yield from ((f"/{page}", FEED) for page in FEED_PAGES if (site.root / page).is_file())
    yield from ((f"/feed/{one}.xml", _choose_feed(one, site)) for one in _rows(feed.get("categories")))
    collections = feed.get("collections")
    named = collections if isinstance(collections, dict) else dict.fromkeys(_rows(collections))
    for label, row in named.items():
        yield from _list_feeds_of_collection(str(label), row if isinstance(row, dict) else {}, site)


def _list_feeds_of_collection(label: str, row: dict[str, object], site: Site) -> Iterator[tuple[str, str]]:
    prefix = "feed" if label == "posts" else f"feed/{label}"
    if label != "posts":
        yield _locate_feed(row, f"{prefix}.xml"), FEED
    yield from ((f"/{prefix}/{one}.xml", _choose_feed(one, site)) for one in _rows(row.get("categories")))


def _locate_feed(values: dict[str, object], default: str) -> str:
    return f"/{str(values.get('path') or default).lstrip('/')}"


def _choose_feed(category: str, site: Site) -> str:
    """The feed of the section whose folder has this name, else that of all releases."""
    folders = sorted({find_category(path) for path in site.posts})
    found = [one for one in folders if one.rpartition("/")[2].casefold() == category.casefold()]
    return f"{FEED}?section={permalinks.quote_path(found[0])}" if found else FEED


def _rows(value: object) -> list[str]:
    return [str(one) for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _save(source: str, redirect: Redirect) -> str:
    path = permalinks.normalise_path(source, is_old=True)
    found = Address.objects.at(path).first()
    if found and found.release_id and _leads_there(found, redirect):
        return ""
    if found and found.kind != Address.Kind.REDIRECT:
        return f"A {found.get_kind_display().lower()} has this address."
    with transaction.atomic():
        address = found or Address.objects.create(path=path, kind=Address.Kind.REDIRECT)
        values = {
            "target": redirect.target,
            "release_id": redirect.release_id,
            "valid_from": redirect.valid_from,
            "origin": "import",
        }
        Redirect.objects.get_or_create(address=address, defaults=values)
    return ""


def _leads_there(address: Address, redirect: Redirect) -> bool:
    """Whether a release sends readers of this address of its own where the redirect would, or says that it is
    gone."""
    if not redirect.target:
        removed = Absence.objects.at(redirect.valid_from).filter(kind=Absence.Kind.REMOVED)
        return removed.filter(release=address.release_id).exists()
    return Address.objects.at(unquote(redirect.target)).filter(release=address.release_id).exists()


def _why_no_redirect(source: str, target: str, status: str, *, gone: bool) -> str:
    if not source.startswith("/") or "://" in source or source.startswith(("/http:", "/https:")):
        return "The old address is not a path of this site."
    if (not gone and not target.startswith(("/", "https://", "http://"))) or target.startswith("//"):
        return "The target is neither a path nor a web address."
    if status.rstrip("!") not in ("", "301", "302", "303", "307", "308", "410"):
        return f"Status {status} is not a redirect."
    try:
        return why_not_redirect(permalinks.normalise_path(source), target)
    except permalinks.PermalinkError as error:
        return str(error)
