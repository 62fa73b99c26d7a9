"""A form that was not saved comes back, chosen files included, and is merged with what others saved
meanwhile."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from releases.models import Autosave, Edition
from tests.browser.hands import PDF, send, sign_in
from tests.factories import make_agency, make_edition, make_member, make_section

RESTORE = "text=Restore what I typed"
KEPT = """() => new Promise((done) => {
  const opening = indexedDB.open("pressroom");
  opening.onsuccess = () => {
    const asked = opening.result.transaction("files").objectStore("files").getAll();
    asked.onsuccess = () => { opening.result.close(); done(asked.result.length); };
  };
})"""


@pytest.fixture
def writer():
    make_section()
    make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    return make_member(make_agency(), role="writer")


def type_a_release(page, site):
    """Until the browser has stored the chosen files, which it does by and by."""
    page.goto(f"{site}{reverse('admin:releases_edition_add')}")
    page.select_option("#id_section", label="Press releases")
    page.fill("#id_title", "A harbour opens")
    page.fill("#id_body", "1. It opens.")
    page.fill("#id_issuers-0-agency", "IMDA")
    page.set_input_files(
        "#id_new_annexes",
        [
            {"name": name, "mimeType": "application/pdf", "buffer": PDF}
            for name in ("annex a - map.pdf", "annex b.pdf")
        ],
    )
    page.wait_for_function(KEPT)


def check_restored(page):
    page.click(RESTORE)
    expect(page.locator("#id_title")).to_have_value("A harbour opens")
    assert page.evaluate("[...document.querySelector('#id_new_annexes').files].map(file => file.name)") == [
        "annex a - map.pdf",
        "annex b.pdf",
    ]


def test_a_closed_tab_loses_neither_words_nor_chosen_files(page, site, writer):
    sign_in(page, site, writer)
    type_a_release(page, site)
    tab = page.context.new_page()
    page.close(run_before_unload=False)
    tab.goto(f"{site}{reverse('admin:releases_edition_add')}")
    expect(tab.locator("text=Chosen files: annex a - map.pdf, annex b.pdf.")).to_be_visible()
    check_restored(tab)
    send(tab, "input[name=_continue]")
    expect(tab.locator(".messagelist .success")).to_be_visible()
    edition = Edition.objects.get()
    assert (edition.title, edition.issuers.count(), edition.annexes.count()) == ("A harbour opens", 1, 2)
    tab.goto(f"{site}{reverse('admin:releases_edition_add')}")
    expect(tab.locator(RESTORE)).to_have_count(0)


def test_an_ended_session_loses_neither_words_nor_chosen_files(page, site, writer):
    sign_in(page, site, writer)
    type_a_release(page, site)
    page.context.clear_cookies(name="sessionid")
    send(page, "input[name=_continue]")
    sign_in(page, site, writer)
    page.goto(f"{site}{reverse('admin:releases_edition_add')}")
    check_restored(page)
    send(page, "input[name=_continue]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Edition.objects.get().annexes.count() == 2


def test_what_is_restored_is_merged_with_what_others_saved_meanwhile(page, site, writer):
    edition = make_edition(title="Old", summary="Old", annexes=[("/files/a.pdf", PDF, "Annex A", "A map")])
    url = f"{site}{reverse('admin:releases_edition_change', args=[edition.pk])}"
    sign_in(page, site, writer)
    page.goto(url)
    page.fill("#id_summary", "My summary")
    page.click("#issuers-group .add-row a")
    page.fill("#id_issuers-1-agency", "IMDA")
    Edition.objects.filter(pk=edition.pk).update(title="Their title")
    page.goto(f"{site}/admin/")
    page.goto(url)
    page.click(RESTORE)
    send(page, "input[name=_continue]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    edition.refresh_from_db()
    assert (edition.title, edition.summary) == ("Their title", "My summary")
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["MTI", "IMDA"]


def test_what_one_person_typed_is_not_offered_to_another(page, site, writer):
    sign_in(page, site, writer)
    type_a_release(page, site)
    sign_in(page, site, make_member(make_agency(), role="writer"))
    page.goto(f"{site}{reverse('admin:releases_edition_add')}")
    page.wait_for_load_state("networkidle")
    expect(page.locator(RESTORE)).to_have_count(0)


def test_what_never_arrived_is_kept_while_something_else_is_saved(page, site, writer):
    sign_in(page, site, writer)
    type_a_release(page, site)
    page.route("**/edition/add/**", lambda route: route.abort())
    page.click("input[name=_continue]")
    page.wait_for_url("chrome-error://chromewebdata/")
    tab = page.context.new_page()
    tab.goto(f"{site}{reverse('admin:releases_edition_change', args=[make_edition().pk])}")
    send(tab, "input[name=_continue]")
    expect(tab.locator(".messagelist .success")).to_be_visible()
    tab.goto(f"{site}{reverse('admin:releases_edition_add')}")
    check_restored(tab)


def test_a_comment_that_was_not_added_outlives_a_save_and_goes_once_it_is_added(page, site, writer):
    sign_in(page, site, writer)
    page.goto(f"{site}{reverse('admin:releases_edition_change', args=[make_edition().pk])}")
    page.click("text=Write a comment")
    page.fill("#desk-comment-text", "Paragraph 2 has\ntwo dates.")
    send(page, "input[name=_continue]")
    expect(page.locator("#desk-comment-text")).to_have_value("Paragraph 2 has\ntwo dates.")
    send(page, "text=Add the comment")
    expect(page.locator(".comments li")).to_contain_text("two dates.")
    expect(page.locator("#desk-comment-text")).to_have_value("")


def test_what_was_typed_before_the_browser_died_comes_back_in_another_one(page, browser, site, writer):
    """A fresh profile, as on another machine: only the account is the same."""
    edition = make_edition(author=writer, title="A harbour opens")
    url = f"{site}{reverse('admin:releases_edition_change', args=[edition.pk])}"
    sign_in(page, site, writer)
    page.goto(url)
    page.fill("#id_body", "1. It opens on Monday.")
    page.click("#issuers-group .add-row a")
    page.fill("#id_issuers-1-agency", "IMDA")
    expect(page.locator("[data-unsaved]")).to_have_text("Unsaved changes, kept for you")
    page.wait_for_function("!JSON.stringify({...localStorage}).includes('Monday')")  # the server has it now
    page.close(run_before_unload=False)
    other = browser.new_context().new_page()
    sign_in(other, site, writer)
    other.goto(url)
    other.click("text=See what differs")
    expect(other.locator(".changes")).to_contain_text("It opens on Monday.")
    other.click(RESTORE)
    expect(other.locator("#id_body")).to_have_value("1. It opens on Monday.")
    expect(other.locator("#id_issuers-1-agency")).to_have_value("IMDA")
    send(other, "input[name=_continue]")
    expect(other.locator(".messagelist .success")).to_be_visible()
    edition.refresh_from_db()
    assert (edition.body.strip(), edition.issuers.count()) == ("1. It opens on Monday.", 2)
    other.goto(url)
    expect(other.locator("[data-typed]")).to_have_count(0)
    other.context.close()


def test_a_copy_that_the_server_did_not_take_is_sent_again(page, site, writer):
    sign_in(page, site, writer)
    refused = []

    def refuse_once(route):
        refused.append(route)
        route.fulfill(status=409) if len(refused) == 1 else route.continue_()

    page.route("**/typed/", refuse_once)
    page.clock.install()
    page.goto(f"{site}{reverse('admin:releases_edition_add')}")
    page.fill("#id_title", "A harbour opens")
    for status, milliseconds in ((409, 4_000), (204, 31_000)):
        with page.expect_response("**/typed/") as answer:
            page.clock.fast_forward(milliseconds)
        assert answer.value.status == status
    assert "A harbour opens" in Autosave.objects.get(user=writer).values
