"""Plain words as Markdown that shows exactly them: what a body would read as markup is escaped."""

import re

_ESCAPED = re.compile(
    r"[\\*`\[\]|]"
    r"|(?<![A-Za-z])_|_(?![A-Za-z0-9])"  # inside a word, as in lena_ong, it emphasises nothing
    r"|<(?=[A-Za-z/!?<])|>(?=>)|(?<=>)>"
    r"|\{(?=[:#])|~(?=~)|(?<=~)~|-(?=-)|(?<=-)-|!(?=\[|\Z)"
)
_ENTITY = re.compile(r"&(?=#?\w{1,30};)")
_ADDRESS = re.compile(
    r"(?P<url>https?://[^\s<>\"\u00a0]{1,1900})|(?P<mail>(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,20})"
    r"|(?P<host>(?<![\w./@-])www\.[\w-]+(?:\.[\w-]+)+(?:/[^\s<>\"\u00a0]*)?)",
    re.ASCII,
)
_SCHEMES = {"url": "", "mail": "mailto:", "host": "https://"}
_END_OF_SENTENCE = re.compile(r"[.,;:!?'’”)\]]+\Z")
_BLOCK = re.compile(r"[#:>+=-](?=[\s|#=-]|\Z)|[>#](?=\S)|(?<=\A)\^(?=\Z)")
_NUMBER = re.compile(r"(\d{1,9})\.(?=[\t |])")


def escape_words(text: str) -> str:
    """The words of a line, wherever in a line they stand; line breaks are none of theirs."""
    return _ENTITY.sub("&amp;", _ESCAPED.sub(r"\\\g<0>", text))


def escape_line(text: str) -> str:
    """`escape_words` of a line that begins a block: no list, heading, quotation or code comes of it."""
    return guard_start(escape_words(text.strip()))


def guard_start(markdown: str) -> str:
    """Markdown of one line, which begins no other block than a paragraph."""
    if markdown.startswith("^"):
        return f"&#94;{markdown[1:]}"
    if _BLOCK.match(markdown):
        return f"\\{markdown}"
    return _NUMBER.sub(r"\1\\.", markdown, count=1) if _NUMBER.match(markdown) else markdown


def link_addresses(text: str) -> str:
    """Words as `escape_words` gives them, but addresses of pages and of mail are links."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        shown = _END_OF_SENTENCE.sub("", found[0])
        if found[0].startswith(")", len(shown)) and shown.count("(") > shown.count(")"):
            shown += ")"
        # between angle brackets that were typed, those of Markdown would make quotation marks
        is_typed = text[: found.start()].endswith("<") or text.startswith(">", found.start() + len(shown))
        is_named = is_typed or found.lastgroup == "host"
        scheme = _SCHEMES[found.lastgroup or "url"]
        link = f"[{escape_words(shown)}]({scheme}{shown})" if is_named else f"<{shown}>"
        parts += [escape_words(text[end : found.start()]), link]
        end = found.start() + len(shown)
    return "".join([*parts, escape_words(text[end:])])
