"""The inside of a paragraph as Markdown, by markdownify with the signs of our dialect escaped."""

import re
from typing import Any

from bs4 import Tag
from markdownify import MarkdownConverter

from releases.content.documents.lines import BREAK
from releases.content.markdown.escaping import escape_words, link_addresses

_SAFE = re.compile(r"(?:https?://|mailto:|tel:|/(?!/))", re.IGNORECASE)
_SPECIAL = re.compile(r"[\s()<>]")
_SIGNS = re.compile("[\ue000-\ue008]")


class _Converter(MarkdownConverter):
    """markdownify with its own escaping off."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        words = _SIGNS.sub("", text).replace("\u2003", " ").replace("\u00a0", " ")
        return escape_words(words) if "a" in parent_tags else link_addresses(words)

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        target = str(el.get("href", "")).strip()
        if not text.strip() or not _SAFE.match(target):
            return text
        lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        address = f"<{re.sub(r'[<>]', '', target)}>" if _SPECIAL.search(target) else target
        return f"{lead}[{text.strip()}]({address}){tail}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"![{escape_words(str(el.get('alt', '')))}]({el.get('src', '')})"

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return BREAK

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if el.get("data-note"):
            return f"[^{el['data-note']}]"
        return f"<sup>{text.strip()}</sup>" if text.strip() else ""

    def convert_sub(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"<sub>{text.strip()}</sub>" if text.strip() else ""


def write_inline(tag: Tag) -> str:
    """Markdown of what stands in a paragraph, with BREAK where a line breaks."""
    _lift_breaks(tag)
    tag.name = "span"
    options: dict[str, Any] = {"strong_em_symbol": "*", "autolinks": False, "escape_misc": False}
    written = _Converter(**options).convert_soup(tag)
    return re.sub(rf"[ \n]*{BREAK}[ \n]*", BREAK, re.sub(r"[ \t\n]+", " ", written)).strip(f" \n{BREAK}")


def _lift_breaks(tag: Tag) -> None:
    """No emphasis or link reaches over a line break. From the last one on, so that little is moved."""
    for line_break in reversed(tag.find_all("br")):
        while line_break.parent is not None and line_break.parent is not tag:
            holder = line_break.parent
            rest = Tag(name=holder.name, attrs=dict(holder.attrs))
            rest.extend(list(line_break.next_siblings))
            holder.insert_after(line_break)
            line_break.insert_after(rest)
