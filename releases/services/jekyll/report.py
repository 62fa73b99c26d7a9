"""What an import found and did, in numbers and by name."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

Row = dict[str, object]
Progress = Callable[
    [Collection[Any], str], Iterable[Any]
]  # (rows, what is done with them) -> the rows, one by one
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


def _no_counts() -> dict[str, int]:
    return dict.fromkeys(COUNTED, 0)


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
    renumbered: list[Row] = field(default_factory=list)
    liquid: list[Row] = field(default_factory=list)
    repaired: list[Row] = field(default_factory=list)
    foreign_images: list[Row] = field(default_factory=list)
    warnings: list[Row] = field(default_factory=list)
    redirects: list[Row] = field(default_factory=list)
    site_files: list[Row] = field(default_factory=list)
    sections: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(_no_counts))

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

    def summary(self) -> str:
        """A readable account, a line a fact; facts that are nought are left out."""
        lines = [
            f"{self.posts} posts: {self.created} new, {self.updated} changed, {self.unchanged} unchanged,"
            f" {len(self.failed)} failed.",
            f"{self.annex_links} links to annexes: {self.annex_links_resolved} lead to a file,"
            f" {len(self.unresolved)} do not.",
        ]
        told = [(len(getattr(self, key)), words) for key, words in SENTENCES.items()]
        lines += [f"{number} {words}" for number, words in told if number]
        lines += [f"Failed: {row['path']}: {row['reason']}" for row in self.failed]
        return "\n".join(lines)


def explain_error(error: Exception) -> str:
    """An exception as a sentence: the operating system's own words without the path, or the message."""
    if isinstance(error, OSError) and error.strerror:
        return f"It cannot be read: {error.strerror}."
    return str(error) or type(error).__name__


SENTENCES = {
    "restored": "files whose bytes were missing here or cut short; they come from this copy again.",
    "lost": (
        "stored files are missing or cut short, and this copy does not hold their bytes: fetch them from a backup."
    ),
    "site_files": "files that no post uses keep their address.",
    "redirects": "redirects read from _redirects.",
    "empty_links": "links have no target; candidates are in the report.",
    "absent_bytes": "files are named but their bytes are not in this copy.",
    "shared_urls": ("addresses are claimed by more than one post; each post came in, one kept the address."),
    "unknown_issuers": "issuers are not known here; add them to the agencies.",
    "stray": "files in _posts are not posts and did not come in.",
    "repaired": "posts were mended while reading.",
    "liquid": (
        "posts hold Liquid that is not understood here: it shows as it was typed, or was left out; mend these posts."
    ),
    "renumbered": "posts show the numbers as typed where the old site showed others.",
    "foreign_images": (
        "pictures lie on other sites and are shown as links; save them under the names of the report and run the import"
        " with --fetch-pictures to show them."
    ),
    "conflicts": "posts changed on the old site and here; each is a draft to compare.",
    "gone": "posts that came in before are no longer in the folder; they stay.",
    "warnings": "further remarks are in the report.",
}
