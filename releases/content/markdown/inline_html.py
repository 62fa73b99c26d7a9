"""HTML inside a line: parsed up to its end tag; tags of the block level and stray end tags are text."""

import re

from markdown_it.rules_inline import StateInline

from releases.content.markdown import inline, patterns, tags


def tag(state: StateInline) -> bool:
    document = inline.reading(state).document
    if end := tags.comment(state.src, state.pos, document):
        state.pos = end
        return True
    if closing := tags.CLOSING.match(state.src, state.pos):
        return inline.text(state, closing[0])
    found = tags.TAG.match(state.src, state.pos)
    if found is None:
        return False
    if found[1].lower() in patterns.BLOCK_TAGS or inline.too_deep(state):
        return inline.text(state, found[0])
    return _element(state, found)


def _element(state: StateInline, found: re.Match[str]) -> bool:
    name = found[1].lower()
    if name in ("script", "style"):
        end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(state.src, found.end())
        state.pos = end.end() if end else state.posMax
        return True
    void = name in patterns.VOID_TAGS
    given = {key: value.replace("\n", " ") for key, value in tags.attributes_of(found[2]).items()}
    inline.push(state, "tag_open", name, 0 if void else 1, attrs=given)
    state.pos = found.end()
    if found[3] or void:
        if not void:
            inline.push(state, "tag_close", name, -1)
        return True
    raw = name not in patterns.PARSED_TAGS or inline.is_raw(state)
    if inline.within(state, f"<{name}>", lambda state: _end(state, name) > 0, RAW if raw else None):
        state.pos = _end(state, name)
    inline.push(state, "tag_close", name, -1)
    return True


def _end(state: StateInline, name: str) -> int:
    """Where the end tag ends that stands at the position; 0 when none does."""
    if not state.src.startswith("</", state.pos):
        return 0
    closing = tags.CLOSING.match(state.src, state.pos)
    return closing.end() if closing and closing[1].lower() == name else 0


RAW: dict[str, tuple[inline.Rule, ...]] = {"<": (tag,), "&": (inline.entity,)}
