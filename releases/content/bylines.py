"""Read from a body who issued it: an explicit byline, else the names that sign it or answer for it."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SEPARATORS = frozenset({",", ";", "/", "and", "with"})
FILLERS = frozenset({"the", "singapore", "singapore's"})
# A ministry's name followed by one of these is another state's ministry.
COUNTRIES = frozenset(
    "australia bangladesh brazil brunei cambodia canada chile china denmark estonia finland france germany"
    " india indonesia ireland israel italy japan kenya korea laos malaysia mexico mongolia myanmar nepal"
    " netherlands norway pakistan peru philippines poland qatar russia rwanda spain sweden switzerland"
    " thailand timor-leste turkey türkiye uae uk ukraine us usa uzbekistan vietnam"
    "|brunei darussalam|european union|hong kong|new zealand|saudi arabia|south africa|south korea|sri lanka"
    "|united kingdom|united states|viet nam".replace(" ", "|", 56).split("|")
)
