"""What a person does in a browser, counted where a bar asks for it."""

import pytest
from django.conf import settings
from django.test import Client

PASSWORD = "a long enough password"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n"


STILL = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  Promise.allSettled(document.getAnimations().map((one) => one.finished)).then(() => done());
})))"""
"""The desk's colours fade from one scheme to the other: wait until they have."""


SMALL = """all => all.filter((one) => one.checkVisibility() && !["checkbox", "hidden"].includes(one.type)
  && parseFloat(getComputedStyle(one).fontSize) < 16).map((one) => one.name)"""
"""Fields with type that is smaller than 16 px, by name."""


def show_scheme(page, scheme):
    """Light or dark colours, once they are there."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate(STILL)


def send(page, what):
    """Press what sends a form, and wait until the answer is there: only then may the cookies change."""
    with page.expect_navigation():
        page.click(what)


def sign_in(page, site, user):
    """The desk of somebody whose session has begun already, without the form, which the film fills in."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.clear_cookies()
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
    page.goto(f"{site}/admin/")
    return page


class Hands:
    """Counts what a person does with the pointer, and the keys that are no text."""

    def __init__(self, page):
        self.page, self.clicks, self.keys = page, 0, 0

    def click(self, what):
        self.clicks += 1
        self.page.click(what)

    def send(self, what):
        self.clicks += 1
        send(self.page, what)

    def choose(self, what, label):
        self.clicks += 1
        self.page.select_option(what, label=label)

    def press(self, key, times=1):
        for _ in range(times):
            self.keys += 1
            self.page.keyboard.press(key)

    def tab_to(self, ident):
        """Tab until the field has the focus."""
        for _ in range(80):
            if self.page.evaluate("document.activeElement.id || document.activeElement.name") == ident:
                return
            self.press("Tab")
        pytest.fail(f"Tab never reached {ident}")


def files(tmp_path):
    names = ["annex a - key features.pdf", "annex b - factsheet.pdf", "annex c - quotes.pdf"]
    for name in names:
        (tmp_path / name).write_bytes(PDF + name.encode())
    return [str(tmp_path / name) for name in names]
