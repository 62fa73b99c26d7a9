"""What is asked of other sites. Real servers on loopback stand for public machines: a connection to a public
address is led to them. Which address is public, and which port, is judged by the rules of production."""

import contextlib
import datetime as dt
import socket
import ssl
import time
from itertools import cycle
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from releases.models import OutsideLink
from releases.services.operations import web_client
from releases.services.operations.web_client import WebClient, is_public

PUBLIC = "93.184.215.14"
Trouble = OutsideLink.Trouble
OK = b"HTTP/1.1 200 OK\r\n\r\n"


class Site:
    """Answers each connection with the next of its answers: pieces of bytes, and seconds to wait."""

    def __init__(self, *answers, context=None):
        self.asked, self.sent, self.answers, self.context = [], 0, list(answers), context
        self.listener = socket.create_server(("127.0.0.1", 0))
        Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while self.answers:
            stream, _ = self.listener.accept()
            with contextlib.suppress(OSError), stream:
                self._answer(
                    stream if not self.context else self.context.wrap_socket(stream, server_side=True)
                )

    def _answer(self, stream):
        self.asked.append(stream.recv(9000).decode())
        for piece in self.answers.pop(0):
            if isinstance(piece, bytes):
                stream.sendall(piece)
                self.sent += len(piece)
            else:
                time.sleep(piece)
        stream.close()


class Internet:
    """Names with their machines, and public machines with the sites that they are."""

    def __init__(self, site, **names):
        self.site, self.names = site, {name.replace("_", "."): answers for name, answers in names.items()}
        self.resolved, self.dialled, self.turns = [], [], []

    def client(self, **options):
        return WebClient(self.turns.append, self.resolve, self.dial, **options)

    def resolve(self, host, port):
        self.resolved.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        answers = self.names[host]
        return answers if isinstance(answers, list) else next(answers)

    def dial(self, address, timeout):
        self.dialled.append(address)
        return socket.create_connection(self.site.listener.getsockname(), timeout)


INSIDE = (
    "127.0.0.1 0.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 100.64.0.1 100.100.100.200 169.254.169.254 168.63.129.16 192.0.0.192 192.88.99.1 198.18.0.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 ::"
    " ::1 ::ffff:127.0.0.1 ::ffff:93.184.215.14 ::93.184.215.14 64:ff9b::7f00:1 64:ff9b:1::1 64:ff9b::5db8:d70e 100::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:5db8:d70e::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1"
).split()


@pytest.mark.parametrize("address", INSIDE)
def test_only_public_machines_are_asked(address):
    assert not is_public(address)
    internet = Internet(Site(), news_example=[PUBLIC, address])
    assert internet.client().ask("http://news.example/") == (None, Trouble.NOT_PUBLIC)
    assert internet.dialled == []


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450::1"]
)
def test_machines_of_the_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://news.example/",
        "file:///etc/passwd",
        "gopher://news.example/",
        "//news.example/",
        "http:///path",
        "http://news.example:22/",
        "https://news.example:8443/",
        "http://us:pw@news.example/",
        "http://news.example:99999/",
        "http://[::1",
        "http://" + "a" * 64 + ".example/",
        "javascript:alert(1)",
        "",
    ],
)
def test_what_is_no_plain_web_address_is_not_even_looked_up(url):
    internet = Internet(Site(), news_example=[PUBLIC])
    assert internet.client().ask(url) == (None, Trouble.UNASKED)
    assert (internet.resolved, internet.turns) == ([], [])


