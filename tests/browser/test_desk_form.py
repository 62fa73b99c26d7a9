"""The form of a release in a real browser: bars U18, U19, U21 and U24."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from releases.models import Edition
from tests.browser.hands import PDF, SMALL, Hands, files, send, sign_in
from tests.factories import (
    SINGAPORE,
    make_edition,
    make_member,
    make_scheduled,
    make_section,
)


def test_the_authors_part_by_keyboard_alone(page, site, agencies, tmp_path):
    """U19: up to 60 keys that are no text; files are dropped into the picker that Enter would open."""
    make_section()
    hands = Hands(sign_in(page, site, make_member(agencies[0], role="writer")))
    # Chromium hears of this by a message that a key pressed at once can overtake; so the test listens before
    # it types.
    page.on("filechooser", lambda chooser: chooser.set_files(files(tmp_path)))
    page.goto(site + reverse("admin:releases_edition_add"))
    page.focus("#id_issuers-0-agency")
    for number, words in enumerate(["MTI", "ministry of communications and information", "imda"]):
        hands.tab_to(f"id_issuers-{number}-agency")
        page.keyboard.type(words)
    hands.tab_to("id_title")
    page.keyboard.type("Typed without a mouse")
    hands.tab_to("id_body")
    page.keyboard.type("1. The pact enters into force.")
    hands.tab_to("id_new_annexes")
    hands.press("Enter")
    expect(page.locator("#id_new_annexes")).to_have_js_property("files.length", 3)
    hands.tab_to("id_section")
    page.keyboard.type("Press")
    hands.tab_to("_submit")
    hands.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Submitted for approval.")
    edition = Edition.objects.get()
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["MTI", "MCI", "IMDA"]
    assert hands.keys <= 60


def test_tab_goes_through_the_whole_form_and_back(page, site, agencies):
    """U18"""
    sign_in(page, site, make_member(agencies[0], role="writer"))
    page.goto(site + reverse("admin:releases_edition_add"))
    page.focus("#id_issuers-0-agency")
    names = []
    for _ in range(120):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.name || ''"))
        if names[-1] == "_submit":
            break
    assert names[-1] == "_submit" and "body" in names
    for _ in range(len(names)):
        page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "id_issuers-0-agency"


def test_a_time_is_told_with_its_weekday_and_zone(page, site, agencies):
    """U24"""
    sign_in(page, site, make_member(agencies[0], role="writer"))
    page.goto(site + reverse("admin:releases_edition_add"))
    page.fill("#id_wanted_from", "2033-01-14T09:00")
    expect(page.locator(".time-sentence")).to_have_text("Friday 14 January 2033, 09:00 (Asia/Singapore)")
    page.click("button:has-text('17:00')")
    assert page.input_value("#id_wanted_from") == "2033-01-14T17:00"
    edition = make_scheduled(
        live_from=dt.datetime(2033, 1, 14, 9, tzinfo=SINGAPORE), at=timezone.now(), title="On time"
    )
    page.goto(site + reverse("admin:releases_edition_changelist"))
    assert "14 Jan 2033 09:00" in page.inner_text("#result_list")
    expect(page.locator("#header")).to_contain_text("Times: Asia/Singapore")
    for path in (
        reverse("admin:index"),
        reverse("admin:releases_edition_change", args=[edition.pk]),
    ):
        page.goto(site + path)
        assert "Friday 14 January 2033, 09:00" in page.inner_text("main")
    expect(page.locator("#issuers-group")).to_contain_text("MTI", use_inner_text=True)


def test_today_is_the_newsrooms_day_wherever_the_browser_is(page, site, agencies):
    """Four in the morning of the 15th in Singapore, still the 14th in the browser's zone."""
    sign_in(page, site, make_member(agencies[0], role="writer"))
    page.clock.set_fixed_time(dt.datetime(2033, 1, 14, 20, tzinfo=dt.UTC))
    page.goto(site + reverse("admin:releases_edition_add"))
    page.click("button:has-text('17:00')")
    assert page.input_value("#id_wanted_from") == "2033-01-15T17:00"


