"""From a path of the public site to what answers there at an instant. A stored address wins over
everything."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from django import urls
from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value

from releases.content.text import permalinks
from releases.content.text.permalinks import LONGEST_PATH
from releases.models import Absence, Address, Annex, Edition, Illustration, Section, SiteFile
from releases.services.editions.statements import Rows, Statement

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
    """Bytes to serve: `path` as stored, `page` the permalink of the release that they belong to ("" for
    none)."""

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


class AddressFacts(NamedTuple):
    """A stored address, and what is public at an instant of the release or redirect that stands there; None
    for what is not.

    `live_*` are the edition of its release that is live and that edition's permalink; `was_public`: an
    edition of it at this address was public by then; `removed_*` are of a removal that holds; `target_path`
    is where a redirect's release is.
    """

    pk: int
    path: str
    path_digest: str
    folded_digest: str
    kind: str
    section: int | None
    redirect_from: dt.datetime | None
    redirect_to: str | None
    redirect_release: int | None
    live_edition: int | None
    live_path: str | None
    was_public: bool
    target_path: str | None
    removed_since: dt.datetime | None
    removed_reason: str | None


Answer = ReleasePage | SectionPage | File | Moved | Gone | Missing


def resolve(path: str, at: dt.datetime, *, evenly: bool = False) -> Answer:
    """What answers at `path` (decoded) at the instant `at`. What is hidden answers as what never was.

    `evenly`: in the same time, too. Where redirects follow each other, the last one's target.
    """
    answer = _lookup(path, at, evenly=evenly)
    return _follow_redirects(answer, at, [path]) if isinstance(answer, Moved) else answer


def _follow_redirects(moved: Moved, at: dt.datetime, passed: list[str]) -> Answer:
    """Where a reader is sent at once: as far as redirects lead that are valid by now.

    Nowhere in a circle, or to what is hidden.
    """
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
    keys = tuple(_digests(path))
    rows = ADDRESSES.rows(keys=keys, folded=(_folded_digest(path),), at=at)
    found = {address.path_digest: address for address in map(AddressFacts._make, rows)}
    exact = found.get(keys[0])
    answer = (
        (exact and _answer(exact, path, at))
        or _answer_of_other_spelling(found.values(), path, at)
        or _answer_of_parent(found, path, at)
    )
    if answer:
        return answer
    if evenly and not any(address.kind == Address.Kind.FILE for address in found.values()):
        _file(0, path, at)
    return Missing()


def _is_too_long(path: str) -> bool:
    """Or holds what no stored path can: no query is asked."""
    return len(path) > LONGEST_PATH or "\x00" in path


def _answer_of_other_spelling(addresses: Iterable[AddressFacts], path: str, at: dt.datetime) -> Answer | None:
    """Other case, slash or encoding leads to the address as it is stored."""
    passed = {path, *_splats(path)}
    for address in addresses:
        if address.path not in passed and (answer := _answer(address, address.path, at)):
            return answer if isinstance(answer, Moved | Gone) else Moved(address.path)
    return None


def _answer_of_parent(found: dict[str, AddressFacts], path: str, at: dt.datetime) -> Answer | None:
    """A redirect of all below the nearest parent that has one."""
    for splat in _splats(path):
        address = found.get(permalinks.digest_path(splat))
        parent = splat.removesuffix("*")
        # The parent itself may be asked for without its slash.
        rest = path.removeprefix(parent) if path.startswith(parent) else ""
        if address and (answer := _redirect(address, rest, at)):
            return answer
    return None


def is_own_page(path: str) -> bool:
    """Whether a page of Press Room's own answers at `path` (decoded), where no stored address does."""
    try:
        return urls.resolve(path).url_name not in (None, "page")
    except urls.Resolver404:
        return False


