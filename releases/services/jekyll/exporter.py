"""A site as it came in: the inverse of importing."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import quote

from django.db.models import Q, QuerySet
from django.utils import timezone

from releases.content.jekyll.config import CONFIGS, read_config
from releases.content.jekyll.extension import KEY, Away, Extras, NamedAnnex, format_extras
from releases.content.jekyll.layout import (
    begin_day,
    find_category,
    locate_page,
    locate_section,
    read_front_matter,
    read_title,
)
from releases.content.jekyll.liquid_text import escape_liquid, is_template
from releases.content.jekyll.post import format_post
from releases.content.jekyll.record import FOLDER, format_record, locate_bytes, locate_newsroom, locate_record
from releases.content.jekyll.settings import read_settings
from releases.content.text.canonical import digest_values
from releases.content.text.permalinks import quote_path
from releases.models import (
    Absence,
    Address,
    Annex,
    Blob,
    Edition,
    Illustration,
    Redirect,
    Release,
    Section,
    SiteFile,
    SitePage,
    Source,
)
from releases.services.editions.progress import Progress
from releases.services.jekyll.newsroom import gather_newsroom
from releases.services.jekyll.records import gather_record, list_blobs, needs_record
from releases.services.jekyll.redirects import FEED

LONGEST_NAME = 200
HIDDEN = (FOLDER, "_files", "_images")
"""Folders of what is not public."""
FileRow = TypeVar("FileRow", Annex, Illustration, SiteFile)
SPACE = re.compile(r"\s")
# What is written anew of a post's front matter, and what would say something else beside it.
OURS = ("published", "draft", "file_url", "external", "redirect_to", "subtitle", "language", KEY)


class OutsideTheFolder(ValueError):
    """A path that would be written outside the folder of the export."""


class NotHidden(ValueError):
    """The settings of the old site would make Jekyll publish what an export keeps beside the posts."""


class ChosenEdition(NamedTuple):
    """The edition of a release that is exported, and whether its post may be published."""

    edition: Edition
    may_publish: bool


@dataclass
class ExportReport:
    """How many posts were written byte for byte as they came in, how many anew, and how many files."""

    untouched: int = 0
    rewritten: int = 0
    files: int = 0


def export_site(out: Path, *, at: dt.datetime, progress: Progress) -> ExportReport:
    """Write posts, files, `_config.yml` and category pages below `out` in the layout of a Jekyll site.

    A post whose release nobody has touched since it came in is given back byte for byte. What is not public
    at `at` is not published there either: its posts say so, and its files lie in a folder whose name begins
    with `_`, which Jekyll does not serve and an import reads as the folder without it. What a post can't say
    of its release (earlier editions, drafts, absences, change notes) is a record below `_pressroom`, which an
    import brings back, as is what is said of the newsroom, its agencies and agreements. Nothing is left of what was erased. Raises FileExistsError when `out` is not empty,
    NotHidden, and OSError when it can't be written.
    """
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty.")
    _check_settings()
    report = ExportReport()
    for path, page in _pages():
        _write(out, path, page)
    if redirects := "".join(sorted({*_redirects(at), *_gone(at)})):
        _write(out, "_redirects", redirects.encode())
    files, records = _SiteFiles(at), _Records(out)
    releases = Release.objects.written().exclude(editions__erased_at__isnull=False).order_by("pk")
    for pk in progress(list(releases.values_list("pk", flat=True)), "Posts"):
        release = Release.objects.select_related("section").get(pk=pk)
        chosen = _choose_edition(release, at)
        source = Source.objects.filter(release=release).first()
        path = _export_release(release, chosen, source, out, report, at)
        records.add(release, source, path)
        files.add(chosen, at)
    records.add_newsroom()
    for path, place in progress(sorted(files.places()), "Files"):
        _write(out, path, place.read_bytes())
        report.files += 1
    records.write_bytes(files)
    return report


def _check_settings() -> None:
    """Raises NotHidden."""
    for path, content in SitePage.objects.filter(path__in=CONFIGS).values_list("path", "content"):
        settings = read_settings(read_config(bytes(content), path).values, dt.UTC)
        shown = [
            one
            for one in HIDDEN
            if not settings.why_not_served(f"{one}/a.json")
            or any(path.startswith(f"{one}/") for path in settings.include)
        ]
        if shown:
            raise NotHidden(
                f"{path} of the old site makes Jekyll publish the folder {shown[0]}, in which an export keeps what is"
                f" not public. Take that out of its {path} and import the site again; then export it."
            )


class _Records:
    """The records of an export, and the bytes that only they name."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.named: set[tuple[str, str]] = set()

    def add(self, release: Release, source: Source | None, post: str) -> None:
        """Write the record of a release beside its post, if there is more to say than the post does."""
        if not needs_record(release, source):
            return
        record = gather_record(release, source)
        _write(self.out, locate_record(post), format_record(record))
        self.named.update(list_blobs(record))
        if source and record.source:
            _write(self.out, locate_bytes(record.source.sha256), bytes(source.content))

    def add_newsroom(self) -> None:
        """Write what is said of the newsroom, its agencies and its agreements, if anything is."""
        if record := gather_newsroom():
            _write(self.out, locate_newsroom(), format_record(record))
            self.named.update((text.sha256, "") for one in record.agreements for text in one.texts)
            if record.said:
                self.named.update((one.sha256, "") for one in record.said.pictures)

    def write_bytes(self, files: "_SiteFiles") -> None:
        """Write the bytes that the site does not serve at their paths."""
        served = {(blob.pk, address.path) for address, (blob, is_shown) in files.files.items() if is_shown}
        for sha256 in sorted({sha256 for sha256, path in self.named - served}):
            if (place := Blob(sha256=sha256).file).is_file():
                _write(self.out, locate_bytes(sha256), place.read_bytes())


