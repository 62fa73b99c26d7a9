"""Pictures that lie on other sites: the name under which each is saved, and texts in which they come from
here."""

import hashlib
import html
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_END = r"(?=[\s)>\]\"']|$)"
LONGEST_NAME = 60


def name_picture(address: str) -> str:
    """The name of a file for the picture at an address, the same each time and no other's: part of a digest,
    and its own name."""
    digest = hashlib.sha256(address.strip().encode("utf-8", "replace")).hexdigest()[:10]
    try:
        name = unquote(urlsplit(address.strip()).path).rstrip("/").rpartition("/")[2]
    except ValueError:
        name = ""
    plain = _UNSAFE.sub("-", name).strip("-.")[-LONGEST_NAME:].lstrip("-.")
    return f"{digest}-{plain}" if plain else digest


def replace_targets(text: str, targets: Mapping[str, str]) -> str:
    """A Markdown text whose links and pictures lead to what `targets` has for theirs, as they are decoded."""
    for target, other in targets.items():
        written = "|".join(re.escape(one) for one in dict.fromkeys((target, html.escape(target))))
        text = re.sub(rf"(?<=[\s(<\"'=])(?:{written}){_END}", other.replace("\\", r"\\"), text)
    return text
