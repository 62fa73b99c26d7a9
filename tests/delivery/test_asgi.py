"""The event loop gives what the store gives to a WSGI server, and no slow reader holds a thread."""

import asyncio
import gzip
import hashlib
import threading
from functools import partial

import pytest
from django.core.handlers.wsgi import WSGIRequest

from releases.delivery import asgi, responses
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


def test_a_header_with_an_underscore_is_not_taken_for_one_of_the_proxy(newsroom):
    scope = make_scope("/", x_forwarded_proto="http")
    scope["headers"] += [(b"x_forwarded_proto", b"https"), (b"x-forwarded_for", b"10.0.0.1")]
    environ = asgi.make_environ(scope)
    assert environ["HTTP_X_FORWARDED_PROTO"] == "http"
    assert "HTTP_X_FORWARDED_FOR" not in environ


def test_a_change_is_seen_by_the_next_turn_of_the_loop(newsroom, loop):
    ask_in_loop(loop)

    async def change_between():
        newsroom.reads.clear()
        first = await asyncio.gather(*[Connection().ask(loop) for _ in range(10)])
        assert newsroom.reads == ["at once"]
        newsroom.version, newsroom.application.body = "two", b"new"
        return first, await Connection().ask(loop)

    first, second = asyncio.run(change_between())
    assert {reply.body for reply in first} == {PAGE}
    assert second.body == b"new"


def test_a_turn_asks_once_also_where_nothing_may_be_given(newsroom, loop):
    ask_in_loop(loop)
    newsroom.version = ""

    async def ask_at_once():
        await asyncio.gather(*[Connection().ask(loop) for _ in range(10)])

    newsroom.reads.clear()
    asyncio.run(ask_at_once())
    assert newsroom.reads.count("at once") == 1


def test_the_loop_compresses_nothing(newsroom, loop, monkeypatch):
    threads = []

    def compress(body):
        threads.append(threading.current_thread())
        return gzip.compress(body)

    monkeypatch.setitem(responses.COMPRESSORS, "gzip", compress)
    plain = ask_in_loop(loop)
    packed = [ask_in_loop(loop, accept_encoding="gzip") for _ in range(2)]
    assert newsroom.renders == 1
    assert packed[0] == packed[1]
    assert gzip.decompress(packed[0].body) == plain.body
    assert len(threads) == 1
    assert threads != [threading.current_thread()]


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


def leave(loop, is_busy=None, goes_on=None):
    """Ask for a file, and leave once some of it came, or once a thread `is_busy`, which `goes_on` a moment
    later."""

    async def ask_and_leave():
        reader = Connection(reads=asyncio.Event())
        task = asyncio.create_task(reader.ask(loop))
        await (asyncio.to_thread(is_busy.wait, 10) if is_busy else reader.stands.wait())
        task.cancel()
        if goes_on:
            asyncio.get_running_loop().call_later(0.1, goes_on.set)
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(ask_and_leave())


class ClosedBy(Stream):
    """Knows in which thread it was closed, and whether it was being read then."""

    thread, is_read = None, False

    def close(self):
        assert not self.is_read
        self.is_closed, self.thread = True, threading.current_thread()


def test_a_thread_frees_the_file_of_a_reader_who_leaves(newsroom, loop):
    file = ClosedBy(FILE)
    answer_with(newsroom, lambda environ: ("200 OK", [], file))
    leave(loop)
    assert file.is_closed
    assert file.thread not in (None, threading.current_thread())


@pytest.mark.parametrize("while_it_is", ["made", "read"])
def test_a_file_is_freed_also_where_the_reader_leaves_while_a_thread_is_busy(newsroom, loop, while_it_is):
    is_busy, goes_on = threading.Event(), threading.Event()

    class Slow(ClosedBy):
        def __iter__(self):
            self.is_read = True
            self.wait("read")
            self.is_read = False
            yield from FILE

        def wait(self, what):
            if what == while_it_is:
                is_busy.set()
                goes_on.wait(10)

    file = Slow()

    def answer(environ):
        file.wait("made")
        return "200 OK", [], file

    answer_with(newsroom, answer)
    leave(loop, is_busy, goes_on)
    assert file.is_closed


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


@pytest.mark.parametrize("length", [0, 5, asgi.SMALL_BODY * 2])
def test_django_reads_a_form_that_comes_in_chunks(newsroom, loop, length):
    answer_with(newsroom, lambda environ: ("200 OK", [], [WSGIRequest(environ).POST["text"].encode()]))
    data = b"text=" + b"x" * length
    headers = {"content_type": "application/x-www-form-urlencoded", "transfer_encoding": "chunked"}
    assert ask_in_loop(loop, method="POST", data=data, **headers).body == b"x" * length


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