class _SiteFiles:
    """The files of an export by their address, each with its blob and whether it is served there."""

    def __init__(self, at: dt.datetime) -> None:
        self.files = {row.address: (row.blob, True) for row in _with_bytes(SiteFile.objects.live(at))}

    def add(self, chosen: ChosenEdition, at: dt.datetime) -> None:
        """The files of an edition, shown where it is public at `at`; what another one shows stays as it is
        shown."""
        edition = chosen.edition
        is_shown = chosen.may_publish and edition.live_from is not None and edition.live_from <= at
        rows: list[Illustration | Annex] = [
            *_with_bytes(Illustration.objects.filter(edition=edition)),
            *_with_bytes(Annex.objects.filter(edition=edition)),
        ]
        for row in rows:
            if is_shown or row.address not in self.files:
                self.files[row.address] = row.blob, is_shown

    def places(self) -> Iterator[tuple[str, Path]]:
        """(path in the site, where the bytes lie)."""
        for address, (blob, is_shown) in self.files.items():
            yield _place_file(address, is_shown=is_shown), blob.file


def _with_bytes(rows: QuerySet[FileRow]) -> QuerySet[FileRow]:
    """With their addresses and blobs, but without the texts of those."""
    return rows.select_related("address", "blob").defer("blob__text")


def _place_file(address: Address, *, is_shown: bool) -> str:
    """Where a file lies in the site; what is hidden where nothing serves it."""
    place = address.source_path or address.path.lstrip("/")
    if is_shown:
        return place.removeprefix("_") if place.startswith(("_files/", "_images/")) else place
    return place if place.startswith("_") else f"_{place}"


def _export_release(
    release: Release,
    chosen: ChosenEdition,
    source: Source | None,
    out: Path,
    report: ExportReport,
    at: dt.datetime,
) -> str:
    """Write the post of a release; returns its path."""
    edition = chosen.edition
    away = release.absences.at(at).first()
    is_moved = source is not None and find_category(source.path) != release.section.folder
    if source and not is_moved and not away and _is_untouched(edition, source):
        _write(out, source.path, bytes(source.content))
        report.untouched += 1
        return source.path
    path = source.path if source and not is_moved else _find_new_path(release, edition, out)
    fields = (
        _read_kept(source) | _front_matter(release, edition) | format_extras(_extras(release, edition, away))
    )
    if not chosen.may_publish:
        fields["published"] = False
    body = escape_liquid(edition.body) if is_template(fields) else edition.body
    _write(out, path, format_post(fields, body).encode())
    report.rewritten += 1
    return path


def _is_untouched(edition: Edition, source: Source) -> bool:
    """Whether the edition is what the post made of itself: each save, review and approval at the desk counts
    `lock_version` up."""
    return edition.pk == source.edition_id and not edition.lock_version


def _choose_edition(release: Release, at: dt.datetime) -> ChosenEdition:
    """What the public has; without such an edition the newest one.

    One whose day an import would begin before its own instant may not be published.
    """
    editions = release.editions.select_related("address").order_by("-number")
    is_removed = release.absences.at(at).filter(kind=Absence.Kind.REMOVED).exists()
    public = editions.filter(state=Edition.State.APPROVED)
    past = editions.ever_public(at).first()
    if past:
        return ChosenEdition(past, not is_removed)
    coming = public.first()
    zone = timezone.get_default_timezone()
    if coming and coming.live_from and coming.live_from <= begin_day(coming.release_date, zone):
        return ChosenEdition(coming, True)
    return ChosenEdition(coming or editions[0], False)


