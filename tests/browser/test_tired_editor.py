"""What a tired person does at 08:59: what becomes public is what they saw, and nothing that they typed is lost."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from releases.models import Edition
from releases.services.publishing import approval, review
from tests.browser.hands import Hands, send, sign_in
from tests.factories import make_agency, make_edition, make_live, make_member, make_section

UNSAVED = "[data-unsaved]"


@pytest.fixture
def writer(agencies):
    return make_member(agencies[0], role="writer")


@pytest.fixture
def lead(agencies):
    return make_member(agencies[0])


def form_of(site, edition):
    return site + reverse("admin:releases_edition_change", args=[edition.pk])


def step_of(site, edition, verb):
    return site + reverse("admin:releases_edition_do", args=[edition.pk, verb])


def test_every_way_on_saves_what_was_typed_and_a_problem_stops_it_before_the_approver(page, site, writer):
    edition = make_edition(author=writer, body="1. Annex D tells more.")
    sign_in(page, site, writer)
    page.goto(form_of(site, edition))
    expect(page.locator(".bar")).to_contain_text("1 problem to fix")
    expect(page.locator(UNSAVED)).to_be_empty()
    page.fill("#id_summary", "Typed last.")
    expect(page.locator(UNSAVED)).to_have_text("Unsaved changes")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.click(".breadcrumbs >> text=Desk")
    expect(page.locator("#id_summary")).to_have_value("Typed last.")
    assert asked == ["beforeunload"]
    send(page, "[name=_submit]")
    expect(page.locator(".messagelist .warning")).to_contain_text("Not submitted. Fix this first:")
    edition.refresh_from_db()
    assert (edition.state, edition.summary) == ("draft", "Typed last.")
    page.fill("#id_body", "1. That is all.")
    send(page, "[name=_submit]")
    edition.refresh_from_db()
    assert (edition.state, edition.body) == ("submitted", "1. That is all.")
    page.fill("#id_summary", "One word more.")
    send(page, "text=Stop the approval")
    edition.refresh_from_db()
    assert (edition.state, edition.summary) == ("draft", "One word more.")


def test_what_was_sent_back_is_mended_and_submitted_in_one_act(page, site, writer):
    edition = make_edition(author=writer, state="rejected", rejection="The figure is wrong.")
    sign_in(page, site, writer)
    page.goto(form_of(site, edition))
    expect(page.locator(".desk-bar")).to_contain_text("The figure is wrong.")
    page.fill("#id_body", "1. The right figure.")
    send(page, "[name=_submit]")
    edition.refresh_from_db()
    assert (edition.state, edition.body, edition.rejection) == ("submitted", "1. The right figure.", "")


def test_the_button_follows_the_time_and_a_double_click_publishes_once_what_it_named(page, site, lead):
    edition = make_edition(state="submitted")
    sign_in(page, site, lead)
    page.goto(step_of(site, edition, "approve"))
    page.click("text=Schedule it instead")
    page.fill("#id_live_from", "2033-01-14T09:00")
    page.dblclick("text=Approve for Friday 14 January 2033, 09:00")
    expect(page.locator(".messagelist")).to_contain_text("Friday 14 January 2033, 09:00")
    edition.refresh_from_db()
    assert f"{timezone.localtime(edition.live_from):%Y-%m-%dT%H:%M}" == "2033-01-14T09:00"
    assert edition.release.ledger.filter(verb="approve").count() == 1


@pytest.mark.parametrize("zone", ["America/New_York"])
def test_a_usual_hour_is_never_one_that_has_passed_there_wherever_the_laptop_is(
    browser, site, lead, agencies, zone
):
    edition = make_edition(state="submitted")
    page = sign_in(browser.new_context(timezone_id=zone).new_page(), site, lead)
    page.goto(step_of(site, edition, "approve"))
    page.click("text=Schedule it instead")
    for clock in ("09:00", "13:00", "17:00"):
        page.click(f"button >> text={clock}")
        chosen = dt.datetime.fromisoformat(page.input_value("#id_live_from"))
        assert chosen.strftime("%H:%M") == clock
        assert dt.timedelta() < timezone.make_aware(chosen) - timezone.now() <= dt.timedelta(days=2)


def test_an_approval_in_the_wrong_tab_or_of_an_old_page_is_of_what_it_shows(page, site, lead, writer):
    wrong, right = (make_edition(title=title, state="submitted") for title in ("Rates", "Fees"))
    sign_in(page, site, lead)
    page.goto(step_of(site, right, "approve"))
    other = page.context.new_page()
    other.goto(step_of(site, wrong, "approve"))
    assert "Rates" in other.inner_text("#decide") and "Fees" in page.inner_text("#decide")
    Edition.objects.filter(pk=right.pk).update(body="Changed after it was read.")
    send(page, "button >> text=Publish now")
    expect(page.locator(".messagelist .error").first).to_contain_text("changed after you opened it")
    right.refresh_from_db()
    assert right.state == "submitted"


def test_an_approval_on_a_train_reads_first_and_stands_below_the_text(page, site, lead):
    page.set_viewport_size({"width": 390, "height": 844})
    edition = make_edition(state="submitted", wanted_from=timezone.now() + dt.timedelta(days=2))
    sign_in(page, site, lead)
    page.goto(step_of(site, edition, "approve"))
    text, act = (page.locator(one).first.bounding_box() for one in (".sheet", ".act .go"))
    assert act["y"] > text["y"] + text["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("text=Publish now instead")
    page.click("button >> text=Publish now")
    edition.refresh_from_db()
    assert edition.state == "submitted", "to break the time that was asked for is confirmed apart"


def test_an_embargo_is_moved_in_three_acts_and_no_clearance_is_lost(page, site, lead, agencies):
    soon = timezone.now().replace(second=0, microsecond=0) + dt.timedelta(days=2)
    edition = make_edition(issuers=agencies, state="submitted", wanted_from=soon, author=None)
    now = timezone.now()
    for agency in agencies[1:]:
        review.record_clearance(edition, agency=agency, actor=make_member(agency), at=now)
    approval.approve(edition, approver=make_member(agencies[0]), at=now, live_from=soon)
    hands = Hands(sign_in(page, site, lead))
    page.goto(form_of(site, edition))
    hands.send("text=Change the time")
    expect(page.locator("#decide")).to_contain_text("The text, its approval and the clearances stay.")
    later = timezone.localtime(soon + dt.timedelta(hours=1))
    page.fill("#id_live_from", f"{later:%Y-%m-%dT%H:%M}")
    hands.send(f"button >> text={later:%H:%M}")
    edition.refresh_from_db()
    assert (edition.state, edition.live_from, edition.clearances.count()) == ("approved", later, 2)
    assert hands.clicks <= 3


def test_a_live_text_is_corrected_in_one_act_and_its_end_asks_for_its_name(page, site, lead):
    live = make_live(at=timezone.now(), title="Rates of today")
    chief = make_member(make_agency(), is_superuser=True)
    sign_in(page, site, chief)
    page.goto(form_of(site, live))
    expect(page.locator(".danger")).to_contain_text("This cannot be undone.")
    send(page, ".danger >> text=Permanently erase")
    page.fill("#id_title", "Rates of tomorrow")
    page.fill("#id_reason", "An order")
    send(page, "button >> text=Ask for it")
    expect(page.locator(".errorlist")).to_contain_text("This is not the title of this release.")
    sign_in(page, site, lead)
    page.goto(form_of(site, live))
    hands = Hands(page)
    hands.send("text=Correct or update")
    expect(page.locator("#id_body")).to_be_editable()
    assert hands.clicks == 1


def test_the_date_on_the_page_follows_the_time_until_somebody_sets_another(page, site, writer):
    make_section()
    sign_in(page, site, writer)
    page.goto(site + reverse("admin:releases_edition_add"))
    page.fill("#id_title", "Rates from January")
    page.select_option("#id_section", index=1)
    page.fill("#id_body", "1. The rates.")
    page.fill("#id_wanted_from", "2033-01-14T09:00")
    send(page, "input[name=_continue]")
    expect(page.locator("#id_release_date")).to_have_value("2033-01-14")
    page.fill("#id_wanted_from", "2033-01-15T09:00")
    send(page, "input[name=_continue]")
    expect(page.locator("#id_release_date")).to_have_value("2033-01-15")
    page.fill("#id_release_date", "2033-01-13")
    send(page, "input[name=_continue]")
    page.fill("#id_wanted_from", "2033-01-16T09:00")
    send(page, "input[name=_continue]")
    expect(page.locator("#id_release_date")).to_have_value("2033-01-13")
    words = "The page will say 13 January 2033, and it is to be published on 16 January 2033."
    expect(page.locator(".checks")).to_contain_text(words)
    edition = Edition.objects.get()
    sign_in(page, site, make_member(is_superuser=True))
    page.goto(step_of(site, edition, "approve"))
    expect(page.locator("#decide .page-day")).to_contain_text("13 January 2033. That is not the day")
    page.fill("#id_live_from", "2033-01-13T09:00")
    expect(page.locator("#decide .differs")).to_be_hidden()


def test_a_second_person_of_the_same_first_name_sees_nothing_and_signing_out_asks(page, site, agencies):
    first, second = (make_member(one, role="writer", first_name="Wei") for one in agencies[:2])
    page.route("**/typed/", lambda route: route.abort())  # what the server has is not in this browser
    sign_in(page, site, first)
    page.goto(site + reverse("admin:releases_edition_add"))
    page.fill("#id_title", "Under embargo")
    sign_in(page, site, second)
    page.goto(site + reverse("admin:releases_edition_add"))
    expect(page.locator("#id_title")).to_have_value("")
    expect(page.locator("text=You have unsaved changes")).to_have_count(0)
    sign_in(page, site, first)
    page.goto(site + reverse("admin:releases_edition_add"))
    expect(page.locator("text=You have unsaved changes")).to_be_visible()
    page.click("#logout-form button")
    send(page, "text=Remove them and log out")
    assert "Under embargo" not in page.evaluate("JSON.stringify({...localStorage})")


def test_an_approval_whose_connection_breaks_is_given_again_and_counts_once(page, site, lead):
    edition = make_edition(state="submitted")
    sign_in(page, site, lead)
    page.goto(step_of(site, edition, "approve"))
    page.context.set_offline(True)
    page.click("button >> text=Publish now")
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.goto(step_of(site, edition, "approve"))
    send(page, "button >> text=Publish now")
    edition.refresh_from_db()
    assert edition.state == "approved"
    assert edition.release.ledger.filter(verb="approve").count() == 1
