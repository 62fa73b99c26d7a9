"""The agreements that a text names: a treaty by its name, a memorandum by its subject or by who made it.

Nothing here is certain; an editor sees the sentence and decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from releases.content.extraction.agreement_events import VERBS, Span
from releases.content.extraction.sentences import MONTHS, Sentence, sentences

NUMBERS = {
    word: at
    for at, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2)
}
GENERIC = frozenset("MOU MoU MOUs MOC MoC DEA DEAs FTA FTAs UK EU US SG".split())
LONGEST = 16
NEAR = 400

_INSTRUMENT = (
    r"Agreement|Treaty|Convention|Protocol|Memorandum of (?:Understanding|Cooperation|Arrangement|Agreement)|Letter of Intent"
    r"|Administrative Arrangement|Arrangement"
    r"|Declaration|Pact|Accord|Partnership"
)
_SMALL = r"of|on|and|for|the|in|to|with|between|concerning"
# A word of a name has 60 letters at most, so that no text takes longer than its length.
_CAPITAL = r"(?:(?:[A-Z]\.){2,3}-)?[A-Z][\w’'/&-]{0,60}"
_NAME = rf"(?:{_CAPITAL}|{_SMALL})"
_REST = rf"(?:\s+(?:(?:of|and|for|from|the|in|at|on|&)\s+){{0,2}}{_CAPITAL}){{0,12}}"
_WITH_ACRONYM = re.compile(
    rf"((?:{_CAPITAL})(?:\s+{_NAME}){{0,12}}?\s+(?:{_INSTRUMENT}|Compact|Charter)(?:\s+{_NAME}){{0,10}}?)"
    r"\s*\(\s*[“\"‘*]*([A-Z][A-Za-z*&-]{1,11})[”\"’*]*\s*\)"
)
_OF_TWO = re.compile(
    rf"(?:[A-Z][\w.]{{0,60}}\s)?[A-Z][\w.]{{0,60}}[-–][A-Z]\w{{0,60}}(?:\s+{_CAPITAL}){{0,5}}?\s+(?:{_INSTRUMENT})(?:\s+(?:on|for){_REST})?(?![\w-]|\s+[A-Z])"
)
_ON_SUBJECT = re.compile(
    rf"(?:{_CAPITAL}\s+){{0,4}}(?<![Mm]emorandum of )\b(?:Treaty\s+of|(?:Treaty|Convention|Protocol|Agreement|Arrangement|Declaration|Pact|Letter\s+of\s+Intent)"
    rf"\s+(?:on|for|against|concerning|relating to|under))"
    rf"(?:\s+the)?\s+{_CAPITAL}{_REST}"
)
_BETWEEN = re.compile(
    rf"(?:{_CAPITAL}\s+){{0,5}}\b(?:Treaty|Convention|Protocol|Agreement|Arrangement|Pact)\s+between\s+(?:the\s+)?{_CAPITAL}{_REST}"
)
_PROTOCOL = re.compile(
    rf"\b(?:Protocol|Amendment)\s+(?:[Aa]mending|to\s+(?:[Aa]mend|[Uu]pgrade)|[Ff]urther\s+[Uu]pgrading|on\s+[Ff]urther\s+[Uu]pgrading|to)"
    rf"\s+the\s+(?:{_CAPITAL}\s+){{0,6}}(?:{_INSTRUMENT})(?:\s+(?:on|for|between|concerning)(?:\s+the)?\s+{_CAPITAL}{_REST})?"
)
_SIGNED = re.compile(
    rf"\b(?:[Ss]ign(?:s|ed|ing)?|[Ii]nked|[Ii]nitialled|[Rr]atif(?:y|ies|ied)|[Aa]ccede[sd]?\s+to|[Nn]egotiations\s+(?:on|for))\s+(?:of\s+)?(?:(?:the|a|an|new)\s+){{0,2}}"
    rf"((?:{_CAPITAL}\s+){{1,6}}(?:Principles|Charter|Compact|{_INSTRUMENT})(?:\s+(?:on|for)\s+{_CAPITAL}{_REST})?)(?![\w-]|\s+[A-Z(])"
)
_HAPPENED = re.compile(
    rf"\b[Tt]he\s+((?:{_CAPITAL}\s+){{1,6}}(?:Charter|Compact|{_INSTRUMENT}))\s+"
    r"(?=(?:(?:was|were|is|has\s+been|will\s+be)\s+(?:\w+ly\s+)?(?:signed|initialled|amended|suspended|terminated|ratified)"
    r"|(?:has\s+|will\s+)?(?:enter(?:ed|s)?|c[oa]me|comes)\s+into\s+force)\b)"
)
_ANY_KIND = re.compile(
    r"(?:(?:Digital|Economy|Economic|Free|Trade|Bilateral|Investment|Comprehensive|Strategic|Partnership|Cooperation)\s+)+(?:Agreement|Treaty|Partnership)"
)
_KIND = re.compile(rf"\b({_INSTRUMENT}|Principles|Charter|Compact)\b")
_BINDS = re.compile(
    r"\b(?:sign\w*|ink(?:ed|ing)|initialled|ratif\w+|acced\w+|accession|conclu\w+|negotiat\w+|part(?:y|ies) to|into force|adopt(?:ed|s|ing)|terminated|suspended"
    r"|exchange\w*\s+(?:of\s+)?(?:notes|a\s+letter|letters))\b",
    re.IGNORECASE,
)
_TREATY = re.compile(r"\b(?:Treaty|Convention|Protocol)\b")
_PRIVATE = re.compile(
    r"\b(?:Sale|Purchase|Tenancy|Lease|Settlement|Employment|Collective|(?<!Air )Services?|Licen[cs]\w+|Loan|Plea) Agreement\b"
    r"|\bFramework Agreement\b(?! (?:on|for) )"
)
_MEMORANDUM = re.compile(
    rf"(?:\b((?i:{'|'.join(NUMBERS)})|\d{{1,2}})\s+(?:(?i:new|more|separate|other)\s+)?)?"
    rf"((?:{_CAPITAL}\s+){{0,5}})"
    r"\b((?i:Memorand(?:um|ums|a)\s+of\s+(?:Understanding|Co-?operation|Intent|Arrangement|Agreement)s?)|M[Oo][UuCc]s?)\b"
    r"(?:\s*\([^()]{1,12}\))?(?:\s+(?:(?:was|were)\s+)?(?:jointly\s+)?(?:signed|concluded|made))?"
)
_PLURAL = re.compile(r"(?i:memoranda|memorandums)|.*s$")
_BRACKETS = re.compile(r"\s*\([^()]{1,20}\)")
_PAIR = re.compile(rf"[A-Z]\w{{0,60}}[-–][A-Z]\w{{0,60}}(?:\s+{_CAPITAL})*$")
_JOINT = re.compile(
    r"\s+((?:on|concerning|regarding|for|in)(?:\s+the\s+(?:areas?|fields?)\s+of|\s+areas\s+of)?|between|with|among|to)\s+",
    re.IGNORECASE,
)
_MONTH = "(?:" + "|".join(name[:3].capitalize() for name in MONTHS) + r")\w*"
_NO_SUBJECT = re.compile(
    rf"the\s+[a-z]|\d|{_MONTH}\b|(?:behalf|how|which|that|this|these|its|their|his|her|be|help|an?|both)\b"
)
_STOP = r"\.(?=\s|$)(?<![A-Z]\.)|[;:!?”\"–]"
_LIST_END = re.compile(
    rf"{_STOP}|\s(?:was|were|is|are|will|would|which|that|who|has|have|had|by|signed|inked|during|under|through|while|at|since"
    rf"|today|yesterday|last|may|can|could|facilitating|reaffirming|commits|aims|seeks|provides|sets|covers|includes|marks|between|with|via|in\s+(?:{_MONTH}|\d{{4}})|on\s+\d{{1,2}})\b"
)
_CLAUSE_END = re.compile(r",(?!\s+(?:and\s+)?[A-Z])")
_PARTY_END = re.compile(
    rf"{_STOP}|\s(?:on|to|which|that|who|was|were|will|has|have|at|during|by|signed|under|through|while|since|today"
    rf"|for(?=\s+[a-z])|in(?=\s+(?:the\s+)?(?:area|field|{_MONTH}|\d{{4}})))\b|,(?!\s+(?:and\s+)?[A-Z])"
)
_BEFORE_VERB = re.compile(r"\s+(?:(?:have|has|today|also|jointly|will)\s*)*$")
_NOT_OF_TITLE = re.compile(
    r"\b(?:(?:[Tt]he|new|A|An|Both)\s+(?=[A-Z]|$)|(?:Signs?|Signed|Inks?|Concludes?|Ratif(?:y|ies)|Joins?)\s+)"
)
_OTHER_NEW = re.compile(r"\bNew\s+(?!Zealand|York|Delhi|South|Brunswick|Guinea|Caledonia)")


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence that names an agreement, and the name's place in it."""

    sentence: str
    place: Span


