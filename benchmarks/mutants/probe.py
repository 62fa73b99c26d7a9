"""What the modules of a copy call: `hit(n)` before a statement, `is_on(id)` where a mutant sleeps.

It is copied into a temporary copy of the tree, never imported from here, and called in the process of the
tests as in the commands that they start. While a map is made it writes, in the folder MUTANTS:

    hits-PID.jsonl  {"test": node id, "statements": [numbers]}
"""

import atexit
import json
import os
from pathlib import Path

FOLDER = Path(os.environ["MUTANTS"])


class Reached:
    """The statements that the test which runs now has reached, written down once the next one begins."""

    def __init__(self) -> None:
        self.test = ""
        self.statements: set[int] = set()

    def add(self, statement: int) -> None:
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
        if test != self.test:
            self.flush()
            self.test = test
        self.statements.add(statement)

    def flush(self) -> None:
        if self.test and self.statements:
            append("hits", {"test": self.test, "statements": sorted(self.statements)})
        self.statements = set()


reached = Reached()
hit = reached.add
atexit.register(reached.flush)


def is_on(mutant: str) -> bool:
    return os.environ.get("MUTANT") == mutant


def append(kind: str, fact: dict[str, object]) -> None:
    with (FOLDER / f"{kind}-{os.getpid()}.jsonl").open("a") as lines:
        lines.write(json.dumps(fact) + "\n")
