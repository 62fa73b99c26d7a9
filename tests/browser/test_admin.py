import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from releases.models import Edition
from tests.browser.hands import send, sign_in
from tests.factories import make_agency, make_member, make_section


@pytest.fixture
def desk(page, site, complaints):
    """A page of somebody who is signed in."""
    return sign_in(page, site, User.objects.create_superuser("chief"))


def test_the_preview_shows_what_was_typed(desk, site):
    make_section()
    desk.goto(site + reverse("admin:releases_edition_add"))
    desk.fill("#id_body", "1. **Bold** words")
    desk.wait_for_selector(".markdownx-preview .release-body strong")
    assert desk.inner_text(".markdownx-preview .release-body .paras > li") == "Paragraph\n1 Bold words"


def test_the_preview_has_the_styles_of_the_page(desk, site):
    make_section()
    desk.goto(site + reverse("admin:releases_edition_add"))
    desk.fill("#id_body", "1. Words")
    shown = desk.locator(".markdownx-preview .release-body .paras")
    expect(shown).to_have_css("list-style-type", "none")
    expect(shown).to_have_css("font-size", "18px")


def test_a_text_that_cannot_be_shown_is_told_beside_it_and_stays(desk, site):
    desk.goto(site + reverse("admin:releases_edition_add"))
    typed = "".join("> " * depth + "a\n" for depth in range(40))
    desk.fill("#id_body", typed)
    expect(desk.locator("[data-about=preview]")).to_contain_text("nested more than 20 deep")
    assert desk.input_value("#id_body") == typed


def test_a_picture_that_is_refused_leaves_the_text_alone(desk, site):
    desk.goto(site + reverse("admin:releases_edition_add"))
    desk.fill("#id_body", "Invalid response is a phrase")
    desk.evaluate(
        """() => {
          const files = new DataTransfer();
          files.items.add(new File(["<svg/>"], "evil.png", { type: "image/png" }));
          const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: files });
          document.querySelector("#id_body").dispatchEvent(drop);
        }"""
    )
    expect(desk.locator("[data-about=picture]")).to_contain_text("no picture that can be read")
    expect(desk.locator("#id_body")).to_have_value("Invalid response is a phrase")


def test_tab_leaves_the_editor(desk, site):
    desk.goto(site + reverse("admin:releases_edition_add"))
    desk.focus("#id_body")
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.id") != "id_body"
    assert desk.input_value("#id_body") == ""


def test_an_editor_writes_a_release_and_another_publishes_it(desk, site):
    mti, section = make_agency(), make_section()
    desk.goto(site + reverse("admin:releases_edition_add"))
    desk.fill("#id_title", "Written in a browser")
    desk.fill("#id_permalink", "/news/written-in-a-browser/")
    desk.select_option("#id_section", str(section.pk))
    desk.fill("#id_body", "1. First.\n2. Second.")
    desk.click("text=Add another Issuer")
    desk.fill("#id_issuers-0-agency", "MTI")
    desk.fill("#id_issuers-0-position", "1")
    send(desk, "input[name=_continue]")
    edition = Edition.objects.get()
    assert edition.state == "draft"
    assert desk.request.get(f"{site}/news/written-in-a-browser/").status == 404
    send(desk, "text=Read and approve")
    send(desk, "button >> text=Publish now")
    assert "You wrote this version. Someone else has to approve it." in desk.inner_text("body")
    approval = desk.url
    sign_in(desk, site, make_member(mti))
    desk.goto(approval)
    send(desk, "button >> text=Publish now")
    desk.goto(f"{site}/news/written-in-a-browser/")
    assert desk.inner_text("h1") == "Written in a browser"
    assert desk.locator(".release-body li").all_inner_texts() == [
        "Paragraph\n1 First.",
        "Paragraph\n2 Second.",
    ]
