"""Blocks to markdown-it's tokens, which its own renderer writes as HTML."""

from collections.abc import Iterable

from markdown_it.token import Token

from releases.content.rendering import numbering
from releases.content.rendering.nodes import Document, Node

_PLAIN = {"quote": "blockquote", "ul": "ul", "ol": "ol", "li": "li", "dl": "dl", "dd": "dd", "dt": "dt"}
_TABLE = ("table", "thead", "tbody", "tfoot", "tr")
_INLINE = ("dt", "th", "td")


def write(nodes: Iterable[Node], document: Document) -> list[Token]:
    tokens: list[Token] = []
    for node in nodes:
        _write(node, document, tokens)
    return tokens


def _write(node: Node, document: Document, tokens: list[Token]) -> None:
    if node.kind in ("blank", "boundary"):
        return
    if node.kind == "html":
        tokens.append(Token("html_block", "", 0, content=node.text + "\n", block=True))
    elif node.kind == "code":
        tokens.append(
            Token("code_block", "code", 0, content=node.text, attrs=dict(node.attributes), block=True)
        )
    elif node.kind == "rule":
        tokens.append(Token("hr", "hr", 0, markup="---", attrs=dict(node.attributes), block=True))
    else:
        _write_element(node, document, tokens)


def _write_element(node: Node, document: Document, tokens: list[Token]) -> None:
    name, tag = _names(node)
    if node.kind == "ol":
        document.renumbered |= numbering.number(node)
    tokens.append(Token(f"{name}_open", tag, 1, attrs=dict(node.attributes), block=True, hidden=node.tight))
    if node.kind in ("p", "heading", *_INLINE):
        tokens.append(Token("inline", "", 0, content=node.text, children=[], block=True))
    for child in node.children:
        _write(child, document, tokens)
    tokens.append(Token(f"{name}_close", tag, -1, block=True, hidden=node.tight))


def _names(node: Node) -> tuple[str, str]:
    """(name of the token, HTML tag)."""
    if node.kind == "p":
        return "paragraph", "p"
    if node.kind == "heading":
        return "heading", f"h{node.level}"
    return node.kind, _PLAIN.get(node.kind, node.kind)
