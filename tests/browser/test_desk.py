"""The life of a release at the desk in a real browser: bars U19, U20 and U22."""

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from releases.models import Edition
from tests.browser.hands import Hands, files, send, sign_in
from tests.factories import (
    make_edition,
    make_live,
    make_member,
    make_section,
)


def test_a_joint_release_from_new_to_published_in_few_clicks(page, site, agencies, tmp_path):
    """U19: 5 clicks to submit, 2 for each clearance, 2 for the approval; nothing typed twice."""
    make_section()
    writer, lead = make_member(agencies[0], role="writer"), make_member(agencies[0])
    others = [make_member(agency) for agency in agencies[1:]]
    hands = Hands(sign_in(page, site, writer))
    hands.send("text=New release")
    page.fill("#id_title", "The Harbour Pact enters into force")
    hands.choose("#id_section", "Press releases")
    page.fill("#id_body", "1. The pact enters into force.\n\n2. It has three annexes.")
    for number, acronym in enumerate(["MTI", "MCI", "IMDA"]):
        page.fill(f"#id_issuers-{number}-agency", acronym)
    hands.clicks += 1
    page.set_input_files("#id_new_annexes", files(tmp_path))
    hands.send("[name=_submit]")
    edition = Edition.objects.get()
    assert edition.state == "submitted"
    assert hands.clicks <= 5
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["MTI", "MCI", "IMDA"]
    assert [(annex.label, annex.title) for annex in edition.annexes.all()] == [
        ("Annex A", "Key features"),
        ("Annex B", "Factsheet"),
        ("Annex C", "Quotes"),
    ]
    for other in others:
        hands = Hands(sign_in(page, site, other))
        hands.send("text=The Harbour Pact enters into force")
        hands.send(".act .button.go")
        assert hands.clicks <= 2
    hands = Hands(sign_in(page, site, lead))
    hands.send(".needs-you >> text=The Harbour Pact enters into force")
    hands.send(".act .button.go")
    expect(page.locator(".messagelist")).to_contain_text("The version is approved. Public from")
    assert hands.clicks <= 2
    page.goto(f"{site}/news/press-releases/the-harbour-pact-enters-into-force/")
    assert page.inner_text("h1") == "The Harbour Pact enters into force"


def test_a_public_correction_in_few_clicks(page, site, agencies):
    """U20: six clicks, the approval included, and the comparison is there at once."""
    live = make_live(
        at=timezone.now(), body="The fee is 5 dollars.", body_html="<p>The fee is 5 dollars.</p>"
    )
    writer, lead = make_member(agencies[0], role="writer"), make_member(agencies[0])
    hands = Hands(sign_in(page, site, writer))
    page.goto(site + reverse("admin:releases_edition_change", args=[live.pk]))
    hands.send("button:has-text('Correct or update')")
    page.fill("#id_body", "The fee is 6 dollars.")
    hands.choose("#id_change_class", "Correction")
    page.fill("#id_change_note", "The fee was wrong.")
    hands.send("[name=_submit]")
    sign_in(page, site, lead)
    hands.send(".needs-you a[href*='/do/approve/']")
    hands.send(".act .button.go")
    assert hands.clicks <= 6
    page.goto(f"{site}/releases/{live.release_id}/changes/2/")
    assert "5" in page.inner_text(".changes del") and "6" in page.inner_text(".changes ins")
    assert "The fee was wrong." in page.inner_text("main")


def test_what_two_editors_changed_is_shown_side_by_side_and_taken_by_a_click(page, site, agencies):
    """U22"""
    edition = make_edition(title="Old title")
    sign_in(page, site, make_member(agencies[0], role="writer"))
    page.goto(site + reverse("admin:releases_edition_change", args=[edition.pk]))
    other = page.context.new_page()
    other.goto(page.url)
    other.fill("#id_title", "Title of the first")
    send(other, "input[name=_continue]")
    page.fill("#id_title", "Title of the second")
    page.fill("#id_summary", "A summary of the second")
    send(page, "input[name=_continue]")
    expect(page.locator("q.theirs")).to_have_text("Title of the first")
    assert page.input_value("#id_title") == "Title of the second"
    page.click("text=Take theirs")
    send(page, "input[name=_continue]")
    edition.refresh_from_db()
    assert (edition.title, edition.summary) == ("Title of the first", "A summary of the second")


def test_a_closed_tab_and_an_ended_session_lose_nothing(page, site, agencies):
    edition = make_edition()
    user = make_member(agencies[0], role="writer")
    sign_in(page, site, user)
    url = site + reverse("admin:releases_edition_change", args=[edition.pk])
    page.goto(url)
    page.fill("#id_summary", "Typed and never saved")
    page.goto("about:blank")
    page.goto(url)
    page.click("text=Restore what I typed")
    assert page.input_value("#id_summary") == "Typed and never saved"
    cookies = page.context.cookies()
    page.context.clear_cookies()
    send(page, "input[name=_continue]")
    assert page.locator("#id_login, h1").first.is_visible()
    page.context.add_cookies(cookies)
    page.goto(url)
    page.click("text=Restore what I typed")
    send(page, "input[name=_continue]")
    expect(page.locator(".messagelist")).to_contain_text("Saved.")
    edition.refresh_from_db()
    assert edition.summary == "Typed and never saved"
    page.goto(url)
    expect(page.locator("text=Restore what I typed")).to_have_count(0)


def test_a_double_click_on_publish_publishes_once(page, site, agencies):
    edition = make_edition(state="submitted")
    sign_in(page, site, make_member(agencies[0]))
    page.goto(site + reverse("admin:releases_edition_do", args=[edition.pk, "approve"]))
    page.dblclick(".act .button.go")
    expect(page.locator(".messagelist")).to_be_visible()
    edition.refresh_from_db()
    assert edition.state == "approved"
    assert edition.release.ledger.filter(verb="approve").count() == 1


def test_a_translation_and_a_new_colleague_in_few_clicks(page, site, agencies):
    """A translation is submitted in four acts at most, a colleague works after six of ours at most."""
    live = make_live(at=timezone.now(), issuers=agencies[:1])
    hands = Hands(sign_in(page, site, make_member(agencies[0], role="writer")))
    page.goto(site + reverse("admin:releases_edition_change", args=[live.pk]))
    hands.send("text=Add a translation")
    hands.send("text=Start the translation")
    page.fill("#id_title", "港口开放")
    page.fill("#id_body", "1. 港口开放。")
    hands.send("[name=_submit]")
    translation = Edition.objects.get(state="submitted")
    assert translation.release.translation_group == live.release.translation_group
    assert hands.clicks <= 4
    hands = Hands(sign_in(page, site, make_member(agencies[0], role="administrator")))
    hands.send("nav >> text=People")
    hands.send("text=Invite somebody")
    for field, words in (("username", "nora"), ("name", "Nora Yeo"), ("email", "nora@example.org")):
        page.fill(f"#id_{field}", words)
    hands.send("input[type=submit]")
    assert hands.clicks <= 6
    link = page.inner_text(".messagelist code")
    page.context.clear_cookies()
    page.goto(link)
    for field in page.locator("input[type=password]").all():
        field.fill("ferries at night 2033")
    send(page, "main input[type=submit]")
    sign_in(page, site, User.objects.get(username="nora"))
    expect(page.locator("text=New release").first).to_be_visible()
