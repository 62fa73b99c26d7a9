"""Read from a body who issued it: an explicit byline, else the names that sign it or answer for it."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

VERSION = 1
"""Of the rules, raised with each change that finds other issuers of some text."""
HEAD_CHARACTERS, HEAD_LINES = 1500, 8
TAIL_CHARACTERS, TAIL_LINES = 4000, 40
SIGNATURE_LINES = 8
SOURCE_LINES = 3
LONGEST_LINE = 800
LONGEST_NAMES = 320
LONGEST_SIGNATURE = 160
MOST_NAMES = 10
MOST_WORDS = 14

NAME_MARKS = frozenset({",", ";", "/"})
SEPARATORS = NAME_MARKS | {"and", "with"}
BETWEEN_NAMES = SEPARATORS | {"the"}
SMALL_WORDS = frozenset({"a", "and", "de", "for", "in", "la", "of", "on", "the", "to"})
SEAT_OFFICE = "prime minister's office"
DIVISIONS = frozenset(
    {"communications", "affairs", "branch", "department", "directorate", "division", "section", "unit"}
)
# A ministry's name followed by one of these is another state's ministry.
COUNTRY = re.compile(
    r"australia|bangladesh|brazil|brunei(?: darussalam)?|cambodia|canada|chile|china|denmark|estonia|european union"
    r"|finland|france|germany|hong kong|india|indonesia|ireland|israel|italy|japan|kenya|(?:south )?korea|lao pdr"
    r"|laos|malaysia|mexico|mongolia|myanmar|nepal|netherlands|new zealand|norway|pakistan|peru|philippines|poland"
    r"|qatar|russia|rwanda|saudi arabia|singapore|south africa|spain|sri lanka|sweden|switzerland|thailand"
    r"|timor-leste|turkey|türkiye|u[ks]|uae|ukraine|united kingdom|united states|usa|uzbekistan|viet ?nam"
)

FORM = re.compile(
    r"(?:this (?:is )?)?(?:an? )?(?:joint(?:ly)? )?"
    r"(?:(?:press|media|news) (?:release|statement|advisory|factsheet|reply)s? (?:is )?(?:jointly )?"
    r"(?:(?:issued|released) )?(?:by|between|from)"
    r"|(?:issued|released) by"
    r"|(?<=joint )(?:statement|advisory|reply|response|announcement|factsheet) (?:issued )?by"
    r"|(?P<source>source) ?(?=[:–—-]))"
    r"(?!\w) ?[:–—-]? ?(?P<names>.*)",
    re.IGNORECASE,
)
ISSUED = re.compile(r"\b(?:issued|released) by\b", re.IGNORECASE)
ISSUED_AT_ALL = [f"{verb} by" for verb in ("ssued", "eleased")]
ISSUED_AT_ALL += [words.replace("by", "By") for words in ISSUED_AT_ALL] + [
    words.upper() for words in ISSUED_AT_ALL
]
CONTACT = re.compile(
    r"for (?:any |all )?(?:media|press) (?:enquir|inquir|quer|clarif)|for .{0,60}\bcontact\b"
    r"|(?:media|press) (?:contact|enquir|inquir|quer)|contacts?:?$",
    re.IGNORECASE,
)
NO_NAME = re.compile(
    r"(?:about|annex|appendix|contact|email|end|figure|for|mr|mrs|ms|notes?|table|tel)\b|https?:|www\."
    r"|(?:media|press) (?:contact|enquir|quer|release)|.*\b(?:ministers?|secretary)(?:['’]s)?+\b(?! office)",
    re.IGNORECASE,
)
BOILERPLATE = re.compile(r"last updated\b|\[?\^|[-–—#*\s]*end[-–—#*\s]*$", re.IGNORECASE)
ADDRESS = re.compile(
    r"singapore \(?\d{6}|#\d\d-\d\d|p\.? ?o\.? box\b|(?:blk|block|level) \d"
    r"|\d+[a-z]? [\w ’'.]{2,40} (?:road|street|avenue|drive|lane|way|square|place|boulevard|crescent|link|hill|rise|close)\b",
    re.IGNORECASE,
)
PERSON = re.compile(
    r"(?:mr|mrs|ms|mdm|dr|prof(?:essor)?|a/?prof|assoc|sir|er|ar|bg|hon|h\.?e)\b\.? [A-Z]"
    r"|.*(?:,| [–—-]) (?:chair|member|president|director|head|chief|deputy|managing|partner|professor|representative)",
    re.IGNORECASE,
)
LIST_HEAD = re.compile(
    r".{0,80}\b(?:members|board|committee|panel|participants|attendees|speakers|partners|recipients|winners|organisations"
    r"|supporters|sponsors|links|coverage|sources|resources|in the news|related|read more|payable|address|mail(?:ed)? to)\b.{0,60}:?$",
    re.IGNORECASE,
)
MOST_PERSONS = 1
DATE = re.compile(
    r"[\W_]{0,3}(?:\bon |\bdated )?\b(?:\d{1,2} \w{3,9}|[a-z]{3,9} \d{1,2},?) \d{4}$", re.IGNORECASE
)
BLOCK_TAG = re.compile(r"<(/?)(p|h[1-6]|li|td|th|tr|div|br|hr)\b[^<>]*>", re.IGNORECASE)
TAG = re.compile(r"<[^<>]*>")
TARGET = re.compile(r"\]\((?:[^()]|\([^()]*\))*+\)")
LINKED = re.compile(
    r"\W*(?:\[[^\[\]]+\]\([^()]*\)|<a\b[^<>]*>[^<>]*</a>|https?://\S+|www\.\S+)\W*$", re.IGNORECASE
)
LISTED = re.compile(r"\s*(?:[-+*•]|\d{1,3}\\?[.)]|[a-z][.)])\s|\|")
EMPHASIS = re.compile(r"(?<![*_])(?:[*_]++(?!\w)|(?<!\w)[*_]++)")
ASIDE = re.compile(r"\([^()]*\)")
WORD = re.compile(r"[,;/&]|[^\s,;/&]+")
DROPPED = str.maketrans("", "", '*_\\.:"“”()–—')


@dataclass(frozen=True, slots=True)
class Attribution:
    """`keys`: agencies in the order written, lead first. `unknown`: names that the lexicon does not hold."""

    rule: str
    keys: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    line: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Agency keys by folded name. A name that two agencies share names neither and has the key ""."""

    names: Mapping[str, str]
    longest: int

    @classmethod
    def build(cls, entries: Iterable[tuple[str, Iterable[str]]]) -> "Lexicon":
        """Of (key, names) of each agency; names are compared without case and punctuation."""
        names: dict[str, str] = {}
        for key, spellings in entries:
            for folded in {_folded(_words(spelling)) for spelling in spellings} - {""}:
                names[folded] = key if names.get(folded, key) == key else ""
        return cls(names, max((len(name.split()) for name in names), default=0))

    def owner_of(self, text: str) -> str:
        """The key of the agency with the longest name in `text` (a site's title); "" if there is none."""
        words, best = _words(text), ("", 0)
        for start in range(len(words)):
            key, end = self.match(words, start)
            size = end - start
            plain_word = size == 1 and len(words) > 1 and not words[start].written.isupper()
            if key and size > best[1] and not plain_word:
                best = (key, size)
        return best[0]

    def match(self, words: Sequence["Word"], start: int) -> "Match":
        """The longest name that begins at the word `start`; the key "" and `start` if none does."""
        found, folded, size = Match("", start), "", 0
        for end in range(start, len(words)):
            if words[end].folded in NAME_MARKS:
                continue
            folded, size = f"{folded} {words[end].folded}".strip(), size + 1
            if size > self.longest:
                break
            if key := self.names.get(folded):
                found = Match(key, end + 1)
        return found


