import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

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
from releases.content.jekyll.settings import read_settings

SINGAPORE = ZoneInfo("Asia/Singapore")
FOLDER = Path(__file__).parents[2] / "posts"
MARCH = dt.date(2024, 3, 1)


def settings(**config):
    return read_settings({"timezone": "Asia/Singapore", "permalink": "none", **config}, dt.UTC)


def read(name):
    found = next(path for path in FOLDER.iterdir() if name in path.name)
    return parse_post(found.read_bytes(), f"room/Category/_posts/{found.name}", settings())


def parse(front, path="_posts/2024-03-01-a-name.md", **config):
    return parse_post(f"---\n{front}\n---\nBody".encode(), path, settings(**config))


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
    "name, form, file_url, external",
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
def test_the_form_follows_from_what_the_post_leads_to(name, form, file_url, external):
    post = read(name)
    assert (post.form, post.file_url, post.external) == (form, file_url, external)


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


def test_old_addresses_may_be_lists_in_lists_and_others_are_told():
    post = parse("title: a\nredirect_from: [/a, [/b, [' /c ']], 2022, '']")
    assert post.redirect_from == ("/a", "/b", "/c")
    assert post.warnings == ("redirect_from holds 2022, which is no address; it was left out.",)


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
        (
            "link-without-scheme",
            "www.example.org/a under external was given without https://; it leads to https://www.example.org/a.",
        ),
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


@pytest.mark.parametrize(
    "line, config, is_public",
    [
        ("published: False", {}, False),
        ("published: no", {}, False),
        ("published: OFF", {}, False),
        ("published:", {}, False),
        ("published: ~", {}, False),
        ("published: &x [*x]", {}, False),
        ("published: false", {"unpublished": True}, True),
        ("published: yes", {}, True),
        ("published: 'false'", {}, False),
        ("published: n", {}, False),
        ("published: 0", {}, False),
        ("draft: true", {}, False),
        ("draft: 'True'", {}, False),
        ("draft: false", {}, True),
    ],
)
def test_every_spelling_of_unpublished_hides(line, config, is_public):
    """From `published: 'false'` on Jekyll built the page: what its author meant counts here."""
    assert parse(f"title: a\n{line}", **config).published == is_public


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
    "front, title, told",
    [
        ("description: x", "A Name", "The title is missing; the file name gives “A Name”."),
        ("title:", "A Name", "The title is missing"),
        ("title: ''", "A Name", "The title is empty"),
        ("title: no", "A Name", "The title is missing"),
        ("title: [a, b]", "A Name", "The title is no text"),
        ("title: {a: b}", "A Name", "The title is no text"),
        ("title: 2022", "2022", ""),
        ("title: on", "true", ""),
        ("title: " + "x" * 501, "x" * 500, "The title has 501 characters; the first 500 of them came in."),
        ('title: "a\\0b"', "ab", "The title holds control characters"),
        ('title: "a\\ud800"', "a", "The title holds control characters"),
        ("title: An unquoted: colon", "An unquoted: colon", "a value that holds a colon and a space"),
        ("title: &a [*a]", "&a [*a]", "anchors and aliases are not allowed"),
        ("title: !!python/name:os.system", "!!python/name:os.system", "tags are not allowed"),
        ("title: " + "[" * 3000, "[" * 500, "it is nested too deeply"),
        ("title: " + "x" * 17_000, "x" * 500, "The front matter has 17,008 characters; 16,000 are allowed."),
        ("title: a\n* \x85: \ufffe", "a", "it holds the character U+FFFE, which no post may"),
        ('title: a\nx: "open', "a", "a quotation mark is not closed"),
    ],
)
def test_a_title_that_cannot_be_shown_is_told_and_another_one_taken(front, title, told):
    post = parse(front)
    assert (post.title, post.body) == (title, "Body")
    assert told in " ".join(post.warnings) and bool(post.warnings) == bool(told)


@pytest.mark.parametrize(
    "value", ["2021-02-32", "yesterday", "0001-01-01", "to be confirmed", "[1]", "05/13/2022", "10:30", "''"]
)
def test_a_date_that_cannot_be_read_leaves_the_file_names_and_is_told(value):
    post = parse(f"title: a\ndate: {value}")
    assert (post.date, post.has_hour) == (MARCH, False)
    assert "can't be read; 2024-03-01 counts, the file name's." in " ".join(post.warnings)


