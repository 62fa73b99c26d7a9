"""The memoranda, letters of intent and programmes that a sentence names: by their subject or by who made
them.

Nothing here is certain; an editor sees the sentence and decides.
"""

import re
from collections.abc import Iterator

from releases.content.extraction.agreement_events import VERBS
from releases.content.extraction.agreement_words import (
    CAPITAL,
    MONTH,
    MOST_WORDS,
    AgreementMention,
    AgreementName,
    cut_place,
    end_name,
)
from releases.content.extraction.clauses import Clause

NUMBERS = {
    word: at
    for at, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2)
}
CONTEXT_CHARS = 400
"""Characters around a mention of a memorandum in which its subject, its parties or its signing are looked
for."""
MEMORANDUM = Clause.compile(
    rf"""(?: \b ( (?i: {"|".join(NUMBERS)} ) | \d{{1,2}} ) \s+ (?: [a-zA-Z][\w-]{{0,60}} \s+ )?? )?
    ( (?: {CAPITAL} \s+ ){{0,5}} )
    \b ( (?i: Memorand(?:um|ums|a) \s+ of \s+ (?: Understanding | Co-?operation | Intent | Arrangement | Agreement ) s? )
        | M[Oo][UuCc]s?
        | (?: Letters? | Declaration | Statement ) \s+ of \s+ Intent
        | Framework (?= \s+ (?:on|for) \s+ Co-?operation \b )
        | (?: Executive\s+ )? Programme \s+ of \s+ (?:Cultural\s+)? Co-?operation | Co-?operation \s+ Programme ) \b
    (?: \s* \( [^()]{{1,12}} \) )?
    (?: \s+ (?: (?:was|were|is|are|will\s+be|has\s+been|have\s+been) \s+ )? (?: jointly\s+ )? (?:signed|concluded|made)
        (?: \s+ (?:today|yesterday) )? )?""",
    "They signed {three new MOUs} on fish, ships and sand.",
)
_PLURAL = re.compile(r"(?i:memoranda|memorandums|letters)|.*s$")
_BRACKETS = re.compile(r"\s*\([^()]{1,20}\)")
_PAIR = re.compile(rf"[A-Z]\w{{0,60}} [-–] [A-Z]\w{{0,60}} (?:\s+ {CAPITAL})* $", re.VERBOSE)
_JOINT = Clause.compile(
    r"""\s+ ( (?:on|concerning|regarding|for|in) (?: \s+the\s+ (?:areas?|fields?) \s+of | \s+areas\s+of )?
        | between | with | among | to ) \s+""",
    "An MOU{ in the field of }fish was signed.",
    ignore_case=True,
)
_NO_SUBJECT = re.compile(
    rf"""the\s+[a-z] | \d | {MONTH}
    | (?:behalf|how|which|that|this|these|its|their|his|her|be|help|an?|both)\b""",
    re.VERBOSE,
)
_STOP = r"\. (?=\s|$) (?<![A-Z]\.) | [;:!?”\"–]"
_LIST_END = Clause.compile(
    rf"""{_STOP}
    | \s (?: and\s+an? | and\s+the(?=\s+(?:M[Oo][UuCc]|Memorand|Framework|Letter|Declaration|Programme)) | was | were | is | are | will | would | which | that | who | has | have | had | by | signed | inked | during
        | under | through | while | at | since | today | yesterday | last | may | can | could | facilitating
        | reaffirming | commits | aims | seeks | provides | sets | covers | includes | marks | between | with | via
        | in\s+(?:{MONTH}|\d{{4}}) | on\s+\d{{1,2}} | on\s+the\s+(?:margins?|side-?lines?|occasion)
        | for\s+(?:the\s+)?(?:years?|period) ) \b""",
    "An MOU on fish and ships{ was} signed.",
)
_CLAUSE_END = re.compile(r",(?!\s+(?:and\s+)?[A-Z])")
_PARTY_END = Clause.compile(
    rf"""{_STOP}
    | \s (?: on | to | which | that | who | was | were | will | has | have | at | during | by | signed | under | through
        | while | since | today | for(?=\s+[a-z]) | in(?=\s+(?:the\s+)?(?:area|field|{MONTH}|\d{{4}})) ) \b
    | , (?! \s+ (?: and\s+ )? [A-Z] )""",
    "An MOU between Norway and Chile{ on} fish was signed.",
)
_BEFORE_VERB = re.compile(r"\s+(?:(?:have|has|today|also|jointly|will)\s*)*$")
CLAUSES = (MEMORANDUM, _JOINT, _LIST_END, _PARTY_END)


def find_memoranda(text: str) -> Iterator[AgreementName]:
    """Those that a sentence names, in its order."""
    for place in MEMORANDUM.pattern.finditer(text):
        yield from _one_or_several(place, text)


def _one_or_several(place: re.Match[str], text: str) -> Iterator[AgreementName]:
    """What one mention of a memorandum, or of a number of them, says of them."""
    if place[1]:
        yield from _counted(place, text)
    elif not _PLURAL.match(place[3]):
        told, kind, pair = (AgreementMention(text, place.span()),), _kind(place[3]), _pair(place[2])
        joint, rest = _clause(text, place.end())
        if rest and joint != "to":
            joint = "in" if joint == "on" and "Programme" in kind else joint
            yield AgreementName(f"{pair}{kind} {joint} {rest}", "", told)
        elif pair:
            yield AgreementName(f"{pair}{kind}", "", told)
        elif signers := _signers(text, place.start(3)):
            yield AgreementName(f"{kind} between {signers}", "", told, is_given=False)


def _counted(place: re.Match[str], text: str) -> Iterator[AgreementName]:
    """ "Three MOUs on fish, ships and sand" are three; "three MOUs" that were signed are one suggestion."""
    told, kind = (AgreementMention(text, place.span()),), _kind(place[3])
    joint, rest = _clause(text, place.end(), is_list=True)
    subjects = _list(rest) if joint not in ("between", "with", "among") else []
    number = int(place[1]) if place[1].isdigit() else NUMBERS[place[1].lower()]
    if len(subjects) == number > 1:
        for subject in subjects:
            yield AgreementName(f"{kind} {joint} {subject}", "", told)
    elif VERBS["signed"].search(text, max(0, place.start() - CONTEXT_CHARS), place.end() + CONTEXT_CHARS):
        several = f"{place[1].capitalize()} {kind.replace('Memorandum', 'Memoranda')}"
        yield AgreementName(several, "", told, is_several=True, is_given=False)


def _kind(written: str) -> str:
    """Memorandum of what, from MOU, MOC or the words in full; another kind as it is written."""
    if len(written) < 5:
        return "Memorandum of " + {"u": "Understanding", "c": "Cooperation"}[written[2].lower()]
    if not written.lower().startswith("memorand"):
        return " ".join(written.split())
    return "Memorandum of " + written.split()[-1].rstrip("s").replace("-", "").capitalize()


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
    found = end_name(_PARTY_END.pattern.split(rest, maxsplit=1)[0])
    is_named = (
        re.match(r"(?!their|its|our|his|her)", found)
        and re.search(r"[A-Z]", found)
        and len(found.split()) <= 2 * MOST_WORDS
    )
    is_pair = word != "between" or re.search(r"\s(?:and|&)\s", found)
    return found if is_named and is_pair else ""


def _subject(rest: str, *, is_list: bool) -> str:
    words = _LIST_END.pattern.split(rest, maxsplit=1)[0]
    if not is_list:
        words = " ".join(_CLAUSE_END.split(words, maxsplit=1)[0].split()[:MOST_WORDS])
    return cut_place(end_name(words))


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