def _find_new_path(release: Release, edition: Edition, out: Path) -> str:
    """Of the day and the end of the permalink; with the release's number where another post has that name."""
    slug = edition.address.path.strip("/").rpartition("/")[2]
    name = f"{edition.release_date}-{slug}".encode()[:LONGEST_NAME].decode(errors="ignore")
    path = f"{release.section.folder}/_posts/{name}"
    taken = (out / f"{path}.md").exists() or Source.objects.filter(
        path_digest=digest_values(f"{path}.md")
    ).exists()
    return f"{path}-{release.pk}.md" if taken else f"{path}.md"


def _read_kept(source: Source | None) -> dict[str, object]:
    """What the post that came in says beside what a release holds."""
    front = read_front_matter(bytes(source.content)) if source else {}
    return {name: value for name, value in front.items() if name not in OURS}


def _front_matter(release: Release, edition: Edition) -> dict[str, object]:
    fields: dict[str, object] = {
        "title": edition.title,
        "permalink": edition.address.path,
        "date": edition.release_date,
        "layout": "post",
        "description": edition.summary,
        "lang": edition.language,
    }
    if release.form == Release.Form.FILE and (annex := edition.annexes.select_related("address").first()):
        fields["file_url"] = annex.address.path
    if release.form == Release.Form.LINK:
        fields["external"] = edition.link_url
    return fields


def _extras(release: Release, edition: Edition, away: Absence | None) -> Extras:
    annexes = edition.annexes.select_related("address")
    return Extras(
        kind="" if edition.kind_rule else edition.kind,
        form="file" if release.form == Release.Form.FILE else "",
        issuers=tuple(edition.issuers.values_list("agency__slug", flat=True).order_by("position")),
        annexes=tuple(NamedAnnex(quote_path(a.address.path), a.label, a.title, a.language) for a in annexes),
        contacts=edition.contacts,
        away=Away(away.kind, timezone.localtime(away.since), away.reason) if away else None,
    )


def _pages() -> Iterator[tuple[str, bytes]]:
    """`_config.yml` as it came, and the page of each category: as it came where nobody has changed what it
    says."""
    kept = {path: bytes(content) for path, content in SitePage.objects.values_list("path", "content")}
    yield from ((name, kept[name]) for name in CONFIGS if name in kept)
    for section in Section.objects.select_related("address").order_by("folder"):
        path = locate_page(section.folder)
        page = kept.get(path, b"")
        yield path, page if page and _says(read_front_matter(page), section) else _section_page(section)


def _says(page: dict[str, object], section: Section) -> bool:
    """Whether a category's page names the section as it is now.

    Its address may be the way that an import had to give.
    """
    told = str(page.get("permalink") or locate_section(section.folder)).rstrip("/")
    at_its_place = section.address.path.removeprefix(told).replace("-releases", "") in ("", "/")
    return at_its_place and read_title(page, section.folder) == section.title


def _section_page(section: Section) -> bytes:
    layout = "resources" if section.children.exists() else "resources-alt"
    fields: dict[str, object] = {"layout": layout, "title": section.title}
    if section.address.path != locate_section(section.folder):
        fields["permalink"] = section.address.path
    return format_post(fields, "").encode()


def _redirects(at: dt.datetime) -> Iterator[str]:
    """The redirects that count at `at`, as lines of `_redirects`, and those from earlier addresses of a
    release; not those that posts and feeds of the old site gave, since its builder makes them again."""
    now = dict(Edition.objects.live(at).values_list("release_id", "address__path"))
    found = {}
    of_builder = Q(origin="import") & (Q(release__isnull=False) | Q(target__startswith=FEED))
    for row in Redirect.objects.filter(valid_from__lte=at).exclude(of_builder).select_related("address"):
        if row.release_id is None or row.release_id in now:
            found[row.address.path] = now[row.release_id] if row.release_id else row.target
    for path, release in (
        Edition.objects.on_record(at).filter(release__in=now).values_list("address__path", "release")
    ):
        if path != now[release]:
            found[path] = now[release]
    for path, target in sorted(found.items()):
        yield f"{_line(path)} {_line(target)} 301\n" if target else f"{_line(path)} / 410\n"


def _gone(at: dt.datetime) -> Iterator[str]:
    """Lines of `_redirects` for the addresses at which something was that is removed or erased."""
    removed = Absence.objects.at(at).filter(kind=Absence.Kind.REMOVED)
    gone = Address.objects.filter(
        release__in=removed.values("release"), editions__in=Edition.objects.ever_public(at)
    )
    for path in gone.order_by("path").values_list("path", flat=True).distinct():
        yield f"{_line(path)} / 410\n"


def _line(path: str) -> str:
    """A path as a word of a line."""
    return SPACE.sub(lambda space: quote(space[0]), path)


def _write(out: Path, path: str, content: bytes) -> None:
    target = (out / path).resolve()
    if not target.is_relative_to(out.resolve()):
        raise OutsideTheFolder(f"{path} would lie outside {out}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
