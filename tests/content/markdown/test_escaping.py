import html
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from releases.content.markdown import render
from releases.content.markdown.escaping import escape_line, link_addresses

SIGNS = st.text("*_`#<>|[]()!{}:~-+=\\^&;./1a bB\"'%$@,", max_size=40)
TYPOGRAPHY = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


def shown(markdown):
    """What readers see of one paragraph, quotation marks and ellipses as they are typed."""
    found = re.fullmatch(r"<p>(.*)</p>\n", render(markdown), re.DOTALL)
    text = html.unescape(re.sub(r"</?(?:a|span)\b[^>]*>", "", found[1])) if found else "no paragraph"
    return " ".join(text.translate(TYPOGRAPHY).replace("…", "...").split())


@settings(max_examples=1500, deadline=None)
@given(SIGNS.filter(lambda text: text.strip() and "..." not in text))
@example("A*STAR will lead. A*STAR will report.")
@example("<Name to be confirmed>")
@example("1. one")
@example("2026 | 12")
@example("[see](files/a) and [^1] and ![x](y)")
@example("&amp; &#60; &lt")
@example("--- a -- b << c >> d")
@example("{:start=4} {::comment}")
@example("~~~ ~~a~~")
@example("# a {#b}")
@example("^")
@example("C:\\temp\\*.pdf \\")
@example("lena_ong_tan@example.org __init__ _a_")
def test_any_line_is_shown_sign_by_sign(text):
    assert shown(escape_line(text)) == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("See https://example.org/a_b*c?d=e&f=1.", "https://example.org/a_b*c?d=e&amp;f=1"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("Visit www.example.gov.sg, now.", "https://www.example.gov.sg"),
        ("Mail lena_ong@example.gov.sg!", "mailto:lena_ong@example.gov.sg"),
        ("Lena Ong <lena@example.gov.sg>", "mailto:lena@example.gov.sg"),
        ("(<https://example.org/a>), <www.example.org>", "https://example.org/a"),
        ("<<https://example.org/b>>", "https://example.org/b"),
    ],
)
def test_an_address_becomes_a_link_and_reads_as_before(text, target):
    markdown = link_addresses(text)
    assert shown(markdown) == text
    assert f'href="{target}"' in render(markdown)