def reachable_paths(paths: Collection[str], at: dt.datetime) -> set[str]:
    """Those of `paths` (decoded) where a reader finds something at the instant `at`; in two queries, however
    many."""
    keys = {path: _digests(path) for path in paths if not _is_too_long(path)}
    folded = {path: _folded_digest(path) for path in keys}
    rows = _address_rows(list(chain(*keys.values())), list(folded.values()), at)
    addresses = [AddressFacts._make(row) for row in rows]
    showing = _with_bytes(addresses, at) | _redirecting(addresses, at) | _with_pages(addresses, at)
    shown = {key for one in addresses if one.pk in showing for key in (one.path_digest, one.folded_digest)}
    return {path for path in keys if shown & {*keys[path], folded[path]}}


def _with_pages(addresses: list[AddressFacts], at: dt.datetime) -> set[int]:
    sections = {one.pk for one in addresses if one.kind == Address.Kind.SECTION}
    releases = [one for one in addresses if one.kind == Address.Kind.RELEASE]
    answers = {one.pk: _release(one) for one in releases}
    return sections | {pk for pk, answer in answers.items() if answer and not isinstance(answer, Gone)}


def _with_bytes(addresses: list[AddressFacts], at: dt.datetime) -> set[int]:
    files = [address.pk for address in addresses if address.kind == Address.Kind.FILE]
    return {FileFacts._make(row).address for row in _file_rows(files, at)} if files else set()


def _redirecting(addresses: list[AddressFacts], at: dt.datetime) -> set[int]:
    found = [one for one in addresses if one.kind == Address.Kind.REDIRECT]
    valid = [one for one in found if one.redirect_from and one.redirect_from <= at]
    return {one.pk for one in valid if one.redirect_to or one.target_path}


def _digests(path: str) -> list[str]:
    return [permalinks.digest_path(path), *map(permalinks.digest_path, _splats(path))]


def _folded_digest(path: str) -> str:
    return permalinks.digest_path(permalinks.fold_path(path))


def _address_rows(keys: Collection[str], folded: Collection[str], at: dt.datetime) -> Rows:
    """AddressFacts of the addresses that have one of these digests, or one of these digests of all
    spellings."""
    live = Edition.objects.live(at).filter(release=OuterRef("release_id"))
    target = Edition.objects.live(at).filter(release=OuterRef("redirect__release_id"))
    removed = Absence.objects.at(at).filter(kind=Absence.Kind.REMOVED, release=OuterRef("release_id"))
    public = Edition.objects.ever_public(at).filter(release=OuterRef("release_id"))
    columns = ("pk", "path", "path_digest", "folded_digest", "kind", "section_id")
    redirect = ("redirect__valid_from", "redirect__target", "redirect__release_id")
    found = Address.objects.filter(Q(path_digest__in=keys) | Q(folded_digest__in=folded)).order_by("pk")
    return found.values_list(
        *columns,
        *redirect,
        Subquery(live.values("pk")[:1]),
        Subquery(live.values("address__path")[:1]),
        Exists(public.filter(address=OuterRef("pk"))),
        Subquery(target.values("address__path")[:1]),
        Subquery(removed.values("since")[:1]),
        Subquery(removed.values("reason")[:1]),
    )


def _splats(path: str) -> Iterator[str]:
    """`/a/b/*`, `/a/*` for `/a/b/c`: the nearest first."""
    parts = path.strip("/").split("/")
    for length in range(min(len(parts), 30), 0, -1):
        yield f"/{'/'.join(parts[:length])}/*"


def _answer(address: AddressFacts, path: str, at: dt.datetime) -> Answer | None:
    match address.kind:
        case Address.Kind.RELEASE:
            return _release(address)
        case Address.Kind.SECTION:
            return _section(address)
        case Address.Kind.FILE:
            return _file(address.pk, address.path, at)
        case _:
            return _redirect(address, "", at)


def _release(address: AddressFacts) -> Answer | None:
    """The page; from an earlier permalink of the release, a redirect; one that was never public stays
    hidden."""
    if address.live_edition and address.live_path:
        if address.live_path == address.path:
            return ReleasePage(address.live_edition)
        return Moved(address.live_path) if address.was_public else None
    if not (address.removed_since and address.was_public):
        return None
    return Gone(address.removed_since, address.removed_reason or "")


