"""Mutants of what decides: each condition weakened once, and the tests that reach it asked whether they
notice.

    python benchmarks/mutants.py [--suite new] [--tree .] [--only ID …] [--sample 40] [--again]
    python benchmarks/mutants.py --check            # only whether every target is found
    python benchmarks/mutants.py --map              # only the map of which test reaches what

A mutant is a target of `mutants/targets.json`: a function, an expression in it and what stands there instead.
Both are looked for in the syntax tree, so that moved files, other line breaks and other line numbers do not
matter:

    id           unique; what is broken
    function     dotted name in the old tree; the name of a module stands for all of it
    expression   as Python; in "nth" which of several equal ones, from 0
    replacement  as Python
    tests        parts of the paths of the tests that are asked instead of those that reach it, in that order
    installs     a module: the database is given its rules anew, by `uninstall` before the mutant wakes and `install` after
    at_start     true where it has to be awake when the database is made
    databases    "sqlite" (where nothing is said), "postgresql"; it has to be noticed on each
    left_out     instead of a replacement: why there is no mutant
    only         "old" or "new": the tree that has it
    new          function, expression or replacement in the new tree, where `names.json` is not enough

What is said of a function holds for each of its mutants.

`mutants/names.json` says what the new tree calls things: "functions" maps the beginning of a dotted name to
another, "words" an identifier inside expressions. A function that is in neither place is looked for in every
module by its own name.

The tests run in temporary copies of the tree, never in the tree itself. A map is made first, once a copy: the
suite without a browser, on SQLite, with a probe before each statement. Then for each mutant the tests that
reached its statement run, those of its own file and folder first, until one fails, with at most `--seconds`
of CPU. One copy has all mutants in it, asleep, so that a process that has imported everything and made the
database once can wake each in a child of its own.

What a module does when it is imported no test reaches, so its mutants name their `tests`. On PostgreSQL all
share one database, and a mutant that is ended in the middle of a migration leaves it as it is then.

Results are written to `mutants/results.json` as they come; another run goes on with those that have none. The
last line says how many live; exits with 1 if any does.
"""

import argparse
import collections
import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent / "mutants"))

from syntax import DATA, NotFound, Site, Target, Tree, read_targets, with_mutants, with_probes  # noqa: E402

PACKAGES = ("models", "services", "admin", "public", "api", "content")
MARKS = {"sqlite": "not browser and not postgres", "postgresql": "not browser"}
UNTRACED = ("content/rendering", "content/markdown", "models/rules.py", "/migrations/", "pdf_worker.py")


# The copy and its map


@dataclasses.dataclass(frozen=True)
class Work:
    """Where one suite's copies and map lie; kept between runs, so that one that was stopped can go on."""

    folder: Path

    @property
    def pristine(self) -> Path:
        return self.folder / "tree"

    @property
    def map(self) -> Path:
        return self.folder / "map"

    def copy(self, name: str) -> Path:
        """Another copy of the tree."""
        target = self.folder / name
        if not target.exists():
            shutil.copytree(self.pristine, target, symlinks=True)
        for name in ("probe", "plugin"):
            shutil.copy(DATA / f"{name}.py", target / f"mutants_{name}.py")
        return target


def prepare(tree: Path, folder: Path) -> Work:
    """Copy what git knows of `tree`, and what it does not ignore, once."""
    work = Work(folder)
    if not work.pristine.exists():
        partial = folder / "partial"
        shutil.rmtree(partial, ignore_errors=True)
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=tree,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for name in filter(None, listed.split("\0")):
            if (tree / name).is_file():
                (partial / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(tree / name, partial / name)
        partial.rename(work.pristine)
    return work


def make_map(work: Work, untraced: list[str], processes: int) -> None:
    """Run the suite with probes, or what is left of it; the map is in the files that the probe writes."""
    work.map.mkdir(exist_ok=True)
    copy = work.copy("traced")
    statements: list[tuple[str, int]] = []
    for path in sorted((copy / "releases").rglob("*.py")):
        name = path.relative_to(copy).as_posix()
        if name.split("/")[1] in PACKAGES and not any(part in name for part in UNTRACED):
            path.write_text(with_probes((work.pristine / name).read_text(), name, statements))
    (work.map / "statements.json").write_text(json.dumps(statements))
    done = [fact["test"] for fact in _facts(work.map, "tests") if fact["passed"]]
    (work.map / "done.json").write_text(json.dumps(done))
    command = ["-n", str(processes), "--dist", "worksteal", "-m", MARKS["sqlite"]]
    command += [f"--deselect={test}" for test in untraced]
    status = subprocess.call(_pytest(*command), cwd=copy, env=_environment(work.map, work.folder / "data"))
    if status not in (0, 1, 5):
        sys.exit("The map is not whole. Run the same again; it goes on.")
    (work.map / "whole").touch()


def _facts(folder: Path, kind: str) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob(f"{kind}-*.jsonl")):
        for line in path.read_text().splitlines():
            with contextlib.suppress(json.JSONDecodeError):  # the last line of a run that was killed
                yield json.loads(line)


