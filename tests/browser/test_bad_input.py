"""What goes wrong on the form of a release: told at its field, nothing lost, nothing twice."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from releases.models import Agency, Edition
from tests.browser.hands import PDF, send, sign_in
from tests.factories import make_agency, make_edition, make_live, make_member, make_section

GOOD = [("annex a - map.pdf", "application/pdf", PDF), ("annex b - figures.csv", "text/csv", b"a,b\n1,2\n")]
TYPED = {
    "#id_title": "A harbour opens",
    "#id_summary": "It opens in May.",
    "#id_body": "1. It opens.\n\n2. In May.",
    "#id_contacts": "Press office, 6000 0000",
}


def half_a_png():
    stream = io.BytesIO()
    Image.effect_noise((40, 40), 90).save(stream, "PNG")
    return stream.getvalue()[:600]


@pytest.fixture
def form(page, site):
    """A form that is filled in, with two chosen files that are right."""
    make_section()
    make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    sign_in(page, site, make_member(make_agency(), role="writer"))
    page.goto(site + reverse("admin:releases_edition_add"))
    page.click(".fold-media-contacts summary")
    for field, text in TYPED.items():
        page.fill(field, text)
    page.select_option("#id_section", label="Press releases")
    page.fill("#id_issuers-0-agency", "MTI")
    page.fill("#id_issuers-1-agency", "IMDA")
    choose(page)
    return page


def choose(page, *more):
    files = [
        {"name": name, "mimeType": media_type, "buffer": data} for name, media_type, data in (*GOOD, *more)
    ]
    page.set_input_files("#id_new_annexes", files)


def check_refused(page, field, words):
    """The message stands at the field and leads there from above; all that was typed and chosen is there."""
    expect(page.locator(f".form-row.field-{field} .errorlist, [data-about={field}]").first).to_contain_text(
        words
    )
    page.click(f".error-summary a[href='#id_{field}']")
    expect(page.locator(f"#id_{field}")).to_be_focused()
    check_kept(page)
    assert not Edition.objects.filter(title="A harbour opens").exists()


def check_kept(page):
    for name, text in TYPED.items():
        expect(page.locator(name)).to_have_value(text)
    chosen = page.eval_on_selector_all(
        "#issuers-group input[name$=-agency]", "all => all.map(one => one.value)"
    )
    assert chosen[:2] == ["MTI", "IMDA"]
    expect(page.locator(".field-new_annexes .help")).to_contain_text(
        "Chosen: annex a - map.pdf, annex b - figures.csv."
    )


def check_saved_whole(page):
    """After the mistake is mended, all is saved, and once."""
    send(page, "input[name=_continue]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    edition = Edition.objects.get(title="A harbour opens")
    assert [issuer.acronym for issuer in edition.issuers.all()] == ["MTI", "IMDA"]
    assert [annex.title for annex in edition.annexes.all()] == ["Map", "Figures"]
    assert edition.contacts == TYPED["#id_contacts"]
    return edition


@pytest.mark.parametrize(
    "name, data, words",
    [
        ("tool.exe", b"MZ\x00\x01", "tool.exe is of a kind that cannot be an annex."),
        ("page.pdf", b"<!doctype html><script>alert(1)</script>", "page.pdf ends in .pdf, but its content"),
        (
            "logo.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "logo.svg is of a kind that",
        ),
        ("photo.png", half_a_png(), "photo.png: This is no picture that can be read."),
        ("nothing.pdf", b"", "nothing.pdf is empty."),
    ],
)
def test_a_file_that_cannot_be_an_annex(form, name, data, words):
    choose(form, (name, "application/pdf", data))
    send(form, "input[name=_continue]")
    check_refused(form, "new_annexes", words)
    check_saved_whole(form)


@pytest.mark.parametrize(
    "name, data", [("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ("photo.png", half_a_png())]
)
def test_a_picture_that_cannot_be_shown_leaves_the_text_alone(form, name, data):
    form.evaluate(
        """([name, bytes]) => {
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
          const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: files });
          document.querySelector("#id_body").dispatchEvent(drop);
        }""",
        [name, list(data)],
    )
    expect(form.locator("[data-about=picture]")).to_contain_text("PNG, JPEG, GIF and WebP")
    expect(form.locator("#id_body")).to_have_value(TYPED["#id_body"])
    check_saved_whole(form)


def test_a_text_over_the_limit_is_told_before_it_is_sent(form):
    form.fill("#id_body", "A long day. " * 30_000)
    expect(form.locator(".field-body .too-large")).to_have_text(
        "The text has 360,000 bytes; 300,000 are allowed."
    )
    form.click("input[name=_continue]")
    assert len(form.input_value("#id_body")) == 360_000
    assert form.input_value("#id_title") == TYPED["#id_title"] and not Edition.objects.exists()
    form.fill("#id_body", TYPED["#id_body"])
    expect(form.locator(".field-body .too-large")).to_have_text("")
    check_saved_whole(form)


def test_a_text_over_the_limit_comes_back_where_no_script_could_tell(form):
    """The one request that the page would hold back is sent all the same."""
    form.fill("#id_body", "A long day. " * 30_000)
    with form.expect_navigation():
        form.evaluate("document.querySelector('#edition_form').submit()")
    expect(form.locator(".form-row.field-body .errorlist")).to_have_text(
        "The text has 359,999 bytes; 300,000 are allowed."
    )
    assert len(form.input_value("#id_body")) >= 359_999
    form.fill("#id_body", TYPED["#id_body"])
    check_kept(form)
    check_saved_whole(form)


@pytest.mark.parametrize(
    "permalink, words",
    [
        ("/news/taken/", "This address is taken."),
        ("/admin/mine/", "Addresses below /admin/ belong to Press Room itself."),
        ("/a/../b/", "The address holds . or .."),
    ],
)
def test_an_address_that_cannot_be_given(form, permalink, words):
    make_live(permalink="/news/taken/", at=timezone.now())
    form.fill("#id_permalink", permalink)
    send(form, "input[name=_continue]")
    expect(form.locator("#id_permalink")).to_have_value(permalink)
    check_refused(form, "permalink", words)
    form.fill("#id_permalink", "/news/free/")
    assert check_saved_whole(form).permalink == "/news/free/"


def test_a_time_that_has_passed(form):
    form.fill("#id_wanted_from", "2020-01-14T09:00")
    send(form, "input[name=_continue]")
    expect(form.locator("#id_wanted_from")).to_have_value("2020-01-14T09:00")
    check_refused(form, "wanted_from", "This time has passed.")
    form.fill("#id_wanted_from", "")
    check_saved_whole(form)


def test_a_time_that_has_passed_is_told_to_the_approver_too(page, site):
    edition = make_edition(state="submitted")
    sign_in(page, site, make_member(make_agency()))
    page.goto(site + reverse("admin:releases_edition_do", args=[edition.pk, "approve"]))
    page.click("text=Schedule it instead")
    page.fill("#id_live_from", "2020-01-14T09:00")
    send(page, "text=Approve for Tuesday 14 January 2020, 09:00")
    expect(page.locator(".messagelist, .errorlist").first).to_contain_text("time")
    expect(page.locator("#id_live_from")).to_have_value("2020-01-14T09:00")
    edition.refresh_from_db()
    assert edition.state == "submitted"


def test_an_agency_that_vanished_while_the_form_was_open(form):
    Agency.objects.get(slug="imda").delete()
    send(form, "input[name=_continue]")
    row = form.locator("#issuers-1 .errorlist")
    expect(row).to_contain_text("No agency that is active here is called that. Choose one from the list.")
    for name, text in TYPED.items():
        expect(form.locator(name)).to_have_value(text)
    expect(form.locator(".field-new_annexes .help")).to_contain_text("annex b - figures.csv")
    make_agency("imda", "Infocomm Media Development Authority", "IMDA")
    form.click("#issuers-group .add-row a")
    assert form.input_value("#id_issuers-0-agency") == "MTI"
    assert not Edition.objects.exists()


def click_on_a_slow_network(page, what):
    """Three clicks before the first is answered: what is sent waits until all are made."""
    held = []

    def hold(route):
        if route.request.method == "POST" and route.request.is_navigation_request():
            held.append(route)
        else:
            route.continue_()

    page.route("**/*", hold)
    page.locator(what).last.hover()
    with page.expect_request(lambda request: request.method == "POST" and request.is_navigation_request()):
        for _ in range(3):
            page.mouse.down()
            page.mouse.up()
    while not held:
        page.wait_for_timeout(50)
    with page.expect_navigation():
        for route in held:
            route.continue_()


@pytest.mark.parametrize(
    "verb, before, after", [("submit", "draft", "submitted"), ("approve", "submitted", "approved")]
)
def test_impatient_clicks_on_a_slow_network_do_it_once(page, site, verb, before, after):
    edition = make_edition(state=before)
    sign_in(page, site, make_member(make_agency()))
    page.goto(site + reverse("admin:releases_edition_do", args=[edition.pk, verb]))
    click_on_a_slow_network(page, ".act .button.go")
    expect(page.locator(".messagelist")).to_be_visible()
    edition.refresh_from_db()
    assert edition.state == after
    assert edition.release.ledger.filter(verb=verb).count() == 1


def test_impatient_clicks_on_save_make_one_release(form):
    click_on_a_slow_network(form, "input[name=_continue]")
    expect(form.locator(".messagelist")).to_be_visible()
    edition = Edition.objects.get()
    assert edition.annexes.count() == 2 and edition.issuers.count() == 2


def test_back_and_save_again_changes_nothing_twice(page, site):
    edition = make_edition(title="Old")
    sign_in(page, site, make_member(make_agency(), role="writer"))
    page.goto(site + reverse("admin:releases_edition_change", args=[edition.pk]))
    page.fill("#id_title", "New")
    page.set_input_files(
        "#id_new_annexes", [{"name": "annex a.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    )
    send(page, "input[name=_continue]")
    page.go_back()
    expect(page.locator("#id_title")).to_be_visible()
    send(page, "input[name=_continue]")
    expect(page.locator(".messagelist")).to_be_visible()
    edition.refresh_from_db()
    assert (edition.title, edition.annexes.count()) == ("New", 1)


def test_back_and_publish_again_says_that_it_is_public(page, site):
    edition = make_edition(state="submitted")
    sign_in(page, site, make_member(make_agency()))
    page.goto(site + reverse("admin:releases_edition_do", args=[edition.pk, "approve"]))
    send(page, ".act .button.go")
    expect(page.locator(".messagelist")).to_contain_text("The version is approved.")
    page.go_back()
    button = page.locator(".act .button.go")
    if button.count():
        send(page, ".act .button.go")
        expect(page.locator(".messagelist .error").first).to_be_visible()
    assert edition.release.ledger.filter(verb="approve").count() == 1
    edition.refresh_from_db()
    assert edition.live_from <= timezone.now() + dt.timedelta(seconds=1)
