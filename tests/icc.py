"""Colour profiles, small and valid, made without a library: matrices with one curve (ICC version 2)."""

import struct

D50 = (0.9642, 1.0, 0.8249)
DISPLAY_P3 = ((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841))
ADOBE_RGB = ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446))


def make_profile(primaries=DISPLAY_P3, gamma=2.2):
    """A profile of colours with these primaries, as XYZ."""
    return _assemble(
        b"RGB ",
        {
            b"wtpt": _xyz(D50),
            **{name: _xyz(value) for name, value in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)},
            **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _curve(gamma)),
        },
    )


def make_grey_profile(gamma=1.0):
    """A profile of greys."""
    return _assemble(b"GRAY", {b"wtpt": _xyz(D50), b"kTRC": _curve(gamma)})


def _xyz(values):
    return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _curve(gamma):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"


def _assemble(space, tags):
    name = b"Test\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(81),
        b"cprt": b"text\0\0\0\0none\0",
        **tags,
    }
    table, body = b"", b""
    start = 132 + 12 * len(tags)
    for name, data in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">I4sI4s4s4s", start + len(body), bytes(4), 0x02100000, b"mntr", space, b"XYZ ")
    head += (
        bytes(12) + b"acsp" + bytes(28) + struct.pack(">iii", *(round(v * 65536) for v in D50)) + bytes(48)
    )
    return head[:128] + struct.pack(">I", len(tags)) + table + body
