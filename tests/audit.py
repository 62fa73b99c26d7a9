"""Asks PyPI's advisories about every installed package, by pip-audit. Exits with 1 where one has a known
vulnerability; says so where nobody could be asked, which pip-audit itself may take for a good sign.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

COMMAND = [sys.executable, "-m", "pip_audit", "--local", "--progress-spinner", "off", "--format", "json"]
NOT_ASKED = "NOT ASKED"


def judge(packages):
    """What to say of the packages of pip-audit's report, and the exit status."""
    asked = [one for one in packages if "skip_reason" not in one]
    found = [
        f"{one['name']} {one['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version'}"
        for one in asked
        for fault in one["vulns"]
    ]
    unasked = len(packages) - len(asked)
    lines = [f"Asked about {len(asked)} packages, {len(found)} known vulnerabilities.", *found]
    if unasked or not packages:
        lines.append(
            f"{NOT_ASKED}: the advisories of {unasked or 'all'} packages. PyPI did not tell them from here."
        )
    return "\n".join(lines), 1 if found else 0


def main():
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        done = subprocess.run(
            [*COMMAND, "--output", str(report)], capture_output=True, text=True, check=False
        )
        if not report.exists():  # it gave up at the first package
            sys.stderr.write(done.stderr[-400:])
        packages = json.loads(report.read_text())["dependencies"] if report.exists() else []
    words, status = judge(packages)
    sys.stdout.write(words + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
