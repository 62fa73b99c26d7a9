"""The sections of a site: one for each category of its posts."""

from collections.abc import Collection, Iterable

from django.db import transaction

from releases.content.jekyll.layout import locate_page, locate_section, read_front_matter, read_title
from releases.content.text import permalinks
from releases.models import Address, Section, SitePage
from releases.services.jekyll.plan import Plan
from releases.services.jekyll.site import CONFIG, Site

LABELS = {
    "press": "Press release",
    "speech": "Speech",
    "parliament": "Parliamentary reply",
    "forum": "Forum reply",
    "repl": "Reply",
    "consultation": "Public consultation",
    "newsletter": "Newsletter",
    "announcement": "Announcement",
    "advisor": "Advisory",
    "statement": "Statement",
    "publication": "Publication",
    "report": "Report",
}


def save_sections(plan: Plan) -> dict[str, Section]:
    """The sections of a plan's categories, and of what lies above these where it has a page, by category.

    Those that are there stay as they are. A new one does not get an address that a post of the plan has.
    """
    categories = {post.facts.post.category for post in plan.posts}
    claimed = {permalinks.digest_path(post.address) for post in plan.posts}
    above = {category.rpartition("/")[0] for category in categories} - {""}
    sections: dict[str, Section] = {}
    for folder in sorted({*categories, *(room for room in above if locate_page(room) in plan.site.pages)}):
        parent = sections.get(folder.rpartition("/")[0]) if "/" in folder else None
        sections[folder] = _save_section(plan.site, folder, parent, claimed)
    return sections


def keep_pages(site: Site, categories: Iterable[str]) -> None:
    """Keep what tells how the old site is built, to give it back: `_config.yml` and the pages of its
    categories."""
    kept = dict(SitePage.objects.values_list("path", "content"))
    for path in (CONFIG, *map(locate_page, categories)):
        content = site.pages.get(path, b"")
        if content and content != bytes(kept.get(path, b"")):
            SitePage.objects.update_or_create(path=path, defaults={"content": content})


def _save_section(site: Site, folder: str, parent: Section | None, claimed: Collection[str]) -> Section:
    found = Section.objects.filter(folder=folder).first()
    if found:
        return found
    page = read_front_matter(site.pages.get(locate_page(folder), b""))
    title = read_title(page, folder)
    with transaction.atomic():
        section = Section.objects.create(
            folder=folder, title=title, parent=parent, release_label=_choose_label(folder, title)
        )
        path = str(page.get("permalink") or locate_section(site.settings.strip_collections_dir(folder)))
        Address.objects.create(path=_find_free(path, claimed), kind=Address.Kind.SECTION, section=section)
    return section


def _choose_label(folder: str, title: str) -> str:
    words = f"{folder.rpartition('/')[2]} {title}".lower()
    return next((label for part, label in LABELS.items() if part in words), "Release")


def _find_free(path: str, claimed: Collection[str]) -> str:
    path = permalinks.normalise_path(path)
    while permalinks.digest_path(path) in claimed or Address.objects.at(path).exists():
        path = f"{path.rstrip('/')}-releases/"
    return path
