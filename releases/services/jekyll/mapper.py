"""From a planned post to a draft: values for rows, the files that it uses, and what was found wrong.

Writes nothing.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import NamedTuple

from releases.content.extraction.bylines import VERSION, Attribution, find_issuers
from releases.content.files import annex_names
from releases.content.files.foreign_pictures import name_picture
from releases.content.files.links import is_foreign
from releases.content.files.media_types import is_lfs_pointer
from releases.content.jekyll.post import Post
from releases.content.markdown import BodyRefused, clean, render_body
from releases.content.text.script_languages import detect_language
from releases.models import Agency
from releases.services.editing.draft_values import IssuerValues
from releases.services.jekyll.plan import Plan, PlannedLink, PlannedPost
from releases.services.jekyll.report import Finding

LONGEST_LABEL, LONGEST_TITLE = 80, 500
OWNER = f"owner {VERSION}"


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file of the site at `file` below its root, with the public path that it keeps, and what a post calls
    it."""

    file: str
    path: str
    label: str
    title: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A post as an edition of ours, not written yet.

    `body_html` is rendered by the present renderer; `issuers` have the names that they had on the day of the
    post. `annex_links` counts the links to files of this site, however often, and `annex_links_resolved`
    those whose file is in this copy. `findings` is what there is to tell of it. `doubtful` are agencies that
    seem to sign it, in the lines of `signature`, and have nothing to do with the owner of the site. `issuers_rule` is "" where the front matter
    names the issuers.
    """

    planned: PlannedPost
    body_html: str
    language: str
    issuers: tuple[IssuerValues, ...]
    annexes: tuple[DraftFile, ...]
    illustrations: tuple[DraftFile, ...]
    annex_links: int
    annex_links_resolved: int
    findings: tuple[Finding, ...]
    doubtful: tuple[Agency, ...] = ()
    signature: str = ""
    issuers_rule: str = ""


class _Issued(NamedTuple):
    """Who issues a post, the rule by which that was found ("": somebody named them), and who only seems to, in which lines."""

    issuers: tuple[IssuerValues, ...]
    rule: str = ""
    doubtful: tuple[Agency, ...] = ()
    signature: str = ""


def draft_post(planned: PlannedPost, plan: Plan) -> Draft:
    """Render a post, and find its issuers, its language and its files."""
    post = planned.facts.post
    findings: list[Finding] = []
    body_html = _render(post, findings)
    issued = _find_issuers(post, plan, findings)
    language = (
        post.language or detect_language(f"{post.title}\n{post.body}") or plan.site.languages[post.category]
    )
    annexes = _find_annexes(planned, plan, findings)
    illustrations = _find_illustrations(planned, plan, {one.file for one in annexes}, findings)
    findings.extend(_find("repaired", post, repair=repair) for repair in post.repairs)
    findings.extend(_find("warnings", post, reason=warning) for warning in post.warnings)
    return Draft(
        planned=planned,
        body_html=body_html,
        language=language,
        issuers=issued.issuers,
        issuers_rule=issued.rule,
        annexes=annexes,
        illustrations=illustrations,
        annex_links=sum(bool(one.path) for one in planned.links),
        annex_links_resolved=sum(bool(one.file) for one in planned.links),
        findings=tuple(findings),
        doubtful=issued.doubtful,
        signature=issued.signature,
    )


def why_not_serve(file: Path) -> str:
    """Why the bytes of a file of the site can't be served; "" when they can."""
    try:
        with file.open("rb") as stream:
            head = stream.read(200)
    except OSError as error:
        return f"It cannot be read: {error.strerror}."
    if not head:
        return "The file is empty."
    return "A Git LFS pointer lies in its place." if is_lfs_pointer(head) else ""


def _find(key: str, post: Post, **row: object) -> Finding:
    return Finding(key, {"post": post.path, **row})


def _render(post: Post, findings: list[Finding]) -> str:
    try:
        rendering = render_body(post.body)
    except BodyRefused as error:
        reason = f"Its text is kept but not shown formatted: {error}"
        findings.append(_find("warnings", post, reason=reason))
        return clean(_format_plain(post.body))
    if rendering.renumbered:
        findings.append(_find("renumbered", post))
    return rendering.html


def _format_plain(body: str) -> str:
    """A body's own words as HTML, whatever marks it holds."""
    return "\n\n".join(f"<p>{escape(part)}</p>" for part in body.split("\n\n") if part.strip())


