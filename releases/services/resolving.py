"""From a path of the public site to what answers there at an instant. A stored address wins over everything."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from releases.content import permalinks
from releases.models import Absence, Address, Annex, Edition, Illustration, Section, SiteFile
from releases.models.address import LONGEST_PATH


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
    pass


@dataclass(frozen=True, slots=True)
class Missing:
    pass


Answer = ReleasePage | SectionPage | File | Moved | Gone | Missing


def resolve(path: str, at: dt.datetime) -> Answer:
    """What answers at `path` (decoded) at the instant `at`. What is hidden answers as what never was."""
    if len(path) > LONGEST_PATH or "\x00" in path:
        return Missing()
    found = {address.path_digest: address for address in _addresses(path, at)}
    exact = found.pop(permalinks.digest(path), None)
    if exact and (answer := _answer(exact, path, at)):
        return answer
    splats = {permalinks.digest(splat): splat for splat in _splats(path)}
    for key, address in found.items():
        if key not in splats and (answer := _answer(address, address.path, at)):
            return answer if isinstance(answer, Moved | Gone) else Moved(address.path)
    for key, splat in splats.items():
        if key in found and (answer := _redirect(found[key], path.removeprefix(splat.removesuffix("*")), at)):
            return answer
    return Missing()


def _addresses(path: str, at: dt.datetime) -> QuerySet[Address]:
    """The address of exactly this path, those of other spellings of it, and the redirects of all below its parents."""
    live = Edition.objects.live(at).filter(release=OuterRef("release_id"))
    removed = Absence.objects.at(at).filter(kind=Absence.Kind.REMOVED, release=OuterRef("release_id"))
    public = Edition.objects.filter(
        release=OuterRef("release_id"), state=Edition.State.APPROVED, live_from__lte=at
    )
    keys = [permalinks.digest(path), *map(permalinks.digest, _splats(path))]
    return (
        Address.objects.filter(
            Q(path_digest__in=keys) | Q(folded_digest=permalinks.digest(permalinks.fold(path)))
        )
        .annotate(
            live_edition=Subquery(live.values("pk")[:1]),
            live_path=Subquery(live.values("address__path")[:1]),
            was_public=Exists(public.filter(address=OuterRef("pk"))),
            is_removed=Exists(removed),
        )
        .select_related("section", "redirect__release")
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
    return Gone() if facts["is_removed"] and facts["was_public"] else None


def _file(address: Address, at: dt.datetime) -> Answer | None:
    rows = sorted(_live_files(address, at), key=lambda row: row["since"])
    if not rows:
        return Gone() if _was_taken_away(address, at) else None
    row = rows[-1]
    return File(address.path, row["blob_id"], row["blob__size"], row["blob__media_type"], row["page"])


def _live_files(address: Address, at: dt.datetime) -> QuerySet[Annex, dict[str, Any]]:
    facts = ("blob_id", "blob__size", "blob__media_type")
    since, page = F("edition__live_from"), F("edition__address__path")
    annexes = Annex.objects.live(at).filter(address=address).values(*facts, since=since, page=page).order_by()
    pictures = Illustration.objects.live(at).filter(address=address).values(*facts, since=since, page=page)
    others = (
        SiteFile.objects.live(at).filter(address=address).values(*facts, since=F("live_from"), page=Value(""))
    )
    return annexes.union(pictures, others)


def _was_taken_away(address: Address, at: dt.datetime) -> bool:
    """Whether a public edition used the file and its release is removed now."""
    removed = Absence.objects.at(at).filter(kind=Absence.Kind.REMOVED).values("release_id")
    was = Q(edition__state=Edition.State.APPROVED, edition__live_from__lte=at, edition__release__in=removed)
    return any(model.objects.filter(was, address=address).exists() for model in (Annex, Illustration))


def _redirect(address: Address, rest: str, at: dt.datetime) -> Answer | None:
    redirect = getattr(address, "redirect", None)
    if redirect is None or redirect.valid_from > at:
        return None
    if redirect.release_id:
        live = (
            Edition.objects.live(at)
            .filter(release=redirect.release_id)
            .values_list("address__path", flat=True)
            .first()
        )
        return Moved(live) if live else None
    return Moved(redirect.target.replace(":splat", rest)) if redirect.target else Gone()
