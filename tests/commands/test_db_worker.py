import signal
import subprocess
import sys
import time

from tests.commands.conftest import ROOT


def test_a_worker_gives_signs_of_life_and_takes_its_leave(newsroom):
    def seen():
        asked = "from releases.models import Worker; print(Worker.objects.count())"
        return newsroom.run("shell", "-v", "0", "-c", asked).stdout.strip()

    command = [sys.executable, "manage.py", "db_worker", "--no-startup-delay"]
    with subprocess.Popen(command, cwd=ROOT, env=newsroom.environment, stderr=subprocess.DEVNULL) as worker:
        ends = time.monotonic() + 60
        while seen() == "0" and time.monotonic() < ends:
            time.sleep(0.2)
        assert seen() == "1"
        worker.send_signal(signal.SIGTERM)
    assert seen() == "0"
