"""The rules of `tests.validity` are broken one by one: each must be noticed."""

import datetime as dt
import json

import pytest

from tests.validity import atom_problems, json_feed_problems, sitemap_problems

NOW = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><id>http://a.sg/f</id><title>T</title><updated>2024-01-01T00:00:00Z</updated>
<link rel="self" href="http://a.sg/f"/><entry><id>tag:a.sg,2024:/x/</id><title>X</title><updated>2024-01-01T00:00:00+08:00</updated>
<author><name>N</name></author><link href="http://a.sg/x"/><summary>S</summary></entry></feed>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "T",
    "feed_url": "http://a.sg/f",
    "language": "en",
    "items": [
        {"id": "1", "url": "http://a.sg/x", "content_text": "S", "date_published": "2024-01-01T00:00:00Z"}
    ],
}
MAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url>
<loc>http://a.sg/x/</loc><lastmod>2024-01-01T00:00:00Z</lastmod><n:news><n:publication><n:name>P</n:name><n:language>en</n:language>
</n:publication><n:publication_date>2024-02-29T00:00:00Z</n:publication_date><n:title>T</n:title></n:news></url></urlset>"""


@pytest.mark.parametrize(
    "right, wrong",
    [
        ("<id>http://a.sg/f</id>", ""),
        ("<id>http://a.sg/f</id>", "<id>a b</id>"),
        ("<title>T</title>", "<title>T</title><title>U</title>"),
        ("<title>X</title>", ""),
        ("<updated>2024-01-01T00:00:00Z", "<updated>2024-01-01 00:00:00Z"),
        ("<updated>2024-01-01T00:00:00Z", "<updated>2024-02-30T00:00:00Z"),
        ("<updated>2024-01-01T00:00:00Z", "<updated>2024-01-01T00:00:00"),
        ("tag:a.sg,2024:/x/", "tag:a.sg:/x/"),
        ("<author><name>N</name></author>", ""),
        ("<name>N</name>", "<name> </name>"),
        ('<link href="http://a.sg/x"/>', ""),
        ('<link href="http://a.sg/x"/>', '<link href="http://a.sg/x"/><link href="http://a.sg/y"/>'),
        ('<link href="http://a.sg/x"/>', '<link href="/x"/>'),
        ('<link href="http://a.sg/x"/>', '<link href="http://a.sg/x" type="html"/>'),
        (
            '<link href="http://a.sg/x"/>',
            '<link href="http://a.sg/x"/><link rel="enclosure" href="http://a.sg/y"/>',
        ),
        ('rel="self"', 'rel="odd"'),
        ("<summary>S</summary>", '<summary type="pdf">S</summary>'),
        ("<summary>S</summary>", "<odd/>"),
        ("<entry>", '<entry colour="red">'),
        ("<entry>", '<entry xml:lang="no language">'),
        ("<feed ", "<rss "),
    ],
)
def test_a_broken_rule_of_atom_is_noticed(right, wrong):
    assert atom_problems(FEED) == []
    broken = FEED.replace(right, wrong, 1)
    broken = broken.replace("</feed>", "</rss>") if "<rss" in broken else broken
    assert broken != FEED and atom_problems(broken)


def test_two_entries_with_one_id_are_noticed():
    entry = FEED[FEED.index("<entry>") : FEED.index("</feed>")]
    assert atom_problems(FEED.replace("</feed>", f"{entry}</feed>"))


@pytest.mark.parametrize(
    "right, wrong",
    [
        ("version/1.1", "version/9"),
        ('"title": "T"', '"title": ""'),
        ("http://a.sg/f", "/f"),
        ('"en"', '"e n"'),
        ('"language"', '"lingo"'),
        ('"id": "1"', '"id": 1'),
        ("content_text", "text"),
        ("http://a.sg/x", "http://a.sg/新"),
        ("00:00:00Z", "00:00"),
        ('"url"', '"tags": [1], "url"'),
        ('"url"', '"authors": [{}], "url"'),
        ('"url"', '"attachments": [{"url": "http://a.sg/y"}], "url"'),
        ('"feed_url"', '"next_url": "http://a.sg/f", "feed_url"'),
    ],
)
def test_a_broken_rule_of_json_feed_is_noticed(right, wrong):
    assert json_feed_problems(JSON) == []
    broken = json.dumps(JSON, ensure_ascii=False).replace(right, wrong, 1)
    assert broken != json.dumps(JSON) and json_feed_problems(json.loads(broken))


@pytest.mark.parametrize(
    "right, wrong",
    [
        ("sitemap/0.9", "sitemap/0.8"),
        ("http://a.sg/x/", "http://b.sg/x/"),
        ("http://a.sg/x/", "/x/"),
        ("<loc>", "<loc>x"),
        ("2024-01-01T00:00:00Z</lastmod>", "yesterday</lastmod>"),
        ("<lastmod>", "<odd/><lastmod>"),
        ("<lastmod>", "<lastmod>2024-01-01T00:00:00Z</lastmod><lastmod>"),
        ("en</n:l", "zh</n:l"),
        ("02-29", "02-01"),
        ("<n:title>T</n:title>", ""),
        ("<n:name>P</n:name>", ""),
        ("</url>", "</url><url><loc>http://a.sg/x/</loc></url>"),
    ],
)
def test_a_broken_rule_of_sitemaps_is_noticed(right, wrong):
    assert sitemap_problems(MAP, host="a.sg", now=NOW) == []
    broken = MAP.replace(right, wrong, 1)
    assert broken != MAP and sitemap_problems(broken, host="a.sg", now=NOW)
    assert sitemap_problems(f"{MAP.partition('<url>')[0]}</urlset>", host="a.sg")
