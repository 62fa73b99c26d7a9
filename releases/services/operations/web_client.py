"""Asking web addresses whether anything is there: http and https, public machines only, nothing kept of an answer
but its status.

Whoever writes a text chooses the addresses, and an answer can lead on to any other. So the addresses of a host are
judged, and the connection goes to one that was judged: a name that means something else a moment later changes
nothing.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import NamedTuple, Self
from urllib.parse import urljoin, urlsplit

import h11
from django.utils.encoding import iri_to_uri, punycode

from releases.models import OutsideLink

Trouble = OutsideLink.Trouble
SECONDS = 5.0
"""For one address with all that it leads on to."""
MOST_BYTES = 64_000
MOST_REDIRECTS = 3
MOST_MACHINES = 4
PORTS = {"http": 80, "https": 443}
REDIRECTS = (301, 302, 303, 307, 308)
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# Addresses that count as global and yet lead into somebody's own network: protocols' own (of which one tells
# machines of a cloud about themselves), relays of 6to4, the like of that cloud machine at Azure, Teredo, 6to4, documentation.
REFUSED = [
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "168.63.129.16/32",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
    )
]


class WebAnswer(NamedTuple):
    """`status` is that of HTTP; None where there is a `trouble`."""

    status: int | None
    trouble: Trouble | str = ""


class NoAnswerError(Exception):
    """There is no status, for the reason given."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.label)
        self.trouble = trouble


class Target(NamedTuple):
    """An address taken apart, each part as it goes over the wire."""

    is_secure: bool
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, url: str) -> Self:
        """Raises NoAnswerError for what is not asked: other schemes and ports, names and passwords."""
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS.get(parts.scheme, 0)
            host = punycode(parts.hostname or "")
        except ValueError:
            raise NoAnswerError(Trouble.UNASKED) from None
        if parts.scheme not in PORTS or port not in PORTS.values() or not host or "@" in parts.netloc:
            raise NoAnswerError(Trouble.UNASKED)
        path = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        return cls(parts.scheme == "https", host, port, path)


def is_public(address: str) -> bool:
    """Whether an IP address is a machine that anybody on the internet can ask, in no other address's guise."""
    machine = ipaddress.ip_address(address)
    if machine.version == 6 and machine not in GLOBAL_UNICAST:
        return False
    if machine.is_multicast or machine.is_reserved or not machine.is_global:
        return False
    return not any(machine in network for network in REFUSED)


def resolve_host(host: str, port: int) -> list[str]:
    """Every IP address of a host. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class WebClient:
    """`take_turn` waits until a host may be asked; `resolve` tells the addresses of a host and a port, and `connect` opens a
    connection to (address, port) within seconds: both raise OSError."""

    take_turn: Callable[[str], None]
    resolve: Callable[[str, int], Sequence[str]] = resolve_host
    connect: Callable[[tuple[str, int], float], socket.socket] = socket.create_connection
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def ask(self, url: str) -> WebAnswer:
        """What is at `url`, within SECONDS from its host's turn."""
        try:
            target = Target.parse(url)
            self.take_turn(target.host)
            until = time.monotonic() + SECONDS
            for _ in range(MOST_REDIRECTS + 1):
                status, url = self._request(target, url, until)
                if status not in REDIRECTS or not url:
                    return WebAnswer(status)
                target = Target.parse(url)
                self.take_turn(target.host)
        except NoAnswerError as error:
            return WebAnswer(None, error.trouble)
        except ssl.SSLCertVerificationError:  # which is a ValueError too
            return WebAnswer(None, Trouble.CERTIFICATE)
        except ValueError:
            return WebAnswer(None, Trouble.UNASKED)
        except (OSError, h11.ProtocolError):
            return WebAnswer(None, Trouble.SILENT)
        return WebAnswer(None, Trouble.FAR)

    def _request(self, target: Target, url: str, until: float) -> tuple[int, str]:
        """The status, and where it leads on ("": nowhere)."""
        with closing(self._open(target, until)) as stream:
            protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_BYTES)
            name = f"[{target.host}]" if ":" in target.host else target.host
            headers = [
                ("Host", name),
                ("User-Agent", "Mozilla/5.0 (compatible; link check)"),
                ("Accept", "*/*"),
            ]
            headers.append(("Connection", "close"))
            asked = protocol.send(h11.Request(method="GET", target=target.path, headers=headers)) or b""
            stream.settimeout(_left(until))
            stream.sendall(asked)
            response = _read_head(stream, protocol, until)
        location = dict(response.headers).get(b"location", b"").decode("utf-8", "replace")
        return response.status_code, urljoin(url, location) if location else ""

    def _open(self, target: Target, until: float) -> socket.socket:
        """A connection to a machine of the host, every one of which is public."""
        stream = self._dial(self._find_machines(target, until), target.port, until)
        if not target.is_secure:
            return stream
        try:
            stream.settimeout(_left(until))
            return self.context.wrap_socket(stream, server_hostname=target.host)
        except OSError:
            stream.close()
            raise

    def _find_machines(self, target: Target, until: float) -> Sequence[str]:
        pool = ThreadPoolExecutor(1)  # a resolver takes the time that it takes
        try:
            machines = pool.submit(self.resolve, target.host, target.port).result(_left(until))
        except (socket.gaierror, UnicodeError) as error:
            is_away = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
            raise NoAnswerError(Trouble.SILENT if is_away else Trouble.NO_HOST) from error
        finally:
            pool.shutdown(wait=False)
        if not machines or not all(is_public(machine) for machine in machines):
            raise NoAnswerError(Trouble.NOT_PUBLIC)
        return machines[:MOST_MACHINES]

    def _dial(self, machines: Sequence[str], port: int, until: float) -> socket.socket:
        for machine in machines[:-1]:
            try:
                return self.connect((machine, port), _left(until) / 2)
            except OSError:
                continue
        return self.connect((machines[-1], port), _left(until))


def _read_head(stream: socket.socket, protocol: h11.Connection, until: float) -> h11.Response:
    """The head of the answer, of which the body is never read. Raises ProtocolError, OSError."""
    left = MOST_BYTES
    while True:
        event = protocol.next_event()
        if isinstance(event, h11.Response):
            return event
        if event is h11.NEED_DATA and left:
            stream.settimeout(_left(until))
            data = stream.recv(min(left, 4096))
            left -= len(data)
            protocol.receive_data(data)
        elif not isinstance(event, h11.InformationalResponse):
            raise NoAnswerError(Trouble.SILENT)


def _left(until: float) -> float:
    """Seconds left. Raises TimeoutError when none are."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
