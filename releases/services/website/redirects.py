"""Redirects by the table: each line checked, good ones kept, the others given back with their reason.

Each kept line is an entry of the ledger, so that a path is found there by its name.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from releases.content.files.csv_tables import Row
from releases.content.text import permalinks
from releases.models import Address, Agency, Issuer, LedgerEntry, Redirect
from releases.services.accounts.permissions import Authority, Person, Role
from releases.services.editions.digests import digest_rows
from releases.services.website.resolver import is_own_page

MAX_ROWS = 20_000
MAX_HOPS = 1_000
MAX_TARGET_LENGTH = 2_000
BATCH_SIZE = 500
UNKNOWN_TO_REDIRECTS = (
    "A redirect goes by the path alone. Give the address without “?” or “#” and what follows, if all addresses of"
    " that path may lead to one place."
)
LEADS_NOWHERE = (
    "There is nothing at the address that this leads to. Correct it, or leave it empty if the page is gone."
)
HEADINGS = ("from", "path", "old", "source")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that made no redirect, as typed, with its number and the reason."""

    line: int
    source: str
    target: str
    reason: str


class LoadedRedirects(NamedTuple):
    """How many redirects were made, and the lines that made none, in their order."""

    made: int
    refused: list[Refusal]


def load_redirects(rows: Iterable[Row], *, actor: Person, at: dt.datetime) -> LoadedRedirects:
    """Make redirects from rows `from, to`, in one transaction; an empty `to` means gone."""
    good: dict[str, tuple[str, Row]] = {}
    refused: list[Refusal] = []
    with transaction.atomic():
        own = Redirect.objects.filter(target__startswith="/")  # those that lead to this site
        onward = dict(own.values_list("address__path", "target"))
        checked = list(_checked(_wanted(rows)))
        coming = {path for path, _, _, problem in checked if not problem}
        dead = find_dead_targets([target for _, target, _, _ in checked]) - coming
        for path, target, row, problem in checked:
            problem = problem or _second_look(path, target, good, onward)
            if not problem and _own_path(target) in dead:
                problem = LEADS_NOWHERE
            if problem:
                refused.append(Refusal(row.number, *_two(row), problem))
            else:
                good[path] = target, row
                onward[path] = target
        _make({path: target for path, (target, _) in good.items()}, actor, at)
    return LoadedRedirects(len(good), sorted(refused, key=lambda one: one.line))


def own_redirects(authority: Authority) -> QuerySet[Redirect]:
    """Those that the user may change: written for an agency that they administer, or leading to a release of
    which it is the lead. Others are for superusers."""
    if authority.has_all:
        return Redirect.objects.all()
    agencies = authority.agencies(Role.ADMINISTRATOR)
    led = Issuer.objects.filter(agency__in=agencies, position=1).order_by().values("edition__release")
    paths = Address.objects.filter(release__in=led).values("path")
    return Redirect.objects.filter(Q(agency__in=agencies) | Q(release__in=led) | Q(target__in=paths))


def visible_redirects(authority: Authority) -> QuerySet[Redirect]:
    """Those that anybody finds by asking, and those that the user may change."""
    if authority.has_all:
        return Redirect.objects.all()
    return Redirect.objects.filter(
        Q(valid_from__lte=authority.at) | Q(pk__in=own_redirects(authority).values("pk"))
    )


def owning_agency(authority: Authority) -> Agency | None:
    """The agency for which the user writes redirects: the first that they administer; None for superusers."""
    held = authority.agencies(Role.ADMINISTRATOR)
    return Agency.objects.filter(pk__in=held).order_by("pk").first()


def why_not_redirect(path: str, target: str, onward: Callable[[str], str | None] | None = None) -> str:
    """Why a redirect from `path` to `target` can't be; "" when it can.

    Loops are found through the whole graph.
    """
    if target.startswith("//"):
        return "A target starts with one / or with https://."
    if len(target) > MAX_TARGET_LENGTH:
        return f"The target has {len(target):,} characters; {MAX_TARGET_LENGTH:,} are allowed."
    if any(ord(letter) < 32 or letter in "<>\\" for letter in target):
        return "The target holds a character that no address may hold."
    if target and not target.startswith(("/", "https://", "http://")):
        return "A target starts with / or https://."
    if target.startswith("http") and not _site_of(target):
        return "The target is no web address."
    return _loop(path, target, onward or _stored)


def find_dead_targets(targets: Iterable[str]) -> set[str]:
    """Of the paths on this site to which these lead those at which there is nothing, not even something to come."""
    paths = {path for path in map(_own_path, targets) if path and not is_own_page(path)}
    known: set[str] = set()
    waiting = sorted(paths)
    for start in range(0, len(waiting), BATCH_SIZE):
        known |= _with_address(waiting[start : start + BATCH_SIZE])
    return paths - known


