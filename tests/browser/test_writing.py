"""Writing in a real browser: the toolbar of a text, its dialogs, and a paste with its formatting."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from releases.models import Edition
from tests.browser.hands import sign_in
from tests.browser.test_documents import FORMATTED, paste
from tests.content.documents.making import make_picture
from tests.factories import make_edition, make_member


@pytest.fixture
def form(page, site, agencies):
    """The form of a draft with an annex, by somebody who may write in it."""
    edition = make_edition(
        issuers=[agencies[0]],
        body="",
        annexes=[("/files/2033/a.pdf", b"%PDF-1.4", "Annex A", "Key features")],
    )
    sign_in(page, site, make_member(agencies[0], role="writer"))
    page.goto(site + reverse("admin:releases_edition_change", args=[edition.pk]))
    page.focus("#id_body")
    return page


def written(page):
    return page.input_value("#id_body")


def test_the_toolbar_is_one_tab_stop_and_its_shortcuts_work_in_the_text(form, violations):
    form.keyboard.type("Ferries")
    form.keyboard.press("Control+a")
    form.keyboard.press("Control+b")
    assert written(form) == "**Ferries**"
    form.keyboard.press("Control+z")
    assert written(form) == "Ferries"
    form.keyboard.press("Shift+Tab")
    assert form.evaluate("document.activeElement.textContent") == "Bold"
    form.keyboard.press("ArrowRight")
    assert form.evaluate("document.activeElement.textContent") == "Italic"
    form.keyboard.press("Tab")
    assert form.evaluate("document.activeElement.id") == "id_body"
    expect(form.locator(".word-count")).to_have_text("1 word")
    assert violations(form) == []
    form.keyboard.press("Control+/")
    expect(form.get_by_role("dialog", name="How to write")).to_be_visible()
    assert violations(form) == []
    form.keyboard.press("Escape")
    assert form.evaluate("document.activeElement.id") == "id_body"


def test_a_link_is_found_among_what_is_here(form):
    form.keyboard.press("Control+k")
    dialog = form.get_by_role("dialog", name="Link")
    dialog.get_by_role("button", name="Annex: Annex A: Key features").click()
    form.keyboard.press("Enter")
    expect(form.locator("#id_body")).to_have_value("[Annex A: Key features](/files/2033/a.pdf)")


def test_a_picture_comes_by_a_button_and_its_words_can_be_changed(form, tmp_path):
    (tmp_path / "quay.png").write_bytes(make_picture())
    form.click("markdown-toolbar >> text=Picture")
    form.set_input_files("#writing-file", tmp_path / "quay.png")
    form.fill("#writing-description", "The [new] quay")
    form.fill("#writing-caption", "Open since May.")
    form.fill("#writing-credit", "A. Ong")
    form.click("text=Put in")
    body = form.locator("#id_body")
    expect(body).to_have_value(
        # the address cannot be guessed
        re.compile(r"^!\[The \\\[new\\\] quay\]\(/images/.+\)\n\*Open since May\. Photo: A\. Ong\*\n")
    )
    form.focus("#id_body")
    form.keyboard.press("Control+Home")
    form.click("markdown-toolbar >> text=Picture")
    assert form.input_value("#writing-description") == "The [new] quay"
    assert (form.input_value("#writing-caption"), form.input_value("#writing-credit")) == (
        "Open since May.",
        "A. Ong",
    )
    form.fill("#writing-caption", "Open since June.")
    form.click("text=Change >> nth=-1")
    assert "\n*Open since June. Photo: A. Ong*\n" in written(form)


def test_a_paste_into_the_text_keeps_its_formatting_and_can_be_undone(form):
    paste(form, "#id_body", FORMATTED)
    expect(form.locator("[data-about=paste]")).to_contain_text("The formatting was kept as Markdown.")
    assert written(form) == (
        "## Harbour fund opens\n\nIssued by MTI\n\n3. It **opens** at [the quay](https://example.org/fund).\n\n"
        "| Year | Sum |\n| --- | --- |\n| 2026 | 12 |\n"
    )
    form.keyboard.press("Control+z")
    assert written(form) == ""
    assert Edition.objects.get().body == ""
