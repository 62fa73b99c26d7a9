"""The inline level: spans are read from left to right; one that does not close is text.

`read` stands in for markdown-it's list of inline rules; its state, tokens and renderer stay as they are.
"""

import html
import re
from collections.abc import Callable

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from releases.content.markdown import attributes, limits, patterns, typography
from releases.content.markdown.nodes import Document

Stop = Callable[[StateInline], bool]
Rule = Callable[[StateInline], bool]

SPECIAL = re.compile(
    r"""[\\`*_<\[\]!&~{"'.>\n-](?:(?<=[\\`*_<\[\]!&~{"'])|(?<=-)-|(?<=\.)\.\.|(?<=>)>|(?<=[ ][ ]\n))"""
)
LONGEST_PENDING = 1000
TRIES = 8  # a mark that did not close may close further on, where others have closed between
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


class Reading:
    """What the spans of one block share while they are read; it lies in markdown-it's `env`."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.begin()

    def begin(self) -> None:
        self.open: list[str] = []
        self.hopeless: set[str] = set()
        self.unclosed: set[int] = set()
        self.failed: dict[object, int] = {}


def reading(state: StateInline) -> Reading:
    return state.env["reading"]


def read(state: StateInline, silent: bool) -> bool:
    """markdown-it's inline rule: all spans of a block at once."""
    reading(state).begin()
    within(state, "block", None)
    return True


def read_all(state: StateCore) -> None:
    """markdown-it's core rule: the spans of every block; most blocks hold none."""
    for token in state.tokens:
        if token.type == "inline" and token.children is not None:
            if SPECIAL.search(token.content):
                state.md.inline.parse(token.content, state.md, state.env, token.children)
            elif token.content:
                token.children.append(Token("text", "", 0, content=token.content))


def within(
    state: StateInline, kind: str, stop: Stop | None, rules: "dict[str, tuple[Rule, ...]] | None" = None
) -> bool:
    """Read up to the place where `stop` holds (True), or to the end (False), with `kind` among the open spans."""
    if rules is None:
        rules, next_special, common = RULES, _next_special, _COMMON
    else:
        next_special, common = _next_raw_special, ()
    held, source, written = reading(state), state.src, state.pos
    held.open.append(kind)
    while state.pos < state.posMax:
        held.document.budget.spend()
        if state.pos > written + LONGEST_PENDING:
            _write_pending(state)
            written = state.pos
        end = next_special(source, state.pos)
        if end > state.pos:
            text(state, source[state.pos : end])
        if end == state.posMax or (stop and stop(state)):
            break
        for rule in rules.get(source[end], common):
            if rule(state):
                break
        else:
            text(state, source[end])
    held.open.pop()
    return state.pos < state.posMax


def _next_special(source: str, position: int) -> int:
    """Where the next sign stands that a rule may take: a quotation mark is taken with the character before it."""
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


def _next_raw_special(source: str, position: int) -> int:
    found = _RAW_SPECIAL.search(source, position)
    return found.start() if found else len(source)


def text(state: StateInline, characters: str) -> bool:
    state.append_pending(characters)
    state.pos += len(characters)
    return True


def push(state: StateInline, name: str, tag: str, nesting: int, **values: object) -> Token:
    """A token; unlike markdown-it's own push it can be taken back with `rewind`."""
    _write_pending(state)
    reading(state).document.budget.spend()
    token = Token(name, tag, nesting, **values)  # type: ignore[arg-type]
    state.tokens.append(token)
    state.tokens_meta.append(None)
    return token


def _write_pending(state: StateInline) -> None:
    if pending := state.pending:
        state.tokens.append(Token("text", "", 0, content=pending))
        state.tokens_meta.append(None)
        state.pending = ""


Place = tuple[int, str, int]


def place(state: StateInline) -> Place:
    return len(state.tokens), state.pending, state.pos


def rewind(state: StateInline, to: Place) -> None:
    count, state.pending, state.pos = to
    del state.tokens[count:]
    del state.tokens_meta[count:]


def is_raw(state: StateInline) -> bool:
    """Whether the position lies inside a tag whose text is left as it is, `<u>` for one: so are the tags inside it."""
    return any(kind[1:-1] not in patterns.PARSED_TAGS for kind in reading(state).open if kind[0] == "<")


def too_deep(state: StateInline) -> bool:
    return len(reading(state).open) > limits.DEEPEST_SPAN


def emphasis(state: StateInline) -> bool:
    mark = state.src[state.pos]
    run = mark * 2 if state.src.startswith(mark * 2, state.pos) else mark
    kind = "strong" if len(run) == 2 else "em"
    start, opened = place(state), reading(state).open
    if _cannot_open(state, run) or kind in opened or too_deep(state):
        return text(state, run)
    if _wrapped(state, run, kind):
        return True
    if kind == "strong" and opened[-1:] != ["em"] and _wrapped(state, mark, "em"):
        return True
    rewind(state, start)
    return text(state, run)


