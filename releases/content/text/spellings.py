"""Words that are written in more than one way: British and American, with other letters, with marks that
nobody types. Each is written here in one way, for comparison only.

The endings are those that British and American dictionaries differ in; a word that they make out of another by
mistake ("prize", "prise") costs nothing, since texts and what readers type are written alike.
"""

import re
import unicodedata

LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
        "ı": "i",
        "ŧ": "t",
        "ŋ": "n",
        "ى": "ي",
        "ة": "ه",
    }
)
"""Letters that Unicode does not take apart, and what people type for them."""

INVISIBLE = "\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
"""What has no width of its own, as in a class of a regular expression: soft hyphens, joiners, marks of direction."""

ARABIC_MARKS = "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
"""Vowel signs, and the stroke that stretches a word."""

COMBINING = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
"""Accents that stand behind their letter."""

_DROPPED = re.compile(f"[{COMBINING}{INVISIBLE}{ARABIC_MARKS}]")
_ENDINGS = (
    (re.compile(r"(?<=[a-z]{3})i[zs]ation(al|s|)$"), r"isation\1"),
    (re.compile(r"(?<=[a-z]{2}[a-z])iz(e[srd]?|ing|ers|able)$"), r"is\1"),
    (re.compile(r"(?<=al)yz(e[srd]?|ing|ers)$"), r"ys\1"),
    (re.compile(r"(?<=[a-z]{3})our(s|ed|ing|able|ite|ites|ful|al|hood|hoods|ly|ist|er|ers|)$"), r"or\1"),
    (re.compile(r"(?<=[a-z][bcnt])re(s|d|)$"), r"er\1"),
    (re.compile(r"(?<=(?:al|ol|on))ogue(s|d|)$"), r"og\1"),
    (re.compile(r"(?<=(?:def|off|lic|ret))ence(s|d|)$"), r"ense\1"),
    (re.compile(r"^programme(s|d|)$"), r"program\1"),
    (re.compile(r"(?<=practi)s(e|es|ed|ing)$"), r"c\1"),
    (re.compile(r"(?<=(?:judg|ledg))ement(s|al|)$"), r"ment\1"),
    (re.compile(r"^(p|orthop|encyclop)aed"), r"\1ed"),
    (re.compile(r"^(an|h|leuk)aem"), r"\1em"),
    (re.compile(r"^(an)aes|^(gyn)aec"), lambda found: f"{found[1]}es" if found[1] else f"{found[2]}ec"),
)
_DOUBLED = re.compile(
    r"^(cancel|travel|model|label|level|counsel|channel|fuel|signal|total|dial|rival|marvel|quarrel|tunnel|panel|enrol"
    r"|fulfil|instal|distil|jewel|pencil|initial|focus|bias|benefit|target|budget|worship|program)(?<=(.))\2"
    r"(?=(?:ed|e[sd]|ing|ers?|ors?|ments?|ations?|s|)$)"
)
_TELLING = re.compile(r"[iy]z|our|[bcnt]re|ogue|ence|programme|practis|dgement|ae|ll|ss|tt|pp|mm")
"""What each word has that an ending or a double letter is changed of: to look for this first takes less."""
_IRREGULAR = {
    "aging": "ageing",
    "amidst": "amid",
    "amongst": "among",
    "aluminum": "aluminium",
    "artefact": "artifact",
    "artefacts": "artifacts",
    "enroll": "enrol",
    "fulfill": "fulfil",
    "grey": "gray",
    "jewellery": "jewelry",
    "learnt": "learned",
    "maneuver": "manoeuvre",
    "maneuvers": "manoeuvres",
    "instill": "instil",
    "mould": "mold",
    "plough": "plow",
    "sceptical": "skeptical",
    "skillful": "skilful",
    "sulphur": "sulfur",
    "tyre": "tire",
    "tyres": "tires",
    "whilst": "while",
}


def fold_letters(word: str) -> str:
    """A word without case, accents, marks and what is invisible, its letters those of a keyboard."""
    taken_apart = unicodedata.normalize("NFKD", word).casefold()
    plain = _DROPPED.sub("", taken_apart).translate(LETTERS)
    return unicodedata.normalize("NFC", plain)


def unify_spelling(word: str) -> str:
    """A word of `fold_letters` in one of its spellings: "organisation" for "organization", "center" for
    "centre"."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not _TELLING.search(word):
        return word
    word = _DOUBLED.sub(r"\1", word)
    for ending, one in _ENDINGS:
        word, changed = ending.subn(one, word)
        if changed:
            break
    return word
