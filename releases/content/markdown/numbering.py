"""Numbers as typed: readers and lawyers cite them, so a list shows what its author wrote, also where kramdown
lost it."""

from releases.content.markdown.nodes import Node

HIGHEST_NUMBER = 2**31 - 1


def set_numbers(ordered: Node) -> bool:
    """Set `start` and `value` so that an `ol` shows the typed numbers; tells whether kramdown showed others.

    An attribute line (`{:start="4"}`) wins over the number of the first item. A list typed 1. 1. 1. counts
    on.
    """
    items = ordered.children
    typed = [item.typed for item in items]
    given = _integer(ordered.attributes.get("start", ""))
    if given is None:
        ordered.attributes.pop("start", None)
    first = 1 if given is None else given
    before = list(range(first, first + len(items)))
    if given is not None and given != typed[0]:
        return False
    shown = before if given is None and set(typed) == {1} else typed
    if shown[0] != 1:
        ordered.attributes["start"] = str(shown[0])
    for item, wanted, previous in zip(items[1:], shown[1:], shown[:-1], strict=True):
        if wanted != previous + 1:
            item.attributes["value"] = str(wanted)
    return shown != before


def _integer(text: str) -> int | None:
    text = text.strip(" \t")
    return min(int(text), HIGHEST_NUMBER) if text.isascii() and text.isdigit() and len(text) < 12 else None
