"""Words that nobody at a press office says, and that may not come back to the desk or to its guide."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GONE = [
    "Needs you",
    "Nothing waits for you",
    "The site as it will be",
    "Choose a time to come",
    "Must be mended",
    "to mend",
    "checks fail",
    "Take up again",
    "Take back to draft",
    "Erase by law",
    "Bring back",
    "You took this release away",
    "Clear for your agency",
    "How the consent was obtained",
    "This is the draft of the next edition",
    "both are kept",
    "There is text here that you typed",
    "Forget it",
    "Typography",
    "It is public there",
    "The address below the site's own",
    "Annexes, one by one",
    "being read",
    "is still to come",
    "annexes still to come",
    "What releases seem to say of agreements",
    "Tells of an event",
    "Accept what is chosen",
    "Becomes public of agreements too",
    "no release tells of it",
    "told once it is signed",
    "Who answers for it",
    "Neither: never",
    "Permanent records of releases",
    "End the account",
    "Alone, without a second person",
    "Blank: gone",
    "made no redirect",
    "was saved already",
    "Issued by nobody",
    "server time",
    "quality time",
]
PATTERN = re.compile("|".join(map(re.escape, GONE)))
READ_BY_READERS = ("content", "jekyll", "samples", "backups", "website", "feeds", "search")


def spoken_in_python(path):
    """The strings of a module that are no docstrings."""
    tree = ast.parse(path.read_text())
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef
    bodies = [node.body[0] for node in ast.walk(tree) if isinstance(node, kinds) and node.body]
    silent = {id(first.value) for first in bodies if isinstance(first, ast.Expr)}
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in silent)
    return [node.value for node in found if isinstance(node.value, str)]


def spoken():
    """(path, texts) of all that the desk says."""
    for folder in ("admin", "account", "allauth", "mfa"):
        for path in (ROOT / "templates" / folder).rglob("*.html"):
            yield path, [" ".join(path.read_text().split())]
    for path in (ROOT / "releases").rglob("*.py"):
        parts = path.relative_to(ROOT / "releases").parts
        if "migrations" not in parts and not set(parts) & set(READ_BY_READERS):
            yield path, spoken_in_python(path)
    for path in (ROOT / "releases" / "static" / "releases" / "admin").glob("*.js"):
        yield path, [path.read_text()]
    guide = ROOT / "docs" / "editors.md"
    yield guide, [guide.read_text()]


@pytest.mark.parametrize(
    "path, texts", list(spoken()), ids=lambda value: value.name if isinstance(value, Path) else ""
)
def test_no_word_that_was_replaced_comes_back(path, texts):
    assert [found[0] for text in texts for found in PATTERN.finditer(text)] == []
