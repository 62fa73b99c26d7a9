"""The agreements that a text names: a treaty by its name, a memorandum by its subject or by who made it.

Nothing here is certain; an editor sees the sentence and decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from releases.content.extraction.agreement_events import VERBS, Span
from releases.content.extraction.clauses import Clause
from releases.content.extraction.sentences import Sentence, split_sentences
from releases.content.text.dates import ENGLISH_MONTHS

NUMBERS = {
    word: at
    for at, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2)
}
GENERIC_ACRONYMS = frozenset("MOU MoU MOUs MOC MoC DEA DEAs FTA FTAs UK EU US SG".split())
MOST_WORDS = 16
"""Words of a subject or of a party's name; what goes on for longer is no name."""
CONTEXT_CHARS = 400
"""Characters around a mention of a memorandum in which its subject, its parties or its signing are looked
for."""

_INSTRUMENT = r"""
    Agreement | Treaty | Convention | Protocol
    | Memorandum[ ]of[ ](?:Understanding|Cooperation|Arrangement|Agreement) | Letter[ ]of[ ]Intent
    | Administrative[ ]Arrangement | Arrangement
    | Declaration | Pact | Accord | Partnership
"""
_SMALL = r"of|on|and|for|the|in|to|with|between|concerning"
# A word of a name has 60 letters at most, so that no text takes longer than its length.
_CAPITAL = r"(?: (?:(?:[A-Z]\.){2,3}-)? [A-Z][\w’'/&-]{0,60} )"
_NAME = rf"(?: {_CAPITAL} | {_SMALL} )"
_REST = rf"(?: \s+ (?: (?:of|and|for|from|the|in|at|on|&) \s+ ){{0,2}} {_CAPITAL} ){{0,12}}"


@dataclass(frozen=True, slots=True)
class NameClause:
    """A way in which a sentence names an agreement; the name is the pattern's group `group`, 0 for all that
    it finds.

    `is_sure`: what it finds is an agreement between states, whatever the sentence says of it.
    """

    clause: Clause
    group: int = 0
    is_sure: bool = False


