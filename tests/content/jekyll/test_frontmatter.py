import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.jekyll import frontmatter
from releases.content.jekyll.frontmatter import (
    FrontMatterError,
    format_front_matter,
    parse_front_matter,
    split_post,
)

VALUES = [
    "",
    '""',
    "''",
    "plain words",
    "It's plain",
    "“Curly” words – and dashes",
    "ends with colon:",
    "has: colon",
    "has #hash",
    "has#hash",
    "# comment",
    "2024-03-01",
    "2024-02-30",
    "2024-3-1",
    "2024-03-01T00:00:00.000Z",
    "12",
    "1.5",
    "0777",
    "190:20:30",
    "1_000",
    ".5",
    "-1",
    "true",
    "No",
    "on",
    "~",
    "null",
    "Null",
    "y",
    "=",
    "<<",
    "- item",
    "-dash",
    "? key",
    "[a, b]",
    "{a: b}",
    "*alias",
    "&anchor",
    "!tag",
    "|",
    ">-",
    "%x",
    "@x",
    "`x`",
    '"quoted"',
    "'quoted'",
    '"with \\" escape"',
    "'it''s'",
    '"a: b # c"',
    "'a' b",
    "/news/a-b/",
    "/a b/",
    "(a)",
    "a\tb",
    "a\u00a0b",
    "a\u2028b",
    "全球",
    "a,b",
    "a]",
    "a}",
    "https://a.example/b",
    "Speech, by X",
    "a - b",
    "a : b",
    "…",
    "x" * 300,
]


def slowly(front):
    try:
        return frontmatter._mapping(front)
    except FrontMatterError as error:
        return type(error)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("key", ["title", "yes", "a-b"])
def test_the_quick_reading_gives_what_yaml_gives(key, value):
    front = f"{key}: {value}\nlast: one\n"
    try:
        quick = frontmatter._load_plain(front)
    except FrontMatterError as error:
        quick = type(error)
    assert quick is None or quick == slowly(front)


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_quick_reading_gives_what_yaml_gives_for_any_text(first, second):
    front = f"title: {first}\nother: {second}\n"
    try:
        quick = frontmatter._load_plain(front)
    except FrontMatterError as error:
        quick = type(error)
    assert quick is None or quick == slowly(front)


@given(st.lists(st.text(alphabet="ab: #-\"'\\n,1[]’.x", max_size=25), min_size=1, max_size=5))
def test_the_quick_reading_gives_what_yaml_gives_over_several_lines(lines):
    front = "title: " + "\n  ".join(lines) + "\nother: x\n"
    try:
        quick = frontmatter._load_plain(front)
    except FrontMatterError as error:
        quick = type(error)
    assert quick is None or quick == slowly(front)


@pytest.mark.parametrize(
    "front",
    [
        "title: A long title that goes\n  on here\n  and here\npermalink: /a/\n",
        'title: "A long title: it goes\n  on here"\npermalink: /a/\n',
        "title:\n  On the next line\npermalink: /a/\n",
    ],
)
def test_folded_lines_take_the_quick_way(front):
    assert frontmatter._load_plain(front) == slowly(front)


def test_the_plain_head_of_a_post_takes_the_quick_way():
    front = 'title: A plain title\npermalink: /news/a/\ndate: 2024-03-01\nlayout: post\ndescription: ""\nimage: ""\n'
    expected = {
        "title": "A plain title",
        "permalink": "/news/a/",
        "date": dt.date(2024, 3, 1),
        "layout": "post",
        "description": "",
        "image": "",
    }
    assert frontmatter._load_plain(front) == expected == slowly(front)


@pytest.mark.parametrize(
    "text, front, body",
    [
        ("---\na: b\n---\nx\n", "a: b\n", "x\n"),
        ("---  \na: b\n---  \nx", "a: b\n", "x"),
        ("---\na: b\n...\nx", "a: b\n", "x"),
        ("---\n---\n", "", ""),
        ("---\na: b\n---", "a: b\n", ""),
        ("----\na: b\n----\n", None, "----\na: b\n----\n"),
        ("\n---\na: b\n---\n", None, "\n---\na: b\n---\n"),
        ("---\na: b\n", None, "---\na: b\n"),
        ("text", None, "text"),
    ],
)
def test_the_fences_are_jekylls(text, front, body):
    assert split_post(text) == (front, body)


def test_a_merge_key_is_a_key_like_any_other():
    assert parse_front_matter('"<<": {a: b}\ntitle: x\n')[0] == {"<<": {"a": "b"}, "title": "x"}


@pytest.mark.parametrize("depth, fine", [(7, True), (8, False), (5000, False)])
def test_nesting_has_an_end(depth, fine):
    front = "a: " + "[" * depth + "]" * depth
    if fine:
        assert parse_front_matter(front)[0]["a"] is not None
    else:
        with pytest.raises(FrontMatterError):
            parse_front_matter(front)


def test_an_error_names_its_line_in_the_file():
    with pytest.raises(FrontMatterError) as refused:
        parse_front_matter("title: fine\nlayout: post\nbad: a: b\n")
    assert refused.value.line == 4


@given(
    st.dictionaries(
        st.from_regex(r"[a-z_]{1,12}", fullmatch=True),
        st.text(max_size=60) | st.dates(),
        min_size=1,
        max_size=6,
    )
)
def test_what_is_written_is_read_again(fields):
    printable = {
        key: value for key, value in fields.items() if not isinstance(value, str) or value.isprintable()
    }
    if printable:
        assert parse_front_matter(format_front_matter(printable))[0] == printable
