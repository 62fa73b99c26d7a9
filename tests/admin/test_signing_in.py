import datetime as dt
import os
import subprocess
import sys

import pytest
from django.urls import reverse
from django.utils import timezone

from releases.models import SignInCount
from releases.services.accounts import login_throttle
from tests.factories import NOON, make_agency, make_member

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
RIGHT = "a long enough password"  # of make_user
WAIT = "Too many attempts to sign in. Wait 15 minutes, then try again."


@pytest.fixture
def anna():
    return make_member(make_agency(), username="anna")


def sign_in(client, name="anna", password=RIGHT, **headers):
    return client.post(reverse("account_login"), {"login": name, "password": password}, **headers)


@pytest.mark.parametrize("name", ["anna", "nobody"])
def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(client, anna, name):
    for _ in range(login_throttle.MOST_FOR_A_NAME):
        assert WAIT not in sign_in(client, name, "wrong").content.decode()
    assert WAIT in sign_in(client, name.upper(), "wrong").content.decode()
    assert WAIT in sign_in(client, name).content.decode()


def test_somebody_elsewhere_is_not_kept_out(client, anna):
    for _ in range(login_throttle.MOST_FOR_A_NAME + 1):
        sign_in(client, password="wrong")
    assert sign_in(client, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_trying_many_names_has_an_end(client, anna):
    for number in range(login_throttle.MOST_FROM_AN_ADDRESS):
        login_throttle.is_allowed(f"name-{number}", "127.0.0.1", timezone.now())
    assert WAIT in sign_in(client).content.decode()


@pytest.mark.parametrize(
    ("addresses", "is_one"),
    [
        (("2001:db8:1:2::7", "2001:db8:1:2:ffff::9"), True),
        (("2001:db8:1:2::7", "2001:db8:1:3::7"), False),
        (("192.0.2.7", "::ffff:192.0.2.7"), True),
        (("192.0.2.7", "192.0.2.8"), False),
    ],
)
def test_a_network_of_ipv6_counts_as_one_address(addresses, is_one):
    first, second = addresses
    for _ in range(login_throttle.MOST_FOR_A_NAME):
        assert login_throttle.is_allowed("anna", first, timezone.now())
    assert login_throttle.is_allowed("anna", second, timezone.now()) is not is_one


def test_right_passwords_do_not_count(client, anna):
    for _ in range(2 * login_throttle.MOST_FOR_A_NAME):
        assert sign_in(client).status_code == 302
        client.logout()
    tries = [
        login_throttle.is_allowed(f"name-{n}", "127.0.0.1", timezone.now())
        for n in range(login_throttle.MOST_FROM_AN_ADDRESS)
    ]
    assert all(tries)


def test_the_wait_ends_after_its_time_and_leaves_nothing():
    tries = [
        login_throttle.is_allowed("anna", "192.0.2.7", NOON)
        for _ in range(login_throttle.MOST_FOR_A_NAME + 1)
    ]
    assert tries == [True] * login_throttle.MOST_FOR_A_NAME + [False]
    assert not login_throttle.is_allowed("anna", "192.0.2.7", NOON + login_throttle.WAIT - SECOND)
    assert login_throttle.is_allowed("berta", "192.0.2.8", NOON + login_throttle.WAIT)
    assert login_throttle.is_allowed("anna", "192.0.2.7", NOON + login_throttle.WAIT)
    assert login_throttle.is_allowed("berta", "192.0.2.8", NOON + 2 * login_throttle.SLOW_WAIT)
    assert SignInCount.objects.count() == 3  # berta, her address, and both


def guess_slowly(number, at=NOON):
    """Wrong passwords for anna, each from another network."""
    return [login_throttle.is_allowed("anna", f"198.18.{n // 250}.{n % 250}", at) for n in range(number)]


def test_whoever_guesses_slowly_from_many_networks_finds_the_ceiling_of_the_name():
    tries = guess_slowly(login_throttle.MOST_SLOWLY + 1)
    assert tries == [True] * login_throttle.MOST_SLOWLY + [False]
    later = NOON + login_throttle.SLOW_WAIT
    assert not login_throttle.is_allowed("anna", "192.0.2.99", later - SECOND)
    assert login_throttle.is_allowed("anna", "192.0.2.99", later)


def test_a_stranger_who_guesses_keeps_nobody_out_of_the_office_where_they_signed_in():
    assert login_throttle.is_allowed("anna", "192.0.2.7", NOON)
    login_throttle.reset("anna", "192.0.2.7", NOON)
    guess_slowly(login_throttle.MOST_SLOWLY + 1)
    assert login_throttle.is_allowed("anna", "192.0.2.7", NOON)
    assert not login_throttle.is_allowed("anna", "192.0.2.8", NOON)


def test_a_code_counts_once_whichever_process_is_asked():
    assert login_throttle.is_first_use("second factor of 1, 123456", NOON)
    assert not login_throttle.is_first_use("second factor of 1, 123456", NOON)
    assert login_throttle.is_first_use("second factor of 2, 123456", NOON)


def test_the_counts_name_nobody():
    login_throttle.is_allowed("anna", "192.0.2.7", NOON)
    kept = str(list(SignInCount.objects.values_list()))
    assert "anna" not in kept and "192.0.2.7" not in kept


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_tells(client, anna, settings):
    settings.HTTPS = True
    for _ in range(login_throttle.MOST_FOR_A_NAME + 1):
        sign_in(client, password="wrong", HTTP_X_FORWARDED_FOR="192.0.2.9, 192.0.2.7")
    assert WAIT in sign_in(client, HTTP_X_FORWARDED_FOR="192.0.2.7").content.decode()
    assert sign_in(client, HTTP_X_FORWARDED_FOR="192.0.2.8").status_code == 302


def test_a_session_begins_anew_when_somebody_signs_in(client, anna):
    client.get(reverse("account_login"))
    session = client.session
    session["kept"] = 1
    session.save()
    before = client.cookies["sessionid"].value if "sessionid" in client.cookies else session.session_key
    sign_in(client)
    assert client.cookies["sessionid"].value != before


@pytest.mark.parametrize(
    "first", ["django.contrib.auth.admin", "releases.admin.site", "releases.admin.middleware"]
)
def test_the_desk_has_all_its_pages_whichever_part_is_loaded_first(first):
    code = f"""
import django; django.setup()
import {first}
from django.contrib import admin
from pressroom.apps import load_desk
load_desk()
print(type(admin.site._wrapped).__name__, len(admin.site._registry) > 10)
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "pressroom.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
    )
    assert done.stdout == "PressRoomAdminSite True\n", done.stderr
