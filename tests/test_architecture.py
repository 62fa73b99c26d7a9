import ast
import re
import statistics
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent
CODE = [
    path for path in ROOT.glob("*/**/*.py") if path.relative_to(ROOT).parts[0] in ("releases", "pressroom")
]
WRITTEN = [path for path in CODE if "migrations" not in path.parts]
DAYS = ROOT / "releases" / "content" / "text" / "dates.py"


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node):
    return node.end_lineno - node.lineno + 1


def test_imports_only_point_down():
    assert lint_imports(no_cache=True) == 0


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_over_400_lines_and_no_function_over_50(path):
    assert len(path.read_text().splitlines()) <= 400
    assert [node.name for node in functions(path) if length(node) > 50] == []


def test_functions_are_short():
    assert statistics.median(length(node) for path in WRITTEN for node in functions(path)) <= 8


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