class Match(NamedTuple):
    """An agency's key, and the number of the word behind its name."""

    key: str
    end: int


class Word(NamedTuple):
    """A word as written and as it is compared, and its place in the text."""

    folded: str
    written: str
    start: int
    end: int


class BodyLine(NamedTuple):
    """`listed`: an item of a list; `linked`: all of it leads elsewhere."""

    text: str
    listed: bool
    linked: bool = False


class Names(NamedTuple):
    keys: tuple[str, ...]
    unknown: tuple[str, ...]


def find_issuers(body: str, lexicon: Lexicon) -> Attribution:
    """Who issued `body` (Markdown or HTML source). Rules: "byline", "byline-unknown", "signature", "none".

    Reads the first and the last lines, and of those between only bylines. A mention is no issuer; a byline
    wins over a signature.
    """
    lines = _ends(body)
    bylines = list(_bylines(lines, lexicon))
    for found in (*bylines, *_between(body, lexicon)):
        if found.keys:
            return found
    if bylines:
        return bylines[0]
    return _signature(lines, lexicon) or Attribution("none")


def _between(body: str, lexicon: Lexicon) -> Iterator[Attribution]:
    """Bylines of known agencies alone that stand between the ends, before long words about the agencies."""
    if len(body) > TAIL_CHARACTERS and any(words in body for words in ISSUED_AT_ALL):
        lines = _cleaned([line for line in _lines(body) if ISSUED.search(line)][:MOST_NAMES])
        for found in _bylines(lines, lexicon):
            if found.keys and not found.unknown:
                yield found


