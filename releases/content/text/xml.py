"""Text that an XML 1.0 document may hold."""

import re

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def strip_illegal(text: str) -> str:
    """The text without characters that no XML document may hold, such as control characters."""
    return _ILLEGAL.sub("", text)
