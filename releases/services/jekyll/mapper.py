"""From a post to a draft: values ready for rows, the files that it uses, and what was found wrong. Writes nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

from releases.content.extraction.bylines import Lexicon, attribute
from releases.content.files import annex_names, links
from releases.content.files.media_types import is_lfs_pointer
from releases.content.jekyll.layout import locate_file, locate_section
from releases.content.jekyll.post import Post
from releases.content.markdown import RENDERER_VERSION, BodyRefused, clean, rendering_of
from releases.content.text.script_languages import language_of
from releases.models import Agency
from releases.services.jekyll.report import ImportReport
from releases.services.jekyll.site import Site
from releases.services.jekyll.survey import PostFacts, Survey


@dataclass(slots=True)
class DraftFile:
    file: str
    path: str
    label: str
    title: str
    language: str = ""


class NamedAgency(NamedTuple):
    """An agency as it was called on the day of a post."""

    agency: Agency
    name: str
    acronym: str


@dataclass(slots=True)
class Draft:
    """A post as an edition of ours, not written yet."""

    facts: PostFacts
    post: Post
    body_html: str
    issuers: list[NamedAgency]
    language: str
    annexes: list[DraftFile] = field(default_factory=list)
    illustrations: list[DraftFile] = field(default_factory=list)
    renderer_version: int = RENDERER_VERSION

    @property
    def files(self) -> list[DraftFile]:
        return [*self.annexes, *self.illustrations]


class Drafter:
    """Makes drafts of the posts of one site. `agencies` by slug; `owner` issues what names nobody."""

    def __init__(
        self,
        survey: Survey,
        report: ImportReport,
        agencies: Mapping[str, Agency],
        lexicon: Lexicon,
        owner: str,
    ) -> None:
        self.survey, self.report, self.site = survey, report, survey.site
        self.agencies, self.lexicon, self.owner = agencies, lexicon, owner

    def draft(self, facts: PostFacts, post: Post) -> Draft:
        section = locate_section(facts.category)
        draft = Draft(
            facts,
            post,
            self._render(post, section),
            self._issuers(post, section),
            post.language
            or language_of(f"{post.title}\n{post.body}")
            or self.site.language_of(post.category),
        )
        self._attach(draft, section)
        self._remark(post, section)
        return draft

    def _render(self, post: Post, section: str) -> str:
        try:
            rendering = rendering_of(post.body)
        except BodyRefused as error:
            self.report.add(
                "warnings",
                section,
                post=post.path,
                reason=f"Its text is kept but not shown formatted: {error}",
            )
            return clean(_plain(post.body))
        if rendering.renumbered:
            self.report.add("renumbered", section, post=post.path)
        return rendering.html

    def _issuers(self, post: Post, section: str) -> list[NamedAgency]:
        told = [self.agencies[slug] for slug in dict.fromkeys(post.extras.issuers) if slug in self.agencies]
        if told:
            return [_named(agency, post.date) for agency in told]
        found = attribute(post.body, self.lexicon)
        for name in found.unknown:
            self.report.add("unknown_issuers", section, post=post.path, name=name, line=found.line)
        keys = found.keys or ((self.owner,) if self.owner else ())
        return [_named(self.agencies[key], post.date) for key in keys if key in self.agencies]

    def _attach(self, draft: Draft, section: str) -> None:
        for link in draft.facts.links:
            if not link.target.strip():
                self._tell_empty(draft, link, section)
            elif path := links.annex_path(link.target, self.survey.hosts):
                self.report.count("annex_links", section)
                self._attach_annex(draft, link, path, section)
        for image in draft.facts.images:
            if path := links.own_path(image.target, self.survey.hosts):
                self._attach_image(draft, image, path, section)
            elif links.is_foreign(image.target, self.survey.hosts):
                self.report.add("foreign_images", section, post=draft.post.path, image=image.target)

    def _attach_annex(self, draft: Draft, link: links.Link, path: str, section: str) -> None:
        file = self.survey.file_of(path)
        if not file:
            candidates = self.survey.index.same_name(path)
            self.report.add(
                "unresolved", section, post=draft.post.path, target=link.target, candidates=candidates
            )
            return
        self.report.count("annex_links_resolved", section)
        if self._has_bytes(draft, file, section) and all(file != annex.file for annex in draft.annexes):
            draft.annexes.append(self._annex(draft, link, file))

    def _annex(self, draft: Draft, link: links.Link, file: str) -> DraftFile:
        """As the post names it by itself, else as its link does."""
        path, named = locate_file(file), {one.path: one for one in draft.post.extras.annexes}
        if (told := named.get(link.target)) and (told.label or told.title):
            return DraftFile(file, path, told.label, told.title, told.language)
        label, title = annex_names.split_label(link.label, file.rsplit("/", 1)[-1])
        return DraftFile(file, path, label[:80], title[:500])

    def _attach_image(self, draft: Draft, image: links.Link, path: str, section: str) -> None:
        file = self.survey.file_of(path)
        known = [one.file for one in draft.files]
        if not file:
            self.report.add(
                "warnings",
                section,
                post=draft.post.path,
                reason=f"The picture {image.target} is not in this copy.",
            )
        elif file not in known and self._has_bytes(draft, file, section):
            draft.illustrations.append(DraftFile(file, locate_file(file), "", image.label))

    def _has_bytes(self, draft: Draft, file: str, section: str) -> bool:
        reason = why_not_serve(self.site, file)
        if reason:
            self.report.add("absent_bytes", section, post=draft.post.path, target=file, reason=reason)
        return not reason

    def _tell_empty(self, draft: Draft, link: links.Link, section: str) -> None:
        proposed, candidates = annex_names.candidates_for_empty(
            link.label, draft.post.date.year, self.site.files, self.survey.linked
        )
        self.report.add(
            "empty_links", section,
            post=draft.post.path, label=link.label, proposed=proposed, candidates=candidates,
        )  # fmt: skip

    def _remark(self, post: Post, section: str) -> None:
        for repair in post.repairs:
            self.report.add("repaired", section, post=post.path, repair=repair)
        for warning in post.warnings:
            self.report.add("warnings", section, post=post.path, reason=warning)


def _named(agency: Agency, day: dt.date) -> NamedAgency:
    held = agency.name_on(day)
    return (
        NamedAgency(agency, held.name, held.acronym)
        if held
        else NamedAgency(agency, agency.acronym, agency.acronym)
    )


def why_not_serve(site: Site, file: str) -> str:
    """Why the bytes of a listed file can't be served; "" when they can."""
    try:
        with (site.root / file).open("rb") as stream:
            head = stream.read(200)
    except OSError as error:
        return f"It cannot be read: {error.strerror}."
    if not head:
        return "The file is empty."
    return "A Git LFS pointer lies in its place." if is_lfs_pointer(head) else ""


def _plain(body: str) -> str:
    """A body's own words as HTML, whatever marks it holds."""
    return "\n\n".join(f"<p>{escape(part)}</p>" for part in body.split("\n\n") if part.strip())