def _cannot_open(state: StateInline, run: str) -> bool:
    before = state.src[max(state.pos - 2, 0) : state.pos].removesuffix("-")[-1:]
    after = state.src[state.pos + len(run) : state.pos + len(run) + 1]
    return (run[0] == "_" and before.isalpha()) or (after != "" and after in _SPACE)


def _wrapped(state: StateInline, run: str, kind: str) -> bool:
    held = reading(state)
    key = (run, kind, frozenset(held.open))
    if held.failed.get(key, 0) >= TRIES:
        return False
    start = place(state)
    push(state, f"{kind}_open", kind, 1, markup=run)
    first = state.pos = state.pos + len(run)

    def closes(state: StateInline) -> bool:
        position = state.pos
        if not state.src.startswith(run, position) or position == first or state.src[position - 1] in _SPACE:
            return False
        doubled = state.src.startswith(run * 2, position) and not state.src.startswith(run * 3, position)
        following = state.src[position + len(run) : position + len(run) + 1]
        return not (kind == "em" and doubled) and not (run[0] == "_" and following.isalnum())

    if within(state, kind, closes):
        push(state, f"{kind}_close", kind, -1, markup=run)
        state.pos += len(run)
        return True
    held.failed[key] = held.failed.get(key, 0) + 1
    rewind(state, start)
    return False


def code(state: StateInline) -> bool:
    run = _CODE.match(state.src, state.pos)[0]  # type: ignore[index]
    held = reading(state)
    inside = state.pos + len(run)
    simple = len(run) == 1
    before = state.src[state.pos - 1] if state.pos else " "
    lonely = simple and before in _SPACE and state.src[inside : inside + 1] in tuple(_SPACE)
    end = -1 if lonely or run in held.hopeless else state.src.find(run, inside)
    if end < 0:
        if not lonely:
            held.hopeless.add(run)
        return text(state, run)
    content = state.src[inside:end]
    if not simple:
        content = content.removeprefix(" ").removesuffix(" ")
    push(state, "code_inline", "code", 0, content=content, markup=run)
    state.pos = end + len(run)
    return True


def entity(state: StateInline) -> bool:
    found = _ENTITY.match(state.src, state.pos)
    if found is None:
        return False
    character = html.unescape(found[0])
    if character == found[0]:
        return False
    state.append_pending(character)
    state.pos = found.end()
    return True


def line_break(state: StateInline) -> bool:
    found = _BREAK.match(state.src, state.pos)
    if found is None:
        return False
    push(state, "hardbreak", "br", 0)
    state.pos = found.end() + 1
    return True


def escaped(state: StateInline) -> bool:
    found = _ESCAPED.match(state.src, state.pos)
    if found is None:
        return False
    state.append_pending(found[1])
    state.pos = found.end()
    return True


def struck(state: StateInline) -> bool:
    if not _STRUCK.match(state.src, state.pos) or "del" in reading(state).open or too_deep(state):
        return text(state, "~~") if state.src.startswith("~~", state.pos) else False
    start = place(state)
    push(state, "s_open", "del", 1)
    state.pos += 2
    if within(
        state,
        "del",
        lambda state: state.src.startswith("~~", state.pos) and state.src[state.pos - 1] not in _SPACE + "~",
    ):
        push(state, "s_close", "del", -1)
        state.pos += 2
        return True
    rewind(state, start)
    return text(state, "~~")


def autolink(state: StateInline) -> bool:
    found = _AUTOLINK.match(state.src, state.pos)
    if found is None:
        return False
    address = found[1]
    target = address if ":" in address else f"mailto:{address}"
    push(state, "link_open", "a", 1, attrs={"href": target})
    state.append_pending(address.removeprefix("mailto:"))
    push(state, "link_close", "a", -1)
    state.pos = found.end()
    return True


def note(state: StateInline) -> bool:
    """`[^1]` where the body defines that footnote."""
    found = _NOTE.match(state.src, state.pos)
    if found is None:
        return False
    if found[1] not in reading(state).document.notes:
        return text(state, found[0])
    push(state, "footnote_ref", "", 0, meta={"name": found[1]})
    state.pos = found.end()
    return True


def span_attributes(state: StateInline) -> bool:
    """`{:target="_blank"}` right behind a span; behind text it is text, behind a sign that was changed it is nothing."""
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
    attributes.merge(given, attributes.parse(found[1]))
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


RULES: dict[str, tuple[Rule, ...]] = {}
_COMMON: tuple[Rule, ...] = (typography.quotes, typography.signs, line_break)


def set_rules(*, tag: Rule, link: Rule) -> None:
    """The order in which kramdown tries its rules; those of a module of their own are handed in."""
    common = _COMMON
    RULES.update(
        {
            "*": (emphasis, *common),
            "_": (emphasis, *common),
            "`": (code, *common),
            "<": (autolink, tag, *common),
            "[": (note, link, *common),
            "!": (link, *common),
            "{": (typography.quotes, span_attributes),
            "&": (typography.quotes, entity),
            "\\": (*common, escaped),
            "~": (typography.quotes, struck),
        }
    )
