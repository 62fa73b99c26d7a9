"""Whole numbers as files and pages of others write them: anything may stand where one is expected."""

import re

_NUMBER = re.compile(r"-?[0-9]{1,9}")


def read_whole_number(text: str, otherwise: int) -> int:
    """The number of a text that is one, of nine digits at most; else `otherwise`."""
    return int(text) if _NUMBER.fullmatch(text) else otherwise