@pytest.mark.parametrize(
    "name, front, date",
    [
        ("2024-13-40-a.md", "date: 2024-03-01", MARCH),
        ("24-03-01-a.md", "title: a", MARCH),
        ("98-03-01-a.md", "title: a", dt.date(1998, 3, 1)),
        ("2020-02-30-a.md", "title: a", dt.date(2020, 3, 1)),
        ("2021-06-31-a.md", "title: a", dt.date(2021, 7, 1)),
    ],
)
def test_either_date_is_enough(name, front, date):
    assert parse(front, f"_posts/{name}").date == date


@pytest.mark.parametrize("date", ["99999-01-01", "9999-12-31", "10000-01-01 09:00"])
def test_a_post_of_a_year_that_no_calendar_here_has_is_kept_back(date):
    assert "lies ahead, so Jekyll does not build it yet." in parse(f"date: {date}").kept_back


@pytest.mark.parametrize(
    "stamp, day, has_hour",
    [
        ("2022-05-10 23:30:00 +0800", dt.date(2022, 5, 10), True),
        ("2022-05-10 23:30:00", dt.date(2022, 5, 11), True),
        ("'2022-05-10 23:30:00'", dt.date(2022, 5, 10), True),
        ("2022-05-10 23:30", dt.date(2022, 5, 10), True),
        ("2022-05-10T00:00:00Z", dt.date(2022, 5, 10), False),
        ("2022-05-09T22:00:00-05:00", dt.date(2022, 5, 10), True),
    ],
)
def test_the_day_is_that_of_the_sites_zone_in_address_and_date(stamp, day, has_hour):
    """YAML reads a time without a zone as UTC; a text with one it leaves to the zone of the site."""
    post = parse(f"title: a\ndate: {stamp}", permalink="pretty")
    assert (post.date, post.has_hour) == (day, has_hour)
    assert post.permalink == f"/{day:%Y/%m/%d}/a-name/"


@pytest.mark.parametrize(
    "front, permalink, told",
    [
        ("permalink: /a/../b/", "/a/b/", ""),
        ("permalink: /a/b./c", "/a/bc", ""),
        ("permalink: /admin/", "/a-name.html", "Addresses below /admin/ belong"),
        ("permalink: 5", "/a-name.html", "The permalink is not text"),
        ("permalink: 'javascript:alert(1)'", "/javascript:alert(1)", ""),
        ("permalink: /what?/", "/what?/", ""),
        ("permalink: pretty", "/pretty", ""),
        ("permalink: /" + "x" * 1001, "/a-name.html", "The address has 1,002 characters"),
        ("permalink: ''", "/a-name.html", ""),
    ],
)
def test_a_permalink_is_what_jekyll_makes_of_it_else_the_next_best(front, permalink, told):
    post = parse(f"title: a\n{front}")
    assert post.permalink == permalink
    assert told in " ".join(post.warnings) and bool(post.warnings) == bool(told)


def test_a_path_to_lead_to_needs_the_sites_own_address():
    post = parse("title: a\nredirect_to: /news/b/")
    assert (post.form, "'/news/b/' under redirect_to is not a web address" in post.warnings[0]) == (
        "text",
        True,
    )


@pytest.mark.parametrize(
    "front, leads_to, told",
    [
        ("external: food.example/docs/a.pdf", "https://food.example/docs/a.pdf", "it leads to https://food"),
        (
            "external: https://http://food.example/a",
            "http://food.example/a",
            "has its https:// twice; it leads to http://food.example/a.",
        ),
        ("external: //food.example", "https://food.example", "was given without https://"),
        ("external: food.example:8080?a=b", "https://food.example:8080?a=b", "was given without https://"),
        ("external: HTTP://food.example", "HTTP://food.example", ""),
        ("external: javascript:alert(1)", "", "is not a web address"),
        ("external: see below", "", "is not a web address"),
        ("external: report.pdf", "", "is not a web address"),
        ("external: someone@food.example", "", "is not a web address"),
        ("redirect_to: https://else.example/x", "https://else.example/x", ""),
        ("redirect_to: [https://else.example/x]", "https://else.example/x", ""),
        ("redirect_to: /news/b/", "https://old.example/news/b/", ""),
        ("external: https://else.example/" + "x" * 2000, "", "has 2,021 characters; 2,000 are allowed"),
    ],
)
def test_a_link_is_completed_or_told_and_costs_no_post(front, leads_to, told):
    post = parse(f"title: a\n{front}", url="https://old.example/")
    assert (post.external, post.form) == (leads_to, "link" if leads_to else "text")
    assert told in " ".join((*post.repairs, *post.warnings))


