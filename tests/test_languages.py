"""Every text of a public page is there in every language, and the catalogues that run are those that can be read."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation

from releases.content.agreements import STATUSES
from releases.models import Agreement, AgreementEvent, Edition, Relation
from releases.public.lists import TITLES
from tests.factories import make_agency, make_live

ROOT = Path(__file__).parent.parent
CATALOGUES = sorted((ROOT / "releases" / "locale").glob("*/LC_MESSAGES/django.po"))
FIXED = [
    *STATUSES.values(), *AgreementEvent.Kind.labels, *Agreement.Kind.labels, *Relation.Kind.labels, *Edition.Change.labels,
    *TITLES.values(), "Press release", "Joint press release", "Speech", "With annexes", "File",
]  # fmt: skip


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
        for block in re.findall(
            r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}", source, re.DOTALL
        ):
            yield re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", block.split("{% plural %}")[0])


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
def test_a_release_keeps_its_own_language_inside_a_page_of_another(client):
    make_live(permalink="/a/", title="Title", language="ta", issuers=[make_agency()])
    page = client.get("/a/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert '<html lang="ta">' in page and '<dl class="meta" lang="zh-hans">' in page
    assert "2024年3月1日" in page
