"""A WSGI application before Django's: answers with stored bytes what is the same for every reader."""

import datetime as dt
import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from releases.delivery.generation import Generation, Render
from releases.delivery.requests import Environ, Page, find_page, may_be_stored
from releases.delivery.responses import Headers, StoredResponse, is_stream, may_be_kept, read_taken_names
from releases.delivery.versions import FindBoundary, ReadVersion, find_boundary

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
StartResponse = Callable[..., Any]
LONGEST_WAIT = 10.0  # seconds for a page that somebody else makes; then it is made once more
ATTEMPTS = 3
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")


class ResponseStore:
    """Never stale: a stored answer is given only at the content version that is read at that moment, and
    before the next instant at which the clock changes what is public.

    Both are taken before a page is made, so a page that was overtaken by a change is stored under a version
    that nobody reads again. One reader makes a page, all others who ask for it wait.
    """

    def __init__(
        self,
        application: Application,
        read_version: ReadVersion,
        most_bytes: int,
        *,
        clock: Callable[[], dt.datetime] = timezone.now,
        find_boundary: FindBoundary = find_boundary,
    ) -> None:
        self._application = application
        self._read_version = read_version
        self._most_bytes = most_bytes
        self._clock = clock
        self._find_boundary = find_boundary
        self._generation: Generation | None = None
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not (self._most_bytes and may_be_stored(environ)):
            return _pass_on(Answer(self._application, environ), environ, start_response)
        page = find_page(environ)
        for _ in range(ATTEMPTS):
            generation = self._current_generation()
            if generation is None:
                break
            if stored := generation.find(page, environ):
                return _send(stored, environ, start_response)
            if generation.is_never_stored(page, environ):
                break
            render = generation.begin_render(page, environ)
            if render.is_mine:
                return self._render(generation, render, page, environ, start_response)
            render.done.wait(LONGEST_WAIT)
        return _pass_on(Answer(self._application, environ), environ, start_response)

    def find_generation(self, *, may_wait: bool = True) -> Generation | None:
        """What is stored and may be given now. Waits for no page, and asks Django nothing.

        Not `may_wait`: for no other thread and no new connection, either; None where it would have to.
        """
        generation = self._generation
        if generation and generation.holds(self._read_version(may_wait=may_wait), self._clock()):
            return generation
        return None

    def _current_generation(self) -> Generation | None:
        """What is stored for the version that is current now; None where that cannot be known."""
        if generation := self.find_generation():
            return generation
        with self._lock:
            version, now = self._read_version(), self._clock()
            if self._generation is None or not self._generation.holds(version, now):
                until = self._find_boundary(now) if version else None
                self._generation = Generation(version, until, self._most_bytes) if until else None
            return self._generation

    def _render(
        self,
        generation: Generation,
        render: Render,
        page: Page,
        environ: Environ,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """Let Django answer; keep the whole page, as a reader without conditions gets it."""
        whole = {name: value for name, value in environ.items() if name not in CONDITIONS}
        whole["REQUEST_METHOD"] = "GET"
        try:
            answer = Answer(self._application, whole)
            if may_be_kept(answer.status, answer.headers, answer.response):
                stored = StoredResponse(answer.status, answer.headers, answer.read())
                generation.keep(page, environ, stored, read_taken_names(answer.headers))
                return _send(stored, environ, start_response)
            if answer.status < "500":  # an error passes
                generation.keep_never(page, environ)
        finally:
            generation.end_render(render)
        if whole != environ:
            answer.close()
            answer = Answer(self._application, environ)
        return _pass_on(answer, environ, start_response)


class Answer:
    """What an application answers, before any of it is sent."""

    def __init__(self, application: Application, environ: Environ) -> None:
        self.status = ""
        self.headers: Headers = []
        self.response = application(environ, self._start)

    def _start(self, status: str, headers: Headers, exc_info: object = None) -> None:
        self.status, self.headers = status, headers

    def read(self) -> bytes:
        """The whole body; for an answer that is no stream."""
        try:
            return b"".join(self.response)
        finally:
            self.close()

    def close(self) -> None:
        getattr(self.response, "close", lambda: None)()


def choose_answer(stored: StoredResponse, environ: Environ) -> tuple[str, Headers, bytes]:
    """Status, headers and bytes for a reader who may have the page, and takes some encodings."""
    conditions = environ.get("HTTP_IF_NONE_MATCH", ""), environ.get("HTTP_IF_MODIFIED_SINCE", "")
    if stored.is_known_to(*conditions):
        return "304 Not Modified", stored.headers_of_unchanged(), b""
    headers, body = stored.encode(environ.get("HTTP_ACCEPT_ENCODING", ""))
    return stored.status, list(headers), b"" if environ["REQUEST_METHOD"] == "HEAD" else body


def _send(stored: StoredResponse, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    status, headers, body = choose_answer(stored, environ)
    start_response(status, headers)
    return [body] if body else []


def _pass_on(answer: Answer, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """What is not stored, as Django has it, with its length where it is no stream."""
    if is_stream(answer.headers, answer.response):
        start_response(answer.status, answer.headers)
        return answer.response
    body = answer.read()
    headers = [pair for pair in answer.headers if pair[0].lower() != "content-length"]
    if not answer.status.startswith("304"):
        headers.append(("Content-Length", str(len(body))))
    start_response(answer.status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
