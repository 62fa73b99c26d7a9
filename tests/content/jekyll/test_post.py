import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.content.jekyll.post import (
    Post,
    PostError,
    format_post,
    is_post_name,
    parse_post,
)

FOLDER = Path(__file__).parents[2] / "posts"
MARCH = dt.date(2024, 3, 1)


def read(name):
    found = next(path for path in FOLDER.iterdir() if name in path.name)
    return parse_post(found.read_bytes(), f"room/Category/_posts/{found.name}")


@pytest.mark.parametrize(
    "name, date",
    [
        ("date-only-in-file-name", MARCH),
        ("date-with-midnight-utc", dt.date(2024, 2, 29)),
        ("date-as-text", dt.date(2022, 3, 8)),
        ("date-differs", dt.date(2015, 5, 8)),
        ("year-of-three-digits", dt.date(2022, 11, 9)),
        ("month-and-day-without-zero", dt.date(2009, 5, 2)),
        ("space-after-the-date", dt.date(2022, 3, 7)),
    ],
)
def test_the_date_is_the_front_matters_else_the_file_names(name, date):
    assert read(name).date == date


@pytest.mark.parametrize(
    "name, permalink",
    [
        ("date-only", "/news/no-date/"),
        ("space-after", "/news/2022-03-07- a-space/"),
        ("全球", "/news/“ranking”-排名/"),
        ("absolute-url", "/https:/www.example.org/news/a"),
        ("Derived", "/room/category/permalink-missing-Derived-(from)-the-name!.html"),
        ("file-only", "/room/category/file-only.html"),
        ("without-leading-slash", "/news/no-slash/"),
        ("double-slash", "/news/double/"),
        ("permalink-long", "/news/" + "very-" * 60 + "long/"),
        ("reserved-characters", "/News/law & order's (2nd): a+b,c@d.md"),
        ("leaked-front-matter", "/news/cut-in-two/"),
        ("permalink-percent-encoded", "/news/per cent & more/"),
    ],
)
def test_the_permalink_is_where_jekyll_served_the_post(name, permalink):
    assert read(name).permalink == permalink


@pytest.mark.parametrize(
    "name, kind, file_url, external",
    [
        ("file-only", "file", "/files/report.pdf", ""),
        (
            "folded-file-url",
            "file",
            "/files/a very long name of a file that is folded over two lines.pdf",
            "",
        ),
        ("file-url-empty", "text", "", ""),
        ("link-only", "link", "", "https://www.example.org/a?b=c"),
        ("link-without-scheme", "link", "", "https://www.example.org/a"),
        ("absolute-url", "link", "", "https://www.example.org/news/a"),
        ("date-only", "text", "", ""),
    ],
)
def test_the_kind_follows_from_what_the_post_leads_to(name, kind, file_url, external):
    post = read(name)
    assert (post.kind, post.file_url, post.external) == (kind, file_url, external)


@pytest.mark.parametrize(
    "name, title",
    [
        ("tab-in-title", "Before after"),
        ("repeated-keys", "Second"),
        ("trailing-blanks", "Blanks"),
        ("title-with-colon", "A title: with a colon"),
        ("single-quotes", "It's quoted"),
        ("全球", "全球排名第三"),
        ("upper-case-extension", "Upper case"),
    ],
)
def test_the_title_is_read_in_every_form(name, title):
    assert read(name).title == title


def test_line_ends_are_made_plain():
    assert read("crlf").body == "One.\n\nTwo.\n"


@pytest.mark.parametrize(
    "name, told",
    [
        ("missing-opening", "The opening --- of the front matter was missing."),
        (
            "leaked-front-matter",
            "The front matter was cut in two by a ---; the rest of it was taken out of the body.",
        ),
        ("year-of-three-digits", "The year 022 of the file name was read as 2022."),
        ("link-without-scheme", "www.example.org/a was given without https://."),
        ("absolute-url", "The permalink is a whole web address; the post leads there."),
    ],
)
def test_what_was_mended_is_told(name, told):
    assert read(name).repairs == (told,)


def test_what_is_doubtful_is_told():
    assert read("repeated-keys").warnings == ("The key title is given more than once; the last one counts.",)
    assert read("tab-in-title").warnings == ("A tab in the front matter was read as a space.",)
    assert read("date-differs").warnings == (
        "The date 2015-05-08 differs from the file name's 2024-03-01; the front matter's counts.",
    )


