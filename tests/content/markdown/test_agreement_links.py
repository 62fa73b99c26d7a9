import pytest

from releases.content.markdown import Name, decorate, render
from releases.content.markdown.agreement_links import link_names

PACT = Name("Sea Pact", "/agreements/sea/")
ACRONYM = Name("SEAP", "/agreements/sea/", "Sea Pact")
LINK = '<a class="agreement" href="/agreements/sea/">'


def test_the_first_mention_leads_to_the_page():
    assert link_names("<p>The Sea Pact and the Sea Pact</p>", [PACT]) == (
        f"<p>The {LINK}Sea Pact</a> and the Sea Pact</p>"
    )


def test_an_acronym_is_explained_and_counts_as_the_same_page():
    html = link_names("<p>SEAP is the Sea Pact</p>", [PACT, ACRONYM])
    assert html == f'<p>{LINK}SEAP<span class="vh"> (Sea Pact)</span></a> is the Sea Pact</p>'


@pytest.mark.parametrize(
    "html",
    [
        "<h2>Sea Pact</h2>",
        '<a href="/x">the Sea Pact</a>',
        "<code>Sea Pact</code>",
        "<pre>Sea Pact</pre>",
        "<p>Sea Pacts, SEAPORT, non-SEAP, SEAP-like</p>",
        '<p title="Sea Pact">x</p>',
    ],
)
def test_not_inside_headings_links_code_or_other_words(html):
    assert link_names(html, [PACT, ACRONYM]) == html


def test_the_longest_name_wins_and_marks_are_escaped():
    names = [Name("A & B", "/agreements/ab/"), Name("A & B Pact", "/agreements/abp/")]
    html = decorate(render("The A & B Pact."), names=names)
    assert 'href="/agreements/abp/">A &amp; B Pact</a>' in html


def test_without_names_nothing_changes():
    assert link_names("<p>Sea Pact</p>", []) == "<p>Sea Pact</p>"
