import re
import time

import pytest
from django.urls import reverse

from releases.models import Edition, Membership
from releases.services.accounts import proofs
from tests.admin.accounts.codes import code_of, give_app, give_password
from tests.browser.hands import PASSWORD
from tests.factories import make_agency, make_edition, make_live, make_member, make_user

pytestmark = pytest.mark.django_db
REASON = "The figure in paragraph 3 is wrong."


@pytest.fixture
def anna(client):
    person = make_member(make_agency(), username="anna")
    give_password(client, person)
    return person


def let_time_pass(client, seconds=proofs.SECONDS + 1):
    session = client.session
    session[proofs.PROVED_AT] = time.time() - seconds
    session.save()


def prove(client, url):
    return client.post(f"{reverse('account_reauthenticate')}?next={url}", {"password": PASSWORD, "next": url})


def verb_page(edition, verb):
    return reverse("admin:releases_edition_do", args=[edition.pk, verb])


@pytest.mark.parametrize("verb", ["approve", "remove"])
def test_the_page_with_the_button_is_shown_to_who_proved_lately_who_they_are(client, anna, verb):
    edition = make_edition(author=make_user()) if verb == "approve" else make_live()
    page = verb_page(edition, verb)
    let_time_pass(client, proofs.SECONDS - 30)
    assert client.get(page).status_code == 200
    let_time_pass(client)
    assert client.get(page).url == f"{reverse('account_reauthenticate')}?next={page.replace('/', '%2F')}"
    assert prove(client, page).url == page
    assert client.get(page).status_code == 200


def test_a_reason_that_was_typed_when_it_lapsed_comes_back_and_is_sent_by_one_button(client, anna):
    page = verb_page(make_live(), "remove")
    let_time_pass(client)
    answer = client.post(page, {"reason": REASON})
    shown = answer.content.decode()
    assert answer.status_code == 403 and shown.count(REASON) == 2
    assert not anna_asked_to_remove()
    fields = dict(re.findall(r'type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', shown))
    assert fields["reason"] == REASON
    proved = prove(client, reverse("proved"))
    assert "Close this tab" in client.get(proved.url).content.decode()
    client.post(page, {"reason": fields["reason"]})
    assert anna_asked_to_remove()


def anna_asked_to_remove():
    return Edition.objects.filter(release__proposals__reason=REASON).exists()


def test_nothing_is_approved_by_a_post_that_comes_too_late(client, anna):
    edition = make_edition(author=make_user(), state="submitted")
    let_time_pass(client)
    assert client.post(verb_page(edition, "approve"), {"live_from_0": ""}).status_code == 403
    together = f"{reverse('admin:releases_edition_together')}?editions={edition.pk}"
    assert client.post(together, {}).status_code == 403
    assert Edition.objects.get(pk=edition.pk).state == "submitted"


def test_what_saves_no_public_word_is_not_interrupted(client, anna):
    edition = make_edition(author=anna)
    let_time_pass(client)
    assert client.get(reverse("admin:releases_edition_change", args=[edition.pk])).status_code == 200
    client.post(verb_page(edition, "submit"))
    assert Edition.objects.get(pk=edition.pk).state == "submitted"


def test_roles_are_given_and_taken_only_by_who_proved_lately_who_they_are(client):
    chief = make_member(make_agency(), role="administrator", username="anna")
    other = make_member(make_agency(), role="writer")
    give_password(client, chief)
    role = Membership.objects.get(user=other)
    let_time_pass(client)
    for name, arguments in [
        ("add", []),
        ("invite", []),
        ("leave", [other.pk]),
        ("delete", [role.pk]),
    ]:
        page = reverse(f"admin:releases_membership_{name}", args=arguments)
        assert reverse("account_reauthenticate") in client.get(page).url
        assert client.post(page, {"post": "yes", "username": "sock"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [role.pk], "post": "yes"}
    assert client.post(reverse("admin:releases_membership_changelist"), chosen).status_code == 403
    assert Membership.objects.count() == 2


def test_a_password_that_was_typed_is_not_in_the_page_that_comes_back(client):
    make_user(is_staff=True, is_superuser=True, username="anna")
    give_password(client, make_user())
    client.logout()
    client.login(username="anna", password=PASSWORD)
    let_time_pass(client)
    sent = {"username": "berta", "password1": "open sesame, please", "password2": "open sesame, please"}
    shown = client.post(reverse("admin:auth_user_add"), sent).content.decode()
    assert "berta" in shown and "sesame" not in shown


def test_a_code_of_the_app_proves_it_too(client, anna, settings):
    page = verb_page(make_edition(author=make_user()), "approve")
    give_app(anna)
    let_time_pass(client)
    sent = {"code": code_of(anna), "next": page}
    assert client.post(reverse("mfa_reauthenticate"), sent).url == page
    assert client.get(page).status_code == 200


def test_the_first_step_of_signing_in_is_no_proof(client, rf):
    anna = give_app(make_member(make_agency(), username="anna"))
    give_password(client, anna)
    assert proofs.PROVED_AT not in client.session
