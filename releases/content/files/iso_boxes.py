"""Files made of boxes (ISO base media): pictures, sound and films, told apart by the brands in their head."""

_PICTURES = ((b"avif", "image/avif"), (b"avis", "image/avif"))
_HEIC = frozenset([b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"])
_SOUND = frozenset([b"M4A ", b"M4B ", b"M4P "])
_NO_MEDIA = frozenset([b"crx ", b"jp2 ", b"jpx "])


def identify_boxes(head: bytes, extension: str) -> str:
    """The media type by the brands of the first box, the main one before those that it is compatible with;
    the extension tells sound from film where both have the same brands. "" for what is none of them."""
    size = int.from_bytes(head[:4], "big")
    main = head[8:12]
    brands = {main, *(head[start : start + 4] for start in range(16, min(size, len(head), 1024), 4))}
    for brand, media_type in _PICTURES:
        if brand in brands:
            return media_type
    if main in _NO_MEDIA:
        return ""
    if brands & _HEIC:
        return "image/heic"
    if main in _SOUND or extension in ("m4a", "m4b"):
        return "audio/mp4"
    if main == b"qt  ":
        return "video/quicktime"
    return "video/3gpp" if main.startswith((b"3gp", b"3g2")) and extension == "3gp" else "video/mp4"
