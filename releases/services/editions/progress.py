"""How long work tells how far it is."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

Progress = Callable[[Collection[Any], str], Iterable[Any]]
"""Goes through the rows and shows how far it is, under a title."""
