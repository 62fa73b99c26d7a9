"""What there is to know of a text with Liquid without reading it as a template."""

import re
from collections.abc import Mapping

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
