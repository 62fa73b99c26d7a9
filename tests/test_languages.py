"""Every text of a public page is there in every language, and the catalogues that run are those that can be
read."""

import datetime as dt
import re
from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

import polib
import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.translation import trim_whitespace

from releases.content.agreement_status import STATUSES
from releases.content.extraction.kinds import KINDS
from releases.models import Agreement, AgreementEvent, Edition, Mention, Relation
from releases.public.lists import TITLES
from releases.services.publishing import approval, takedown
from releases.services.search import index_blob
from releases.templatetags.format_tags import long_datetime
from tests.factories import NOON, make_agency, make_live, make_next, make_section, make_user

ROOT = Path(__file__).parent.parent
CATALOGUES = sorted((ROOT / "releases" / "locale").glob("*/LC_MESSAGES/django.po"))
FIXED = [
    *STATUSES.values(),
    *AgreementEvent.Kind.labels,
    *Agreement.Kind.labels,
    *Relation.Kind.labels,
    *Edition.Change.labels,
    *TITLES.values(),
    *KINDS.values(),
    "Joint press release",
    "With annexes",
    "File",
]


def texts():
    """The msgids of the public templates; `{{ name }}` inside a block is `%(name)s` in a catalogue."""
    for path in (ROOT / "templates").rglob("*.html"):
        if "admin" in path.parts:
            continue
        source = path.read_text()
        yield from (
            one or other for one, other in re.findall(r"\{% translate (?:\"([^\"]+)\"|'([^']+)')", source)
        )
        yield from re.findall(r'_\("([^"]+)"\)', source)
        for options, block in re.findall(
            r"\{% blocktranslate([^%]*)%\}(.*?)\{% endblocktranslate %\}", source, re.DOTALL
        ):
            text = re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", block.split("{% plural %}")[0])
            yield trim_whitespace(text) if "trimmed" in options.split() else text


@pytest.mark.parametrize("code", [code for code, _ in settings.LANGUAGES])
def test_large_numbers_are_grouped_in_every_language(code):
    with translation.override(code):
        assert Template("{{ number }}").render(Context({"number": 1_165_000})) == "1,165,000"


@pytest.mark.parametrize("code", [code for code, _ in settings.LANGUAGES])
def test_noon_and_nine_at_night_are_told_apart_from_midnight_and_morning(code):
    """Malay's word for what English calls p.m. means night."""
    with translation.override(code):
        told = [long_datetime(NOON.replace(hour=hour)) for hour in (12, 21)]
    english = ["12.00 p.m.", "9.00 p.m."]
    expected = english if code == settings.LANGUAGE_CODE else ["12:00", "21:00"]
    assert all(time in text for time, text in zip(expected, told, strict=True))


