"""A package with a known vulnerability fails, and one of which nobody could be asked never looks like a good one."""

import os
import subprocess
import sys

import pytest

from tests.audit import NOT_ASKED, judge
from tests.commands.conftest import ROOT

GOOD = {"name": "good", "version": "1.0", "vulns": []}
BAD = {"name": "bad", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    "packages, status, words",
    [
        ([GOOD], 0, "Asked about 1 packages, 0 known vulnerabilities."),
        ([GOOD, BAD], 1, "bad 2.0: PYSEC-1, mended in 2.1"),
        ([GOOD, UNKNOWN], 0, f"{NOT_ASKED}: the advisories of 1 packages"),
        ([UNKNOWN, BAD], 1, NOT_ASKED),
        ([], 0, f"{NOT_ASKED}: the advisories of all packages"),
    ],
)
def test_what_is_said_of_packages(packages, status, words):
    said, found = judge(packages)
    assert found == status
    assert words in said
    assert (NOT_ASKED in said) == (UNKNOWN in packages or not packages)


def test_without_a_network_it_says_so_and_does_not_fail():
    away = {"HTTPS_PROXY": "http://127.0.0.1:9", "XDG_CACHE_HOME": "/nowhere"}
    done = subprocess.run(
        [sys.executable, "tests/audit.py"],
        cwd=ROOT,
        env={**os.environ, **away, "PIP_INDEX_URL": "http://127.0.0.1:9/"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert NOT_ASKED in done.stdout
