"""The pytest plugin of a mutation run: seconds and success of each test, and each mutant awake in its turn.

It is copied into a temporary copy of the tree, never imported from here, and reads and writes in the folder
MUTANTS:

    tests-PID.jsonl    {"test": node id, "seconds": CPU of the process and its children, "passed": bool}
    done.json          [node ids] that are left out of a map
    queue.json         {"seconds": most CPU a mutant, "mutants": [{"id", "installs": module, "order": [node ids],
                       "parts": [parts of node ids, whose tests come after these]}]}
    results-PID.jsonl  {"id", "outcome", "by": node id, "seconds", "tests": how many ran}

With a queue, a child of this process, which has imported everything and made the database, wakes each mutant
and runs its tests until one fails. Where MUTANT names it already, since it is asked when the database is
made, this process runs them.
"""

import contextlib
import importlib
import json
import os
import resource
import traceback
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
from django.db import connection, connections
from mutants_probe import FOLDER, append
from pytest_django.plugin import blocking_manager_key


class Outcome:
    """Whether the test that runs now has passed so far: its setup, its call and its teardown."""

    passed = True


outcome = Outcome()


def pytest_sessionstart() -> None:
    """While a map is made, build each statement anew, not once a process, so that every test reaches what it
    is built of."""
    with contextlib.suppress(ModuleNotFoundError):
        statements = importlib.import_module("releases.services.editions.statements")
        if _read("queue") is None:
            statements.Statement._compiled_for = lambda self, values: self._compile(values)  # noqa: SLF001


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    done = set(_read("done") or ())
    items[:] = [item for item in items if item.nodeid not in done]


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Try the mutants of the queue, each in a child; without a queue the tests run as always."""
    queue = _read("queue")
    if queue is None or session.config.option.collectonly:
        return None
    items = {item.nodeid: item for item in session.items}
    queued = [(one, _chosen(items, one["order"], one["parts"])) for one in queue["mutants"]]
    if "MUTANT" in os.environ:
        return _try(queued[0][0]["id"], queued[0][1], queue["seconds"])
    _make_database(session)
    for mutant, tests in queued:
        connections.close_all()  # each child has its own; a database in memory stays open
        child = os.fork()
        if not child:
            _wake(session, mutant, tests, queue["seconds"])
        if os.waitpid(child, 0)[1]:
            append(
                "results", {"id": mutant["id"], "outcome": "timeout", "by": "", "seconds": queue["seconds"]}
            )
    return True


def _chosen(items: dict[str, pytest.Item], order: list[str], parts: list[str]) -> list[pytest.Item]:
    """In their order, but those last that empty the database."""
    wanted = dict.fromkeys(order) | {test: None for part in parts for test in items if part in test}
    found = [items[test] for test in wanted if test in items]
    return sorted(found, key=_empties)


def _empties(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    fixtures = {"transactional_db", "live_server", "django_db_reset_sequences"}
    return bool(mark and mark.kwargs.get("transaction")) or bool(
        fixtures & set(getattr(item, "fixturenames", ()))
    )


def _make_database(session: pytest.Session) -> None:
    """For all children to have: the fixtures of one test make it, which is not called, since it might leave
    things cached."""
    with_database = [item for item in session.items if item.get_closest_marker("django_db")]
    first = min(with_database, key=lambda item: (_empties(item), len(getattr(item, "fixturenames", ()))))
    other = next(item for item in session.items if item is not first)
    session.config.option.setuponly = True
    first.config.hook.pytest_runtest_protocol(item=first, nextitem=other)
    session.config.option.setuponly = False
    if not outcome.passed:
        pytest.exit(f"{first.nodeid} fails without a mutant.", 3)


def _wake(
    session: pytest.Session, mutant: dict[str, Any], tests: list[pytest.Item], seconds: int
) -> NoReturn:
    """In a child, which ends with this."""
    try:
        rules = importlib.import_module(mutant["installs"]) if mutant["installs"] else None
        with session.config.stash[blocking_manager_key].unblock():
            if rules:
                rules.uninstall(connection)
            os.environ["MUTANT"] = mutant["id"]
            if rules:
                rules.install(connection)
        _try(mutant["id"], tests, seconds)
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the mutant's)
        traceback.print_exc()
        append("results", {"id": mutant["id"], "outcome": "broken", "by": repr(error), "seconds": 0})
    finally:
        os._exit(0)


def _try(mutant: str, tests: list[pytest.Item], seconds: int) -> bool:
    """Run the tests until one fails. A process that takes longer is ended by the system."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    started, fact = _seconds(), {"id": mutant, "outcome": "survived", "by": "", "tests": len(tests)}
    if tests:
        tests[0].session._setupstate.teardown_exact(tests[0])  # noqa: SLF001 (pytest-rerunfailures does so too)
    for number, item in enumerate(tests, 1):
        # never none, after which the database that all children share would be taken down
        following = next(one for one in (*tests[number:], *item.session.items) if one is not item)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if not outcome.passed:
            fact |= {"outcome": "killed", "by": item.nodeid, "tests": number}
            break
    append("results", fact | {"seconds": round(_seconds() - started, 1)})
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Called only by the process that runs the test."""
    started, outcome.passed = _seconds(), True
    answer = yield
    seconds = round(_seconds() - started, 3)
    append("tests", {"test": item.nodeid, "seconds": seconds, "passed": outcome.passed})
    return answer


def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> None:
    if call.excinfo and not call.excinfo.errisinstance(pytest.skip.Exception):
        outcome.passed = False


def _read(name: str) -> Any:
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def _seconds() -> float:
    return sum(os.times()[:4])