def _with_address(paths: list[str]) -> set[str]:
    """Those that a release, section, file or redirect has, in whatever spelling leads there."""
    digests = {path: permalinks.digest_path(path) for path in paths}
    folded = {path: permalinks.digest_path(permalinks.fold_path(path)) for path in paths}
    rows = Address.objects.filter(Q(path_digest__in=digests.values()) | Q(folded_digest__in=folded.values()))
    found = {key for row in rows.values_list("path_digest", "folded_digest") for key in row}
    return {path for path in paths if found & {digests[path], folded[path]}}


def _own_path(target: str) -> str:
    """The path on this site to which a target leads; "" for another site, and for "/"."""
    is_path = target.startswith("/") and not target.startswith("//")
    is_own = is_path or (target and _site_of(target) == _site_of(settings.SITE_URL))
    path = unquote(urlsplit(target).path) if is_own else ""
    return "" if ":splat" in path or not path.strip("/") else path


def _site_of(address: str) -> str:
    """The host of a web address; "" where it has none that stands firm."""
    try:
        split = urlsplit(address)
    except ValueError:
        return ""
    return "" if ":splat" in split.netloc else split.hostname or ""


def _loop(path: str, target: str, onward: Callable[[str], str | None]) -> str:
    """Why following `target` on this site, whatever stands behind its "?", never ends; "" when it does."""
    seen = {path}
    while target.startswith("/") or (target and _site_of(target) == _site_of(settings.SITE_URL)):
        own = unquote(urlsplit(target).path)
        if own in seen:
            return "This redirect would lead back to itself."
        if len(seen) > MAX_HOPS:
            return "Too many redirects follow each other."
        seen.add(own)
        target = onward(own) or ""
    return ""


def _stored(path: str) -> str | None:
    return Redirect.objects.filter(address__path=path).values_list("target", flat=True).first()


def _wanted(rows: Iterable[Row]) -> Iterator[tuple[Row, str]]:
    """Every row that says something, with the reason against those that can't be read or are too many."""
    number = 0
    for row in rows:
        source = _two(row)[0]
        if not row.problem and source.lower() in HEADINGS and number == 0:
            continue
        number += 1
        many = f"Only {MAX_ROWS:,} lines are taken at once. Load this one with another file."
        empty = "" if source else "The old address is missing."
        yield row, row.problem or empty or ("" if number <= MAX_ROWS else many)


def _checked(rows: Iterable[tuple[Row, str]]) -> Iterator[tuple[str, str, Row, str]]:
    """(path, target, row, problem), some hundreds of addresses looked up at once."""
    waiting: list[tuple[str, str, Row, str]] = []
    for row, problem in rows:
        source, target = _two(row)
        path, wrong = ("", problem) if problem else _path(source)
        waiting.append((path, target, row, wrong))
        if len(waiting) == BATCH_SIZE:
            yield from _untaken(waiting)
            waiting = []
    yield from _untaken(waiting)


def _untaken(waiting: list[tuple[str, str, Row, str]]) -> Iterator[tuple[str, str, Row, str]]:
    digests = {permalinks.digest_path(path) for path, _, _, problem in waiting if not problem}
    taken = {one.path: one for one in Address.objects.filter(path_digest__in=digests)}
    for path, target, row, problem in waiting:
        if not problem and path in taken:
            problem = f"This address is taken by a {taken[path].get_kind_display().lower()}."
        yield path, target, row, problem


def _path(source: str) -> tuple[str, str]:
    """(path, "") of an old address, which may be given with this site's host; ("", reason)."""
    if source.lower().startswith(("http://", "https://")):
        if _site_of(source) != _site_of(settings.SITE_URL):
            return "", f"The old address is on another site than {settings.SITE_URL}."
        source = urlsplit(source)._replace(scheme="", netloc="").geturl()
    if "?" in source or "#" in source:
        return "", UNKNOWN_TO_REDIRECTS
    try:
        return permalinks.normalise_path(source), ""
    except permalinks.PermalinkError as error:
        return "", str(error)


def _second_look(path: str, target: str, good: dict[str, tuple[str, Row]], onward: dict[str, str]) -> str:
    if path in good:
        return f"This address stands in line {good[path][1].number} already."
    return why_not_redirect(path, target, onward.get)


def _make(wanted: dict[str, str], actor: Person, at: dt.datetime) -> None:
    if not wanted:
        return
    addresses = [Address(path=path, kind=Address.Kind.REDIRECT) for path in wanted]
    made = Address.objects.bulk_create(addresses, batch_size=BATCH_SIZE)
    values = {"valid_from": at, "agency": owning_agency(Authority(actor, at))}
    redirects = [Redirect(address=one, target=wanted[one.path], **values) for one in made]
    made_redirects = Redirect.objects.bulk_create(redirects, batch_size=BATCH_SIZE)
    told = ((f"redirect {one}"[:1000], digest_rows([one])) for one in made_redirects)
    LedgerEntry.objects.record_each(LedgerEntry.Verb.ADD, told, at=at, actor=actor)


def _two(row: Row) -> tuple[str, str]:
    source, target = ([*row.cells, "", ""])[:2]
    return source.removeprefix("'"), target.removeprefix("'")