def test_mended_posts_keep_their_whole_body():
    assert [read(name).body for name in ("missing-opening", "leaked-front-matter")] == [
        "Body.\n",
        "The body.\n",
    ]


def test_an_unpublished_post_says_so():
    assert [read(name).published for name in ("published-false", "date-only")] == [False, True]


@pytest.mark.parametrize("line", ["published: 'false'", "published: False", "draft: true", "draft: 'True'"])
def test_every_spelling_of_unpublished_hides(line):
    assert not parse_post(f"---\ntitle: a\n{line}\n---\n".encode(), "_posts/2024-03-01-a.md").published


def test_the_category_is_the_folder_as_written():
    data = b"---\ntitle: a\n---\n"
    paths = [
        "a/--B/_posts/2024-03-01-a.md",
        "_posts/2024-03-01-a.md",
        "a/_posts/x/2024-03-01-a.md",
        "2024-03-01-a.md",
    ]
    assert [parse_post(data, path).category for path in paths] == ["a/--B", "", "a", ""]


@pytest.mark.parametrize(
    "name, is_post",
    [
        ("2024-03-01-a.md", True),
        ("024-3-1-a.MD", True),
        ("2024-03-01-a.md.bak", False),
        ("2024-03-01-a.html", True),
        ("2024-03-01-a\nb.md", False),
        ("2024-03-01-a", False),
        ("2023-09019-a.md", False),
        ("notes.md", False),
        ("2025-09-10-file-a.pdf", False),
    ],
)
def test_a_post_is_known_by_its_name(name, is_post):
    assert is_post_name(name) == is_post


@pytest.mark.parametrize(
    "front, reason",
    [
        ("description: x", "The post has no title."),
        ("title:", "The post has no title."),
        ("title: ''", "The post has no title."),
        ("title: [a, b]", "The post has no title."),
        ("title: {a: b}", "The post has no title."),
        ("title: " + "x" * 501, "The title has 501 characters; 500 are allowed."),
        ('title: "a\\0b"', "The title holds a control character."),
        ('title: "\\ud800"', "The title holds a control character."),
        ("title: a\ndate: 2021-02-30", "2021-02-30 is not a date."),
        ("title: a\ndate: yesterday", "The date 'yesterday' can't be read."),
        ("title: a\ndate: 20210603", "The date '20210603' can't be read."),
        ("title: a\ndate: 0001-01-01", "The date '0001-01-01' can't be read."),
        (
            "title: a\npermalink: /a/../b/",
            "The permalink '/a/../b/' can't be used: The address holds . or ..",
        ),
        (
            "title: a\npermalink: /admin/",
            "The permalink '/admin/' can't be used: Addresses below /admin/ belong",
        ),
        ("title: a\npermalink: 5", "The permalink is not text."),
        ("title: a\npermalink: 'javascript:alert(1)'", "can't be used: The address is not a path."),
        (
            "title: a\nexternal: javascript:alert(1)",
            "The address 'javascript:alert(1)' under external is not a web address.",
        ),
        ("title: An unquoted: colon", "a value that holds a colon and a space must stand in quotes"),
        ("title: &a [*a]", "anchors and aliases are not allowed"),
        ("title: !!python/name:os.system", "tags are not allowed"),
        ("title: " + "[" * 3000, "it is nested too deeply"),
        ("title: " + "x" * 17_000, "The front matter has 17,008 characters; 16,000 are allowed."),
    ],
)
def test_what_cannot_be_read_is_refused_in_plain_words(front, reason):
    with pytest.raises(PostError) as refused:
        parse_post(f"---\n{front}\n---\nBody".encode(), "_posts/2024-03-01-a.md")
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    "data, path, reason, line",
    [
        (b"Just text\n", "2024-03-01-a.md", "The file has no front matter", 1),
        (b"", "2024-03-01-a.md", "The file has no front matter", 1),
        (b"---\ntitle: a\nno closing", "2024-03-01-a.md", "The file has no front matter", 1),
        (b"---\ntitle: a\n---\nx\ny\xff", "2024-03-01-a.md", "The file is not UTF-8 text.", 5),
        (
            "---\ntitle: a\n* \x85: \ufffe\n---\n".encode(),
            "2024-03-01-a.md",
            "it holds the character U+FFFE, which no post may",
            None,
        ),
        (
            b"---\ntitle: a\n---\n" + b"x" * 300_001,
            "2024-03-01-a.md",
            "The text has 300,001 bytes; 300,000",
            None,
        ),
        (b"---\ntitle: a\n---\n", "2024-13-40-a.md", "The file name's date 2024-13-40 does not exist.", None),
        (
            b"---\ntitle: a\n---\n",
            "notes.md",
            "Neither the front matter nor the file name gives a date.",
            None,
        ),
        (b'---\ntitle: a\nx: "open\n---\n', "2024-03-01-a.md", "a quotation mark is not closed", None),
    ],
)
def test_bytes_that_are_no_post_are_refused_with_the_line(data, path, reason, line):
    with pytest.raises(PostError) as refused:
        parse_post(data, path)
    assert reason in refused.value.reason
    assert line is None or refused.value.line == line