def _ends(body: str) -> list[BodyLine]:
    body = body.replace("\r\n", "\n")
    if len(body) > HEAD_CHARACTERS + TAIL_CHARACTERS:
        body = body[:HEAD_CHARACTERS] + "\n" + body[-TAIL_CHARACTERS:]
    lines = _lines(body)
    return _cleaned(lines[:HEAD_LINES] + lines[HEAD_LINES:][-TAIL_LINES:])


def _lines(source: str) -> list[str]:
    """Source lines; HTML blocks stand on lines of their own, with the newlines inside them taken as
    spaces."""
    first, *rest = BLOCK_TAG.split(source)
    parts, inside, listed = [first], False, False
    for slash, tag, text in zip(rest[0::3], rest[1::3], rest[2::3], strict=True):
        name = tag.lower()
        if name in {"li", "td", "th"}:
            listed = not slash
        if name not in {"br", "hr", "div", "tr"}:
            inside = not slash
        parts.append(_on_own_line(text, listed=listed, inside=inside))
    return [line for line in "".join(parts).split("\n") if line.strip()]


def _on_own_line(text: str, *, listed: bool, inside: bool) -> str:
    """What follows a tag of an HTML block; inside an element its newlines are spaces, in an item it has a
    bullet."""
    if not text.strip():
        return "\n"
    shown = text.replace("\n", " ") if inside else text
    return f"\n- {shown}" if listed else f"\n{shown}"


def _cleaned(lines: list[str]) -> list[BodyLine]:
    """Lines without markup, a list of names that runs over lines as one.

    A line that is too long for names keeps its place with an empty text.
    """
    cleaned: list[BodyLine] = []
    for line in lines:
        marker = LISTED.match(line)
        text = "" if len(line) > LONGEST_LINE else _text(line[marker.end() :] if marker else line)
        if cleaned and text and _runs_on(cleaned[-1].text, text):
            cleaned[-1] = cleaned[-1]._replace(text=f"{cleaned[-1].text} {text}")
        elif text or len(line) > LONGEST_LINE:
            cleaned.append(BodyLine(text, marker is not None, LINKED.match(line) is not None))
    return cleaned


def _runs_on(before: str, text: str) -> bool:
    if len(before) > LONGEST_NAMES:
        return False
    return before.endswith((",", " and", "&")) or text.startswith(("and ", "& "))


def _text(line: str) -> str:
    if "<" in line:
        line = TAG.sub("", line)
    if "&" in line:
        line = html.unescape(line)
    if "](" in line:
        line = TARGET.sub("]", line).partition("](")[0]
    if "[" in line and "[^" not in line:
        line = line.replace("[", "").replace("]", "")
    if "*" in line or "_" in line:
        line = EMPHASIS.sub("", line)
    line = " ".join(line.split()).strip(" #>\\|–—")
    return line[1:-1] if line.startswith("(") and line.endswith(")") else line


