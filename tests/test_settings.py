import multiprocessing
import os
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from pressroom.secrets import local_secret

ROOT = Path(__file__).parent.parent
SECRET = "k7#Qz" * 12


def manage(tmp_path, *arguments, **environment):
    """`manage.py` in a process of its own, with this environment and nothing else."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_reading_the_settings_writes_nothing(tmp_path):
    assert manage(tmp_path, "check").returncode == 0
    assert not (tmp_path / "data").exists()


def test_an_installation_on_loopback_makes_its_own_secret_when_it_first_needs_one(tmp_path):
    signed = manage(
        tmp_path, "shell", "--no-imports", "-c", "from django.core import signing; print(signing.dumps(1))"
    )
    assert signed.returncode == 0, signed.stderr
    key = tmp_path / "data" / "secret.key"
    secret = key.read_text()
    assert len(secret) > 50
    assert key.stat().st_mode & 0o777 == 0o600
    code = f"from django.core import signing; print(signing.loads({signed.stdout.strip()!r}))"
    assert manage(tmp_path, "shell", "--no-imports", "-c", code).stdout.strip() == "1"
    assert key.read_text() == secret


def test_processes_that_need_the_secret_at_once_get_the_same_one(tmp_path):
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("fork")) as workers:
        made = set(workers.map(local_secret, [tmp_path / "new" / "secret.key"] * 40))
    assert made == {(tmp_path / "new" / "secret.key").read_text()}


def test_a_key_whose_writing_was_cut_short_is_made_again(tmp_path):
    (tmp_path / "secret.key").touch(mode=0o600)
    assert len(local_secret(tmp_path / "secret.key")) > 50


FROM_THE_ENVIRONMENT = {
    "SECRET_KEY": (SECRET, "from django.core.signing import Signer; print(Signer().key)", SECRET),
    "ALLOWED_HOSTS": (
        "news.example",
        "from django.test import RequestFactory; print(RequestFactory().get('/', headers={'host': 'news.example'}).get_host())",
        "news.example",
    ),
    "TIME_ZONE": (
        "Asia/Tokyo",
        "from django.utils import timezone; print(timezone.localtime().tzname())",
        "JST",
    ),
    "DATABASE_URL": (
        "sqlite:////nowhere/else.sqlite3",
        "from django.db import connection; print(connection.get_connection_params()['database'])",
        "/nowhere/else.sqlite3",
    ),
    "DATA_DIR": (
        "/nowhere",
        "from django.contrib.staticfiles.storage import staticfiles_storage; print(staticfiles_storage.path('a'))",
        "/nowhere/static/a",
    ),
    "EMAIL_URL": (
        "submission://us:pw@mail.example",
        "from django.core.mail import get_connection as c; m = c(); print(m.host, m.port, m.username, m.use_tls, m.timeout)",
        "mail.example 587 us True 20",
    ),
    "DEFAULT_FROM_EMAIL": (
        "press@news.example",
        "from django.core.mail import EmailMessage; print(EmailMessage().from_email)",
        "press@news.example",
    ),
    "LOG_FORMAT": (
        "json",
        "import logging; print(type(logging.getLogger().handlers[0].formatter).__name__)",
        "JSONFormatter",
    ),
    "LOG_LEVEL": (
        "ERROR",
        "import logging; print(logging.getLogger('releases').isEnabledFor(logging.WARNING))",
        "False",
    ),
    "OPENID_URL": (
        "https://desk:s%40fe@login.example:8443/realm",
        "from django.conf import settings; [one] = settings.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'];"
        " print(one['client_id'], one['secret'], one['settings']['server_url'], settings.SECURE_CSP_ADMIN['form-action'])",
        "desk s@fe https://login.example:8443/realm [\"'self'\", 'https://login.example:8443']",
    ),
    "LINK_CHECKS": ("on", "from django.conf import settings; print(settings.LINK_CHECKS)", "True"),
    "SECOND_FACTOR": ("1", "from django.conf import settings; print(settings.SECOND_FACTOR)", "True"),
    "DEBUG": ("1", "from django.db import connection; print(connection.queries_logged)", "True"),
}


@pytest.mark.parametrize("name", FROM_THE_ENVIRONMENT)
def test_a_setting_of_django_comes_from_the_environment(tmp_path, name):
    """Django does what it says where it is set, and does not where it isn't."""
    value, code, expected = FROM_THE_ENVIRONMENT[name]
    done = manage(tmp_path, "shell", "--no-imports", "-c", code, **{"SECRET_KEY": SECRET, name: value})
    assert done.stdout.strip() == expected, done.stderr
    assert manage(tmp_path, "shell", "--no-imports", "-c", code).stdout.strip() != expected