def test_issuers_are_put_in_order_by_arrows_and_numbers(page, site, agencies):
    """Also after a row between them was taken out."""
    make_section()
    sign_in(page, site, make_member(*agencies, role="writer"))
    page.goto(site + reverse("admin:releases_edition_add"))
    page.fill("#id_title", "In order")
    page.select_option("#id_section", label="Press releases")
    for number, acronym in enumerate(["MTI", "MCI", "IMDA"]):
        page.fill(f"#id_issuers-{number}-agency", acronym)
    page.click("#issuers-2 >> button[aria-label='Move up']")
    page.click("#issuers-2 >> button[aria-label='Move up']")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Move up"
    page.click("#issuers-1 >> .inline-deletelink")
    send(page, "input[name=_continue]")
    edition = Edition.objects.get()
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["IMDA", "MTI"]
    page.fill("#id_issuers-0-position", "3")
    send(page, "input[name=_continue]")
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["MTI", "IMDA"]


def test_back_and_save_again_makes_nothing_twice(page, site, agencies):
    make_section()
    sign_in(page, site, make_member(agencies[0], role="writer"))
    page.goto(site + reverse("admin:releases_edition_add"))
    page.fill("#id_title", "Once")
    page.select_option("#id_section", label="Press releases")
    page.fill("#id_body", "1. Words.")
    page.dblclick("input[name=_continue]")
    expect(page.locator(".messagelist")).to_be_visible()
    page.go_back()
    page.fill("#id_body", "1. Words after Back.")
    send(page, "input[name=_continue]")
    expect(page.locator(".error-summary")).to_contain_text("You have saved this release already.")
    assert page.input_value("#id_body") == "1. Words after Back."
    assert Edition.objects.count() == 1


def test_what_is_too_large_is_told_before_it_is_sent(page, site, agencies, tmp_path):
    sign_in(page, site, make_member(agencies[0], role="writer"))
    page.goto(site + reverse("admin:releases_edition_add"))
    large = tmp_path / "film.pdf"
    with large.open("wb") as stream:
        stream.truncate(300_000_000)
    page.set_input_files("#id_new_annexes", str(large))
    expect(page.locator(".too-large")).to_contain_text(
        "film.pdf has 300,000,000 bytes; 25,000,000 are allowed."
    )
    several = [tmp_path / f"{number}.pdf" for number in range(5)]
    for one in several:
        with one.open("wb") as stream:
            stream.truncate(24_000_000)
    page.set_input_files("#id_new_annexes", [str(one) for one in several])
    expect(page.locator(".too-large")).to_contain_text(
        "The files of this form have 120,000,000 bytes together; 100,000,000 are sent at once."
    )
    page.fill("#id_title", "Kept")
    page.click("input[name=_continue]")
    assert page.input_value("#id_title") == "Kept" and not Edition.objects.exists()


def test_a_picture_just_put_in_is_seen_in_the_preview_and_asks_for_its_description(page, site, agencies):
    sign_in(page, site, make_member(agencies[0], role="writer"))
    page.goto(site + reverse("admin:releases_edition_add"))
    page.on("dialog", lambda dialog: dialog.accept("A map of the port"))
    page.evaluate(
        """async () => {
          const canvas = new OffscreenCanvas(40, 30);
          canvas.getContext("2d").fillRect(0, 0, 40, 30);
          const files = new DataTransfer();
          files.items.add(new File([await canvas.convertToBlob()], "map.png", { type: "image/png" }));
          const paste = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: files });
          document.querySelector("#id_body").dispatchEvent(paste);
        }"""
    )
    image = page.locator(".release-body img[alt='A map of the port']")
    expect(image).to_be_visible()
    page.wait_for_function(
        "() => document.querySelector('.markdownx-preview').shadowRoot.querySelector('img')?.naturalWidth === 40"
    )
    assert "![A map of the port](/images/" in page.input_value("#id_body")


def test_an_invalid_save_loses_neither_words_nor_files(page, site, agencies, tmp_path):
    """U21"""
    make_section()
    sign_in(page, site, make_member(agencies[0], role="writer"))
    page.goto(site + reverse("admin:releases_edition_add"))
    page.fill("#id_title", "A title")
    page.select_option("#id_section", label="Press releases")
    page.fill("#id_permalink", "/admin/taken/")
    page.fill("#id_body", "1. Words.")
    page.fill("#id_issuers-0-agency", "MTI")
    page.set_input_files("#id_new_annexes", files(tmp_path))
    send(page, "input[name=_continue]")
    expect(page.locator(".error-summary")).to_be_visible()
    assert "belong to Press Room itself" in page.inner_text("main")
    assert (page.input_value("#id_title"), page.input_value("#id_body")) == ("A title", "1. Words.")
    page.fill("#id_permalink", "")
    send(page, "input[name=_continue]")
    edition = Edition.objects.get()
    assert edition.permalink == "/news/press-releases/a-title/"
    assert edition.annexes.count() == 3


