"""Commands as an operator types them: in a process of their own, on a database and a store of their own."""

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sites import SiteFolder

ROOT = Path(__file__).resolve().parents[2]
INHERITED = ("DATABASE_URL", "MEDIA_ROOT", "SITE_AGENCY", "SITE_URL", "DJANGO_SETTINGS_MODULE")


class Newsroom:
    def __init__(self, folder: Path):
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if name not in INHERITED}
        self.environment = {**kept, "DATA_DIR": str(folder), "MEDIA_ROOT": str(folder / "media")}

    def run(self, *arguments, largest_file=0, **environment):
        limit = (
            (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file)))
            if largest_file
            else None
        )
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            preexec_fn=limit,
        )

    @property
    def database(self):
        return self.folder / "pressroom.sqlite3"


def error(done):
    """The one line that an operator reads; anything else on standard error but the progress bar fails the
    test."""
    lines = [line for line in done.stderr.replace("\r", "\n").split("\n") if line.strip()]
    assert done.returncode == 1 and len(lines) == 1, done.stderr
    return lines[0]


@pytest.fixture
def newsroom(migrated, tmp_path):
    shutil.copytree(migrated, tmp_path / "newsroom")
    return Newsroom(tmp_path / "newsroom")


@pytest.fixture
def site(tmp_path):
    folder = SiteFolder(tmp_path / "site")
    folder.post(
        "2024-03-02-good.md",
        title="Good",
        body="Jointly issued by the Ministry of Law.\n\n[Annex A](/files/a.pdf)\n",
    )
    folder.write("files/a.pdf", b"%PDF-1.4 an annex of the tests")
    return folder