def _find_issuers(post: Post, plan: Plan, findings: list[Finding]) -> _Issued:
    """Those that the front matter names, else those of the byline or the signature, else the owner of the
    site; and those of a signature that is left to an editor, since the owner is known and not concerned."""
    named = [slug for slug in dict.fromkeys(post.extras.issuers) if slug in plan.agencies]
    if named:
        return _Issued(_name_all(named, post, plan))
    found = find_issuers(post.body, plan.lexicon)
    findings += [_find("unknown_issuers", post, name=name, line=found.line) for name in found.unknown]
    if _is_of_others(found, plan):
        doubtful = tuple(plan.agencies[slug] for slug in found.keys)
        findings += [_find("doubtful_issuers", post, name=str(one), line=found.line) for one in doubtful]
        return _Issued(_name_all([plan.owner], post, plan), OWNER, doubtful, found.line)
    rule = f"{found.rule} {VERSION}" if found.keys else OWNER
    return _Issued(_name_all(found.keys or [plan.owner], post, plan), rule)


def _name_all(slugs: Iterable[str], post: Post, plan: Plan) -> tuple[IssuerValues, ...]:
    """Agencies under their names of the day of a post; nobody for ""."""
    return tuple(_name_agency(plan.agencies[slug], post.date) for slug in slugs if slug)


def _is_of_others(found: Attribution, plan: Plan) -> bool:
    """Whether agencies sign that are not the owner of the site, nor stand below it, nor became a part of
    it."""
    if found.rule != "signature" or not plan.owner:
        return False
    slugs = {agency.pk: slug for slug, agency in plan.agencies.items()}
    seen: set[str] = set()
    left = list(found.keys)
    while left:
        slug = left.pop()
        agency = plan.agencies[slug]
        above = [slugs[pk] for pk in (agency.parent_id, agency.successor_id) if pk]
        seen.add(slug)
        left += [one for one in above if one not in seen]
    return plan.owner not in seen


def _name_agency(agency: Agency, day: dt.date) -> IssuerValues:
    held = agency.name_on(day)
    name, acronym = (held.name, held.acronym) if held else (agency.acronym, agency.acronym)
    return IssuerValues(agency, name=name, acronym=acronym)


def _find_annexes(planned: PlannedPost, plan: Plan, findings: list[Finding]) -> tuple[DraftFile, ...]:
    """The files that a post links to, each once, in the order of their first links."""
    found: dict[str, DraftFile] = {}
    for link in planned.links:
        if not link.file:
            findings.extend(_tell_unresolved(link, planned, plan))
        elif _has_bytes(link, planned, plan, findings) and link.file not in found:
            found[link.file] = _name_annex(link, planned.facts.post, plan)
    return tuple(found.values())


def _tell_unresolved(link: PlannedLink, planned: PlannedPost, plan: Plan) -> list[Finding]:
    """Of a link without a file: one with a path leads to none, and one without a target was meant to."""
    post, label, target = planned.facts.post, link.link.label, link.link.target
    if link.path:
        candidates = plan.index.same_name(link.path)
        return [_find("unresolved", post, target=target, candidates=candidates)]
    if target.strip():
        return []
    proposed, candidates = annex_names.find_candidates(label, post.date.year, plan.site.files, plan.linked)
    return [_find("empty_links", post, label=label, proposed=proposed, candidates=candidates)]


def _name_annex(link: PlannedLink, post: Post, plan: Plan) -> DraftFile:
    """As the post names it by itself, else as its link does."""
    path = plan.site.settings.locate_file(link.file)
    named = {one.path: one for one in post.extras.annexes}.get(link.link.target)
    if named and (named.label or named.title):
        return DraftFile(link.file, path, named.label, named.title, named.language)
    label, title = annex_names.split_label(link.link.label, link.file.rsplit("/", 1)[-1])
    return DraftFile(link.file, path, label[:LONGEST_LABEL], title[:LONGEST_TITLE])


def _find_illustrations(
    planned: PlannedPost, plan: Plan, annexes: set[str], findings: list[Finding]
) -> tuple[DraftFile, ...]:
    """The pictures of a post that are files of this site and not its `annexes`, each once."""
    post = planned.facts.post
    found: dict[str, DraftFile] = {}
    for image in planned.images:
        target = image.link.target
        if image.file:
            if image.file not in {*annexes, *found} and _has_bytes(image, planned, plan, findings):
                path = plan.site.settings.locate_file(image.file)
                found[image.file] = DraftFile(image.file, path, "", image.link.label)
        elif image.path:
            reason = f"The picture {target} is not in this copy."
            findings.append(_find("warnings", post, reason=reason))
        elif is_foreign(target, plan.hosts):
            findings.append(_find("foreign_images", post, image=target, save_as=name_picture(target)))
    return tuple(found.values())


def _has_bytes(link: PlannedLink, planned: PlannedPost, plan: Plan, findings: list[Finding]) -> bool:
    reason = why_not_serve(plan.site.place_file(link.file))
    if reason:
        findings.append(_find("absent_bytes", planned.facts.post, target=link.file, reason=reason))
    return not reason
