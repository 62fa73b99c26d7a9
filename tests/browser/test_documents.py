"""From a document to a release in a real browser: files that are dropped, a text that is pasted."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from releases.models import Edition
from tests.admin.editions.test_new_release import word_file
from tests.browser.hands import Hands, files, sign_in
from tests.factories import make_member, make_section

FORMATTED = (
    "<h2>Harbour fund opens</h2><p>Issued by MTI</p><ol start='3'><li>It <b>opens</b> at"
    " <a href='https://example.org/fund'>the quay</a>.</li></ol>"
    "<table><tr><th>Year<th>Sum</tr><tr><td>2026<td>12</tr></table>"
)


def drop(page, paths):
    """Let files fall on the middle of the page, as the system's own file manager does."""
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": paths, "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 200, "y": 300, "data": data})


def paste(page, what, html):
    """Put HTML with its words on the clipboard, and paste it into a field."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(
        """async (html) => {
          const words = new DOMParser().parseFromString(html, "text/html").body.innerText;
          const item = {"text/html": html, "text/plain": words};
          const blobs = Object.entries(item).map(([type, text]) => [type, new Blob([text], {type})]);
          await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
        }""",
        html,
    )
    page.focus(what)
    page.keyboard.press("Control+V")


@pytest.mark.parametrize("width", [1280, 390])
def test_from_word_to_submitted_in_six_acts(page, site, agencies, tmp_path, violations, width):
    """A joint release of a Word file and three annexes, dropped together."""
    page.set_viewport_size({"width": width, "height": 900})
    make_section()
    names = ("Annex A: Key features", "Annex B: Factsheet", "Annex C: Quotes")
    document = tmp_path / "Harbour v7 FINAL.docx"
    document.write_bytes(word_file(annexes=names).read())
    hands = Hands(sign_in(page, site, make_member(agencies[0], role="writer")))
    hands.send("text=New release from a document")
    assert violations(page) == []
    hands.clicks += 1
    with page.expect_navigation():
        drop(page, [str(document), *files(tmp_path)])
    expect(page.locator("mark")).to_have_text("EMBARGOED UNTIL 9AM, 2 DECEMBER 2096")
    expect(page.locator(".time-sentence")).to_contain_text("Sunday 2 December 2096, 09:00")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    hands.click("#id_embargo_is_confirmed")
    hands.send("text=Make the draft")
    hands.send("[name=_submit]")
    edition = Edition.objects.get()
    assert (edition.state, edition.annexes.count(), edition.issuers.count()) == ("submitted", 3, 2)
    assert hands.clicks <= 6


def test_a_paste_keeps_its_formatting_until_somebody_changes_the_words(page, site, agencies):
    make_section()
    sign_in(page, site, make_member(agencies[0], role="writer"))
    page.goto(site + reverse("admin:releases_edition_from_document"))
    paste(page, "#id_text", FORMATTED)
    told = page.locator("[data-about=formatting]")
    expect(told).to_contain_text("The formatting is kept: 1 heading, 1 link, 1 table.")
    page.keyboard.type("x")
    expect(told).to_have_text("You changed the text, so it is read as plain words.")
    assert page.input_value("#id_html") == ""
    page.fill("#id_text", "")
    paste(page, "#id_text", FORMATTED)
    expect(told).to_contain_text("The formatting is kept")
    for button in ("Read it", "Make the draft"):
        with page.expect_navigation():
            page.click(f"text={button}")
    edition = Edition.objects.get()
    assert edition.title == "Harbour fund opens"
    assert edition.body == (
        "3. It **opens** at [the quay](https://example.org/fund).\n\n| Year | Sum |\n| --- | --- |\n| 2026 | 12 |\n"
    )