_WITH_ACRONYM = Clause.compile(
    rf"""( {_CAPITAL} (?:\s+ {_NAME}){{0,12}}? \s+ (?: {_INSTRUMENT} | Compact | Charter ) (?:\s+ {_NAME}){{0,10}}? )
    \s* \( \s* [“"‘*]* ( [A-Z][A-Za-z*&-]{{1,11}} ) [”"’*]* \s* \)""",
    "Ministers adopted the {Southern Sea Charter (SSC)} in May.",
)
_CHANGE = NameClause(
    Clause.compile(
        rf"""\b (?:Protocol|Amendment) \s+
        (?: [Aa]mending | to\s+(?:[Aa]mend|[Uu]pgrade) | [Ff]urther\s+[Uu]pgrading | on\s+[Ff]urther\s+[Uu]pgrading | to )
        \s+ the \s+ (?: {_CAPITAL} \s+ ){{0,6}} (?: {_INSTRUMENT} )
        (?: \s+ (?:on|for|between|concerning) (?:\s+the)? \s+ {_CAPITAL} {_REST} )?""",
        "They signed the {Protocol to amend the Agreement on Fish}.",
    )
)
_OF_TWO = NameClause(
    Clause.compile(
        rf"""(?: [A-Z][\w.]{{0,60}} \s )? [A-Z][\w.]{{0,60}} [-–] [A-Z]\w{{0,60}} (?: \s+ {_CAPITAL} ){{0,5}}?
        \s+ (?: {_INSTRUMENT} ) (?: \s+ (?:on|for) {_REST} )? (?! [\w-] | \s+[A-Z] )""",
        "{The Norway-Chile Free Trade Agreement} helps both.",
    ),
    is_sure=True,
)
_ON_SUBJECT = NameClause(
    Clause.compile(
        rf"""(?: {_CAPITAL} \s+ ){{0,4}} (?<! [Mm]emorandum[ ]of[ ] ) \b
        (?: Treaty \s+ of
        | (?:Treaty|Convention|Protocol|Agreement|Arrangement|Declaration|Pact|Letter\s+of\s+Intent)
            \s+ (?:on|for|against|concerning|relating[ ]to|under) )
        (?: \s+ the )? \s+ {_CAPITAL} {_REST}""",
        "They signed the {Convention on Sand and Stone}.",
    )
)
_BETWEEN = NameClause(
    Clause.compile(
        rf"""(?: {_CAPITAL} \s+ ){{0,5}} \b (?:Treaty|Convention|Protocol|Agreement|Arrangement|Pact)
        \s+ between \s+ (?: the\s+ )? {_CAPITAL} {_REST}""",
        "{An Agreement between Norway and Chile} was signed.",
    )
)
_SIGNED = NameClause(
    Clause.compile(
        rf"""\b (?: [Ss]ign(?:s|ed|ing)? | [Ii]nked | [Ii]nitialled | [Rr]atif(?:y|ies|ied) | [Aa]ccede[sd]?\s+to
            | [Nn]egotiations\s+(?:on|for) )
        \s+ (?: of\s+ )? (?: (?:the|a|an|new) \s+ ){{0,2}}
        ( (?: {_CAPITAL} \s+ ){{1,6}} (?: Principles | Charter | Compact | {_INSTRUMENT} )
            (?: \s+ (?:on|for) \s+ {_CAPITAL} {_REST} )? )
        (?! [\w-] | \s+[A-Z(] )""",
        "Chile {signed the Southern Sea Compact} in May.",
    ),
    group=1,
)
_HAPPENED = NameClause(
    Clause.compile(
        rf"""\b [Tt]he \s+ ( (?: {_CAPITAL} \s+ ){{1,6}} (?: Charter | Compact | {_INSTRUMENT} ) ) \s+
        (?= (?: (?:was|were|is|has\s+been|will\s+be) \s+ (?: \w+ly\s+ )?
                (?:signed|initialled|amended|suspended|terminated|ratified)
            | (?: has\s+ | will\s+ )? (?: enter(?:ed|s)? | c[oa]me | comes ) \s+ into \s+ force ) \b )""",
        "In May {the Southern Sea Charter }was signed.",
    ),
    group=1,
)
NAME_CLAUSES = (_CHANGE, _OF_TWO, _ON_SUBJECT, _BETWEEN, _SIGNED, _HAPPENED)
_ANY_KIND = Clause.compile(
    r"""(?: (?:Digital|Economy|Economic|Free|Trade|Bilateral|Investment|Comprehensive|Strategic|Partnership|Cooperation)
        \s+ )+ (?:Agreement|Treaty|Partnership)""",
    "Both want a {Free Trade Agreement} soon.",
)
_KIND = re.compile(rf"\b ( {_INSTRUMENT} | Principles | Charter | Compact ) \b", re.VERBOSE)
_BINDS = Clause.compile(
    r"""\b (?: sign\w* | ink(?:ed|ing) | initialled | ratif\w+ | acced\w+ | accession | conclu\w+ | negotiat\w+
        | part(?:y|ies)[ ]to | into[ ]force | adopt(?:ed|s|ing) | terminated | suspended
        | exchange\w* \s+ (?: of\s+ )? (?: notes | a\s+letter | letters ) ) \b""",
    "Chile has {ratified} the pact.",
    ignore_case=True,
)
_TREATY = re.compile(r"\b(?:Treaty|Convention|Protocol)\b")
_PRIVATE = Clause.compile(
    r"""\b (?: Sale | Purchase | Tenancy | Lease | Settlement | Employment | Collective | (?<! Air[ ] ) Services?
        | Licen[cs]\w+ | Loan | Plea ) [ ]Agreement \b
    | \b Framework[ ]Agreement \b (?! [ ](?:on|for)[ ] )""",
    "The owners signed a {Tenancy Agreement} in May.",
)
_MEMORANDUM = Clause.compile(
    rf"""(?: \b ( (?i: {"|".join(NUMBERS)} ) | \d{{1,2}} ) \s+ (?: (?i: new | more | separate | other ) \s+ )? )?
    ( (?: {_CAPITAL} \s+ ){{0,5}} )
    \b ( (?i: Memorand(?:um|ums|a) \s+ of \s+ (?: Understanding | Co-?operation | Intent | Arrangement | Agreement ) s? )
        | M[Oo][UuCc]s? ) \b
    (?: \s* \( [^()]{{1,12}} \) )?
    (?: \s+ (?: (?:was|were) \s+ )? (?: jointly\s+ )? (?:signed|concluded|made) )?""",
    "They signed {three new MOUs} on fish, ships and sand.",
)
_PLURAL = re.compile(r"(?i:memoranda|memorandums)|.*s$")
_BRACKETS = re.compile(r"\s*\([^()]{1,20}\)")
_PAIR = re.compile(rf"[A-Z]\w{{0,60}} [-–] [A-Z]\w{{0,60}} (?:\s+ {_CAPITAL})* $", re.VERBOSE)
_JOINT = Clause.compile(
    r"""\s+ ( (?:on|concerning|regarding|for|in) (?: \s+the\s+ (?:areas?|fields?) \s+of | \s+areas\s+of )?
        | between | with | among | to ) \s+""",
    "An MOU{ in the field of }fish was signed.",
    ignore_case=True,
)
_MONTH = "(?:" + "|".join(name[:3].capitalize() for name in ENGLISH_MONTHS) + r")\w*"
_NO_SUBJECT = re.compile(
    rf"""the\s+[a-z] | \d | {_MONTH}\b
    | (?:behalf|how|which|that|this|these|its|their|his|her|be|help|an?|both)\b""",
    re.VERBOSE,
)
_STOP = r"\. (?=\s|$) (?<![A-Z]\.) | [;:!?”\"–]"
_LIST_END = Clause.compile(
    rf"""{_STOP}
    | \s (?: was | were | is | are | will | would | which | that | who | has | have | had | by | signed | inked | during
        | under | through | while | at | since | today | yesterday | last | may | can | could | facilitating
        | reaffirming | commits | aims | seeks | provides | sets | covers | includes | marks | between | with | via
        | in\s+(?:{_MONTH}|\d{{4}}) | on\s+\d{{1,2}} ) \b""",
    "An MOU on fish and ships{ was} signed.",
)
_CLAUSE_END = re.compile(r",(?!\s+(?:and\s+)?[A-Z])")
_PARTY_END = Clause.compile(
    rf"""{_STOP}
    | \s (?: on | to | which | that | who | was | were | will | has | have | at | during | by | signed | under | through
        | while | since | today | for(?=\s+[a-z]) | in(?=\s+(?:the\s+)?(?:area|field|{_MONTH}|\d{{4}})) ) \b
    | , (?! \s+ (?: and\s+ )? [A-Z] )""",
    "An MOU between Norway and Chile{ on} fish was signed.",
)
_BEFORE_VERB = re.compile(r"\s+(?:(?:have|has|today|also|jointly|will)\s*)*$")
_NOT_OF_TITLE = re.compile(
    r"""\b (?: (?: [Tt]he | new | A | An | Both ) \s+ (?=[A-Z]|$)
        | (?: Signs? | Signed | Inks? | Concludes? | Ratif(?:y|ies) | Joins? ) \s+ )""",
    re.VERBOSE,
)
_OTHER_NEW = re.compile(r"\bNew\s+(?!Zealand|York|Delhi|South|Brunswick|Guinea|Caledonia)")
CLAUSES = (
    _WITH_ACRONYM,
    *(name.clause for name in NAME_CLAUSES),
    _ANY_KIND,
    _BINDS,
    _PRIVATE,
    _MEMORANDUM,
    _JOINT,
    _LIST_END,
    _PARTY_END,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence that names an agreement, and the name's place in it."""

    sentence: str
    place: Span


@dataclass(frozen=True, slots=True)
class AgreementName:
    """An agreement that a text tells of, with the acronym that it gives ("" for none).

    `is_several`: memoranda that the text counts and does not name one by one.
    """

    title: str
    acronym: str
    mentions: tuple[Mention, ...]
    is_several: bool = False
    is_given: bool = True

    @property
    def sentence(self) -> str:
        """The first sentence that names it."""
        return self.mentions[0].sentence


def find_agreements(text: str, title: str = "") -> list[AgreementName]:
    """The agreements that a body and its title name, each once; memoranda without a name only if no other is
    named."""
    found: list[AgreementName] = []
    for line in [*split_sentences(text), *([Sentence(title, 0)] if title else [])]:
        for name in _names(line.text):
            _add(name, found)
    given = [name for name in found if name.is_given]
    memoranda = [name for name in given if name.title.startswith("Memorandum")]
    nameless = [name for name in found if not name.is_given]
    return given if memoranda else [*given, *nameless[:1]]


def _add(name: AgreementName, found: list[AgreementName]) -> None:
    """Into the list, or to the mentions of what is there under the same title or acronym, or a part of the
    title."""
    for at, other in enumerate(found):
        if _is_same(name, other):
            known = {mention.sentence for mention in other.mentions}
            told = tuple(mention for mention in name.mentions if mention.sentence not in known)
            acronym = other.acronym or name.acronym
            found[at] = replace(other, acronym=acronym, mentions=other.mentions + told)
            return
    found.append(name)


def _is_same(one: AgreementName, other: AgreementName) -> bool:
    short, long = sorted((one.title.casefold(), other.title.casefold()), key=len)
    is_change = _CHANGE.clause.pattern.match(one.title) is not None
    if is_change != (_CHANGE.clause.pattern.match(other.title) is not None):
        return False
    return short in long or bool(one.acronym and one.acronym == other.acronym)


def _names(text: str) -> Iterator[AgreementName]:
    """The agreements that a sentence names."""
    yield from _with_acronyms(text)
    # "Protocol amending the Agreement on …" names one: the agreement is a part of the protocol's name
    changing = [place.span() for place in _CHANGE.clause.pattern.finditer(text)]
    for way in NAME_CLAUSES:
        for place in way.clause.pattern.finditer(text):
            title, span = _trimmed(place[way.group]), place.span(way.group)
            is_part = way is not _CHANGE and any(start <= span[0] < end for start, end in changing)
            if title and not is_part and _is_agreement(title, text, is_sure=way.is_sure):
                yield AgreementName(title, "", (Mention(text, span),))
    for place in _MEMORANDUM.pattern.finditer(text):
        yield from _memoranda(place, text)


def _is_agreement(title: str, text: str, *, is_sure: bool) -> bool:
    """Whether a title is that of one agreement between states, by its words or what the sentence says of
    it."""
    if _PRIVATE.pattern.search(title) or _ANY_KIND.pattern.fullmatch(title):
        return False
    return is_sure or bool(_TREATY.search(title) or _BINDS.pattern.search(text))


def _with_acronyms(text: str) -> Iterator[AgreementName]:
    for place in _WITH_ACRONYM.pattern.finditer(text):
        name, acronym = _trimmed(place[1]), place[2]
        if name and not (acronym in GENERIC_ACRONYMS and not re.search(r"-| on ", name)):
            yield AgreementName(
                name, "" if acronym in GENERIC_ACRONYMS else acronym, (Mention(text, place.span(1)),)
            )


def _trimmed(title: str) -> str:
    """A title from its first word that belongs to it: what stands before its last "the" is another part of
    the sentence.

    "" for what is no name: "Agreement", "Norway-Chile Agreement".
    """
    first, instrument, rest = _KIND.split(title, maxsplit=1)
    first = _NOT_OF_TITLE.split(_OTHER_NEW.sub("", first))[-1]
    name = _ended(f"{first}{instrument}{rest}")
    words = name.split()
    is_name = len(words) > 2 or (len(words) == 2 and "-" not in words[0])
    return name if is_name and not _MEMORANDUM.pattern.match(name) else ""


def _ended(title: str) -> str:
    """Without the small words, the month and the possessive that follow it."""
    months = "|".join(name[:3] for name in ENGLISH_MONTHS)
    title = re.sub(
        rf"\s+(?:in|on)\s+(?:{months})\w*(?:\s+\d{{4}})?$|’s$", "", title.strip(" ,"), flags=re.IGNORECASE
    )
    return re.sub(rf"(?:\s+(?:{_SMALL}|&))+$", "", title, flags=re.IGNORECASE).strip(" ,")


def _memoranda(place: re.Match[str], text: str) -> Iterator[AgreementName]:
    """What one mention of a memorandum, or of a number of them, says of them."""
    if place[1]:
        yield from _counted(place, text)
    elif not _PLURAL.match(place[3]):
        told, kind, pair = (Mention(text, place.span()),), f"Memorandum of {_noun(place[3])}", _pair(place[2])
        joint, rest = _clause(text, place.end())
        if rest and joint != "to":
            yield AgreementName(f"{pair}{kind} {joint} {rest}", "", told)
        elif pair:
            yield AgreementName(f"{pair}{kind}", "", told)
        elif signers := _signers(text, place.start(3)):
            aim = f" to {rest}" if rest else ""
            yield AgreementName(f"{kind} between {signers}{aim}", "", told, is_given=False)


def _counted(place: re.Match[str], text: str) -> Iterator[AgreementName]:
    """ "Three MOUs on fish, ships and sand" are three; "three MOUs" that were signed are one suggestion."""
    told, noun = (Mention(text, place.span()),), _noun(place[3])
    joint, rest = _clause(text, place.end(), is_list=True)
    subjects = _list(rest) if joint not in ("between", "with", "among") else []
    number = int(place[1]) if place[1].isdigit() else NUMBERS[place[1].lower()]
    if len(subjects) == number > 1:
        for subject in subjects:
            yield AgreementName(f"Memorandum of {noun} {joint} {subject}", "", told)
    elif VERBS["signed"].search(text, max(0, place.start() - CONTEXT_CHARS), place.end() + CONTEXT_CHARS):
        yield AgreementName(
            f"{place[1].capitalize()} Memoranda of {noun}", "", told, is_several=True, is_given=False
        )


def _noun(kind: str) -> str:
    """What a memorandum is of: MOU, MOC or the word in full."""
    if len(kind) < 5:
        return {"u": "Understanding", "c": "Cooperation"}[kind[2].lower()]
    return kind.split()[-1].rstrip("s").replace("-", "").capitalize()


def _pair(words: str) -> str:
    """ "Norway-Chile Fish " of what stands before the kind, from the pair of names on; "" without such."""
    found = _PAIR.search(words.strip())
    return f"{found[0]} " if found else ""


def _clause(text: str, start: int, *, is_list: bool = False) -> tuple[str, str]:
    """The word that leads on ("on", "between", "to") and what it leads to; "" when that is no name.

    A list of subjects goes on behind its commas; one subject ends there.
    """
    joint = _JOINT.pattern.match(text, start)
    if not joint:
        return "", ""
    word = joint[1].split()[0].lower()
    rest = _BRACKETS.sub("", text[joint.end() : joint.end() + CONTEXT_CHARS])
    if word in ("between", "with", "among"):
        return word, _parties(rest, word)
    is_field = word != "in" or " " in joint[1] or rest[:1].isupper()
    if _NO_SUBJECT.match(rest) or not is_field:
        return "", ""
    return ("on" if word in ("in", "regarding") else word), _subject(rest, is_list=is_list)


def _parties(rest: str, word: str) -> str:
    found = _ended(_PARTY_END.pattern.split(rest, maxsplit=1)[0])
    is_named = re.search(r"[A-Z]", found) and len(found.split()) <= 2 * MOST_WORDS
    is_pair = word != "between" or re.search(r"\s(?:and|&)\s", found)
    return found if is_named and is_pair else ""


def _subject(rest: str, *, is_list: bool) -> str:
    words = _LIST_END.pattern.split(rest, maxsplit=1)[0]
    if not is_list:
        words = " ".join(_CLAUSE_END.split(words, maxsplit=1)[0].split()[:MOST_WORDS])
    return _ended(words)


def _list(subject: str) -> list[str]:
    listed = re.split(r"\bin\s+the\s+(?:areas?|fields?)\s+of\s+", subject)[-1]
    parts = re.split(r",\s+(?:and\s+|&\s+)?|\s+(?:and|&)\s+", listed)
    return [part.strip() for part in parts if part.strip()]


def _signers(text: str, end: int) -> str:
    """Who stands before the verb of "A and B today signed a …"; "" when none do."""
    text = text[max(0, end - CONTEXT_CHARS) : end]
    verb = VERBS["signed"].search(text)
    if not verb:
        return ""
    before = _BEFORE_VERB.sub("", _BRACKETS.sub("", text[: verb.start()]) + " ")
    clause = re.split(r"[,–;:]\s|\b\d{4}\s", before)[-1].strip().removeprefix("The ").removeprefix("the ")
    is_pair = re.search(r"\s(?:[Aa]nd|&)\s", clause) and clause[:1].isupper()
    return clause if is_pair and len(clause.split()) <= MOST_WORDS else ""
