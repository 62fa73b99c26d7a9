"""The inline level: spans are read from left to right; one that does not close is text.

`read_spans` stands in for markdown-it's list of inline rules; its state, tokens and renderer stay as they
are. A rule looks at the position: it takes some characters (True), opens a span that may hold others (an
`Opening`), or leaves all (False).
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from releases.content.markdown import attributes, limits, patterns
from releases.content.markdown.nodes import Document

SPECIAL = re.compile(
    r"""[\\`*_<\[\]!&~{"'.>\n-](?:(?<=[\\`*_<\[\]!&~{"'])|(?<=-)-|(?<=\.)\.\.|(?<=>)>|(?<=[ ][ ]\n))"""
)
LONGEST_PENDING = 1000
TRIES_OF_A_MARK = 8  # a mark that did not close may close further on, where others have closed between
_RAW_SPECIAL = re.compile(r"[<&]")
_SPACE = " \t\r\n\f\v"
_ESCAPED = re.compile(r"""\\([\\.*_+`<>()\[\]{}#!:|"'$=\-~])""")
_BREAK = re.compile(r"(?: {2}|\\{1,2})(?=\n)")
_CODE = re.compile(r"`+")
_ENTITY = re.compile(r"&(?:([A-Za-z][A-Za-z0-9]*)|#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6}));")
_AUTOLINK = re.compile(
    r"<((?:mailto|https?|ftps?):[^\n<>]{1,2000}|[-.\w]{1,64}@[-\w]+(?:\.[-\w]+)*\.[a-z]+)>", re.ASCII
)
_ATTRIBUTES = re.compile(patterns.ATTRIBUTE_LIST)
_SIGN_BEFORE = re.compile(r"""(?:(?<!\\)["']|--|\.\.\.|&\#?\w{1,8};)\Z""", re.ASCII)
_NOTE = re.compile(r"\[\^(\w[\w:-]*)\]", re.ASCII)
_STRUCK = re.compile(r"~~(?=[^\s~])")
_EMPHASIS = {1: "em", 2: "strong"}


class Opening:
    """A span whose opening mark is read. What follows is read next, up to where `closes` holds or to the end.

    `kind` is its name among the open spans; `rules` those of the spans inside it, None for those of the text
    around it.
    """

    kind = "block"
    rules: "Rules | None" = None

    def closes(self, state: StateInline) -> bool:
        """Whether its closing mark stands at the position."""
        return False

    def finish(self, state: StateInline, *, closed: bool) -> "Opening | None":
        """Write its end, or take it back where it didn't close; what it gives is tried in its place."""
        return None


Rule = Callable[[StateInline], bool | Opening]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules by the sign at which they are tried, those for another place, and where the next such place
    is."""

    by_sign: Mapping[str, tuple[Rule, ...]]
    others: tuple[Rule, ...]
    next_sign: Callable[[str, int], int]


@dataclass(slots=True)
class _Level:
    """An open span while it is read; its text before `written` has become a token."""

    span: Opening
    rules: Rules
    written: int


class InlineReading:
    """What the spans of one block share while they are read; it lies in markdown-it's `env`."""

    def __init__(self, document: Document, rules: Rules) -> None:
        self.document = document
        self.rules = rules
        self.begin()

    def begin(self) -> None:
        """Forget the spans of the block before."""
        self.open: list[str] = []
        self.hopeless: set[str] = set()
        self.unclosed: set[int] = set()
        self.failed: dict[object, int] = {}


def get_reading(state: StateInline) -> InlineReading:
    return state.env["reading"]


def read_spans(state: StateInline, silent: bool) -> bool:
    """markdown-it's inline rule: all spans of a block at once.

    The spans that are open wait in a list, not on Python's stack, so calls are as deep for every text: deep
    calls of hostile texts would be slow, as CPython takes memory for each call at an unlucky depth.
    """
    held = get_reading(state)
    held.begin()
    levels: list[_Level] = []
    opening: Opening | None = Opening()
    while opening or levels:
        if opening:
            rules = opening.rules or (levels[-1].rules if levels else held.rules)
            levels.append(_Level(opening, rules, state.pos))
            held.open.append(opening.kind)
        opening = _read_on(state, levels[-1])
        if opening is None:
            held.open.pop()
            opening = levels.pop().span.finish(state, closed=state.pos < state.posMax)
    return True


def read_spans_of_blocks(state: StateCore) -> None:
    """markdown-it's core rule: the spans of every block; most blocks hold none."""
    for token in state.tokens:
        if token.type == "inline" and token.children is not None:
            if SPECIAL.search(token.content):
                state.md.inline.parse(token.content, state.md, state.env, token.children)
            elif token.content:
                token.children.append(Token("text", "", 0, content=token.content))


def _read_on(state: StateInline, level: _Level) -> Opening | None:
    """Read up to the end of a level (None), or to the next span that opens in it."""
    source, rules, closes = state.src, level.rules, level.span.closes
    budget = get_reading(state).document.budget
    while state.pos < state.posMax:
        budget.spend()
        if state.pos > level.written + LONGEST_PENDING:
            _write_pending(state)
            level.written = state.pos
        end = rules.next_sign(source, state.pos)
        if end > state.pos:
            write_text(state, source[state.pos : end])
        if end == state.posMax or closes(state):
            break
        if opening := _apply(rules.by_sign.get(source[end], rules.others), state):
            return opening
    return None


def _apply(rules: tuple[Rule, ...], state: StateInline) -> Opening | None:
    """Try the rules in their order; a sign that none of them takes is text."""
    for rule in rules:
        taken = rule(state)
        if taken is True:
            return None
        if taken:
            return taken
    write_text(state, state.src[state.pos])
    return None


def find_sign(source: str, position: int) -> int:
    """Where the next sign stands that a rule may take, else the end: a quotation mark goes with the character
    before it."""
    found = SPECIAL.search(source, position)
    while found:
        start, sign = found.start(), found[0]
        if sign == "\n":
            if start - 2 >= position:
                return start - 2
        elif start > position and (sign in "'\"" or (sign == ">>" and source[start - 1] == " ")):
            return start - 1
        else:
            return start
        found = SPECIAL.search(source, start + 1)
    return len(source)


def find_raw_sign(source: str, position: int) -> int:
    """Where the next tag or entity may stand, else the end: inside `<u>`, for one, nothing else is read."""
    found = _RAW_SPECIAL.search(source, position)
    return found.start() if found else len(source)


def write_text(state: StateInline, characters: str) -> bool:
    """Write the characters as text and go behind them; always True."""
    state.append_pending(characters)
    state.pos += len(characters)
    return True


def push_token(state: StateInline, name: str, tag: str, nesting: int, **values: object) -> Token:
    """A token; unlike markdown-it's own push it can be taken back with `rewind`."""
    _write_pending(state)
    get_reading(state).document.budget.spend()
    token = Token(name, tag, nesting, **values)  # type: ignore[arg-type]
    state.tokens.append(token)
    state.tokens_meta.append(None)
    return token


def _write_pending(state: StateInline) -> None:
    if pending := state.pending:
        state.tokens.append(Token("text", "", 0, content=pending))
        state.tokens_meta.append(None)
        state.pending = ""


class Place(NamedTuple):
    """Where the reading of a text's spans stands: how many tokens there are, the text before the next, and
    the position."""

    tokens: int
    pending: str
    position: int


def get_place(state: StateInline) -> Place:
    """Where the reading stands, to `rewind` to."""
    return Place(len(state.tokens), state.pending, state.pos)


def rewind(state: StateInline, to: Place) -> None:
    """Take back what was read since `get_place`."""
    count, state.pending, state.pos = to
    del state.tokens[count:]
    del state.tokens_meta[count:]


def is_raw(state: StateInline) -> bool:
    """Whether the position lies inside a tag whose text is left as it is, `<u>` for one: so are the tags
    inside it."""
    return any(kind[1:-1] not in patterns.PARSED_TAGS for kind in get_reading(state).open if kind[0] == "<")


def is_too_deep(state: StateInline) -> bool:
    """Whether more spans are open than may stand in one another."""
    return len(get_reading(state).open) > limits.DEEPEST_SPAN


def read_emphasis(state: StateInline) -> bool | Opening:
    """`*`, `**`, `_`, `__`; strong text that does not close may be emphasised text behind a star."""
    mark = state.src[state.pos]
    run = mark * 2 if state.src.startswith(mark * 2, state.pos) else mark
    opened = get_reading(state).open
    if _cannot_open(state, run) or _EMPHASIS[len(run)] in opened or is_too_deep(state):
        return write_text(state, run)
    runs = (run, mark) if len(run) == 2 and opened[-1:] != ["em"] else (run,)
    return _open_emphasis(state, run, runs) or True


def _open_emphasis(state: StateInline, marks: str, runs: tuple[str, ...]) -> "_Emphasis | None":
    """The first of `runs` that may still close; else `marks` are text."""
    held = get_reading(state)
    for number, run in enumerate(runs, 1):
        if held.failed.get((run, frozenset(held.open)), 0) < TRIES_OF_A_MARK:
            return _Emphasis(state, marks, run, runs[number:])
    write_text(state, marks)
    return None


class _Emphasis(Opening):
    """`run` is the mark that has opened it; where it does not close, `later` marks are tried in the place of
    `marks`."""

    def __init__(self, state: StateInline, marks: str, run: str, later: tuple[str, ...]) -> None:
        self.marks, self.run, self.later = marks, run, later
        self.kind = _EMPHASIS[len(run)]
        self.start = get_place(state)
        push_token(state, f"{self.kind}_open", self.kind, 1, markup=run)
        self.first = state.pos = state.pos + len(run)

    def closes(self, state: StateInline) -> bool:
        source, run, position = state.src, self.run, state.pos
        if not source.startswith(run, position) or position == self.first or source[position - 1] in _SPACE:
            return False
        doubled = source.startswith(run * 2, position) and not source.startswith(run * 3, position)
        following = source[position + len(run) : position + len(run) + 1]
        return not (self.kind == "em" and doubled) and not (run[0] == "_" and following.isalnum())

    def finish(self, state: StateInline, *, closed: bool) -> Opening | None:
        if closed:
            push_token(state, f"{self.kind}_close", self.kind, -1, markup=self.run)
            state.pos += len(self.run)
            return None
        held = get_reading(state)
        key = (self.run, frozenset(held.open))
        held.failed[key] = held.failed.get(key, 0) + 1
        rewind(state, self.start)
        return _open_emphasis(state, self.marks, self.later)


def _cannot_open(state: StateInline, run: str) -> bool:
    before = state.src[max(state.pos - 2, 0) : state.pos].removesuffix("-")[-1:]
    after = state.src[state.pos + len(run) : state.pos + len(run) + 1]
    return (run[0] == "_" and before.isalpha()) or (after != "" and after in _SPACE)


def read_code(state: StateInline) -> bool:
    run = _CODE.match(state.src, state.pos)[0]  # type: ignore[index]
    held = get_reading(state)
    inside = state.pos + len(run)
    simple = len(run) == 1
    before = state.src[state.pos - 1] if state.pos else " "
    lonely = simple and before in _SPACE and state.src[inside : inside + 1] in tuple(_SPACE)
    end = -1 if lonely or run in held.hopeless else state.src.find(run, inside)
    if end < 0:
        if not lonely:
            held.hopeless.add(run)
        return write_text(state, run)
    content = state.src[inside:end]
    if not simple:
        content = content.removeprefix(" ").removesuffix(" ")
    push_token(state, "code_inline", "code", 0, content=content, markup=run)
    state.pos = end + len(run)
    return True


def read_entity(state: StateInline) -> bool:
    found = _ENTITY.match(state.src, state.pos)
    if found is None:
        return False
    character = html.unescape(found[0])
    if character == found[0]:
        return False
    state.append_pending(character)
    state.pos = found.end()
    return True


def read_line_break(state: StateInline) -> bool:
    found = _BREAK.match(state.src, state.pos)
    if found is None:
        return False
    push_token(state, "hardbreak", "br", 0)
    state.pos = found.end() + 1
    return True


def read_escape(state: StateInline) -> bool:
    found = _ESCAPED.match(state.src, state.pos)
    if found is None:
        return False
    state.append_pending(found[1])
    state.pos = found.end()
    return True


def read_struck(state: StateInline) -> bool | Opening:
    """`~~struck~~`."""
    if (
        _STRUCK.match(state.src, state.pos)
        and "del" not in get_reading(state).open
        and not is_too_deep(state)
    ):
        return _Struck(state)
    return write_text(state, "~~") if state.src.startswith("~~", state.pos) else False


class _Struck(Opening):
    kind = "del"

    def __init__(self, state: StateInline) -> None:
        self.start = get_place(state)
        push_token(state, "s_open", "del", 1)
        state.pos += 2

    def closes(self, state: StateInline) -> bool:
        return state.src.startswith("~~", state.pos) and state.src[state.pos - 1] not in _SPACE + "~"

    def finish(self, state: StateInline, *, closed: bool) -> None:
        if closed:
            push_token(state, "s_close", "del", -1)
            state.pos += 2
        else:
            rewind(state, self.start)
            write_text(state, "~~")


def read_autolink(state: StateInline) -> bool:
    found = _AUTOLINK.match(state.src, state.pos)
    if found is None:
        return False
    address = found[1]
    target = address if ":" in address else f"mailto:{address}"
    push_token(state, "link_open", "a", 1, attrs={"href": target})
    state.append_pending(address.removeprefix("mailto:"))
    push_token(state, "link_close", "a", -1)
    state.pos = found.end()
    return True


def read_note(state: StateInline) -> bool:
    """`[^1]` where the body defines that footnote."""
    found = _NOTE.match(state.src, state.pos)
    if found is None:
        return False
    if found[1] not in get_reading(state).document.notes:
        return write_text(state, found[0])
    push_token(state, "footnote_ref", "", 0, meta={"name": found[1]})
    state.pos = found.end()
    return True


def read_attributes(state: StateInline) -> bool:
    """`{:target="_blank"}` right behind a span; behind text it is text, behind a sign that was changed it is
    nothing."""
    found = _ATTRIBUTES.match(state.src, state.pos)
    if found is None:
        return False
    if state.pending and _SIGN_BEFORE.search(state.src[max(state.pos - 10, 0) : state.pos]):
        state.pos = found.end()
        return True
    if state.pending or not state.tokens:
        return False
    owner = _opening(state.tokens)
    if owner is None:
        return False
    given = {key: str(value) for key, value in owner.attrs.items()}
    attributes.merge_attributes(given, attributes.parse_attributes(found[1]))
    owner.attrs = dict(given)
    state.pos = found.end()
    return True


def _opening(tokens: list[Token]) -> Token | None:
    """The token that carries the attributes of the span that ends the tokens."""
    depth = 0
    for token in reversed(tokens):
        depth -= token.nesting
        if depth < 0:
            return None
        if depth == 0:
            return token if token.type not in ("text", "hardbreak", "html_inline") else None
    return None
