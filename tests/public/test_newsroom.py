"""What the newsroom says of itself: at the top and the foot of every page, and on pages of its own."""

import datetime as dt
import gzip
import os
import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from releases.admin.base.kept_files import KeptFile, sign_files
from releases.models import Blob, LedgerEntry, Newsroom
from releases.services.files.logos import store_logo, store_social_picture
from releases.services.files.storage import store_bytes
from releases.services.website.newsroom import find_frame
from tests.admin.browsing import sent
from tests.factories import NOON, make_agency, make_live, make_member, make_scheduled
from tests.markup import tidy
from tests.services.files.test_logos import drawn

pytestmark = pytest.mark.django_db
TOKENS = ":root { --accent: #123456; }"
SAID = {
    "name": "Ministry of Tides",
    "line": "News of the sea & the shore",
    "email": "press@tides.example",
    "phone": "+65 6123 4567",
    "about": "We *measure* tides.<script>alert(1)</script>",
    "terms": "Reuse it.",
    "licence": "Open Licence 1.0",
    "licence_url": "https://licence.example/1.0",
    "official_note": "An official website of Atlantis",
    "security_contact": "security@tides.example",
    "footer_links": "Careers at sea https://careers.example/\nArchive of old /archive/",
}


def test_nothing_has_to_be_said(client, settings):
    settings.SITE_NAME = "Press Room"
    page = tidy(client.get("/"))
    assert 'href="/">Press Room</a>' in page and "official" not in page
    for path in ("about", "contact", "privacy", "terms", ".well-known/security.txt"):
        assert client.get(f"/{path}/" if "." not in path else f"/{path}").status_code == 404
        assert f'href="/{path}/"' not in page


def test_what_is_said_stands_on_every_page_and_on_pages_of_its_own(client):
    Newsroom.objects.create(pk=1, **SAID)
    page = tidy(client.get("/"))
    for words in (
        'href="/">Ministry of Tides</a>',
        "News of the sea &amp; the shore</p>",
        "An official website of Atlantis",
        '<a href="https://careers.example/">Careers at sea</a>',
        '<a href="/archive/">Archive of old</a>',
        '<a rel="license" href="https://licence.example/1.0">Open Licence 1.0</a>',
        '<a href="/about/">About</a>',
        '<a href="/contact/">Contact</a>',
        '<a href="/terms/">Terms of use</a>',
    ):
        assert words in page, words
    assert 'href="/privacy/"' not in page and client.get("/privacy/").status_code == 404
    about = tidy(client.get("/about/"))
    assert "<em>measure</em>" in about and "<script" not in about
    contact = tidy(client.get("/contact/"))
    assert 'href="mailto:press@tides.example"' in contact and 'href="tel:+6561234567"' in contact


def test_a_page_of_the_old_site_wins(client):
    Newsroom.objects.create(pk=1, **SAID)
    make_live(permalink="/about/", title="What the old site said")
    assert "What the old site said" in tidy(client.get("/about/"))


def test_the_menu_leads_to_nothing_that_is_empty():
    later = NOON + dt.timedelta(hours=1)
    make_scheduled(live_from=later)
    assert not find_frame(NOON).has_releases and find_frame(later).has_releases
    assert not find_frame(later).has_agreements