@dataclass(frozen=True, slots=True)
class Named:
    """An agreement that a text tells of, with the acronym that it gives ("" for none).

    `is_several`: memoranda that the text counts and does not name one by one.
    """

    title: str
    acronym: str
    tellings: tuple[Telling, ...]
    is_several: bool = False
    is_given: bool = True

    @property
    def sentence(self) -> str:
        return self.tellings[0].sentence


def named_in(text: str, title: str = "") -> list[Named]:
    """The agreements that a body and its title name, each once; memoranda without a name only if no other is named."""
    found: list[Named] = []
    for line in [*sentences(text), *([Sentence(title, 0)] if title else [])]:
        for name in _names(line.text):
            _add(name, found)
    given = [name for name in found if name.is_given]
    memoranda = [name for name in given if name.title.startswith("Memorandum")]
    return given if memoranda else [*given, *_chosen(found)]


def _chosen(found: list[Named]) -> list[Named]:
    """The first memorandum that is told of without a name, else the first number of several."""
    return [name for name in found if not name.is_given][:1]


def _add(name: Named, found: list[Named]) -> None:
    """Into the list, or to the tellings of what is there under the same title or acronym, or a part of the title."""
    for at, other in enumerate(found):
        if _is_same(name, other):
            known = {telling.sentence for telling in other.tellings}
            told = tuple(telling for telling in name.tellings if telling.sentence not in known)
            acronym = other.acronym or name.acronym
            found[at] = replace(other, acronym=acronym, tellings=other.tellings + told)
            return
    found.append(name)


