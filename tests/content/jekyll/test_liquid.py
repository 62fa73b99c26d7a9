import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from releases.content.jekyll import liquid
from releases.content.jekyll.liquid import LARGEST_BODY, LazyValues, LiquidRenderer, LiquidSite
from releases.content.jekyll.liquid_text import escape_liquid

ZONE = ZoneInfo("Asia/Singapore")
ROWS = [
    {"title": "Tides", "kind": "report", "tags": ["sea"], "rank": 2},
    {"title": "Winds", "kind": "notice", "tags": ["air", "sea"], "rank": 1},
    {"title": "Rains", "kind": "report", "tags": []},
]
VALUES = {
    "baseurl": "",
    "url": "https://www.old.example",
    "harbour": "Pier <Four>",
    "rows": ROWS,
    "flag": False,
}
SITE = LiquidSite(
    values=LazyValues("site", VALUES, {"posts": lambda: ROWS}, ["time", "static_files"]),
    url="https://www.old.example",
    base="/office",
    zone=ZONE,
    locate_post=lambda name: {"2021-01-01-earlier": "/news/earlier/", "2031-01-01-later": None}.get(name, ""),
    locate_file=lambda path: {"files/a b.pdf": "/files/a%20b.pdf"}.get(path, ""),
    render_markdown=lambda text: f"<p>{text}</p>",
)
PAGE = {
    "title": "Values & more",
    "day": dt.date(2021, 5, 4),
    "date": dt.datetime(2021, 5, 4, 9, 30, tzinfo=ZONE),
    "words": "a,b,c",
}
RENDERER = LiquidRenderer(SITE)


def said(text):
    found = RENDERER.render_text(text, PAGE)
    assert found.unknown == ()
    return found.text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("{{ site.baseurl }}/files/x.pdf, {{site.harbour}}", "/files/x.pdf, Pier <Four>"),
        ("{{ site.url }}", "https://www.old.example"),
        ("{{ page.title }} {{ page['title'] | escape }}", "Values & more Values &amp; more"),
        ("[{{ page.nothing }}{{ nobody.at.all }}]", "[]"),
        ("{{ page.day }}, {{ page.date }}", "2021-05-04, 2021-05-04 09:30:00 +0800"),
        ("{{ site.flag }}", "false"),
        ("{% if jekyll.environment == 'production' %}seen{% endif %}", "seen"),
        ("{{- page.words -}} !", "a,b,c!"),
        ("{% raw %}{{ your name }} {% x %}{% endraw %}", "{{ your name }} {% x %}"),
        ("a{% comment %}hidden {{ page.title }}{% endcomment %}b", "ab"),
        ("{% assign x = 'Pier' | append: ' Five' %}{{ x }}", "Pier Five"),
        ("{% capture x %}<{{ page.words }}>{% endcapture %}{{ x }}", "<a,b,c>"),
        ("{% if site.flag %}yes{% elsif page.day %}day{% else %}no{% endif %}", "day"),
        ("{% unless site.flag %}open{% endunless %}", "open"),
        ("{% case page.words %}{% when 'a,b,c' %}three{% else %}other{% endcase %}", "three"),
        (
            "{% assign w = page.words | split: ',' %}{% for x in w reversed %}{{ x }}{{ forloop.index }} {% endfor %}",
            "c1 b2 a3 ",
        ),
        ("{% for r in site.posts limit:2 %}{{ r.title }};{% endfor %}", "Tides;Winds;"),
        ("{% for i in (1..3) %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}", "13"),
        (
            "[E]({% post_url 2021-01-01-earlier %}) [F]({% link files/a b.pdf %})",
            "[E](/news/earlier/) [F](/files/a%20b.pdf)",
        ),
        ("{% assign f = 'a b' %}{% link files/{{ f }}.pdf %}", "/files/a%20b.pdf"),
        ("`{{ page.words }}`\n\n    {{ page.words }}", "`a,b,c`\n\n    a,b,c"),
        ("{% highlight ruby %}\na < b\n{% endhighlight %}", "<pre><code>a &lt; b</code></pre>"),
    ],
)
def test_a_template_says_what_jekyll_made_of_it(typed, expected):
    assert said(typed) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'files/a b.pdf' | relative_url", "/files/a%20b.pdf"),
        ("'/files/a%20b.pdf?x=1#p' | relative_url", "/files/a%20b.pdf?x=1#p"),
        ("'https://x.example/a' | relative_url", "https://x.example/a"),
        ("nil | relative_url", ""),
        ("'/a' | absolute_url", "https://www.old.example/a"),
        ("'mailto:a@b.example' | absolute_url", "mailto:a@b.example"),
        ("'/a/index.html' | strip_index", "/a/"),
        ("page.date | date: '%-d %b %Y, %H:%M'", "4 May 2021, 09:30"),
        ("'2021-05-04' | date: '%A'", "Tuesday"),
        ("'4 May 2021' | date: '%Y-%m-%d'", "2021-05-04"),
        ("'soon' | date: '%Y'", "soon"),
        ("'2021-05-04 23:00 -0800' | date: '%d %H %z'", "05 15 +0800"),
        ("page.date | date_to_string", "04 May 2021"),
        ("page.date | date_to_string: 'ordinal', 'US'", "May 4th, 2021"),
        ("'2021-11-22' | date_to_long_string: 'ordinal'", "22nd November 2021"),
        ("'2021-11-12' | date_to_long_string", "12 November 2021"),
        ("page.date | date_to_xmlschema", "2021-05-04T09:30:00+08:00"),
        ("page.date | date_to_rfc822", "Tue, 04 May 2021 09:30:00 +0800"),
        ("'a<b & \"c\"' | xml_escape", "a&lt;b &amp; &quot;c&quot;"),
        ("'a, b?' | cgi_escape", "a%2C+b%3F"),
        ("'a b/ü?x=y' | uri_escape", "a%20b/%C3%BC?x=y"),
        ("'The _config.yml file' | slugify", "the-config-yml-file"),
        ("'The _config.yml file' | slugify: 'pretty'", "the-_config.yml-file"),
        ("'Été 2021' | slugify: 'ascii'", "t-2021"),
        ("'*a*' | markdownify", "<p>*a*</p>"),
        ("page.words | split: ',' | jsonify", '["a", "b", "c"]'),
        ("page.words | split: ',' | array_to_sentence_string", "a, b, and c"),
        ("page.words | split: ',' | push: 'd' | shift | array_to_sentence_string: 'or'", "b, c, or d"),
        ("'<b>a</b><script>x</script> c' | strip_html", "a c"),
        ("'one two 三四' | number_of_words: 'auto'", "4"),
        ("'a  b\n c' | normalize_whitespace", "a b c"),
        ("'3.9' | to_integer", "3"),
        ("site.rows | where: 'tags', 'sea' | map: 'title' | join: '+'", "Tides+Winds"),
        ("site.rows | where: 'rank', nil | map: 'title' | join", "Rains"),
        (
            "site.rows | where_exp: 'row', 'row.rank > 1 or row.title contains \"W\"' | map: 'title' | join: '+'",
            "Tides+Winds",
        ),
        ("site.rows | sort: 'rank' | map: 'title' | join: '+'", "Rains+Winds+Tides"),
        ("site.rows | sort: 'rank', 'last' | map: 'title' | join: '+'", "Winds+Tides+Rains"),
        ("site.rows | group_by: 'kind' | map: 'size' | join: '+'", "2+1"),
    ],
)
def test_filters_give_what_jekylls_do(expression, expected):
    assert (
        said("{{ " + expression + " }}").replace("&#39;", "'") == expected
        or said(f"{{% assign x = {expression} %}}{{{{ x }}}}") == expected
    )


