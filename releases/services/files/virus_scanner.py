"""A virus scanner that speaks clamd's protocol, asked about one file at a time."""

import socket
from typing import BinaryIO
from urllib.parse import urlsplit

SECONDS = 60
CHUNK = 1 << 16
LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """The scanner does not answer; nothing is known of any file."""


class NotScanned(Exception):
    """The scanner answered, but not whether this file is clean; the message is its own."""


def scan_stream(url: str, stream: BinaryIO) -> str:
    """The name of what the scanner at `url` (`tcp://HOST:PORT` or `unix:///PATH`) found in `stream`; "" when it
    is clean. Raises ScannerAway, NotScanned."""
    try:
        with _connect(url) as connection:
            answer = _ask(connection, stream)
    except OSError as error:
        raise ScannerAway(str(error)) from error
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise NotScanned(answer)


def _ask(connection: socket.socket, stream: BinaryIO) -> str:
    """What it answers to the command INSTREAM, whose chunks tell their length and end with an empty one."""
    try:
        connection.sendall(b"zINSTREAM\0")
        while chunk := stream.read(CHUNK):
            connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
        connection.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it had enough, and has said why
    answer = b""
    while b"\0" not in answer and len(answer) < LONGEST_ANSWER and (part := connection.recv(CHUNK)):
        answer += part
    if b"\0" not in answer:
        raise ConnectionAbortedError("it ended the connection within its answer")
    return answer.partition(b"\0")[0].decode("utf-8", "replace")


def _connect(url: str) -> socket.socket:
    place = urlsplit(url)
    if place.scheme == "tcp":
        return socket.create_connection((place.hostname, place.port), timeout=SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(SECONDS)
    connection.connect(place.path)
    return connection
