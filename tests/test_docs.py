"""What the documents name is there: files, modules, functions, other documents, decisions."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DEVELOPERS = ROOT / "docs/developers.md"
DECISIONS = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FOLDERS = "releases|pressroom|templates|tests|docs|benchmarks|deploy|fixtures"
FILE = re.compile(rf"(?<![\w/.-])(?:{FOLDERS})/[\w./*-]*[\w*/]")
LAYERS = "delivery|public|api|admin|management|templatetags|services|models|content"
MODULE = re.compile(rf"(?<![\w/.-])(?:releases\.)?((?:{LAYERS})(?:\.\w+)+)")
QUOTED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[\w-]+)?\)")
STATUS = re.compile(r"(\d{4}-\d\d-\d\d)\. (?:Accepted|Superseded by \[(\d{4})\]\(\2-[\w-]+\.md\))\.")

each_document = pytest.mark.parametrize(
    "document", PAGES, ids=lambda document: str(document.relative_to(ROOT))
)
each_decision = pytest.mark.parametrize("document", DECISIONS, ids=lambda document: document.stem)


@each_document
def test_every_file_that_is_named_is_there(document):
    assert [name for name in FILE.findall(document.read_text()) if not any(ROOT.glob(name.rstrip("/")))] == []


@each_document
def test_every_module_and_function_that_is_named_is_there(document):
    named = [name for quoted in QUOTED.findall(document.read_text()) for name in MODULE.findall(quoted)]
    assert [name for name in named if not is_there(name)] == []


@each_document
def test_every_link_to_another_document_leads_there(document):
    assert [
        link for link in LINK.findall(document.read_text()) if not (document.parent / link).exists()
    ] == []


def is_there(name):
    """Whether `services.editions.digests.typed_values` is a package, a module, or what a module defines."""
    place = ROOT.joinpath("releases", *name.split("."))
    if place.is_dir() or place.with_suffix(".py").exists():
        return True
    module = place.parent.with_suffix(".py")
    return module.exists() and place.name in definitions(module)


def definitions(module):
    for node in ast.parse(module.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def test_every_word_of_the_code_that_developers_are_told_is_in_it():
    files = [path for top in ("releases", "pressroom", "tests") for path in (ROOT / top).rglob("*.py")]
    files += [ROOT / name for name in ("run", "test", "pyproject.toml")]
    code = {word for path in files for word in [path.stem, *re.findall(r"\w+", path.read_text())]}
    quoted = QUOTED.findall(DEVELOPERS.read_text())
    told = {found[1] for text in quoted if (found := re.fullmatch(r"(\w{3,})(?:\(\w*\))?", text))}
    assert len(told) > 20
    assert told - code == set()


def test_every_package_has_its_place_on_the_map():
    told = set(re.findall(r"[a-z_]+", DEVELOPERS.read_text()))
    layers = [ROOT / "releases" / layer for layer in ("services", "content")]
    modules = {path.stem for layer in layers for path in layer.iterdir()}
    assert {name for name in modules if not name.startswith("__")} - told == set()


def test_the_page_for_developers_fits_on_two_screens():
    lines = DEVELOPERS.read_text().splitlines()
    assert len(lines) <= 115
    assert [line for line in lines if len(line) > 110] == []


def test_decisions_are_numbered_without_a_gap():
    assert [int(document.name[:4]) for document in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_index_names_each_decision_once():
    told = re.findall(r"^- \[(\d{4})\]\(\1(-[\w-]+\.md)\)", (ROOT / "docs/adr/README.md").read_text(), re.M)
    assert sorted("".join(parts) for parts in told) == [document.name for document in DECISIONS]


@each_decision
def test_a_decision_is_short_and_says_when_why_and_what(document):
    text = document.read_text()
    assert len(text.splitlines()) <= 25
    assert text.startswith(f"# {int(document.name[:4])}. ")
    assert STATUS.fullmatch(text.splitlines()[2])
    assert "**Why.** " in text
    assert "**Decision.** " in text


@each_decision
def test_what_replaces_a_decision_is_newer_and_says_so(document):
    successor = STATUS.fullmatch(document.read_text().splitlines()[2])[2]
    if successor:
        [found] = document.parent.glob(f"{successor}-*.md")
        assert successor > document.name[:4]
        assert f"]({document.name})" in found.read_text()
