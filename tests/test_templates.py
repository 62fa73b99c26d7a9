"""The templates as they are written; `./test` has the formatters check the rest."""

from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parent.parent / "templates"
LONGEST_LINE = 110


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_no_line_is_too_long(path):
    """A text for translators that is longer is a `blocktranslate trimmed` of several lines."""
    assert [line for line in path.read_text().splitlines() if len(line) > LONGEST_LINE] == []