def test_a_joint_release_with_three_annexes_is_seen_at_a_glance(page, site, agencies, violations):
    """Issuers and annexes are lines, what is seldom changed is folded and says what it holds, and nothing is
    too small."""
    annexes = [(f"/files/{one}.pdf", PDF + one.encode(), f"Annex {one}", "A title") for one in "abc"]
    body = "\n\n".join(f"{number}. {'Shops can claim half of what they spend. ' * 6}" for number in (1, 2, 3))
    facts = {
        "issuers": agencies,
        "annexes": annexes,
        "contacts": "Ms Tan, 6000 0000",
        "release_date_is_set": False,
    }
    edition = make_edition(body=f"{body}\n\nSee Annex D.", **facts)
    sign_in(page, site, make_member(*agencies, is_superuser=True))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site + reverse("admin:releases_edition_change", args=[edition.pk]))
    page.wait_for_selector(".markdownx-preview .release-body li")
    assert "Annex D, which is not attached" in page.inner_text(".checks")
    assert page.evaluate("document.documentElement.scrollHeight") <= 2_200
    sign_in(page, site, make_member(*agencies, role="writer"))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site + reverse("admin:releases_edition_change", args=[edition.pk]))
    page.wait_for_selector(".markdownx-preview .release-body li")
    assert page.evaluate("document.documentElement.scrollHeight") <= 2_200
    assert page.input_value("#id_issuers-2-agency") == "IMDA – Infocomm Media Development Authority"
    assert "Ms Tan, 6000 0000" in page.inner_text(".fold-media-contacts summary")
    assert page.eval_on_selector_all("main :is(input, select, textarea)", SMALL) == []
    page.click("text=Place on the site >> nth=0")
    page.click(".fold-place-on-the-site summary")
    page.click("#annexes-1 summary")
    assert violations(page) == []
    page.fill("#id_issuers-1-agency", "no such agency")
    send(page, "input[name=_continue]")
    expect(page.locator(".error-summary")).to_contain_text("No agency that is active here is called that.")
    assert page.input_value("#id_issuers-1-agency") == "no such agency"


def test_an_embargo_in_the_text_becomes_its_time_and_another_day_takes_a_tick(
    page, site, agencies, violations
):
    line, text = "Embargoed until 9am, 2 December 2030", "1. One.\n\n2. Two."
    date = {"release_date": dt.date(2030, 12, 1), "release_date_is_confirmed": False}
    edition = make_edition(body=f"{line}\n\n{text}", issuers=agencies, **date)
    sign_in(page, site, make_member(*agencies, role="writer"))
    page.goto(site + reverse("admin:releases_edition_change", args=[edition.pk]))
    page.click("button:has-text('Publish at Monday 2 December 2030, 09:00')")
    assert page.input_value("#id_wanted_from") == "2030-12-02T09:00" and page.is_checked(
        "#id_embargo_is_confirmed"
    )
    assert page.input_value("#id_body").strip() == text
    send(page, "input[name=_continue]")
    page.wait_for_selector(".markdownx-preview .release-body li")
    expect(page.locator(".checks li")).to_have_count(1)
    expect(page.locator(".checks li")).to_contain_text("The page will say 1 December 2030")
    assert violations(page) == []
    page.check("#id_release_date_is_confirmed")
    send(page, "input[name=_continue]")
    expect(page.locator(".checks")).to_have_count(0)
    edition.refresh_from_db()
    assert edition.release_date_is_confirmed and edition.embargo == line


def test_a_draft_without_issuers_has_a_line_for_one(page, site, agencies):
    edition = make_edition(issuers=[])
    edition.author = make_member(agencies[0], role="writer")
    edition.save()
    sign_in(page, site, edition.author)
    page.goto(site + reverse("admin:releases_edition_change", args=[edition.pk]))
    expect(page.locator("#id_issuers-0-agency")).to_be_visible()
