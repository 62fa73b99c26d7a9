"""The store by itself, before an application that counts how often it is asked."""

import datetime as dt
import gzip
import threading
from collections import Counter

import brotli
import pytest

from releases.delivery import requests
from releases.delivery.store import ResponseStore
from tests.delivery.asking import ask

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
PAGE = b"<p>" + b"herring " * 200 + b"</p>"


class Body(list):
    """What Django returns."""

    streaming = False


class Application:
    """Answers every path with PAGE, unless it is told otherwise."""

    def __init__(self):
        self.renders = Counter()
        self.status = "200 OK"
        self.headers = [("Content-Type", "text/html"), ("No-Vary-Search", "key-order, params")]
        self.body = PAGE
        self.streams = False
        self.before = lambda: None

    def __call__(self, environ, start_response):
        self.renders[environ["PATH_INFO"]] += 1
        self.before()
        start_response(self.status, list(self.headers))
        return iter([self.body]) if self.streams else Body([self.body])


class Newsroom:
    """A store before an application, with a version and a clock that the test sets."""

    def __init__(self, most_bytes=10_000_000):
        self.application = Application()
        self.version = "one"
        self.reads = []
        self.now = NOON
        self.boundary = NOON + HOUR
        self.store = ResponseStore(
            self.application,
            self.read_version,
            most_bytes,
            clock=lambda: self.now,
            find_boundary=lambda at: self.boundary,
        )

    def read_version(self, *, may_wait=True):
        self.reads.append("may wait" if may_wait else "at once")
        return self.version

    def ask(self, path="/a/", method="GET", **headers):
        return ask(self.store, path, method, **headers)

    @property
    def renders(self):
        return self.application.renders.total()


@pytest.fixture
def newsroom():
    return Newsroom()


def test_a_page_is_made_once_and_answered_with_its_length_tag_and_encodings(newsroom):
    first, second = newsroom.ask(), newsroom.ask()
    assert newsroom.renders == 1
    assert first == second
    assert first.body == PAGE
    assert first.headers["content-length"] == str(len(PAGE))
    assert first.headers["etag"].startswith('W/"')
    assert first.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "accepted, encoding",
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("deflate", None),
        ("gzip;q=0, br;q=0", None),
        ("", None),
    ],
)
def test_the_reader_gets_an_encoding_that_it_takes(newsroom, accepted, encoding):
    reply = newsroom.ask(accept_encoding=accepted)
    assert reply.headers.get("content-encoding") == encoding
    decode = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert decode(reply.body) == PAGE
    assert reply.headers["content-length"] == str(len(reply.body))


def test_a_reader_that_has_the_page_gets_304_in_every_encoding(newsroom):
    newsroom.application.headers.append(("Last-Modified", "Mon, 02 Mar 2026 04:00:00 GMT"))
    tag = newsroom.ask(accept_encoding="gzip").headers["etag"]
    for asked in (
        {"if_none_match": tag},
        {"if_none_match": f'"x", {tag.removeprefix("W/")}'},
        {"if_none_match": "*"},
        {"if_modified_since": "Mon, 02 Mar 2026 04:00:00 GMT"},
    ):
        reply = newsroom.ask(accept_encoding="br", **asked)
        assert (reply.status, reply.body) == (304, b"")
        assert reply.headers["etag"] == tag
        assert "content-length" not in reply.headers
    assert newsroom.ask(if_none_match='"x"', if_modified_since="Mon, 02 Mar 2026 04:00:00 GMT").status == 200
    assert newsroom.renders == 1


def test_the_first_reader_who_has_the_page_makes_it_for_others_too(newsroom):
    assert newsroom.ask(if_none_match='"an older one"', method="HEAD").body == b""
    assert newsroom.ask().body == PAGE
    assert newsroom.renders == 1


def test_head_is_answered_from_the_page_without_its_bytes(newsroom):
    get, head = newsroom.ask(), newsroom.ask(method="HEAD")
    assert (head.status, head.headers, head.body) == (200, get.headers, b"")
    assert newsroom.renders == 1


def test_a_page_without_parameters_is_one_page_whatever_the_query(newsroom):
    for number in range(1_000):
        newsroom.ask(f"/a/?utm_source={number}&fbclid=x{number}")
    assert newsroom.renders == 1


def test_a_page_is_one_for_each_value_of_the_parameters_that_it_takes(newsroom):
    newsroom.application.headers[1] = ("No-Vary-Search", 'key-order, params, except=("q" "year")')
    same = ("?q=tea&year=2024", "?year=2024&q=tea", "?q=coffee&q=tea&year=2024&utm_source=x&year=2024")
    for query in (*same, "?q=tea", "?q=tea&year=", "?year=2024", "?q=%C3%A9", "?q=%E9", "?", "?sort="):
        newsroom.ask("/a/" + query)
    assert newsroom.renders == 6


