import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from complexipy import code_complexity

ROOT = Path(__file__).parent.parent
CODE = [
    path for path in ROOT.glob("*/**/*.py") if path.relative_to(ROOT).parts[0] in ("releases", "pressroom")
]
WRITTEN = [path for path in CODE if "migrations" not in path.parts]
MOST_SHORT_HELPERS = 103
DAYS = ROOT / "releases" / "content" / "text" / "dates.py"


def test_imports_only_point_down():
    """In a process of its own: import-linter switches off the loggers that there are."""
    ask = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    asked = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stdout


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_read_in_one_sitting_and_its_functions_at_one_go(path):
    """At most 600 lines, and no function over a cognitive complexity of 12, which counts `and`, `or` and
    nesting too."""
    text = path.read_text()
    assert len(text.splitlines()) <= 600
    assert [one.name for one in code_complexity(text).functions if one.complexity > 12] == []


def test_the_formatter_writes_every_line():
    files = [*WRITTEN, *ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/**/*.py")]
    held_back = re.compile(r"#\s*fmt: (skip|off)")
    assert [str(path.relative_to(ROOT)) for path in files if held_back.search(path.read_text())] == []


def test_short_helpers_with_one_caller_do_not_spread():
    """A function is split where that makes it clearer, not to meet a size."""
    assert sum(len(short_helpers(path)) for path in WRITTEN) <= MOST_SHORT_HELPERS


def short_helpers(path):
    """Names of private functions of a module of at most 4 lines that are named once beside their
    definition."""
    tree = ast.parse(path.read_text())
    named = Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("_")
        and node.end_lineno - node.lineno < 4
        and named[node.name] == 1
    ]


def test_the_name_of_a_class_stands_for_one_thing():
    """Else a reader who looks for it finds another one; what a module keeps to itself begins with `_`."""
    trees = [ast.parse(path.read_text()) for path in WRITTEN]
    names = [node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    public = Counter(name for name in names if not name.startswith("_") and name != "Command")
    assert [name for name, number in public.items() if number > 1] == []


def test_a_day_is_written_in_one_place():
    """Else some pages have 1 May and others 01 May; templates have Django's `j`."""
    pages = ROOT.glob("templates/**/*.html")
    padded = re.compile(r"%d %[Bb]|\bd [FMN]\b")
    assert [path.name for path in WRITTEN if "%B" in path.read_text() and path != DAYS] == []
    assert [path.name for path in [*WRITTEN, *pages] if padded.search(path.read_text())] == []


@pytest.mark.parametrize("folder", ["content", "services"])
def test_modules_of_content_and_services_say_what_they_are(folder):
    modules = [path for path in WRITTEN if folder in path.parts and path.read_text().strip()]
    assert [path.name for path in modules if not ast.get_docstring(ast.parse(path.read_text()))] == []
