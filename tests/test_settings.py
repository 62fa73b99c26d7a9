import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).parent.parent
SECRET = "k7#Qz" * 12


def check(tmp_path, *options, **environment):
    """`manage.py check` in a process of its own, with this environment and nothing else."""
    return subprocess.run(
        [sys.executable, "manage.py", "check", *options],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_installation_on_loopback_makes_its_own_secret(tmp_path):
    assert check(tmp_path).returncode == 0
    key = tmp_path / "secret.key"
    secret = key.read_text()
    assert len(secret) > 50
    assert key.stat().st_mode & 0o777 == 0o600
    assert check(tmp_path).returncode == 0
    assert key.read_text() == secret


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
        ({"EMAIL_URL": "smtp+tls://mail.example"}, "EMAIL_URL starts with submission://"),
        ({"SENDFILE": "apache"}, "SENDFILE is either empty or nginx"),
    ],
)
def test_a_dangerous_setting_refuses_to_start(tmp_path, environment, words):
    done = check(tmp_path, **environment)
    assert done.returncode != 0
    assert words in done.stderr


def test_a_public_installation_passes_the_deployment_check(tmp_path):
    public = {"ALLOWED_HOSTS": "news.example", "SECRET_KEY": SECRET, "SITE_URL": "https://news.example"}
    done = check(tmp_path, "--deploy", "--fail-level", "WARNING", **public)
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced).")


def test_the_proxy_lets_through_what_a_form_may_hold():
    """Four of the largest files, and the text beside them; no more, so that both say the same."""
    [megabytes] = re.findall(r"client_max_body_size (\d+)m;", (ROOT / "deploy" / "nginx.conf").read_text())
    form = settings.FILES_TOGETHER + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert form <= int(megabytes) * 2**20 <= 1.05 * form
    assert settings.FILES_TOGETHER == 4 * settings.LARGEST_FILE
