"""Pictures without the data that nobody sees (camera, place, author, thumbnails): every pixel stays as it
was, since what holds it is copied and not decoded."""

import struct
from collections.abc import Iterator

_JPEG_KEPT = frozenset(
    [0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF]
)
_JPEG_TABLES = frozenset([0xDB, 0xDC, 0xDD])
_SCAN, _JPEG_END = 0xDA, 0xD9
_PNG_KEPT = frozenset([b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"])
_PNG_COLOURS = frozenset([b"sRGB", b"gAMA", b"cHRM", b"cICP"])
_WEBP_KEPT = frozenset([b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"])
_WEBP_FLAGS = 0b00010010  # it has clear pixels; it moves
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


class PictureBroken(ValueError):
    """The parts of a picture do not follow each other as they should."""


def strip_hidden_data(data: bytes, kind: str) -> bytes:
    """`data` of a picture of `kind` ("JPEG", "PNG", "GIF" or "WEBP") without what no reader sees, a colour
    profile included. Raises PictureBroken."""
    parts = {"JPEG": _jpeg_parts, "PNG": _png_parts, "GIF": _gif_parts, "WEBP": _webp_parts}[kind]
    try:
        stripped = b"".join(parts(data))
    except (struct.error, IndexError) as error:
        raise PictureBroken("It ends too early.") from error
    return b"RIFF" + struct.pack("<I", len(stripped)) + stripped if kind == "WEBP" else stripped


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    yield b"\xff\xd8"
    place = 2
    while place < len(data):
        if data[place] != 0xFF:
            raise PictureBroken("There is no mark where one should be.")
        while data[place + 1] == 0xFF:
            place += 1
        mark = data[place + 1]
        if mark == _JPEG_END:
            break
        length = struct.unpack_from(">H", data, place + 2)[0]
        end = place + 2 + length
        yield from _jpeg_segment(mark, data[place:end])
        if mark == _SCAN:
            scan = end
            end = _end_of_scan(data, scan)
            yield data[scan:end]
        place = end
    yield b"\xff\xd9"


def _jpeg_segment(mark: int, segment: bytes) -> Iterator[bytes]:
    if mark in _JPEG_KEPT or mark in _JPEG_TABLES or mark == _SCAN:
        yield segment
    elif mark == 0xE0 and segment[4:9] == b"JFIF\0":
        yield b"\xff\xe0\0\x10" + segment[4:16] + b"\0\0"  # no thumbnail
    elif mark == 0xEE and segment[4:9] == b"Adobe":
        yield b"\xff\xee\0\x0e" + segment[4:16]  # how the colours are written


def _end_of_scan(data: bytes, place: int) -> int:
    """Where the next mark stands that is none within a scan; the end of the file where there is none."""
    while True:
        place = data.find(b"\xff", place)
        if place in (-1, len(data) - 1):
            return len(data)
        if data[place + 1] and not 0xD0 <= data[place + 1] <= 0xD7:
            return place
        place += 2


def _png_parts(data: bytes) -> Iterator[bytes]:
    kept = _PNG_KEPT if b"iCCP" in data[: data.find(b"IDAT")] else _PNG_KEPT | _PNG_COLOURS
    yield data[:8]
    place, name = 8, b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if name in kept:
            yield data[place:end]
        place = end


def _gif_parts(data: bytes) -> Iterator[bytes]:
    place = 13 + _colours_of(data[10])
    yield data[:place]
    while data[place] != 0x3B:
        start = place
        if data[place] == 0x2C:
            place += 10 + _colours_of(data[place + 9]) + 1
        elif data[place] == 0x21:
            place += 2
        else:
            raise PictureBroken("There is no block where one should be.")
        while data[place]:
            place += 1 + data[place]
        place += 1
        if data[start] == 0x2C or data[start + 1] == 0xF9 or data[start + 3 : start + 14] in _GIF_LOOPS:
            yield data[start:place]
    yield b";"


def _colours_of(flags: int) -> int:
    """Bytes of the table of colours that `flags` tell of."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _webp_parts(data: bytes) -> Iterator[bytes]:
    yield b"WEBP"
    place, last = 12, min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while place + 8 <= last:
        name, length = struct.unpack_from("<4sI", data, place)
        end = place + 8 + length + length % 2
        if name == b"VP8X":
            flags = bytes([data[place + 8] & _WEBP_FLAGS])
            yield data[place : place + 8] + flags + data[place + 9 : end]
        elif name in _WEBP_KEPT:
            yield data[place:end]
        place = end
