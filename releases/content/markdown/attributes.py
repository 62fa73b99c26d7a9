"""Attribute lists: `{:start="2" .class #id}`, on a line of its own or behind a span."""

import re

from releases.content.markdown.nodes import Attributes

_ITEM = re.compile(
    r"""(?:\A|(?<=\s))(?:(?P<key>[\w:][\w:-]*)=(?P<quote>["'])(?P<value>(?:\\\}|\\(?P=quote)|(?!(?P=quote))[^}])*?)(?P=quote)"""
    r"""|\#(?P<id>[A-Za-z][\w:-]*)|\.(?P<class>-?[A-Za-z_][\w-]*))(?=\s|\Z|\.|\#)""",
    re.ASCII,
)


def parse_attributes(text: str) -> Attributes:
    """`start="2"` and so on; what is not understood, curly quotes for one, is passed over in silence as
    kramdown does."""
    found: Attributes = {}
    for item in _ITEM.finditer(text):
        if item["key"]:
            add_attribute(found, item["key"], re.sub(r"\\([\\}\"'])", r"\1", item["value"]))
        elif item["id"]:
            found["id"] = item["id"]
        else:
            add_attribute(found, "class", item["class"])
    return found


def add_attribute(attributes: Attributes, key: str, value: str) -> None:
    """Set an attribute; classes gather."""
    if key == "class" and attributes.get("class"):
        value = f"{attributes['class']} {value}"
    attributes[key] = value


def merge_attributes(attributes: Attributes, more: Attributes) -> None:
    """Add `more` to `attributes`, in place: classes join, any other value takes the place of the one
    before."""
    for key, value in more.items():
        add_attribute(attributes, key, value)
