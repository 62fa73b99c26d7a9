from releases.content.markdown import decorate, render
from releases.content.markdown.toc import Heading, list_headings


def of(body):
    return list_headings(decorate(render(body)))


def test_three_headings_are_contents_in_their_order_without_marks():
    assert of("## One & all\n\na\n\n### Two *b* [c](/d)\n\n## One & all\n") == [
        Heading(2, "one--all", "One &amp; all"),
        Heading(3, "two-b-c", "Two b c"),
        Heading(2, "one--all-1", "One &amp; all"),
    ]


def test_fewer_than_three_headings_need_no_contents():
    assert of("## One\n\n## Two\n") == []


def test_an_empty_heading_is_nothing_to_lead_to():
    assert of("## One\n\n## \n\n## Two\n") == []
