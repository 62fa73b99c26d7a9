"""What is stored for one content version, until the next boundary; it is let go of as a whole."""

import datetime as dt
import threading
from collections import OrderedDict
from typing import NamedTuple

from releases.delivery.requests import Environ, Page, Parameters, read_parameters
from releases.delivery.responses import StoredResponse

MOST_PAGES = 20_000  # whose parameters are known; and as many that are never stored
UNKNOWN: frozenset[str] = frozenset(["not known yet"])
LARGEST_PART = 8  # no answer takes more than this part of the store
Key = tuple[Page, Parameters] | Page


class Render(NamedTuple):
    """A page that is being made: `is_mine` for who makes it, `done` for who waits."""

    key: Key
    done: threading.Event
    is_mine: bool


class Generation:
    """Finished answers of one content version, at most `most_bytes` of them, the last asked for."""

    def __init__(self, version: str, until: dt.datetime, most_bytes: int) -> None:
        self.version = version
        self.until = until
        self._most_bytes = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._entries: OrderedDict[Key, StoredResponse] = OrderedDict()
        self._taken: dict[Page, frozenset[str] | None] = {}
        self._never: set[Key] = set()
        self._renders: dict[Key, threading.Event] = {}

    def holds(self, version: str, now: dt.datetime) -> bool:
        """Whether a reader at `now`, who has just read `version`, may get what is stored here."""
        return self.version == version and now < self.until

    def find(self, page: Page, environ: Environ) -> StoredResponse | None:
        key = self._key(page, environ)
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
            return self._entries.get(key)

    def is_never_stored(self, page: Page, environ: Environ) -> bool:
        """Whether a file, a redirect or nothing was there, asked for by the same query."""
        return (page, read_parameters(environ, None)) in self._never

    def begin_render(self, page: Page, environ: Environ) -> Render:
        """Say that a page is being made, or find who makes it.

        Which parameters a page takes is not known before it was made once; until then there is one render
        for all of them.
        """
        key = self._key(page, environ)
        with self._lock:
            running = self._renders.get(key)
            if running:
                return Render(key, running, is_mine=False)
            done = self._renders[key] = threading.Event()
            return Render(key, done, is_mine=True)

    def end_render(self, render: Render) -> None:
        with self._lock:
            self._renders.pop(render.key, None)
        render.done.set()

    def keep(
        self, page: Page, environ: Environ, response: StoredResponse, names: frozenset[str] | None
    ) -> None:
        """Store an answer, and which parameters the page takes."""
        if response.size > self._most_bytes // LARGEST_PART:
            self.keep_never(page, environ)
            return
        key = page, read_parameters(environ, names)
        with self._lock:
            if len(self._taken) >= MOST_PAGES:
                self._taken.clear()
                self._entries.clear()
                self._bytes = 0
            self._taken[page] = names
            self._bytes += response.size - self._size_of(self._entries.pop(key, None))
            self._entries[key] = response
            while self._bytes > self._most_bytes:
                self._bytes -= self._size_of(self._entries.popitem(last=False)[1])

    def keep_never(self, page: Page, environ: Environ) -> None:
        """Remember that no answer is stored, so that nobody waits for one: of this query alone, since a page
        may be there for another."""
        with self._lock:
            if len(self._never) < MOST_PAGES:
                self._never.add((page, read_parameters(environ, None)))

    def _key(self, page: Page, environ: Environ) -> Key:
        names = self._taken.get(page, UNKNOWN)
        return page if names is UNKNOWN else (page, read_parameters(environ, names))

    @staticmethod
    def _size_of(response: StoredResponse | None) -> int:
        return response.size if response else 0
