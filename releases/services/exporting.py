"""A site as it came in: the inverse of importing."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from releases.content.digests import digest_of
from releases.content.posts import format_post
from releases.models import (
    Absence,
    Address,
    Annex,
    Edition,
    Illustration,
    Redirect,
    Release,
    Section,
    SiteFile,
    SitePage,
    Source,
)
from releases.services.importing.listing import page_path, title_of
from releases.services.importing.site import front_matter_in
from releases.services.importing.survey import section_path

Progress = Callable[[Collection[Any], str], Iterable[Any]]
LONGEST_NAME = 200


class OutsideTheFolder(ValueError):
    """A path that would be written outside the folder of the export."""


@dataclass
class ExportReport:
    untouched: int = 0
    rewritten: int = 0
    files: int = 0


def export_site(out: Path, *, at: dt.datetime, progress: Progress) -> ExportReport:
    """Write posts, files, `_config.yml` and category pages below `out` in the layout of a Jekyll site.

    A post whose release nobody has edited since it came in is given back byte for byte. What was removed is not
    published there either, and nothing is left of what was erased. Raises FileExistsError when `out` is not empty, and
    OSError when it can't be written.
    """
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty.")
    report = ExportReport()
    for path, page in _pages():
        _write(out, path, page)
    if redirects := "".join([*_redirects(), *_gone(at)]):
        _write(out, "_redirects", redirects.encode())
    removed = set(_removed(at).values_list("release_id", flat=True))
    releases = Release.objects.written().exclude(editions__erased_at__isnull=False).order_by("pk")
    for pk in progress(list(releases.values_list("pk", flat=True)), "Posts"):
        release = Release.objects.select_related("section").get(pk=pk)
        _export_release(release, out, report, hidden=pk in removed)
    for path, source in progress(sorted(_files(at)), "Files"):
        _write(out, path, source.read_bytes())
        report.files += 1
    return report


def _export_release(release: Release, out: Path, report: ExportReport, *, hidden: bool) -> None:
    edition = _edition_to_export(release)
    source = Source.objects.filter(release=release).first()
    if source and edition.pk == source.edition_id and not hidden:
        _write(out, source.path, bytes(source.content))
        report.untouched += 1
    else:
        path = source.path if source else _new_path(release, edition, out)
        fields = _front_matter(release, edition) | ({"published": False} if hidden else {})
        _write(out, path, format_post(fields, edition.body).encode())
        report.rewritten += 1


def _edition_to_export(release: Release) -> Edition:
    """What the public has or will have; without such an edition, the newest draft."""
    editions = release.editions.select_related("address").order_by("-number")
    return editions.filter(state=Edition.State.APPROVED).first() or editions[0]


def _new_path(release: Release, edition: Edition, out: Path) -> str:
    """Of the day and the end of the permalink; with the release's number where another post has that name."""
    slug = edition.address.path.strip("/").rpartition("/")[2]
    name = f"{edition.release_date}-{slug}".encode()[:LONGEST_NAME].decode(errors="ignore")
    path = f"{release.section.folder}/_posts/{name}"
    taken = (out / f"{path}.md").exists() or Source.objects.filter(
        path_digest=digest_of(f"{path}.md")
    ).exists()
    return f"{path}-{release.pk}.md" if taken else f"{path}.md"


def _front_matter(release: Release, edition: Edition) -> dict[str, object]:
    fields: dict[str, object] = {
        "title": edition.title,
        "permalink": edition.address.path,
        "date": edition.release_date,
        "layout": "post",
        "description": edition.summary,
    }
    if release.kind == Release.Kind.FILE and (annex := edition.annexes.select_related("address").first()):
        fields["file_url"] = annex.address.path
    if release.kind == Release.Kind.LINK:
        fields["external"] = edition.link_url
    if edition.state != Edition.State.APPROVED:
        fields["published"] = False
    return fields


def _pages() -> Iterator[tuple[str, bytes]]:
    """`_config.yml` as it came, and the page of each category: as it came where nobody has changed what it says."""
    kept = {path: bytes(content) for path, content in SitePage.objects.values_list("path", "content")}
    if "_config.yml" in kept:
        yield "_config.yml", kept["_config.yml"]
    for section in Section.objects.select_related("address").order_by("folder"):
        path = page_path(section.folder)
        page = kept.get(path, b"")
        yield path, page if page and _says(front_matter_in(page), section) else _section_page(section)


def _says(page: dict[str, object], section: Section) -> bool:
    """Whether a category's page names the section as it is now. Its address may be the way that an import had to give."""
    told = str(page.get("permalink") or section_path(section.folder)).rstrip("/")
    at_its_place = section.address.path.removeprefix(told).replace("-releases", "") in ("", "/")
    return at_its_place and title_of(page, section.folder) == section.title


def _section_page(section: Section) -> bytes:
    layout = "resources" if section.children.exists() else "resources-alt"
    fields: dict[str, object] = {"layout": layout, "title": section.title}
    if section.address.path != section_path(section.folder):
        fields["permalink"] = section.address.path
    return format_post(fields, "").encode()


def _redirects() -> Iterator[str]:
    """The redirects to paths and web addresses, as lines of `_redirects`; those to releases follow from the posts."""
    rows = Redirect.objects.filter(release=None).select_related("address").order_by("address__path")
    for path, target in rows.values_list("address__path", "target"):
        if not any(letter.isspace() for letter in path + target):
            yield f"{path} {target} 301\n" if target else f"{path} / 410\n"


def _gone(at: dt.datetime) -> Iterator[str]:
    """Lines of `_redirects` for the addresses at which something was that is removed or erased."""
    gone = Address.objects.filter(
        release__in=_removed(at).values("release"), editions__state=Edition.State.APPROVED
    )
    for path in gone.order_by("path").values_list("path", flat=True).distinct():
        if not any(letter.isspace() for letter in path):
            yield f"{path} / 410\n"


def _removed(at: dt.datetime) -> QuerySet[Absence]:
    return Absence.objects.at(at).filter(kind=Absence.Kind.REMOVED)


def _files(at: dt.datetime) -> Iterator[tuple[str, Path]]:
    """(path in the site, where its bytes lie) of every file that an edition uses or that kept its address."""
    found = {
        row.address: row.blob.file
        for row in SiteFile.objects.live(at).select_related("address", "blob").defer("blob__text")
    }
    for model in (Illustration, Annex):
        rows = model.objects.select_related("address", "blob").defer("blob__text")
        for row in rows.order_by("edition__number"):
            found[row.address] = row.blob.file
    for address, file in found.items():
        yield address.source_path or address.path.lstrip("/"), file


def _write(out: Path, path: str, content: bytes) -> None:
    target = (out / path).resolve()
    if not target.is_relative_to(out.resolve()):
        raise OutsideTheFolder(f"{path} would lie outside {out}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
