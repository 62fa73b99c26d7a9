"""The rules of `structure_problems` are broken one by one: each must be noticed."""

import pytest

from tests.markup import structure_problems

PAGE = """<!DOCTYPE html><html><body><h1 id="a">T</h1><ul><li>x</li></ul><p>One<br>two <a href="/">b</a></p>
<section aria-labelledby="a"><a href="/"><div>c</div></a></section></body></html>"""


@pytest.mark.parametrize(
    "right, wrong",
    [
        ("</li>", ""),
        ("<ul><li>x</li></ul>", "<li>x</li>"),
        ("<li>x</li>", "<p>x</p>"),
        ("<p>One", '<p id="a">One'),
        ('labelledby="a"', 'labelledby="b"'),
        ("One<br>", "<div>One</div>"),
        (">T<", "><ul><li>T</li></ul><"),
        ('<a href="/">b</a>', '<a href="/"><a href="/">b</a></a>'),
        ('<a href="/"><div>', '<span><a href="/"><div>'),
        ('<a href="/">b', '<a href="/" href="/">b'),
        ("</html>", "</html></div>"),
    ],
)
def test_a_broken_rule_of_html_is_noticed(right, wrong):
    assert structure_problems(PAGE) == []
    assert PAGE.count(right) == 1 and structure_problems(PAGE.replace(right, wrong))
