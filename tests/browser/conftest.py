import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import expect

from tests.databases import Emptied
from tests.factories import make_agency

expect.set_options(timeout=20_000)  # milliseconds; a machine that does much else at a time is no failure
QUIET = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": QUIET + sandbox,
    }


@pytest.fixture(autouse=True)
def site(transactional_db, live_server):
    """The address of a real server with an empty database."""
    return live_server.url


@pytest.fixture(scope="session")
def left():
    """{maker: (rows, folder of files) that it left}"""
    return {}


@pytest.fixture
def make_once(site, media, left, tmp_path_factory):
    """Let a function fill the empty site, or copy what it left when a test called it before."""

    def make(maker):
        if maker in left:
            rows, files = left[maker]
            rows.restore()
            shutil.copytree(files, media, dirs_exist_ok=True)
            return
        maker()
        if connection.vendor == "sqlite":
            files = shutil.copytree(media, tmp_path_factory.mktemp("left") / "media")
            left[maker] = Emptied(connection), files

    return make


def load_sample():
    call_command("load_sample", verbosity=0)


@pytest.fixture
def sample(make_once):
    """The sample site has moved in."""
    make_once(load_sample)


def run_axe(page, *rules):
    """Axe's results of the page as it is now, of these rules or of all that it runs by itself, best practices
    included."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(Axe().axe_script)
    asked = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    told = {"resultTypes": ["violations", "incomplete"]}  # else it describes all that is well, too
    return page.evaluate("options => axe.run(document, options)", asked | told)


@pytest.fixture
def violations():
    """What axe finds on a page: (rule, element)."""

    def find(page, *rules):
        return list_nodes(run_axe(page, *rules)["violations"])

    return find


def list_nodes(found):
    return [(rule["id"], node["html"][:120]) for rule in found for node in rule["nodes"]]


@pytest.fixture
def faint():
    """Texts with too little contrast, by the stricter rule too, and those of which axe could not tell.

    Those that are scrolled out of the view of a table's box are none of them.
    """

    def find(page):
        found = run_axe(page, "color-contrast", "color-contrast-enhanced")
        unsure = [rule for rule in found["incomplete"] if rule["id"] == "color-contrast"]
        targets = [node["target"][0] for rule in unsure for node in rule["nodes"]]
        seen = "node => !node.closest('.tbl')"
        return list_nodes(found["violations"]) + [one for one in targets if page.eval_on_selector(one, seen)]

    return find


@pytest.fixture
def complaints(page):
    """What the browser complained of: errors, violations of the policy, requests to anybody else."""
    heard = []
    page.on(
        "console",
        lambda message: heard.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: None if "localhost" in request.url else heard.append(request.url))
    return heard


@pytest.fixture
def agencies():
    return [
        make_agency(),
        make_agency("mci", "Ministry of Communications and Information", "MCI"),
        make_agency("imda", "Infocomm Media Development Authority", "IMDA"),
    ]
