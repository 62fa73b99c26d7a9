"""Pages as tests compare them: how a template is broken into lines is nothing that a reader sees."""

import re
from collections import Counter
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
PHRASES = frozenset(
    "a abbr b bdi bdo cite code data del dfn em i ins kbd label mark q s samp small span strong sub sup time u var".split()
)
FLOW_MAY_STAND_IN = frozenset(("a", "del", "ins"))
FLOW = frozenset(
    "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav"
    " ol p pre section table ul".split()
)
PARENTS = {
    "li": {"ol", "ul"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "tr": {"table", "thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
    "caption": {"table"},
    "figcaption": {"figure"},
    "summary": {"details"},
    "option": {"select", "optgroup", "datalist"},
}


def tidy(response):
    """The page of a response in one line, without the white space at the edges of tags and elements."""
    page = re.sub(r"\s+", " ", response.content.decode())
    page = re.sub(r" (>|</)", r"\1", page)
    return re.sub(r"(<[a-z][^<>]*>) ", r"\1", page)


def structure_problems(page):
    """What is wrong by the rules of HTML in the source of a page: elements that are not closed, or stand where
    they may not, and addresses that come twice or that nothing has."""
    reader = _Structure()
    reader.feed(page)
    reader.close()
    ids = Counter(reader.ids)
    problems = reader.problems + [f"never closed: {name}" for name in reader.open]
    problems += [f"{count} of #{name}" for name, count in ids.items() if count > 1]
    return problems + [f"nothing is #{name}" for name in sorted(reader.wanted - set(ids))]


class _Structure(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.problems, self.wanted = [], [], [], set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if len(given) < len(attrs):
            self.problems.append(f"an attribute twice: {tag}")
        self.ids += [given["id"]] if "id" in given else []
        for name in ("aria-labelledby", "aria-describedby", "for"):
            self.wanted |= set((given.get(name) or "").split())
        self._place(tag)
        if tag not in VOID:
            self.open.append(tag)

    def _place(self, tag):
        parent = self.open[-1] if self.open else ""
        if tag in PARENTS and parent not in PARENTS[tag]:
            self.problems.append(f"{tag} in {parent}")
        if parent in ("ol", "ul") and tag != "li":
            self.problems.append(f"{tag} in {parent}")
        if tag == "a" and "a" in self.open:
            self.problems.append("a link in a link")
        around = next((name for name in reversed(self.open) if name not in FLOW_MAY_STAND_IN), "")
        if tag in FLOW and (around in PHRASES or around in ("p", "h1", "h2", "h3", "h4", "h5", "h6")):
            self.problems.append(f"{tag} in {around}")

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag not in VOID:
            self.problems.append(f"</{tag}> in {self.open[-1] if self.open else ''}")