def _is_same(one: Named, other: Named) -> bool:
    short, long = sorted((one.title.casefold(), other.title.casefold()), key=len)
    is_change = _PROTOCOL.match(one.title) is not None
    if is_change != (_PROTOCOL.match(other.title) is not None):
        return False
    return short in long or bool(one.acronym and one.acronym == other.acronym)


def _names(text: str) -> Iterator[Named]:
    yield from _with_acronyms(text)
    changing = [place.span() for place in _PROTOCOL.finditer(text)]
    for pattern, group in (
        (_PROTOCOL, 0),
        (_OF_TWO, 0),
        (_ON_SUBJECT, 0),
        (_BETWEEN, 0),
        (_SIGNED, 1),
        (_HAPPENED, 1),
    ):
        for place in pattern.finditer(text):
            title = _trimmed(place[group])
            if (
                title
                and not _PRIVATE.search(title)
                and not _ANY_KIND.fullmatch(title)
                and (pattern is _OF_TWO or _TREATY.search(title) or _BINDS.search(text))
                and (pattern is _PROTOCOL or not _is_within(place.span(group), changing))
            ):
                yield Named(title, "", (Telling(text, place.span(group)),))
    for place in _MEMORANDUM.finditer(text):
        yield from _memoranda(place, text)


def _is_within(place: Span, others: list[Span]) -> bool:
    """Whether it is a part of another name: the agreement of "Protocol amending the Agreement on …"."""
    return any(start <= place[0] < end for start, end in others)


def _with_acronyms(text: str) -> Iterator[Named]:
    for place in _WITH_ACRONYM.finditer(text):
        name, acronym = _trimmed(place[1]), place[2]
        if name and not (acronym in GENERIC and not re.search(r"-| on ", name)):
            yield Named(name, "" if acronym in GENERIC else acronym, (Telling(text, place.span(1)),))


def _trimmed(title: str) -> str:
    """A title from its first word that belongs to it: what stands before its last "the" is another part of the sentence.

    "" for what is no name: "Agreement", "Norway-Chile Agreement".
    """
    first, instrument, rest = _KIND.split(title, maxsplit=1)
    first = _NOT_OF_TITLE.split(_OTHER_NEW.sub("", first))[-1]
    name = _ended(f"{first}{instrument}{rest}")
    words = name.split()
    is_name = len(words) > 2 or (len(words) == 2 and "-" not in words[0])
    return name if is_name and not _MEMORANDUM.match(name) else ""


def _ended(title: str) -> str:
    """Without the small words, the month and the possessive that follow it."""
    months = "|".join(name[:3] for name in MONTHS)
    title = re.sub(
        rf"\s+(?:in|on)\s+(?:{months})\w*(?:\s+\d{{4}})?$|’s$", "", title.strip(" ,"), flags=re.IGNORECASE
    )
    return re.sub(rf"(?:\s+(?:{_SMALL}|&))+$", "", title, flags=re.IGNORECASE).strip(" ,")