@pytest.mark.parametrize(
    ("typed", "shown", "unknown"),
    [
        (
            "a {% oembed https://x.example/ %} b {{ page.words }}",
            "a {% oembed https://x.example/ %} b a,b,c",
            ("oembed",),
        ),
        ("{% figure %}{{ page.words }}{% endfigure %}", "{% figure %}a,b,c{% endfigure %}", ("figure",)),
        ("a {% endif %} b", "a {% endif %} b", ("endif",)),
        ("a{% include box.html src='/x' %}b", "ab", ("{% include box.html src='/x' %}",)),
        ("{{ page.words | sparkle: 2 }}", "a,b,c", ("filter sparkle",)),
        ("{{ page.words ! }}{{ page.words }}", "{{ page.words ! }}a,b,c", ("{{ page.words ! }}",)),
        ("{{ 1 | divided_by: 0 }}!", "{{ 1 | divided_by: 0 }}!", ("{{ 1 | divided_by: 0 }}",)),
        (
            "{% post_url 2020-01-01-lost %}!",
            "{% post_url 2020-01-01-lost %}!",
            ("{% post_url 2020-01-01-lost %}",),
        ),
        (
            "{{ site.time | date: '%Y' }} {{ page.words }}",
            "{{ site.time | date: '%Y' }} a,b,c",
            ("site.time",),
        ),
        ("{{ 'now' | date: '%Y' }}", "{{ 'now' | date: '%Y' }}", ("'now' | date",)),
        (
            "{{ now }}, {{ page.words | split: ',' | sample }}",
            "{{ now }}, {{ page.words | split: ',' | sample }}",
            ("now", "filter sample"),
        ),
        (
            "{% for f in site.static_files %}x{% endfor %}{{ page.words }}",
            "{% for f in site.static_files %}x{% endfor %}a,b,c",
            ("site.static_files",),
        ),
        (
            "{% if page.words = %}a{% endif %} {{ page.words }} {% assign = 3 %}{% if page.words %}b{% endif %}",
            "{% if page.words = %}a{% endif %} a,b,c {% assign = 3 %}b",
            ("{% if page.words = %}", "{% assign = 3 %}"),
        ),
        (
            "{% for x y %}{% if page.words %}c{% else %}d{% endif %}{% endfor %}{% capture %}",
            "{% for x y %}c{% endfor %}{% capture %}",
            ("{% for x y %}", "{% capture %}"),
        ),
    ],
)
def test_what_is_not_understood_stays_as_typed_and_is_told(typed, shown, unknown):
    assert RENDERER.render_text(typed, PAGE) == (type(RENDERER.render_text("", {}))(shown, unknown))


