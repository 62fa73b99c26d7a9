"""Backup and restore as an operator types them, while somebody writes."""

import re
import shutil
import subprocess
import sys

from tests.commands.conftest import ROOT, Newsroom, error


def test_every_backup_that_is_made_while_releases_are_written_comes_back_whole(migrated, newsroom, tmp_path):
    folder = tmp_path / "backups"
    write = [sys.executable, "manage.py", "make_sample", "--releases", "40"]
    with subprocess.Popen(
        write, cwd=ROOT, env=newsroom.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as writing:
        numbers = []
        while not numbers or writing.poll() is None:
            done = newsroom.run("backup", folder)
            assert done.returncode == 0, done.stderr
            numbers.append(int(re.search(r": ([\d,]+) releases", done.stdout)[1].replace(",", "")))
        assert writing.wait() == 0, writing.stderr.read()
    done = newsroom.run("backup", folder)
    assert done.returncode == 0 and " 40 releases" in done.stdout
    sets = sorted((folder / "sets").iterdir())
    for one in (sets[0], sets[-1]):
        other = Newsroom(shutil.copytree(migrated, tmp_path / one.name))
        done = other.run("restore", folder, "--set", one.name)
        assert done.returncode == 0, done.stderr
        assert "Ledger, texts, files and content are as they were." in done.stdout
    assert other.run("site_digest").stdout == newsroom.run("site_digest").stdout
    assert numbers == sorted(numbers)


def test_what_an_operator_reads_is_one_line_that_says_what_to_do(newsroom, tmp_path):
    folder = tmp_path / "backups"
    assert "holds no backup" in error(newsroom.run("restore", folder))
    assert newsroom.run("backup", folder).returncode == 0
    assert (
        newsroom.run("backup", folder, "--check").stdout == "All sets and files are as they were written.\n"
    )
    refused = newsroom.run("backup", folder, largest_file=4096)
    assert "The backup stopped: " in error(refused) and "earlier ones" in refused.stderr
    assert len(list((folder / "sets").iterdir())) == 1