class Coverage:
    """Which tests reach a statement; tests that fail without a mutant are left out."""

    def __init__(self, folder: Path) -> None:
        statements = [(path, line) for path, line in json.loads((folder / "statements.json").read_text())]
        facts = list(_facts(folder, "tests"))
        self.seconds = {fact["test"]: fact["seconds"] for fact in facts if fact["passed"]}
        self.failing = {fact["test"] for fact in facts} - set(self.seconds)
        self.tests: dict[tuple[str, int], set[str]] = collections.defaultdict(set)
        for fact in _facts(folder, "hits"):
            if fact["test"] in self.seconds:
                for number in fact["statements"]:
                    self.tests[statements[number]].add(fact["test"])

    def reaching(self, path: str, line: int) -> list[str]:
        """The tests that reach the statement: of its own file, of its folder, then others; the fastest
        first."""
        own = path.replace("releases/", "tests/", 1)
        folder, _, name = own.removesuffix(".py").rpartition("/")
        places = (f"{folder}/test_{name}.py::", f"{folder}/")

        def distance(test: str) -> tuple[int, float, str]:
            near = [number for number, place in enumerate(places) if test.startswith(place)]
            return min(near, default=len(places)), self.seconds[test], test

        return sorted(self.tests[path, line], key=distance)


def _pytest(*arguments: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "mutants_plugin",
        *arguments,
    ]


def _environment(folder: Path, data: Path) -> dict[str, str]:
    """The settings of a test run, without those of whoever runs this."""
    data.mkdir(exist_ok=True)
    foreign = ("DATABASE_URL", "MEDIA_ROOT", "SITE_URL", "SITE_AGENCY", "ALLOWED_HOSTS", "DEBUG", "SENDFILE")
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return kept | {"DATA_DIR": str(data), "MUTANTS": str(folder)}


# The mutants, one after the other


@dataclasses.dataclass(frozen=True)
class Result:
    """What became of one mutant on one database.

    `outcome`: killed, survived or timeout; `by`: the test that failed.
    """

    suite: str
    id: str
    group: str
    database: str
    outcome: str
    by: str
    seconds: float
    tests: int
    place: str
    replacement: str


