"""A stack of their own for the calls that read a body.

CPython keeps the frames of calls in pieces of 16 kB, and takes a piece from the system and gives it back for
each call that crosses the end of one: a loop that calls at such a depth is twelve times as slow. How deep the
caller stands must not decide how long a body takes. The calls of a thread begin anew, and so does what is
left of the recursion limit.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def run_on_new_stack(call: Callable[[], Result]) -> Result:
    """Run `call` in a thread of its own and wait; gives what it gives and raises what it raises."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(call).result()
