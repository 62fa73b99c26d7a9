"""Footnotes: a number in the text and a list at the end, with links both ways."""

from collections import Counter
from collections.abc import Sequence

from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from releases.content.markdown import tokens
from releases.content.markdown.nodes import Document

_REFERENCE = (
    '<sup id="fnref:{name}{again}" role="doc-noteref">'
    '<a href="#fn:{name}" class="footnote" rel="footnote">{number}</a></sup>'
)
_BACK = '<a href="#fnref:{name}{again}" class="reversefootnote" role="doc-backlink">↩{mark}</a>'


def append_footnotes(state: StateCore) -> None:
    """Append the notes in the order in which the text names them; a note may name others."""
    document: Document = state.env["reading"].document
    names: list[str] = []
    seen: Counter[str] = Counter()
    _name(state.tokens, names, seen)
    written: list[tuple[str, list[Token]]] = []
    for name in names:
        written.append((name, tokens.write_tokens(document.notes[name], document)))
        _parse(state, written[-1][1])
        _name(written[-1][1], names, seen)
    if not names:
        return
    state.env["footnotes"] = {name: number for number, name in enumerate(names, 1)}
    state.tokens.append(_html('<div class="footnotes" role="doc-endnotes">\n<ol>\n'))
    for name, note in written:
        _add_back(note, name, seen[name])
        state.tokens += [_html(f'<li id="fn:{name}" role="doc-endnote">\n'), *note, _html("</li>\n")]
    state.tokens.append(_html("</ol>\n</div>\n"))


def render_reference(
    renderer: RendererHTML, found: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    meta = found[index].meta
    again = f":{meta['again']}" if meta["again"] else ""
    return _REFERENCE.format(name=meta["name"], number=env["footnotes"][meta["name"]], again=again)


def _name(found: Sequence[Token], names: list[str], seen: Counter[str]) -> None:
    """Number what refers to notes, and add the notes that were not named before."""
    for token in found:
        for child in token.children or ():
            if child.type == "footnote_ref":
                name = child.meta["name"]
                if name not in seen:
                    names.append(name)
                child.meta["again"] = seen[name]
                seen[name] += 1


def _parse(state: StateCore, written: list[Token]) -> None:
    for token in written:
        if token.type == "inline":
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _add_back(written: list[Token], name: str, times: int) -> None:
    marks = [("", ""), *((f":{again}", f"<sup>{again + 1}</sup>") for again in range(1, times))]
    links = "\u00a0".join(_BACK.format(name=name, again=again, mark=mark) for again, mark in marks)
    if len(written) >= 3 and written[-1].type == "paragraph_close":
        back = Token("html_inline", "", 0, content=f"\u00a0{links}")
        written[-2].children = [*(written[-2].children or ()), back]
    else:
        written.append(_html(f"<p>{links}</p>\n"))


def _html(markup: str) -> Token:
    return Token("html_block", "", 0, content=markup, block=True)
