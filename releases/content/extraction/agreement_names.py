"""The agreements that a text names: a treaty by its name, a memorandum by its subject or by who made it.

Nothing here is certain; an editor sees the sentence and decides.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from releases.content.extraction.agreement_words import (
    CAPITAL,
    INSTRUMENT,
    MONTH,
    NAME,
    REST,
    AgreementMention,
    AgreementName,
    cut_place,
    end_name,
)
from releases.content.extraction.clauses import Clause
from releases.content.extraction.memoranda import MEMORANDUM, find_memoranda
from releases.content.extraction.sentences import split_statements

MOST_NAMES = 60
"""Agreements that are found in a text; more are no release's."""
FIRST_LINES = 3
"""Sentences of a body in which what its headline names has its full name."""
GENERIC_ACRONYMS = frozenset("MOU MoU MOUs MOC MoC DEA DEAs FTA FTAs MRA AA LOI LoI UK EU US SG".split())


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
    rf"""( {CAPITAL} (?:\s+ {NAME}){{0,12}}? \s+ (?: {INSTRUMENT} | Compact | Charter ) (?:\s+ {NAME}){{0,10}}? )
    \s* \( \s* [“"‘*]* ( [A-Z][A-Za-z*&-]{{1,11}} ) [”"’*]* \s* \)""",
    "Ministers adopted the {Southern Sea Charter (SSC)} in May.",
)
_CHANGE = NameClause(
    Clause.compile(
        rf"""\b (?: (?! (?:The|An?) \b ) {CAPITAL} \s+ ){{0,2}} (?:Protocol|Amendment) \s+
        (?: [Aa]mending | to\s+(?:[Aa]mend|[Uu]pgrade) | [Ff]urther\s+[Uu]pgrading | on\s+[Ff]urther\s+[Uu]pgrading | to )
        \s+ the \s+ (?: {CAPITAL} \s+ ){{0,6}} (?: {INSTRUMENT} )
        (?: \s+ (?:on|for|between|concerning) (?:\s+the)? \s+ {CAPITAL} {REST} )?""",
        "They signed the {Protocol to amend the Agreement on Fish}.",
    )
)
_OF_TWO = NameClause(
    Clause.compile(
        rf"""(?: [A-Z][\w.]{{0,60}} \s )? [A-Z][\w.]{{0,60}} [-–] [A-Z]\w{{0,60}} (?: \s+ {CAPITAL} ){{0,5}}?
        \s+ (?: {INSTRUMENT} | FTA | DEA | Letter[ ]of[ ]Intent ) (?: \s+ (?:on|for) {REST} )? (?! [\w-] | \s+[A-Z] )""",
        "{The Norway-Chile Free Trade Agreement} helps both.",
    ),
    is_sure=True,
)
_ON_SUBJECT = NameClause(
    Clause.compile(
        rf"""(?: {CAPITAL} \s+ ){{0,4}} (?<! [Mm]emorandum[ ]of[ ] ) \b
        (?: Treaty \s+ of
        | (?:Treaty|Convention|Protocol|Agreement|Arrangement|Declaration|Pact)
            (?: \s+ of \s+ \d{{1,2}} \s+ {MONTH} \s+ \d{{4}} )?
            \s+ (?:on|for|against|concerning|relating[ ]to|regarding|under|to|in) )
        (?: \s+ (?:the|an?) )? \s+ {CAPITAL} {REST}""",
        "They signed the {Convention on Sand and Stone}.",
    )
)
_ESTABLISHING = NameClause(
    Clause.compile(
        rf"""(?: {CAPITAL} \s+ ){{0,4}} (?:Agreement|Treaty|Convention|Protocol) \s+ (?: [Ee]stablishing | [Cc]reating )
        \s+ (?: (?:the|an?) \s+ )? {CAPITAL} {REST}""",
        "They signed the {Agreement Establishing the Sand Bank}.",
    )
)
_BETWEEN = NameClause(
    Clause.compile(
        rf"""(?: {CAPITAL} \s+ ){{0,5}} \b (?:Treaty|Convention|Protocol|Agreement|Arrangement|Pact)
        \s+ (?:between|with) \s+ (?: the\s+ )? {CAPITAL} {REST}
        (?: \s* \([A-Z]{{2,9}}\) \s+ and \s+ (?: the\s+ )? {CAPITAL} {REST} )?""",
        "{An Agreement between Norway and Chile} was signed.",
    )
)
_SIGNED = NameClause(
    Clause.compile(
        rf"""\b (?: [Ss]ign(?:s|ed|ing)? | [Ii]nked | [Ii]nitialled | [Rr]atif(?:y|ies|ied) | [Aa]ccede[sd]?\s+to
            | [Nn]egotiations\s+(?:on|for) )
        \s+ (?: of\s+ )? (?: (?:the|a|an|new) \s+ ){{0,2}}
        ( (?: {CAPITAL} \s+ ){{1,6}} (?: Principles | Charter | Compact | {INSTRUMENT} )
            (?: \s+ (?:on|for) \s+ {CAPITAL} {REST} )? )
        (?! [\w-] | \s+[A-Z(] )""",
        "Chile {signed the Southern Sea Compact} in May.",
    ),
    group=1,
)
_PROPER = NameClause(
    Clause.compile(
        rf"""\b ( (?: (?! (?:{INSTRUMENT})\b ) {CAPITAL} \s+ (?: (?: of | and | & | (?<=Trade[ ])in ) \s+ )? ){{1,7}}
        (?: Agreement | Treaty | Convention | Protocol | Arrangement | Compact | Charter | Statute | Accords? | Pact ) )
        (?! [\w-] | \s+[A-Z(] )""",
        "In May the {Southern Sea Charter} was signed.",
    ),
    group=1,
)
_BY_ACRONYM = NameClause(
    Clause.compile(
        r"""\b (?: [Aa]cced(?:e|es|ed|ing)\s+to | [Aa]ccession .{0,60}? \b to | [Rr]atif(?:y|ies|ied|ying) | ratification\s+of )
        \s+ (?: the\s+ )? ( [A-Z]{4,9} ) \b""",
        "Chile {acceded to the CPTPP} in May.",
    ),
    group=1,
    is_sure=True,
)
NAME_CLAUSES = (_CHANGE, _OF_TWO, _ON_SUBJECT, _ESTABLISHING, _BETWEEN, _SIGNED, _PROPER, _BY_ACRONYM)
_ANY_KIND = Clause.compile(
    r"""(?: (?:Digital|Economy|Economic|Free|Trade|Bilateral|Investment|Comprehensive|Strategic|Partnership|Cooperation)
        \s+ )+ (?:Agreement|Treaty|Partnership)""",
    "Both want a {Free Trade Agreement} soon.",
)
_KIND = re.compile(rf"\b ( {INSTRUMENT} | Principles | Charter | Compact | Statute ) \b", re.VERBOSE)
_BINDS = Clause.compile(
    r"""\b (?: sign\w* | ink(?:ed|ing) | initialled | ratif\w+ | acced\w+ | accession | conclu\w+ | negotiat\w+
        | part(?:y|ies)[ ]to | into[ ]force | adopt(?:ed|s|ing) | terminat\w+ | suspend\w* | suspension | amend\w+
        | withdr[ae]w\w* | accept(?:ed|ance) | approv(?:ed|es) | provisional\w* | deposit(?:ed|s) | replaced | superseded | join(?:s|ed|ing)? | (?:took|takes)[ ]effect
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
_NOT_OF_TITLE = re.compile(
    r"""\b (?: (?: [Tt]he | new | A | An | Both ) \s+ (?=[A-Z]|$)
        | (?: Signs? | Signed | Signing\s+of | Inks? | Concludes? | Ratif(?:y|ies) | Ratification\s+of | Accession\s+to | Joins?
            | Terminates? | Termination\s+of | Suspends? | Amends? | Under | Negotiations?\s+(?:on|for) | On | In | For | Since
            | This | That | With | Following | Through | Annex\s+\w ) \s+ )""",
    re.VERBOSE,
)
_OCCASION = re.compile(r"\b(?:Ceremony|Anniversary|Workshop|Seminar|Webinar|Symposium)\b")
_OTHER_NEW = re.compile(r"\bNew\s+(?!Zealand|York|Delhi|South|Brunswick|Guinea|Caledonia)")
_ALIAS = re.compile(
    r"(?:known as|called|named|referred to as|dubbed|or)\s+(?:the\s+)?[“\"‘'*]*$|\(\s*(?:the\s+)?[“\"‘'*]*(?:the\s+)?$"
)
_BRACKETED = re.compile(r"\s*\([A-Z]{2,9}\)")
_OF_STATES = re.compile(r"(?!Trans-|Indo-|Asia-|Inter-|Anti-)[^-]+-")
_DEFINED = re.compile(r"((?:[A-Z][\w’&-]*\s+(?:(?:of|for|and|the|on)\s+){0,2}){2,9})\(([A-Z]{2,9})\)")
_SAME_WORDS = (
    (re.compile(r"\b(?:UK|U\.K\.)"), "United Kingdom"),
    (re.compile(r"\b(?:US|USA|U\.S\.)(?=\W)"), "United States"),
    (re.compile(r"\bEU\b"), "European Union"),
    (re.compile(r"\bFTA\b"), "Free Trade Agreement"),
    (re.compile(r"\bDEA\b"), "Digital Economy Agreement"),
)
CLAUSES = (_WITH_ACRONYM, *(name.clause for name in NAME_CLAUSES), _ANY_KIND, _BINDS, _PRIVATE)


def find_agreements(text: str, title: str = "") -> list[AgreementName]:
    """The agreements that a body and its title name, each once; memoranda without a name only if no other is
    named.

    What a headline calls by a short name is the only one of that kind in the body.
    """
    lines = list(split_statements(text))
    places = _DEFINED.finditer(" ".join(lines))
    collection = _Collection({place[2]: _initialled(place[1], place[2]) for place in places})
    for line in lines:
        if len(collection.names) < MOST_NAMES:
            collection.add(_names(line))
    count = len(collection.names)
    if title:
        collection.add(_names(title))
    found = _merged_headline(collection.names[:count], collection.names[count:], lines[:FIRST_LINES])
    return _chosen([name for name in found if name.is_given], [name for name in found if not name.is_given])


class _Collection:
    """Names of agreements, each once, with the sentences that name it; `spelt` are the words for the acronyms
    that the text explains."""

    def __init__(self, spelt: Mapping[str, str]) -> None:
        self.names: list[AgreementName] = []
        self._spelt = spelt
        self._aliases: dict[str, str] = {}

    def add(self, names: Iterable[AgreementName]) -> None:
        """Those of one sentence."""
        before: AgreementName | None = None
        # of two names that begin at one place the longer first
        for name in sorted(names, key=lambda name: (name.mentions[0].place[0], -name.mentions[0].place[1])):
            if before and _is_other_name(name, before):
                self._aliases[name.title.casefold()] = before.title
            before = replace(self._merged(name), mentions=name.mentions)

    def _merged(self, name: AgreementName) -> AgreementName:
        """The name as it stands in the collection then: by itself, or under its title, acronym or other
        name."""
        at = self._find(name)
        if at is None:
            self.names.append(name)
            return name
        other = self.names[at]
        known = {mention.sentence for mention in other.mentions}
        told = tuple(mention for mention in name.mentions if mention.sentence not in known)
        acronym = other.acronym or name.acronym
        self.names[at] = replace(other, acronym=acronym, mentions=other.mentions + told)
        return self.names[at]

    def _find(self, name: AgreementName) -> int | None:
        title = name.title.casefold()
        meant = next((full for other, full in self._aliases.items() if other in title), None)
        same = (
            at
            for at, other in enumerate(self.names)
            if other.title == meant or _is_same(name, other, self._spelt)
        )
        return next(same, None)


def _chosen(given: list[AgreementName], nameless: list[AgreementName]) -> list[AgreementName]:
    """With the first nameless memorandum where no other is named; what it tells is of the only one that
    is."""
    memoranda = [at for at, name in enumerate(given) if "Memorand" in name.title]
    if not memoranda:
        return [*given, *nameless[:1]]
    if len(memoranda) == 1 and nameless and not nameless[0].is_several:
        name = given[memoranda[0]]
        given[memoranda[0]] = replace(name, mentions=nameless[0].mentions + name.mentions)
    if len(memoranda) == 2 and not nameless and _is_one_memorandum(*(given[at] for at in memoranda)):
        by_parties, by_subject = (given[at] for at in memoranda)
        given[memoranda[1]] = replace(by_subject, mentions=by_parties.mentions + by_subject.mentions)
        del given[memoranda[0]]
    return given


def _is_one_memorandum(first: AgreementName, second: AgreementName) -> bool:
    """Whether "an MOU with Chile" is "the Fish MOU" further down."""
    mentions = [(mention.sentence, mention.place[0]) for mention in second.mentions]
    is_another = any(re.search(r"\b(?:an?|another|new) $", line[:start]) for line, start in mentions)
    is_by_parties = [
        re.search(r"^Memorandum of \w+ (?:with|between)\b", one.title) for one in (first, second)
    ]
    return bool(is_by_parties[0]) and not is_by_parties[1] and not is_another


def _is_other_name(name: AgreementName, before: AgreementName) -> bool:
    """Whether a name lies within the one before it in its sentence, or is told as another name of it."""
    start, end = name.mentions[0].place
    others = before.mentions[0].place
    is_within = start < others[1] and (start, end) != others
    return is_within or _ALIAS.search(name.sentence[:start]) is not None


def _merged_headline(
    body: list[AgreementName], headline: list[AgreementName], first: list[str]
) -> list[AgreementName]:
    """Those of the body, and of the headline alone; but one there that is of the kind of a first one of the
    body is that one by a short name."""
    for name in headline if len(headline) == 1 else ():
        kind = _KIND.search(name.title)
        for at, other in enumerate(body):
            is_alike = (kind and kind[0] in other.title) or name.title.split()[0] in other.title.split()
            if is_alike and other.is_given and other.sentence in first:
                merged = replace(other, mentions=other.mentions + name.mentions)
                return [*body[:at], merged, *body[at + 1 :]]
    return [*body, *headline]


def _is_same(one: AgreementName, other: AgreementName, spelt: Mapping[str, str]) -> bool:
    if (one.title in other.acronym.split()) or (other.title in one.acronym.split()):
        return True
    is_change = _CHANGE.clause.pattern.match(one.title) is not None
    if is_change != (_CHANGE.clause.pattern.match(other.title) is not None):
        return False
    short, long = sorted((_spell(one.title, spelt), _spell(other.title, spelt)), key=len)
    is_alike = short in long or sorted(re.findall(r"\w+", short)) == sorted(re.findall(r"\w+", long))
    return is_alike or bool(one.acronym and one.acronym == other.acronym)


def _spell(title: str, spelt: Mapping[str, str]) -> str:
    """A title to compare: with the words for its acronyms, without articles."""
    for short, words in _SAME_WORDS:
        title = short.sub(words, title)
    title = re.sub(r"\b[A-Z]{2,9}\b", lambda found: spelt.get(found[0], found[0]).strip(), title)
    return re.sub(r"\bthe\s+", "", title.casefold())


def _names(text: str) -> Iterator[AgreementName]:
    """The agreements that a sentence names."""
    yield from _with_acronyms(text)
    # "Protocol amending the Agreement on …" names one: the agreement is a part of the protocol's name
    changing = [place.span() for place in _CHANGE.clause.pattern.finditer(text)]
    for way in NAME_CLAUSES:
        for place in way.clause.pattern.finditer(text):
            title, span = place[way.group], place.span(way.group)
            title = cut_place(end_name(title)) if way is _CHANGE else _trimmed(title)
            is_part = way is not _CHANGE and any(start <= span[0] < end for start, end in changing)
            if title and not is_part and _is_agreement(title, text, is_sure=way.is_sure):
                yield AgreementName(title, "", (AgreementMention(text, span),))
    yield from find_memoranda(text)


def _is_agreement(title: str, text: str, *, is_sure: bool) -> bool:
    """Whether a title is that of one agreement between states, by its words or what the sentence says of
    it."""
    if (
        title in GENERIC_ACRONYMS
        or _OCCASION.search(title)
        or _PRIVATE.pattern.search(title)
        or _ANY_KIND.pattern.fullmatch(title)
    ):
        return False
    return is_sure or bool(_TREATY.search(title) or _BINDS.pattern.search(text))


def _with_acronyms(text: str) -> Iterator[AgreementName]:
    for place in _WITH_ACRONYM.pattern.finditer(text):
        words, acronym = _initialled(place[1], place[2]), place[2]
        # "Agreement between the Fish Board (FB)": the acronym of a party
        name = _trimmed(words) if _KIND.search(words) else ""
        if name and not (acronym in GENERIC_ACRONYMS and not re.search(r"-| on |Arrangement|Mutual", name)):
            yield AgreementName(
                name, "" if acronym in GENERIC_ACRONYMS else acronym, (AgreementMention(text, place.span(1)),)
            )


def _initialled(words: str, acronym: str) -> str:
    """Words from the last one on that begins with the acronym's first letter and goes on with the others; all
    where no such stands there."""
    letters = [letter for letter in acronym if letter.isupper()]
    starts = [found.start() for found in re.finditer(r"\b[A-Z]", words) if found[0] == letters[0]]
    for start in reversed(starts):
        initials = iter(re.findall(r"\b[A-Z]", words[start:]))
        if all(letter in initials for letter in letters):
            pair = re.search(r"(?:[A-Z]\w*[-–][A-Z]\w* )?$", words[:start])
            return words[pair.start() if pair else start :]
    return words


def _trimmed(title: str) -> str:
    """A title from its first word that belongs to it: what stands before its last "the" is another part of
    the sentence.

    "" for what is no name: "Agreement", "Norway-Chile Agreement".
    """
    title = _BRACKETED.sub("", title)
    kind = _KIND.search(title)
    if kind is None:
        return title
    first = _NOT_OF_TITLE.split(_OTHER_NEW.sub("", title[: kind.start()]))[-1]
    name = cut_place(end_name(f"{first}{title[kind.start() :]}"))
    words = name.split()
    is_name = len(words) > 2 or (len(words) == 2 and not _OF_STATES.match(words[0]))
    return name if is_name and not MEMORANDUM.pattern.match(name) else ""
