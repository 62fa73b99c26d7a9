"""Room for the calls of deeply nested spans.

CPython keeps the frames of Python functions in pieces of 16 kB. A loop that calls across the end of a piece takes a new
one from the system for each call and gives it back, and is ten times as slow: at an unlucky depth of calls a hostile body
took five seconds. A frame that is larger than a piece gets one of 64 kB of its own, with room for what it calls.
"""

from collections.abc import Callable
from typing import TypeVar

Given = TypeVar("Given")
_SLOTS = 3_100  # of eight bytes; with the thousand that CPython adds they do not fit into 32 kB


def with_room(call: Callable[[], Given]) -> Given:
    """What `call` gives."""
    return call()


with_room.__code__ = with_room.__code__.replace(co_stacksize=_SLOTS)