def _bylines(lines: list[BodyLine], lexicon: Lexicon) -> Iterator[Attribution]:
    for position, line in enumerate(lines):
        if found := _byline(line, lines[position + 1 :], lexicon):
            yield found


def _byline(line: BodyLine, below: list[BodyLine], lexicon: Lexicon) -> Attribution | None:
    """Who issued it, when a line says that somebody did: by names that it holds, else by those below it."""
    form = None if line.listed else FORM.match(line.text)
    if form is None or line.text[0].islower():
        return None
    written = form["names"]
    names = _names(written, lexicon) if written else _named_below(below, lexicon)
    if ":" in written and not (names and names.keys and not names.unknown):  # a title follows
        names = _names(written.partition(":")[0], lexicon) or names
    if names is None or (form["source"] and not _is_source(names, below)):
        return None
    rule = "byline" if names.keys else "byline-unknown"
    return Attribution(rule, names.keys, names.unknown, line.text)


def _is_source(names: Names, below: list[BodyLine]) -> bool:
    """A source names the issuer at the end of a body; elsewhere, or with a report's title, it is a
    chart's."""
    return len(below) < SOURCE_LINES and not (names.keys and names.unknown)


def _named_below(lines: list[BodyLine], lexicon: Lexicon) -> Names | None:
    """The names of a byline that has them below it, one or more a line."""
    keys: list[str] = []
    unknown: list[str] = []
    for line in lines[:MOST_NAMES]:
        names = _names(line.text, lexicon)
        if names is None:
            break
        keys += names.keys
        unknown += names.unknown
    return Names(_once(keys), _once(unknown)) if keys or unknown else None


def _signature(lines: list[BodyLine], lexicon: Lexicon) -> Attribution | None:
    """The agencies on the last lines, else those of the people to contact."""
    lines = [line for line in lines if not BOILERPLATE.match(line.text)]
    contact = next((at for at, line in enumerate(lines) if CONTACT.match(line.text)), len(lines))
    signed, asked = lines[:contact][-SIGNATURE_LINES:], lines[contact:]
    found = [(line, names) for line, names in _read(signed, lexicon) if not names.unknown]
    if not found or _is_list_or_address(signed):
        found = list(_read(asked, lexicon))
    keys = _once(key for _, names in found for key in names.keys)
    return Attribution("signature", keys, (), found[0][0].text) if keys else None


def _is_list_or_address(lines: list[BodyLine]) -> bool:
    """Whether the last lines tell people, links or where something is sent, among which a name is no
    signature."""
    prose = [at for at, line in enumerate(lines) if _is_prose(line) and not line.listed and not line.linked]
    head = lines[prose[-1]].text if prose else ""
    block = lines[prose[-1] + 1 :] if prose else lines
    persons = sum(PERSON.match(line.text) is not None for line in block)
    return (
        persons > MOST_PERSONS
        or any(line.linked or ADDRESS.search(line.text) for line in block)
        or any(LIST_HEAD.match(line.text) and not line.linked for line in block)
        or (head.endswith(":") and len(block) > 0)
    )


def _read(lines: list[BodyLine], lexicon: Lexicon) -> Iterator[tuple[BodyLine, Names]]:
    """Lines that do nothing but name agencies, with the names; not where the office named above them sits."""
    office = False
    for line in lines:
        names = None if _is_prose(line) else _names(line.text, lexicon)
        words = _words(line.text) if names and names.keys else []
        is_seat = office and _folded(words).startswith(SEAT_OFFICE)
        if names and words and not is_seat:
            yield line, names
        office = bool(words) and words[0].folded != "ministry"


def _is_prose(line: BodyLine) -> bool:
    text = line.text
    return line.listed or len(text) > LONGEST_SIGNATURE or text[:1].islower() or text.endswith(".")


