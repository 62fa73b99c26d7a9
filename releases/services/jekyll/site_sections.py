"""The sections of a site: one for each category of its posts."""

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction

from releases.content.extraction.kinds import find_section_kind
from releases.content.jekyll.config import CONFIGS
from releases.content.jekyll.layout import locate_page, locate_section, read_front_matter, read_title
from releases.content.text import permalinks
from releases.models import Address, Section, SitePage
from releases.services.jekyll.plan import Plan
from releases.services.jekyll.site import Site


def save_sections(plan: Plan) -> dict[str, Section]:
    """The sections of a plan's categories, and of what lies above these where it has a page, by category.

    Those that are there stay as they are. A new one does not get an address that a post of the plan has. One
    that the old site showed nothing of has no name of its own, since anybody may read the names of sections.
    """
    categories = {post.facts.post.category for post in plan.posts}
    shown = {post.facts.post.category for post in plan.posts if not post.facts.post.kept_back}
    shown |= {room for room in categories if _has_page(plan.site, room)}
    claimed = {permalinks.digest_path(post.address) for post in plan.posts}
    above = {category.rpartition("/")[0] for category in categories} - {""}
    sections: dict[str, Section] = {}
    for folder in sorted({*categories, *(room for room in above if locate_page(room) in plan.site.pages)}):
        parent = sections.get(folder.rpartition("/")[0]) if "/" in folder else None
        page = read_front_matter(plan.site.pages.get(locate_page(folder), b""))
        name = "" if folder in categories - shown else plan.site.settings.strip_collections_dir(folder)
        sections[folder] = _save_section(folder, name, page, parent, claimed)
    return sections


def keep_pages(site: Site, categories: Iterable[str]) -> None:
    """Keep what tells how the old site is built, to give it back: `_config.yml` and the pages of its
    categories."""
    kept = dict(SitePage.objects.values_list("path", "content"))
    for path in (*CONFIGS, *map(locate_page, categories)):
        content = site.pages.get(path, b"")
        if content and content != bytes(kept.get(path, b"")):
            SitePage.objects.update_or_create(path=path, defaults={"content": content})


def _has_page(site: Site, folder: str) -> bool:
    """Whether the old site showed a page of a category."""
    page = locate_page(folder)
    return page in site.pages and not site.settings.why_not_built(page)


def _save_section(
    folder: str,
    name: str,
    page: Mapping[str, object],
    parent: Section | None,
    claimed: Collection[str],
) -> Section:
    """`name` is the folder after which it is named."""
    found = Section.objects.filter(folder=folder).first()
    if found:
        return found
    title = read_title(page, name)
    with transaction.atomic():
        section = Section.objects.create(
            folder=folder,
            title=title,
            parent=parent,
            kind=find_section_kind([name.rpartition("/")[2], title]),
        )
        own = locate_section(name)
        path = _find_free((str(page.get("permalink") or own), own, locate_section("")), claimed)
        Address.objects.create(path=path, kind=Address.Kind.SECTION, section=section)
    return section


def _find_free(paths: Iterable[str], claimed: Collection[str]) -> str:
    """The first of `paths` that can be an address, with an ending where somebody else has it."""
    path = next(filter(None, map(_normalise, paths)))
    while permalinks.digest_path(path) in claimed or Address.objects.at(path).exists():
        path = f"{path.rstrip('/')}-releases/"
    return path


def _normalise(path: str) -> str:
    """ "" for what can't be an address."""
    try:
        return permalinks.normalise_path(path, is_old=True)
    except permalinks.PermalinkError:
        return ""
