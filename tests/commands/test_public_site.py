"""What a site answers that is served in public, with the settings of one: over https, behind a proxy."""

import json
import shutil

import pytest

from tests.commands.conftest import Newsroom

SECRET = "k7#Qz" * 12
PUBLIC = {"ALLOWED_HOSTS": "news.example", "SECRET_KEY": SECRET, "SITE_URL": "https://news.example"}
ASK = """
import json
from django.contrib.auth.models import User
from django.test import Client

User.objects.create_superuser("anna", password="a rather long password")
https = {"secure": True, "headers": {"host": "news.example"}}
client = Client()
answers = {name: getattr(client, method)(path, **https) for name, method, path in (
    ("page", "get", "/"), ("nothing", "get", "/nothing/"), ("api", "get", "/api/releases"), ("login", "get", "/accounts/login/"),
    ("trace", "trace", "/"), ("metrics", "get", "/api/metrics"), ("schema", "get", "/api/docs"),
)}
answers["http"] = Client().get("/releases/?q=a", headers={"host": "news.example"})
typed = {"login": "anna", "password": "a rather long password"}
answers["signed in"] = client.post("/accounts/login/?next=/admin/", typed, **https)
answers["desk"] = client.get("/admin/", **https)
answers["language"] = Client().get("/language/ms/", **https)
print(User.objects.get().password.split("$")[0])
print(json.dumps({name: [one.status_code, dict(one.items()), one.cookies.output()] for name, one in answers.items()}))
"""


@pytest.fixture(scope="module")
def answers(migrated, tmp_path_factory):
    """By name: status, headers and cookies."""
    newsroom = Newsroom(shutil.copytree(migrated, tmp_path_factory.mktemp("public") / "newsroom"))
    assert newsroom.run("collectstatic", "--noinput", "-v", "0").returncode == 0
    done = newsroom.run("shell", "-v", "0", "--no-imports", "-c", ASK, SECOND_FACTOR="0", **PUBLIC)
    assert done.returncode == 0, done.stderr
    hasher, told = done.stdout.splitlines()
    return {**json.loads(told), "hasher": hasher}


PAGES = ["page", "nothing", "api", "login", "signed in", "desk"]


@pytest.mark.parametrize("name", PAGES)
def test_a_browser_is_told_to_come_by_https_for_a_year(answers, name):
    assert answers[name][1]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


@pytest.mark.parametrize("name", PAGES)
def test_a_browser_guesses_no_type_tells_no_other_site_and_puts_nothing_in_a_frame(answers, name):
    headers = answers[name][1]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_allows_no_script_of_others_no_base_and_no_frame(answers, name):
    policy = answers[name][1]["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")  # objects too
    assert "base-uri 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_cookies_are_for_https_and_this_site_and_that_of_the_session_for_no_script(answers):
    cookies = {line.split(": ")[1].split("=")[0]: line for line in answers["signed in"][2].splitlines()}
    assert {"__Host-sessionid", "__Host-csrftoken"} == set(cookies) - {"messages"}
    assert [line for line in cookies.values() if "Secure" not in line or "SameSite=Lax" not in line] == []
    assert "HttpOnly" in cookies["__Host-sessionid"]
    assert "Max-Age=43200" in cookies["__Host-sessionid"]


def test_a_reader_gets_no_cookie_but_for_the_language_that_they_choose(answers):
    assert answers["page"][2] == answers["api"][2] == ""
    [line] = answers["language"][2].splitlines()
    assert line.startswith("Set-Cookie: __Host-language=ms;")
    assert "Secure" in line and "SameSite=Lax" in line


def test_http_leads_to_https_and_nothing_is_answered_there(answers):
    status, headers, _ = answers["http"]
    assert (status, headers["Location"]) == (301, "https://news.example/releases/?q=a")


@pytest.mark.parametrize("name", PAGES)
def test_texts_say_their_type_and_encoding(answers, name):
    kind = answers[name][1]["Content-Type"]
    assert kind in ("text/html; charset=utf-8", "application/json; charset=utf-8", "application/json")


def test_the_desk_is_kept_in_no_cache(answers):
    for name in ("login", "desk"):
        assert "no-store" in answers[name][1]["Cache-Control"]
        assert "private" in answers[name][1]["Cache-Control"]


def test_trace_figures_and_documents_for_developers_are_not_there(answers):
    assert answers["trace"][0] == 405
    assert answers["metrics"][0] == answers["schema"][0] == 404


@pytest.mark.parametrize("name", PAGES)
def test_no_header_tells_what_runs_here(answers, name):
    told = json.dumps(answers[name][1]).lower()
    assert [word for word in ("django", "python", "gunicorn") if word in told] == []


def test_passwords_are_stored_by_a_slow_function(answers):
    assert answers["hasher"] == "pbkdf2_sha256"


@pytest.mark.parametrize("name", PAGES)
def test_no_other_site_may_read_answers_by_script(answers, name):
    assert not any(header.startswith("Access-Control-") for header in answers[name][1])