def _memoranda(place: re.Match[str], text: str) -> Iterator[Named]:
    """What one mention of a memorandum, or of a number of them, says of them."""
    if place[1]:
        yield from _counted(place, text)
    elif not _PLURAL.match(place[3]):
        told, kind, pair = (Telling(text, place.span()),), f"Memorandum of {_noun(place[3])}", _pair(place[2])
        joint, rest = _clause(text, place.end())
        if rest and joint != "to":
            yield Named(f"{pair}{kind} {joint} {rest}", "", told)
        elif pair:
            yield Named(f"{pair}{kind}", "", told)
        elif signers := _signers(text, place.start(3)):
            aim = f" to {rest}" if rest else ""
            yield Named(f"{kind} between {signers}{aim}", "", told, is_given=False)


def _counted(place: re.Match[str], text: str) -> Iterator[Named]:
    """ "Three MOUs on fish, ships and sand" are three; "three MOUs" that were signed are one suggestion."""
    told, noun = (Telling(text, place.span()),), _noun(place[3])
    joint, rest = _clause(text, place.end(), _LIST_END)
    subjects = _list(rest) if joint not in ("between", "with", "among") else []
    if len(subjects) == _number(place[1]) > 1:
        for subject in subjects:
            yield Named(f"Memorandum of {noun} {joint} {subject}", "", told)
    elif VERBS["signed"].search(text, max(0, place.start() - NEAR), place.end() + NEAR):
        yield Named(f"{place[1].capitalize()} Memoranda of {noun}", "", told, is_several=True, is_given=False)


def _noun(kind: str) -> str:
    """What a memorandum is of: MOU, MOC or the word in full."""
    if len(kind) < 5:
        return {"u": "Understanding", "c": "Cooperation"}[kind[2].lower()]
    return kind.split()[-1].rstrip("s").replace("-", "").capitalize()


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word.lower()]


def _pair(words: str) -> str:
    """ "Norway-Chile Fish " of what stands before the kind, from the pair of names on; "" without such."""
    found = _PAIR.search(words.strip())
    return f"{found[0]} " if found else ""


def _clause(text: str, start: int, end: re.Pattern[str] | None = None) -> tuple[str, str]:
    """The word that leads on ("on", "between", "to") and what it leads to, up to `end`; "" when that is no name."""
    joint = _JOINT.match(text, start)
    if not joint:
        return "", ""
    word = joint[1].split()[0].lower()
    rest = _BRACKETS.sub("", text[joint.end() : joint.end() + NEAR])
    if word in ("between", "with", "among"):
        return word, _parties(rest, word)
    is_field = word != "in" or " " in joint[1] or rest[:1].isupper()
    if _NO_SUBJECT.match(rest) or not is_field:
        return "", ""
    return ("on" if word in ("in", "regarding") else word), _subject(rest, end)


def _parties(rest: str, word: str) -> str:
    found = _ended(_PARTY_END.split(rest, maxsplit=1)[0])
    is_named = re.search(r"[A-Z]", found) and len(found.split()) <= 2 * LONGEST
    is_pair = word != "between" or re.search(r"\s(?:and|&)\s", found)
    return found if is_named and is_pair else ""


def _subject(rest: str, end: re.Pattern[str] | None) -> str:
    words = _LIST_END.split(rest, maxsplit=1)[0]
    if end is None:
        words = " ".join(_CLAUSE_END.split(words, maxsplit=1)[0].split()[:LONGEST])
    return _ended(words)


def _list(subject: str) -> list[str]:
    listed = re.split(r"\bin\s+the\s+(?:areas?|fields?)\s+of\s+", subject)[-1]
    parts = re.split(r",\s+(?:and\s+|&\s+)?|\s+(?:and|&)\s+", listed)
    return [part.strip() for part in parts if part.strip()]


def _signers(text: str, end: int) -> str:
    """Who stands before the verb of "A and B today signed a …"; "" when none do."""
    text = text[max(0, end - NEAR) : end]
    verb = VERBS["signed"].search(text)
    if not verb:
        return ""
    before = _BEFORE_VERB.sub("", _BRACKETS.sub("", text[: verb.start()]) + " ")
    clause = re.split(r"[,–;:]\s|\b\d{4}\s", before)[-1].strip().removeprefix("The ").removeprefix("the ")
    is_pair = re.search(r"\s(?:[Aa]nd|&)\s", clause) and clause[:1].isupper()
    return clause if is_pair and len(clause.split()) <= LONGEST else ""
