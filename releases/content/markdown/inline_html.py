"""HTML inside a line: parsed up to its end tag; tags of the block level and stray end tags are text."""

import re

from markdown_it.rules_inline import StateInline

from releases.content.markdown import inline, patterns, tags


def read_tag(state: StateInline) -> bool | inline.Opening:
    document = inline.get_reading(state).document
    if end := tags.find_comment_end(state.src, state.pos, document):
        state.pos = end
        return True
    if closing := tags.CLOSING.match(state.src, state.pos):
        return inline.write_text(state, closing[0])
    found = tags.TAG.match(state.src, state.pos)
    if found is None:
        return False
    name = found[1].lower()
    if name in patterns.BLOCK_TAGS or inline.is_too_deep(state):
        return inline.write_text(state, found[0])
    if name in ("script", "style"):
        return _skip(state, found)
    return _write(state, found)


def _skip(state: StateInline, found: re.Match[str]) -> bool:
    """Pass over a script or style whole."""
    end = re.compile(rf"</{found[1]}\s*>", re.IGNORECASE).search(state.src, found.end())
    state.pos = end.end() if end else state.posMax
    return True


def _write(state: StateInline, found: re.Match[str]) -> bool | inline.Opening:
    """Write a start tag; the text inside the element is read next."""
    name = found[1].lower()
    void = name in patterns.VOID_TAGS
    given = {key: value.replace("\n", " ") for key, value in tags.parse_attributes(found[2]).items()}
    inline.push_token(state, "tag_open", name, 0 if void else 1, attrs=given)
    state.pos = found.end()
    if void:
        return True
    if found[3]:
        inline.push_token(state, "tag_close", name, -1)
        return True
    return _Element(name, raw=name not in patterns.PARSED_TAGS or inline.is_raw(state))


class _Element(inline.Opening):
    """An element; one that is raw holds tags and entities and no other spans, and so does what it holds."""

    def __init__(self, name: str, *, raw: bool) -> None:
        self.name = name
        self.kind = f"<{name}>"
        self.rules = RAW if raw else None

    def closes(self, state: StateInline) -> bool:
        return self._end(state) > 0

    def finish(self, state: StateInline, *, closed: bool) -> None:
        """Write the end tag, also where none is typed."""
        if closed:
            state.pos = self._end(state)
        inline.push_token(state, "tag_close", self.name, -1)

    def _end(self, state: StateInline) -> int:
        """Where the end tag ends that stands at the position; 0 when none does."""
        if not state.src.startswith("</", state.pos):
            return 0
        closing = tags.CLOSING.match(state.src, state.pos)
        return closing.end() if closing and closing[1].lower() == self.name else 0


RAW = inline.Rules({"<": (read_tag,), "&": (inline.read_entity,)}, (), inline.find_raw_sign)
