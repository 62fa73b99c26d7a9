import datetime as dt
import os

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from releases.content.markdown import render
from releases.models import Agreement, AgreementEvent, Annex, Edition, Party
from releases.services.editing import previews
from releases.services.publishing import approval, takedown
from releases.services.search import index_blob
from tests.browser.hands import send, show_scheme
from tests.factories import (
    NOON,
    make_agency,
    make_blob,
    make_edition,
    make_live,
    make_next,
    make_section,
    make_user,
)

BODY = """*Jointly issued*

1. First paragraph with a [link](/news/b/).
2. Second paragraph.

## A heading

| Year | Number |
| --- | --- |
| 2023 | 12 |
"""
PATHS = [
    "/",
    "/news/",
    "/news/press-releases/",
    "/news/a/",
    "/news/withdrawn/",
    "/news/file.html",
    "/nothing",
    "/releases/",
    "/releases/?q=paragraph+-nothing&agency=mti",
    "/releases/?q=paragrafh",
    "/releases/?q=zzqqx&year=2023",
    "/news/empty/",
    "/news/gone/",
    "/agencies/",
    "/agencies/mti/",
    "/agreements/",
    "/agreements/sea/",
    "/agreements/sea/?as-at=2024-01-01",
    "/archive/",
    "/archive/2024/",
    "/archive/2024/3/",
    "/feeds/",
    "/accessibility/",
    "annex",
    "history",
    "comparison",
    "preview",
]
REFUSED = ("/nothing", "/news/gone/")


@pytest.fixture(autouse=True)
def newsroom(make_once):
    make_once(make_newsroom)


def make_newsroom():
    room = make_section("/news/", "News")
    make_section("/news/press-releases/", "Press releases", parent=room)
    issuers = [make_agency(), make_agency("imda", "Infocomm Media Development Authority", "IMDA")]
    pdf = make_blob(b"%PDF-1.4 " + b"x" * 20_000, pages=3)
    make_live(permalink="/news/b/", title="T" * 60 + " " + "long " * 40, release_date=dt.date(2024, 2, 1))
    make_live(
        permalink="/news/a/",
        title="A joint release with an annex",
        body=BODY,
        body_html=render(BODY),
        issuers=issuers,
        annexes=[("/files/a b.pdf", pdf.file.read_bytes(), "Annex A", "Key features")],
    )
    make_live(
        permalink="/news/file.html",
        title="A file",
        form="file",
        body_html="",
        annexes=[("/files/c.pdf", b"%PDF-1")],
    )
    make_pact()
    pdf.text = "The first page.\n1. A number.\fThe second page."
    pdf.save()
    index_blob(pdf)
    first = make_live(
        permalink="/news/changed/", title="Changed", body="One word.", release_date=dt.date(2024, 1, 1)
    )
    draft = make_next(first, author=make_user(), at=NOON)
    type(draft).objects.filter(pk=draft.pk).update(
        body="Two words.", change_class="correction", change_note="A word."
    )
    approval.approve(draft, approver=make_user(), at=NOON + dt.timedelta(hours=1))
    gone = make_live(permalink="/news/withdrawn/", title="Withdrawn")
    make_section("/news/empty/", "Nothing yet", parent=room)
    removed = make_live(permalink="/news/gone/", title="Removed")
    takedown.remove(removed.release, actor=make_user(), reason="It named a person", at=NOON)
    takedown.withdraw(gone.release, actor=make_user(), reason="Wrong figures", at=NOON)


def make_pact():
    pact = Agreement.objects.create(
        slug="sea",
        title="Agreement on the Sea",
        acronyms=["SEAP"],
        instrument_type="treaty",
        summary="About the sea.",
    )
    for position, country in enumerate(("SG", "KR"), 1):
        Party.objects.create(agreement=pact, country=country, position=position)
    for kind, day in (("signed", "2022-11-21"), ("entry-into-force", "2024-01-14")):
        AgreementEvent.objects.create(
            agreement=pact, kind=kind, date=day, public_from=f"{day}T00:00:00+08:00"
        )
    return pact


