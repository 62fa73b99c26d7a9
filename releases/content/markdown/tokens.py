"""Blocks to markdown-it's tokens, which its own renderer writes as HTML."""

from collections.abc import Iterable
from functools import cache

from markdown_it.token import Token

from releases.content.markdown import numbering, tags
from releases.content.markdown.nodes import Document, Node

_NAMES = {"p": ("paragraph", "p"), "quote": ("quote", "blockquote")}
_INLINE = ("p", "heading", "dt", "th", "td")


def write_tokens(nodes: Iterable[Node], document: Document) -> list[Token]:
    """The tokens of blocks in their order. Raises BodyRefused."""
    tokens: list[Token] = []
    for node in nodes:
        _write(node, document, tokens)
    return tokens


def _write(node: Node, document: Document, tokens: list[Token]) -> None:
    if node.kind in ("blank", "boundary"):
        return
    if node.kind == "html":
        markup = tags.add_attributes(node.text, node.attributes) if node.attributes else node.text
        tokens.append(Token("html_block", "", 0, content=markup + "\n", block=True))
    elif node.kind == "code":
        tokens.append(
            Token("code_block", "code", 0, content=node.text, attrs=dict(node.attributes), block=True)
        )
    elif node.kind == "rule":
        tokens.append(Token("hr", "hr", 0, markup="---", attrs=dict(node.attributes), block=True))
    else:
        _write_element(node, document, tokens)


def _write_element(node: Node, document: Document, tokens: list[Token]) -> None:
    if node.kind == "ol":
        document.renumbered |= numbering.set_numbers(node)
    opening, closing = _tags(node.kind, node.level, tight=node.tight)
    if node.attributes:
        opening = Token(opening.type, opening.tag, 1, dict(node.attributes), block=True, hidden=node.tight)
    tokens.append(opening)
    if node.kind in _INLINE:
        tokens.append(Token("inline", "", 0, content=node.text, children=[], block=True))
    for child in node.children:
        _write(child, document, tokens)
    tokens.append(closing)


@cache
def _tags(kind: str, level: int, *, tight: bool) -> tuple[Token, Token]:
    """The tokens that open and close a block without attributes: nothing changes them, so all blocks share
    them."""
    name, tag = _NAMES.get(kind, (kind, f"h{level}" if kind == "heading" else kind))
    return (
        Token(f"{name}_open", tag, 1, block=True, hidden=tight),
        Token(f"{name}_close", tag, -1, block=True, hidden=tight),
    )