def _section(address: AddressFacts) -> Answer | None:
    found = SECTIONS.instances(section=address.section) if address.section else []
    return SectionPage(found[0], address.path) if found else None


class FileFacts(NamedTuple):
    """Bytes that are public at an address, since when, and the permalink of the release that shows them (""
    for none)."""

    address: int
    sha256: str
    size: int
    media_type: str
    since: dt.datetime
    page: str


def _file(address: int, path: str, at: dt.datetime) -> Answer | None:
    """What answers at the address of a file with this key, which is `path`."""
    found = sorted(map(FileFacts._make, FILES.rows(address=address, at=at)), key=lambda file: file.since)
    if not found:
        removals = REMOVALS.rows(address=address, at=at)
        return Gone(*removals[0]) if removals else None
    file = found[-1]
    return File(path, file.sha256, file.size, file.media_type, file.page)


def _file_rows(addresses: Collection[int], at: dt.datetime) -> Rows:
    """FileFacts of the files that are live at `at` at the addresses with these keys."""
    facts = ("address_id", "blob_id", "blob__size", "blob__media_type")
    of_edition = (*facts, F("edition__live_from"), F("edition__address__path"))
    annexes = Annex.objects.live(at).filter(address__in=addresses).order_by().values_list(*of_edition)
    pictures = Illustration.objects.live(at).filter(address__in=addresses).values_list(*of_edition)
    others = SiteFile.objects.live(at).filter(address__in=addresses)
    return annexes.union(pictures, others.values_list(*facts, F("live_from"), Value("")))


def _removal_rows(address: int, at: dt.datetime) -> Rows:
    """Since when and why a release is removed at `at` whose public edition used the file at this address: the
    latest."""
    public = Edition.objects.ever_public(at)
    used = [model.objects.filter(address=address).values("edition") for model in (Annex, Illustration)]
    users = public.filter(Q(pk__in=used[0]) | Q(pk__in=used[1]))
    absences = Absence.objects.at(at).filter(kind=Absence.Kind.REMOVED, release__in=users.values("release"))
    return absences.order_by("-since").values_list("since", "reason")[:1]


def find_file(sha256: str, at: dt.datetime) -> File | Gone | None:
    """What answers for the bytes with this SHA-256: a file of an edition that is live at `at`, under the
    address that it has there; Gone where it went with a release that was removed."""
    found = sorted(FILES_BY_DIGEST.rows(sha256=sha256, at=at), key=lambda row: row[-1])
    if found:
        return File(*found[-1][:-1])
    return Gone() if REMOVED_DIGESTS.rows(sha256=sha256, at=at) else None


def _rows_of_digest(sha256: str, at: dt.datetime) -> Rows:
    """The facts of a File, and since when it is live, for each place where these bytes are public at `at`."""
    columns = ("address__path", "blob_id", "blob__size", "blob__media_type", "edition__address__path")
    annexes, pictures = (
        model.objects.live(at).filter(blob=sha256).order_by().values_list(*columns, "edition__live_from")
        for model in (Annex, Illustration)
    )
    return annexes.union(pictures)


def _removed_rows_of_digest(sha256: str, at: dt.datetime) -> Rows:
    annexes, pictures = (
        model.objects.of_removed(at).filter(blob=sha256).order_by().values_list("pk")
        for model in (Annex, Illustration)
    )
    return annexes.union(pictures)[:1]


def _redirect(address: AddressFacts, rest: str, at: dt.datetime) -> Answer | None:
    if address.redirect_from is None or address.redirect_from > at:
        return None
    if address.redirect_release:
        return Moved(address.target_path) if address.target_path else None
    return Moved(address.redirect_to.replace(":splat", rest)) if address.redirect_to else Gone()


ADDRESSES = Statement(_address_rows)
SECTIONS = Statement(lambda section: Section.objects.filter(pk=section).select_related("parent__address"))
FILES = Statement(lambda address, at: _file_rows([address], at))
REMOVALS = Statement(_removal_rows)
FILES_BY_DIGEST = Statement(_rows_of_digest)
REMOVED_DIGESTS = Statement(_removed_rows_of_digest)
