"""An ASGI application: stored pages are answered in the event loop, all else by Django in a few threads.

So a reader who takes a file slowly, or sends one, holds no thread.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import lru_cache
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from django.conf import settings

from releases.delivery.generation import Generation
from releases.delivery.requests import Environ, find_page, may_be_stored
from releases.delivery.responses import Headers, StoredResponse
from releases.delivery.store import Answer, ResponseStore, choose_answer

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
THREADS = 4
LARGEST_BODY = settings.FILES_TOGETHER + settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # as deploy/nginx.conf has it
SMALL_BODY = 1 << 16  # bytes; a larger one waits on disk until Django reads it,
LARGE_BODIES = 16  # and so many are received at once
PART = 1 << 16  # bytes of a file that are read at once


class ASGIApplication:
    """Gives the answers that `store` gives to a WSGI server, with the same headers."""

    def __init__(self, store: ResponseStore) -> None:
        self._store = store
        self._threads = ThreadPoolExecutor(THREADS)
        self._large_bodies = asyncio.Semaphore(LARGE_BODIES)
        self._generation: Generation | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; raises ValueError for a scope that is none, which a server takes for no."""
        if scope["type"] != "http":
            raise ValueError(f"There is nothing for a scope of {scope['type']}.")
        environ = make_environ(scope)
        if stored := self.find(environ):
            await _send_whole(send, *choose_answer(stored, environ))
        elif body := await self._receive_body(environ, receive, send):
            with body:
                await self._ask_django(environ | {"wsgi.input": body}, send)

    def find(self, environ: Environ) -> StoredResponse | None:
        """What is stored for a request, and may be given in this turn of the event loop."""
        if not may_be_stored(environ):
            return None
        generation = self._generation or self._find_generation()
        return generation.find(find_page(environ), environ) if generation else None

    def _find_generation(self) -> Generation | None:
        """What may be given in this turn of the event loop, whose requests had all come before it began."""
        self._generation = self._store.find_generation()
        asyncio.get_running_loop().call_soon(self._end_turn)
        return self._generation

    def _end_turn(self) -> None:
        self._generation = None

    async def _receive_body(self, environ: Environ, receive: Receive, send: Send) -> IO[bytes] | None:
        """What the reader sends, to its end; None where there is no end, or none in LARGEST_BODY bytes, of
        which the reader is told."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not length and "HTTP_TRANSFER_ENCODING" not in environ:
            return io.BytesIO()
        body = SpooledTemporaryFile(SMALL_BODY)  # noqa: SIM115 (closed by who reads it)
        refusal = "413 Content Too Large" if length > LARGEST_BODY else ""
        async with nullcontext() if 0 < length <= SMALL_BODY else self._large_bodies:
            more = not refusal
            while more:
                message = await receive()
                body.write(message.get("body", b""))
                more = message.get("more_body", False)
                if message["type"] == "http.disconnect":
                    refusal = "408 Request Timeout"
                elif body.tell() > LARGEST_BODY:
                    refusal, more = "413 Content Too Large", False
        if refusal:
            body.close()
            await _send_whole(send, refusal, [("Content-Length", "0")], b"")
            return None
        body.seek(0)
        return body

    async def _ask_django(self, environ: Environ, send: Send) -> None:
        """A whole answer is read in the thread that made it; a file is read piece by piece as it is sent."""
        answer, whole = await self._run(_ask, self._store, environ)
        if whole is not None:
            await _send_whole(send, answer.status, answer.headers, whole)
            return
        try:
            await _send_start(send, answer.status, answer.headers)
            chunks = iter(answer.response)
            while part := await self._run(_read_part, chunks):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body"})
        finally:
            answer.close()

    async def _run(self, function: Callable[..., Any], *values: object) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *values)


def make_environ(scope: Message) -> Environ:
    """The environment that a WSGI server makes of a request (PEP 3333), without its body."""
    server, client = scope["server"] or ("", ""), scope["client"] or ("", "")
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key, text = _name_header(name), value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


@lru_cache(maxsize=1024)
def _name_header(name: bytes) -> str:
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def _ask(store: ResponseStore, environ: Environ) -> tuple[Answer, bytes | None]:
    """The answer and its bytes; None for those of a file."""
    answer = Answer(store, environ)
    if environ["REQUEST_METHOD"] == "HEAD":
        answer.close()
        return answer, b""
    return answer, None if getattr(answer.response, "streaming", False) else answer.read()


def _read_part(chunks: Iterator[bytes]) -> bytes:
    """The next PART bytes and the rest of their chunk; less at the end, and then nothing."""
    part = bytearray()
    while len(part) < PART and (chunk := next(chunks, None)) is not None:
        part += chunk
    return bytes(part)


async def _send_whole(send: Send, status: str, headers: Headers, body: bytes) -> None:
    await _send_start(send, status, headers)
    await send({"type": "http.response.body", "body": body})


async def _send_start(send: Send, status: str, headers: Headers) -> None:
    encoded = [(name.encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": int(status[:3]), "headers": encoded})
