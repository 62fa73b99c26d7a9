"""Bars that hold for every kind of public page: still, narrow, spaced out, without script, large enough, on
paper."""

import datetime as dt
import gzip
import io

import pypdfium2
import pytest

from releases.services.files.inspection import inspect_file
from releases.services.publishing import approval, takedown
from tests.browser.hands import send
from tests.browser.test_public import PATHS, REFUSED, address, newsroom  # noqa: F401 (the fixture is used by its name)
from tests.factories import NOON, make_agency, make_live, make_next, make_user

HOUR = dt.timedelta(hours=1)
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }"""
SHOWN = [path for path in PATHS if path not in REFUSED]
SMALL = """() => [...document.querySelectorAll("a, button, input, select, summary")].filter((node) => {
  const box = node.getBoundingClientRect();
  if (!box.width || node.closest(".skip") || node.matches(".skip") || node.closest(".vh")) return false;
  const inline = getComputedStyle(node).display === "inline" && node.closest("p, li, dd, td, th, h1, h2, h3");
  return !inline && (box.height < 24 || box.width < 24);
}).map((node) => node.outerHTML.slice(0, 100))"""
LOW = """() => [...document.querySelectorAll("button, input:not([type=hidden], [type=checkbox]), select")]
  .filter((node) => node.offsetHeight && node.offsetHeight < 44).map((node) => node.outerHTML.slice(0, 100))"""
CLIPPED = """() => [...document.querySelectorAll("body *")].filter((node) => {
  const hides = getComputedStyle(node).overflow !== "visible";
  if (!hides || node.closest(".vh, .tbl, svg, input, select, textarea, details, summary")) return false;
  return node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight;
}).map((node) => node.outerHTML.slice(0, 100))"""
SHIFTS = """() => new Promise((done) => {
  let total = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) total += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(total), 250);
})"""


@pytest.mark.parametrize("path", SHOWN)
def test_a_page_stands_still_and_reflows(page, site, path):
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(site + address(path))
    assert page.evaluate(SHIFTS) == 0
    assert page.evaluate(SMALL) == []
    assert page.evaluate(LOW) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(CLIPPED) == []
    page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
        SPACING,
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(CLIPPED) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    page.reload()
    assert page.evaluate(SHIFTS) == 0


@pytest.mark.parametrize("path", SHOWN)
def test_a_page_says_the_same_without_script(browser, site, path):
    texts, url = [], site + address(path)
    for script in (True, False):
        context = browser.new_context(java_script_enabled=script)
        page = context.new_page()
        asked = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(url)
        texts.append(page.inner_text("body"))
        assert len([url for url in asked if not url.endswith(("thumbnail.webp", "icon.svg"))]) <= 3
        context.close()
    assert texts[0] == texts[1]


@pytest.mark.parametrize("width", [320, 1280])
def test_a_search_and_its_filters_need_no_script(browser, site, width):
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(site)
    page.fill("#site-q", "second paragraph")
    send(page, "text=Search >> nth=-1")
    assert "releases for “second paragraph”" in page.inner_text("main")
    if width == 320:
        page.click("main summary")
    page.check("input[name=agency][value=imda]")
    send(page, "text=Apply")
    assert page.locator(".chips").inner_text().split()[:2] == ["Remove", "Agency:"]


def on_paper(page, path, tmp_path):
    """(document, its words) of a page as it is printed."""
    page.goto(path)
    page.pdf(path=tmp_path / "a.pdf", prefer_css_page_size=True, tagged=True)
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    text = "".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    return document, " ".join(text.split())


def test_a_release_on_paper(page, site, tmp_path):
    document, flat = on_paper(page, site + "/news/a/", tmp_path)
    assert len(document) <= 2 and pypdfium2.raw.FPDFCatalog_IsTagged(document)
    shown = (
        "1 First paragraph",
        "2 Second paragraph",
        f"{site}/files/a%20b.pdf",
        "1 March 2024",
    )
    for words in shown:
        assert words in flat
    assert "Menu" not in flat and "Read as a web page" not in flat


def test_a_printed_release_ends_with_its_address_version_instant_and_notice(page, site, tmp_path):
    edition = make_live(permalink="/news/paper/", title="On paper")
    _, flat = on_paper(page, f"{site}/news/paper/", tmp_path)
    foot = f"{site}/news/paper/ Version 1, 1 March 2024, 12.00 p.m. Singapore time. The latest version is always at this address."
    assert flat.endswith(foot)
    approval.approve(make_next(edition), approver=make_user(), at=NOON + HOUR)
    takedown.withdraw(edition.release, actor=make_user(), reason="It was wrong.", at=NOON + 2 * HOUR)
    _, flat = on_paper(page, f"{site}/news/paper/", tmp_path)
    assert "This release was withdrawn on 1 March 2024, 2.00 p.m. Singapore time: It was wrong." in flat
    assert "Version 2, 1 March 2024, 1.00 p.m. Singapore time. The latest version" in flat
    page.goto(f"{site}/news/paper/")
    assert "Any later edition" not in page.inner_text("body")


def test_a_copied_paragraph_has_its_number(page, site):
    page.goto(site + "/news/a/")
    copied = page.evaluate(
        """() => { const range = document.createRange(); range.selectNode(document.querySelector("#p2"));
             getSelection().removeAllRanges(); getSelection().addRange(range); return getSelection().toString(); }"""
    )
    assert copied.split() == ["2", "Second", "paragraph."]


def test_a_release_with_thumbnails_is_light(page, site):
    annexes = [
        (f"/files/light-{letter}.pdf", small_pdf(letter), f"Annex {letter}", "Figures") for letter in "abc"
    ]
    edition = make_live(permalink="/light/", body_html="<ol><li>One.</li></ol>", annexes=annexes)
    for annex in edition.annexes.all():
        inspect_file(annex.blob)
    sizes = {}
    page.on("response", lambda response: sizes.update({response.url: response}))
    page.goto(site + "/light/", wait_until="networkidle")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_function("() => [...document.images].every((image) => image.naturalWidth)")
    bodies = {url: response.body() for url, response in sizes.items()}
    thumbnails = [body for url, body in bodies.items() if url.endswith("thumbnail.webp")]
    rest = [gzip.compress(body, 9) for url, body in bodies.items() if not url.endswith("thumbnail.webp")]
    assert len(thumbnails) == 3 and max(map(len, thumbnails)) <= 12_000
    # What a sheet imports is a request of its own only here, where nobody collects static files.
    styles = [body for url, body in bodies.items() if url.endswith(".css")]
    assert len(gzip.compress(b"".join(styles), 9)) <= 6_000
    assert not [url for url in bodies if url.endswith((".js", ".woff2"))]
    assert sum(map(len, rest)) <= 14_000
    assert sum(map(len, rest)) + sum(map(len, thumbnails)) <= 50_000


def small_pdf(words):
    """A page without text; the words make its bytes differ."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue() + f"% {words}".encode()


@pytest.mark.parametrize("width", [320, 1280])
def test_extremes_fit(page, site, violations, width):
    issuers = [
        make_agency(f"agency-{number}", f"Agency number {number} of a long name", f"A{number}")
        for number in range(12)
    ]
    make_live(
        permalink="/extreme/",
        title="Title " * 44,
        issuers=issuers,
        body_html="<ol>"
        + "".join(f"<li>Paragraph {number}.</li>" for number in range(1, 287))
        + "</ol>"
        + "<p>word </p>" * 800,
        annexes=[
            (f"/files/{number}.pdf", b"%PDF-1 " + str(number).encode(), f"Annex {number}", "T" * 120)
            for number in range(16)
        ],
    )
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site + "/extreme/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#p286").count() == 1
    assert page.locator(".annexes > li").count() == 16
    assert violations(page) == []
