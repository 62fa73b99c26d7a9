import shutil
import sqlite3
from collections import Counter
from contextlib import closing

import pytest
from django.db import connection

from tests.databases import Emptied
from tests.sites import SiteFolder, load_agencies

PROGRAMS = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"
DATABASE = {"db", "transactional_db", "django_db_setup"}
ABOVE_THE_DATABASE = (
    "tests/admin/agreements/",
    "tests/admin/base/test_deletion.py",
    "tests/admin/base/test_resubmission.py",
    "tests/admin/editions/test_files.py",
    "tests/admin/editions/test_hostile_files.py",
    "tests/admin/editions/test_markdown.py",
    "tests/admin/editions/test_rehearsal.py",
    "tests/admin/test_authority.py",
    "tests/admin/test_failures.py",
    "tests/admin/test_mail.py",
    "tests/admin/test_pages.py",
    "tests/admin/test_queries.py",
    "tests/admin/test_scoping.py",
    "tests/admin/test_signing_in.py",
    "tests/admin/test_words.py",
    "tests/api/test_metrics.py",
    "tests/commands/",
    "tests/delivery/test_asgi.py",
    "tests/delivery/test_store.py",
    "tests/models/test_migrating.py::test_every_row",
    "tests/models/test_migrating.py::test_who",
    "tests/public/test_extremes.py",
    "tests/services/accounts/test_members.py",
    "tests/services/jekyll/test_bad_input.py",
    "tests/services/jekyll/test_files.py",
    "tests/services/jekyll/test_issuers.py",
    "tests/services/jekyll/test_liquid.py",
    "tests/services/jekyll/test_old_settings.py",
    "tests/services/jekyll/test_report.py",
    "tests/services/jekyll/test_settlement.py",
    "tests/services/samples/",
    "tests/services/website/test_redirects.py",
    "tests/stories/test_an_agency",
    "tests/stories/test_an_agreement",
    "tests/test_asvs.py",
    "tests/test_edges.py::test_a_server_with",
    "tests/test_languages.py",
    "tests/test_sample_site.py",
)
"""Rights, statements that are asked twice, bytes of files and words, what an old site says: the same rows
make them the same on PostgreSQL."""
LONG = (
    "tests/admin/base/test_pairs.py",
    "tests/admin/editions/test_hostile_files.py",
    "tests/admin/test_authority.py",
    "tests/admin/test_queries.py",
    "tests/commands/",
    "tests/delivery/test_freshness.py",
    "tests/models/test_migrating.py",
    "tests/public/test_embargo_matrix.py",
    "tests/public/test_extremes.py",
    "tests/services/publishing/test_workflow.py",
    "tests/services/samples/",
    "tests/stories/",
    "tests/test_settings.py",
)
"""Proofs that go through everything, or start processes: some two fifths of the seconds in a few of the
tests."""


def pytest_collection_modifyitems(config, items):
    """On each database only the tests that it can decide: no mark has to be remembered."""
    kept, left_out = [], {}
    for item in items:
        if item.nodeid.startswith(LONG):
            item.add_marker(pytest.mark.long)
        if why := why_left_out(item):
            left_out.setdefault(why, []).append(item)
        else:
            kept.append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=[item for some in left_out.values() for item in some])
    found = {
        why: dict(Counter(item.nodeid.partition("::")[0] for item in some)) for why, some in left_out.items()
    }
    config.stash[LEFT_OUT] = found
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = found


LEFT_OUT = pytest.StashKey()


def why_left_out(item):
    """What follows on "since"; "" for a test that runs here."""
    for program, package in (mark.args for mark in item.iter_markers("program")):
        if not shutil.which(program, path=PROGRAMS):
            return f"{program} is not installed (apt-get install {package})"
    if connection.vendor == "sqlite":
        return "they need PostgreSQL" if item.get_closest_marker("postgres") else ""
    has_rows = bool(DATABASE & set(item.fixturenames)) or item.get_closest_marker("django_db") is not None
    if has_rows and not item.nodeid.startswith(ABOVE_THE_DATABASE):
        return ""
    return "they have no fixture and no mark of a database, or ask what is decided above it"


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Every worker of xdist leaves out the same."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", {})


def pytest_terminal_summary(terminalreporter, config):
    for why, left_out in config.stash.get(LEFT_OUT, {}).items():
        terminalreporter.write_line(f"Left out, since {why}: {told(left_out)}.")


def told(left_out):
    """The files, or the folders where there are many."""
    folders = Counter()
    for file, number in left_out.items():
        folders[file.rpartition("/")[0] if len(left_out) > 9 else file] += number
    return ", ".join(f"{number} in {place}" for place, number in sorted(folders.items()))


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Every test has a store of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """A file where a server's threads read beside the test.

    Threads that share one connection to a database in memory can hang for good: one holds SQLite's mutex and
    waits for Python in a function that SQLite calls, the other holds Python and waits for the mutex.
    """
    if connection.vendor == "sqlite" and any(
        "live_server" in item.fixturenames for item in request.session.items
    ):
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def emptied(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return Emptied(connection)


@pytest.fixture
def transactional_db(emptied, django_db_blocker):
    """A database with transactions of its own, emptied afterwards; pytest-django's would ask for a flush."""
    with django_db_blocker.unblock():
        yield
        emptied.restore()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory, django_db_setup, django_db_blocker):
    """DATA_DIR of a command, with SQLite's database as migrations leave it: that of the tests, before any of
    them wrote to it."""
    folder = tmp_path_factory.mktemp("newsroom")
    with django_db_blocker.unblock():
        connection.ensure_connection()
        with closing(sqlite3.connect(folder / "pressroom.sqlite3")) as copy:
            connection.connection.backup(copy)
    return folder


@pytest.fixture
def old_site(db, tmp_path):
    """An empty site to write posts into, and the agencies that its bylines name."""
    load_agencies()
    return SiteFolder(tmp_path / "site")
