"""Reading `_config.yml`: unlike front matter it may be long and name a part of itself again."""

import re
import tomllib
from itertools import pairwise
from typing import Any, NamedTuple

import yaml

CONFIGS = ("_config.yml", "_config.yaml", "_config.toml")
"""The names under which Jekyll looks for it, in its order."""
LARGEST_CONFIG = 300_000
DEEPEST_VALUE = 30
MOST_ALIASES = 30
_DECISIVE = frozenset(
    "collections collections_dir defaults exclude future include show_drafts unpublished".split()
)
_KEY = re.compile(r"^([A-Za-z_][\w-]*)[ \t]*:", re.MULTILINE | re.ASCII)


class ConfigError(ValueError):
    """Settings that can't be read and decide what is public; the message says which and why."""


class Config(NamedTuple):
    """Values by their keys, and sentences on what could not be read."""

    values: dict[str, Any]
    problems: list[str]


def read_config(file: bytes, name: str = CONFIGS[0]) -> Config:
    """What the settings of a site say, key by key where they can't be read as a whole. Raises ConfigError
    where one of those that decide what is public can't be read."""
    text = file.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    try:
        return Config(tomllib.loads(text) if name.endswith(".toml") else _load(text), [])
    except ValueError as error:
        if name.endswith(".toml"):
            raise ConfigError(f"{name} can't be read: {error}.") from error
    values: dict[str, Any] = {}
    problems = []
    starts = [found.start() for found in _KEY.finditer(text)]
    for start, end in pairwise([*starts, len(text)]):
        key = text[start:end].partition(":")[0].strip()
        try:
            values |= _load(text[start:end])
        except ValueError as error:
            if key in _DECISIVE:
                raise ConfigError(f"{key} in {name} can't be read: {error}.") from error
            problems.append(f"{key} in {name} can't be read and was left out: {error}.")
    return Config(values, problems)


def read_data(file: bytes) -> Any:
    """A file of YAML that lies beside the posts: most are a list. Raises ValueError with the reason."""
    return _load_any(file.decode("utf-8-sig", "replace").replace("\r\n", "\n"))


def _load(text: str) -> dict[str, Any]:
    """Raises ValueError with the reason."""
    data = _load_any(text)
    if data is not None and not isinstance(data, dict):
        raise ValueError("it has no keys and values")
    return {str(key): value for key, value in (data or {}).items()}


def _load_any(text: str) -> Any:
    """Raises ValueError with the reason."""
    if len(text) > LARGEST_CONFIG:
        raise ValueError(f"it has {len(text):,} characters; {LARGEST_CONFIG:,} are allowed")
    try:
        return yaml.load(text, _Loader)  # noqa: S506 (a SafeLoader with less in it)
    except yaml.MarkedYAMLError as error:
        raise ValueError(str(error.problem)) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(" ".join(str(error).split())[:200].rstrip(".")) from error


class _Loader(yaml.SafeLoader):
    """Aliases are few, and none leads into itself, so that what they stand for stays small."""

    depth = aliases = 0

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.open: list[str] = []

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()
        self.aliases += self.check_event(yaml.AliasEvent)
        if self.aliases > MOST_ALIASES or (self.check_event(yaml.AliasEvent) and event.anchor in self.open):
            raise yaml.MarkedYAMLError(
                problem="it names too many of its parts again", problem_mark=event.start_mark
            )
        if self.depth > DEEPEST_VALUE:
            raise yaml.MarkedYAMLError(problem="it is nested too deeply", problem_mark=event.start_mark)
        self.depth += 1
        self.open.append(event.anchor or "")
        node = super().compose_node(parent, index)
        self.open.pop()
        self.depth -= 1
        return node
