"""The first release of docs/editors.md, click by click, on the sample site.

With PICTURES=1 in the environment the guide's pictures are made anew.
"""

import datetime as dt
import io
import os
import re
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from releases.models import Agency, Edition
from tests.browser.hands import send, sign_in
from tests.factories import make_member

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/editors.md"
ANNEX = ROOT / "fixtures/site/files/replies/guide-for-parents.pdf"
PICTURE = re.compile(r"!\[([^\]]*)\]\((pictures/[\w-]+\.png)\)")
LARGEST = 80_000  # bytes of a picture
COLOURS = 64
TEXT = "1. The harbour opens on Monday.\n\n2. Ships carry their papers in one form. See Annex A for the form."


class Pictures:
    """What the guide shows; each is taken, and kept only where it is asked for."""

    def __init__(self):
        self.taken = []

    def take(self, page, name):
        self.taken.append(f"pictures/{name}.png")
        page.evaluate("document.activeElement.blur()")
        shown = Image.open(io.BytesIO(page.screenshot()))
        if os.environ.get("PICTURES"):
            few = shown.convert("RGB").quantize(COLOURS)
            few.save(GUIDE.parent / self.taken[-1], optimize=True)


@pytest.fixture
def mti(sample):
    return Agency.objects.get(slug="mti")


def test_the_guides_first_release_is_true_and_its_pictures_can_be_made(page, site, mti):
    page.set_viewport_size({"width": 1280, "height": 800})
    writer = make_member(mti, role="writer", first_name="Aisha", last_name="Tan")
    approver = make_member(mti, first_name="Ravi", last_name="Menon")
    pictures = Pictures()
    sign_in(page, site, writer)
    send(page, "text=New release >> nth=0")
    page.fill("#id_issuers-0-agency", "MTI")
    page.fill("#id_title", "The harbour opens")
    page.fill("#id_body", TEXT)
    page.select_option("#id_section", index=1)
    page.evaluate("scrollTo(0, 0)")
    pictures.take(page, "form")
    send(page, "input[name=_continue]")
    expect(page.locator(".messagelist")).to_have_text("Saved.")
    expect(page.locator(".desk-bar")).to_contain_text("Annex A")
    pictures.take(page, "checks")
    file = {"name": "annex a - form.pdf", "mimeType": "application/pdf", "buffer": ANNEX.read_bytes()}
    page.set_input_files("#id_new_annexes", file)
    send(page, "[name=_submit]")
    edition = Edition.objects.get(title="The harbour opens")
    assert edition.state == Edition.State.SUBMITTED
    page.goto(f"{site}/admin/")
    expect(page.locator("section[aria-labelledby=awaited]")).to_contain_text("Ravi Menon")
    sign_in(page, site, approver)
    pictures.take(page, "desk")
    send(page, ".needs-you >> text=The harbour opens")
    page.click("text=Schedule it instead")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    page.fill("#id_live_from", f"{tomorrow}T09:00")
    pictures.take(page, "approval")
    send(page, "button:has-text('Approve for')")
    edition.refresh_from_db()
    assert edition.state == Edition.State.APPROVED
    send(page, "text=Desk >> nth=0")
    send(page, "a:has-text('Tomorrow')")
    expect(page.locator("main, #content").first).to_contain_text("The harbour opens")
    named = PICTURE.findall(GUIDE.read_text())
    assert sorted(file for _, file in named) == sorted(pictures.taken)
    for words, file in named:
        assert len(words.split()) >= 5, file
        assert (GUIDE.parent / file).stat().st_size < LARGEST