def address(path):
    """The path of a page that is named by what it shows."""
    if path == "annex":
        return f"/annexes/{Annex.objects.get(address__path='/files/a b.pdf').blob_id}/"
    if path in ("history", "comparison"):
        release = Edition.objects.filter(title="Changed").first().release_id
        return f"/releases/{release}/{'history' if path == 'history' else 'changes/2'}/"
    if path == "preview":
        _, token = previews.make_link(
            make_edition(title="A draft"),
            person="Anna Lim",
            actor=make_user(),
            at=timezone.now(),
            may_comment=True,
        )
        return f"/accounts/preview/{token}/"
    return path


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_accessible_and_fits(page, site, violations, faint, complaints, path):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(site + address(path))
    refusals = [text for text in complaints if "status of 404" in text or "status of 410" in text]
    assert len(refusals) == (path in REFUSED)
    assert [text for text in complaints if text not in refusals] == []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == [], width
        for scheme in ("light", "dark"):
            show_scheme(page, scheme)
            assert faint(page) == [], (width, scheme)


LANGUAGES = [("ta", "ta-SG"), ("zh-hans", "zh-CN"), ("ms", "ms-MY")]
"""The one with the longest words first."""


@pytest.mark.parametrize("language, locale", LANGUAGES if os.environ.get("AXE") == "full" else LANGUAGES[:1])
def test_every_page_is_accessible_and_fits_in_every_language(browser, site, violations, language, locale):
    with browser.new_context(viewport={"width": 320, "height": 800}, locale=locale) as context:
        page = context.new_page()
        for path in [address(path) for path in PATHS if path != "preview"]:
            page.goto(site + path)
            assert page.locator("footer.site").get_attribute("lang") == language
            assert violations(page) == [], path
            for width in (320, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            page.set_viewport_size({"width": 320, "height": 800})


def test_nothing_moves_while_a_page_loads(page, site):
    page.goto(site + "/news/a/")
    shift = page.evaluate(
        """() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().length))
             .observe({ type: "layout-shift", buffered: true }) || setTimeout(() => done(0), 500))"""
    )
    assert shift == 0


def test_the_address_of_a_paragraph_shows_it(page, site):
    page.goto(site + "/news/a/#p2")
    marked = page.locator("#p2")
    assert marked.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(255, 244, 194)"
    page.set_viewport_size({"width": 320, "height": 200})
    page.goto(site + "/news/a/#g1")
    page.goto(site + "/news/a/#p2")
    assert marked.evaluate("node => node.getBoundingClientRect().top") >= 16
    assert page.get_by_role("link", name="Paragraph 2", exact=True).get_attribute("href") == "#p2"


def test_a_reader_gets_from_the_home_page_to_an_annex(page, site):
    page.goto(site)
    send(page, "role=link[name='A joint release with an annex']")
    assert page.get_by_role("heading", level=1).inner_text() == "A joint release with an annex"
    annex = page.get_by_role("link", name="Annex A: Key features", exact=True)
    response = page.request.get(site + annex.get_attribute("href"))
    assert (response.status, response.headers["content-type"], len(response.body())) == (
        200,
        "application/pdf",
        20_009,
    )
    assert "PDF · 3 pages · 20 KB" in page.inner_text("main")


def test_the_keyboard_skips_to_the_content(page, site):
    page.goto(site + "/news/a/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/news/a/#site-main")


def test_pages_say_the_same_without_script(browser, site):
    texts = []
    for script in (True, False):
        context = browser.new_context(java_script_enabled=script)
        page = context.new_page()
        page.goto(site + "/news/a/")
        texts.append(page.inner_text("body"))
        context.close()
    assert texts[0] == texts[1]


def test_forced_script_in_the_database_does_not_run(page, site):
    make_live(
        permalink="/news/evil/",
        body_html="<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">",
    )
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.goto(site + "/news/evil/")
    assert page.title() != "ran"
