"""Pairs of Markdown and HTML. Each agrees with kramdown 2.4 (GFM) as Jekyll calls it; `kramdown` holds its
HTML where a number is shown as typed instead. `row` counts the families in which Markdown libraries differ
from kramdown.
"""

import html as entities
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from releases.content.markdown import render, render_raw

PAIRS = json.loads((Path(__file__).parent / "pairs.json").read_text())


def words(html):
    return entities.unescape(re.sub(r"<[^<>]*>", " ", html)).split()


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['row']}: {pair['markdown'][:30]!r}")
def test_a_body_is_shown_as_kramdown_showed_it(pair):
    assert render_raw(pair["markdown"]) == pair["html"]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['row']}: {pair['markdown'][:30]!r}")
def test_cleaning_loses_no_word(pair):
    assert words(render(pair["markdown"])) == words(pair["html"])


def test_every_family_has_pairs():
    rows = Counter(pair["row"] for pair in PAIRS)
    assert sorted(rows) == list(range(1, 23))
    assert len(PAIRS) >= 60


@pytest.mark.parametrize(
    "pair", [pair for pair in PAIRS if "kramdown" in pair], ids=lambda pair: pair["markdown"]
)
def test_only_numbers_differ_from_kramdown(pair):
    def without_numbers(html):
        return re.sub(r' (?:start|value)="[^"]*"|\s+', "", html)

    assert without_numbers(pair["html"]) == without_numbers(pair["kramdown"])