@pytest.mark.parametrize(
    "typed",
    [
        "{{ page.title",
        "a {% if page.title %} b",
        "{% raw %} {{ x }}",
        "{% %} {{ page.title }}",
        "{% comment %} {{ page.title }}",
    ],
)
def test_a_text_that_is_no_template_stays_as_typed(typed):
    found = RENDERER.render_text(typed, PAGE)
    assert found.text == typed
    assert [name[:22] for name in found.unknown] == ["all of it is as typed:"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("[A]({{ site.url }}{{ site.baseurl }}/files/a.pdf)", "[A](/files/a.pdf)"),
        ("![]({{ '/images/a.png' | absolute_url }})", "![](/images/a.png)"),
        ('<img src="{{ site.url }}/office/a.png">', '<img src="/a.png">'),
        ("[a]: {{ site.url }}/x/ 'T'", "[a]: /x/ 'T'"),
        ("[A](https://old.example/a){{ x }}", "[A](/a)"),
        ("[A](https://old.example.net/a){{ x }}", "[A](https://old.example.net/a)"),
        ("[A](/officers/a) [B](//cdn.example/b){{ x }}", "[A](/officers/a) [B](//cdn.example/b)"),
        ("See {{ site.url }}/about.", "See https://www.old.example/about."),
    ],
)
def test_links_to_the_old_site_itself_lead_to_the_root(typed, expected):
    assert said(typed) == expected


@pytest.mark.parametrize(
    "text", ["{{ a }}", "{{{%{{{", "50 {% x %} {% raw %}{{ b }}{% endraw %}", "{%- y -%}{", "`{{`, {"]
)
def test_a_text_that_was_escaped_says_itself(text):
    assert said(escape_liquid(text)) == text


def fill(piece):
    return piece * (100_000 // len(piece))


ROW = "{% assign a = '" + "x" * 900 + "' %}" + "{% assign a = a | append: a %}" * 8


@pytest.mark.parametrize(
    "typed",
    [
        fill("{{"),
        fill("{% raw %}"),
        "{% comment %}" + fill("{{") + "}}{% endcomment %}",
        '{{ "{% raw %}" }}{% x' + " " * 100_000 + "%}{% endraw %}",
        ("{{ " + "(" * 990 + " }}") * 20,
        ("{% if " + "a and " * 150 + "a %}{% endif %}") * 20,
        "{% if true %}" * 3000 + "{% endif %}" * 3000,
        fill("{% if a %}"),
        fill("{% if a = %}x"),
        fill("{% for %}{% if %}"),
        "{% for i in (1..1000) %}" * 9 + "{% endfor %}" * 9,
        "{% for i in (1..9000) %}" + fill("{% if 1 == 1 %}{% endif %}") + "{% endfor %}",
        "{% for i in (1..100000000000) reversed %}{% endfor %}",
        "{{ (1..1000000000) | join: 'x' }}",
        "{% assign a = 'xxxx' %}" + "{% assign a = a | append: a %}" * 60,
        "{% assign a = 'xxxx' %}" + "{% assign a = a | replace: 'x', a %}" * 60,
        "{% assign a = 'xxxx' | split: '' %}" + "{% assign a = a | concat: a %}" * 60,
        "{% assign a = 'xxxx' | split: '' %}" + "{% assign a = a | push: a %}" * 60,
        "{% assign a = 9999999999 %}" + "{% assign a = a | times: a %}" * 60,
        ROW + "{{ a | split: '' | uniq }}",
        ROW + "{% for i in (1..9000) %}" + "{% if a contains 'xy' %}{% endif %}" * 90 + "{% endfor %}",
        ROW + fill("{{ a }}"),
        "{{ '2021-05-04' | date: '" + "%999999Y" * 50 + "' }}",
    ],
    ids=lambda typed: typed[:30],
)
@pytest.mark.timeout(30)
def test_a_hostile_template_neither_hangs_nor_grows(typed, monkeypatch):
    monkeypatch.setattr(liquid, "MOST_WORK", 2_000_000)
    assert len(RENDERER.render_text(typed, PAGE).text) <= LARGEST_BODY
