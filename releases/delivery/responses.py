"""A finished answer, and the bytes of it in the encodings that readers take."""

import gzip
import hashlib
import re
from collections.abc import Callable, Iterable
from functools import lru_cache, partial

import brotli

Headers = list[tuple[str, str]]
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=5),
    "gzip": partial(gzip.compress, compresslevel=6, mtime=0),
}
SMALLEST = 200  # bytes; below this, compressing saves nothing
OVERHEAD = 2_000  # bytes that an entry takes beside its bodies, about
OWN = {"content-length", "etag", "vary"}
TAG = re.compile(r'(?:W/)?("[^"]*")')


class StoredResponse:
    """The bytes of a page with its headers; compressed when an encoding is first asked for, and kept."""

    def __init__(self, status: str, headers: Headers, body: bytes) -> None:
        self.status = status
        self.etag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
        self.last_modified = _get(headers, "last-modified")
        vary = ", ".join(filter(None, [_get(headers, "vary"), "Accept-Encoding"]))
        self._headers = [pair for pair in headers if pair[0].lower() not in OWN]
        # Weak: one tag for all encodings of the same page.
        self._headers += [("Vary", vary), ("ETag", f"W/{self.etag}")]
        self._bodies = {"identity": (self._headers_for("identity", body), body)}

    @property
    def size(self) -> int:
        """Bytes of memory that it takes, about, once every encoding has been asked for."""
        return OVERHEAD + len(self._bodies["identity"][1]) * 2

    def is_known_to(self, if_none_match: str, if_modified_since: str) -> bool:
        """Whether the reader has this very page, by the headers of the request (RFC 9110, section 13)."""
        if if_none_match:
            return if_none_match.strip() == "*" or self.etag in TAG.findall(if_none_match)
        return bool(if_modified_since) and if_modified_since == self.last_modified

    def headers_of_unchanged(self) -> Headers:
        """Those of a 304."""
        return [pair for pair in self._headers if pair[0] != "Content-Type"]

    def is_encoded(self, accepted: str) -> bool:
        """Whether `encode` has nothing left to compress."""
        return self._choose_encoding(accepted) in self._bodies

    def encode(self, accepted: str) -> tuple[Headers, bytes]:
        """Headers and bytes in the best encoding that an Accept-Encoding allows."""
        encoding = self._choose_encoding(accepted)
        if encoding not in self._bodies:
            body = COMPRESSORS[encoding](self._bodies["identity"][1])
            self._bodies[encoding] = self._headers_for(encoding, body), body
        return self._bodies[encoding]

    def _choose_encoding(self, accepted: str) -> str:
        is_small = len(self._bodies["identity"][1]) < SMALLEST
        return "identity" if is_small else choose_encoding(accepted)

    def _headers_for(self, encoding: str, body: bytes) -> Headers:
        named = [] if encoding == "identity" else [("Content-Encoding", encoding)]
        return [*self._headers, ("Content-Length", str(len(body))), *named]


def is_stream(headers: Headers, response: Iterable[bytes]) -> bool:
    """Whether the bytes of an answer of Django are a file's, sent piece by piece or by the proxy."""
    return getattr(response, "streaming", True) or bool(_get(headers, "x-accel-redirect"))


def may_be_kept(status: str, headers: Headers, response: Iterable[bytes]) -> bool:
    """Whether an answer of Django is a whole page that is everybody's."""
    control = _get(headers, "cache-control")
    is_everybodys = not _get(headers, "set-cookie") and "private" not in control and "no-store" not in control
    return status.startswith("200 ") and is_everybodys and not is_stream(headers, response)


def read_taken_names(headers: Headers) -> frozenset[str] | None:
    """The parameters that a page takes, by its No-Vary-Search; None where it has none, and all may matter."""
    rule = _get(headers, "no-vary-search")
    return frozenset(re.findall(r'"([^"]*)"', rule)) if rule else None


@lru_cache(maxsize=256)
def choose_encoding(accepted: str) -> str:
    """`br`, `gzip` or `identity`, for the value of an Accept-Encoding header."""
    weights = dict(map(_read_weight, accepted.lower().split(",")))
    return next((name for name in COMPRESSORS if weights.get(name, weights.get("*", 0.0)) > 0), "identity")


def _read_weight(choice: str) -> tuple[str, float]:
    name, _, weight = choice.partition(";")
    found = re.fullmatch(r"\s*q=(\d(?:\.\d{0,3})?)\s*", weight)
    return name.strip(), float(found[1]) if found else 1.0


def _get(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")