@pytest.mark.parametrize(
    "data, title, body, told",
    [
        (b"Just text\n", "A", "Just text\n", "The file has no front matter"),
        (b"", "A", "", "The file has no front matter"),
        (b"---\ntitle: b\npublished: no\nNo closing", "b", "No closing", "The closing --- of the front"),
        (
            b"---\ntitle: b\ntags:\n- x\n  - y\npermalink: /b/\nNote: this is text\n",
            "b",
            "Note: this is text\n",
            "The closing --- of the front",
        ),
        (b"---\ntitle: b\n---\ncaf\xe9", "b", "café", ""),
        (b"---\ntitle: >-\n---\n  Goes on\npermalink: /b/\n---\nx", "Goes on", "x", "was cut in two"),
        (b"---\ntitle: b\n---\nA line\npermalink: /b/\n---\nx", "b", "A line\n\nx", "was cut in two"),
    ],
)
def test_bytes_that_are_no_whole_post_come_in_as_far_as_they_go(data, title, body, told):
    post = parse_post(data, "_posts/2024-03-01-a.md", settings())
    assert (post.title, post.body) == (title, body)
    assert told in " ".join((*post.repairs, *post.warnings))
    assert post.permalink == ("/b/" if b"permalink" in data else "/a.html")


@pytest.mark.parametrize(
    "data, path, reason",
    [
        (b"---\ntitle: a\n---\n" + b"x" * 300_001, "2024-03-01-a.md", "The text has 300,001 bytes; 300,000"),
        (b"---\ntitle: a\n---\n", "notes.md", "Neither the front matter nor the file name gives a date."),
    ],
)
def test_a_post_is_lost_for_its_size_or_for_want_of_any_date(data, path, reason):
    with pytest.raises(PostError, match=reason):
        parse_post(data, path)


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
        (None, "", "/room/news/2024/03/01/A-name.html"),
        ("date", "", "/room/news/2024/03/01/A-name.html"),
        ("pretty", "", "/room/news/2024/03/01/A-name/"),
        ("ordinal", "", "/room/news/2024/061/A-name.html"),
        ("weekdate", "", "/room/news/2024/W09/Fri/A-name.html"),
        ("/:categories/:short_year/:i_month-:i_day/:slug/", "", "/room/news/24/3-1/a-name/"),
        ("none", "category: Law", "/room/news/law/A-name.html"),
        ("none", "category: Law Court", "/room/news/law court/A-name.html"),
        ("none", "categories: law news", "/room/news/law/A-name.html"),
        ("none", "categories: [law, order]", "/room/news/law/order/A-name.html"),
        ("pretty", "permalink: /:year/:title.html", "/2024/A-name.html"),
        ("pretty", "permalink: /a:-b/", "/a:-b/"),
        ("pretty", "permalink: /:unknown/b/", "/:unknown/b/"),
        ("/:slugified_categories/:name/", "category: Law & Court", "/room/news/law-court/2024-03-01-a-name/"),
        ("/:collection/:path:output_ext", "", "/posts/Room/News/2024-03-01-A name.html"),
        (
            "/:w_year/:week/:w_day/:short_day/:long_day/:short_month/:long_month",
            "",
            "/2024/09/5/Fri/Friday/Mar/March",
        ),
        ("/:hour:minute:second_:title", "date: 2024-03-01 09:05:07 +0800", "/090507_A-name"),
        ("/:year/:title/", "slug: Of its own!", "/2024/Of-its-own!/"),
        ("/:slug/", "slug: Of its own!", "/of-its-own/"),
    ],
)
def test_the_address_is_what_jekyll_makes_of_style_and_front_matter(style, front, permalink):
    post = parse(f"title: a\n{front}", "Room/News/_posts/2024-03-01-A name.md", permalink=style)
    assert post.permalink == permalink


@pytest.mark.parametrize("name, ending", [("a.MD", "html"), ("a.txt", "txt"), ("a.htm", "htm")])
def test_only_markdown_is_given_another_ending(name, ending):
    assert parse("title: a", f"_posts/2024-03-01-{name}").permalink == f"/a.{ending}"


def test_the_settings_give_values_under_those_of_the_post():
    defaults = [
        {
            "scope": {"path": ""},
            "values": {"lang": "ms", "categories": ["all"], "title": "From the settings"},
        },
        {"scope": {"path": "", "type": "pages"}, "values": {"lang": "ta"}},
    ]
    post = parse("title: a\nlang:\ncategories: own", "news/_posts/2024-03-01-a.md", defaults=defaults)
    assert (post.title, post.language, post.permalink) == ("a", "ms", "/news/all/own/a.html")


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
