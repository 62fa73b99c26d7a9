"""What a text is to its readers: a press release, a speech, a reply. By its title and its opening words, else by
the section that it stands in."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from releases.content.text.markup import cut_opening, plain_text

VERSION = 4
"""Of the rules, raised with each change that makes another kind of some text."""
KINDS = {
    "press-release": "Press release",
    "speech": "Speech",
    "oral-reply": "Oral parliamentary reply",
    "written-reply": "Written parliamentary reply",
    "parliamentary-reply": "Parliamentary reply",
    "forum-reply": "Forum reply",
    "statement": "Statement",
    "factsheet": "Factsheet",
    "consultation": "Public consultation",
    "notice": "Notice",
    "newsletter": "Newsletter",
    "publication": "Publication",
    "release": "Release",
}
"""Each kind with its English name. A parliamentary reply is one of which nothing says how it was given; a release
is what no rule knows and no section tells."""
OPENING_LENGTH = 4_000
"""Of the HTML that is read, in characters; of its words, OPENING_WORDS characters."""
OPENING_WORDS = 700
SECTION = "section"
"""The name of the rule that asks where a text stands."""


class FoundKind(NamedTuple):
    """One of KINDS, and the name of the rule that found it."""

    kind: str
    rule: str


class KindRule(NamedTuple):
    """`title` and `opening` are looked for in the words of either, and `reply` in all that is read, where they
    are not None; one of them is enough. In sections of the kinds in `but_in` the rule says nothing."""

    name: str
    kind: str
    title: re.Pattern[str] | None = None
    opening: re.Pattern[str] | None = None
    but_in: tuple[str, ...] = ()
    reply: re.Pattern[str] | None = None


def _any_case(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


def _under_answer(manner: str) -> re.Pattern[str]:
    """A reply of this manner under the heading "Answer": a capital that is looked for takes less than any case."""
    return re.compile(rf"A(?:nswer|NSWER)\W+(?i: {manner} \s+ {_REPLY} \s+ by \b)", re.VERBOSE)


_BEGINS = r"^[\W_]*"
_QUESTION = r"(?: (?:parliamentary\s+)? questions? | PQs? )"
_REPLY = r"(?: repl(?:y|ies) | respon[sc]es? | reponse | answers? )"
_SPOKEN = r"(?: speech | remarks | address | keynote | intervention | eulogy | toast | lecture | dialogue )"
_WHEN = r"(?: opening | closing | welcome | welcoming | keynote | wrap[\s-]*up | introductory | concluding | special )"
_OFFICIAL = r"(?: joint | media | press | public | official | ministerial )"
_ADDRESSED = (
    r"(?: dear \s+ )? (?: friends | colleagues | excellencies | comrades | delegates | students | graduates | partners )"
    r" (?: ,? \s+ (?: and \s+ )? (?: friends | colleagues | partners | guests ) )* \s* [,!.:] (?! \s+ and \b )"
    r" | (?: mr | mdm | madam | chair ) (?: \s+ \w+ )? \s* ,? \s* (?: I \s+ (?: beg | move | thank ) | thank \s+ you ) \b | sir \s* , \s+ I \b"
    r" | (?: hello | selamat \s+ (?: pagi | petang | sejahtera ) | assalamualaikum | vanakkam | namaste | kia \s+ ora | bula | dia \s+ dh(?: ao | aoi ) | bonjour ) \b"
    r" | 各位 | 大家 | 尊敬的"
)
"""Whom a speech turns to before it says anything."""
_NAMED = r"(?-i: [A-Z][\w.'’-]* (?: \s+ (?: [A-Z(][\w.'’()-]* | of | and | for | the | to ) )* \s* , \s* )"
_THANKS = (
    r"(?: thank \s+ you ,? \s+ (?: (?: very \s+ much ,? \s+ )? (?: \w+ ,? \s+ ){0,6}? for \s+ (?: inviting | having | joining | that | your | the \s+ (?: kind | warm | opportunity | invitation ) )"
    r" | (?: mr | mdm | madam | chair | minister | president | prime ) ) )"
)
_GLAD = (
    r"(?: (?: it \s+ is | it ['’]s | what ) \s+ (?: truly \s+ | indeed \s+ )? (?: an? | my | our ) \s+ (?: (?: great | real | distinct | immense | special ) \s+ )?"
    r" (?: pleasure | honou?r | privilege | delight | joy ) \s+ (?: for \s+ me \s+ )? to"
    r" | I (?: \s+ am | ['’]m ) \s+ (?: very \s+ | so \s+ | really \s+ | deeply \s+ | truly \s+ )? (?: delighted | pleased | honou?red | happy | glad | privileged | thrilled )"
    r" (?: \s+ and \s+ \w+ )? \s+ to \s+ (?: be | join | welcome | speak | address | open | launch | see ) )"
)
_BEGUN = r"(?: launched | introduced | established | set \s+ up | piloted | started )"
_SCHEME = r"(?: (?: master | action \s+ )? plan | blueprint | roadmap | strategy | toolkit | fund | hub | programme | program | initiative | scheme | platform | portal | framework | grant | service | tool )"

RULES = (
    KindRule(
        "answered-orally",
        "oral-reply",
        _any_case(
            rf"\b oral \s+ (?: parliamentary \s+ )? (?: {_REPLY} | PQs? | questions? ) \b | \b PQ \s+ oral \b | 口头答复 | \b jawapan \s+ lisan \b"
        ),
        _any_case(rf"\b {_QUESTION} \s+ for \s+ oral \s+ answer \b | {_BEGINS} oral \s+ {_REPLY} \b"),
        reply=_under_answer("oral"),
    ),
    KindRule(
        "answered-in-writing",
        "written-reply",
        _any_case(
            rf"\b written \s+ (?: parliamentary \s+ )? (?: {_REPLY} | PQs? | questions? ) \b | \b PQ \s+ written \b | 书面答复 | \b jawapan \s+ bertulis \b"
        ),
        _any_case(
            rf"\b {_QUESTION} \s+ for \s+ written \s+ answer \b | {_BEGINS} written \s+ {_REPLY} \b"
            r" | \b in \s+ a \s+ written \s+ reply \s+ (?: in | to ) \s+ (?: the \s+ )? (?: Lok | Rajya | House | Parliament | Senate )"
        ),
        reply=_under_answer("written"),
    ),
    KindRule(
        "speech-in-parliament",
        "speech",
        _any_case(
            rf"\b (?: {_REPLY} \s+ (?: by \b .* \b (?: debate | motion ) | to \b .* \b motion )"
            rf" | {_SPOKEN} \b .* \b (?: second | 2nd ) \s+ reading )"
        ),
    ),
    KindRule(
        "question-in-parliament",
        "parliamentary-reply",
        _any_case(
            rf"\b PQ \s+ {_REPLY} \b | \b {_REPLY} \s+ to \s+ (?: the \s+ )? (?: parliamentary \s+ questions? | PQs? ) \b"
            rf" | {_BEGINS} parliamentary \s+ (?: {_QUESTION} | questions? | {_REPLY} | PQs? ) \b | {_BEGINS} PQ \s* (?: \d | [:–-] )"
            rf" | \b {_REPLY} \s+ to \s+ (?: the \s+ )? (?: (?: un )? starred | dáil | oireachtas | seanad | lok \s+ sabha | rajya \s+ sabha ) \b"
            r" | 国会答复 | \b jawapan \s+ parlimen \b"
        ),
        _any_case(
            r"\b (?: to \s+ ask | asked ) \s+ the \s+"
            r" (?: (?: deputy \s+ )? prime \s+ minister | (?: coordinating \s+ | senior \s+ )? minister ) \b"
        ),
    ),
    KindRule(
        "reply-to-the-press",
        "forum-reply",
        _any_case(
            rf"\b forum \s+ (?: {_REPLY} | letter ) \b | \b {_REPLY} \s+ to \b .* \b forum \b (?! \s+ (?:on|for) )"
            rf" | {_BEGINS} (?: letter | {_REPLY} ) \s+ to \s+ (?: the \s+ )? editor \b | \b {_REPLY} \s+ to \s+ (?: \w+ \s+ )? letters? \b"
            rf" | {_BEGINS} right \s+ of \s+ reply \b"
        ),
        _any_case(
            rf"{_BEGINS} forum \s+ (?: {_REPLY} | letter ) \b"
            r" | \b we \s+ (?: refer \s+ to | thank ) \b .{0,120} \b (?: letters? | forum )"
            r" (?! \s+ of \s+ (?: intent | appointment ) ) \b"
        ),
        but_in=("speech",),
    ),
    KindRule(
        "factsheet",
        "factsheet",
        _any_case(
            rf"\b (?: fact | info (?: rmation )? ) \s* -? sheet \b | \b backgrounder \b"
            rf" | {_BEGINS} (?: background \s+ (?: note | paper | information ) | explainer | infographics? | (?: key | quick | fast ) \s+ facts"
            r" | facts \s+ (?: and | & ) \s+ figures | FAQs? | frequently \s+ asked \s+ questions"
            r" | (?: Q \s* & \s* As? | questions \s+ and \s+ answers ) (?= \s* (?: on | about | [:–-] ) ) ) \b"
            r" | ^ annex (?: es )? (?: \s+ [A-Z\d] )? \s* [:–—-] | \b (?: infographics? | Q \s* & \s* As? ) \W* $ | \b what \s+ you \s+ need \s+ to \s+ know \b"
            r" | \b (?: at \s+ a \s+ glance | explained | FAQs? | frequently \s+ asked \s+ questions ) \W* $"
        ),
        _any_case(
            rf"{_BEGINS} (?: (?: annex \s \w \W+ )? fact \s* -? sheet | backgrounder | quick \s+ facts | key \s+ (?: features | facts ) | what \s+ (?: is | are ) \b .{{2,60}}? (?= \s* \? ) | frequently \s+ asked \s+ questions | overview | background | about \s+ the ) \b"
        ),
        but_in=("speech", "parliamentary-reply"),
    ),
    KindRule(
        "consultation-itself",
        "consultation",
        _any_case(
            rf"{_BEGINS} (?! .* \b (?: opens | begins | starts | launched | closes | ends | extended ) \b )"
            r" (?: (?: public \s+ )? consultation \s+ (?: paper | exercise | on | for | to )"
            r" | closing \s+ note \b | (?: summary \s+ of \s+ )? (?: responses? | feedback ) \b .* \b consultation"
            r" | (?: invitation \s+ to \s+ comment | (?: request | call ) \s+ for \s+ (?: public \s+ )? (?: feedback | comments ) ) \b )"
            r" | \b (?: seeks? | seeking | invites? ) \s+ (?: public \s+ )? (?: feedback | views | comments ) \s+ on \b"
            rf" | {_BEGINS} (?: have \s+ your \s+ say | call \s+ for \s+ (?: evidence | submissions | views | input ) | discussion \s+ paper"
            r" | request \s+ for \s+ (?: public \s+ )? (?: information | input | views | submissions ) | green \s+ paper"
            r" | (?: public \s+ )? (?: views | comments | submissions | feedback ) \s+ (?: are \s+ )? (?: sought | invited ) ) \b"
            r" | \b (?: public | online | targeted ) \s+ consultation \s* $"
            r" | 公众咨询 | \b konsultasi \s+ awam \b"
        ),
        but_in=("speech",),
    ),
    KindRule(
        "spoken",
        "speech",
        _any_case(
            rf"\b {_WHEN} \s+ {_SPOKEN} \b | \b {_SPOKEN} \s+ (?: delivered \s+ )? (?: by | at | for | during ) \b"
            r" | \w ['’]s \s+ (?: comments | views | interview ) \s+ (?: at | on ) \b"
            rf" | (?<! hate \s) (?<! free \s) (?<! deliver \s) (?<! \b a \s) \b (?: speech | remarks | lecture | toast | eulogy | intervention ) (?: \s+ (?: to | in | on | from ) \b | \s* [:–—] )"
            r" | \b address \s+ to \s+ (?: the \s+ )? (?: \w+ \s+ ){0,3}? (?: nation | people | house | senate | parliament | congress | assembly | council | conference | chamber | institute | association | forum | summit ) \b"
            rf" | \w ['’]s \s+ (?: {_WHEN} \s+ )? (?<! addendum \s to \s the \s president ['’]s \s ) (?: speech | address | remarks | toast | eulogy | lecture ) \b"
            r" | [(\[] \s* (?: speech | remarks | transcript | speaking \s+ notes ) \s* [)\]] | [:–—-] \s* (?: speech | remarks | transcript ) $"
            rf" | {_BEGINS} (?: doorstop | press \s+ conference | (?: \w+ \s+ ){{0,2}}? (?: interview | fireside \s+ chat ) \s+ (?: with | on | at ) | speaking \s+ (?: notes | points )"
            r" | transcript | speech | keynote | (?: video \s+ )? message \s+ (?: by | from ) | vote \s+ of \s+ thanks | opening \s+ statement | national \s+ day \s+ message"
            r" | (?: second | 2nd | third ) \s+ reading | maiden \s+ speech ) \b"
            r" | \b (?: doorstop | doorstep ) (?: \s+ (?: interview | remarks ) )? \b | \b (?: text | rendering ) \s+ of \b .* \b (?: address | speech | remarks ) \b"
            r" | \b speaking \s+ (?: notes | points ) \b"
            rf" | \b transcript \s+ of \b | 演讲 | 致辞 | 讲话 | 献词 | {_BEGINS} ucapan \b | உரை $"
        ),
        _any_case(
            rf"{_BEGINS} (?: (?: edited | full ) \s+ )? (?: transcript | text ) \s+ of \b | {_BEGINS} (?: check \s+ against \s+ delivery | E&OE | (?: edited | full ) \s+ transcript ) \b"
            r" | ^ .{0,120} \b (?: check \s+ against \s+ delivery | as \s+ delivered | as \s+ prepared \s+ for \s+ delivery ) \b"
            rf" | {_BEGINS} (?: {_WHEN} \s+ )? {_SPOKEN} \s+ (?: delivered \s+ )? by \b"
            rf" | ^ (?: \d+ \W+ )? (?: {_THANKS} | {_GLAD} ) \b"
            r" | ^ dialogue \s+ with \b | \b shared \s+ (?: his | her ) \s+ (?: views | thoughts ) \b"
        ),
    ),
    KindRule(
        "salutation",
        "speech",
        opening=_any_case(
            rf"^ (?: {_NAMED} ){{0,3}} (?: \d+ \W+ )? (?: {_ADDRESSED} )"
            r" | ^ .{0,250}? (?: \b good \s+ (?: morning | afternoon | evening ) \b"
            r" | \b ladies \s+ and \s+ gentlemen \b | \b (?: mr | mdm | madam ) \s+ (?: deputy \s+ )? (?: speaker | chair (?:man)? ) \s* ,? \s* (?: sir | , )"
            r" | \b (?: tēnā | tena ) \s+ koutou \b | \b a \s+ ch(?: a | á )irde \b | \b (?: dear | my ) \s+ fellow \s+ \w+ \b"
            r" | \b (?: honou?rable | fellow ) \s+ (?: ministers | members | delegates | colleagues | guests ) \b | \b mr \s+ president \s* , | \b I \s+ (?: would \s+ like \s+ to \s+ )? acknowledge \s+ the \s+ (?: traditional | country ) \b"
            r" | \b distinguished \s+ (?: guests | delegates | colleagues ) \b | \b your \s+ excellenc (?: y | ies ) \b )"
        ),
    ),
    KindRule(
        "says-where-it-stands",
        "statement",
        _any_case(
            rf"\b {_REPLY} \s+ to \s+ (?: the \s+ )? (?: media | press ) \b | \b media \s+ {_REPLY} \b"
            rf" | \b {_REPLY} \s+ to \b .* \b quer (?: y | ies ) \b"
            rf" | \b {_REPLY} \s+ to \s+ (?: the \s+ )?"
            r" (?: report | review | findings | recommendations | allegations? | claims? | article | commentary ) \b"
        ),
        _any_case(
            r"^ .{0,200} \b we \s+ (?: acknowledge | apologi[sz]e | accept \s+ the | regret | are \s+ (?: aware | saddened ) ) \b"
            r" | ^ .{0,120} \b in \s+ (?: response | reply ) \s+ to \s+ (?: media \s+ | press \s+ )? quer (?: y | ies ) \b"
        ),
        but_in=("speech",),
    ),
    KindRule(
        "statement",
        "statement",
        _any_case(
            rf"{_BEGINS} (?: {_OFFICIAL} \s+ )* statement \b (?! \s+ of \s+ (?: intent | account ) )"
            rf" | \b (?: {_OFFICIAL} | ministry ) (?: ['’]s )? \s+ (?: {_OFFICIAL} \s+ )* statement \s+ (?: on | by | from | regarding | in ) \b"
            r" | \b statement \s+ (?: on | by | from | regarding ) \b"
            r" | \b (?: minister | president | premier | taoiseach | secretary | government | ministry | department ) (?: ['’]s )? \s+ statement \b (?! \s+ of )"
            rf" | {_BEGINS} (?: joint \s+ )? (?: communiqu [eé] | open \s+ letter | clarification | message \s+ of \s+ condolence | condolence ) (?! \w )"
            rf" | {_BEGINS} (?: {_OFFICIAL} \s+ )* (?: comment | comments ) \s+ (?: by | from | on ) \b | \b joint \s+ communiqu [eé] (?! \w )"
            r" | \b addendum \s+ to \s+ the \s+ president"
            r" | 声明 | \b kenyataan \s+ (?: media | akhbar | bersama ) \b"
        ),
        _any_case(
            rf"{_BEGINS} (?: {_OFFICIAL} \s+ )+ statement \b | ^ summary \s+ of \b .* \b by \s+ (?: the \s+ )? (?: co- )? chair \b"
        ),
        but_in=("speech",),
    ),
    KindRule(
        "notice",
        "notice",
        _any_case(
            rf"{_BEGINS} (?: {_OFFICIAL} \s+ | travel \s+ | scam \s+ | gazette \s+ | health \s+ | safety \s+ | weather \s+ | traffic \s+ | service \s+ | tender \s+ | recall \s+ )* (?: advisory | notice | notification | alert | circular ) \b"
            rf" | {_BEGINS} (?: road | office | temporary | scheduled | planned ) \s+ (?: closures? | maintenance | service \s+ disruption ) \b"
            rf" | {_BEGINS} (?: corrigendum | erratum | invitation \s+ to \s+ (?: tender | bid | quote ) | request \s+ for \s+ (?: proposals? | quotations? ) ) \b"
            r" | \b (?: media | public | scam | joint | travel | health | safety ) \s+ (?: advisory | notice | alert ) \b | 通告 | 公告 | \b notis \b"
        ),
        _any_case(rf"{_BEGINS} (?: {_OFFICIAL} \s+ )+ (?: advisory | notice ) \b"),
        but_in=("speech",),
    ),
    KindRule(
        "describes-a-scheme",
        "factsheet",
        opening=_any_case(
            r"^ \s* 1 [.)] \s (?! .* \b (?: today | yesterday ) \b ) .{0,600}?"
            rf" (?: \b was \s+ (?: first \s+ )? {_BEGUN} \s+ in \b .{{0,20}}? \b (?:19|20)\d\d \b"
            rf" | \b is \s+ an? \s+ (?: [\w$.-]+ \s+ ){{0,4}}? {_SCHEME} \b )"
            rf" | ^ (?! .{{0,300}} \b (?: today | yesterday | announced | launched | unveiled ) \b ) [^.?!]{{0,120}}? \s is \s+ an? \s+ (?: [\w$-]+ (?: \.\d+ )? \s+ ){{0,4}} {_SCHEME} \b"
            r" | ^ \s* (?: 1 [.)] \s+ )? at \s+ (?: its \s+ | the \s+ )? (?: COS | committee \s+ of \s+ supply ) \b .{0,120} \b announced \b"
        ),
        but_in=tuple(kind for kind in KINDS if kind != "press-release"),
    ),
    KindRule(
        "says-press-release",
        "press-release",
        _any_case(
            rf"{_BEGINS} (?: joint \s+ )? (?: press | media | news ) \s+ release \b | 新闻稿 | \b siaran \s+ (?: akhbar | media ) \b"
        ),
        _any_case(
            rf"{_BEGINS} (?: (?: joint \s+ )? (?: press | media | news ) \s+ release \b | for \s+ immediate \s+ release \b )"
        ),
    ),
)
_SECTIONS = {
    "press": "press-release",
    "media release": "press-release",
    "news release": "press-release",
    "speech": "speech",
    "oral repl": "oral-reply",
    "written repl": "written-reply",
    "parliament": "parliamentary-reply",
    "forum": "forum-reply",
    "repl": "forum-reply",
    "consultation": "consultation",
    "newsletter": "newsletter",
    "factsheet": "factsheet",
    "statement": "statement",
    "announcement": "notice",
    "advisor": "notice",
    "notice": "notice",
    "publication": "publication",
    "report": "publication",
}


def find_kind(title: str, body_html: str, section_kind: str) -> FoundKind:
    """What a text is, by the first of RULES that its title or its first words meet, else the kind of its section.

    `body_html` may be cut. A press release that tells of a speech or of a consultation is a press release.
    """
    words = plain_text(cut_opening(body_html, OPENING_LENGTH))
    opening = words[:OPENING_WORDS].removeprefix(title)
    for rule in RULES:
        places = ((rule.title, title), (rule.opening, opening), (rule.reply, words))
        if section_kind not in rule.but_in and any(one and one.search(text) for one, text in places):
            return FoundKind(rule.kind, rule.name)
    return FoundKind(section_kind, SECTION)


def find_section_kind(names: Iterable[str]) -> str:
    """The kind of most texts of a section, by what it and its folder are called: the first word known in any of them."""
    words = " ".join(names).lower().replace("-", " ")
    return next((kind for part, kind in _SECTIONS.items() if part in words), "release")
