"""Files made of boxes (ISO base media): pictures, sound and films, told apart by the brands in their head."""

_PICTURES = ((b"avif", "image/avif"), (b"avis", "image/avif"))
_HEIC = frozenset([b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"])
_SOUND = frozenset([b"M4A ", b"M4B ", b"M4P "])
_OLD_FILMS = frozenset([b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"])
"""Boxes with which films of older cameras begin; they have no brands."""
_NO_MEDIA = frozenset([b"crx ", b"jp2 ", b"jpx "])


def identify_boxes(head: bytes, extension: str) -> str:
    """The media type by the brands of the first box, the main one before those that it is compatible with;
    the extension tells sound from film where both have the same brands. "" for what is none of them."""
    if head[4:8] in _OLD_FILMS:
        return "video/quicktime" if extension == "mov" else ""
    main, brands = _read_brands(head) if head[4:8] == b"ftyp" else (b"", set())
    for brand, media_type in _PICTURES:
        if brand in brands:
            return media_type
    if not main or main in _NO_MEDIA:
        return ""
    return _tell_apart(main, brands, extension)


def _read_brands(head: bytes) -> tuple[bytes, set[bytes]]:
    """The main brand of the first box, and all of them."""
    size, first = int.from_bytes(head[:4], "big"), 8
    if size == 1:  # a longer number says it
        size, first = int.from_bytes(head[8:16], "big"), 16
    main = head[first : first + 4]
    others = range(first + 8, min(size, len(head), 1024), 4)
    return main, {main, *(head[start : start + 4] for start in others)}


def _tell_apart(main: bytes, brands: set[bytes], extension: str) -> str:
    if brands & _HEIC:
        return "image/heic"
    if main in _SOUND or extension in ("m4a", "m4b"):
        return "audio/mp4"
    if main == b"qt  ":
        return "video/quicktime"
    return "video/3gpp" if main.startswith((b"3gp", b"3g2")) and extension == "3gp" else "video/mp4"
