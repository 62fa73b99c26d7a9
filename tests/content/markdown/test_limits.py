import pytest

from releases.content.markdown import BodyRefused, limits, render
from releases.content.markdown.limits import Budget, check_output


def test_the_largest_body_of_plain_paragraphs_is_taken():
    body = ("A sentence of a release that goes on.\n\n" * 8000)[: limits.LARGEST_BODY]
    assert render(body).count("<p>") > 7000


def test_a_larger_body_is_refused_by_its_bytes():
    with pytest.raises(BodyRefused, match="300,003 bytes; 300,000 are allowed"):
        render("中" * 100_001)


def lists(depth):
    return "".join(" " * 2 * level + "- a\n" for level in range(depth))


def quotations(depth):
    return "> " * depth + "a"


@pytest.mark.parametrize("nested", [lists, quotations])
def test_nesting_is_refused_beyond_twenty_blocks(nested):
    render(nested(limits.DEEPEST_BLOCK - 2))
    with pytest.raises(BodyRefused, match="nested more than 20 deep"):
        render(nested(limits.DEEPEST_BLOCK + 5))


@pytest.mark.parametrize(
    "nested", ["**a *b " * 400, "<b>" * 3000 + "x", "<div>" * 3000 + "x", "<i><b>" * 900]
)
def test_deep_spans_and_tags_keep_their_words(nested):
    html = render(nested + " the end")
    assert "the end" in html


@pytest.mark.parametrize(
    "hostile", ["![" * 60_000, "[a](" * 60_000, "![]" * 99_000, "a|b\n" * 60_000, "* a\n" * 60_000]
)
def test_what_would_take_long_is_refused_in_plain_words(hostile):
    with pytest.raises(BodyRefused, match="The text is too complicated to show"):
        render(hostile)


@pytest.mark.parametrize(
    "long",
    [
        f"# a{' ' * 200_000}the end",
        f"# a{' ' * 200_000}{{#the-end}} the end",
        f"[a]: b{' ' * 200_000}'the end",
        f"- {(' ' + chr(9)) * 100_000}the end",
        "|" + "|".join("`" * length for length in range(500)) + "|the end",
        "".join(f"<x{name}>" for name in range(20_000)) + "the end",
    ],
    ids=lambda long: repr(long[:8]),
)
def test_a_long_line_is_read_once_and_not_again_from_each_of_its_characters(long):
    assert "the end" in render(long)


@pytest.mark.parametrize("hostile", ["{::comment}\n\n" * 20_000, "~~~a\n" * 50_000, '[a](b "' * 35_000])
def test_what_never_ends_is_paid_for_whenever_it_is_looked_for(hostile):
    with pytest.raises(BodyRefused, match="too many marks that open and never close"):
        render(hostile)


def test_more_headings_than_a_text_can_have_are_refused():
    assert render("# Heading\n\n" * 20_000).count("<h1") == 20_000
    with pytest.raises(BodyRefused):
        render("# a\n" * 64_000)


def test_a_budget_refuses_what_it_cannot_pay():
    budget = Budget()
    budget.spend(limits.STEPS)
    with pytest.raises(BodyRefused):
        budget.spend()


def test_output_that_grows_is_refused():
    check_output("a", "b" * limits.SMALLEST_OUTPUT)
    with pytest.raises(BodyRefused, match="many times as long"):
        check_output("a", "b" * (limits.SMALLEST_OUTPUT + 1))
    check_output("a" * 10_000, "b" * 200_000)


def test_output_that_grows_is_refused_on_the_way():
    with pytest.raises(BodyRefused):
        render("[a]\n" * 30_000 + "\n[a]: /" + "x" * 1900)
