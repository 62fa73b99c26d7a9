import subprocess
import sys

from tests.commands.conftest import ROOT

FORKING = """
import threading
from unittest import mock

opened = []
with mock.patch("django.db.backends.base.base.BaseDatabaseWrapper.connect", opened.append):
    import pressroom.asgi
print(opened, threading.active_count(), pressroom.wsgi.application.find_generation())
"""
PAGES = """
import sys
import pressroom.wsgi
from django.conf import settings
from django.test.client import Client

settings.ALLOWED_HOSTS = ["testserver"]
for path, status in (("/", 200), ("/releases/?q=fish", 200), ("/nothing/", 404), ("/feeds/", 200)):
    assert Client().get(path).status_code == status, path
print([name for name in ("ninja", "psycopg", "releases.admin.editions", "pypdfium2") if name in sys.modules])
assert Client().get("/accounts/login/").status_code == 200
assert Client().get("/api/releases").status_code == 200
"""


def test_a_process_that_serves_readers_has_loaded_neither_the_desk_nor_the_api(newsroom):
    environment = {**newsroom.environment, "DEBUG": "1"}  # without files of collectstatic
    done = subprocess.run(
        [sys.executable, "-c", PAGES], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


def test_what_is_loaded_before_processes_fork_holds_no_thread_and_no_connection(newsroom):
    done = subprocess.run(
        [sys.executable, "-c", FORKING], cwd=ROOT, env=newsroom.environment, capture_output=True, text=True
    )
    assert (done.stdout, done.returncode) == ("[] 1 None\n", 0), done.stderr
