"""What an import found and did, in numbers and by name."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

Row = dict[str, object]
MOST_FAILED = 10
COUNTED = (
    "posts",
    "created",
    "updated",
    "unchanged",
    "failed",
    "annex_links",
    "annex_links_resolved",
    "unresolved",
    "empty_links",
)


class Finding(NamedTuple):
    """A case to tell: the list of the report that it belongs to, and its row there."""

    key: str
    row: Row


@dataclass
class ImportReport:
    """Lists name each case; the numbers in `sections` count the same things per old category (its path is the
    key)."""

    posts: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: list[Row] = field(default_factory=list)
    stray: list[Row] = field(default_factory=list)
    gone: list[Row] = field(default_factory=list)
    kept_back: list[Row] = field(default_factory=list)
    scheduled: list[Row] = field(default_factory=list)
    conflicts: list[Row] = field(default_factory=list)
    annex_links: int = 0
    annex_links_resolved: int = 0
    unresolved: list[Row] = field(default_factory=list)
    empty_links: list[Row] = field(default_factory=list)
    absent_bytes: list[Row] = field(default_factory=list)
    restored: list[Row] = field(default_factory=list)
    lost: list[Row] = field(default_factory=list)
    shared_urls: list[Row] = field(default_factory=list)
    unknown_issuers: list[Row] = field(default_factory=list)
    doubtful_issuers: list[Row] = field(default_factory=list)
    owner: str = ""
    without_issuer: int = 0
    renumbered: list[Row] = field(default_factory=list)
    liquid: list[Row] = field(default_factory=list)
    repaired: list[Row] = field(default_factory=list)
    foreign_images: list[Row] = field(default_factory=list)
    warnings: list[Row] = field(default_factory=list)
    redirects: list[Row] = field(default_factory=list)
    site_files: list[Row] = field(default_factory=list)
    pages: list[Row] = field(default_factory=list)
    documents: list[Row] = field(default_factory=list)
    not_honoured: list[Row] = field(default_factory=list)
    sections: dict[str, dict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: dict.fromkeys(COUNTED, 0))
    )

    def add(self, key: str, section: str, **row: object) -> None:
        """Name a case under `key`, and count it for its section where that key is counted."""
        getattr(self, key).append(row)
        if key in COUNTED:
            self.sections[section][key] += 1

    def count(self, key: str, section: str, number: int = 1) -> None:
        """Add to the number of that name, of the whole and of the section."""
        setattr(self, key, getattr(self, key) + number)
        self.sections[section][key] += number

    def save(self, path: Path) -> None:
        """Write the whole report as JSON. Raises OSError."""
        text = json.dumps(vars(self), ensure_ascii=False, indent=1, default=str)
        path.write_text(text + "\n", encoding="utf-8")

    def _tell_ownerless(self) -> str:
        releases = "1 release has" if self.without_issuer == 1 else f"{self.without_issuer} releases have"
        return (
            f"The agency that owns this site isn't known: {releases} no issuer. Set SITE_AGENCY to its slug or acronym, or"
            " give its slug with --owner, and run the import again."
        )

    def summary(self) -> str:
        """A readable account of one screen, worst news first; facts that are nought are left out."""
        return "\n".join(
            [
                *([] if self.owner or not self.without_issuer else [self._tell_ownerless()]),
                f"{count_things('{n} post{|s}', self.posts)}: {self.created} new, {self.updated} changed,"
                f" {self.unchanged} unchanged, {len(self.failed)} failed.",
                *(f"Failed: {row['path']}: {row['reason']}" for row in self.failed[:MOST_FAILED]),
                *self._sentences(),
            ]
        )

    def _sentences(self) -> Iterator[str]:
        if (more := len(self.failed) - MOST_FAILED) > 0:
            yield count_things("{n} more failed {post is|posts are} in the report.", more)
        if self.annex_links:
            yield (
                count_things("{n} link{|s} to annexes", self.annex_links)
                + ": "
                + count_things("{n} lead{s|} to a file", self.annex_links_resolved)
                + f", {len(self.unresolved)} {'does' if len(self.unresolved) == 1 else 'do'} not."
            )
        for key, words in SENTENCES.items():
            if number := len(getattr(self, key)):
                yield count_things(words, number)


def count_things(words: str, number: int) -> str:
    """A sentence on a number of things: `{one|more}` is the first for 1, and `{n}` the number."""
    chosen = re.sub(r"\{([^{}|]*)\|([^{}]*)\}", lambda found: found[1 if number == 1 else 2], words)
    return chosen.replace("{n}", str(number))


def explain_error(error: Exception) -> str:
    """An exception as a sentence: the operating system's own words without the path, or the message."""
    if isinstance(error, OSError) and error.strerror:
        return f"It cannot be read: {error.strerror}."
    return str(error) or type(error).__name__


SENTENCES = {
    "lost": (
        "{n} stored file{|s} {is|are} missing or cut short, and this copy does not hold {its|their} bytes: fetch"
        " {it|them} from a backup."
    ),
    "conflicts": "{n} post{|s} changed on the old site and here; {it is|each is} a draft to compare.",
    "kept_back": (
        "{n} post{|s} or file{|s} that the old site did not build {is|are} not public here; the report says why. Publish what"
        " readers knew."
    ),
    "scheduled": "{n} post{|s} will be public at {its|their} hour; the report has the instants.",
    "shared_urls": (
        "{n} address{|es} {is|are} claimed by more than one post; each post came in, one kept the address. Check the other"
        " addresses in the report."
    ),
    "empty_links": "{n} link{|s} {has|have} no target; candidates are in the report.",
    "absent_bytes": "{n} file{|s} {is|are} named but {its|their} bytes are not in this copy, or can't be served; add {it|them}.",
    "unknown_issuers": "{n} issuer{|s} {is|are} not known here; add {it|them} to the agencies.",
    "doubtful_issuers": (
        "{n} agenc{y seems|ies seem} to sign a release and {is|are} not shown as {its issuer|its issuers}; accept or dismiss"
        " {it|them} under “Suggestions” at the desk."
    ),
    "foreign_images": "{n} picture{|s} {lies|lie} on other sites and {is|are} shown as {a link|links}; save {it|them} under the"
    " name{|s} in the report and run the import with --fetch-pictures.",
    "stray": "{n} file{|s} in _posts {is no post|are no posts} and did not come in; the report says what to do.",
    "repaired": "{n} post{|s} {was|were} mended while reading.",
    "liquid": (
        "{n} post{|s} {holds|hold} Liquid that is not understood here: it shows as it was typed, or was left out; mend"
        " {it|them}."
    ),
    "renumbered": "{n} post{|s} {shows|show} the numbers as typed where the old site showed others.",
    "gone": "{n} post{|s} that came in before {is|are} no longer in the folder; {it stays|they stay}.",
    "restored": (
        "{n} file{|s} whose bytes were missing here or cut short {comes|come} from this copy again."
    ),
    "site_files": "{n} file{|s} that no post uses {keeps its|keep their} address{|es}.",
    "redirects": "{n} redirect{|s} of the old site {was|were} read.",
    "documents": "{n} page{|s} of collections {stays|stay} behind; write {it|them} anew if readers need {it|them}.",
    "pages": "{n} page{|s} outside of posts {stays|stay} behind; write {it|them} anew if readers need {it|them}.",
    "not_honoured": "{n} setting{|s} or key{|s} that Jekyll knows changed nothing here; the report names {it|them}.",
    "warnings": "{n} further remark{|s} {is|are} in the report.",
}
"""What is said of the lists of a report, in the order of their weight."""
