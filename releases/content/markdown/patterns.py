"""Shapes of lines that several kinds of block look for. White space is ASCII only: a no-break space is
text."""

import re

NAME = r"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?"
INDENT = r"[ ]{0,3}"
ATTRIBUTE_LIST = r"\{:(?![:/}])([^}\\\n]{0,500}+(?:\\\}?[^}\\\n]{0,500}+){0,20}+)\}"
ATTRIBUTE_LINE = rf"{INDENT}{ATTRIBUTE_LIST}[ \t\r\f\v]*\n"
BOUNDARY_LINE = r"\^[ \t\r\f\v]*\n"

SPAN_TAGS = frozenset(
    "a abbr acronym b bdo big br button cite code del dfn em i img input ins kbd label mark option q rb rbc rp rt rtc"
    " ruby samp select small span strong sub sup tt u var".split()
)
BLOCK_TAGS = frozenset(
    "address applet article aside blockquote body caption col colgroup dd div dl dt fieldset figcaption footer form h1 h2"
    " h3 h4 h5 h6 head header hgroup hr html iframe legend li main map menu nav ol optgroup p pre section summary table"
    " tbody td tfoot th thead tr ul".split()
)
PARSED_TAGS = frozenset(
    "a abbr acronym b bdo big button cite del dfn em i ins label q rb rbc rp rt rtc ruby select small span strong sub sup"
    " tt details figure noscript object".split()
)
# What `markdown="1"` makes of the text inside; the text inside other tags stays as it is.
HOLD_BLOCKS = frozenset(
    "address article aside blockquote body dd details div dl fieldset figcaption figure footer form header hgroup iframe"
    " li main map menu nav noscript object section summary td".split()
)
HOLD_SPANS = SPAN_TAGS | frozenset("caption dt h1 h2 h3 h4 h5 h6 label legend p th".split())
VOID_TAGS = frozenset(
    "area base br col command embed hr img input keygen link meta param source track wbr".split()
)

STAYS_IN_PARAGRAPH = "|".join(sorted(SPAN_TAGS | {"script"}))
# In small letters only: to kramdown <BR> is no tag that stays in its paragraph.
TAG_LINE = rf"{INDENT}</?(?!(?:{STAYS_IN_PARAGRAPH})\b)[A-Za-z_]"
LIST_LINE = rf"{INDENT}(?:[+*-]|\d{{1,9}}\.)[\t |]"

BOUNDARY = re.compile(BOUNDARY_LINE)
BLANK = re.compile(r"(?:[ \t\r\f\v]*\n)+")
BLOCK_END = re.compile(rf"[ \t\r\f\v]*\n|{ATTRIBUTE_LINE}|{BOUNDARY_LINE}|{TAG_LINE}|\Z", re.ASCII)
PARAGRAPH_END = re.compile(
    rf"[ \t\r\f\v]*(?:\n|\Z)|{ATTRIBUTE_LINE}|{BOUNDARY_LINE}|{TAG_LINE}|{LIST_LINE}|{INDENT}:[\t ]|{INDENT}>"
    rf"|\#{{1,6}}[\t ]+[^ \t\n]|{INDENT}(?:`{{3}}|~{{3}})",
    re.ASCII,
)
BEFORE_BOUNDARY = re.compile(rf"[ \t\r\f\v]*\n|{BOUNDARY_LINE}|{ATTRIBUTE_LINE}|\Z", re.ASCII)
ATTRIBUTE_BLOCK = re.compile(ATTRIBUTE_LINE, re.ASCII)
RULE = re.compile(
    rf"{INDENT}(?:\*[ \t]*\*[ \t]*\*[ \t*]*|-[ \t]*-[ \t]*-[ \t-]*|_[ \t]*_[ \t]*_[ \t_]*)\n", re.ASCII
)
INDENTED = re.compile(r"\t| {4}")
CODE = re.compile(
    rf"(?:(?:[ \t\r\f\v]*\n)*(?:(?:\t|[ ]{{4}})[ \t]*[^ \t\n][^\n]*\n)+"
    rf"(?:(?!{ATTRIBUTE_LINE}|{BOUNDARY_LINE}|{TAG_LINE})[ \t]*[^ \t\n][^\n]*\n)*)+",
    re.ASCII,
)
