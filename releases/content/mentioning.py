"""What a text says of agreements: their names with acronyms, and what happened to them on which day.

Nothing here is certain; an editor sees the sentence and decides.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

MONTHS = {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
_SENTENCE_END = re.compile(r"(?<=[.!?”])\s+(?=[A-Z0-9“\"(*])|\n\s*\n|\n(?=\s*(?:[*+-]|\d{1,3}\.)\s)")
_PARAGRAPH = re.compile(r"\s*(?:\*\*)?(\d{1,3})\.\s")
_DAY = re.compile(r"\b(\d{1,2})\s+([A-Z][a-z]+)(?:\s+(\d{4}))?\b")
_INSTRUMENT = (
    r"Agreement|Treaty|Convention|Protocol|Memorandum of (?:Understanding|Cooperation)|Administrative Arrangement|Arrangement"
    r"|Declaration|Pact|Accord|Partnership"
)
_SMALL = r"of|on|and|for|the|in|to|with|between|concerning"
_NAME = rf"(?:[A-Z][\w’'/&-]*|{_SMALL})"
_WITH_ACRONYM = re.compile(
    rf"((?:[A-Z][\w’'/&-]*)(?:\s+{_NAME}){{0,12}}?\s+(?:{_INSTRUMENT})(?:\s+{_NAME}){{0,10}}?)\s*\(\s*[“\"‘*]*([A-Z][A-Za-z*&-]{{1,11}})[”\"’*]*\s*\)"
)
_MEMORANDUM = r"(Memorandum of (?:Understanding|Cooperation)|MO[UuCc]|Mo[UuCc])(?:\s*\(\s*M[Oo][UuCc]\s*\))?"
_PARTY = r"(?:[Tt]he\s+)?[A-Z][\w’'&-]*(?:\s+(?:of|for|the|[A-Z][\w’'&-]*))*"
_ON_SUBJECT = re.compile(rf"\b{_MEMORANDUM}\s+((?:on|[Cc]oncerning)\s+[A-Z][\w’'&-]*(?:,?\s+{_NAME})*)")
_BETWEEN = re.compile(rf"\b{_MEMORANDUM}\s+((?:between\s+{_PARTY}\s+and|with)\s+{_PARTY})")
_LONG = {"u": "Memorandum of Understanding", "c": "Memorandum of Cooperation"}
GENERIC = frozenset(
    ("MOU", "MoU", "MOUs", "MOC", "MoC", "DEA", "DEAs", "FTA", "FTAs", "UK", "EU", "US", "SG")
)
VERBS = {
    "negotiations-launched": re.compile(r"\blaunch(?:ed|es|ing)?\s+(?:of\s+)?negotiations|negotiations\b.{0,40}\blaunched", re.IGNORECASE),
    "concluded": re.compile(r"\bconclu(?:ded?|des|ding|sion)\b.{0,60}\bnegotiations?|\bnegotiations?\b.{0,60}\bconclu(?:ded|sion)|\bconcluded\b", re.IGNORECASE),
    "signed": re.compile(r"\b(?:co-?)?sign(?:ed|s|ing)\b|\binked\b|\bto sign\b|\bwill sign\b", re.IGNORECASE),
    "entry-into-force": re.compile(r"\bent(?:er(?:ed|s)?|ry)\s+into\s+force|\b(?:came|comes?)\s+into\s+(?:force|effect)|\btook\s+effect|\bin force\b", re.IGNORECASE),
}  # fmt: skip
_NOT_YET = re.compile(r"\b(?:will|to be|expected to|hope to|look forward|aims? to)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`paragraph` is the number that was typed before it, or before the text that it belongs to; 0 for none."""

    text: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class Named:
    """A name of an agreement that a text gives, with its acronym ("" when it gives none)."""

    title: str
    acronym: str
    sentence: str


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a Markdown body, without its marks."""
    paragraph = 0
    for block in re.split(r"\n\s*\n|\n(?=\s*\d{1,3}\.\s)", text):
        if found := _PARAGRAPH.match(block):
            paragraph = int(found[1])
            block = block[found.end() :]
        for piece in _SENTENCE_END.split(_plain(block)):
            if piece.strip():
                yield Sentence(" ".join(piece.split()), paragraph)


def _plain(markdown: str) -> str:
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|<[^<>]{0,500}>|\{:[^}]{0,200}\}", r"\1", markdown)
    return re.sub(r"&nbsp;|[*_]{1,3}|^#+\s*", " ", text, flags=re.MULTILINE)


def named_in(text: str) -> list[Named]:
    """Names of agreements with their acronyms, and memoranda with their subjects, each once."""
    found: dict[str, Named] = {}
    for sentence in sentences(text):
        for title, acronym in _WITH_ACRONYM.findall(sentence.text):
            name = _trimmed(title)
            generic = acronym in GENERIC and not re.search(r"-| on ", name)
            if name and not generic:
                acronym = "" if acronym in GENERIC else acronym
                found.setdefault(name.casefold(), Named(name, acronym, sentence.text))
        for pattern in (_ON_SUBJECT, _BETWEEN):
            for kind, rest in pattern.findall(sentence.text):
                name = _ended(f"{kind if len(kind) > 3 else _LONG[kind[-1].lower()]} {rest}")
                found.setdefault(name.casefold(), Named(name, "", sentence.text))
    return list(found.values())


def _trimmed(title: str) -> str:
    """A title from its first word that belongs to it: what stands before its last "the" is another part of the sentence."""
    title = _ended(re.split(r"\b(?:the|The|new|of the)\s+(?=[A-Z])", title)[-1])
    return title if re.search(rf"\b(?:{_INSTRUMENT})\b", title) and len(title.split()) > 1 else ""


def _ended(title: str) -> str:
    """Without the small words, the month and the possessive that follow it."""
    months = "|".join(name[:3] for name in MONTHS)
    title = re.sub(rf"\s+(?:in|on)\s+(?:{months})\w*$|’s$", "", title, flags=re.IGNORECASE)
    return re.sub(rf"(?:\s+(?:{_SMALL}))+$", "", title).strip(" ,")


def events_in(sentence: str, released: dt.date) -> list[tuple[str, dt.date]]:
    """(kind, day) of what a sentence says has happened or will: a named day, else "today" of the release's date."""
    days = days_in(sentence, released)
    found = []
    for kind, verb in VERBS.items():
        if place := verb.search(sentence):
            behind = [day for day, at in days if at > place.start()]
            before = [day for day, at in days if at < place.start()]
            told_now = re.search(r"\btoday\b|\bthis morning\b", sentence)
            if behind or before:
                found.append((kind, behind[0] if behind else before[-1]))
            elif told_now and not _NOT_YET.search(sentence[: place.end()]):
                found.append((kind, released))
    return found


def days_in(sentence: str, released: dt.date) -> list[tuple[dt.date, int]]:
    """(day, place in the sentence); a day without a year has the release's."""
    found = []
    for place in _DAY.finditer(sentence):
        month = MONTHS.get(place[2].lower())
        if month and (day := _real(int(place[3] or released.year), month, int(place[1]))):
            found.append((day, place.start()))
    return found


def _real(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
