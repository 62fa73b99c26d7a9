"""Signing in by the organisation's provider: one that answers on this machine, asked over HTTP."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.admin.accounts.codes import code_of, give_app, give_code, give_password
from tests.factories import make_agency, make_member

pytestmark = pytest.mark.django_db
PERSON = {"sub": "4711", "email": "anna@mti.example", "email_verified": True, "preferred_username": "anna"}


class Provider(BaseHTTPRequestHandler):
    def do_GET(self):
        base = f"http://127.0.0.1:{self.server.server_port}"
        config = {f"{name}_endpoint": f"{base}/{name}" for name in ("authorization", "token", "userinfo")}
        self.answer(PERSON if self.path == "/userinfo" else config | {"issuer": base})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({"access_token": "a-token", "token_type": "Bearer"})

    def answer(self, value):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def log_message(self, *arguments):
        """Says nothing."""


@pytest.fixture(autouse=True)
def provider(settings):
    server = HTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    app = {
        "provider_id": "openid",
        "name": "login.example",
        "client_id": "desk",
        "secret": "safe",
        "settings": {"server_url": url},
    }
    settings.OPENID_URL, settings.SOCIALACCOUNT_PROVIDERS = url, {"openid_connect": {"APPS": [app]}}
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


def go_through(client, process="login"):
    """To the provider, which knows anna, and back."""
    away = client.post(f"{reverse('openid_connect_login', args=['openid'])}?process={process}")
    state = parse_qs(urlsplit(away.url).query)["state"][0]
    back = reverse("openid_connect_callback", args=["openid"])
    return client.get(back, {"code": "a-code", "state": state})


def is_at_the_desk(client):
    return client.get("/admin/").status_code == 200


def test_somebody_whom_only_the_provider_knows_gets_no_account(client):
    make_member(make_agency(), username="anna", email=PERSON["email"])
    go_through(client)
    assert User.objects.count() == 1 and not SocialAccount.objects.exists() and not is_at_the_desk(client)


def test_an_account_that_its_person_joined_opens_the_desk_with_the_second_factor(client, settings):
    settings.SECOND_FACTOR = True
    anna = give_app(make_member(make_agency(), username="anna"))
    give_password(client, anna)
    give_code(client, code_of(anna))
    assert "login.example" in client.get(reverse("socialaccount_connections")).content.decode()
    go_through(client, "connect")
    assert SocialAccount.objects.get().user == anna
    other = Client()
    assert "Sign in with login.example" in other.get(reverse("account_login")).content.decode()
    assert go_through(other).url == reverse("mfa_authenticate") and not is_at_the_desk(other)
    give_code(other, code_of(anna, later=1))
    assert is_at_the_desk(other)
