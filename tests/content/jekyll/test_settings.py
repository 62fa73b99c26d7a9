"""Right values come from Jekyll 4.3.1, which was asked of the same sites."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from releases.content.jekyll.defaults import FILES, POSTS
from releases.content.jekyll.settings import read_settings


def settings(**config):
    return read_settings(config, dt.UTC)


@pytest.mark.parametrize(
    "path, config, is_built",
    [
        ("news/_posts/a.md", {}, True),
        ("news/_posts/inner/a.md", {}, True),
        ("news/_posts/_inner/a.md", {}, False),
        ("news/_posts/inner/_deeper/a.md", {}, True),
        ("news/_posts/_a.md", {}, False),
        ("_old/_posts/a.md", {}, False),
        ("~old/_posts/a.md", {}, False),
        ("#old/_posts/a.md", {}, False),
        ("old~/_posts/a.md", {}, False),
        ("old./_posts/a.md", {}, False),
        ("news/_drafts/a.md", {}, False),
        ("news/_drafts/a.md", {"show_drafts": True}, True),
        ("_old/_posts/a.md", {"include": ["_old"]}, True),
        ("x/_old/a.pdf", {"include": ["_old"]}, True),
        ("old/_posts/a.md", {"exclude": ["old"]}, False),
        ("older/_posts/a.md", {"exclude": ["old"]}, False),
        ("old/_posts/a.md", {"exclude": ["old/"]}, False),
        ("older/_posts/a.md", {"exclude": ["old/"]}, True),
        ("old/_posts/a.md", {"exclude": ["/old"]}, False),
        ("x/old/_posts/a.md", {"exclude": ["old"]}, True),
        ("x/old/_posts/a.md", {"exclude": ["*/old"]}, False),
        ("x/y/draft-a.pdf", {"exclude": ["*draft-*"]}, False),
        ("old/a.pdf", {"exclude": ["o?d"]}, False),
        ("old/a.pdf", {"exclude": ["old"], "include": ["old"]}, True),
        ("news/_posts/a.md", {"exclude": ["news/_posts/a"]}, False),
        ("vendor/bundle/a.pdf", {}, False),
        ("vendor/a.pdf", {}, True),
        ("_reports/a.pdf", {}, False),
        ("_reports/a.pdf", {"collections": ["reports"]}, False),
        ("_reports/a.pdf", {"collections": {"reports": {"output": False}}}, False),
        ("_reports/a.pdf", {"collections": {"reports": {"output": True}}}, True),
        ("_reports/_a.pdf", {"collections": {"reports": {"output": True}}}, False),
        ("content/_posts/a.md", {"collections_dir": "content"}, True),
        ("news/_posts/a.md", {"collections_dir": "content"}, False),
        ("files/a.pdf", {"collections_dir": "content"}, True),
        (
            "_reports/a.pdf",
            {"collections_dir": "content", "collections": {"reports": {"output": True}}},
            False,
        ),
    ],
)
def test_what_jekyll_does_not_look_at_is_told(path, config, is_built):
    assert (settings(**config).why_not_built(path) == "") == is_built


@pytest.mark.parametrize(
    "file, config, place",
    [
        ("files/a.pdf", {}, "/files/a.pdf"),
        ("_files/a.pdf", {}, "/files/a.pdf"),
        ("_pages/a.pdf", {"include": ["_pages"]}, "/_pages/a.pdf"),
        ("_cos/x/a.b.pdf", {"collections": {"cos": {"output": True}}}, "/cos/x/a.b.pdf"),
        (
            "content/_cos/x/a.pdf",
            {"collections_dir": "content", "collections": {"cos": {"output": True}}},
            "/cos/x/a.pdf",
        ),
        (
            "_cos/x/a.pdf",
            {"collections": {"cos": {"output": True, "permalink": "/:collection/v/:name/"}}},
            "/cos/v/a.pdf",
        ),
        (
            "_cos/x/a.pdf",
            {"collections": {"cos": {"output": True, "permalink": "/:path/:title"}}},
            "/x/a.pdf",
        ),
        (
            "_cos/x/a.pdf",
            {"collections": {"cos": {"output": True, "permalink": "/:collection:path"}}},
            "/cos/x/a.pdf",
        ),
        ("_files/a.pdf", {"include": ["/_files/a.pdf"]}, "/_files/a.pdf"),
    ],
)
def test_a_file_is_where_jekyll_copied_it(file, config, place):
    assert settings(**config).locate_file(file) == place


def test_a_file_that_include_names_by_its_whole_path_is_copied_wherever_it_lies():
    named = settings(include=["files/_a/b.pdf"], exclude=["files"])
    assert named.why_not_served("files/_a/b.pdf") == ""
    assert named.why_not_served("files/_a/c.pdf") and settings().why_not_served("files/_a/b.pdf")


@pytest.mark.parametrize(
    "style, template",
    [
        ("", "/:collection/:path:output_ext"),
        ("none", "/:collection/:path:output_ext"),
        ("pretty", "/:collection/:path/"),
        ("/:year/:title/", "/:collection/:path/"),
        ("/:title:output_ext", "/:collection/:path:output_ext"),
        ("/:title", "/:collection/:path"),
        ("weekdate", "/:collection/:path"),
    ],
)
def test_documents_end_as_the_posts_of_their_site_do(style, template):
    assert settings(permalink=style, collections={"cos": None}).find_template("cos") == template


def value(path, *sets, kind=POSTS, **config):
    rows = [{"scope": scope, "values": {"key": number}} for number, scope in enumerate(sets, 1)]
    return settings(defaults=rows, **config).values_for(path, kind).get("key")


@pytest.mark.parametrize(
    "path, sets, chosen",
    [
        ("news/a.md", [{}, {"path": "news"}], 2),
        ("news/a.md", [{"path": "news"}, {"path": ""}], 1),
        ("news/a.md", [{"path": ""}, {"path": ""}], 2),
        ("news/a.md", [{"path": "", "type": "posts"}, {"path": ""}], 1),
        ("news/a.md", [{"path": "", "type": "posts"}, {"path": "", "type": "posts"}], 2),
        ("news/a.md", [{"path": "news/", "type": "posts"}, {"path": "news"}], 1),
        ("news/a.md", [{"path": "ne"}], 1),
        ("news/a.md", [{"path": "/news"}], None),
        ("news/a.md", [{"type": "pages"}], None),
        ("news/a.md", [{"type": "post"}], 1),
        ("x/news/a.md", [{"path": "*/news"}], 1),
        ("x/y/news/a.md", [{"path": "*/news"}], None),
        ("x/y/news/a.md", [{"path": "**/news"}], 1),
        ("x/news/a.md", [{"path": "{x,y}/n*"}], 1),
        ("x/news.a/a.md", [{"path": "*/news?a"}], 1),
        ("x/newsa/a.md", [{"path": "*/news.a"}], None),
        ("x/news/a.md", [{"path": "[w-z]/*"}], 1),
        ("x/news/a.md", [{"path": "[^a-w]/[!x-]*"}], 1),
        ("x/news/a.md", [{"path": "[^x]/*"}], None),
        ("a/x.md", [{"path": "*[^b]x.md"}], None),
        ("x/news/a.md", [{"path": "[z-w]/*"}], None),
    ],
)
def test_the_longer_path_wins_then_the_type_then_the_later_one(path, sets, chosen):
    assert value(path, *sets) == chosen


def test_defaults_for_files_name_no_type_and_defaults_that_are_none_are_passed_over():
    assert value("files/a.pdf", {"path": "files"}, kind=FILES) == 1
    assert value("files/a.pdf", {"path": "files", "type": "posts"}, kind=FILES) is None
    assert settings(defaults=["x", {"values": 1}, {"scope": 1, "values": {"a": 1}}]).values_for(
        "a", POSTS
    ) == {"a": 1}
    assert settings(defaults={"a": 1}).defaults == ()


def test_values_of_mappings_are_merged_and_nothing_hides_nothing():
    rows = [
        {"scope": {"path": ""}, "values": {"image": {"path": "/a.png", "alt": "A"}, "lang": "ms"}},
        {"scope": {"path": "news"}, "values": {"image": {"path": "/b.png"}, "lang": None, "new": None}},
    ]
    assert settings(defaults=rows).values_for("news/a.md", POSTS) == {
        "image": {"path": "/b.png", "alt": "A"},
        "lang": "ms",
        "new": None,
    }


@pytest.mark.parametrize(
    "config, template",
    [
        ({}, "/:categories/:year/:month/:day/:title:output_ext"),
        ({"permalink": None}, "/:categories/:year/:month/:day/:title:output_ext"),
        ({"permalink": "pretty"}, "/:categories/:year/:month/:day/:title/"),
        ({"permalink": "/x/:title"}, "/x/:title"),
        ({"permalink": "pretty", "collections": {"posts": {"permalink": "/y/:title"}}}, "/y/:title"),
        ({"collections": {"posts": {"permalink": "pretty"}}}, "pretty"),
    ],
)
def test_the_template_of_posts_is_that_of_their_collection_else_the_sites(config, template):
    assert settings(**config).permalink == template


@pytest.mark.parametrize(
    "zone, read, is_told",
    [
        ("America/New_York", ZoneInfo("America/New_York"), False),
        (None, dt.UTC, True),
        ("Mars/Olympus", dt.UTC, True),
        ("../etc/passwd", dt.UTC, True),
        (8, dt.UTC, True),
    ],
)
def test_without_a_timezone_that_is_known_the_newsrooms_counts_and_is_told(zone, read, is_told):
    found = settings(timezone=zone)
    assert (found.zone, bool(found.problems)) == (read, is_told)


@pytest.mark.parametrize(
    "config", [{"url": 5}, {"url": "http://[x"}, {"url": []}, {"collections": 5}, {"include": "x"}]
)
def test_no_setting_is_an_error(config):
    assert settings(**config).host == ""
