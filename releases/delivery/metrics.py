"""What the processes of a server count together, in files of `prometheus_client` that all of them write: answers,
and the seconds that Django took for those that no store had.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter
from typing import Any

from prometheus_client import Counter, Histogram

from releases.delivery.requests import Environ

FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
"""Set by the settings where METRICS is; the library makes its files there once it is loaded."""

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def prepare_folder(folder: Path) -> None:
    """Make the folder of the files, and delete those of processes that are no more: a server that was started
    anew begins to count anew."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*_*.db"):
        if not is_alive(int(file.stem.rpartition("_")[2])):
            file.unlink(missing_ok=True)


def is_alive(process: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if FOLDER:
    prepare_folder(Path(FOLDER))
ANSWERS = Counter("pressroom_answers", "Answers, those of the store of finished pages among them.")
SECONDS = Histogram(
    "pressroom_django_seconds",
    "Seconds until Django had an answer ready, by the first digit of its status.",
    ["status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def timed(application: Application) -> Application:
    """Django's application, each of whose answers is timed."""

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        status = "5"

        def start(line: str, *more: object) -> Any:
            nonlocal status
            status = line[0]
            return start_response(line, *more)

        begun = perf_counter()
        try:
            return application(environ, start)
        finally:
            SECONDS.labels(status).observe(perf_counter() - begun)

    return answer


def counted(application: Application) -> Application:
    """A whole WSGI application, whose answers are counted."""

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        ANSWERS.inc()
        return application(environ, start_response)

    return answer


def counted_asgi(application: Callable[..., Any]) -> Callable[..., Any]:
    """The same of an ASGI application."""

    async def answer(scope: dict[str, Any], receive: object, send: object) -> None:
        if scope["type"] == "http":
            ANSWERS.inc()
        await application(scope, receive, send)

    return answer
