"""markdown-it-py with the block level and the inline rules of kramdown; its tokens and its HTML are its
own."""

from collections.abc import Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from releases.content.markdown import footnotes, inline, limits, tags, tokens
from releases.content.markdown.blocks import Region
from releases.content.markdown.nodes import Document
from releases.content.markdown.rules import INLINE_RULES, find_block_rules
from releases.content.markdown.stack import run_on_new_stack

RENDERER_VERSION = 5


class RawRendering(NamedTuple):
    """HTML that is not cleaned; `renumbered` when its typed numbers differ from those that kramdown
    showed."""

    html: str
    renumbered: bool


def read_body(markdown: str) -> RawRendering:
    """The HTML of a body as kramdown showed it but for typed numbers. Raises BodyRefused."""
    limits.check_source(markdown)
    document = Document()

    def write() -> str:
        return str(_ENGINE.render(markdown, {"reading": inline.InlineReading(document, INLINE_RULES)}))

    html = write() if len(markdown) < limits.LONG_BODY else run_on_new_stack(write)
    limits.check_output(markdown, html)
    return RawRendering(html, document.renumbered)


def _normalise(state: StateCore) -> None:
    state.src = state.src.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _read_blocks(state: StateCore) -> None:
    document: Document = state.env["reading"].document
    nodes = Region(state.src, document, find_block_rules).read()
    state.tokens += tokens.write_tokens(nodes, document)


def _tag(
    renderer: RendererHTML, found: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    token = found[index]
    if token.nesting < 0:
        return f"</{token.tag}>"
    given = {key: str(value) for key, value in token.attrs.items()}
    return tags.format_tag(token.tag, given, closed=token.nesting == 0)


def _picture(
    renderer: RendererHTML, found: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    given = {key: str(value) for key, value in found[index].attrs.items()}
    return tags.format_tag("img", given, closed=True)


def _made() -> MarkdownIt:
    engine = MarkdownIt("commonmark", {"html": True})
    engine.core.ruler.at("normalize", _normalise)
    engine.core.ruler.at("block", _read_blocks)
    engine.core.ruler.at("inline", inline.read_spans_of_blocks)
    engine.core.ruler.push("footnotes", footnotes.append_footnotes)
    engine.core.ruler.enableOnly(["normalize", "block", "inline", "footnotes"])
    engine.inline.ruler.push("spans", inline.read_spans)
    engine.inline.ruler.enableOnly(["spans"])
    engine.inline.ruler2.enableOnly([])
    engine.add_render_rule("footnote_ref", footnotes.render_reference)
    engine.add_render_rule("tag_open", _tag)
    engine.add_render_rule("tag_close", _tag)
    engine.add_render_rule("image", _picture)
    return engine


_ENGINE = _made()
