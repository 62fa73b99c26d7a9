"""How well the rules of kinds name texts that a person labelled: precision of each kind, and how many of those
whose kind is not their section's are found.

    CORPUS=SITE python benchmarks/kinds.py

SITE is the folder of the old site whose posts are labelled in tests/content/extraction/kinds_labelled.csv, by the
first 16 digits of the SHA-256 of a post's path. The rules were tuned on the half whose last digit is even. How a
reply in Parliament was given is labelled in replies_labelled.csv beside it, by what stands above the question or the
answer; the rules were tuned on those of the first 60 paths, up to the digest 21. Where no rule decides, a text has
its section's kind, which counts as an answer.
"""

import csv
import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from releases.content.extraction.kinds import find_kind  # noqa: E402
from releases.content.jekyll.post import parse_post  # noqa: E402
from releases.content.markdown import render  # noqa: E402

LABELS = ROOT / "tests" / "content" / "extraction"
REPLIES = {"oral-reply": "parliamentary-reply", "written-reply": "parliamentary-reply"}


class Row(NamedTuple):
    """The kinds of a text: by its section, by a person, and as found, with the rule that found it."""

    digest: str
    section: str
    label: str
    found: str
    rule: str


def main() -> None:
    """Print the figures of both halves, and each miss."""
    rows = read_rows(Path(os.environ["CORPUS"]))
    halves = {
        "tuned": [row for row in rows if int(row.digest[-1], 16) % 2 == 0],
        "unseen": [row for row in rows if int(row.digest[-1], 16) % 2],
    }
    for name, half in (halves | {"all": rows}).items():
        print_figures(name, half)
    print_replies(Path(os.environ["CORPUS"]))
    for name, half in halves.items():
        for row in half:
            if row.found != row.label:
                print(f"{name:7}{row.digest}  {row.label} found as {row.found} by {row.rule}")


def list_places(site: Path) -> dict[str, str]:
    """The paths of posts by the digests that the labels have."""
    paths = (str(path.relative_to(site)) for path in site.rglob("_posts/*"))
    return {hashlib.sha256(path.encode()).hexdigest()[:16]: path for path in paths}


def read_rows(site: Path) -> list[Row]:
    """The labelled texts of a site, with what the rules find."""
    places = list_places(site)
    return [
        read_row(site, places[digest], digest, *kinds) for digest, *kinds in read_labels("kinds_labelled.csv")
    ]


def read_labels(name: str) -> list[list[str]]:
    with (LABELS / name).open(newline="") as table:
        return list(csv.reader(table))[1:]


def print_replies(site: Path) -> None:
    """The share of replies in Parliament of which the rules say rightly how they were given."""
    places = list_places(site)
    right: dict[str, list[bool]] = {"tuned": [], "unseen": []}
    for digest, label in read_labels("replies_labelled.csv"):
        post = parse_post((site / places[digest]).read_bytes(), places[digest])
        found = find_kind(post.title, render(post.body), "parliamentary-reply").kind
        right["tuned" if digest < "21c" else "unseen"].append(found == label)
    for name, answers in right.items():
        print(f"{name:7}{'oral or written':22}{sum(answers) / len(answers):7.3f} of {len(answers)}")


def read_row(site: Path, path: str, digest: str, section: str, label: str) -> Row:
    """A labelled text with what is found."""
    post = parse_post((site / path).read_bytes(), path)
    found, rule = find_kind(post.title, render(post.body), section)
    return Row(digest, section, label, REPLIES.get(found, found), rule)


def print_figures(name: str, rows: Sequence[Row]) -> None:
    """Precision of each kind and their mean, and the share found of those that are not of their section's kind."""
    precision = {}
    for kind in sorted({row.found for row in rows}):
        found = [row for row in rows if row.found == kind]
        precision[kind] = sum(row.label == kind for row in found) / len(found)
        print(f"{name:7}{kind:22}{precision[kind]:7.3f} of {len(found)}")
    others = [row for row in rows if row.label != row.section]
    right = sum(row.found == row.label for row in others)
    print(f"{name:7}{'mean of the kinds':22}{sum(precision.values()) / len(precision):7.3f}")
    print(f"{name:7}{'not of their section':22}{right / len(others):7.3f} of {len(others)}")


if __name__ == "__main__":
    main()
