"""Where a text begins to say something, below what lists show anyway and what is said to everybody."""

import re

from releases.content.extraction.bylines import FORM
from releases.content.text.dates import DATE
from releases.content.text.markup import cut_opening, plain_text

VERSION = 3
"""Of the rules, raised with each change that makes another lead of some text."""
OPENING_LENGTH, LEAD_LENGTH = 1_500, 400
LONGEST_BYLINE, LONGEST_SALUTATION = 320, 400
LONGEST_REST = 900
MOST_WORDS = 25
"""Of a line that is no sentence."""
_HEAD = r"(?P<head>\s*<h[1-6]\b.*?</h[1-6]>|\s*<p\b[^<>]*>\s*<(?P<bold>strong|b)>[^<]*</(?P=bold)>\s*</p>)"
"""Of a heading or a block in bold alone nothing is said."""
_END = r"</(?:p|h[1-6]|li|t[dhr]|div|blockquote|figcaption)>"
_LINE = re.compile(rf"{_HEAD}|.+?(?:{_END}|<br\s*/?>|$)", re.DOTALL | re.IGNORECASE)
_BLOCK = re.compile(rf"{_HEAD}|.+?(?:{_END}|$)", re.DOTALL | re.IGNORECASE)
_MARKS = re.compile(r"^(?:[^\w“\"'‘(\[$€£#]|_|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)](?=\s|$))+\s*")
_NUMBER = re.compile(
    r"((?:<(?:p|div|blockquote)\b[^<>]*>|<br\s*/?>)\s*)\(?\d{1,3}[.)](?=\s|<)", re.IGNORECASE
)
_DAY = re.compile(rf"^(?:[A-Z][\w. ]{{1,30}},?\s+)?{DATE}", re.IGNORECASE)
_POSTED = re.compile(r"^\W*posted\s+in\b.*$", re.IGNORECASE | re.DOTALL)
_AFTER_DAY = re.compile(r"^\W*[–—:-]+\s*")
_ADDRESS = r"(?:(?:[Mm]r|[Mm]dm|[Mm]adam|[Mm]rs|[Mm]s)\.?\s+(?:[Dd]eputy\s+)?(?:[Ss]peaker|[Cc]hair\w*|[Pp]resident)(?:,?\s+(?:[Ss]ir|[Mm]adam|[Mm]a’am))?)"
_GREETED = r"(?:everyone|everybody|all|(?:to\s+)?(?:all\s+of\s+you|you\s+all|one\s+and\s+all)|ladies\s+and\s+gentlemen|friends|colleagues|once\s+again)"
_SALUTATION = re.compile(
    rf"""^(?: {_ADDRESS} | Sir | Madam | Mdm | (?:Honou?rable\s+)?Members\s+of\s+(?:the\s+)?(?:House|Parliament)
        | (?:A\s+very\s+)? [Gg]ood \s+ (?:morning|afternoon|evening|day) (?: ,? \s+ (?:and\s+)? {_GREETED} )*
        | [Ll]adies\s+and\s+[Gg]entlemen | (?:Your\s+)?[Ee]xcellenc(?:y|ies)
        | (?:[Dd]istinguished|[Hh]onou?red|[Ee]steemed|[Ss]pecial) \s+ (?:[Gg]uests|[Ll]adies|[Dd]elegates|[Cc]olleagues|[Ss]peakers)
        | (?:[Dd]ear\s+)? (?:[Cc]olleagues|[Ff]riends|[Pp]artners) (?: \s+and\s+(?:[Cc]olleagues|[Ff]riends|[Pp]artners|[Gg]entlemen) )?
        ) \s* (?: [,.!:;–-] \s* (?:and\s+)? | $ )""",
    re.VERBOSE,
)
_GREETING = re.compile(
    r"\b(?:[Ll]adies\s+and\s+[Gg]entlemen|[Ee]xcellenc(?:y|ies)|[Gg]uests|[Cc]olleagues|[Ff]riends|[Ss]ir|[Mm]adam)\b"
)
_GOES_ON = re.compile(r"\s?[a-z\d]|\w")
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE = re.compile(r"[.!?…:;][”\"’')\]]*(?:\s|$)|[。！？，]")
_ENDED = re.compile(r"[.!?…。！？;][”\"’')\]]*$")
_SENTENCE_END = re.compile(r"[a-z]\.(?:\s|$)")
_ADDRESSED = re.compile(
    r"^(?:Mr|Mrs|Ms|Mdm|Madam|Dr|Prof\w*|His|Her|Your|H\.?E|The|President|Minister|Chair\w*)\b"
)


