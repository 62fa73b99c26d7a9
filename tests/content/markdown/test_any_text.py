"""Whatever stands in a body: an answer or a refusal, no word lost, and HTML that an HTML5 parser (nh3 has
one) reads as it is written: cleaning it again changes nothing.
"""

import contextlib
import html as entities
import re
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from releases.content.markdown import BodyRefused, clean, decorate, render, render_raw

MARKS = (
    "# ",
    "1. ",
    "23. ",
    "- ",
    "* ",
    "> ",
    "| ",
    "|",
    "\n",
    "\n\n",
    "    ",
    "  \n",
    "*",
    "**",
    "_",
    "`",
    "```\n",
    "~~~\n",
    "[",
    "]",
    "](",
    ")",
    "![",
    "[^1]",
    "[^1]: ",
    "[a]: /x",
    '{:start="3"}\n',
    "{:.tight}",
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<br>",
    "<table>",
    "<td>",
    "<li>",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<iframe src='/x'>",
    "&amp;",
    "&",
    "<",
    ">",
    '"',
    "'",
    "--",
    "...",
    ": ",
    "\\",
    "\t",
    "\u00a0",
    "\u3000",
    "\r\n",
    "\x00",
    "^\n",
    "---\n",
    "===\n",
    "{::comment}",
)
WORDS = st.text(alphabet=string.ascii_lowercase, min_size=3, max_size=6)
BODIES = st.lists(st.one_of(st.sampled_from(MARKS), WORDS, st.text(max_size=4)), max_size=40).map("".join)


@settings(max_examples=600, deadline=None)
@given(BODIES)
def test_any_text_is_shown_or_refused(body):
    try:
        html = render(body)
    except BodyRefused:
        return
    assert clean(html) == html
    decorate(html)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_characters_are_shown_or_refused(body):
    with contextlib.suppress(BodyRefused):
        assert clean(render(body)) == render(body)


PLAIN_MARKS = (
    "# ",
    "1. ",
    "23. ",
    "- ",
    "* ",
    "> ",
    "| ",
    "\n",
    "\n\n",
    "  \n",
    "*",
    "**",
    "_",
    "]",
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<br>",
    "&",
    "<",
    ">",
    '"',
    "'",
    "--",
    "...",
    "\t",
    "\u00a0",
    "\r\n",
    "^\n",
    "---\n",
)


@settings(max_examples=600, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PLAIN_MARKS), WORDS), max_size=40))
def test_no_word_is_lost(parts):
    words = [part for part in parts if part not in PLAIN_MARKS]
    shown = entities.unescape(re.sub(r"<[^<>]*>", "", render(" ".join(parts))))
    position = 0
    for word in words:
        found = shown.find(word, position)
        assert found >= 0, word
        position = found + len(word)


def test_raw_html_is_made_for_the_same_texts():
    assert render_raw("a\x00b\ud800") is not None
