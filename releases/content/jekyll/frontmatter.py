"""The YAML head of a post: cut it off, read it safely, write it."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import yaml

LARGEST_FRONT_MATTER = 16_000
LONGEST_LINE = 4_000
DEEPEST_VALUE = 8

_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$\n?", re.MULTILINE)
_KEY = re.compile(r"^([A-Za-z_][\w-]*)[ \t]*:", re.MULTILINE | re.ASCII)
_LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*):(?: +(.*))?")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_QUOTED = re.compile(r"\"([^\"\\]*)\"|'([^']*)'")
_PLAIN = re.compile(r"[^\W\d_]|[(‘“/]")
_YAML_WORDS = frozenset("y n yes no on off true false null".split())
_PLAIN_REASONS = {
    "mapping values are not allowed here": "a value that holds a colon and a space must stand in quotes",
    "found unexpected end of stream": "a quotation mark is not closed",
    "found character that cannot start any token": "a value that begins with this character must stand in quotes",
}


class FrontMatterError(ValueError):
    """Front matter that can't be read: `reason` in plain words, `line` counted from 1 in the file (0:
    unknown)."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


class SplitPost(NamedTuple):
    """Front matter without its fences, None where there is none, and the body."""

    front: str | None
    body: str


class FrontMatter(NamedTuple):
    """Values by their keys, and sentences on what was read otherwise than it may have been meant."""

    data: dict[str, Any]
    warnings: list[str]


def split_post(text: str) -> SplitPost:
    """The parts of a post with LF line ends; the fences are Jekyll's."""
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if not opening or not closing:
        return SplitPost(None, text)
    return SplitPost(text[opening.end() : closing.start()], text[closing.end() :])


def parse_front_matter(front: str) -> FrontMatter:
    """The values of front matter without its fences. Of a repeated key the last value counts. Raises
    FrontMatterError.

    Plain `key: value` lines are read here; anything else by a safe YAML loader without anchors, aliases,
    merges and tags. Both give the same.
    """
    if len(front) > LARGEST_FRONT_MATTER:
        raise FrontMatterError(
            f"The front matter has {len(front):,} characters; {LARGEST_FRONT_MATTER:,} are allowed."
        )
    repeated = [key for key, number in Counter(_KEY.findall(front)).items() if number > 1]
    warnings = [f"The key {key} is given more than once; the last one counts." for key in repeated]
    data = _load_plain(front)
    if data is None:
        data, more = _load_yaml(front)
        warnings += more
    return FrontMatter(data, warnings)


def salvage_front_matter(front: str) -> FrontMatter:
    """What can be read of front matter that can't be read as a whole, key by key: a line that is no YAML is
    taken as words.

    What is left out is named. A `published:` that can't be read counts as false.
    """
    data: dict[str, Any] = {}
    warnings: list[str] = []
    starts = [found.start() for found in _KEY.finditer(front)]
    for start, end in pairwise([*starts, len(front)]):
        part = front[start:end].rstrip("\n")
        line, _, more = part.partition("\n")
        key = line.partition(":")[0].strip()
        if start > LARGEST_FRONT_MATTER:
            data |= {"published": False} if key == "published" else {}
            warnings.append(f"The key {key} of the front matter was left out: there is too much before it.")
            continue
        try:
            data |= parse_front_matter(part).data
        except FrontMatterError as error:
            data[key] = _salvage_line(key, line)
            what = "was read in its first line only" if more.strip() else "was taken as it stands"
            warnings.append(f"The key {key} of the front matter {what}: {error.reason}")
    return FrontMatter(data, warnings)


def _salvage_line(key: str, line: str) -> Any:
    if key == "published":
        return False
    try:
        return parse_front_matter(line).data.get(key)
    except FrontMatterError:
        return line.partition(":")[2].strip()[:LONGEST_LINE]


def format_front_matter(fields: Mapping[str, object]) -> str:
    """Front matter without its fences."""
    return str(yaml.safe_dump(dict(fields), allow_unicode=True, sort_keys=False, width=10_000))


def _load_plain(front: str) -> dict[str, Any] | None:
    data: dict[str, Any] = {}
    for pieces in _unfolded(front):
        found = _LINE.fullmatch(pieces[0])
        if not found or found[1].lower() in _YAML_WORDS:
            return None
        known, value = _scalar([found[2] or "", *pieces[1:]])
        if not known:
            return None
        data[found[1]] = value
    return data or None


def _unfolded(front: str) -> Iterator[list[str]]:
    """Each `key: value` line with the indented lines that go on with it; a blank line ends the reading in
    pieces."""
    pieces: list[str] = []
    for line in front.split("\n"):
        text = line.strip(" ")
        if line.startswith(" ") and text and pieces:
            pieces.append(text)
        elif text:
            if pieces:
                yield pieces
            pieces = [line.rstrip(" ")]
        elif pieces:
            yield pieces
            pieces = []
    if pieces:
        yield pieces


def _scalar(pieces: list[str]) -> tuple[bool, Any]:
    """(whether these lines are a scalar that needs no YAML, its value)."""
    text = " ".join(filter(None, (piece.strip(" ") for piece in pieces)))
    if not text:
        return True, None
    if not text.isprintable():
        return False, None
    if quoted := _QUOTED.fullmatch(text):
        return True, quoted[1] if quoted[1] is not None else quoted[2]
    if (day := _DATE.fullmatch(text)) and len(pieces) == 1:
        return True, _date(*map(int, day.groups()))
    plain = bool(_PLAIN.match(text)) and text.lower() not in _YAML_WORDS
    return plain and all(map(_is_plain, pieces)), text


def _is_plain(piece: str) -> bool:
    return ": " not in piece and " #" not in piece and not piece.endswith(":") and not piece.startswith("#")


def _date(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise FrontMatterError(f"{year:04}-{month:02}-{day:02} is not a date.") from error


def _load_yaml(front: str) -> FrontMatter:
    try:
        return FrontMatter(_mapping(front), [])
    except FrontMatterError:
        if "\t" not in front:
            raise
        data = _mapping(front.replace("\t", " "))
        return FrontMatter(data, ["A tab in the front matter was read as a space."])


def _mapping(front: str) -> dict[str, Any]:
    try:
        data = yaml.load(front, _Loader)  # noqa: S506 (a SafeLoader with less in it)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 0
        problem = _PLAIN_REASONS.get(str(error.problem), error.problem)
        raise FrontMatterError(f"The front matter can't be read: {problem}.", line) from error
    except yaml.reader.ReaderError as error:
        reason = f"it holds the character U+{int(error.character):04X}, which no post may"
        raise FrontMatterError(f"The front matter can't be read: {reason}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200].rstrip(".")
        raise FrontMatterError(
            f"The front matter can't be read: one of its dates or numbers is wrong ({reason})."
        ) from error
    if not isinstance(data, dict):
        raise FrontMatterError("The front matter has no keys and values.")
    return {str(key): value for key, value in data.items() if isinstance(key, str)}


class _Loader(yaml.SafeLoader):
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()
        if self.check_event(yaml.AliasEvent) or event.anchor:
            raise yaml.MarkedYAMLError(
                problem="anchors and aliases are not allowed", problem_mark=event.start_mark
            )
        if getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(problem="tags are not allowed", problem_mark=event.start_mark)
        self.depth += 1
        if self.depth > DEEPEST_VALUE:
            raise yaml.MarkedYAMLError(problem="it is nested too deeply", problem_mark=event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:merge"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
