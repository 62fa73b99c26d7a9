import json

import pytest

from releases.models import Annex, Edition, Illustration
from releases.services.jekyll.exporter import export_site
from tests import factories
from tests.sites import AT, PDF, SiteFolder

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n a picture"


@pytest.fixture
def templates(tmp_path):
    """A site whose posts are templates, below a path of its host."""
    site = SiteFolder(tmp_path / "site")
    site.write(
        "_config.yml",
        "title: Harbour\nurl: https://www.old.example\nbaseurl: /office\ntimezone: Asia/Singapore\nharbour: Pier Four\n"
        "defaults: [{scope: {path: news}, values: {place: Quay, course: None}}]\n",
    )
    site.write("_data/staff.json", json.dumps([{"name": "Ada", "room": 4}, {"name": "Bo", "room": 5}]))
    site.write("files/a b.pdf", PDF)
    site.write("files/c.pdf", PDF + b"c")
    site.write("images/p.png", PNG)
    site.post("2024-03-01-first.md", "Plain.\n")
    site.post(
        "2024-03-02-second.md",
        "![P]({{ site.baseurl }}/images/p.png) [A]({% link files/a b.pdf %})\n\n"
        "[first]({% post_url 2024-03-01-first %}) at {{ site.harbour }}, {{ page.date | date: '%-d %B' }}:"
        " {{ page.course }}, {{ page.place }}\n\n[C]\n\n[C]: {{ '/files/c.pdf' | absolute_url }}\n\n"
        "{% for one in site.data.staff %}{{ one.name }} {{ one.room }}; {% endfor %}\n\n"
        "{% for post in site.posts %}({{ post.url }}){% endfor %}\n",
        course="Knots",
    )
    site.post(
        "2024-03-03-third.md", "{% oembed https://x.example/ %} {{ site.harbour }}{% include box.html %}\n"
    )
    site.post("2024-03-04-fourth.md", "{{ site.harbour }}\n", render_with_liquid="false")
    return site


def body_of(name):
    return Edition.objects.get(address__path=f"/news/press-releases/{name}/").body


def test_a_template_comes_in_as_jekyll_rendered_it_with_its_files(templates):
    report = templates.load()
    assert report.failed == []
    assert body_of("second") == (
        "![P](/images/p.png) [A](/files/a%20b.pdf)\n\n"
        "[first](/news/press-releases/first/) at Pier Four, 2 March: Knots, Quay\n\n[C]\n\n[C]: /files/c.pdf\n\n"
        "Ada 4; Bo 5; \n\n"
        "(/news/press-releases/fourth/)(/news/press-releases/third/)(/news/press-releases/second/)"
        "(/news/press-releases/first/)\n"
    )
    assert list(Annex.objects.values_list("address__path", flat=True)) == ["/files/a b.pdf", "/files/c.pdf"]
    assert list(Illustration.objects.values_list("address__path", flat=True)) == ["/images/p.png"]
    assert body_of("third") == "{% oembed https://x.example/ %} Pier Four\n"
    assert body_of("fourth") == "{{ site.harbour }}\n"
    assert report.liquid == [
        {
            "path": "news/press-releases/_posts/2024-03-03-third.md",
            "tags": ["oembed", "{% include box.html %}"],
        }
    ]
    assert "1 post holds Liquid" in report.summary()
    assert templates.load().unchanged == 4
    assert templates.load(source="news/press-releases/_posts/2024-03-02-second.md").unchanged == 1
    config = (templates.root / "_config.yml").read_text()
    templates.write("_config.yml", config.replace("Pier Four", "Pier Five"))
    assert templates.load().updated == 2


def test_data_of_every_shape_is_there_and_what_cannot_be_read_is_told(templates):
    templates.write("_data/piers.yml", "- {name: Quay, depth: 4}\n- {name: Pier, depth: 9}\n")
    templates.write("_data/hours.yaml", "open: 9\n")
    templates.write("_data/ports/big ones.tsv", "name\tberths\nTuas\t66\n")
    templates.write("_data/torn.yml", "a: [1\n")
    templates.post(
        "2024-03-05-data.md",
        "{{ site.data.piers | map: 'name' | join: ', ' }}; {{ site.data.hours.open }};"
        " {{ site.data.ports.big_ones[0].berths }}; {{ page.name }}{{ page.ext }}\n\n{{ site.data.torn.a }}\n",
    )
    report = templates.load()
    assert body_of("data") == "Quay, Pier; 9; 66; 2024-03-05-data.md.md\n\n{{ site.data.torn.a }}\n"
    assert report.liquid[1]["tags"] == ["site.data.torn"]


def test_a_list_of_posts_tells_of_none_that_is_not_public_yet(templates):
    templates.post("2026-02-01-coming.md", "Later.\n", title="SECRET")
    report = templates.load()
    assert report.liquid[0]["tags"] == ["site.posts"]
    second = body_of("second")
    assert "{% for post in site.posts %}({{ post.url }}){% endfor %}" in second and "Ada 4; Bo 5; " in second


@pytest.mark.parametrize("hidden", [{"date": "2026-02-01"}, {"published": "false"}])
def test_a_link_to_a_post_that_is_not_public_is_left_out_and_told(templates, hidden):
    """Jekyll would have stopped there, so no page of the old site ever told where it is."""
    templates.post("2024-03-05-secret.md", "Later.\n", **hidden)
    path = "news/press-releases/_posts/2024-03-05-secret.md"
    templates.post("2024-03-06-f.md", f"[a]({{% post_url 2024-03-05-secret %}}) [b]({{% link {path} %}})\n")
    report = templates.load()
    assert body_of("f") == "[a]() [b]()\n"
    told = {row["path"].rpartition("/")[2]: row["tags"] for row in report.liquid}
    assert told["2024-03-06-f.md"] == [
        "post_url to a post that is not public",
        "link to a post that is not public",
    ]


def test_links_below_the_path_of_the_old_site_lead_to_the_root(templates):
    templates.post(
        "2024-03-05-typed.md", "[C](/office/files/c.pdf) [D](/officers/)\n", image="/office/images/p.png"
    )
    assert templates.load().failed == []
    assert body_of("typed") == "[C](/files/c.pdf) [D](/officers/)\n"
    typed = Edition.objects.get(address__path="/news/press-releases/typed/")
    assert typed.annexes.get().address.path == "/files/c.pdf"
    assert typed.illustrations.get().address.path == "/images/p.png"


def test_an_export_gives_templates_back_and_never_makes_one(templates, tmp_path):
    templates.load()
    factories.make_live(body="Write {{ your name }} or {% x %} here.")
    edited = Edition.objects.get(address__path="/news/press-releases/fourth/")
    edited.lock_version = 1
    edited.save(update_fields=["lock_version"])
    export_site(tmp_path / "out", at=AT, progress=lambda rows, title: rows)
    posts = {path.name[11:-3]: path.read_text() for path in (tmp_path / "out").rglob("_posts/*.md")}
    assert posts["third"] == (templates.root / "news/press-releases/_posts/2024-03-03-third.md").read_text()
    assert posts["fourth"].endswith("---\n{{ site.harbour }}\n")
    typed = next(text for text in posts.values() if "your name" in text)
    assert typed.endswith("Write {% raw %}{{{% endraw %} your name }} or {% raw %}{%{% endraw %} x %} here.")