def test_a_hole_in_security_is_reported_to_who_wants_to_know(client):
    Newsroom.objects.create(pk=1, **SAID)
    told = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in told.content.decode().splitlines())
    assert told["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:security@tides.example"
    expires = dt.datetime.fromisoformat(fields["Expires"])
    assert dt.timedelta(170) < expires - dt.datetime.now(dt.UTC) < dt.timedelta(365)


def test_a_browser_searches_from_its_address_bar(client):
    Newsroom.objects.create(pk=1, **SAID)
    assert 'type="application/opensearchdescription+xml"' in tidy(client.get("/"))
    root = ET.fromstring(client.get("/opensearch.xml").content)
    names = {element.tag.partition("}")[2]: element for element in root}
    assert names["ShortName"].text == "Ministry of Tide"
    assert names["Url"].get("template") == "http://testserver/releases/?q={searchTerms}"
    assert client.get("/favicon.ico")["Location"].endswith("favicon.ico")


def test_an_administrator_of_the_owner_says_it_and_the_ledger_keeps_who(client, settings):
    owner, settings.SITE_AGENCY = make_agency(), "mti"
    page = reverse("admin:releases_newsroom_changelist")
    client.force_login(make_member(make_agency("imda", "An authority", "IMDA"), role="administrator"))
    foreign = client.get(page, follow=True)
    assert 'name="_save"' not in foreign.content.decode()
    assert client.post(foreign.redirect_chain[-1][0], {"name": "Theirs"}).status_code == 403
    settings.SITE_AGENCY = "mistyped"
    assert client.post(foreign.redirect_chain[-1][0], {"name": "Theirs"}).status_code == 403
    settings.SITE_AGENCY = "mti"
    client.force_login(make_member(owner, role="administrator"))
    form = client.get(page, follow=True)
    lines = "Careers https://careers.example/\nNo address"
    wrong = client.post(form.redirect_chain[-1][0], sent(form, footer_links=lines, name="Tides"))
    assert "“No address” needs words and then an address" in wrong.content.decode()
    client.post(form.redirect_chain[-1][0], sent(form, footer_links=lines.split("\n")[0], name="Tides"))
    assert Newsroom.objects.get().name == "Tides"
    assert "Careers" in tidy(client.get("/"))
    assert LedgerEntry.objects.filter(subject="newsroom Tides").exists()


def sheets(client):
    return re.findall(r'<link rel="stylesheet" href="([^"]+)"', tidy(client.get("/")))


def test_its_colour_is_in_the_one_stylesheet_whose_address_changes_with_it(client):
    (plain,) = sheets(client)
    Newsroom.objects.create(pk=1, colour="#00441b")
    (green,) = sheets(client)
    Newsroom.objects.update(colour="#3b0070")
    (purple,) = sheets(client)
    assert len({plain, green, purple}) == 3 and plain.startswith("/static/")
    answer = client.get(purple)
    text = answer.content.decode()
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "@import" not in text and "--link: var(--light, #3b0070)" in text
    assert len(gzip.compress(answer.content, 9)) <= 6_000
    moved = client.get(green)
    assert (moved.status_code, moved["Location"]) == (302, purple)
    Newsroom.objects.update(colour="")
    assert client.get(purple)["Location"] == plain


def test_a_colour_that_nobody_can_read_is_refused_with_the_nearest(client):
    client.force_login(make_member(make_agency(), role="administrator"))
    form = client.get(reverse("admin:releases_newsroom_changelist"), follow=True)
    refused = client.post(form.redirect_chain[-1][0], sent(form, colour="#ff0000"))
    nearest = re.search("nearest that can be read is (#[0-9a-f]{6})", refused.content.decode())[1]
    client.post(form.redirect_chain[-1][0], sent(form, colour=nearest.upper()))
    assert Newsroom.objects.get().colour == nearest


def test_an_office_brings_its_own_name_tokens_and_files_without_a_fork(tmp_path):
    """In a process of its own, since a theme is a setting."""
    for name, text in {
        "templates/releases/_name.html": "<b>Tides</b>",
        "tokens.css": TOKENS,
        "static/logo.svg": "<svg/>",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    asked = (
        "from django.template.loader import render_to_string as render\n"
        "from django.contrib.staticfiles.finders import find\n"
        "from releases.services.website.stylesheet import find_stylesheet\n"
        "print(render('releases/_name.html'), find('logo.svg'), find_stylesheet('').text[-28:])"
    )

    def ask(theme):
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", asked]
        environment = os.environ | {"THEME": str(theme), "DATA_DIR": str(tmp_path / "data")}
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    told = ask(tmp_path)
    assert told.stdout.split() == ["<b>Tides</b>", str(tmp_path / "static/logo.svg"), *TOKENS.split()]
    assert "THEME names no folder" in ask(tmp_path / "nothing").stderr


def stored(name, width, height, **options):
    store = store_social_picture if name.startswith("social") else store_logo
    return store(drawn(width, height, name, **options)).blob


def test_its_logo_stands_in_the_header_for_its_name(client, settings):
    logo, dark = stored("logo.png", 320, 80), stored("dark.webp", 400, 400)
    newsroom = Newsroom.objects.create(pk=1, name="Ministry of Tides", logo=logo)
    header = tidy(client.get("/")).partition("</header>")[0]
    light = f'src="/newsroom/{logo.pk}.png" alt="Ministry of Tides" width="192" height="48"'
    assert f'<picture class="plate"><img {light}>' in header, "on a light ground where it is dark"
    assert 'href="/static/releases/icon.svg" type="image/svg+xml"' in header, "It is too wide for an icon."
    newsroom.logo_dark, newsroom.logo_says_name = dark, False
    newsroom.save()
    header = tidy(client.get("/")).partition("</header>")[0]
    assert (
        f'srcset="/newsroom/{dark.pk}.webp" media="(prefers-color-scheme: dark)" width="48" height="48"'
        in header
    )
    assert 'alt="" width="192"' in header and "<span>Ministry of Tides</span>" in header
    Newsroom.objects.update(logo=dark)
    assert f'<link rel="icon" href="/newsroom/{dark.pk}.webp" type="image/webp">' in tidy(client.get("/"))
    described = client.get("/opensearch.xml").content.decode()
    assert f'type="image/webp">http://testserver/newsroom/{dark.pk}.webp</Image>' in described


def test_a_picture_is_served_as_long_as_it_is_one_and_runs_nothing(client, settings):
    drawing = store_logo(
        SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 1'/>")
    )
    path = f"/newsroom/{drawing.blob.pk}.svg"
    assert client.get(path).status_code == 404, "Nobody has chosen it."
    Newsroom.objects.create(pk=1, logo=drawing.blob)
    answer = client.get(path)
    assert answer["Content-Type"] == "image/svg+xml" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    for rule in ("default-src 'none'", "style-src 'unsafe-inline'", "sandbox"):
        assert rule in answer["Content-Security-Policy"]
    assert client.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(path.replace(".svg", ".png")).status_code == 404
    Blob.objects.update(scan=Blob.Scan.WAITING)
    assert client.get(path).status_code == 404 and "/newsroom/" not in tidy(client.get("/"))
    Blob.objects.update(scan=Blob.Scan.CLEAN)
    assert client.get(path).status_code == 200
    make_live(permalink=path, title="What the old site had there")
    assert "What the old site had there" in tidy(client.get(path))


def shared(client, path):
    page = tidy(client.get(path))
    return (
        *{*re.findall('"og:image" content="([^"]+)"', page), *re.findall('"image":"([^"]+)"', page)},
        re.search('"twitter:card" content="(.*?)"', page)[1],
    )


def test_a_shared_page_shows_its_first_picture_else_the_newsrooms(client, settings):
    settings.SITE_URL = "http://testserver"
    make_live(permalink="/words/")
    shown = '<p><img src="/images/a%20b.png" alt="A"></p>'
    make_live(permalink="/pictures/", body_html=shown, images=[("/images/a b.png", b"\x89PNG\r\n\x1a\nx")])
    address = "http://testserver/newsroom/"
    for path in ("/", "/words/", "/agencies/mti/"):
        assert shared(client, path) == ("summary",)
    logo, social = stored("logo.png", 300, 200), stored("social.png", 1200, 630)
    newsroom = Newsroom.objects.create(pk=1, logo=logo)
    for path in ("/", "/words/", "/agencies/mti/"):
        assert shared(client, path) == (f"{address}{logo.pk}.png", "summary")
    newsroom.social_picture = social
    newsroom.save()
    for path in ("/", "/words/", "/agencies/mti/"):
        assert shared(client, path) == (f"{address}{social.pk}.jpg", "summary_large_image")
    assert shared(client, "/pictures/") == ("http://testserver/images/a%20b.png", "summary_large_image")
    drawing = store_logo(
        SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 1'/>")
    )
    Newsroom.objects.update(logo=drawing.blob, social_picture=None)
    assert shared(client, "/") == ("summary",), "Programs that show links show no drawings."


def test_a_file_that_another_form_carries_does_not_become_the_logo(client):
    client.force_login(make_member(make_agency(), role="administrator"))
    place = client.get(reverse("admin:releases_newsroom_changelist"), follow=True).redirect_chain[-1][0]
    annex = sign_files([KeptFile(store_bytes(b"%PDF-1.4", "logo.pdf"), "logo")])
    assert client.post(place, {**sent(client.get(place)), "kept": annex}).status_code == 302
    assert Newsroom.objects.get().logo is None


def test_pictures_are_brought_at_the_desk_kept_through_a_refusal_and_taken_out(client):
    client.force_login(make_member(make_agency(), role="administrator"))
    page = client.get(reverse("admin:releases_newsroom_changelist"), follow=True)
    place = page.redirect_chain[-1][0]
    refused = client.post(place, sent(page, colour="#ff0000", new_logo=drawn(320, 80)))
    assert "A picture is chosen and not saved yet" in tidy(refused) and Newsroom.objects.get().logo is None
    brought = sent(refused, colour="", new_social_picture=drawn(1600, 630, "social.png"))
    told = client.post(place, brought, follow=True)
    assert "400 of its 1600 pixels went, left and right" in tidy(told)
    newsroom = Newsroom.objects.get()
    assert (newsroom.logo.picture_width, newsroom.social_picture.picture_width) == (320, 1200)
    assert f'src="/newsroom/{newsroom.logo_id}.png" alt="The picture as it is"' in tidy(told)
    other = sent(told, new_logo=drawn(80, 80))
    client.post(place, sent(told, new_logo=drawn(160, 160)))
    meanwhile = client.post(place, other)
    assert "Somebody else put another picture here meanwhile" in tidy(meanwhile)
    assert Newsroom.objects.get().logo.picture_width == 160
    client.post(place, sent(meanwhile))
    assert Newsroom.objects.get().logo.picture_width == 80
    client.post(place, {**sent(client.get(place)), "new_logo-clear": "on"})
    newsroom = Newsroom.objects.get()
    assert newsroom.logo is None and newsroom.social_picture is not None
    assert "no picture that can be read" in tidy(
        client.post(place, sent(told, new_logo=SimpleUploadedFile("a.png", b"x")))
    )
