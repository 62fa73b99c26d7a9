import json

from tests.commands.conftest import error


def check(newsroom, folder):
    return newsroom.run("upgrade", "--check", "--backups", str(folder))


def test_it_says_wait_without_a_fresh_backup_and_now_with_one(newsroom, tmp_path):
    folder = tmp_path / "backups"
    done = check(newsroom, folder)
    assert (done.returncode, error(done)) == (1, "CommandError: Not now: Backup. See WAIT above.")
    assert "WAIT  Backup: " in done.stdout
    newsroom.run("backup", str(folder))
    done = check(newsroom, folder)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Now is a good time.")
    assert f"manage.py restore {folder} --set " in done.stdout
    [manifest] = folder.glob("sets/*/manifest.json")
    manifest.write_text(
        json.dumps(json.loads(manifest.read_text()) | {"made_at": "2026-01-01T00:00:00+00:00"})
    )
    done = check(newsroom, folder)
    assert done.returncode == 1
    assert "The last is of 1 January 2026, 00:00 UTC" in done.stdout


def test_it_tells_of_a_database_of_the_version_before_and_changes_nothing(newsroom, tmp_path):
    newsroom.run("migrate", "releases", "0036")
    newsroom.run("backup", str(tmp_path / "backups"))
    for _ in range(2):
        done = check(newsroom, tmp_path / "backups")
        assert "ok    Migration: releases.0037_virus_scan: writers of releases_blob (" in done.stdout


def test_without_check_it_does_nothing_and_says_so(newsroom):
    done = newsroom.run("upgrade")
    assert done.returncode == 1
    assert "Nothing was done. Run manage.py upgrade --check" in error(done)