def test_a_page_of_several_agencies_is_another_than_of_one(newsroom):
    newsroom.application.headers[1] = ("No-Vary-Search", 'key-order, params, except=("agency")')
    for query in ("?agency=a&agency=b", "?agency=b", "?agency=&agency=a&x=1&agency=b", "?agency=b&agency="):
        newsroom.ask("/a/" + query)
    assert newsroom.renders == 2


def test_a_page_that_says_nothing_of_parameters_is_another_for_each_query(newsroom):
    del newsroom.application.headers[1]
    for query in ("?a=1", "?a=2", "?a=1", "?b=1&a=1", "?a=1&b=1"):
        newsroom.ask("/a/" + query)
    assert newsroom.renders == 4


@pytest.mark.parametrize(
    "other",
    [
        {"host": "other.example"},
        {"accept_language": "ms"},
        {"cookie": "language=ta"},
        {"accept": "application/json"},
    ],
)
def test_another_host_language_or_format_is_another_page(newsroom, other):
    newsroom.ask()
    newsroom.ask(**other)
    assert newsroom.renders == 2


def test_another_scheme_is_another_page(newsroom, monkeypatch):
    monkeypatch.setattr(requests, "TRUSTED_SCHEME", "HTTP_X_FORWARDED_PROTO")
    newsroom.ask(x_forwarded_proto="http")
    newsroom.ask(x_forwarded_proto="https")
    assert newsroom.renders == 2


def test_headers_and_cookies_that_mean_the_same_are_the_same_page(newsroom):
    for number in range(50):
        newsroom.ask(accept=f"text/html,application/x-{number};q=0.{number + 10}", cookie=f"visit={number}")
    assert newsroom.renders == 1


@pytest.mark.parametrize(
    "request_of",
    [
        {"cookie": "sessionid=abc"},
        {"authorization": "Basic eA=="},
        {"range": "bytes=0-9"},
        {"method": "POST"},
        {"path": "/admin/"},
        {"path": "/accounts/preview/x/"},
        {"path": "/language/ms/"},
        {"path": "/healthz"},
        {"path": "/sitemap-news.xml"},
    ],
)
def test_what_is_one_persons_or_moves_by_itself_is_not_stored(newsroom, request_of):
    newsroom.ask(**request_of)
    newsroom.ask(**request_of)
    assert newsroom.renders == 2


@pytest.mark.parametrize(
    "status, header",
    [
        ("404 Not Found", None),
        ("410 Gone", None),
        ("301 Moved Permanently", None),
        ("500 Internal Server Error", None),
        ("200 OK", ("Set-Cookie", "language=ms")),
        ("200 OK", ("Cache-Control", "private, no-store")),
    ],
)
def test_an_answer_that_is_no_page_for_everybody_is_not_stored_and_has_its_length(newsroom, status, header):
    newsroom.application.status = status
    newsroom.application.headers += [header] if header else []
    for _ in range(2):
        reply = newsroom.ask()
        assert (reply.status, reply.body) == (int(status[:3]), PAGE)
    assert newsroom.renders == 2
    assert newsroom.ask(method="HEAD").body == b""


def test_a_file_passes_by_unread(newsroom):
    newsroom.application.streams = True
    assert newsroom.ask("/a.pdf").body == PAGE
    assert newsroom.ask("/a.pdf").body == PAGE
    assert newsroom.renders == 2


def test_a_file_that_the_proxy_sends_keeps_its_own_headers(newsroom):
    newsroom.application.headers += [("X-Accel-Redirect", "/_blobs/ab/ab"), ("ETag", '"ab"')]
    newsroom.application.body = b""
    for _ in range(2):
        headers = newsroom.ask("/a.pdf").headers
        assert headers["etag"] == '"ab"'
        assert "content-length" not in headers
    assert newsroom.renders == 2


def test_a_change_of_what_is_public_makes_every_page_anew(newsroom):
    newsroom.ask()
    newsroom.version, newsroom.application.body = "two", b"new"
    assert newsroom.ask().body == b"new"
    newsroom.version = "one"
    newsroom.ask()
    assert newsroom.renders == 3


def test_a_page_that_a_change_overtook_is_not_given_to_the_next_reader(newsroom):
    def change():
        newsroom.version = "two"

    newsroom.application.before = change
    assert newsroom.ask().body == PAGE
    newsroom.application.body = b"new"
    assert newsroom.ask().body == b"new"


def test_a_page_that_an_instant_overtook_is_not_given_to_the_next_reader(newsroom):
    def pass_time():
        newsroom.now = NOON + HOUR
        newsroom.boundary = NOON + 2 * HOUR

    newsroom.application.before = pass_time
    newsroom.ask()
    newsroom.application.body = b"after"
    assert newsroom.ask().body == b"after"


