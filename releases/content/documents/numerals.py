"""Numbers as lists write them: 3, c, iii, third."""

_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_CARDINALS = "Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve".split()
_ORDINALS = "Zeroth First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Twelfth".split()
_HAN = "〇一二三四五六七八九十"
_NAMES = {
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "decimal-leading-zero": "decimalZero",
    "chineseCounting": "ideographDigital",
    "chineseCountingThousand": "ideographDigital",
    "japaneseCounting": "ideographDigital",
    "cjk-ideographic": "ideographDigital",
}
_WORDS = {"cardinalText": _CARDINALS, "ordinalText": _ORDINALS, "ideographDigital": _HAN}


def write_numeral(number: int, kind: str) -> str:
    """A number in a kind of CSS (lower-roman) or of Word (lowerRoman); in figures where the kind is another."""
    kind = _NAMES.get(kind, kind)
    words = _WORDS.get(kind, "")
    if 0 <= number < len(words):
        return words[number]
    write = _WRITERS.get(kind, str)
    written = write(number) if number > 0 else str(number)
    return written.upper() if kind.startswith("upper") else written


def _write_letters(number: int) -> str:
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)


def write_ordinal(number: int) -> str:
    """1st, 2nd, 11th"""
    is_teen = 10 < number % 100 < 14
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}th" if is_teen else f"{number}{ending}"


def _write_roman(number: int) -> str:
    written = "m" * (number // 4000 * 4)
    number %= 4000
    for value, letters in _ROMAN:
        written += letters * (number // value)
        number %= value
    return written


_WRITERS = {
    "lowerLetter": _write_letters,
    "upperLetter": _write_letters,
    "lowerRoman": _write_roman,
    "upperRoman": _write_roman,
    "ordinal": write_ordinal,
    "decimalZero": "{:02}".format,
}