def test_there_is_a_catalogue_for_every_language_but_english():
    assert {path.parts[-3] for path in CATALOGUES} == {
        translation.to_locale(code) for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE
    }


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_nothing_is_left_untranslated(path):
    catalogue = {entry.msgid: entry for entry in polib.pofile(str(path))}
    missing = [text for text in {*texts(), *FIXED} if text not in catalogue]
    assert missing == []
    for entry in catalogue.values():
        for translated in [entry.msgstr] if entry.msgstr else entry.msgstr_plural.values():
            assert translated
            assert set(re.findall(r"%\(\w+\)[sd]", translated)) == set(
                re.findall(r"%\(\w+\)[sd]", entry.msgid)
            )


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_no_catalogue_holds_what_no_page_says(path):
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "releases").rglob("*.py")]
    said = "\n".join([*(source.read_text() for source in sources), *texts()])
    said += re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", said)
    assert [entry.msgid for entry in polib.pofile(str(path)) if entry.msgid not in said] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_the_compiled_catalogue_is_that_of_the_source(path):
    source, compiled = polib.pofile(str(path)), polib.mofile(str(path.with_suffix(".mo")))
    wanted = {(entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural for entry in source}
    assert {(entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural for entry in compiled} == wanted


@pytest.mark.django_db
@pytest.mark.parametrize(
    "code, words",
    [("zh-hans", "新闻稿"), ("ms", "Siaran"), ("ta", "வெளியீடுகள்"), ("fr", "Releases"), ("", "Releases")],
)
def test_a_page_is_in_the_language_that_the_browser_asks_for(client, code, words):
    response = client.get("/releases/", headers={"Accept-Language": code} if code else {})
    assert f"<h1>{words}</h1>" in response.content.decode()
    assert "Accept-Language" in response["Vary"]


@pytest.mark.django_db
def test_a_reader_chooses_a_language_and_stays_on_the_page(client):
    response = client.get("/language/zh-hans/?next=/agencies/")
    assert (response.status_code, response["Location"]) == (302, "/agencies/")
    assert '<html lang="zh-hans">' in client.get("/releases/").content.decode()
    for target in ("https://example.org/", "//example.org/", "javascript:alert(1)", "/\\example.org"):
        assert client.get("/language/ms/", {"next": target})["Location"] == "/"
    assert client.get("/language/xx/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/新闻/", "/releases/?q=a+%26+b&year=2024&before=1:20240101-1-1"])
def test_a_reader_who_changes_the_language_keeps_the_search(client, path):
    make_live(permalink="/新闻/", title="A and B")
    page = client.get(path).content.decode()
    link = re.search(r'href="(/language/ms/\?next=[^"]*)"', page)[1].replace("&amp;", "&")
    asked, led = client.get(path).wsgi_request, client.get(link, follow=True)
    assert (led.wsgi_request.path, led.wsgi_request.GET) == (asked.path, asked.GET)
    assert '<html lang="ms">' in client.get("/releases/").content.decode()


@pytest.mark.django_db
def test_a_month_is_written_in_the_order_of_the_language(client):
    make_live(issuers=[make_agency()])
    for path in ("/archive/", "/archive/2024/", "/archive/2024/3/"):
        page = client.get(path, headers={"Accept-Language": "zh-hans"}).content.decode()
        assert "2024年3月" in page and "三月 2024" not in page
    for days in (0, 40):
        make_live(issuers=[make_agency()], release_date=timezone.localdate() - dt.timedelta(days))
    page = client.get("/agencies/mti/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert re.search(r"\d{4}年\d+月: 0", page)


@pytest.mark.django_db
def test_a_release_keeps_its_own_language_inside_a_page_of_another(client):
    make_live(permalink="/a/", title="Title", language="ta", issuers=[make_agency()])
    page = client.get("/a/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert '<html lang="ta">' in page and '<dl class="meta" lang="zh-hans">' in page
    assert "2024年3月1日" in page


class Runs(HTMLParser):
    """(language, text) of all that a page shows; a title or an attribute can have one language only."""

    VOID = {"meta", "link", "input", "br", "img", "hr", "source", "col", "wbr"}

    def __init__(self, page):
        super().__init__()
        self.open, self.found, self.alternates = [], [], {}
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "link" and given.get("hreflang"):
            self.alternates[given["hreflang"]] = given["href"]
        language = given.get("lang") or (self.open[-1][1] if self.open else "")
        if tag not in self.VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, text):
        if text.strip() and self.open[-1][0] not in ("title", "style", "script"):
            self.found.append((self.open[-1][1], " ".join(text.split())))


SCRIPTS = {"zh": "[\u4e00-\u9fff]", "ta": "[\u0b80-\u0bff]", "ko": "[\uac00-\ud7af]"}
ENGLISH = re.compile(r"(?:\b[A-Za-z][a-z]+\b[ ,]+){2}[A-Za-z][a-z]+")


def wrong_languages(page):
    """Texts whose script no voice of their language could read."""
    for language, text in Runs(page).found:
        main = language.partition("-")[0]
        for code, script in SCRIPTS.items():
            if re.search(script, text) and main != code:
                yield language, text
        if main in SCRIPTS and ENGLISH.search(text):
            yield language, text


@pytest.fixture
def newsroom(db):
    """Releases in three languages that name each other's words, of one translation group."""
    section = make_section(parent=make_section("/news/", "News from the ministry"))
    english = make_live(
        section=section,
        permalink="/en/",
        title="The drama 《没马跑》 opens",
        summary="A drama 没马跑 in 한국 and தமிழ்.",
        body_html="<h2>About 没马跑 today</h2><p>We say 欢迎光临 and தமிழ் நாடு and 한국.</p><h2>Two more words</h2><h2>Three more words</h2>",
        contacts="Call the press office today",
        annexes=[("/files/a.pdf", b"%PDF-1 a", "Annex A", "The list of 演员表")],
    )
    blob = english.annexes.get().blob
    blob.text, blob.pages = "First page of the annex 演员", 1
    blob.save()
    index_blob(blob)
    chinese = make_live(
        section=section, permalink="/zh/", title="电视剧开播", language="zh-Hans", body_html="<p>欢迎</p>"
    )
    tamil = make_live(
        section=section, permalink="/ta/", title="தமிழ் நாடகம்", language="ta", body_html="<p>தமிழ்</p>"
    )
    group = uuid4()
    for edition in (english, chinese, tamil):
        edition.release.translation_group = group
        edition.release.save()
    pact = Agreement.objects.create(slug="pact", title="The pact on drama", instrument_type="treaty")
    for edition in (english, chinese):
        Mention.objects.create(agreement=pact, release=edition.release)
    draft = make_next(english, at=timezone.now(), change_note="A word was missing there.")
    approval.approve(draft, approver=make_user(), at=timezone.now())
    return english


PAGES = [
    "/",
    "/en/",
    "/zh/",
    "/ta/",
    "/news/",
    "/news/press-releases/",
    "/releases/",
    "/releases/?q=演员",
    "/releases/?q=drama",
    "/releases/?q=dramma",
    "/releases/?agency=mti&q=nothing",
    "/agencies/",
    "/agencies/mti/",
    "/agreements/",
    "/agreements/pact/",
    "/archive/",
    "/archive/2024/",
    "/archive/2024/3/",
    "/feeds/",
    "/accessibility/",
    "/nowhere/",
]


@pytest.mark.parametrize("code", ["en", "zh-hans", "ta", "ms"])
def test_every_run_of_words_has_its_own_language(client, newsroom, code):
    release, annex = newsroom.release_id, newsroom.annexes.get().blob_id
    pages = [*PAGES, f"/releases/{release}/history/", f"/releases/{release}/changes/2/", f"/annexes/{annex}/"]
    wrong = {}
    for path in pages:
        page = client.get(path, headers={"Accept-Language": code}).content.decode()
        if found := list(wrong_languages(page)):
            wrong[path] = found
    assert wrong == {}, "\n".join(map(str, wrong.items()))


def test_translations_name_each_other_with_their_languages(client, newsroom):
    """hreflang is heard only if it is mutual: each of a group names all, itself included."""
    named = [Runs(client.get(path).content.decode()).alternates for path in ("/en/", "/zh/", "/ta/")]
    assert named[0] == {code: f"http://localhost:8000/{code[:2]}/" for code in ("en", "zh-Hans", "ta")}
    assert named[0] == named[1] == named[2]
    takedown.withdraw(newsroom.release, actor=make_user(), reason="Wrong", at=timezone.now())
    assert set(Runs(client.get("/zh/").content.decode()).alternates) == {"zh-Hans", "ta"}
    assert Runs(client.get("/en/").content.decode()).alternates == {}