def test_a_boundary_that_moves_nearer_is_kept(newsroom):
    newsroom.ask()
    newsroom.version, newsroom.boundary = "two", NOON + HOUR / 2
    newsroom.ask()
    newsroom.now = NOON + HOUR / 2 - dt.timedelta(microseconds=1)
    newsroom.ask()
    assert newsroom.renders == 2
    newsroom.now, newsroom.boundary = NOON + HOUR / 2, NOON + HOUR
    newsroom.ask()
    assert newsroom.renders == 3


def test_without_a_version_nothing_is_stored(newsroom):
    newsroom.ask()
    newsroom.version = ""
    newsroom.ask()
    newsroom.ask()
    assert newsroom.renders == 3


def test_without_room_nothing_is_stored():
    newsroom = Newsroom(most_bytes=0)
    newsroom.ask()
    newsroom.ask()
    assert newsroom.renders == 2


def test_the_pages_asked_for_last_are_kept_within_the_room():
    newsroom = Newsroom(most_bytes=60_000)
    for number in range(100):
        newsroom.ask("/first/")
        newsroom.ask(f"/{number}/")
    assert newsroom.renders == 101
    newsroom.ask("/0/")
    assert newsroom.renders == 102


def test_a_page_that_would_fill_the_store_is_not_kept():
    newsroom = Newsroom(most_bytes=60_000)
    newsroom.application.body = b"x" * 40_000
    assert newsroom.ask().body == newsroom.ask().body
    assert newsroom.renders == 2


class Held:
    """A render that waits until the test lets it go on."""

    def __init__(self, newsroom):
        self.begun, self.free = threading.Event(), threading.Event()
        self.newsroom = newsroom
        self.threads = []
        self.replies = []
        newsroom.application.before = self.wait

    def wait(self):
        self.begun.set()
        assert self.free.wait(10)

    def ask(self, path, number=1):
        for _ in range(number):
            thread = threading.Thread(target=lambda: self.replies.append(self.newsroom.ask(path)))
            thread.start()
            self.threads.append(thread)
        assert self.begun.wait(10)

    def end(self):
        self.free.set()
        for thread in self.threads:
            thread.join(10)
        return self.replies


def test_all_who_ask_for_a_page_wait_for_the_one_who_makes_it(newsroom):
    held = Held(newsroom)
    held.ask("/a/", 20)
    assert {reply.body for reply in held.end()} == {PAGE}
    assert newsroom.renders == 1


def test_readers_of_other_pages_wait_for_nobody(newsroom):
    newsroom.ask("/b/")
    held = Held(newsroom)
    held.ask("/a/")
    assert newsroom.ask("/b/").body == PAGE
    held.end()


def test_a_reader_after_a_change_does_not_wait_for_a_page_of_before(newsroom):
    held = Held(newsroom)
    held.ask("/a/")
    newsroom.version = "two"
    newsroom.application.before, newsroom.application.body = (lambda: None), b"new"
    assert newsroom.ask("/a/").body == b"new"
    newsroom.application.body = PAGE
    held.end()
    assert newsroom.ask("/a/").body == b"new"


def test_who_waited_past_an_instant_gets_what_is_public_then(newsroom):
    held = Held(newsroom)
    held.ask("/a/", 2)
    newsroom.now, newsroom.boundary = NOON + HOUR, NOON + 2 * HOUR
    held.end()
    assert newsroom.renders == 2


def test_many_who_ask_for_what_is_not_stored_do_not_wait_in_a_row(newsroom):
    newsroom.application.status = "404 Not Found"
    held = Held(newsroom)
    held.ask("/nothing/", 8)
    held.end()
    assert newsroom.renders == 8


def test_an_application_that_fails_fails_for_one_reader_only(newsroom):
    def fail():
        newsroom.application.before = lambda: None
        raise ZeroDivisionError

    newsroom.application.before = fail
    with pytest.raises(ZeroDivisionError):
        newsroom.ask()
    assert newsroom.ask().body == PAGE


def test_a_query_that_finds_nothing_keeps_no_other_from_the_store(newsroom):
    newsroom.application.status = "404 Not Found"
    newsroom.ask("/a/?before=nowhere")
    newsroom.application.status = "200 OK"
    for _ in range(3):
        assert newsroom.ask("/a/").status == 200
    assert newsroom.renders == 2


def test_a_page_is_stored_once_an_error_has_passed(newsroom):
    newsroom.application.status = "500 Internal Server Error"
    newsroom.ask()
    newsroom.application.status = "200 OK"
    for _ in range(3):
        assert newsroom.ask().status == 200
    assert newsroom.renders == 2