class Results:
    """The file of results, of every suite; written whole after each one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: dict[tuple[str, Try], Result] = {}
        if path.exists():
            for facts in json.loads(path.read_text()):
                self.add(Result(**facts))

    def add(self, result: Result) -> None:
        self.known[result.suite, (result.id, result.database)] = result

    def write(self) -> None:
        rows = [json.dumps(dataclasses.asdict(self.known[key])) for key in sorted(self.known)]
        self.path.write_text("[\n" + ",\n".join(rows) + "\n]\n")


Facts = dict[str, Any]
Try = tuple[str, str]  # a mutant and a database


class Run:
    """One suite, asked about mutants of one tree."""

    def __init__(self, suite: str, work: Work, untraced: list[str], seconds: int) -> None:
        self.suite, self.work, self.untraced, self.seconds = suite, work, untraced, seconds
        self.coverage = Coverage(work.map)
        self.tree = Tree(work.pristine)
        self.targets = {target.id: target for target in read_targets(suite)}
        self.sites = {key: self.tree.find(target) for key, target in self.targets.items()}

    def results(self, tries: list[Try], processes: int) -> Iterator[Result]:
        """What becomes of each mutant, as soon as it is known; those that share a process first."""
        copy = self.work.copy("awake")
        self._put_mutants_in(copy)
        alone = [(key, database) for key, database in tries if self.targets[key].at_start]
        for database in MARKS:
            shared = [key for key, asked in tries if asked == database and not self.targets[key].at_start]
            for fact in self._ask_together(copy, database, shared, processes):
                yield self._result(fact, database)
        for key, database in alone:
            yield self._result(self._ask_alone(copy, database, key), database)

    def left_behind(self) -> Iterator[Result]:
        """What a run that was stopped had found."""
        for database in MARKS:
            for folder in sorted(self.work.folder.glob(f"{database}-*")):
                found = [fact for fact in _facts(folder, "results") if fact["id"] in self.targets]
                yield from (self._result(fact, database) for fact in found)

    def _put_mutants_in(self, copy: Path) -> None:
        tree = Tree(self.work.pristine)  # another one, since its modules are changed
        by_path: dict[str, list[tuple[Target, Site]]] = collections.defaultdict(list)
        for key, site in self.sites.items():
            by_path[site.path].append((self.targets[key], tree.find(self.targets[key])))
        for path, module in tree.modules.values():
            if path in by_path:
                (copy / path).write_text(with_mutants(module, by_path[path]))

    def _job(self, key: str) -> Facts:
        """A mutant and its tests, as the probe reads them."""
        target, site = self.targets[key], self.sites[key]
        job = {"id": key, "installs": target.installs, "order": [], "parts": list(target.tests)}
        if target.tests:
            return job
        order = self.coverage.reaching(site.path, site.statement)
        return job | {"order": order, "parts": self.untraced}

    def _ask_together(self, copy: Path, database: str, keys: list[str], processes: int) -> Iterator[Facts]:
        """In so many processes (one on PostgreSQL, where all share the database), each with a child for a
        mutant."""
        processes = processes if database == "sqlite" else 1
        shares = [keys[number::processes] for number in range(processes)]
        folders = [self._queue(f"{database}-{number}", share) for number, share in enumerate(shares) if share]
        running = [self._start(copy, folder, database) for folder in folders]
        told: set[str] = set()
        ended = not running
        while not ended:
            time.sleep(1)
            ended = all(process.poll() is not None for process in running)
            for fact in (fact for folder in folders for fact in _facts(folder, "results")):
                if fact["id"] not in told:
                    told.add(fact["id"])
                    yield fact
        if len(told) < len(keys):
            left = len(keys) - len(told)
            sys.exit(f"{left} mutants have no result. See {folders[0]}/log; then run the same again.")

    def _ask_alone(self, copy: Path, database: str, key: str) -> Facts:
        """In a process of its own, in which it is awake from the start."""
        folder = self._queue("alone", [key])
        status = self._start(copy, folder, database, MUTANT=key).wait()
        found = list(_facts(folder, "results"))
        if not found and status in (1, 2, 3, 4):
            sys.exit(f"{key} could not be tried on {database}. See {folder}/log.")
        return found[0] if found else {"id": key, "outcome": "timeout", "by": "", "seconds": self.seconds}

    def _queue(self, name: str, keys: list[str]) -> Path:
        folder = self.work.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        queue = {"seconds": self.seconds, "mutants": [self._job(key) for key in keys]}
        (folder / "queue.json").write_text(json.dumps(queue))
        return folder

    def _start(self, copy: Path, folder: Path, database: str, **more: str) -> subprocess.Popen[bytes]:
        jobs = json.loads((folder / "queue.json").read_text())["mutants"]
        wanted = {test.partition("::")[0] for job in jobs for test in job["order"]}
        wanted |= {one for job in jobs for part in job["parts"] for one in _test_files(copy, part)}
        command = _pytest("--timeout=3600", "-m", MARKS[database], *sorted(wanted))
        if database == "postgresql":
            command = [sys.executable, "tests/with_postgres.py", *command]
        environment = _environment(folder, folder / "data") | more
        with (folder / "log").open("wb") as log:
            return subprocess.Popen(command, cwd=copy, env=environment, stdout=log, stderr=subprocess.STDOUT)

    def _result(self, fact: Facts, database: str) -> Result:
        target, site = self.targets[fact["id"]], self.sites[fact["id"]]
        return Result(
            suite=self.suite,
            id=target.id,
            group=target.group,
            database=database,
            outcome=fact["outcome"],
            by=fact["by"],
            seconds=round(fact["seconds"], 1),
            tests=fact.get("tests", 0),
            place=f"{site.path}:{site.node.lineno}",
            replacement=target.replacement,
        )


def _test_files(copy: Path, part: str) -> list[str]:
    """The files that may hold tests whose node id has this part."""
    names = [path.relative_to(copy).as_posix() for path in sorted((copy / "tests").rglob("test_*.py"))]
    return [name for name in names if part.partition("::")[0] in name]


# What is said in the end


def print_table(results: list[Result]) -> None:
    print(f"\n{'':14}{'mutants':>8}{'killed':>8}{'survived':>10}{'timeout':>9}{'CPU s':>8}")
    for group in [*dict.fromkeys(result.group for result in results), "all"]:
        some = [result for result in results if group in (result.group, "all")]
        numbers = collections.Counter(result.outcome for result in some)
        seconds = sum(result.seconds for result in some)
        row = f"{numbers['killed']:8}{numbers['survived']:10}{numbers['timeout']:9}{seconds:8.0f}"
        print(f"{group:14}{len(some):8}{row}")
    for result in results:
        if result.outcome != "killed":
            print(f"\n{result.outcome}: {result.id} on {result.database}, {result.tests} tests")
            print(f"  {result.place}\n  {result.replacement}")


def main() -> None:
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    reader.add_argument("--suite", choices=["old", "new"], default="new")
    reader.add_argument("--tree", type=Path, default=ROOT, help="where the code and its tests are")
    reader.add_argument("--folder", type=Path, help="where copies and map are kept between runs")
    reader.add_argument("--only", nargs="+", default=[], metavar="ID", help="or the beginning of some")
    reader.add_argument("--sample", type=int, default=0, help="so many, drawn by --seed")
    reader.add_argument("--seed", type=int, default=12)
    reader.add_argument("--again", action="store_true", help="those, too, that have a result")
    reader.add_argument(
        "--untraced", nargs="*", default=[], metavar="TEST", help="left out of the map, asked last"
    )
    reader.add_argument("--processes", type=int, default=2)
    reader.add_argument("--seconds", type=int, default=240, help="of CPU, at most, for one mutant")
    reader.add_argument("--check", action="store_true", help="only look for the targets")
    reader.add_argument("--map", action="store_true", help="only make the map")
    given = reader.parse_args()
    problems = check(given.suite, Tree(given.tree))
    print(*problems, sep="\n", end="\n" if problems else "")
    if problems or given.check:
        sys.exit(bool(problems))
    folder = given.folder or Path(tempfile.gettempdir()) / f"mutants-{given.suite}"
    folder.mkdir(exist_ok=True)
    work = prepare(given.tree, folder)
    if not (work.map / "whole").exists():
        make_map(work, given.untraced, given.processes)
    if not given.map:
        sys.exit(run(given, work))


def check(suite: str, tree: Tree) -> list[str]:
    """What is wrong with the targets: those that the tree has not, and replacements that are no Python."""
    problems = []
    for target in read_targets(suite, left_out=True):
        try:
            tree.find(target)
            compile(target.replacement or "None", target.id, "eval")
        except (NotFound, SyntaxError) as error:
            problems.append(f"{target.id}: {error}")
    return problems


def drawn(seed: int, key: str) -> str:
    """What the mutants of a sample are sorted by: chance, but the same when others come or go."""
    return hashlib.sha256(f"{seed} {key}".encode()).hexdigest()


def run(given: argparse.Namespace, work: Work) -> int:
    """The exit status."""
    results = Results(DATA / "results.json")
    asked = Run(given.suite, work, given.untraced, given.seconds)
    if not given.again:
        for result in asked.left_behind():
            results.add(result)
    chosen = sorted(asked.targets)
    if given.sample:
        chosen = sorted(sorted(chosen, key=lambda key: drawn(given.seed, key))[: given.sample])
    if given.only:
        chosen = [key for key in chosen if key.startswith(tuple(given.only))]
    tries = [(key, database) for key in chosen for database in asked.targets[key].databases]
    waiting = [one for one in tries if given.again or (given.suite, one) not in results.known]
    for number, result in enumerate(asked.results(waiting, given.processes), 1):
        results.add(result)
        results.write()
        print(f"{number:4}/{len(waiting)} {result.outcome:9}{result.id:48}{result.by}", flush=True)
    results.write()
    print_table([results.known[given.suite, one] for one in tries])
    alive = {
        key for key, database in tries if results.known[given.suite, (key, database)].outcome != "killed"
    }
    print(f"\n{len(alive)} of {len(chosen)} mutants live.")
    return int(bool(alive))


if __name__ == "__main__":
    main()
