"""Files that no post links to in a way that is understood, but that a post which is not public yet names somewhere."""

import datetime as dt
import html
import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import unquote

from django.db.models import Q

from releases.content.jekyll.layout import locate_file
from releases.content.text import permalinks
from releases.models import Annex, Edition, Illustration
from releases.services.jekyll.report import ImportReport
from releases.services.jekyll.site import Site
from releases.services.jekyll.survey import PostFacts
from releases.services.jekyll.writer import start_of_day
from releases.services.publishing.erasure import erased_path_digests

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-", re.ASCII)
_HIDDEN = re.compile(r"^(?:published:\s*['\"]?false|draft:\s*['\"]?true)", re.IGNORECASE | re.MULTILINE)


def hold_back_files(
    site: Site, posts: Collection[PostFacts], failed: Collection[str], files: Collection[str], at: dt.datetime
) -> dict[str, dt.datetime | None]:
    """Of `files` those to keep back, each with the instant at which its post becomes public (None: nobody knows).

    `failed` are posts that did not come in. A file that a public post names as well is not kept back.
    """
    found: dict[str, dt.datetime | None] = {}
    names = {file: _folded(locate_file(file).lstrip("/")) for file in files}
    for text, live_from in _hidden(site, posts, failed, at):
        for file, name in names.items():
            if name in text and (file not in found or _earlier(live_from, found[file])):
                found[file] = live_from
    if found:
        shown = [_folded(_text(site, facts.path)) for facts in posts if _live_from(facts, at) == at]
        found = {file: when for file, when in found.items() if not any(names[file] in text for text in shown)}
    return found


def leave_out_kept(site: Site, files: Iterable[str], report: ImportReport, at: dt.datetime) -> list[str]:
    """Those of `files`, which no post uses, that are no business of a release here.

    What a release uses goes on with it, with its own bytes. What people took out of a release, and what was erased,
    stays away.
    """
    kept = _digests_of_releases(at)
    erased = erased_path_digests()
    found = []
    for file in files:
        digest = permalinks.digest(locate_file(file))
        if digest in kept or digest in erased:
            reason = "No post uses it any more; a release here decides whether it is served."
            report.warnings.append({"post": file, "reason": reason})
        else:
            found.append(file)
    return found


def _digests_of_releases(at: dt.datetime) -> set[str]:
    """Digests of the paths of files that a release uses, or used before people worked on it."""
    worked_on = Edition.objects.filter(Q(origin=Edition.Origin.DESK) | Q(lock_version__gt=0))
    releases = worked_on.values("release")
    return {
        digest
        for model in (Annex, Illustration)
        for digest in model.objects.filter(
            Q(pk__in=model.objects.live_from_then_on(at).values("pk")) | Q(edition__release__in=releases)
        ).values_list("address__path_digest", flat=True)
    }


def _hidden(
    site: Site, posts: Collection[PostFacts], failed: Collection[str], at: dt.datetime
) -> Iterator[tuple[str, dt.datetime | None]]:
    for facts in posts:
        if (live_from := _live_from(facts, at)) != at:
            yield _folded(_text(site, facts.path)), live_from
    for path in failed:
        text = _text(site, path)
        day = _DAY.match(path.rpartition("/")[2])
        if _HIDDEN.search(text) or (day and tuple(map(int, day.groups())) > (at.year, at.month, at.day)):
            yield _folded(text), None


def _live_from(facts: PostFacts, at: dt.datetime) -> dt.datetime | None:
    """`at` for a post that is public by then."""
    return max(at, start_of_day(facts.post.date)) if facts.post.published else None


def _earlier(one: dt.datetime | None, other: dt.datetime | None) -> bool:
    return one is not None and (other is None or one < other)


def _text(site: Site, path: str) -> str:
    try:
        return site.read(path).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""


def _folded(text: str) -> str:
    return unquote(html.unescape(text)).casefold()
