"""Signing in with a second factor, as a person does it, and axe on every page of accounts."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from releases.models import Session
from releases.services.accounts import proofs
from tests.admin.accounts.codes import code_for, code_of, give_app
from tests.browser.hands import PASSWORD, Hands, send, show_scheme, sign_in
from tests.factories import make_agency, make_edition, make_member, make_user


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def anna():
    return make_member(make_agency(), username="anna")


@pytest.fixture
def key(page):
    """A security key that asks for nothing more than to be touched, and is touched at once."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def give_password(page, site, name="anna"):
    page.goto(f"{site}/admin/login/?next=/admin/releases/edition/")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    send(page, "input[type=submit]")


def sign_out(page):
    send(page, "#logout-form button")


def test_an_approver_enrols_with_an_app_and_signs_in_with_its_code(page, site, anna, complaints):
    give_password(page, site)
    expect(page.locator("h1")).to_have_text("Second factor")
    send(page, "a.button >> text=Add an app")
    box = page.locator(".qr svg").bounding_box()
    assert box["width"] == box["height"] > 200
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.inner_text("main"))[0]
    page.fill("#id_code", code_for(secret))
    send(page, "input[type=submit]")
    expect(page.locator(".codes li")).to_have_count(10)
    send(page, "text=Go to the desk")
    expect(page.locator("h1")).to_have_text("Desk")
    sign_out(page)
    give_password(page, site)
    page.fill("#id_code", code_of(anna, later=1))
    send(page, "input[type=submit]")
    assert page.url == f"{site}/admin/releases/edition/"
    assert complaints == []


def test_an_approver_enrols_with_a_passkey_and_signs_in_by_it_alone(page, site, anna, key, complaints):
    give_password(page, site)
    send(page, "a.button >> text=Add a passkey")
    page.fill("#id_name", "Anna's laptop")
    page.check("#id_passwordless")
    send(page, "#mfa_webauthn_add")
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(f"{site}{reverse('mfa_list_webauthn')}")
    expect(page.locator("tbody th")).to_have_text("Anna's laptop")
    sign_out(page)
    give_password(page, site)
    send(page, "#mfa_webauthn_authenticate")
    assert page.url == f"{site}/admin/releases/edition/"
    sign_out(page)
    page.goto(f"{site}/admin/")
    send(page, "#passkey_login")
    expect(page.locator("h1")).to_have_text("Desk")
    assert complaints == []


def test_a_reason_that_was_typed_when_the_proof_lapsed_is_sent_after_it_was_given_again(page, site, anna):
    edition = make_edition(author=make_user(), state="submitted")
    give_app(anna)
    sign_in(page, site, anna)
    page.goto(f"{site}{reverse('admin:releases_edition_do', args=[edition.pk, 'approve'])}")
    let_proof_lapse(anna)
    page.click("text=Schedule it instead")
    page.fill("#id_live_from", "2031-03-01T09:30")
    send(page, "text=Approve for Saturday 1 March 2031, 09:30")
    assert "2031-03-01" in "".join(
        page.locator("main textarea").evaluate_all("all => all.map(one => one.value)")
    )
    with page.context.expect_page() as opened:
        page.click("main a >> text=Confirm that it is you")
    tab = opened.value
    tab.fill("#id_password", PASSWORD)
    send(tab, "input[type=submit]")
    expect(tab.locator("h1")).to_have_text("Confirmed")
    tab.close()
    send(page, "text=Go on with what you sent")
    edition.refresh_from_db()
    assert edition.live_from and edition.live_from.year == 2031


def let_proof_lapse(user):
    for row in Session.objects.filter(user_id=user.pk):
        store = row.get_session_store_class()(row.session_key)
        store[proofs.PROVED_AT] = 0
        store.save()


def test_approving_takes_no_more_presses_with_a_second_factor(page, site, anna):
    """Bar U19 is counted on a desk to which its people have signed in: the proof of that counts."""
    edition = make_edition(author=make_user(), state="submitted")
    give_app(anna)
    sign_in(page, site, anna)
    hands = Hands(page)
    hands.send("text=Releases")
    page.goto(f"{site}{reverse('admin:releases_edition_do', args=[edition.pk, 'approve'])}")
    hands.send(".act .button.go")
    edition.refresh_from_db()
    assert edition.state == "approved" and hands.clicks == 2


OUTSIDE = [
    "account_login",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
]
INSIDE = [
    "account_change_password",
    "account_email",
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_index",
    "proved",
    "socialaccount_connections",
    "own_emails",
    "own_sessions",
]
ENROLLED = [
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_view_recovery_codes",
]


COLOURS = ("color-contrast", "link-in-text-block")
"""What the scheme can change."""


def test_every_page_of_accounts_is_accessible(page, site, anna, key, violations, complaints, settings):
    settings.EMAIL_URL = "memory://"

    def check(name):
        show_scheme(page, "light")
        assert violations(page) == [], name
        show_scheme(page, "dark")
        assert violations(page, *COLOURS) == [], name

    def look(name, *arguments):
        answer = page.goto(f"{site}{reverse(name, args=arguments)}")
        assert answer.status in (200, 401), name
        assert [one for one in complaints if "Failed to load" not in one] == [], name
        check(name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        page.goto("about:blank")
        complaints.clear()  # axe writes styles, which the policy refuses; some of it is told late

    for name in OUTSIDE:
        look(name)
    look("account_confirm_email", "a-key")
    look("account_reset_password_from_key", "1", "a-key")
    look("invitation", "MQ", "a-token")
    settings.EMAIL_URL = ""
    page.goto(f"{site}{reverse('account_email')}")
    check("account_email without email")
    complaints.clear()
    settings.EMAIL_URL = "memory://"
    give_password(page, site)
    complaints.clear()
    for name in INSIDE:
        look(name)
    page.goto(f"{site}{reverse('mfa_add_webauthn')}")
    send(page, "#mfa_webauthn_add")
    page.goto(f"{site}{reverse('mfa_activate_totp')}")
    page.fill("#id_code", code_for(re.search(r"\b[A-Z2-7]{32}\b", page.inner_text("main"))[0]))
    send(page, "input[type=submit]")
    complaints.clear()
    for name in ENROLLED:
        look(name)
    look("mfa_edit_webauthn", anna.authenticator_set.get(type="webauthn").pk)
    look("mfa_remove_webauthn", anna.authenticator_set.get(type="webauthn").pk)
    page.goto(f"{site}{reverse('mfa_index')}")
    sign_out(page)
    give_password(page, site)
    assert page.url.endswith(reverse("mfa_authenticate"))
    check("mfa_authenticate")
    page.fill("#id_code", "000000")
    send(page, "input[type=submit].default")
    check("mfa_authenticate with a wrong code")
