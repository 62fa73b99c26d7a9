import shutil
import signal
import sqlite3
import subprocess
import sys
import time

from tests.commands.conftest import ROOT, Newsroom, error


def digest(newsroom):
    return newsroom.run("site_digest").stdout


def test_a_run_that_was_killed_goes_on_to_the_same_newsroom(migrated, newsroom, tmp_path):
    """The order of sets and dictionaries, which differs from process to process, changes nothing."""
    command = [sys.executable, "manage.py", "make_sample", "--releases", "100"]
    environment = {**newsroom.environment, "PYTHONHASHSEED": "1"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    wait_for(lambda: count(newsroom) >= 50)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = count(newsroom)
    assert left in (50, 100)
    done = newsroom.run("make_sample", "--releases", 100, PYTHONHASHSEED="2")
    assert done.stdout == f"{100 - left} releases made, {left} were there.\n", done.stderr
    assert newsroom.run("verify_ledger", "--files").stdout.startswith("All is as it was recorded.")
    killed = digest(newsroom)
    other = Newsroom(shutil.copytree(migrated, tmp_path / "other"))
    assert other.run("make_sample", "--releases", 100).stdout == "100 releases made, 0 were there.\n"
    assert digest(other) == killed


def count(newsroom):
    with sqlite3.connect(newsroom.database) as database:
        return database.execute("SELECT COUNT(*) FROM releases_release").fetchone()[0]


def wait_for(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_it_refuses_a_newsroom_of_others_in_plain_words(newsroom, site):
    newsroom.run("import_posts", site.root)
    assert error(newsroom.run("make_sample", "--releases", 3)) == (
        "CommandError: This newsroom has releases that are no sample. Readers would find made-up releases"
        " among them. Use another database, or say --beside if you want that."
    )
    done = newsroom.run("make_sample", "--releases", 3, "--beside")
    assert done.stdout == "3 releases made, 0 were there.\n"
    assert error(newsroom.run("make_sample", "--releases", 3, "--beside", "--seed", 2)) == (
        "CommandError: This newsroom has a sample of seed 1. Go on with --seed 1."
    )


def test_what_makes_no_sense_is_refused(newsroom):
    told = "CommandError: At least one release, and a seed from 0 to 1073741823."
    assert error(newsroom.run("make_sample", "--releases", 0)) == told
    assert error(newsroom.run("make_sample", "--releases", 3, "--seed", -1)) == told
