import pytest

from releases.content.text.markup import cut_body_excerpt, plain_text
from releases.content.text.tokens import cut_excerpt, parse_query

LINE = "<p>The minister spoke of 协定生效 &amp; of boats.</p>"


@pytest.mark.parametrize("asked", ["herring", "协定", "absent", "", "-boats"])
@pytest.mark.parametrize("lines", [0, 1, 35, 39, 40, 41, 200])
def test_an_excerpt_of_a_body_is_that_of_its_whole_text(asked, lines):
    body = LINE * lines + "<p>Quotas of <b>herrings</b>, herring</p>" + LINE * 100
    query = parse_query(asked)
    assert cut_body_excerpt(body, query, 220) == cut_excerpt(plain_text(body), query, 220)
