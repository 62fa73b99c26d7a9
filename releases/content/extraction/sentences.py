"""The sentences of a text, and the days, states and persons that they name.

Nothing here is certain; an editor sees the sentence and decides.
"""

import datetime as dt
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from releases.content.text.dates import ENGLISH_MONTHS, make_date

_BLOCK_TAG = re.compile(r"</?(?:p|li|ul|ol|div|h[1-6]|td|th|tr|table|br|blockquote)\b[^<>]{0,2000}>")
_SENTENCE_END = re.compile(
    r"(?<=[.!?”])(?<!\b[A-Z]\.)(?<!\b[DM]r\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bNo\.)\s+(?=[A-Z0-9“\"(*])"
    r"|\n\s*\n|\n(?=\s*(?:[*+-]|\d{1,3}\.)\s)"
)
LONGEST_ITEM, LONGEST_STATEMENT = 300, 1_500
_ITEM = re.compile(
    r"\b(?:M[Oo][UuCc]|Memorandum|Agreement|Treaty|Convention|Protocol|Declaration|Arrangement|Letter|Programme|Framework)\b"
)
_PARAGRAPH = re.compile(r"\s*(?:\*\*)?(\d{1,3})\\?\.\s")
_DAY = re.compile(
    r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>[A-Z][a-z]+)(?:,?\s+(?P<year>\d{4}))?\b"
    r"|\b(?P<month_first>[A-Z][a-z]+)\s+(?P<day_second>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year_last>\d{4})\b"
)
_HONORIFIC = r"(?:Mr|Mrs|Ms|Mdm|Madam|Dr|Prof(?:essor)?|Assoc(?:iate)? Prof(?:essor)?|Sir|Tan Sri|Dato’?|Datuk|BG|RADM|COL|H\.?E\.?)\.?"
_PERSON = re.compile(rf"\b({_HONORIFIC}(?:\s+(?!(?:and|And)\b)[A-Z][\w’'.-]*){{1,4}})")
_OFFICE = re.compile(
    r"\b(?:(?:Minister|Secretary|President|Director|Executive|Ambassador|Commissioner|Chair(?:man|person)?|Governor|Chief|Head"
    r"|Attorney-General|Commandant|Speaker|Representative)\b)"
)
_WORDS = r"(?:[A-Z][\w’'&-]*|of|for|and|the|in-charge|in|to)"
_OFFICE_BEFORE = re.compile(rf"((?:{_WORDS}\s+){{1,16}})$")
_OFFICE_AFTER = re.compile(rf",\s+(?!and\b)(?:the\s+)?({_WORDS}(?:\s+{_WORDS}){{0,16}})")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`paragraph` is the number that was typed before it, or before the text that it belongs to; 0 for
    none."""

    text: str
    paragraph: int


def split_sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a Markdown or HTML body, without its marks."""
    paragraph = 0
    for block in re.split(r"\n\s*\n|\n(?=\s*\d{1,3}\\?\.\s)", _BLOCK_TAG.sub("\n\n", text)):
        if found := _PARAGRAPH.match(block):
            paragraph = int(found[1])
            block = block[found.end() :]
        for piece in _SENTENCE_END.split(_plain(block)):
            if piece.strip():
                yield Sentence(" ".join(piece.split()), paragraph)


def split_statements(text: str) -> Iterator[str]:
    """The sentences of a body, with an item of a list after the words that lead to it: "Both signed: a Fish
    Treaty;". What goes on for longer than LONGEST_STATEMENT is cut, so that no text costs more than its
    length."""
    head = ""
    for sentence in split_sentences(text):
        is_item = head and _ITEM.search(sentence.text) and len(sentence.text) < LONGEST_ITEM
        if not is_item:
            head = sentence.text if sentence.text.endswith(":") and len(sentence.text) < LONGEST_ITEM else ""
        yield (f"{head} {sentence.text}" if is_item else sentence.text)[:LONGEST_STATEMENT]


def _plain(markdown: str) -> str:
    text = re.sub(r"<sup>\s*\d+\s*</sup>", "", markdown)
    text = re.sub(r"!?\[([^\]]{0,2000})\]\([^)]{0,2000}\)|<[^<>]{0,500}>|\{:[^}]{0,200}\}", r"\1", text)
    return re.sub(r"&nbsp;|[*_]{1,3}|^#+\s*", " ", text, flags=re.MULTILINE)


class NamedDay(NamedTuple):
    """A day, and the character of the sentence at which it begins."""

    day: dt.date
    place: int


def find_days(sentence: str, released: dt.date) -> list[NamedDay]:
    """The days that a sentence names, in its order; one without a year is of the year of `released`."""
    found = []
    for place in _DAY.finditer(sentence):
        month = ENGLISH_MONTHS.get((place["month"] or place["month_first"]).lower())
        number, year = int(place["day"] or place["day_second"]), place["year"] or place["year_last"]
        if month and (day := make_date(int(year or released.year), month, number)):
            found.append(NamedDay(day, place.start()))
    return found


def find_states(text: str, names: dict[str, str]) -> list[str]:
    """The codes of the states that a text names, in their order, each once; `names` leads from a name to its
    code."""
    found = []
    for place in _pattern_of(tuple(names)).finditer(text):
        code = names[place[0]]
        if code not in found:
            found.append(code)
    return found


@functools.cache
def _pattern_of(names: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words, the longest name first: "South Korea" is not "Korea"."""
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


def find_parties(sentence: str) -> str:
    """What follows "between" up to the end of the names there: the parties that a sentence gives; "" for
    none."""
    found = re.search(
        r"\bbetween\s+((?:[Tt]he\s+)?[A-Z].{0,120}?)(?:[,.;(]|\s(?:on|to|which|that|for|in)\s|$)", sentence
    )
    return found[1] if found else ""


def find_signers(sentence: str) -> list[str]:
    """Persons named with an honorific in what follows "signed by", with the office that stands beside the
    name.

    "Dr Anna Lim, Minister for Fish", of "by Minister for Fish Dr Anna Lim" and of "by Dr Anna Lim, Minister
    for Fish".
    """
    told = re.search(r"\b[Ss]igned\b.{0,80}?\bby\b(.*)", sentence)
    places = list(_PERSON.finditer(told[1])) if told else []
    found: dict[str, str] = {}
    for before, place, after in zip([None, *places], places, [*places[1:], None], strict=False):
        name = re.sub(r"(?:’s|\.)$", "", " ".join(place[1].split()))
        found.setdefault(
            name, _office(place, before.end() if before else 0, after.start() if after else None)
        )
    return [", ".join(filter(None, person)) for person in found.items()]


def _office(person: re.Match[str], start: int, end: int | None) -> str:
    """The office that stands before a name, else behind it, between the names around it; "" for none."""
    led = person.string[start : person.start()]
    before = _OFFICE_BEFORE.search(led.rpartition(" and ")[2] if led.startswith(",") else led)
    if before and _OFFICE.search(before[1]):
        return re.sub(r"^(?:(?:and|the|of|for|in|to|[A-Z]\w+’s)\s+)+", "", before[1].strip())
    after = _OFFICE_AFTER.match(person.string[person.end() : end])
    office = after[1] if after else ""
    if after and end and not after.string[after.end() :].strip():
        office = office.rpartition(" and ")[0] or office
    office = re.sub(r"(?:\s+(?:and|of|for|the|in|to))+$", "", office)
    return office if _OFFICE.search(office) else ""