def test_an_address_with_digits_for_a_name_is_judged_by_what_it_resolves_to():
    client = WebClient(lambda host: None)
    for host in ("2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "localhost"):
        assert client.ask(f"http://{host}/") == (None, Trouble.NOT_PUBLIC)


def test_the_connection_goes_to_the_address_that_was_judged():
    """The name is asked once; what it means to whoever asks next is never found out."""
    internet = Internet(Site([OK]), news_example=cycle([[PUBLIC], ["127.0.0.1"]]))
    assert internet.client().ask("http://news.example/") == (200, "")
    assert (internet.resolved, internet.dialled) == (["news.example"], [(PUBLIC, 80)])


def test_each_redirect_is_judged_anew():
    for location, trouble in (
        ("http://inside.example/", Trouble.NOT_PUBLIC),
        ("http://169.254.169.254/latest/meta-data/", Trouble.NOT_PUBLIC),
        ("http://news.example:6379/", Trouble.UNASKED),
        ("file:///etc/passwd", Trouble.UNASKED),
        ("http://[::1", Trouble.UNASKED),
    ):
        site = Site([f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n".encode()])
        machines = {"169_254_169_254": ["169.254.169.254"], "inside_example": ["10.0.0.1"]}
        internet = Internet(site, news_example=[PUBLIC], **machines)
        assert internet.client().ask("http://news.example/") == (None, trouble), location
        assert internet.dialled == [(PUBLIC, 80)]


def test_three_redirects_are_followed_each_in_its_hosts_turn_and_no_fourth():
    on = b"HTTP/1.1 301 Moved\r\nLocation: /next?a=\xc3\xa9\r\n\r\n"
    internet = Internet(Site([on], [on], [on], [b"HTTP/1.1 404 Not Found\r\n\r\n"]), news_example=[PUBLIC])
    assert internet.client().ask("http://news.example/") == (404, "")
    assert internet.turns == ["news.example"] * 4
    assert internet.site.asked[3].startswith("GET /next?a=%C3%A9 HTTP/1.1\r\nHost: news.example\r\n")
    site = Site(*[[on]] * 5)
    assert Internet(site, news_example=[PUBLIC]).client().ask("http://news.example/") == (None, Trouble.FAR)
    assert len(site.asked) == 4


def test_the_question_says_nothing_of_who_asks():
    site = Site([OK])
    Internet(site, news_example=[PUBLIC]).client().ask("http://news.example/a b#part")
    assert site.asked == [
        "GET /a%20b HTTP/1.1\r\nHost: news.example\r\nUser-Agent: Mozilla/5.0 (compatible; link check)\r\n"
        "Accept: */*\r\nConnection: close\r\n\r\n"
    ]


@pytest.mark.parametrize(
    "answer",
    [
        [60.0],
        [b"HTTP/1.1 200 OK\r\n", *[piece for _ in range(200) for piece in (b"A: b\r\n", 0.05)]],
        [b"HTTP/1.1 100 Continue\r\n\r\n", 60.0],
    ],
    ids=["silent", "a header a moment", "an answer that is none"],
)
def test_no_site_keeps_the_worker_longer_than_its_seconds(answer, monkeypatch):
    monkeypatch.setattr(web_client, "SECONDS", 0.5)
    began = time.monotonic()
    assert Internet(Site(answer), news_example=[PUBLIC]).client().ask("http://news.example/") == (
        None,
        Trouble.SILENT,
    )
    assert 0.4 < time.monotonic() - began < 2


def test_a_resolver_that_takes_its_time_counts_too(monkeypatch):
    monkeypatch.setattr(web_client, "SECONDS", 0.3)
    client = WebClient(lambda host: None, lambda host, port: time.sleep(1) or [PUBLIC])
    began = time.monotonic()
    assert client.ask("http://news.example/") == (None, Trouble.SILENT)
    assert time.monotonic() - began < 0.9


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 200 OK\r\nA: " + b"b" * 10_000_000, b"A: b\r\n" * 2_000_000, b"\0" * 10_000_000, b""],
)
def test_no_more_is_read_than_the_head_of_an_answer(answer):
    pieces = [answer[at : at + 65_536] for at in range(0, len(answer), 65_536)]
    site = Site(pieces)
    assert Internet(site, news_example=[PUBLIC]).client().ask("http://news.example/") == (
        None,
        Trouble.SILENT,
    )
    assert site.sent < 8_000_000  # what the system keeps of a connection; we read 64,000


def test_the_body_of_a_large_answer_is_left(monkeypatch):
    site = Site([OK, *[b"x" * 65_536] * 200])
    assert Internet(site, news_example=[PUBLIC]).client().ask("http://news.example/") == (200, "")
    assert site.sent < 8_000_000


def test_a_name_that_nobody_has_is_told_from_a_resolver_that_is_away():
    assert Internet(Site()).client().ask("http://news.example/") == (None, Trouble.NO_HOST)

    def away(host, port):
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    assert WebClient(lambda host: None, away).ask("http://news.example/") == (None, Trouble.SILENT)


def test_a_machine_that_is_away_leaves_the_question_to_the_next(monkeypatch):
    internet = Internet(Site([OK]), news_example=["2a00:1450::1", PUBLIC])
    through = internet.dial

    def dial(address, timeout):
        if ":" in address[0]:
            raise OSError("no way to there")
        return through(address, timeout)

    assert WebClient(lambda host: None, internet.resolve, dial).ask("http://news.example/") == (200, "")


def test_a_certificate_has_to_be_that_of_the_host(tmp_path):
    for name, answer in (("news.example", (200, "")), ("other.example", (None, Trouble.CERTIFICATE))):
        ours, theirs = certify(tmp_path, name)
        internet = Internet(Site([OK], context=theirs), news_example=[PUBLIC])
        assert internet.client(context=ours).ask("https://news.example/") == answer
        assert internet.dialled == [(PUBLIC, 443)]


def certify(folder, name):
    """What the client and the server know of a certificate for `name`."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder(
            called, called, key.public_key(), x509.random_serial_number(), now - day, now + day
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    own = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "site.pem").write_bytes(own + pem)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(folder / "site.pem")
    return ssl.create_default_context(cadata=pem.decode()), theirs
