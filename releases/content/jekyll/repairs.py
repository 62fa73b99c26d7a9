"""From the bytes of a post to its front matter and its body, with what is broken in them mended and told."""

import re
from dataclasses import dataclass, field
from typing import Any

from releases.content.jekyll import frontmatter
from releases.content.text.limits import CONTROLS

_FENCE = re.compile(r"^---[ \t]*$\n?", re.MULTILINE)
_OPENING = re.compile(r"---[ \t]*\n")
_TELLING = re.compile(r"^(?:title|permalink)[ \t]*:", re.MULTILINE)
_LEAKED = re.compile(
    r"(?:title|permalink|date|layout|description|image|file_url|external|variant|breadcrumbs?|collection_name"
    r"|subtitle|category|categories|tags|third_nav_title|published|draft|lang|slug|excerpt|redirect_from|redirect_to)"
    r"[ \t]*:(?:[ \t].*)?"
)
# Keys in small letters, and what goes on with one: a sentence of the body begins with a capital.
_HEAD = re.compile(r"---[ \t]*\n((?:[a-z_][\w-]*[ \t]*:(?:[ \t].*)?\n(?:(?:[ \t]+\S|- ).*\n)*)+)")
_CONTROL = re.compile(f"[{CONTROLS}]")
_CONTROL_BYTES = bytes(byte for byte in range(0x80) if _CONTROL.match(chr(byte)))


@dataclass(slots=True)
class OpenedPost:
    """The values of a post's front matter and its body; `repairs` and `warnings` say what was mended and what
    is doubtful. `is_utf8` is false where the bytes were no text that Jekyll reads."""

    values: dict[str, Any]
    body: str
    is_utf8: bool = True
    repairs: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def open_post(data: bytes) -> OpenedPost:
    """Read what can be read; nothing in the bytes of a post is an error."""
    text, is_utf8 = _decode(data)
    post = OpenedPost({}, text, is_utf8)
    front, post.body = frontmatter.split_post(text)
    if front is None:
        front, post.body = _find_front_matter(text, post)
    post.values = _load(front, post)
    _mend_leak(post)
    # asked of the bytes, since a search in the text takes twenty times as long
    if len(data.translate(None, _CONTROL_BYTES)) < len(data):
        _leave_out_controls(post)
    return post


def _decode(data: bytes) -> tuple[str, bool]:
    try:
        text, is_utf8 = data.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        text, is_utf8 = data.decode("cp1252", "replace"), False
    return text.replace("\r\n", "\n").replace("\r", "\n"), is_utf8


def _find_front_matter(text: str, post: OpenedPost) -> tuple[str, str]:
    """Front matter without its first or its last ---; empty where the file has none, as Jekyll allows."""
    if head := _HEAD.match(text):
        post.repairs.append("The closing --- of the front matter was missing.")
        return head[1], text[head.end() :]
    fence = _FENCE.search(text, 0, frontmatter.LARGEST_FRONT_MATTER)
    if fence and not _OPENING.match(text) and _TELLING.search(text, 0, fence.start()):
        post.repairs.append("The opening --- of the front matter was missing.")
        return text[: fence.start()], text[fence.end() :]
    post.warnings.append("The file has no front matter (lines between two --- at its top).")
    return "", text


def _load(front: str, post: OpenedPost) -> dict[str, Any]:
    if not front.strip():
        return {}
    try:
        values, warnings = frontmatter.parse_front_matter(front)
    except frontmatter.FrontMatterError as error:
        place = f" (line {error.line})" if error.line else ""
        post.warnings.append(f"{error.reason}{place} It was read key by key.")
        values, warnings = frontmatter.salvage_front_matter(front)
    post.warnings.extend(warnings)
    return values


def _mend_leak(post: OpenedPost) -> None:
    """Front matter that a stray --- cut in two: its rest stands at the head of the body, down to another
    ---."""
    body = post.body
    fence = _FENCE.search(body, 0, 4000) if "---" in body[:4000] else None
    if not fence:
        return
    lines = [line for line in body[: fence.start()].split("\n") if line.strip()]
    first, rest = ("", lines) if not lines or _LEAKED.fullmatch(lines[0]) else (lines[0].strip(), lines[1:])
    if not rest or len(lines) > 12 or not all(_LEAKED.fullmatch(line) for line in rest):
        return
    post.body = body[fence.end() :]
    leaked = _load("\n".join(rest), post)
    post.values.update({key: value for key, value in leaked.items() if post.values.get(key) in (None, "")})
    if first:
        _place_cut_line(first, post)
    post.repairs.append("The front matter was cut in two by a ---; the rest of it was taken out of the body.")


def _place_cut_line(line: str, post: OpenedPost) -> None:
    """The line at which front matter was cut goes on with the last key that has no value yet, else with the
    text."""
    empty = [key for key, value in post.values.items() if value in (None, "")]
    if "permalink" in empty or ("permalink" not in post.values and line.startswith("/")):
        post.values["permalink"] = line
    elif empty:
        post.values[empty[-1]] = line
    else:
        post.body = f"{line}\n\n{post.body}"


def _leave_out_controls(post: OpenedPost) -> None:
    if found := _CONTROL.search(post.body):
        line = post.body.count("\n", 0, found.start()) + 1
        post.repairs.append(
            f"Control characters (the first is U+{ord(found[0]):04X} in line {line} of the body) were left out; they show"
            " nothing."
        )
        post.body = _CONTROL.sub("", post.body)
