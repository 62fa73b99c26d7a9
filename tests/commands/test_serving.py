import subprocess
import sys

from tests.commands.conftest import ROOT

PAGES = """
import sys
import pressroom.wsgi
from django.conf import settings
from django.test.client import Client

settings.ALLOWED_HOSTS = ["testserver"]
for path, status in (("/", 200), ("/releases/?q=fish", 200), ("/nothing/", 404), ("/feeds/", 200)):
    assert Client().get(path).status_code == status, path
print([name for name in ("ninja", "psycopg", "releases.admin.editions", "pypdfium2") if name in sys.modules])
assert Client().get("/admin/login/").status_code == 200
assert Client().get("/api/releases").status_code == 200
"""


def test_a_process_that_serves_readers_has_loaded_neither_the_desk_nor_the_api(newsroom):
    environment = {**newsroom.environment, "DEBUG": "1"}  # without files of collectstatic
    done = subprocess.run(
        [sys.executable, "-c", PAGES], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
