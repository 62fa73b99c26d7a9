"""From when the files are served that no post links to: one that a hidden post names somewhere waits for that
post."""

import datetime as dt
import html
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from django.db.models import Q
from django.utils import timezone

from releases.content.jekyll.layout import begin_day
from releases.content.jekyll.post import Post
from releases.content.text import permalinks
from releases.models import Annex, Edition, Illustration
from releases.services.jekyll.plan import Plan
from releases.services.jekyll.report import Row
from releases.services.publishing.erasure import erased_path_digests

KEPT = "No post uses it any more; a release here decides whether it is served."
HELD_BACK = "A post that is not public names this file; it is not served before the post is."
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-", re.ASCII)
_HIDDEN = re.compile(r"^(?:published:\s*['\"]?false|draft:\s*['\"]?true)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class UnusedFiles:
    """Files that no post uses: the instant from which each is served, and a row of the report for each that
    is not."""

    live_from: Mapping[str, dt.datetime]
    warnings: tuple[Row, ...]


class _HiddenText(NamedTuple):
    """What a post says that is not public yet, folded, and the instant from which it is public (None: nobody
    knows)."""

    text: str
    live_from: dt.datetime | None


def find_start(post: Post, at: dt.datetime) -> dt.datetime:
    """The instant from which the old site showed a post, or will show it, seen at the instant `at`.

    A past day to which nobody wrote an hour begins at 00:00 in the newsroom's zone, so that it is shown as a
    day. With `future: true` nothing waited.
    """
    start = post.at
    if post.at <= at and not post.has_hour:
        start = begin_day(post.date, timezone.get_default_timezone())
    return start if post.waits and post.at > at else min(start, at)


def plan_unused_files(plan: Plan, failed: Collection[str], at: dt.datetime) -> UnusedFiles:
    """What is to become of the files that no post links to in a way that is understood, as of the instant
    `at`.

    `failed` are the paths of posts that did not come in. What a release uses goes on with it, with its own
    bytes; what people took out of a release, and what was erased, stays away. A file that a hidden post names
    waits for it, unless a public post names it as well.
    """
    away = erased_path_digests() | _read_paths_of_releases(at)
    unused = [file for file in plan.site.files if file not in plan.linked]
    kept = [file for file in unused if permalinks.digest_path(plan.site.settings.locate_file(file)) in away]
    left = [file for file in unused if file not in set(kept)]
    held_back = _hold_back(plan, failed, left, at)
    starts = {file: held_back.get(file, at) for file in left}
    untold = [file for file, start in starts.items() if start is None]
    warnings = [(file, KEPT) for file in kept] + [(file, HELD_BACK) for file in untold]
    return UnusedFiles(
        live_from={file: start for file, start in starts.items() if start},
        warnings=tuple({"post": file, "reason": reason} for file, reason in warnings),
    )


def _hold_back(
    plan: Plan, failed: Collection[str], files: Iterable[str], at: dt.datetime
) -> dict[str, dt.datetime | None]:
    """Those of `files` that wait, each with the instant at which its post becomes public (None: nobody
    knows)."""
    found: dict[str, dt.datetime | None] = {}
    names = {file: _fold(plan.site.settings.locate_file(file).lstrip("/")) for file in files}
    for hidden in _read_hidden(plan, failed, at):
        for file, name in names.items():
            if name in hidden.text and (file not in found or _is_earlier(hidden.live_from, found[file])):
                found[file] = hidden.live_from
    return _leave_out_shown(found, names, plan, at) if found else found


def _leave_out_shown(
    found: Mapping[str, dt.datetime | None], names: Mapping[str, str], plan: Plan, at: dt.datetime
) -> dict[str, dt.datetime | None]:
    """Those of `found` that no public post names; `names` has the folded path of each file."""
    posts = [planned.facts for planned in plan.posts]
    shown = [_fold_bytes(facts.content) for facts in posts if _find_start(facts.post, plan, at) == at]
    return {file: when for file, when in found.items() if not any(names[file] in text for text in shown)}


def _read_hidden(plan: Plan, failed: Collection[str], at: dt.datetime) -> Iterator[_HiddenText]:
    contents = {one.path: one.content for one in plan.failed}
    for planned in plan.posts:
        facts = planned.facts
        contents[facts.post.path] = facts.content
        if (live_from := _find_start(facts.post, plan, at)) != at:
            yield _HiddenText(_fold_bytes(facts.content), live_from)
    for path in failed:
        text = contents[path].decode("utf-8", "replace")
        if _HIDDEN.search(text) or _is_later(path, at):
            yield _HiddenText(_fold(text), None)


def _is_later(path: str, at: dt.datetime) -> bool:
    """Whether the name of a post has a day after that of `at`."""
    day = _DAY.match(path.rpartition("/")[2])
    return day is not None and tuple(map(int, day.groups())) > (at.year, at.month, at.day)


def _find_start(post: Post, plan: Plan, at: dt.datetime) -> dt.datetime | None:
    """When a post becomes public: `at` where it is by then, None where it is kept back."""
    return None if post.kept_back else max(at, find_start(post, at))


def _is_earlier(one: dt.datetime | None, other: dt.datetime | None) -> bool:
    return one is not None and (other is None or one < other)


def _fold_bytes(content: bytes) -> str:
    return _fold(content.decode("utf-8", "replace"))


def _fold(text: str) -> str:
    return unquote(html.unescape(text)).casefold()


def _read_paths_of_releases(at: dt.datetime) -> set[str]:
    """Digests of the paths of files that a release uses, or used before people worked on it."""
    worked_on = Edition.objects.filter(~Q(origin=Edition.Origin.IMPORT) | Q(lock_version__gt=0))
    releases = worked_on.values("release")
    return {
        digest
        for model in (Annex, Illustration)
        for digest in model.objects.filter(
            Q(pk__in=model.objects.live_from_then_on(at).values("pk")) | Q(edition__release__in=releases)
        ).values_list("address__path_digest", flat=True)
    }