def cut_lead(body_html: str, title: str) -> str:
    """The lead of a body: the words from the first sentence that says something on, more than lists show of
    them."""
    lead = find_lead(cut_opening(body_html, OPENING_LENGTH), title)
    return lead if len(lead) <= LEAD_LENGTH else lead[:LEAD_LENGTH].rpartition(" ")[0] or lead[:LEAD_LENGTH]


def find_lead(opening: str, title: str) -> str:
    """The words of a body's HTML, or of its beginning, from the first sentence that says something on.

    Passed over are headings and other lines that are no sentences, such as signatures, the title once more, a
    date with "Posted in …", bylines, salutations, numbers of paragraphs and stray marks; where nothing else is
    there, all words are given.
    """
    beginning = ""
    for line in _LINE.finditer(opening):
        words = "" if line["head"] else _said(plain_text(line[0]), title)
        if words and (words.count(" ") > MOST_WORDS or _SENTENCE.search(words)):
            return _go_on(words, opening[line.end() :])
        if words and not beginning:
            beginning = _go_on(words, opening[line.end() :])
    return beginning or _below_title(plain_text(opening), title)


def _go_on(said: str, rest: str) -> str:
    """What was said first with what follows in the HTML, of a long one as much as an excerpt can show; of headings
    only those that hand on to what is said below, such as "Answer:"."""
    shown = rest if len(rest) < LONGEST_REST else rest[:LONGEST_REST].rpartition("<")[0]
    for block in _BLOCK.finditer(_NUMBER.sub(r"\1", shown)):
        words = plain_text(block[0])
        if block["head"] and not words.endswith(":"):
            continue
        if words and (not _ENDED.search(said) or words.count(" ") > MOST_WORDS or _SENTENCE.search(words)):
            said = f"{said} {words}"
    return said


def _below_title(words: str, title: str) -> str:
    """Words without the title once more before them; not where a sentence goes on from it."""
    rest = words[len(title) :]
    is_title_first = words.casefold().startswith(title.casefold()) and not _GOES_ON.match(rest)
    return rest.lstrip(" .:–—-") if is_title_first else words


def _said(text: str, title: str) -> str:
    """What a block says; "" where it says nothing."""
    words = _below_title(_below_day(_MARKS.sub("", text)), title)
    is_byline = len(words) < LONGEST_BYLINE and FORM.match(words.strip("[](){}*_ "))
    if is_byline or _POSTED.match(words):
        return ""
    while salutation := _SALUTATION.match(words):
        words = _MARKS.sub("", words[salutation.end() :])
    return words if _LETTER.search(words) and not _is_address(words) else ""


def _below_day(words: str) -> str:
    """What follows a day that stands by itself: nothing else, "Posted in …", a dash."""
    day = _DAY.match(words)
    rest = words[day.end() :] if day else ""
    if day is None or not (dash := _AFTER_DAY.match(rest)):
        is_alone = day and (not rest.strip() or _POSTED.match(rest))
        return "" if is_alone else words
    return "" if _POSTED.match(rest) else rest[dash.end() :]


def _is_address(words: str) -> bool:
    """Whether a block only names those to whom a speech is given."""
    is_to_persons = _ADDRESSED.match(words) and (_GREETING.search(words) or words.endswith((",", ":")))
    return bool(is_to_persons) and len(words) < LONGEST_SALUTATION and not _SENTENCE_END.search(words)
