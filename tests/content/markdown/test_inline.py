"""Where the signs stand that a rule of the spans may take."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from releases.content.markdown import render_raw
from releases.content.markdown.inline import find_sign

# What is looked for, in plain words: slower, but read off the rules one by one.
PLAINLY = re.compile(
    r"""[\\`*_<\[\]!&~{]|--|\.\.\.|>>|[ ]>>|[ ][ ](?=\n)|(?s:[^\\])?["']""",
)
SIGNS = st.text(alphabet="ab \n\\`*_<[]!&~{\"'->.’", max_size=12)


@settings(max_examples=1500)
@given(SIGNS, st.integers(0, 12))
def test_the_next_sign_is_found_where_a_rule_may_take_it(text, position):
    position = min(position, len(text))
    found = PLAINLY.search(text, position)
    assert find_sign(text, position) == (found.start() if found else len(text))


def test_a_block_without_signs_is_its_own_text():
    words = "No sign at all. " * 200
    assert render_raw(words) == f"<p>{words.rstrip()}</p>\n"
