"""The event loop gives what the store gives to a WSGI server, and no slow reader holds a thread."""

import asyncio
import hashlib
from functools import partial

import pytest

from releases.delivery import asgi
from releases.delivery.asgi import ASGIApplication
from tests.delivery.asking import Connection, ask, ask_in_loop, make_scope
from tests.delivery.test_store import PAGE, Newsroom

FILE = [b"herring " * 100] * 4_000
MANY = 3 * asgi.THREADS


class Stream(list):
    """A file, as Django sends it; `is_closed` once nobody needs it."""

    streaming = True
    is_closed = False

    def close(self):
        self.is_closed = True


@pytest.fixture
def newsroom():
    return Newsroom()


@pytest.fixture
def loop(newsroom):
    return ASGIApplication(newsroom.store)


def answer_with(newsroom, answer):
    """Let Django answer by `answer(environ)`: status, headers, what it sends."""

    def application(environ, start_response):
        status, headers, body = answer(environ)
        start_response(status, headers)
        return body

    newsroom.store._application = application


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"method": "HEAD"},
        {"method": "POST"},
        {"accept_encoding": "br"},
        {"if_none_match": "*"},
        {"cookie": "sessionid=abc"},
        {"path": "/%FF/%E2%82%AC/a%2Fb?q=%FF&utm_source=x"},
        {"path": "/admin/", "method": "HEAD"},
    ],
)
def test_an_answer_is_the_same_byte_for_byte(newsroom, loop, asked):
    made, stored = ask_in_loop(loop, **asked), ask_in_loop(loop, **asked)
    assert made == stored == ask(newsroom.store, **asked)


def test_a_value_has_no_space_around_it(newsroom, loop):
    newsroom.application.headers.append(("Set-Cookie", " a=1"))
    assert ask_in_loop(loop).headers["set-cookie"] == "a=1"


def test_the_environment_is_that_of_a_wsgi_server(newsroom):
    scope = make_scope(
        "/%FF%E2%82%AC/a%2Fb?q=%FF", "POST", content_type="text/plain", content_length="3", accept="a"
    )
    scope["headers"] += [(b"accept", b"b")]
    environ = asgi.make_environ(scope)
    assert environ["PATH_INFO"] == "/\xff\xe2\x82\xac/a/b"
    assert environ["QUERY_STRING"] == "q=%FF"
    assert environ["HTTP_ACCEPT"] == "a,b"
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "3")
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"], environ["REMOTE_ADDR"]) == (
        "testserver",
        "80",
        "127.0.0.1",
    )


def test_a_change_is_seen_by_the_next_turn_of_the_loop(newsroom, loop):
    reads = []
    newsroom.store._read_version = lambda: reads.append(newsroom.version) or newsroom.version
    ask_in_loop(loop)

    async def change_between():
        reads.clear()
        first = await asyncio.gather(*[Connection().ask(loop) for _ in range(10)])
        assert len(reads) == 1
        newsroom.version, newsroom.application.body = "two", b"new"
        return first, await Connection().ask(loop)

    first, second = asyncio.run(change_between())
    assert {reply.body for reply in first} == {PAGE}
    assert second.body == b"new"


@pytest.mark.parametrize("waits", ["readers", "senders"])
def test_the_slow_hold_no_thread(newsroom, loop, waits):
    """More of them than there are threads stand still, and others are answered."""

    def answer(environ):
        if environ["PATH_INFO"] == "/quick/":
            return "404 Not Found", [], [b"nothing"]
        return "200 OK", [], Stream(FILE)

    answer_with(newsroom, answer)

    async def ask_beside_the_slow():
        goes_on = asyncio.Event()
        slow = {"readers": {"reads": goes_on}, "senders": {"sends": goes_on, "data": b"x" * 100}}[waits]
        connections = [Connection(**slow) for _ in range(MANY)]
        tasks = [asyncio.create_task(one.ask(loop, f"/{number}/")) for number, one in enumerate(connections)]
        await asyncio.wait_for(asyncio.gather(*[one.stands.wait() for one in connections]), 10)
        quick = await asyncio.wait_for(Connection().ask(loop, "/quick/"), 10)
        goes_on.set()
        return quick, await asyncio.wait_for(asyncio.gather(*tasks), 20)

    quick, replies = asyncio.run(ask_beside_the_slow())
    assert quick.body == b"nothing"
    assert {reply.body for reply in replies} == {b"".join(FILE)}


def test_a_reader_who_leaves_frees_the_file(newsroom, loop):
    files = []
    answer_with(newsroom, lambda environ: ("200 OK", [], files.append(Stream(FILE)) or files[-1]))

    async def leave():
        reader = Connection(reads=asyncio.Event())
        task = asyncio.create_task(reader.ask(loop))
        await asyncio.wait_for(reader.stands.wait(), 10)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(leave())
    assert [file.is_closed for file in files] == [True]


@pytest.mark.parametrize("length", [5, asgi.SMALL_BODY, 3_000_000])
@pytest.mark.parametrize("says_length", [True, False])
def test_what_is_sent_arrives(newsroom, loop, length, says_length):
    def answer(environ):
        return "200 OK", [], [hashlib.sha256(environ["wsgi.input"].read()).hexdigest().encode()]

    answer_with(newsroom, answer)
    data = bytes(range(256)) * (length // 256 + 1)
    headers = {"content_length": str(len(data))} if says_length else {"transfer_encoding": "chunked"}
    reply = ask_in_loop(loop, method="POST", data=data, **headers)
    assert reply.body.decode() == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    "status, sent",
    [
        (413, {"data": b"", "content_length": "2001"}),
        (413, {"data": b"x" * 2001, "transfer_encoding": "chunked"}),
        (408, {"data": b"x" * 10, "content_length": "20", "leaves": True}),
    ],
)
def test_what_is_too_large_or_never_ends_does_not_reach_django(newsroom, loop, monkeypatch, status, sent):
    monkeypatch.setattr(asgi, "LARGEST_BODY", 2000)
    assert ask_in_loop(loop, method="POST", **sent).status == status
    assert newsroom.renders == 0


def test_a_scope_that_is_no_request_is_refused(loop):
    with pytest.raises(ValueError, match="lifespan"):
        asyncio.run(loop({"type": "lifespan"}, partial(asyncio.sleep, 0), partial(asyncio.sleep, 0)))
