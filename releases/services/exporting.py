"""A site as it came in: the inverse of importing."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from releases.content.posts import format_post
from releases.models import Annex, Edition, Illustration, Release, Section, SiteFile, Source

Progress = Callable[[Collection[Any], str], Iterable[Any]]


class OutsideTheFolder(ValueError):
    """A path that would be written outside the folder of the export."""


@dataclass
class ExportReport:
    untouched: int = 0
    rewritten: int = 0
    files: int = 0


def export_site(out: Path, *, at: dt.datetime, progress: Progress) -> ExportReport:
    """Write posts, files and category pages below `out` in the layout of a Jekyll site.

    A post whose release nobody has edited since it came in is given back byte for byte. Raises FileExistsError when
    `out` is not empty, and OSError when it can't be written.
    """
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty.")
    report = ExportReport()
    for section in Section.objects.order_by("folder"):
        _write(out, f"{section.folder}/index.html", _section_page(section))
    releases = Release.objects.order_by("pk").values_list("pk", flat=True)
    for pk in progress(list(releases), "Posts"):
        _export_release(Release.objects.select_related("section").get(pk=pk), out, report)
    for path, source in progress(sorted(_files(at)), "Files"):
        _write(out, path, source.read_bytes())
        report.files += 1
    return report


def _export_release(release: Release, out: Path, report: ExportReport) -> None:
    edition = _edition_to_export(release)
    source = Source.objects.filter(release=release).first()
    if source and edition.pk == source.edition_id:
        _write(out, source.path, bytes(source.content))
        report.untouched += 1
    else:
        path = source.path if source else _new_path(release, edition)
        _write(out, path, format_post(_front_matter(release, edition), edition.body).encode())
        report.rewritten += 1


def _edition_to_export(release: Release) -> Edition:
    """What the public has or will have; without such an edition, the newest draft."""
    editions = release.editions.select_related("address").order_by("-number")
    return editions.filter(state=Edition.State.APPROVED).first() or editions[0]


def _new_path(release: Release, edition: Edition) -> str:
    slug = edition.address.path.strip("/").rpartition("/")[2] or f"release-{release.pk}"
    return f"{release.section.folder}/_posts/{edition.release_date}-{slug}.md"


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


def _section_page(section: Section) -> bytes:
    layout = "resources" if section.children.exists() else "resources-alt"
    return format_post({"layout": layout, "title": section.title}, "").encode()


def _files(at: dt.datetime) -> Iterator[tuple[str, Path]]:
    """(path in the site, where its bytes lie) of every file that an edition uses or that kept its address."""
    found = {
        row.address: row.blob.file for row in SiteFile.objects.live(at).select_related("address", "blob")
    }
    for model in (Illustration, Annex):
        for row in model.objects.select_related("address", "blob").order_by("edition__number"):
            found[row.address] = row.blob.file
    for address, file in found.items():
        yield address.source_path or address.path.lstrip("/"), file


def _write(out: Path, path: str, content: bytes) -> None:
    target = (out / path).resolve()
    if not target.is_relative_to(out.resolve()):
        raise OutsideTheFolder(f"{path} would lie outside {out}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