def _names(text: str, lexicon: Lexicon) -> Names | None:
    """The agencies that `text` lists; None if it is anything but a list of names."""
    text = DATE.sub("", ASIDE.sub("", text)).rstrip(" .:*_")
    words = _words(text)
    keys: list[str] = []
    unknown: list[str] = []
    before = 0
    for key, start, end in _listed(words, lexicon):
        name = text[words[start].start : words[end - 1].end]
        if key:
            if not _is_seat(words, before, start, end):
                keys.append(key)
        elif not _is_name(words[start:end], name):
            return None
        elif not _is_division(words, end):
            unknown.append(name)
        before = start
    return Names(_once(keys), _once(unknown)) if keys or unknown else None


def _listed(words: Sequence[Word], lexicon: Lexicon) -> Iterator[tuple[str, int, int]]:
    """(key, start, end) of each name in a list of names; the key is "" for one that the lexicon does not
    hold."""
    start = _skip(words, 0, lexicon)
    while start < len(words):
        key, end = _known(words, start, lexicon)
        if not key:
            end = max(end, _unknown_end(words, start, lexicon))
        yield key, start, end
        start = _skip(words, end, lexicon)


def _skip(words: Sequence[Word], start: int, lexicon: Lexicon) -> int:
    """Past separators and articles, and past "Singapore's" where a name follows it."""
    while start < len(words) and words[start].folded in BETWEEN_NAMES:
        start += 1
    if start + 1 < len(words) and words[start].folded in {"singapore", "singapore's"}:
        qualifies = lexicon.match(words, start + 1).key and not lexicon.match(words, start).key
        return start + 1 if qualifies else start
    return start


def _known(words: Sequence[Word], start: int, lexicon: Lexicon) -> tuple[str, int]:
    """The agency named at `start` and where its name ends; ("", end) for another state's namesake."""
    key, end = lexicon.match(words, start)
    if not key:
        return "", start
    country, after = _country(words, end)
    if country and country != "singapore":
        return "", after
    end = after if country else end
    return (key, end) if end == len(words) or words[end].folded in SEPARATORS else ("", start)


def _country(words: Sequence[Word], start: int) -> tuple[str, int]:
    """The country that qualifies the name before `start`, and where it ends; ("", start) if none does."""
    at = start
    while at < len(words) and words[at].folded in {",", "of", "the", "republic"}:
        at += 1
    for size in (2, 1):
        country = _folded(words[at : at + size])
        closed = at + size >= len(words) or words[at + size].folded in SEPARATORS
        if closed and COUNTRY.fullmatch(country):
            return country, min(at + size, len(words))
    return "", start


def _unknown_end(words: Sequence[Word], start: int, lexicon: Lexicon) -> int:
    """Where an unknown name ends: at a comma, or at an "and" that a known name follows."""
    for at in range(start + 1, len(words)):
        word = words[at].folded
        if word in NAME_MARKS:
            return at
        if word in SEPARATORS and _known(words, _skip(words, at, lexicon), lexicon)[0]:
            return at
    return len(words)


def _is_name(words: Sequence[Word], name: str) -> bool:
    if len(words) > MOST_WORDS or NO_NAME.match(name) or not any(word.written[0].isupper() for word in words):
        return False
    return all(
        word.folded in SMALL_WORDS
        or not (word.written[0].islower() or word.written.isdigit() or "@" in word.written)
        for word in words
    )


def _is_seat(words: Sequence[Word], before: int, start: int, end: int) -> bool:
    """Whether the Prime Minister's Office is named by a bare comma, as where the office before it sits."""
    if start == 0 or words[start - 1].folded != "," or words[before].folded == "ministry":
        return False
    return _folded(words[start:end]).startswith(SEAT_OFFICE)


def _is_division(words: Sequence[Word], end: int) -> bool:
    """Whether the name before `end` is a part of the agency that a comma puts after it."""
    return end < len(words) and words[end].folded == "," and words[end - 1].folded in DIVISIONS


def _words(text: str) -> list[Word]:
    words = (Word(_fold(match[0]), match[0], match.start(), match.end()) for match in WORD.finditer(text))
    return [word for word in words if word.folded]


@lru_cache(10_000)
def _fold(word: str) -> str:
    if word == "&":
        return "and"
    return word.casefold().replace("’", "'").translate(DROPPED)


def _folded(words: Iterable[Word]) -> str:
    return " ".join(word.folded for word in words if word.folded not in NAME_MARKS)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
