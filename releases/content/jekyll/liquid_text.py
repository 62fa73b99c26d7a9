"""What there is to know of a text with Liquid without reading it as a template."""

import re
from collections.abc import Mapping

_BEFORE_TARGET = (
    r"\]\([ \t]{0,9}<?|\b(?:href|src)[ \t]{0,9}=[ \t]{0,9}[\"']?|^ {0,3}\[[^\[\]\n]{1,200}\]:[ \t]{0,9}<?"
)
_OPENING = re.compile(r"\{[{%]")


def may_hold_liquid(text: str) -> bool:
    """Whether Jekyll would find values or tags in a text."""
    return "{{" in text or "{%" in text


def is_template(front: Mapping[str, object]) -> bool:
    """Whether Jekyll renders the text below this front matter."""
    return str(front.get("render_with_liquid")).lower() != "false"


def escape_liquid(text: str) -> str:
    """A template that says exactly this text."""
    return _OPENING.sub(lambda opening: f"{{% raw %}}{opening[0]}{{% endraw %}}", text)


def lead_to_root(text: str, host: str, base: str) -> str:
    """A text whose links to its own site, at `host` without www and below the path `base`, begin at the root;
    either may be empty."""
    own = rf"(?:(?:https?:)?//(?:www\.)?{re.escape(host)})?" if host else ""
    below = rf"(?:{re.escape(base)}(?=/))?" if base else ""
    return re.sub(rf"({_BEFORE_TARGET}){own}{below}(?=/)", r"\1", text, flags=re.IGNORECASE | re.MULTILINE)