def outcome(content):
    try:
        return parse_post(content, "a/_posts/2024-03-01-a.md")
    except PostError as error:
        return error.reason


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(data):
    for content in (data, b"---\n" + data + b"\n---\nx", b"---\ntitle: a\n---\n" + data):
        assert isinstance(outcome(content), Post | str)


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_a_post_written_anew_says_the_same(path):
    post = parse_post(path.read_bytes(), path.name)
    fields = {
        "title": post.title,
        "permalink": post.permalink,
        "date": post.date,
        "description": post.description,
    }
    again = parse_post(format_post(fields, post.body).encode(), path.name)
    assert (again.title, again.permalink, again.date, again.body) == (
        post.title,
        post.permalink,
        post.date,
        post.body,
    )


def test_control_characters_are_left_out_and_reported():
    data = b"---\ntitle: a\n---\nx\ny\x00z\x02"
    post = parse_post(data, "2024-03-01-a.md")
    assert post.body == "x\nyz"
    assert post.repairs == (
        "Control characters (the first is U+0000 in line 2 of the body) were left out; they show nothing.",
    )


@pytest.mark.parametrize(
    "style, front, permalink",
    [
        ("none", "", "/room/news/A-name.html"),
        ("date", "", "/room/news/2024/03/01/A-name.html"),
        ("pretty", "", "/room/news/2024/03/01/A-name/"),
        ("ordinal", "", "/room/news/2024/061/A-name.html"),
        ("weekdate", "", "/room/news/2024/W09/Fri/A-name.html"),
        ("/:categories/:short_year/:i_month-:i_day/:slug/", "", "/room/news/24/3-1/a-name/"),
        ("none", "category: Law\n", "/room/news/law/A-name.html"),
        ("none", "categories: law news\n", "/room/news/law/A-name.html"),
        ("none", "categories: [law, order]\n", "/room/news/law/order/A-name.html"),
        ("pretty", "permalink: /:year/:title.html\n", "/2024/A-name.html"),
        ("pretty", "permalink: /a:-b/\n", "/a:-b/"),
    ],
)
def test_a_site_has_its_own_style_of_permalinks(style, front, permalink):
    data = f"---\ntitle: a\n{front}---\n".encode()
    assert parse_post(data, "Room/News/_posts/2024-03-01-A name.md", style).permalink == permalink


@pytest.mark.parametrize(
    "front, description, warnings",
    [
        ("subtitle: 1 Mar 2024\n", "", ()),
        ("subtitle: 2024-03-01\n", "", ()),
        (
            "subtitle: 3 Mar 2024\n",
            "",
            ("The date 2024-03-03 of the subtitle differs from the post's 2024-03-01; the post's counts.",),
        ),
        ("subtitle: Remarks at the annual dinner\n", "Remarks at the annual dinner", ()),
        ("subtitle: Remarks\ndescription: In short\n", "In short", ()),
    ],
)
def test_a_subtitle_is_a_date_or_the_summary(front, description, warnings):
    post = parse_post(f"---\ntitle: a\n{front}---\n".encode(), "_posts/2024-03-01-a.md")
    assert (post.description, post.warnings) == (description, warnings)
