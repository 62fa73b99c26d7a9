"""Patterns of words in a sentence, each with a sentence that has such words."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """`example` is a sentence in which the words that `pattern` finds stand in braces: "They {signed} a
    pact."."""

    pattern: re.Pattern[str]
    example: str

    @classmethod
    def compile(cls, pattern: str, example: str, *, ignore_case: bool = False) -> "Clause":
        """A clause from a verbose pattern: white space in it stands for nothing, a space in the text is `[
        ]`."""
        flags = re.VERBOSE | (re.IGNORECASE if ignore_case else 0)
        return cls(re.compile(pattern, flags), example)
