"""From a path of the public site to what answers there at an instant. A stored address wins over everything."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from releases.content.text import permalinks
from releases.content.text.permalinks import LONGEST_PATH
from releases.models import Absence, Address, Annex, Edition, Illustration, Section, SiteFile

MAX_HOPS = 20


@dataclass(frozen=True, slots=True)
class ReleasePage:
    edition: int


@dataclass(frozen=True, slots=True)
class SectionPage:
    section: Section
    path: str


@dataclass(frozen=True, slots=True)
class File:
    """Bytes to serve: `path` as stored, `page` the permalink of the release that they belong to ("" for none)."""

    path: str
    sha256: str
    size: int
    media_type: str
    page: str


@dataclass(frozen=True, slots=True)
class Moved:
    """`to` is a path of this site, or a web address."""

    to: str


@dataclass(frozen=True, slots=True)
class Gone:
    """What was here; since when and why it is removed, where that is known."""

    since: dt.datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    pass


Answer = ReleasePage | SectionPage | File | Moved | Gone | Missing


def resolve(path: str, at: dt.datetime, *, evenly: bool = False) -> Answer:
    """What answers at `path` (decoded) at the instant `at`. What is hidden answers as what never was.

    `evenly`: in the same time, too. Where redirects follow each other, the last one's target.
    """
    answer = _lookup(path, at, evenly=evenly)
    return _follow_redirects(answer, at, [path]) if isinstance(answer, Moved) else answer


def _follow_redirects(moved: Moved, at: dt.datetime, passed: list[str]) -> Answer:
    """Where a reader is sent at once: as far as redirects lead that are valid by now. Nowhere in a circle, or to what is hidden."""
    to = moved.to.removeprefix(settings.SITE_URL)
    place = re.split("[?#]", to, maxsplit=1)[0]
    if not place.startswith("/"):
        return moved
    if place in passed or len(passed) > MAX_HOPS:
        return Missing()
    further = _lookup(place, at)
    if isinstance(further, Missing) and Address.objects.at(place).exists():
        return further
    if not isinstance(further, Moved):
        return Moved(to)
    rest = "" if re.search("[?#]", further.to) else to.removeprefix(place)
    return _follow_redirects(Moved(further.to + rest), at, [*passed, place])


def _lookup(path: str, at: dt.datetime, *, evenly: bool = False) -> Answer:
    """What stands at `path` itself."""
    if _is_too_long(path):
        return Missing()
    found = {address.path_digest: address for address in _addresses([path], at)}
    exact = found.get(permalinks.digest_path(path))
    answer = (
        (exact and _answer(exact, path, at))
        or _answer_of_other_spelling(found.values(), path, at)
        or _answer_of_parent(found, path, at)
    )
    if answer:
        return answer
    if evenly and not any(address.kind == Address.Kind.FILE for address in found.values()):
        _file(Address(pk=0), at)
    return Missing()


def _is_too_long(path: str) -> bool:
    """Or holds what no stored path can: no query is asked."""
    return len(path) > LONGEST_PATH or "\x00" in path


def _answer_of_other_spelling(addresses: Iterable[Address], path: str, at: dt.datetime) -> Answer | None:
    """Other case, slash or encoding leads to the address as it is stored."""
    passed = {path, *_splats(path)}
    for address in addresses:
        if address.path not in passed and (answer := _answer(address, address.path, at)):
            return answer if isinstance(answer, Moved | Gone) else Moved(address.path)
    return None


def _answer_of_parent(found: dict[str, Address], path: str, at: dt.datetime) -> Answer | None:
    """A redirect of all below the nearest parent that has one."""
    for splat in _splats(path):
        address = found.get(permalinks.digest_path(splat))
        if address and (answer := _redirect(address, path.removeprefix(splat.removesuffix("*")), at)):
            return answer
    return None


def reachable_paths(paths: Collection[str], at: dt.datetime) -> set[str]:
    """Those of `paths` (decoded) where a reader finds something at the instant `at`; in two queries, however many."""
    asked = [path for path in paths if not _is_too_long(path)]
    addresses = list(_addresses(asked, at)) if asked else []
    showing = _with_bytes(addresses, at) | _redirecting(addresses, at) | _with_pages(addresses, at)
    keys = {key for one in addresses if one.pk in showing for key in (one.path_digest, one.folded_digest)}
    return {
        path for path in asked if keys & {*_digests(path), permalinks.digest_path(permalinks.fold_path(path))}
    }


def _with_pages(addresses: list[Address], at: dt.datetime) -> set[int]:
    pages = [one for one in addresses if one.kind in (Address.Kind.RELEASE, Address.Kind.SECTION)]
    answers = {one.pk: _answer(one, one.path, at) for one in pages}
    return {pk for pk, answer in answers.items() if answer and not isinstance(answer, Gone)}


def _with_bytes(addresses: list[Address], at: dt.datetime) -> set[int]:
    files = [address.pk for address in addresses if address.kind == Address.Kind.FILE]
    return {row["address_id"] for row in _live_files(files, at)} if files else set()


def _redirecting(addresses: list[Address], at: dt.datetime) -> set[int]:
    found = [one for one in addresses if one.kind == Address.Kind.REDIRECT and hasattr(one, "redirect")]
    valid = [one for one in found if one.redirect.valid_from <= at]
    return {one.pk for one in valid if one.redirect.target or vars(one)["target_path"]}


def _digests(path: str) -> list[str]:
    return [permalinks.digest_path(path), *map(permalinks.digest_path, _splats(path))]


def _addresses(paths: Collection[str], at: dt.datetime) -> QuerySet[Address]:
    """The address of exactly each path, those of other spellings of it, and the redirects of all below its parents."""
    live = Edition.objects.live(at).filter(release=OuterRef("release_id"))
    target = Edition.objects.live(at).filter(release=OuterRef("redirect__release_id"))
    removed = Absence.objects.at(at).filter(kind=Absence.Kind.REMOVED, release=OuterRef("release_id"))
    public = Edition.objects.ever_public(at).filter(release=OuterRef("release_id"))
    keys = [key for path in paths for key in _digests(path)]
    folded = [permalinks.digest_path(permalinks.fold_path(path)) for path in paths]
    return (
        Address.objects.filter(Q(path_digest__in=keys) | Q(folded_digest__in=folded))
        .annotate(
            live_edition=Subquery(live.values("pk")[:1]),
            live_path=Subquery(live.values("address__path")[:1]),
            was_public=Exists(public.filter(address=OuterRef("pk"))),
            target_path=Subquery(target.values("address__path")[:1]),
            removed_since=Subquery(removed.values("since")[:1]),
            removed_reason=Subquery(removed.values("reason")[:1]),
        )
        .select_related("section", "redirect")
        .order_by("pk")
    )


def _splats(path: str) -> Iterator[str]:
    """`/a/b/*`, `/a/*` for `/a/b/c`: the nearest first."""
    parts = path.strip("/").split("/")
    for length in range(min(len(parts), 30), 0, -1):
        yield f"/{'/'.join(parts[:length])}/*"


def _answer(address: Address, path: str, at: dt.datetime) -> Answer | None:
    match address.kind:
        case Address.Kind.RELEASE:
            return _release(address)
        case Address.Kind.SECTION:
            return SectionPage(address.section, address.path) if address.section else None
        case Address.Kind.FILE:
            return _file(address, at)
        case _:
            return _redirect(address, "", at)


def _release(address: Address) -> Answer | None:
    """The page; from an earlier permalink of the release, a redirect; one that was never public stays hidden."""
    facts = vars(address)
    if facts["live_edition"]:
        if facts["live_path"] == address.path:
            return ReleasePage(facts["live_edition"])
        return Moved(facts["live_path"]) if facts["was_public"] else None
    if not (facts["removed_since"] and facts["was_public"]):
        return None
    return Gone(facts["removed_since"], facts["removed_reason"])


def _file(address: Address, at: dt.datetime) -> Answer | None:
    rows = sorted(_live_files([address.pk], at), key=lambda row: row["since"])
    if not rows:
        return _taken_away(address, at)
    row = rows[-1]
    return File(address.path, row["blob_id"], row["blob__size"], row["blob__media_type"], row["page"])


def _live_files(addresses: list[int], at: dt.datetime) -> QuerySet[Annex, dict[str, Any]]:
    facts = ("address_id", "blob_id", "blob__size", "blob__media_type")
    since, page = F("edition__live_from"), F("edition__address__path")
    annexes = (
        Annex.objects.live(at).filter(address__in=addresses).values(*facts, since=since, page=page).order_by()
    )
    pictures = (
        Illustration.objects.live(at).filter(address__in=addresses).values(*facts, since=since, page=page)
    )
    others = (
        SiteFile.objects.live(at)
        .filter(address__in=addresses)
        .values(*facts, since=F("live_from"), page=Value(""))
    )
    return annexes.union(pictures, others)


def _taken_away(address: Address, at: dt.datetime) -> Gone | None:
    """Gone, if a public edition used the file and its release is removed now."""
    public = Edition.objects.ever_public(at)
    used = [model.objects.filter(address=address).values("edition") for model in (Annex, Illustration)]
    users = public.filter(Q(pk__in=used[0]) | Q(pk__in=used[1]))
    absence = (
        Absence.objects.at(at)
        .filter(kind=Absence.Kind.REMOVED, release__in=users.values("release"))
        .order_by("since")
        .last()
    )
    return Gone(absence.since, absence.reason) if absence else None


def _redirect(address: Address, rest: str, at: dt.datetime) -> Answer | None:
    redirect = getattr(address, "redirect", None)
    if redirect is None or redirect.valid_from > at:
        return None
    if redirect.release_id:
        path = vars(address)["target_path"]
        return Moved(path) if path else None
    return Moved(redirect.target.replace(":splat", rest)) if redirect.target else Gone()