@pytest.mark.parametrize(
    "environment, words",
    [
        ({"ALLOWED_HOSTS": "news.example"}, "SECRET_KEY is missing, short or a known default"),
        (
            {"ALLOWED_HOSTS": "news.example", "SECRET_KEY": "short"},
            "SECRET_KEY is missing, short or a known default",
        ),
        (
            {"ALLOWED_HOSTS": "news.example", "SECRET_KEY": "django-insecure-" + SECRET},
            "SECRET_KEY is missing",
        ),
        ({"ALLOWED_HOSTS": "news.example", "SECRET_KEY": "a" * 60}, "SECRET_KEY is missing"),
        ({"ALLOWED_HOSTS": "news.example", "SECRET_KEY": SECRET, "DEBUG": "1"}, "DEBUG is on while"),
        ({"ALLOWED_HOSTS": "*", "SECRET_KEY": SECRET}, "ALLOWED_HOSTS may not be *"),
        ({"EMAIL_URL": "smtp://us:pw@mail.example"}, "EMAIL_URL would send its password unencrypted"),
        ({"EMAIL_URL": "mail.example:25"}, "EMAIL_URL can't be read"),
        ({"BREACHED_PASSWORDS": "/nowhere/at/all"}, "BREACHED_PASSWORDS names no file"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT is either line or json"),
        ({"METRICS": "short"}, "METRICS is empty, loopback, or a token of 32 characters or more"),
        ({"CLOCK_URL": "ntp.example"}, "CLOCK_URL is an address that begins with http:// or https://"),
        ({"SENDFILE": "apache"}, "SENDFILE is either empty or nginx"),
        ({"CLAMD_URL": "localhost:3310"}, "CLAMD_URL is tcp://HOST:PORT or unix:///PATH"),
    ],
)
def test_a_dangerous_setting_refuses_to_start(tmp_path, environment, words):
    done = manage(tmp_path, "check", **environment)
    assert done.returncode != 0
    assert words in done.stderr


def test_a_public_installation_passes_the_deployment_check(tmp_path):
    public = {"ALLOWED_HOSTS": "news.example", "SECRET_KEY": SECRET, "SITE_URL": "https://news.example"}
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **public)
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced).")


SERVE = """
import io, sys
from pressroom.wsgi import application
from django.db import connection

environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/readyz", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80"}
opened = []
for _ in range(2):
    status = []
    answer = application(environ | {"wsgi.input": io.BytesIO()}, lambda *given: status.append(given[0]))
    assert b'"database": true' in b"".join(answer)
    opened.append(connection.connection)
print(opened[0] is not None and opened[0] is opened[1])
"""


def test_a_thread_of_the_server_keeps_its_connection_to_sqlite(tmp_path):
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", SERVE],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "True", done.stderr


def test_the_proxy_lets_through_what_a_form_may_hold():
    """Four of the largest files, and the text beside them; no more, so that both say the same."""
    [megabytes] = re.findall(r"client_max_body_size (\d+)m;", (ROOT / "deploy" / "nginx.conf").read_text())
    form = settings.FILES_TOGETHER + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert form <= int(megabytes) * 2**20 <= 1.05 * form
    assert settings.FILES_TOGETHER == 4 * settings.LARGEST_FILE
