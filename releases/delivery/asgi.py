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
        self._turn: tuple[Generation | None] | None = None  # what was found in it, once that was asked for

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; raises ValueError for a scope that is none, which a server takes for no."""
        if scope["type"] != "http":
            raise ValueError(f"There is nothing for a scope of {scope['type']}.")
        environ = make_environ(scope)
        stored = self.find(environ)
        if stored and stored.is_encoded(environ.get("HTTP_ACCEPT_ENCODING", "")):
            await _send_whole(send, *choose_answer(stored, environ))
        elif body := await self._receive_body(environ, receive, send):
            with body:
                await self._ask_django(_with_body(environ, body), send)

    def find(self, environ: Environ) -> StoredResponse | None:
        """What is stored for a request, and may be given in this turn of the event loop."""
        if not may_be_stored(environ):
            return None
        generation = self._find_generation()
        return generation.find(find_page(environ), environ) if generation else None

    def _find_generation(self) -> Generation | None:
        """What may be given in this turn of the event loop, whose requests had all come before it began."""
        if self._turn is None:
            self._turn = (self._store.find_generation(may_wait=False),)
            asyncio.get_running_loop().call_soon(self._end_turn)
        return self._turn[0]

    def _end_turn(self) -> None:
        self._turn = None

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
        return body

    async def _ask_django(self, environ: Environ, send: Send) -> None:
        """A whole answer is read in the thread that made it; a file is read piece by piece as it is sent."""
        exchange = Exchange(self._store)
        try:
            answer, whole = await self._run(exchange.ask, environ)
            if whole is not None:
                await _send_whole(send, answer.status, answer.headers, whole)
                return
            await _send_start(send, answer.status, answer.headers)
            while part := await self._run(exchange.read_part):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body"})
        finally:
            if exchange.file:
                await self._run(exchange.file.close)

    async def _run(self, step: Callable[..., Any], *values: object) -> Any:
        """Let a thread take a step. It ends before this does, also when the reader goes away meanwhile, so
        nothing is closed that a thread still reads."""
        taken = asyncio.get_running_loop().run_in_executor(self._threads, step, *values)
        try:
            return await asyncio.shield(taken)
        finally:
            await asyncio.wait([taken])


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
        if b"_" in name:  # X_Forwarded_Proto would be taken for the X-Forwarded-Proto of the proxy
            continue
        key, text = _name_header(name), value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


def _with_body(environ: Environ, body: IO[bytes]) -> Environ:
    """Its length too, which Django reads no further than, and which one in chunks does not say."""
    length = body.seek(0, io.SEEK_END)
    body.seek(0)
    return environ | {"wsgi.input": body, "CONTENT_LENGTH": str(length)}


@lru_cache(maxsize=1024)
def _name_header(name: bytes) -> str:
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


class Exchange:
    """A request and its answer by `store`, in steps that different threads may take, one at a time."""

    def __init__(self, store: ResponseStore) -> None:
        self._store = store
        self.file: Answer | None = None
        self._chunks: Iterator[bytes] = iter(())

    def ask(self, environ: Environ) -> tuple[Answer, bytes | None]:
        """The answer and its bytes; None for those of a file."""
        answer = Answer(self._store, environ)
        if environ["REQUEST_METHOD"] == "HEAD":
            answer.close()
            return answer, b""
        if not getattr(answer.response, "streaming", False):
            return answer, answer.read()
        self.file, self._chunks = answer, iter(answer.response)
        return answer, None

    def read_part(self) -> bytes:
        """The next PART bytes and the rest of their chunk; less at the end, and then nothing."""
        part = bytearray()
        while len(part) < PART and (chunk := next(self._chunks, None)) is not None:
            part += chunk
        return bytes(part)


async def _send_whole(send: Send, status: str, headers: Headers, body: bytes) -> None:
    await _send_start(send, status, headers)
    await send({"type": "http.response.body", "body": body})


async def _send_start(send: Send, status: str, headers: Headers) -> None:
    encoded = [(name.encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": int(status[:3]), "headers": encoded})
