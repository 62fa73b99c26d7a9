"""`defaults:` of `_config.yml`: values for the front matter of posts, and for files, by folder and type.

Rules from Jekyll 4.3's `frontmatter_defaults.rb`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

POSTS = "posts"
FILES = ""
"""Types to ask for: files have none, so only sets without a type hold for them."""

_OLD_TYPES = {"post": "posts", "page": "pages", "draft": "drafts"}
_GLOB = ((r"\*\*/", "(?:[^/]+/)*"), (r"\*\*", "[^/]*"), (r"\*", "[^/]*"), (r"\?", "[^/]"))
_CHOICE = re.compile(r"\\\{([^{}]*)\\\}")
_ONE_OF = re.compile(r"\\\[((?:\\?[!^])?)([^\[\]/]+?)\\\]")


@dataclass(frozen=True, slots=True)
class DefaultSet:
    """`values` for what lies below `path` and is of `type` (None: of any)."""

    path: str
    type: str | None
    values: Mapping[str, Any]

    def applies_to(self, path: str, kind: str) -> bool:
        """Whether it holds for a path below the site (without `collections_dir`) of this type."""
        if self.type not in (None, kind):
            return False
        if "*" not in self.path:
            return path.startswith(self.path)
        pattern = re.compile(_translate_glob(self.path))
        parts = path.split("/")
        return any(pattern.fullmatch("/".join(parts[:number])) for number in range(1, len(parts) + 1))

    def precedes(self, other: "DefaultSet") -> bool:
        """Whether it wins over an earlier one: by a longer path, else by naming a type."""
        mine, others = len(self.path.lstrip("/")), len(other.path.lstrip("/"))
        return mine > others or (mine == others and (self.type is not None or other.type is None))


def read_defaults(config: Mapping[str, Any], collections_dir: str) -> tuple[DefaultSet, ...]:
    """Those that are written as they should be, in their order."""
    rows = config.get("defaults")
    found = [_read_set(one, collections_dir) for one in (rows if isinstance(rows, list) else [])]
    return tuple(one for one in found if one)


def collect_defaults(sets: Sequence[DefaultSet], path: str, kind: str) -> dict[str, Any]:
    """The values that hold for a path of this type."""
    values: dict[str, Any] = {}
    last = None
    for one in sets:
        if one.applies_to(path, kind):
            if last is None or one.precedes(last):
                values, last = merge_values(values, one.values), one
            else:
                values = merge_values(one.values, values)
    return values


def merge_values(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Both, with those of `over` before those of `under`; an empty one hides nothing, and mappings are
    merged."""
    merged = dict(under)
    for key, value in over.items():
        held = merged.get(key)
        if isinstance(held, Mapping) and isinstance(value, Mapping):
            merged[key] = merge_values(held, value)
        elif value is not None or key not in merged:
            merged[key] = value
    return merged


def _read_set(row: object, collections_dir: str) -> DefaultSet | None:
    values = row.get("values") if isinstance(row, Mapping) else None
    if not isinstance(row, Mapping) or not isinstance(values, Mapping):
        return None
    scope = row.get("scope")
    path, kind = (scope.get("path"), scope.get("type")) if isinstance(scope, Mapping) else ("", None)
    path = path if isinstance(path, str) else ""
    if collections_dir:
        path = path.removeprefix(f"{collections_dir}/")
    return DefaultSet(path, None if kind is None else _OLD_TYPES.get(str(kind), str(kind)), values)


def _translate_glob(glob: str) -> str:
    """A regular expression for what Ruby's `Dir.glob` finds; `*` stands for no slash."""
    text = re.escape(glob.strip("/"))
    for mark, pattern in _GLOB:
        text = text.replace(mark, pattern)
    text = _ONE_OF.sub(_translate_choice, text)
    return _CHOICE.sub(lambda found: "(?:" + found[1].replace(",", "|") + ")", text)


def _translate_choice(found: re.Match[str]) -> str:
    """`[a-c]` and `[^a-c]`, of which none stands for a slash; a range that runs backwards holds nothing."""
    one = f"[{'^/' if found[1] else ''}{found[2].replace(re.escape('-'), '-')}]"
    try:
        re.compile(one)
    except re.error:
        return "(?!)"
    return one
