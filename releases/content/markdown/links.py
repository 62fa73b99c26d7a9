"""Links and pictures, whose addresses may hold spaces and balanced brackets."""

import html
import re

from markdown_it.rules_inline import StateInline

from releases.content.markdown import inline, limits
from releases.content.markdown.blocks import fold_reference

LONGEST_ADDRESS = 2000
_START = re.compile(r"!?\[(?=[^^])")
_BRACKET = re.compile(r"\]|!?\[")
_NAMED = re.compile(r"\s{0,4}\[([^\]]{0,1000})\]", re.ASCII)
_ANGLED = re.compile(r"\(<([^<>\n]*)>\)")
_STEP = re.compile(r"""\(|\)|[ \t\r\n\f\v](?=['"])""")
_TITLE = re.compile(r"""[ \t\r\n\f\v]*(["'])((?s:.){1,2000}?)\1\s*\)""", re.ASCII)


class _Link(inline.Opening):
    """A link or a picture whose label is being read, with the brackets inside it.

    A label that never closes tells which of them never close either.
    """

    def __init__(self, state: StateInline, mark: str) -> None:
        self.mark = mark
        self.kind = "img" if mark[0] == "!" else "a"
        self.start = inline.get_place(state)
        self.token = inline.push_token(state, "link_open", "a", 1)
        self.first = state.pos = state.pos + len(mark)
        self.seen = len(state.tokens)
        self.brackets: list[tuple[int, int]] = []
        self.depth = 1

    def closes(self, state: StateInline) -> bool:
        """Whether the bracket at the position ends the label; brackets inside count, those of pictures do
        not."""
        bracket = _BRACKET.match(state.src, state.pos)
        if bracket is None:
            return False
        self._take_pictures(state)
        step = -1 if bracket[0] == "]" else 1
        self.depth += step
        self.brackets.append((state.pos, step))
        return self.depth == 0

    def finish(self, state: StateInline, *, closed: bool) -> None:
        label, target = "", None
        if closed:
            label = state.src[self.first : state.pos]
            state.pos += 1
            target = _target(state, label)
        else:
            inline.get_reading(state).unclosed.update(self._unclosed(state))
        if target is None:
            inline.rewind(state, self.start)
            inline.write_text(state, self.mark)
        elif self.kind == "img":
            _as_picture(state, self.start, label, target)
        else:
            self.token.attrs = _attributes("href", target)
            inline.push_token(state, "link_close", "a", -1)

    def _take_pictures(self, state: StateInline) -> None:
        pictures = depth = 0
        for token in state.tokens[self.seen :]:
            depth += token.nesting
            pictures += token.type == "image" and depth == 0
        self.seen = len(state.tokens)
        for _ in range(pictures):
            self.depth -= 1
            if self.brackets:
                self.brackets.pop()

    def _unclosed(self, state: StateInline) -> list[int]:
        self._take_pictures(state)
        waiting: list[int] = []
        for position, step in self.brackets:
            if step > 0:
                waiting.append(position)
            elif waiting:
                waiting.pop()
        return waiting


def read_link(state: StateInline) -> bool | inline.Opening:
    """`[label](address "title")`, `[label][name]`, `[name]`, and pictures, which have a `!` before them."""
    found = _START.match(state.src, state.pos)
    if found is None:
        return False
    held = inline.get_reading(state)
    nested = found[0] == "[" and ("a" in held.open or "img" in held.open)
    if nested or inline.is_too_deep(state) or state.pos in held.unclosed:
        return inline.write_text(state, found[0])
    return _Link(state, found[0])


def _attributes(key: str, target: tuple[str, str]) -> dict[str, str | int | float]:
    return {key: html.unescape(target[0]), **({"title": html.unescape(target[1])} if target[1] else {})}


def _as_picture(state: StateInline, start: inline.Place, label: str, target: tuple[str, str]) -> None:
    end = state.pos
    inline.rewind(state, start)
    image = inline.push_token(state, "image", "img", 0, children=[], content=label)
    image.attrs = {**_attributes("src", target), "alt": label}
    state.pos = end


def _target(state: StateInline, label: str) -> tuple[str, str] | None:
    """(address, title) of what stands behind the label; moves the position behind it."""
    source, position = state.src, state.pos
    named = _NAMED.match(source, position)
    if named or not source.startswith("(", position):
        found = inline.get_reading(state).document.references.get(
            fold_reference((named and named[1]) or label)
        )
        state.pos = named.end() if named else position
        return found
    if angled := _ANGLED.match(source, position):
        state.pos = angled.end()
        return angled[1], ""
    return _bracketed(state)


def _bracketed(state: StateInline) -> tuple[str, str] | None:
    source, start = state.src, state.pos
    depth, end = 0, start
    budget = inline.get_reading(state).document.budget
    for step in _STEP.finditer(source, start, min(start + LONGEST_ADDRESS, len(source))):
        end = step.end()
        budget.spend()
        if step[0] == "(":
            depth += 1
        elif step[0] == ")":
            depth -= 1
            if depth == 0:
                state.pos = end
                return source[start + 1 : end - 1].strip(" \t\r\n\f\v"), ""
        else:
            break
    title = _TITLE.match(source, end)
    if title is None:
        budget.spend(LONGEST_ADDRESS // limits.CHARACTERS_OF_A_STEP)
        return None
    state.pos = title.end()
    return source[start + 1 : end].strip(" \t\r\n\f\v"), title[2]
